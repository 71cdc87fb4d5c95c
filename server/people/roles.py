"""What people may do: permissions, roles as sets of them, and who may give them to whom. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from server.kernel.actor import Actor
from server.kernel.refusal import Refusal

PERMISSIONS: Final[dict[str, str]] = {
    "signed_in": "is somebody known",
    "pick": "walks tasks and picks",
    "pack": "packs, weighs, prints labels",
    "weigh_keyed": "types a weight instead of reading it from a scale",
    "weigh_accept": "accepts a weight outside its tolerance",
    "ship": "loads parcels and closes manifests",
    "receive": "books goods in",
    "count": "counts bins",
    "stock": "adjusts stock, products and places",
    "supervise": "plans waves, assigns tasks, enrols and revokes devices",
    "office": "reads and changes orders and payments",
    "admin": "makes users, keys, channels and sites",
    "machine": "brings orders in",
}
FLOOR: Final = frozenset({"signed_in", "pick", "pack", "ship", "receive", "count"})
"""What is done with the hands, offline too: a colleague's phone may bring it later."""
ROLES: Final[dict[str, frozenset[str]]] = {
    "picker": frozenset({"pick"}),
    "packer": frozenset({"pack", "ship"}),
    "receiver": frozenset({"receive"}),
    "stock_controller": frozenset({"pick", "receive", "count", "stock"}),
    "supervisor": frozenset(
        {"pick", "pack", "ship", "receive", "count", "stock", "supervise", "weigh_accept", "weigh_keyed", "office"}
    ),
    "office": frozenset({"office"}),
    "admin": frozenset({"*"}),
}


def permissions_of(roles: Iterable[str]) -> frozenset[str]:
    """Give what these roles may do together; a role that is no more gives nothing."""
    return frozenset({"signed_in"}.union(*(ROLES.get(role, frozenset()) for role in roles)))


def require_within(actor: Actor, wanted: Iterable[str]) -> None:
    """Refuse to give, take or speak for more than one may oneself: nobody climbs by making a key or a token."""
    if beyond := [permission for permission in sorted(wanted) if not actor.may(permission)]:
        raise Refusal("not_allowed", permission=", ".join(beyond))


def lent(maker: Actor, sender: Actor) -> frozenset[str]:
    """Give what an operation may do that `sender` brings for `maker`, who made it on the same device.

    The floor's work as the maker may; anything more only if both may, since the sender's word is all there is.
    """
    return frozenset(p for p in PERMISSIONS if maker.may(p) and (p in FLOOR or sender.may(p)))
