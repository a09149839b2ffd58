"""Bodies of a share that are refused, and the order in which a request is looked at."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import partial
from typing import Any

from ..checks import CODED, require, require_error, require_status
from ..row import Row, Topic
from ..trial import JSON, KINDS, NOBODY, Kind, Trial
from ..wire import Answer, Headers, as_object

_FORM: Headers = {"Content-Type": "application/x-www-form-urlencoded"}
_MALFORMED = b"{"
_TOO_LARGE = json.dumps({"visibility": "x" * 65536}).encode()

_REFUSED: tuple[tuple[str, str, Any, str, Any, str], ...] = (
    ("not-an-object", "A body that is no object", [], "body", [], "not_an_object"),
    ("unknown-field", "An unknown field", {"expire_in_days": 30}, "expire_in_days", 30, "unknown_field"),
    (
        "days-text",
        'The text `"30"` for a number of days',
        {"expires_in_days": "30"},
        "expires_in_days",
        "30",
        "days_wrong_type",
    ),
    ("days-true", "`true` for a number of days", {"expires_in_days": True}, "expires_in_days", True, "days_wrong_type"),
    (
        "days-float",
        "`30.0` for a number of days",
        {"expires_in_days": 30.0},
        "expires_in_days",
        30.0,
        "days_wrong_type",
    ),
    ("days-zero", "A lifetime of 0 days", {"expires_in_days": 0}, "expires_in_days", 0, "days_below_minimum"),
    ("days-negative", "A negative lifetime", {"expires_in_days": -1}, "expires_in_days", -1, "days_below_minimum"),
    (
        "visibility-unknown",
        "An unknown visibility",
        {"visibility": "friends"},
        "visibility",
        "friends",
        "visibility_unknown",
    ),
    ("visibility-null", "A visibility of null", {"visibility": None}, "visibility", None, "visibility_null"),
)
"""Name, what it is in words, body, the field and the value that the details name, and the example in the contract."""


def rows() -> Iterable[Row]:
    """The rows of both kinds."""
    for kind in KINDS:
        about = Topic(f"share-{kind.name}", kind.operation)
        yield from _values(about, kind)
        yield from _forms(about, kind)
        yield from _order(about, kind)


def _values(about: Topic, kind: Kind) -> Iterable[Row]:
    for name, words, body, field, value, cause in _REFUSED:
        yield about.decided(
            name,
            f"{words} is a 422 that names field and value.",
            partial(_refuses, kind=kind, body=body, named={"field": field, "value": value}, cause=cause),
        )
    yield about.elsewhere(
        "validation-error",
        "A lifetime below 1 day is a `VALIDATION_ERROR`, whose details name field and value.",
        partial(
            _refuses,
            kind=kind,
            body={"expires_in_days": -7},
            named={"field": "expires_in_days", "value": -7},
            cause="days_below_minimum",
        ),
    )
    yield about.decided(
        "malformed-json",
        "A body that is no JSON is a 422.",
        lambda t: require_error(_raw(t, kind, _MALFORMED), kind.operation, 422, "malformed_json", fields=CODED),
    )
    yield about.decided(
        "all-errors",
        "The details of a 422 list every failure under `errors`, with field and message.",
        partial(_lists_all, kind=kind),
    )


def _forms(about: Topic, kind: Kind) -> Iterable[Row]:
    yield about.decided(
        "media-type",
        "A body of another media type is a 415.",
        lambda t: require_error(
            _raw(t, kind, b"visibility=public", _FORM), kind.operation, 415, "not_json", fields=CODED
        ),
    )
    yield about.decided(
        "too-large",
        "A body of more than 64 KiB is a 413.",
        lambda t: require_error(_raw(t, kind, _TOO_LARGE), kind.operation, 413, "too_large", fields=CODED),
    )


def _order(about: Topic, kind: Kind) -> Iterable[Row]:
    yield about.decided(
        "credentials-before-body",
        "Without a credential and with a bad body, the answer is 401.",
        lambda t: require_status(401, t.share(kind, {**NOBODY, **JSON}, _MALFORMED)),
    )
    yield about.decided(
        "media-type-before-membership",
        "For who is no member and sends another media type, the answer is 415.",
        lambda t: require_status(415, _raw(t, kind, b"visibility=public", _FORM, "outsider_key")),
    )
    yield about.decided(
        "body-before-membership",
        "For who is no member and sends a bad body, the answer is 422.",
        lambda t: require_status(422, _raw(t, kind, _MALFORMED, JSON, "outsider_key")),
    )
    yield about.decided(
        "membership-before-ownership",
        "For who is no member and names unknown content, the answer is 403.",
        lambda t: require_status(403, t.share(kind, t.key("outsider_key"), target=kind.unknown)),
    )


def _raw(trial: Trial, kind: Kind, body: bytes, media: Headers = JSON, who: str = "owner_key") -> Answer:
    return trial.share(kind, {**trial.key(who), **media}, body)


def _refuses(trial: Trial, kind: Kind, body: Any, named: dict[str, Any], cause: str) -> None:
    answer = _raw(trial, kind, json.dumps(body).encode())
    require_error(answer, kind.operation, 422, cause, fields=CODED, details=named)


def _lists_all(trial: Trial, kind: Kind) -> None:
    answer = _raw(trial, kind, b'{"visibility":"friends","expires_in_days":0}')
    errors = as_object(answer.error.get("details")).get("errors")
    listed = [as_object(each) for each in errors] if isinstance(errors, list) else []
    described = sorted(str(each.get("field")) for each in listed if each.get("message"))
    expected = ["expires_in_days", "visibility"]
    require(described == expected, "an error with a message for expires_in_days and one for visibility", errors)
