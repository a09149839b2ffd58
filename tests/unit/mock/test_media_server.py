"""Playing from a mock that was started as users start it."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

DOCUMENTED = "/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"


@pytest.fixture
def started() -> Iterator[Callable[..., str]]:
    """Starts `aitronos-mock serve` with options, and gives its address once it answers."""
    processes: list[subprocess.Popen[str]] = []

    def start(*options: str) -> str:
        command = [sys.executable, "-c", "from aitronos_mock.cli import main; main()", "serve", "--port", "0", *options]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        processes.append(process)
        assert process.stdout is not None
        return process.stdout.readline().split()[-1]

    yield start
    for process in processes:
        process.terminate()
        process.communicate()


def _track(base_url: str) -> Any:
    return httpx.get(base_url + DOCUMENTED).json()["track"]


def test_audio_goes_over_the_wire(started: Callable[..., str]) -> None:
    """One connection carries the head, the whole and parts of a track, each complete."""
    base_url = started()
    url = _track(base_url)["playback_url"]
    assert url.startswith(f"{base_url}/media/tracks/")

    with httpx.Client() as client:
        headed, whole = client.head(url), client.get(url)
        part = client.get(url, headers={"Range": "bytes=70000-270000"})
        known = client.get(url, headers={"If-None-Match": whole.headers["etag"]})

    assert [each.status_code for each in (headed, whole, part, known)] == [200, 200, 206, 304]
    assert headed.headers["content-length"] == str(len(whole.content))
    assert whole.content[70000:270001] == part.content


@pytest.mark.parametrize(("options", "seconds"), [((), 300), (("--playback-seconds", "7"), 7)])
def test_the_life_of_playback_urls_is_an_option(
    started: Callable[..., str], options: tuple[str, ...], seconds: int
) -> None:
    """It is 300 seconds unless told otherwise."""
    base_url = started(*options)
    before = int(time.time())
    expires = int(parse_qs(urlsplit(_track(base_url)["playback_url"]).query)["expires"][0])

    assert before + seconds <= expires <= int(time.time()) + seconds
