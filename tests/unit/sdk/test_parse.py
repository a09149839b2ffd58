"""Answers become models, or ResponseParseError, and nothing else."""

import json
from typing import Any

import pytest
from attrs import fields

from aitronos import (
    LicenceClass,
    ResponseParseError,
    SharedCollection,
    SharedTrack,
    SharedView,
    UnavailableShare,
    _parse,
)
from aitronos._generated.models import LibraryEdge as GeneratedEdge
from aitronos._generated.models import SharedView as GeneratedView
from aitronos._generated.models import ShareLink as GeneratedLink
from aitronos._wire import Reply

from .stub import library_edge, share_link, shared_collection, shared_track, track_view


def reply(document: object, status: int = 200) -> Reply:
    """An answer with a JSON body."""
    return Reply(status, {"x-request-id": "req_1", "content-type": "application/json"}, json.dumps(document).encode())


def test_share_link() -> None:
    """Every field of the wire is there, typed, and the request id beside them."""
    link = _parse.share_link(reply(share_link(), 201))
    assert link.id == "mslink_3a7f2c9e8b14"
    assert link.expires_at is not None
    assert link.expires_at.isoformat() == "2026-07-28T10:30:00+00:00"
    assert link.visibility == "link_only"
    assert link.request_id == "req_1"


def test_library_edge() -> None:
    """A saved track."""
    edge = _parse.library_edge(reply(library_edge(share_link_id=None), 201))
    assert (edge.source, edge.share_link_id, edge.request_id) == ("shared", None, "req_1")


def test_shared_track() -> None:
    """The view of a track is a SharedTrack."""
    view = _parse.shared_view(reply(shared_track()))
    assert type(view) is SharedTrack
    assert view.track.title == "Late Night Study"
    assert view.request_id == "req_1"


def test_shared_collection() -> None:
    """The view of a collection is a SharedCollection, an empty one too."""
    view = _parse.shared_view(reply(shared_collection(tracks=[])))
    assert type(view) is SharedCollection
    assert (view.collection.name, view.tracks) == ("Quiet Hours", [])


@pytest.mark.parametrize("kind", ["track", "collection"])
def test_unavailable_share(kind: str) -> None:
    """A view whose content was removed is an UnavailableShare with all that the server sent."""
    view = _parse.shared_view(reply(shared_track(kind=kind, available=False, message="Gone.", track=None)))
    assert type(view) is UnavailableShare
    assert (view.kind, view.message) == (kind, "Gone.")
    assert view.share is not None


@pytest.mark.parametrize(
    "document", [{"kind": "track", "available": False, "message": "Gone."}, {"available": False, "message": "Gone."}]
)
def test_unavailable_share_with_little(document: dict[str, Any]) -> None:
    """What an unavailable view leaves out is None."""
    view = _parse.shared_view(reply(document))
    assert type(view) is UnavailableShare
    assert (view.kind, view.share, view.track, view.tracks) == (document.get("kind"), None, None, None)


@pytest.mark.parametrize(
    "document",
    [
        shared_track(),
        shared_collection(),
        shared_track(kind="playlist", note={"a": [1]}, track=track_view(mood="calm", title=None)),
        shared_track(share={"target_type": "track", "visibility": "hidden", "expires_at": None, "views": 3}),
    ],
)
def test_views_are_read_as_the_generated_models_do(document: dict[str, Any]) -> None:
    """Of what keeps to the contract, and of what it does not know yet, both make the same, value by value."""
    read, generated = _parse.shared_view(reply(document)), GeneratedView.from_dict(document)
    assert [getattr(read, each.name) for each in fields(GeneratedView)] == [
        getattr(generated, each.name) for each in fields(GeneratedView)
    ]
    assert read.to_dict() == generated.to_dict()


def test_links_and_edges_are_read_as_the_generated_models_do() -> None:
    """The same of what sharing and saving answer."""
    link, edge = share_link(expires_at=None, colour="red"), library_edge(share_link_id=None, colour="red")
    assert _parse.share_link(reply(link)).to_dict() == GeneratedLink.from_dict(link).to_dict()
    assert _parse.library_edge(reply(edge)).to_dict() == GeneratedEdge.from_dict(edge).to_dict()


def test_unknown_kind() -> None:
    """A kind of content that this version does not know is a plain SharedView, with its fields kept."""
    view = _parse.shared_view(reply(shared_track(kind="playlist", track=None, playlist={"id": "mplay_1"})))
    assert type(view) is SharedView
    assert view.kind == "playlist"
    assert view.additional_properties == {"playlist": {"id": "mplay_1"}}


def test_unknown_values_and_fields_live_on() -> None:
    """An unknown enumeration value equals its string, an unknown field is kept and written out again."""
    licence = {**track_view()["licence"], "licence_class": "moon_only", "territory": "moon"}
    document = shared_track(track=track_view(licence=licence, mood="calm"))
    view = _parse.shared_view(reply(document))
    assert isinstance(view, SharedTrack)
    assert view.track.licence.licence_class == "moon_only"
    assert view.track.licence.licence_class not in list(LicenceClass)
    assert view.track["mood"] == "calm"
    assert view.to_dict()["track"]["licence"] == licence


@pytest.mark.parametrize("name", ["message", "collection", "tracks"])
def test_what_may_be_null_may_be_missing(name: str) -> None:
    """An optional field that the server leaves out is None."""
    document = shared_track()
    del document[name]
    assert getattr(_parse.shared_view(reply(document)), name) is None


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        (shared_track(track=None), "track: expected, since kind is track"),
        (shared_collection(tracks=None), "tracks: expected, since kind is collection"),
        (shared_track(kind=7), "kind: expected a string"),
        (shared_track(kind=None), "kind: expected a string"),
        (shared_track(available="yes"), "available: expected true or false"),
        (shared_track(share=None), "share: expected an object"),
        (shared_track(track=[]), "track: expected an object"),
        (shared_track(track=track_view(title=1)), "track.title: expected a string"),
        (shared_track(track=track_view(measured_duration_seconds=True)), "seconds: expected a number"),
        (shared_track(track=track_view(measured_duration_seconds=float("inf"))), "seconds: expected a number"),
        (shared_track(track=track_view(licence={})), "track.licence.licence_class: expected a string"),
        (shared_collection(tracks={}), "tracks: expected a list"),
        (shared_collection(tracks=[track_view(id=None)]), "tracks.id: expected a string"),
        ([], "JSON, but no object"),
        (None, "JSON, but no object"),
    ],
)
def test_what_is_not_as_described(document: object, problem: str) -> None:
    """An answer that breaks the contract is named by the field that does."""
    with pytest.raises(ResponseParseError, match=problem) as caught:
        _parse.shared_view(reply(document))
    assert (caught.value.status, caught.value.request_id) == (200, "req_1")


@pytest.mark.parametrize("value", ["soon", 7, ""])
def test_broken_moments(value: object) -> None:
    """A date that is none is found, where it may be null as well."""
    with pytest.raises(ResponseParseError, match="expires_at: expected a date and time"):
        _parse.share_link(reply(share_link(expires_at=value)))
    with pytest.raises(ResponseParseError, match="created_at: expected a date and time"):
        _parse.library_edge(reply(library_edge(created_at=value)))


DEEP = b'{"a": ' + b"[" * 700 + b"]" * 700 + b"}"


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"id": "x"', b"\xff\xfe", b"[" * 200_000, b'{"a":' * 200_000, DEEP])
def test_what_is_no_json(body: bytes) -> None:
    """A body that is no JSON, in whatever way, is described by size and media type and not repeated."""
    with pytest.raises(ResponseParseError, match=rf"not JSON, but {len(body)} bytes of text/html"):
        _parse.share_link(Reply(201, {"content-type": "text/html"}, body))


def test_json_object() -> None:
    """Raw verbs get the document as a dict."""
    result = _parse.json_object(reply({"a": [1, {"b": None}]}))
    assert result == {"a": [1, {"b": None}]}
    assert result.request_id == "req_1"


def test_json_object_nested_too_deep() -> None:
    """A dict that could not be printed is not handed out."""
    with pytest.raises(ResponseParseError, match="not JSON"):
        _parse.json_object(Reply(200, {}, DEEP))


def test_json_object_of_an_empty_body() -> None:
    """An answer without a body, such as a 204, has no fields."""
    assert _parse.json_object(Reply(204, {}, b"")) == {}
