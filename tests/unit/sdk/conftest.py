"""Fixtures: a server that answers as told, and a client of it that does not wait between attempts."""

from collections.abc import Iterator

import pytest

from aitronos import Aitronos
from aitronos.testing import instant_retries

from .stub import KEY, Answer, Stub, shared_track


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what the machine is set up with out of the tests."""
    for name in ("FREDDY_API_KEY", "AITRONOS_BASE_URL", "HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def stub() -> Iterator[Stub]:
    """A server that shows a track until told otherwise."""
    with Stub(Answer(shared_track())) as server:
        yield server


@pytest.fixture
def client(stub: Stub) -> Iterator[Aitronos]:
    """A client of the stub."""
    with Aitronos(KEY, base_url=stub.url) as aitronos:
        yield aitronos


@pytest.fixture
def pauses() -> Iterator[list[float]]:
    """Instant retries; the pauses that were skipped."""
    with instant_retries() as skipped:
        yield skipped
