"""`playback_url` in an `<audio>` element."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

from .worlds import TRACK, TRACK_LINK, Json, World

NOT_SUPPORTED = 4
"""`MEDIA_ERR_SRC_NOT_SUPPORTED`: what is behind the URL is no audio."""


@pytest.fixture
def load(page: Page, site: str) -> Callable[[str], None]:
    """Makes an `<audio>` element with this URL in a page of another localhost port."""
    page.goto(site)
    return lambda url: page.evaluate("url => { window.audio = new Audio(url); }", url)


def test_a_track_plays(load: Callable[[str], None], page: Page, world: World) -> None:
    """The element knows the documented length, and time goes on while it plays."""
    track = world.track()
    load(track["playback_url"])

    page.evaluate("() => audio.play()")
    page.wait_for_function("() => audio.currentTime > 0.5")

    assert track["measured_duration_seconds"] == page.evaluate("() => audio.duration")
    assert page.evaluate("() => audio.error") is None


def test_a_track_is_sought_in(load: Callable[[str], None], page: Page, world: World) -> None:
    """The element jumps to a place that it has not loaded, by asking for that part alone, and plays on from there."""
    world.lengthen(3600.5)
    load(world.track()["playback_url"])
    page.wait_for_function("() => audio.readyState >= HTMLMediaElement.HAVE_METADATA")
    assert page.evaluate("() => audio.duration") == 3600.5

    _seek(page, 3000)
    page.evaluate("() => audio.play()")
    page.wait_for_function("() => audio.currentTime > 3000.5")

    parts = [each for each in world.requests(operation="playTrack") if _first_byte(each) > 40_000_000]
    assert 206 == parts[0]["status"]
    assert [_expected_status(each) for each in parts] == [each["status"] for each in parts]
    assert page.evaluate("() => audio.error") is None


def _seek(page: Page, seconds: float) -> None:
    """Go to a place, and wait until the element is there."""
    page.evaluate(
        """seconds => new Promise(resolve => {
            audio.addEventListener('seeked', resolve, {once: true});
            audio.currentTime = seconds;
        })""",
        seconds,
    )


def _expected_status(request: Json) -> int:
    """What a request for a part has to get: the part, or leave to use the one that is kept.

    When Chromium lets a connection go, and so has to ask again, depends on how fast it plays what it has.
    """
    return 304 if "if-none-match" in request["headers"] else 206


def _first_byte(request: Json) -> int:
    wanted = re.fullmatch("bytes=([0-9]+)-[0-9]*", request["headers"].get("range", ""))
    return int(wanted[1]) if wanted else 0


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("PUT", "/clock", {"advance_seconds": 301}), 403),
        (("POST", f"/links/{TRACK_LINK}/revoke"), 404),
        (("POST", f"/tracks/{TRACK}/remove"), 404),
    ],
    ids=["expired", "revoked", "removed"],
)
def test_a_url_that_played_starts_no_player_anew(
    load: Callable[[str], None], page: Page, world: World, change: tuple[Any, ...], status: int
) -> None:
    """A page that is opened after a URL expired, or its link was revoked or its track removed, cannot play it.

    The page that played it may do so again: Chromium keeps what a document has heard, whatever the server says.
    """
    url = world.track()["playback_url"]
    load(url)
    page.wait_for_function("() => audio.readyState >= HTMLMediaElement.HAVE_METADATA")
    world.control(*change)

    page.reload()
    load(url)
    page.wait_for_function("() => audio.error")

    assert NOT_SUPPORTED == page.evaluate("() => audio.error.code")
    assert status == world.requests(operation="playTrack")[-1]["status"]
