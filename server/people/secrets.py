"""Secrets: argon2 for what people remember, SHA-256 for tokens that have entropy enough."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.kernel.ids import ALPHABET

SESSION_COOKIE, CSRF_COOKIE = "pickwave", "csrf"
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's smaller recommendation: 19 MiB, 2 passes; the floor signs in often."""
BADGE_LENGTH = 10


@cache
def nobody() -> str:
    """Give a hash to check against when there is no such user, so that both take the same time."""
    return HASHER.hash(new_token())


async def hashed(secret: str | None) -> str:
    """Hash a PIN or password, in a thread; '' where there is none."""
    return await asyncio.to_thread(HASHER.hash, secret) if secret else ""


async def matches(stored: str, secret: str) -> bool:
    """Tell whether a PIN or password is the one that was hashed; takes as long where nothing is stored."""
    try:
        return await asyncio.to_thread(HASHER.verify, stored or nobody(), secret) and bool(stored)
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """Make a token of 256 bits."""
    return secrets.token_urlsafe(32)


def new_badge() -> str:
    """Make a badge's code, of 50 bits: it is read by cameras, and typed if need be."""
    return "BADGE-" + "".join(secrets.choice(ALPHABET) for _ in range(BADGE_LENGTH))


def digest(token: str) -> str:
    """Give what is stored of a token."""
    return hashlib.sha256(token.encode()).hexdigest()


def csrf_of(token: str) -> str:
    """Give what our own pages send back to prove that they are: it belongs to this session and no other."""
    return digest(f"csrf:{token}")
