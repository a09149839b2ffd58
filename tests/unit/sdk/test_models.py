"""The models: wire fields, request id, and reprs that give nothing away."""

import copy
import json
import pickle
from typing import Any

import pytest

from aitronos import (
    JSONObject,
    RawResponse,
    ResponseParseError,
    SharedTrack,
    SharedView,
    UnavailableShare,
    _parse,
    errors,
)
from aitronos._generated import models as generated
from aitronos._wire import Reply

from .stub import TOKEN, share_link, shared_collection, shared_track, track_view
from .test_parse import reply


def test_models_are_the_generated_ones() -> None:
    """What calls return is what the contract generates."""
    assert isinstance(_parse.share_link(reply(share_link())), generated.ShareLink)
    assert issubclass(SharedView, generated.SharedView)


def test_share_link_repr_hides_the_secret() -> None:
    """Neither repr nor str of a link has its token or URL."""
    link = _parse.share_link(reply(share_link(id=f"mslink_{TOKEN}")))
    for text in (repr(link), str(link), f"{link}"):
        assert TOKEN not in text
        assert "[redacted]" in text


def test_json_object_repr_hides_tokens() -> None:
    """Neither repr nor str of a raw answer has a token; its JSON has everything."""
    answer = JSONObject(share_link())
    assert TOKEN not in repr(answer) + str(answer)
    assert json.loads(json.dumps(answer)) == share_link()


OTHER_TOKEN = "shr_0000000000000000000000000000beef"
SIGNED = "https://cdn.aitronos.com/music/track/b4d9?signature=canary"


@pytest.mark.parametrize("document", [shared_track(), shared_collection()])
def test_views_and_their_parts_print_no_signed_url(document: dict[str, Any]) -> None:
    """Whoever has a playback URL can listen: no repr of a view, a track or a raw answer has one; the fields do."""
    told = json.dumps(document).replace(str(track_view()["playback_url"]), SIGNED)
    answer = Reply(200, {}, told.encode())
    view = _parse.shared_view(answer)
    tracks = [track for track in (view.track, *(view.tracks or [])) if track is not None]
    assert SIGNED not in f"{view!r} {view} {tracks!r} {_parse.json_object(answer)!r}"
    assert [track.playback_url for track in tracks] == [SIGNED]


def test_unknown_content_prints_no_signed_url() -> None:
    """The same holds in content that this version does not know."""
    songs = [{"playback_url": SIGNED}]
    view = _parse.shared_view(reply(shared_track(kind="playlist", playlist={"songs": songs})))
    assert SIGNED not in repr(view)
    assert view["playlist"] == {"songs": songs}


def test_parts_of_a_view_print_no_token() -> None:
    """What looks like a share token is hidden in the reprs of a view's parts, in fields to come as well."""
    licence = {**track_view()["licence"], "licence_class": OTHER_TOKEN, "note": OTHER_TOKEN}
    share = {"target_type": OTHER_TOKEN, "visibility": OTHER_TOKEN, "expires_at": None, "note": OTHER_TOKEN}
    track = track_view(licence=licence, note=[OTHER_TOKEN])
    collection = {"id": OTHER_TOKEN, "name": OTHER_TOKEN, "description": None, "note": {OTHER_TOKEN: 1}}
    view = _parse.shared_view(reply(shared_track(track=track, share=share, collection=collection)))
    assert isinstance(view, SharedTrack)
    told = f"{view!r} {view.track!r} {view.track.licence!r} {view.share!r} {view.collection!r}"
    assert OTHER_TOKEN not in told
    assert (view.share.visibility, view.track["note"]) == (OTHER_TOKEN, [OTHER_TOKEN])


def test_reprs_of_views_show_the_rest() -> None:
    """A repr is of use: what is no secret is there, listed values of enumerations by their strings."""
    told = repr(_parse.shared_view(reply(shared_track(note="x"))))
    assert "SharedTrack(kind=<TargetType: 'track'>, available=True, message=None, share=ShareInfo(" in told
    assert "TrackView(id='mtrack_b4d9e1c6a72f', title='Late Night Study'" in told
    assert "playback_url='[redacted]'" in told
    assert "additional_properties={'note': 'x'}" in told


def test_json_object_is_a_dict() -> None:
    """A raw answer equals, copies and pickles as a dict, request id included."""
    answer = _parse.json_object(reply({"a": 1}))
    for twin in (copy.copy(answer), copy.deepcopy(answer), pickle.loads(pickle.dumps(answer))):  # noqa: S301 - our own bytes
        assert twin == {"a": 1}
        assert twin.request_id == "req_1"


def test_request_id_is_no_content() -> None:
    """Two answers of the same content are equal, and the wire form has no request id."""
    first, second = _parse.share_link(reply(share_link())), _parse.share_link(reply(share_link()))
    second.request_id = "req_2"
    assert first == second
    assert "request_id" not in first.to_dict()


def test_models_pickle_whole() -> None:
    """A link that is kept on purpose is kept whole."""
    link = _parse.share_link(reply(share_link()))
    twin = pickle.loads(pickle.dumps(link))  # noqa: S301 - our own bytes
    assert twin == link
    assert (twin.token, twin.request_id) == (TOKEN, "req_1")


@pytest.mark.parametrize(
    "document",
    [
        {"kind": "track", "available": False, "message": "Gone."},
        {"available": False, "message": None, "note": "x"},
    ],
)
def test_unavailable_share_writes_what_it_read(document: dict[str, object]) -> None:
    """What was absent is null in the wire form, and nothing is made up."""
    view = _parse.shared_view(reply(document))
    nothing = dict.fromkeys(("kind", "message", "share", "track", "collection", "tracks"))
    assert isinstance(view, UnavailableShare)
    assert view.to_dict() == {**nothing, **document}


def test_raw_response() -> None:
    """Status, headers and body as they came, and the result when asked for."""
    raw = RawResponse(reply(share_link(), 201), _parse.share_link)
    assert (raw.status, raw.request_id, raw.headers["x-request-id"]) == (201, "req_1", "req_1")
    assert json.loads(raw.content) == share_link()
    assert raw.parse().token == TOKEN
    assert repr(raw) == "RawResponse(status=201, request_id='req_1')"


def test_raw_response_of_nonsense() -> None:
    """What cannot be parsed can still be looked at."""
    raw = RawResponse(Reply(200, {}, b"<html>"), _parse.share_link)
    with pytest.raises(ResponseParseError):
        raw.parse()
    assert raw.content == b"<html>"


def test_raw_response_does_not_pickle() -> None:
    """A raw answer holds the whole of the exchange, which belongs into no pickle."""
    with pytest.raises(TypeError, match="RawResponse holds secrets"):
        pickle.dumps(RawResponse(reply(share_link()), _parse.share_link))


def test_error_module_documents_its_tree() -> None:
    """The tree in the module's docstring names every class."""
    names = [name for name, item in vars(errors).items() if isinstance(item, type) and issubclass(item, Exception)]
    assert errors.__doc__ is not None
    assert [name for name in names if name not in errors.__doc__] == []
