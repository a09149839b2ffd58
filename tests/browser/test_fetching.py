"""What a page of another origin may ask, and what it can read of the answer."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page

from .worlds import TRACK_TOKEN, World

SHARE = "/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
STANDARD = {"x-request-id", "freddy-processing-ms", "freddy-api-version"}

FETCH = """async ([url, options]) => {
    const response = await fetch(url, options);
    return {status: response.status, headers: Object.fromEntries(response.headers), body: await response.json()};
}"""


@pytest.fixture
def fetch(page: Page, site: str) -> Any:
    """Fetches as a page of another localhost port does: status, headers that the page can read, and body."""
    page.goto(site)
    return lambda url, **options: page.evaluate(FETCH, [url, options])


@pytest.fixture
def preflights(page: Page) -> list[int]:
    """The statuses with which the questions of the browser were answered that it asks on its own."""
    session = page.context.new_cdp_session(page)
    statuses: list[int] = []

    def note(event: dict[str, Any]) -> None:
        if event["type"] == "Preflight":
            statuses.append(event["response"]["status"])

    session.on("Network.responseReceived", note)
    session.send("Network.enable")
    return statuses


@pytest.mark.parametrize("credential", [{"X-API-Key": "your-api-key"}, {"Authorization": "Bearer your-api-key"}])
def test_a_page_shares_with_its_key_after_a_preflight(
    fetch: Any, preflights: list[int], world: World, credential: dict[str, str]
) -> None:
    """The browser asks first whether it may send the credential, the media type and `Prefer`, and then sends them."""
    headers = {**credential, "Content-Type": "application/json", "Prefer": "wait=1"}

    answer = fetch(world.url(SHARE), method="POST", headers=headers, body='{"visibility": "public"}')

    assert (201, "public") == (answer["status"], answer["body"]["visibility"])
    assert answer["body"]["url"].startswith(world.base_url)
    assert [204] == preflights


def test_a_page_opens_a_link_without_a_preflight(fetch: Any, preflights: list[int], world: World) -> None:
    """A resolve has no key, so the browser has nothing to ask first."""
    assert 200 == fetch(world.url(f"/shared/{TRACK_TOKEN}"))["status"]

    assert [] == preflights


@pytest.mark.parametrize(
    ("path", "options", "status"),
    [
        (f"/shared/{TRACK_TOKEN}", {}, 200),
        ("/shared/shr_unknown", {}, 404),
        (SHARE, {"method": "POST"}, 401),
        (SHARE, {"method": "POST", "headers": {"X-API-Key": "outsider-api-key"}}, 403),
        (SHARE, {"method": "POST", "headers": {"X-API-Key": "your-api-key"}, "body": "{"}, 415),
        ("/nothing", {}, 404),
        (SHARE, {"method": "PUT"}, 405),
        (f"/shared/{TRACK_TOKEN}?__code=500", {}, 500),
    ],
)
def test_a_page_reads_the_headers_of_every_answer(
    fetch: Any, world: World, path: str, options: dict[str, Any], status: int
) -> None:
    """Successes and errors alike: the page reads the body, and the headers that say which request it was."""
    answer = fetch(world.url(path), **options)

    assert status == answer["status"]
    assert set(answer["headers"]) >= STANDARD
    if status >= 400:
        assert answer["headers"]["x-request-id"] == answer["body"]["error"]["trace_id"]


def test_a_page_reads_how_long_to_wait(fetch: Any, world: World) -> None:
    """A page that opened too many links sees the limit and when to come back."""
    answer = fetch(world.url(f"/shared/{TRACK_TOKEN}?__code=429"))

    wanted = {"retry-after", "x-ratelimit-limit", "x-ratelimit-remaining", "x-ratelimit-reset"}
    assert 429 == answer["status"]
    assert set(answer["headers"]) >= wanted


def test_a_page_reads_which_part_of_a_track_it_got(fetch: Any, page: Page, world: World) -> None:
    """`Content-Range` can be read by a page that plays by itself, in parts."""
    url = world.track()["playback_url"]

    part = page.evaluate(
        "async url => (await fetch(url, {headers: {Range: 'bytes=0-3'}})).headers.get('content-range')", url
    )

    assert "bytes 0-3/1926444" == part
