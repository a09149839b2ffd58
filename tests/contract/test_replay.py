"""The SDK understands every recorded answer, on every way of driving it."""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from vcr.errors import CannotOverwriteExistingCassetteException

from aitronos import (
    APIStatusError,
    AuthenticationError,
    BadRequestError,
    JSONObject,
    LibraryEdge,
    NotFoundError,
    PayloadTooLargeError,
    PermissionDeniedError,
    RateLimitError,
    SharedCollection,
    SharedTrack,
    ShareLink,
    UnavailableShare,
    UnprocessableEntityError,
    UnsupportedMediaTypeError,
)
from aitronos_mock.cassettes import operations as contract
from aitronos_mock.cassettes.reading import Interaction
from cassettes.recording import cassette_path
from cassettes.scenarios import SCENARIOS, Scenario, Steps
from cassettes.world import World

from .replaying import BY_NAME, CASSETTES, WAYS, Replayed, UnplayedError, recorded, replay

ERRORS: dict[int, type[APIStatusError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    405: BadRequestError,
    413: PayloadTooLargeError,
    415: UnsupportedMediaTypeError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}
RESULTS: dict[str, tuple[type, ...]] = {
    "shareTrack": (ShareLink, JSONObject),
    "shareCollection": (ShareLink, JSONObject),
    "resolveShare": (SharedTrack, SharedCollection, UnavailableShare, JSONObject),
    "saveSharedTrack": (LibraryEdge, JSONObject),
}
VOLATILE = ("trace_id", "timestamp", "details")
NOW = datetime(2026, 6, 28, 10, 30, tzinfo=UTC)

named = pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
caused = pytest.mark.parametrize(
    "scenario", [each for each in SCENARIOS if each.cause], ids=lambda scenario: scenario.name
)


def on_the_wire(value: Any) -> Any:
    """A result as the JSON that it came from: the SDK writes UTC as +00:00, the API as Z."""
    if isinstance(value, JSONObject):
        return value
    return json.loads(json.dumps(value.to_dict()).replace("+00:00", "Z"))


def last_of(name: str) -> Any:
    """What comes of the last step of a scenario."""
    return replay(BY_NAME[name]).outcome


def assert_result(result: object, interaction: Interaction) -> None:
    """A success gives the type of its operation, with every recorded field and no other."""
    operation = contract.operation_called_by(interaction.method, interaction.path)
    assert isinstance(result, RESULTS[operation.name])
    assert json.loads(interaction.body) == on_the_wire(result)
    assert interaction.headers["x-request-id"] == result.request_id  # type: ignore[attr-defined]  # all RESULTS have one


def assert_error(error: object, interaction: Interaction) -> None:
    """A refusal gives the error of its status, with every field of the envelope and what the headers say."""
    assert type(error) is ERRORS[interaction.status]
    assert isinstance(error, APIStatusError)
    envelope = json.loads(interaction.body)["error"]
    assert envelope.pop("timestamp") == "2026-06-28T10:30:00Z"
    assert NOW == error.timestamp
    assert envelope == {name: getattr(error, name) for name in envelope}
    assert interaction.headers["x-request-id"] == error.request_id == error.trace_id
    wait = interaction.headers.get("retry-after")
    assert error.retry_after == (None if wait is None else float(wait))


@named
@pytest.mark.parametrize("way", WAYS)
def test_every_answer_becomes_what_it_says(scenario: Scenario, way: str) -> None:
    """Every step of every scenario gives the recorded result or error, blocking and on both event loops."""
    played = replay(scenario, way)
    assert len(played.outcomes) == len(played.interactions)
    for outcome, interaction in zip(played.outcomes, played.interactions, strict=True):
        judge = assert_result if interaction.status < 400 else assert_error
        judge(outcome, interaction)


@caused
def test_a_cause_answers_as_its_example(scenario: Scenario) -> None:
    """The last answer has the status that its cause is documented under, and says what the example says."""
    assert scenario.cause
    interaction = recorded(scenario.name)[-1]
    body, example = json.loads(interaction.body), contract.examples()[scenario.cause]
    assert scenario.cause.status == interaction.status
    assert scenario.cause.operation == contract.operation_called_by(interaction.method, interaction.path).name
    if interaction.status < 400:
        assert shape(example) == shape(body)
    else:
        assert fixed(example["error"]) == fixed(body["error"])
        assert details(example["error"]["details"], interaction) == body["error"]["details"]


def shape(body: dict[str, Any]) -> dict[str, Any]:
    """Which fields there are, which of them are null, and what is said to people."""
    said = {name: value for name, value in body.items() if name in ("kind", "available", "message", "source")}
    return {name: value is None for name, value in body.items()} | said


def fixed(error: dict[str, Any]) -> dict[str, Any]:
    """What an error says whenever it is raised."""
    return {name: value for name, value in error.items() if name not in VOLATILE}


def details(example: dict[str, Any], interaction: Interaction) -> dict[str, Any]:
    """The details of an example, with the identifiers that the request named."""
    operation = contract.operation_called_by(interaction.method, interaction.path)
    named = operation.path_parameters(interaction.path)
    return {name: named.get(name, value) for name, value in example.items()}


@pytest.mark.parametrize(
    ("name", "lifetime"),
    [
        ("shareTrack/201-expiring", timedelta(days=30)),
        ("shareTrack/201-never_expiring", None),
        ("shareCollection/201-public", None),
        ("stories/lifetime-cut-to-90-days", timedelta(days=90)),
    ],
)
def test_a_link_lives_as_long_as_was_asked(name: str, lifetime: timedelta | None) -> None:
    """A link expires after exactly N days of 24 hours, 90 at most, or never."""
    link = last_of(name)
    assert link.created_at == NOW
    assert link.expires_at == (None if lifetime is None else NOW + lifetime)


@pytest.mark.parametrize(
    ("name", "target_type", "visibility"),
    [
        ("shareTrack/201-expiring", "track", "link_only"),
        ("shareCollection/201-public", "collection", "public"),
        ("stories/share-without-a-body", "collection", "link_only"),
    ],
)
def test_a_link_is_what_was_asked_for(name: str, target_type: str, visibility: str) -> None:
    """Target and visibility are as asked, and the URL ends with the token."""
    link = on_the_wire(last_of(name))
    assert (link["target_type"], link["visibility"]) == (target_type, visibility)
    assert link["url"] == f"https://api.aitronos.com/v1/music/shared/{link['token']}"


def test_a_shared_track_can_be_played() -> None:
    """The view of a track link is the track as documented, and nothing of a collection."""
    view = last_of("resolveShare/200-track")
    assert isinstance(view, SharedTrack)
    assert (view.track.title, view.track.measured_duration_seconds) == ("Late Night Study", 120.4)
    assert (view.track.licence.licence_class, view.track.licence.commercial_use) == ("personal_only", False)
    assert (view.collection, view.tracks, view.message) == (None, None, None)
    assert view.share.expires_at == NOW + timedelta(days=30)


def test_a_shared_collection_lists_what_is_there() -> None:
    """The tracks come by position, without the removed one; only two classes of licence allow commercial use."""
    view = last_of("resolveShare/200-collection")
    assert isinstance(view, SharedCollection)
    assert [track.title for track in view.tracks] == ["Late Night Study", None, "Rain on Slate", "Paper Lanterns"]
    assert {str(track.licence.licence_class): track.licence.commercial_use for track in view.tracks} == {
        "personal_only": False,
        "commercial_cleared": True,
        "commercial_enterprise": True,
        "unclear": False,
    }


def test_an_empty_collection_has_an_empty_list() -> None:
    """No tracks is a list without any, not null."""
    view = last_of("resolveShare/200-empty_collection")
    assert isinstance(view, SharedCollection)
    assert view.tracks == []


@pytest.mark.parametrize("kind", ["track", "collection"])
def test_removed_content_is_told_to_people(kind: str) -> None:
    """The view of a link to removed content keeps its kind, and says in a sentence what happened."""
    view = last_of(f"resolveShare/200-removed_{kind}")
    assert isinstance(view, UnavailableShare)
    assert (view.kind, view.message) == (kind, f"This {kind} was removed by its creator.")


def test_saving_again_gives_the_same_edge() -> None:
    """A library holds a track once: the second save answers with the edge of the first, which names the link."""
    link, view, edge, again = replay(BY_NAME["stories/share-resolve-save-again"]).outcomes
    assert isinstance(link, ShareLink)
    assert isinstance(view, SharedTrack)
    assert isinstance(edge, LibraryEdge)
    assert edge == again
    assert (edge.source, edge.share_link_id, edge.track_id) == ("shared", link.id, view.track.id)


def test_raw_verbs_give_plain_dicts() -> None:
    """What a raw verb returns is a dict with the fields of the wire."""
    link, view, edge = replay(BY_NAME["stories/own-track-by-raw-verbs"]).outcomes
    assert isinstance(link, dict)
    assert isinstance(view, dict)
    assert isinstance(edge, dict)
    assert (link["target_type"], view["kind"], edge["track_id"]) == ("track", "track", view["track"]["id"])


def test_too_many_opens_say_how_long_to_wait() -> None:
    """The open before the limit succeeds; the one after it names the seconds to wait."""
    *_, opened, refused = replay(BY_NAME["resolveShare/429-client_ip"]).outcomes
    assert isinstance(opened, SharedTrack)
    assert isinstance(refused, RateLimitError)
    assert refused.retry_after == 1.0


# From here on: a replay that is not what was recorded fails.


def first_share(world: World) -> Steps:
    """The only step of the scenario below."""
    return BY_NAME["shareTrack/201-expiring"].steps(world)


def altered_copy(tmp_path: Path, name: str, old: str, new: str) -> Path:
    """A folder with one cassette, in which a text was replaced."""
    copy = cassette_path(tmp_path, name)
    copy.parent.mkdir(parents=True)
    text = cassette_path(CASSETTES, name).read_text("ascii")
    assert old in text
    copy.write_text(text.replace(old, new), "ascii")
    return tmp_path


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"expires_in_days":30', '"expires_in_days":31'),
        ("method: POST", "method: PUT"),
        ("/tracks/mtrack_b4d9e1c6a72f/share", "/tracks/mtrack_fa4e00000001/share"),
        ("https://api.aitronos.com/v1/music/org", "https://api.example.com/v1/music/org"),
    ],
    ids=["body", "method", "path", "host"],
)
def test_a_request_that_was_not_recorded_is_refused(old: str, new: str, tmp_path: Path) -> None:
    """Method, server, path and body all count; what is not on the cassette is not sent either."""
    name = "shareTrack/201-expiring"
    folder = altered_copy(tmp_path, name, old, new)
    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(BY_NAME[name], folder=folder)


def test_a_cassette_that_is_not_played_to_its_end_fails(tmp_path: Path) -> None:
    """An interaction that nothing asks for is left over from a scenario that is no more."""
    name = "shareTrack/201-expiring"
    path = cassette_path(tmp_path, name)
    path.parent.mkdir()
    cassette = yaml.safe_load(cassette_path(CASSETTES, name).read_text("ascii"))
    cassette["interactions"] *= 2
    path.write_text(yaml.safe_dump(cassette), "ascii")
    with pytest.raises(UnplayedError):
        replay(BY_NAME[name], folder=tmp_path)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("shareTrack/201-expiring", '"visibility": "link_only"', '"visibility": "public"'),
        ("shareTrack/404-not_owner", "not owned by caller", "not owned by anybody"),
        ("resolveShare/200-removed_track", "was removed by its creator", "is gone"),
    ],
)
def test_a_wrong_value_is_seen(name: str, old: str, new: str, tmp_path: Path) -> None:
    """What the replays above compare is the recorded answer: another one gives another outcome."""
    right = replay(BY_NAME[name])
    wrong = replay(BY_NAME[name], folder=altered_copy(tmp_path, name, old, new))
    assert comparable(right) != comparable(wrong)


def comparable(played: Replayed) -> Any:
    """The last outcome as plain data."""
    outcome = played.outcome
    return vars(outcome) if isinstance(outcome, APIStatusError) else on_the_wire(outcome)


def test_a_cassette_is_needed(tmp_path: Path) -> None:
    """Without its file a scenario does not fall back to the network."""
    shutil.copy(cassette_path(CASSETTES, "unrouted/404-unknown_path"), tmp_path)
    with pytest.raises(CannotOverwriteExistingCassetteException):
        replay(Scenario("no-such-cassette", first_share), folder=tmp_path)
