"""Answers that many rows look at, each asked for once."""

from __future__ import annotations

from typing import Any, NoReturn

from .expectations import Json
from .outcome import NotReachable
from .trial import COLLECTION, TRACK, Kind, Trial
from .wire import Answer, as_object


def first_share(trial: Trial, kind: Kind) -> Answer:
    """The answer to a share of the owner's without a body."""
    return trial.once(("share", kind), lambda: trial.mint(kind))


def link(trial: Trial, kind: Kind) -> Json:
    """The link in it."""
    return _object(first_share(trial, kind), 201, f"share-{kind.name}.created", "token", "id")


def minted(trial: Trial, kind: Kind, **terms: Any) -> Json:
    """A new link with these terms."""
    return _object(trial.mint(kind, terms or None), 201, f"share-{kind.name}.created", "token", "id")


def token(trial: Trial, kind: Kind) -> str:
    """The token of a living link: the one that was given, or that of the first share."""
    known: str | None = getattr(trial.target.given, f"{kind.name}_token")
    return known or str(link(trial, kind)["token"])


def first_opening(trial: Trial, kind: Kind) -> Answer:
    """The answer to the first opening of a living link."""
    return trial.once(("open", kind), lambda: trial.resolve(token(trial, kind)))


def view(trial: Trial, kind: Kind) -> Json:
    """What it shows."""
    return _object(first_opening(trial, kind), 200, f"resolve-{kind.name}.opens")


def track_view(trial: Trial) -> Json:
    """The track of a track link."""
    found = view(trial, TRACK).get("track")
    return found if isinstance(found, dict) else _blocked("resolve-track.parts")


def shown_tracks(trial: Trial) -> list[Json]:
    """The track of a track link, and those of a collection link where one can be opened."""
    try:
        return [track_view(trial), *tracks(trial)]
    except NotReachable:
        return [track_view(trial)]


def tracks(trial: Trial) -> list[Json]:
    """The tracks of a collection link."""
    found = view(trial, COLLECTION).get("tracks")
    return [as_object(each) for each in found] if isinstance(found, list) else _blocked("resolve-collection.parts")


def first_save(trial: Trial) -> Answer:
    """The answer to a save by the recipient."""

    def save() -> Answer:
        trial.require_destruction()
        return trial.save(token(trial, TRACK), trial.key("recipient_key"))

    return trial.once("save", save)


def edge(trial: Trial) -> Json:
    """The library edge in it."""
    return _object(first_save(trial), 201, "save.created", "id")


def _object(answer: Answer, status: int, row_id: str, *texts: str) -> Json:
    """The object in an answer with its texts, without which whoever needs it cannot go on."""
    if answer.status == status and answer.fields and all(isinstance(answer.fields.get(name), str) for name in texts):
        return answer.fields
    return _blocked(row_id)


def _blocked(row_id: str) -> NoReturn:
    raise NotReachable(f"needs what {row_id} tries, which did not hold")
