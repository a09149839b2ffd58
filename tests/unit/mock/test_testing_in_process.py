"""A mock in this process, as its clients see it."""

from __future__ import annotations

import subprocess
import sys
import threading
from typing import Any

import anyio
import httpx
import pytest

from aitronos_mock.testing import Sandbox, seeded

OPEN = f"/v1/music/shared/{seeded.TRACK_TOKEN}"

WITHOUT_NETWORK = """
import socket
import sys

def refuse(event, arguments):
    # The event loop wakes itself through a pair of its own.
    if event in ("socket.bind", "socket.connect", "socket.getaddrinfo"):
        raise RuntimeError(event)

sys.addaudithook(refuse)
from aitronos_mock.testing.in_process import mock_in_process
from aitronos_mock.testing.mock import Mock

with mock_in_process() as way, Mock(way).sandbox() as sandbox:
    link = sandbox.client().music.share_track("org_abc123", "mtrack_b4d9e1c6a72f")
    sandbox.client().music.resolve_share(link.token)
    sandbox.journal.assert_operations("shareTrack", "resolveShare")
    print("done")
"""


@pytest.fixture
def sandbox(aitronos_sandbox_in_process: Sandbox) -> Sandbox:
    """A sandbox of its own."""
    return aitronos_sandbox_in_process


def async_http(sandbox: Sandbox) -> httpx.AsyncClient:
    """An asynchronous client of the mock."""
    client: Any = sandbox._way.async_http_client()
    assert isinstance(client, httpx.AsyncClient)
    return client


def test_no_network_is_used() -> None:
    """Nothing is bound, connected to or looked up."""
    ended = subprocess.run([sys.executable, "-c", WITHOUT_NETWORK], capture_output=True, text=True, check=False)
    assert ("done\n", "") == (ended.stdout, ended.stderr)


@pytest.mark.parametrize("drop", ["before", "mid_body"])
def test_a_dropped_connection_is_one(sandbox: Sandbox, drop: Any) -> None:
    """What faults do to connections, they do here."""
    sandbox.faults.add(operation="resolveShare", drop=drop, times=1)
    http = sandbox.http_client()
    with pytest.raises(httpx.RemoteProtocolError):
        http.get(OPEN)
    assert 200 == http.get(OPEN).status_code


def test_a_slow_answer_comes_too_late(sandbox: Sandbox) -> None:
    """A client waits as long as it was told to, and the mock learns that it went."""
    sandbox.faults.add(operation="resolveShare", latency_ms=60_000)
    with pytest.raises(httpx.ReadTimeout):
        sandbox.http_client().get(OPEN, timeout=0.05)


@pytest.mark.anyio
async def test_a_call_can_be_given_up(sandbox: Sandbox) -> None:
    """An asynchronous call that is cancelled ends at once."""
    sandbox.faults.add(operation="resolveShare", latency_ms=60_000)
    async with async_http(sandbox) as http:
        with anyio.move_on_after(0.05) as scope:
            await http.get(sandbox.base_url + OPEN, timeout=None)
    assert scope.cancelled_caught


def test_audio_comes_whole(sandbox: Sandbox) -> None:
    """Bodies that are no JSON come byte by byte, and in part where a part was asked for."""
    http = sandbox.http_client()
    playback_url = http.get(OPEN).json()["track"]["playback_url"]
    assert playback_url.startswith(sandbox.base_url)
    whole = http.get(playback_url)
    part = http.get(playback_url, headers={"Range": "bytes=0-3"})
    assert (206, b"RIFF") == (part.status_code, part.content)
    assert len(whole.content) == int(whole.headers["content-length"])
    assert b"" == http.head(playback_url).content


def test_threads_share_a_client(sandbox: Sandbox) -> None:
    """Any number of threads may call at once."""
    music = sandbox.client().music
    threads = [threading.Thread(target=music.share_track, args=(seeded.ORGANIZATION, seeded.TRACK)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    sandbox.journal.assert_requested("shareTrack", times=8, status=201)
