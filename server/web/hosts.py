"""By which names and addresses this machine is reached."""

from __future__ import annotations

import ipaddress
import socket
from functools import cache
from typing import Any

from litestar import Request

from server.settings import Settings
from server.web.certificates import PRIVATE

DOCUMENTATION = "192.0.2.1"
"""An address that leads outside and belongs to nobody (RFC 5737)."""


@cache
def own_names() -> list[str]:
    """Give them, the likeliest first: the address that leads outside, other private ones, HOST.local, this machine."""
    host = socket.gethostname().split(".")[0].lower() or "pickwave"
    found = dict.fromkeys((_outward(), *_addresses(host)))
    fourth = [address for address in found if _is_private(address) and ":" not in address]
    sixth = [address for address in found if _is_private(address) and ":" in address]
    return [*fourth, f"{host}.local", *sixth, "localhost", "127.0.0.1"]


def _is_private(address: str) -> bool:
    """Tell whether an address is one of a house's own network, and not the machine's own loop."""
    if not address:
        return False
    parsed = ipaddress.ip_address(address)
    return not parsed.is_loopback and any(parsed in network for network in PRIVATE)


def _addresses(host: str) -> list[str]:
    try:
        return [str(info[4][0]).partition("%")[0] for info in socket.getaddrinfo(host, None)]
    except OSError:
        return []


def _outward() -> str:
    """Give the address of the interface that leads outside; no packet is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((DOCUMENTATION, 9))
        except OSError:
            return ""
        return str(probe.getsockname()[0])


def provide_entrance(request: Request[Any, Any, Any], settings: Settings) -> str:
    """Give where a phone that joins goes: the joining page where it must first trust our own authority, else the app.

    By the address that is printed at the start, mostly a number: to a name that they know as the app's, browsers refuse
    to speak without TLS (RFC 6797).
    """
    if settings.tls == "off" or settings.tls_certificate or not settings.http_port:
        return f"{request.url.scheme}://{request.url.netloc}/"
    host = (settings.names or own_names())[0]
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.http_port}/"
