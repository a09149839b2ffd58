"""The page of a link in every state, each in a sandbox of its own."""

from __future__ import annotations

from datetime import timedelta

import pytest
from share_page import UNTITLED, Page, keep, page

from aitronos_mock.testing import Sandbox, seeded


@pytest.fixture
def sandbox(aitronos_environment: Sandbox) -> Sandbox:
    """A sandbox that the page finds by the environment."""
    return aitronos_environment


def test_a_track_can_be_heard(sandbox: Sandbox) -> None:
    """The page plays what it shows, from where the API says."""
    shown = page(seeded.TRACK_TOKEN)
    assert shown.status == 200
    assert "<figcaption>Late Night Study</figcaption>" in shown.html
    assert f'<audio src="{sandbox.base_url}/' in shown.html


def test_no_visitor_sends_a_key(sandbox: Sandbox) -> None:
    """The key of this server stays here when a visitor opens a link."""
    page(seeded.TRACK_TOKEN)
    [opened] = sandbox.journal.assert_requested("resolveShare", times=1, status=200)
    assert "x-api-key" not in opened.headers


def test_a_collection_lists_its_tracks(sandbox: Sandbox) -> None:
    """Tracks stand in their order, and one without a title has a name too."""
    html = page(seeded.COLLECTION_TOKEN).html
    assert html.index("Late Night Study") < html.index(UNTITLED) < html.index("Rain on Slate")


def test_a_removed_track_is_gone_and_may_come_back(sandbox: Sandbox) -> None:
    """The page says what its creator did."""
    sandbox.remove_track(seeded.TRACK)
    assert page(seeded.TRACK_TOKEN) == Page(410, "<p>This track was removed by its creator.</p>")
    sandbox.restore_track(seeded.TRACK)
    assert page(seeded.TRACK_TOKEN).status == 200


@pytest.mark.parametrize("token", [seeded.REVOKED_TOKEN, seeded.OVER_LIMIT_TOKEN, "shr_misspelt"])
def test_a_link_that_leads_nowhere(sandbox: Sandbox, token: str) -> None:
    """Visitors are told, and no reason is given away."""
    assert page(token) == Page(404, "<p>This share link is no longer available.</p>")


def test_a_link_ends_in_its_time(sandbox: Sandbox) -> None:
    """A link for a week opens on the seventh day, and not after it."""
    link = sandbox.client().music.share_track(seeded.ORGANIZATION, seeded.TRACK, expires_in_days=7)
    sandbox.clock.advance(timedelta(days=7, minutes=-1))
    assert page(link.token).status == 200
    sandbox.clock.advance(timedelta(minutes=1))
    assert page(link.token).status == 404


def test_too_many_visitors_wait(sandbox: Sandbox) -> None:
    """A fault stands for a crowd; the page says when to come back."""
    sandbox.faults.add(operation="resolveShare", status=429)
    assert page(seeded.TRACK_TOKEN).status == 503


@pytest.mark.parametrize("fault", [{"drop": "before"}, {"body": "invalid_json"}, {"status": 500}])
def test_a_broken_server_breaks_no_page(sandbox: Sandbox, fault: dict[str, str]) -> None:
    """Whatever comes back instead of an answer, the visitor reads a sentence."""
    sandbox.faults.add(operation="resolveShare", **fault)  # type: ignore[arg-type]  # each is one of its fields
    assert page(seeded.TRACK_TOKEN) == Page(502, "<p>The music is out of reach.</p>")


def test_one_failure_is_not_seen(sandbox: Sandbox) -> None:
    """The page asks once more."""
    sandbox.faults.add(operation="resolveShare", status=503, times=1)
    assert page(seeded.TRACK_TOKEN).status == 200
    sandbox.journal.assert_requested("resolveShare", times=2)


def test_a_listener_keeps_a_track(sandbox: Sandbox) -> None:
    """Keeping twice is keeping once."""
    first = keep(seeded.TRACK_TOKEN, seeded.RECIPIENT_KEY)
    assert (first, first) == (seeded.TRACK, keep(seeded.TRACK_TOKEN, seeded.RECIPIENT_KEY))
    sandbox.journal.assert_operations("saveSharedTrack", "saveSharedTrack")
    assert len(sandbox.state()["library"]) == 1


@pytest.mark.aitronos(clock="2026-06-28T10:30:00Z", deterministic=True)
def test_the_documented_link(aitronos_sandbox_in_process: Sandbox) -> None:
    """A mock in this process gives the documented answer to the letter."""
    link = aitronos_sandbox_in_process.client().music.share_track(seeded.ORGANIZATION, seeded.TRACK, expires_in_days=30)
    assert (link.id, link.token) == (seeded.TRACK_LINK, seeded.TRACK_TOKEN)
