"""Secrets: argon2 for what people remember, SHA-256 for tokens that have entropy enough."""

from __future__ import annotations

import asyncio
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's smaller recommendation: 19 MiB, 2 passes; the floor signs in often."""
NOBODY = HASHER.hash("nobody")
"""Checked against when there is no such user, so that both take the same time."""


async def hashed(secret: str) -> str:
    """Hash a PIN or password, in a thread."""
    return await asyncio.to_thread(HASHER.hash, secret)


async def matches(stored: str, secret: str) -> bool:
    """Tell whether a PIN or password is the one that was hashed; takes as long where nothing is stored."""
    try:
        return await asyncio.to_thread(HASHER.verify, stored or NOBODY, secret) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Make a token of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(token: str) -> str:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()
