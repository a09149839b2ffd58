"""What a living link shows."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from ..checks import require, require_equal, require_form, require_status, require_valid
from ..evidence import first_opening, minted, shown_tracks, token, track_view, tracks, view
from ..expectations import Json
from ..given import ids
from ..outcome import NotReachable
from ..row import Row, Topic
from ..trial import COLLECTION, KINDS, TRACK, UNKNOWN_KEY, Kind, Trial
from ..wire import as_object

_KEYS = {"kind", "available", "message", "share", "track", "collection", "tracks"}
_COMMERCIAL = ("commercial_cleared", "commercial_enterprise")
_CLASSES = (*_COMMERCIAL, "personal_only", "unclear")
_PARTS: dict[str, dict[str, type]] = {
    "track": {"track": dict, "collection": type(None), "tracks": type(None)},
    "collection": {"track": type(None), "collection": dict, "tracks": list},
}
"""What each part of a view is, by kind."""


def rows() -> Iterable[Row]:
    """The rows of both kinds, and those of one."""
    for kind in KINDS:
        yield from _views(Topic(f"resolve-{kind.name}", "resolveShare"), kind)
    yield from _tracks(Topic("resolve-track", "resolveShare"))
    yield from _collections(Topic("resolve-collection", "resolveShare"))
    yield from _public(Topic("resolve", "resolveShare"))


def _views(about: Topic, kind: Kind) -> Iterable[Row]:
    yield about.documented(
        "opens", "A living link opens without any key.", lambda t: require_status(200, first_opening(t, kind))
    )
    yield about.documented(
        "keys",
        "A view has seven keys.",
        lambda t: require(view(t, kind).keys() >= _KEYS, sorted(_KEYS), sorted(view(t, kind))),
    )
    yield about.documented(
        "schema",
        "Every field of a view has its type.",
        lambda t: require_valid("resolveShare", 200, {**dict.fromkeys(_KEYS), **_PLAIN, **view(t, kind)}),
    )
    yield about.documented(
        "kind", f"`kind` is `{kind.name}`.", lambda t: require_equal(kind.name, view(t, kind).get("kind"))
    )
    yield about.documented(
        "parts", "What belongs to the kind is there, and what does not is null.", partial(_parts, kind=kind)
    )
    yield about.documented(
        "available", "What is there is available, without a message.", partial(_available, kind=kind)
    )
    yield about.documented("share", "`share` has the terms of the link.", partial(_share_info, kind=kind))
    yield about.documented(
        "key-not-needed-for-public",
        "A public link opens without any key too.",
        lambda t: require_status(200, t.resolve(minted(t, kind, visibility="public")["token"])),
    )


_PLAIN: Json = {
    "kind": "track",
    "available": True,
    "share": {"target_type": "track", "visibility": "public", "expires_at": None},
}
"""What stands in for a key that is not there, which is the business of another row."""


def _tracks(about: Topic) -> Iterable[Row]:
    yield about.documented(
        "is-the-shared-one", "The track is the one that was shared.", lambda t: _is(t, TRACK, track_view(t).get("id"))
    )
    yield about.documented(
        "id-form",
        "The id of a track is `mtrack_` and 12 hexadecimal digits.",
        lambda t: require_form("mtrack_[0-9a-f]{12}", track_view(t).get("id")),
    )
    yield about.documented("playback-new", "Every opening mints another playback URL.", _playback_new)
    yield about.documented("plays", "The playback URL gives audio, without any key.", _plays)
    yield about.documented("playback-signed", "An altered playback URL gives nothing.", _signed)
    yield about.documented(
        "licence-not-overstated",
        "No class but `commercial_cleared` and `commercial_enterprise` is said to allow commercial use.",
        _not_overstated,
    )
    yield about.elsewhere(
        "licence-classes",
        "The licence class of every track is one of the documented four.",
        lambda t: _each_licence(t, "licence_class", _CLASSES),
    )
    yield about.elsewhere(
        "untitled", "The title is null where none was given, and so is a length that is not known.", _untitled
    )


def _collections(about: Topic) -> Iterable[Row]:
    yield about.documented(
        "is-the-shared-one",
        "The collection is the one that was shared.",
        lambda t: _is(t, COLLECTION, as_object(view(t, COLLECTION).get("collection")).get("id")),
    )
    yield about.documented(
        "id-form",
        "The id of a collection is `mcoll_` and 12 hexadecimal digits.",
        lambda t: require_form("mcoll_[0-9a-f]{12}", as_object(view(t, COLLECTION).get("collection")).get("id")),
    )
    yield about.elsewhere(
        "order",
        "The tracks of a collection stand by position, ascending.",
        lambda t: require_equal(
            ids(t.given("collection_tracks")), [each for each in _ids(t) if each != t.target.given.hidden_track]
        ),
    )
    yield about.documented("playback-new", "Every opening mints other playback URLs for all tracks.", _all_playback_new)
    yield about.documented("plays", "The playback URL of each track gives audio, without any key.", _all_play)
    yield about.decided("hidden", "A track that its creator removed is left out.", _hidden)
    yield about.decided(
        "empty",
        "An empty collection has an empty list of tracks.",
        lambda t: require_equal([], _opened(t, "empty_collection_token").get("tracks")),
    )


def _public(about: Topic) -> Iterable[Row]:
    yield about.decided(
        "good-key-ignored",
        "A key that is sent is ignored.",
        lambda t: require_status(200, t.resolve(token(t, TRACK), t.key("owner_key"))),
    )
    yield about.decided(
        "bad-key-ignored",
        "A key that is sent is ignored, even one that nobody holds.",
        lambda t: require_status(200, t.resolve(token(t, TRACK), UNKNOWN_KEY)),
    )
    yield about.decided(
        "bad-bearer-ignored",
        "A bearer credential is ignored too.",
        lambda t: require_status(200, t.resolve(token(t, TRACK), {"Authorization": "Bearer nobody"})),
    )
    yield about.decided("visibilities-alike", "`public` and `link_only` links show the same.", _alike)


def _parts(trial: Trial, kind: Kind) -> None:
    shown = view(trial, kind)
    expected = {name: each.__name__ for name, each in _PARTS[kind.name].items()}
    require_equal(expected, {name: type(shown.get(name)).__name__ for name in expected})


def _available(trial: Trial, kind: Kind) -> None:
    shown = view(trial, kind)
    require_equal({"available": True, "message": None}, {name: shown.get(name) for name in ("available", "message")})


def _share_info(trial: Trial, kind: Kind) -> None:
    made = minted(trial, kind, visibility="public", expires_in_days=7)
    answer = trial.resolve(made["token"])
    require_status(200, answer)
    expected = {name: made.get(name) for name in ("target_type", "visibility", "expires_at")}
    shown = as_object(answer.fields.get("share"))
    require_equal(expected, {name: shown.get(name, "no such field") for name in expected})


def _is(trial: Trial, kind: Kind, got: Any) -> None:
    require_equal(trial.given(kind.name), got)


def _playback_new(trial: Trial) -> None:
    first, second = _playback_url(track_view(trial)), _playback_url(_reopened(trial))
    require(first != second, "another playback_url at each opening", "the same one")


def _all_playback_new(trial: Trial) -> None:
    before = {_playback_url(each) for each in _some(tracks(trial))}
    again = [each for each in _reopened_tracks(trial) if _playback_url(each) in before]
    require(not again, "another playback_url for each track", [each.get("id") for each in again])


def _all_play(trial: Trial) -> None:
    for each in _some(_reopened_tracks(trial)):
        _require_audio(trial, each)


def _some(shown: list[Json]) -> list[Json]:
    """Tracks, without which a row would hold whatever the server does."""
    if not shown:
        raise NotReachable("needs a collection that shows tracks")
    return shown


def _reopened_tracks(trial: Trial) -> list[Json]:
    answer = trial.resolve(token(trial, COLLECTION))
    require_status(200, answer)
    found = answer.fields.get("tracks")
    require(isinstance(found, list), "a list of tracks", found)
    return [as_object(each) for each in found or []]


def _plays(trial: Trial) -> None:
    _require_audio(trial, _reopened(trial))


def _require_audio(trial: Trial, shown: Json) -> None:
    answer = trial.fetch(_playback_url(shown))
    require(answer.status in (200, 206), "status 200 or 206", f"status {answer.status}")
    kind = answer.headers.get("content-type", "none")
    require(kind.startswith("audio/"), "a media type of audio", kind)


def _signed(trial: Trial) -> None:
    url = _playback_url(_reopened(trial))
    altered = url[:-1] + ("0" if url[-1] != "0" else "1")
    status = trial.fetch(altered).status
    require(400 <= status < 500, "a refusal of an address with another last character", f"status {status}")


def _reopened(trial: Trial) -> Json:
    answer = trial.resolve(token(trial, TRACK))
    require_status(200, answer)
    found = answer.fields.get("track")
    require(isinstance(found, dict), "a track", found)
    return as_object(found)


def _playback_url(shown: Json) -> str:
    url = shown.get("playback_url")
    require_form("https?://.+", url)
    return str(url)


def _not_overstated(trial: Trial) -> None:
    for shown in shown_tracks(trial):
        licence = as_object(shown.get("licence"))
        overstated = licence.get("licence_class") not in _COMMERCIAL and licence.get("commercial_use") is True
        require(not overstated, "commercial_use false for this class", licence)


def _each_licence(trial: Trial, name: str, values: tuple[str, ...]) -> None:
    for shown in shown_tracks(trial):
        got = as_object(shown.get("licence")).get(name)
        require(got in values, f"one of {', '.join(values)}", got)


def _untitled(trial: Trial) -> None:
    wanted = trial.given("untitled_track")
    shown = next((each for each in tracks(trial) if each.get("id") == wanted), None)
    if shown is None:
        raise NotReachable("needs the untitled track among those of the collection, which row order looks at")
    expected: Json = {"title": None, "measured_duration_seconds": None}
    require_equal(expected, {name: shown.get(name, "no such field") for name in expected})


def _ids(trial: Trial) -> list[Any]:
    return [each.get("id") for each in tracks(trial)]


def _hidden(trial: Trial) -> None:
    hidden, shown = trial.given("hidden_track"), _ids(trial)
    require(hidden not in shown, f"tracks without {hidden}", shown)


def _opened(trial: Trial, name: str) -> Json:
    answer = trial.resolve(trial.given(name))
    require_status(200, answer)
    return answer.fields


def _alike(trial: Trial) -> None:
    open_to = {visibility: minted(trial, TRACK, visibility=visibility) for visibility in ("public", "link_only")}
    answers = {visibility: trial.resolve(made["token"]) for visibility, made in open_to.items()}
    for answer in answers.values():
        require_status(200, answer)
    require_equal(_content(answers["public"].fields), _content(answers["link_only"].fields))


def _content(shown: Json) -> Json:
    """What a view shows, without what is new or another one by its nature."""
    track = {name: each for name, each in as_object(shown.get("track")).items() if name != "playback_url"}
    return {**{name: each for name, each in shown.items() if name != "share"}, "track": track}
