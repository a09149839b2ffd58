"""The HTTP stack's log lines: gone during our calls, there for everybody else."""

import logging

import httpx
import pytest

from aitronos import Aitronos
from aitronos._quiet import quiet

from .stub import TOKEN, Stub


def test_our_calls_are_quiet(client: Aitronos, caplog: pytest.LogCaptureFixture) -> None:
    """With everything switched on, only our own logger speaks of our calls."""
    with caplog.at_level(logging.DEBUG):
        client.music.resolve_share(TOKEN)
    assert {record.name for record in caplog.records} == {"aitronos"}


def test_other_calls_are_not(stub: Stub, caplog: pytest.LogCaptureFixture) -> None:
    """The user's own use of httpx logs as ever."""
    with caplog.at_level(logging.INFO):
        httpx.get(stub.url)
    assert "httpx" in {record.name for record in caplog.records}


def test_quiet_ends() -> None:
    """Outside of the block everything is as before."""
    logger = logging.getLogger("httpx")
    record = logger.makeRecord("httpx", logging.INFO, "", 0, "", (), None)
    with quiet():
        assert not logger.filter(record)
    assert logger.filter(record)
