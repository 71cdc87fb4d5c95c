"""Secrets: argon2 for what people remember, SHA-256 for tokens that have entropy enough."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from concurrent.futures import ThreadPoolExecutor
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from server.kernel.ids import ALPHABET

SESSION_COOKIE, CSRF_COOKIE = "pickwave", "csrf"
HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""OWASP's smaller recommendation: 19 MiB, 2 passes; the floor signs in often."""
HANDS = ThreadPoolExecutor(2, "argon2")
"""Who signs in waits for one of these: a crowd at a shift's start, or a guesser, leaves the processor to the scans."""
BADGE_LENGTH = 10


@cache
def nobody() -> str:
    """Give a hash to check against when there is no such user, so that both take the same time."""
    return HASHER.hash(new_token())


async def hashed(secret: str | None) -> str:
    """Hash a PIN or password, in a thread; '' where there is none."""
    return await asyncio.get_running_loop().run_in_executor(HANDS, HASHER.hash, secret) if secret else ""


async def matches(stored: str, secret: str) -> bool:
    """Tell whether a PIN or password is the one that was hashed; takes as long where nothing is stored."""
    try:
        verify = asyncio.get_running_loop().run_in_executor(HANDS, HASHER.verify, stored or nobody(), secret)
        return await verify and bool(stored)
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
