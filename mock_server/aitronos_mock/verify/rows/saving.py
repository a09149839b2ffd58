"""What a save answers, and when there is nothing to save."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..checks import MOMENT, require, require_equal, require_error, require_form, require_status, require_valid
from ..evidence import edge, first_save, minted, token, track_view
from ..expectations import Json
from ..outcome import NotReachable
from ..row import Row, Topic
from ..trial import COLLECTION, JSON, TRACK, Trial
from ..wire import Answer
from .gone import gone, refused

_ABOUT = Topic("save", "saveSharedTrack")


def rows() -> Iterable[Row]:
    """The rows of saving."""
    yield from _edges()
    yield from _again()
    yield from _gone()


def _edges() -> Iterable[Row]:
    yield _ABOUT.documented("created", "A save is answered with 201.", lambda t: require_status(201, first_save(t)))
    yield _ABOUT.documented(
        "schema",
        "A library edge has all its fields, each of its type.",
        lambda t: require_valid("saveSharedTrack", 201, edge(t)),
    )
    yield _ABOUT.documented(
        "id-form",
        "`id` is `mlib_` and 12 hexadecimal digits.",
        lambda t: require_form("mlib_[0-9a-f]{12}", edge(t).get("id")),
    )
    yield _ABOUT.documented(
        "track-id",
        "`track_id` is the track that the link shares.",
        lambda t: require_equal(t.given("track"), edge(t).get("track_id")),
    )
    yield _ABOUT.documented("source", "`source` is `shared`.", lambda t: require_equal("shared", edge(t).get("source")))
    yield _ABOUT.documented("share-link-id", "`share_link_id` is the link's id, or null.", _names_the_link)
    yield _ABOUT.documented(
        "created-at",
        "`created_at` is a moment in UTC, in whole seconds.",
        lambda t: require_form(MOMENT, edge(t).get("created_at")),
    )
    yield _ABOUT.documented("track-unchanged", "Saving leaves the track as it was.", _unchanged)


def _again() -> Iterable[Row]:
    yield _ABOUT.decided("again", "Saving again gives the edge that is there, with 201.", _again_the_same)
    yield _ABOUT.decided("each-user", "Another user's save gives an edge of that user's own.", _each_their_own)
    yield _ABOUT.decided(
        "own-track", "One's own track can be saved.", lambda t: require_status(201, _save_as(t, "owner_key"))
    )
    yield _ABOUT.decided(
        "across-organizations",
        "Who belongs to another organization can save.",
        lambda t: require_status(201, _save_as(t, "outsider_key")),
    )
    yield _ABOUT.decided(
        "body-ignored",
        "A body that is sent is ignored.",
        lambda t: require_status(201, _save_as(t, "recipient_key", b'{"no": "matter"}')),
    )


def _gone() -> Iterable[Row]:
    yield from gone(_ABOUT, _by_recipient)
    yield _ABOUT.documented(
        "removed",
        "A link to a removed track is the documented 404.",
        refused(_ABOUT, _by_recipient, "removed_track_token", "removed"),
    )
    yield _ABOUT.decided(
        "collection",
        "A link to a collection cannot be saved: 404.",
        lambda t: require_error(
            t.save(token(t, COLLECTION), t.key("recipient_key")), _ABOUT.operation, 404, "collection", details={}
        ),
    )


def _by_recipient(trial: Trial, token: str) -> Answer:
    return trial.save(token, trial.key("recipient_key"))


def _each_their_own(trial: Trial) -> None:
    first = edge(trial)
    answer = trial.save(token(trial, TRACK), trial.key("member_key"))
    require_status(201, answer)
    require(answer.fields.get("id") != first["id"], "another id", "the id of the first user's edge")


def _save_as(trial: Trial, who: str, body: bytes | None = None) -> Any:
    trial.require_destruction()
    headers = trial.key(who) if body is None else {**trial.key(who), **JSON}
    return trial.save(token(trial, TRACK), headers, body)


def _names_the_link(trial: Trial) -> None:
    made = minted(trial, TRACK)
    answer = trial.save(made["token"], trial.key("member_key"))
    require_status(201, answer)
    got = answer.fields.get("share_link_id", "no such field")
    require(got in (None, made["id"]), f"{made['id']} or null", got)


def _unchanged(trial: Trial) -> None:
    before = _lasting(track_view(trial))
    edge(trial)
    answer = trial.resolve(token(trial, TRACK))
    after = answer.fields.get("track")
    if not isinstance(after, dict):
        raise NotReachable("needs what resolve-track.parts tries, which did not hold")
    require_equal(before, _lasting(after))


def _lasting(track: Json) -> Json:
    return {name: value for name, value in track.items() if name != "playback_url"}


def _again_the_same(trial: Trial) -> None:
    first = edge(trial)
    answer = trial.save(token(trial, TRACK), trial.key("recipient_key"))
    require_status(201, answer)
    require_equal(first["id"], answer.fields.get("id"))
