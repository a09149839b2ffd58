"""What becomes of links that do not open, and of content that was removed."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from ..checks import require, require_equal, require_status
from ..row import Row, Topic
from ..trial import KINDS, Kind, Trial
from ..wire import Answer
from .gone import gone, refused

_ABSENT = ("track", "collection", "tracks")


def rows() -> Iterable[Row]:
    """The rows of opening."""
    yield from _gone(Topic("resolve", "resolveShare"))
    for kind in KINDS:
        yield from _removed(Topic(f"resolve-{kind.name}", "resolveShare"), kind)


def _gone(about: Topic) -> Iterable[Row]:
    yield from gone(about, Trial.resolve)
    yield about.decided(
        "revoked-and-removed",
        "For a revoked link to removed content, the 404 wins.",
        refused(about, Trial.resolve, "revoked_removed_token", "revoked"),
    )


def _removed(about: Topic, kind: Kind) -> Iterable[Row]:
    yield about.documented(
        "removed",
        "Content that its creator removed opens with `available: false` and a message for people.",
        partial(_notice, kind=kind),
    )
    yield about.decided(
        "removed-parts",
        "While content is unavailable, all seven keys stay: `kind` and `share` as ever, the others null.",
        partial(_emptied, kind=kind),
    )


def _opened(trial: Trial, kind: Kind) -> Answer:
    return trial.once(("removed", kind), lambda: trial.resolve(trial.given(f"removed_{kind.name}_token")))


def _notice(trial: Trial, kind: Kind) -> None:
    answer = _opened(trial, kind)
    require_status(200, answer)
    got = answer.fields
    require_equal(False, got.get("available"))
    message = got.get("message")
    require(isinstance(message, str) and message.strip() != "", "a message for people", message)


def _emptied(trial: Trial, kind: Kind) -> None:
    answer = _opened(trial, kind)
    got = answer.fields
    expected = {"kind": kind.name, **dict.fromkeys(_ABSENT)}
    require_equal(expected, {name: got.get(name, "no such key") for name in expected})
    share = got.get("share")
    kept = {"target_type", "visibility", "expires_at"}
    require(isinstance(share, dict) and share.keys() >= kept, sorted(kept), share)
