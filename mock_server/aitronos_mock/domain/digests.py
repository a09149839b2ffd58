"""How a secret is known without being kept."""

from __future__ import annotations

from hashlib import sha256


def digest(secret: str) -> bytes:
    """The 32 bytes by which a store knows an API key or a share token.

    A plain SHA-256 is enough for a token: it has 128 random bits, so there is nothing to guess. Keys of fixtures may be
    short, and are no secrets worth more.
    """
    return sha256(secret.encode("utf-8", "surrogatepass")).digest()
