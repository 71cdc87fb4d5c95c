"""The channels that orders come from: a new one is one file beside this and one row here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import msgspec

from server.kernel.refusal import Refusal
from server.orders.channels import csv, shopify, woocommerce
from server.orders.incoming import Incoming, Parsed

JsonParser = Callable[[bytes, str], tuple[Incoming, ...]]


class Channel(msgspec.Struct, frozen=True):
    """How a channel is read.

    `read(lines, channel)` reads a file, opened as bytes, and streams what is in it. Where there are
    webhooks, `parse(body, channel)` reads one, `kind(body)` tells what it is, and
    `verify(secret, body, signature)` judges the header named `header`.
    """

    read: Callable[[Iterable[bytes], str], Parsed]
    parse: JsonParser | None = None
    kind: Callable[[bytes], str] | None = None
    verify: Callable[[str, bytes, str], bool] | None = None
    header: str = ""


def _whole(parse: JsonParser) -> Callable[[Iterable[bytes], str], Parsed]:
    """Read a JSON file in one piece."""

    def read(lines: Iterable[bytes], channel: str) -> Iterator[Incoming]:
        yield from parse(b"".join(lines), channel)

    return read


CHANNELS: dict[str, Channel] = {
    "csv": Channel(csv.read),
    "shopify": Channel(_whole(shopify.parse), shopify.parse, shopify.kind, shopify.verify, shopify.HEADER),
    "woocommerce": Channel(
        _whole(woocommerce.parse), woocommerce.parse, woocommerce.kind, woocommerce.verify, woocommerce.HEADER
    ),
}


def channel(name: str) -> Channel:
    """Give the channel of that name; Refusal `not_found` where there is none."""
    found = CHANNELS.get(name)
    if found is None:
        raise Refusal("not_found", channel=name)
    return found
