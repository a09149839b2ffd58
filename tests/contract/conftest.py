"""Every test of this folder runs without the network, and without the caller's own settings of the SDK."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from .network import network


@pytest.fixture(autouse=True)
def offline(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Close the network, and forget keys and servers of the environment."""
    for name in ("FREDDY_API_KEY", "AITRONOS_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
    with network(blocked=True):
        yield
