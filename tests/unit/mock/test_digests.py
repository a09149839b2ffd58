"""How a secret is known without being kept."""

from __future__ import annotations

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.domain.digests import digest


def test_a_digest_is_the_sha_256_of_the_secret() -> None:
    """A fixture's key in UTF-8 can be looked up by its SHA-256, 32 bytes."""
    assert sha256("ключ".encode()).digest() == digest("ключ")


@given(st.text(st.characters(), max_size=20), st.text(st.characters(), max_size=20))
def test_different_secrets_have_different_digests(one: str, other: str) -> None:
    """Whatever characters a secret has, half surrogate pairs too, its digest is its own."""
    assert (one == other) == (digest(one) == digest(other))
