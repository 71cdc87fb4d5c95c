"""Where a channel may be told of things: an admin's URL must not make this server speak to itself or to its cloud."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from urllib.parse import urlsplit

from server.kernel.refusal import Refusal

PORTS = {"https": 443, "http": 80}


def require_sound(url: str) -> None:
    """Refuse what is no http(s) address of another machine: `bad_value`. Names are looked up when something is sent."""
    try:
        parts = urlsplit(url)
        named = parts.scheme in PORTS and parts.hostname and parts.username is None and parts.port != 0
    except ValueError:
        named = False
    if not named or _is_own(str(parts.hostname)):
        raise Refusal("bad_value", what="url", value=url[:200])


async def require_elsewhere(url: str) -> None:
    """Refuse a name that leads to this machine, or to where clouds keep a machine's secrets: `bad_value`.

    An address written out was judged when it was set; a name that cannot be looked up is the sender's to report.
    """
    parts = urlsplit(url)
    host, port = parts.hostname or "", parts.port or PORTS.get(parts.scheme, 0)
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError:
        return
    addresses = {str(info[4][0]) for info in found} - {host}
    if any(_is_own(address) for address in addresses):
        raise Refusal("bad_value", what="url", value=url[:200], leads_to=", ".join(sorted(addresses)))


def _is_own(host: str) -> bool:
    """Tell whether a host is this machine, a neighbour on the wire without an address, or nobody."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".internal")) or host.replace(".", "").isdigit()
    mapped = getattr(address, "ipv4_mapped", None) or address
    kinds = (mapped.is_loopback, mapped.is_link_local, mapped.is_unspecified, mapped.is_multicast, mapped.is_reserved)
    return any(kinds)
