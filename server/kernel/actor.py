"""Who does something: made by an edge (session, CLI, webhook, device), judged by the bus."""

from __future__ import annotations

import msgspec


class Actor(msgspec.Struct, frozen=True):
    """A person at a device, or a machine.

    `user`, `device` and `session` are ids ('' where there is none), `permissions` the union of the roles'
    permissions, `site` the warehouse the session is for ('' = any).
    """

    user: str = ""
    device: str = ""
    permissions: frozenset[str] = frozenset()
    site: str = ""
    session: str = ""

    def may(self, permission: str) -> bool:
        """Tell whether this actor holds `permission` ('' needs none; '*' holds all but `system`, the server's own)."""
        return not permission or permission in self.permissions or ("*" in self.permissions and permission != "system")


SYSTEM = Actor(user="system", permissions=frozenset({"*", "system"}))
