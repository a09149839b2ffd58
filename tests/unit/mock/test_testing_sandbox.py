"""A world of a test's own, over sockets and in this process."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import httpx
import pytest

from aitronos import Aitronos, AuthenticationError, InternalServerError, LibraryEdge, NotFoundError, SharedTrack
from aitronos_mock.testing import MissingPackage, Mock, MockError, MockRefused, Sandbox, seeded

OPEN = f"/v1/music/shared/{seeded.TRACK_TOKEN}"


@pytest.fixture(params=["aitronos_sandbox", "aitronos_sandbox_in_process"])
def sandbox(request: pytest.FixtureRequest) -> Sandbox:
    """A sandbox, reached in either way."""
    sandbox: Sandbox = request.getfixturevalue(request.param)
    return sandbox


def test_a_client_of_the_sdk_goes_the_whole_way(sandbox: Sandbox) -> None:
    """The owner shares, anybody opens, the recipient saves; links lead back into the sandbox."""
    link = sandbox.client().music.share_track(seeded.ORGANIZATION, seeded.TRACK)
    assert link.url == f"{sandbox.base_url}/v1/music/shared/{link.token}"
    recipient = sandbox.client(seeded.RECIPIENT_KEY)
    assert isinstance(recipient.music.resolve_share(link.url), SharedTrack)
    assert isinstance(recipient.music.save_shared_track(link.token), LibraryEdge)
    sandbox.journal.assert_operations("shareTrack", "resolveShare", "saveSharedTrack")


@pytest.mark.anyio
async def test_an_asynchronous_client_goes_it_too(sandbox: Sandbox, anyio_backend: str) -> None:
    """The same under asyncio and trio."""
    async with sandbox.async_client() as client:
        link = await client.music.share_track(seeded.ORGANIZATION, seeded.TRACK)
        view = await client.music.resolve_share(link.token)
    assert isinstance(view, SharedTrack)
    sandbox.journal.assert_operations("shareTrack", "resolveShare")


def test_clients_take_options(sandbox: Sandbox) -> None:
    """What the SDK's clients take can be given."""
    sandbox.faults.add(operation="resolveShare", status=503, times=1)
    with pytest.raises(InternalServerError):
        sandbox.client(max_retries=0).music.resolve_share(seeded.TRACK_TOKEN)
    with pytest.raises(AuthenticationError):
        sandbox.client("nobody's-key").music.save_shared_track(seeded.TRACK_TOKEN)


def test_a_plain_client_begins_at_the_sandbox(sandbox: Sandbox) -> None:
    """Paths begin at `base_url`, and no key is sent."""
    http = sandbox.http_client()
    assert 200 == http.get(OPEN).status_code
    assert 401 == http.post(f"{OPEN}/save").status_code
    [opened] = sandbox.journal.assert_requested("resolveShare")
    assert "x-api-key" not in opened.headers


def test_a_plain_client_is_closed_with_its_sandbox(aitronos_mock: Mock) -> None:
    """Nobody has to close it."""
    with aitronos_mock.sandbox() as sandbox:
        http = sandbox.http_client()
        http.get(OPEN)
    assert http.is_closed


def test_links_and_content_are_changed(sandbox: Sandbox) -> None:
    """Links are revoked and expire, tracks and collections go and come back."""
    opened = sandbox.client().music.resolve_share
    for end, link_id, token in (
        (sandbox.revoke, seeded.TRACK_LINK, seeded.TRACK_TOKEN),
        (sandbox.expire, seeded.COLLECTION_LINK, seeded.COLLECTION_TOKEN),
    ):
        assert opened(token).available
        end(link_id)
        with pytest.raises(NotFoundError):
            opened(token)
    sandbox.reset()
    for remove, restore, content, token in (
        (sandbox.remove_track, sandbox.restore_track, seeded.TRACK, seeded.TRACK_TOKEN),
        (sandbox.remove_collection, sandbox.restore_collection, seeded.COLLECTION, seeded.COLLECTION_TOKEN),
    ):
        remove(content)
        assert not opened(token).available
        restore(content)
        assert opened(token).available


def test_what_is_not_there_is_refused(sandbox: Sandbox) -> None:
    """A misspelt identifier is an error, and no change that quietly did nothing."""
    with pytest.raises(MockRefused) as caught:
        sandbox.revoke("mslink_misspelt")
    assert (404, {"link_id": "mslink_misspelt"}) == (caught.value.status, caught.value.details)


def test_a_world_is_exported_and_loaded(sandbox: Sandbox, tmp_path: Path) -> None:
    """A world can be taken out, edited and put back, as data or from a file; a file that is none is told."""
    world = sandbox.state()
    next(track for track in world["tracks"] if track["id"] == seeded.TRACK)["title"] = "Edited"
    sandbox.load(world)
    view = sandbox.client().music.resolve_share(seeded.TRACK_TOKEN)
    assert isinstance(view, SharedTrack)
    assert "Edited" == view.track.title
    empty = tmp_path / "empty.yaml"
    empty.write_text("users: []\n", "utf-8")
    sandbox.load(empty)
    assert [] == sandbox.state()["tracks"]
    with pytest.raises(MockError, match=r"^cannot read the fixture "):
        sandbox.load(tmp_path)


def test_the_audit_says_who_opened_what(sandbox: Sandbox) -> None:
    """Each resolve is in the audit with its outcome."""
    sandbox.http_client().get(OPEN)
    [entry] = sandbox.audit()
    assert ("127.0.0.1", "opened", seeded.TRACK_LINK) == (
        entry["client_ip"],
        entry["outcome"],
        entry["share_link_id"],
    )


def test_the_environment_leads_to_it(sandbox: Sandbox) -> None:
    """The variables are those of the SDK."""
    assert {"AITRONOS_BASE_URL": sandbox.base_url, "FREDDY_API_KEY": seeded.OWNER_KEY} == sandbox.environment


def test_it_is_told_where_it_is(sandbox: Sandbox) -> None:
    """In a failing test, its `repr` says which sandbox it is."""
    assert f"Sandbox('{sandbox.base_url}')" == repr(sandbox)
    assert sandbox.base_url.endswith(f"/sandboxes/{sandbox.name}")


@pytest.mark.parametrize(
    ("ask", "missing"),
    [("client", "aitronos"), ("async_client", "aitronos"), ("http_client", "httpx")],
)
def test_a_missing_package_is_named(
    aitronos_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch, ask: str, missing: str
) -> None:
    """Without the SDK or httpx, what needs it says so, and what to do."""
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(MissingPackage, match=f" needs {missing}, which is not installed; install "):
        getattr(aitronos_sandbox, ask)()


def test_the_sdk_finds_it_by_the_environment(aitronos_environment: Sandbox) -> None:
    """Code that makes its own client speaks to the sandbox."""
    with Aitronos() as client:
        client.music.share_track(seeded.ORGANIZATION, seeded.TRACK)
    aitronos_environment.journal.assert_operations("shareTrack")


def test_requests_over_another_library_count_too(aitronos_sandbox: Sandbox) -> None:
    """`base_url` is all that another client needs."""
    answer: Any = httpx.get(aitronos_sandbox.base_url + OPEN, trust_env=False).json()
    assert answer["available"]
