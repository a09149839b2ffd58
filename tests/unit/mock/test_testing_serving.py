"""Mocks that live as long as somebody uses them."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from aitronos_mock.testing import MockUnavailable, serving
from aitronos_mock.testing.serving import can_share, own_mock, shared_mock

USER = """
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any
from aitronos_mock.testing import serving

with getattr(serving, sys.argv[1])([], Path(sys.argv[2])) as url:
    print(url, flush=True)
    sys.stdin.read()
"""


class User:
    """A process of its own that uses a mock until it is killed."""

    def __init__(self, kind: str, folder: Path) -> None:
        command = [sys.executable, "-c", USER, kind, str(folder)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        self.url = self._process.stdout.readline().strip()

    def crash(self) -> None:
        """End without any farewell."""
        self._process.send_signal(signal.SIGKILL)
        self._process.communicate()


def answers(url: str) -> bool:
    """Whether the mock is there."""
    return httpx.get(f"{url}/_mock/health", trust_env=False).status_code == 200


def watched(url: str) -> socket.socket:
    """A connection that the mock closes when it ends."""
    address = urlsplit(url)
    return socket.create_connection((str(address.hostname), address.port or 0), timeout=20)


def assert_ends(url: str, connection: socket.socket) -> None:
    """Wait until the connection to the mock ends, in whichever way, and find nobody there then."""
    with connection, suppress(ConnectionResetError):
        assert b"" == connection.recv(1)
    with pytest.raises(httpx.ConnectError):
        answers(url)


def test_ones_own_mock_ends_with_the_block(tmp_path: Path) -> None:
    """It answers while the block runs, with the options that it was given, and has stopped when that is over."""
    with own_mock(["--seed", "empty"], tmp_path) as url:
        assert answers(url)
        assert [] == httpx.get(f"{url}/_mock/state", trust_env=False).json()["tracks"]
    with pytest.raises(httpx.ConnectError):
        answers(url)


def test_ones_own_mock_ends_with_its_user(tmp_path: Path) -> None:
    """A test run that is killed leaves no mock behind."""
    user = User("own_mock", tmp_path)
    connection = watched(user.url)
    user.crash()
    assert_ends(user.url, connection)


def test_a_mock_that_does_not_end_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever."""
    monkeypatch.setattr(serving, "_PATIENCE_SECONDS", 0)
    with own_mock([], tmp_path) as url:
        assert answers(url)
    with pytest.raises(httpx.ConnectError):
        answers(url)


def test_a_shared_mock_ends_with_its_last_user(tmp_path: Path) -> None:
    """All who name the same folder get the same mock, which stays while one of them is there."""
    with shared_mock([], tmp_path) as first:
        with shared_mock([], tmp_path) as second:
            assert first == second
        assert answers(first)
        connection = watched(first)
    assert_ends(first, connection)


def test_a_shared_mock_outlives_who_started_it(tmp_path: Path) -> None:
    """A worker that crashes takes the mock along only if it was the last one; the next one starts another."""
    starter, other = User("shared_mock", tmp_path), User("shared_mock", tmp_path)
    assert starter.url == other.url
    starter.crash()
    assert answers(other.url)
    connection = watched(other.url)
    other.crash()
    assert_ends(other.url, connection)
    with shared_mock([], tmp_path) as url:
        assert answers(url)


@pytest.mark.parametrize("start", [own_mock, shared_mock])
def test_a_mock_that_does_not_start_is_explained(start: Any, tmp_path: Path) -> None:
    """What it said becomes the message, and the next one can be started."""
    with pytest.raises(MockUnavailable, match=r"^the mock did not start: .*/nowhere\.yaml: cannot be read"):
        start(["--seed", "/nowhere.yaml"], tmp_path).__enter__()
    with start([], tmp_path) as url:
        assert answers(url)


@pytest.mark.parametrize("start", [own_mock, shared_mock])
def test_only_the_last_failure_to_start_is_told(start: Any, tmp_path: Path) -> None:
    """All workers try and write into one log, and each repeats its own mock's words alone."""
    for _ in range(2):
        with pytest.raises(MockUnavailable) as failure:
            start(["--seed", "/nowhere.yaml"], tmp_path).__enter__()
        assert str(failure.value).count("cannot be read") == 1
        assert failure.value.__context__ is None


def test_sharing_needs_named_pipes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the system has none, as Windows has not, nothing can be shared."""
    assert can_share()
    monkeypatch.delattr("os.mkfifo")
    assert not can_share()
