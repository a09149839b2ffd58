"""What every answer has, and what becomes of requests that no operation takes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from ..checks import CODED, MOMENT, require, require_equal, require_error, require_form, require_status
from ..evidence import first_opening, first_save, first_share
from ..expectations import ANY
from ..given import UNKNOWN_TOKEN
from ..outcome import NotReachable
from ..row import Row, Topic
from ..trial import JSON, NOBODY, TRACK, Trial
from ..wire import Answer

_KEYS = ("code", "message", "system_message", "type", "status", "details", "trace_id", "timestamp")
_SHARED = f"/v1/music/shared/{UNKNOWN_TOKEN}"
_ABOUT = Topic("envelope", ANY)
_ROUTES = Topic("route", ANY)
_HEADERS = Topic("header", ANY)


def rows() -> Iterable[Row]:
    """The rows of answers at large."""
    yield from _envelopes()
    yield from _routes()
    yield from _headers()


def _envelopes() -> Iterable[Row]:
    for name, ask in _ERRORS.items():
        about = _ABOUT.documented if name in ("credentials", "handler") else _ABOUT.decided
        yield about(
            f"keys-{name}",
            f"The error of the {name} is the envelope: `success` is false, and `error` has its eight fields.",
            partial(_is_envelope, ask=ask),
        )
    yield _ABOUT.decided("status", "`status` is the HTTP status.", _status)
    yield _ABOUT.decided("trace-id", "`trace_id` is `x-request-id`, which begins with `req_`.", _trace_id)
    yield _ABOUT.documented(
        "timestamp",
        "`timestamp` is a moment in UTC, in whole seconds.",
        lambda t: require_form(MOMENT, _refused(t).error.get("timestamp")),
    )
    yield _ABOUT.decided("unexpected", "An unexpected failure is a 500 for people, without its cause.", _unexpected)


def _routes() -> Iterable[Row]:
    def unknown(path: str) -> Callable[[Trial], None]:
        return lambda t: require_error(t.ask("GET", path), ANY, 404, "unknown_path", fields=CODED)

    yield _ROUTES.decided("unknown-path", "A path that nothing serves is a 404.", unknown("/v1/music/nowhere"))
    yield _ROUTES.decided(
        "trailing-slash", "A trailing slash makes another path, and nothing redirects.", unknown(f"{_SHARED}/")
    )
    yield _ROUTES.decided(
        "wrong-method",
        "A method that the path does not have is a 405.",
        lambda t: require_error(_wrong_method(t), ANY, 405, "wrong_method", fields=CODED),
    )
    yield _ROUTES.decided("allow", "A 405 names in `Allow` the methods that the path has.", _allows)
    yield _ROUTES.decided(
        "path-before-credentials",
        "Without a credential, an unknown path below an operation's is a 404 and no 401.",
        lambda t: require_status(404, t.ask("POST", f"{_SHARED}/save/nowhere")),
    )
    yield _ROUTES.decided(
        "method-before-credentials",
        "Without a credential, a wrong method is a 405 and no 401.",
        lambda t: require_status(405, t.ask("DELETE", f"{_SHARED}/save")),
    )


def _headers() -> Iterable[Row]:
    demanded = {
        "x-request-id": ("req_[0-9A-Za-z]+", _HEADERS.elsewhere, "an id of the request"),
        "freddy-processing-ms": ("[0-9]+", _HEADERS.elsewhere, "whole milliseconds"),
        "freddy-api-version": (r"\d{4}-\d\d-\d\d", _HEADERS.elsewhere, "a date"),
        "content-type": (r"application/json(;.*)?", _HEADERS.documented, "JSON"),
    }
    for header, (form, about, words) in demanded.items():
        yield about(
            header,
            f"Every answer, of success and of failure, has `{header}`: {words}.",
            partial(_everywhere, header=header, form=form),
        )


def _handler(trial: Trial) -> Answer:
    return trial.once("handler", lambda: trial.resolve(UNKNOWN_TOKEN))


_refused = _handler


def _credentials(trial: Trial) -> Answer:
    return trial.once("credentials", lambda: trial.save(UNKNOWN_TOKEN, NOBODY))


def _parser(trial: Trial) -> Answer:
    return trial.once("parser", lambda: trial.share(TRACK, {**trial.key("owner_key"), **JSON}, b"{"))


def _router(trial: Trial) -> Answer:
    return trial.once("router", lambda: trial.ask("GET", "/v1/nothing"))


def _wrong_method(trial: Trial) -> Answer:
    return trial.once("method", lambda: trial.ask("DELETE", _SHARED))


_ERRORS: dict[str, Callable[[Trial], Answer]] = {
    "handler": _handler,
    "credentials": _credentials,
    "parser": _parser,
    "router": _router,
    "method": _wrong_method,
}
"""Errors by where they come from."""


_SUCCESSES: tuple[Callable[[Trial], Answer], ...] = (
    lambda trial: first_share(trial, TRACK),
    lambda trial: first_opening(trial, TRACK),
    first_save,
)


def _is_envelope(trial: Trial, ask: Callable[[Trial], Answer]) -> None:
    answer = ask(trial)
    got = answer.fields
    expected = {"success": False, "error": {"fields": sorted(_KEYS)}}
    require_equal(False, got.get("success", "no such field") if got else answer.data)
    require(answer.error.keys() >= set(_KEYS), expected, got)


def _status(trial: Trial) -> None:
    for ask in (_handler, _credentials, _router, _wrong_method):
        answer = ask(trial)
        require_equal(answer.status, answer.error.get("status"))


def _trace_id(trial: Trial) -> None:
    for ask in (_handler, _credentials, _router, _wrong_method):
        answer = ask(trial)
        got = answer.error.get("trace_id")
        require_form("req_.+", got)
        require_equal(answer.headers.get("x-request-id"), got)


def _unexpected(trial: Trial) -> None:
    if trial.target.control is None:
        raise NotReachable("needs a sandbox of a mock: no request makes a server fail that works")
    trial.target.control.fail_once("resolveShare")
    answer = trial.ask("GET", _SHARED)
    require_error(answer, "resolveShare", 500, "unexpected", fields=CODED)
    for word in (b"Traceback", b"Exception", b'File \\"', b".py"):
        require(word not in answer.content, "no trace and no class name", answer.data)


def _allows(trial: Trial) -> None:
    allowed: Any = _wrong_method(trial).headers.get("allow")
    methods = [each.strip() for each in allowed.split(",")] if allowed else allowed
    require(bool(methods) and "GET" in methods, "GET among the methods", methods)


def _everywhere(trial: Trial, header: str, form: str) -> None:
    for ask in (_handler, _credentials, _router, *_SUCCESSES):
        try:
            answer = ask(trial)
        except NotReachable:
            # What was not given is no fault of the answers that there are.
            continue
        require_form(form, answer.headers.get(header))
