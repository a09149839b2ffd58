"""Servers that are wrong about envelopes, headers, routes, ends of links and limits."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from .broken import Behaviour, Call, Json, Reply, Server
from .ways import Mutant, error_of, from_mind, mutant, passing_on, refusing, setting, spoiling, to
from .world import MEMBER, OWNER, UNKNOWN_TOKEN, with_token

Make = Callable[[], Behaviour]
_SHARED = f"/v1/music/shared/{UNKNOWN_TOKEN}"


def mutants() -> Iterator[Mutant]:
    """All of them."""
    for name, rows, make in [*_envelopes(), *_routes(), *_headers(), *_ends(), *_limits()]:
        yield mutant(name, rows, make)


def _line(method: str, path: str) -> Callable[[Call], bool]:
    return lambda call: (call.method, call.path) == (method, path)


_HANDLER = with_token("resolveShare", UNKNOWN_TOKEN)
_CREDENTIALS = to("saveSharedTrack", lambda call: call.key is None and "authorization" not in call.headers)
_PARSER = to("shareTrack", lambda call: call.key == OWNER and call.body == b"{")
_ROUTER = _line("GET", "/v1/nothing")
_METHOD = _line("DELETE", _SHARED)


def _envelopes() -> Iterator[tuple[str, str, Make]]:
    yield "a handler's error is a success", "envelope.keys-handler", setting(_HANDLER, 404, success=True)
    yield "no success without a key", "envelope.keys-credentials", setting(_CREDENTIALS, 401, success=None)
    yield "the parser's own error", "envelope.keys-parser", setting(_PARSER, 422, success="false")
    yield "the router's own error", "envelope.keys-router", spoiling(_ROUTER, _without("details"))
    yield "no message for a wrong method", "envelope.keys-method", spoiling(_METHOD, _without("message"))
    yield "another status in the envelope", "envelope.status", setting(_ROUTER, 404, error__status=400)
    yield "another id in the envelope", "envelope.trace-id", setting(_METHOD, 405, error__trace_id="req_other")
    yield (
        "a timestamp with an offset",
        "envelope.timestamp",
        setting(_HANDLER, 404, error__timestamp="2026-06-28T10:30:00+00:00"),
    )
    yield (
        "a trace in a failure",
        "envelope.unexpected",
        setting(to("resolveShare"), 500, error__system_message='Traceback: File "app.py"'),
    )


def _without(field: str) -> Callable[[Reply], None]:
    def take_away(reply: Reply) -> None:
        data = reply.data
        del data["error"][field]
        reply.hold(data)

    return take_away


def _routes() -> Iterator[tuple[str, str, Make]]:
    yield "an answer everywhere", "route.unknown-path", spoiling(_line("GET", "/v1/music/nowhere"), _as_page)
    yield "redirects", "route.trailing-slash", spoiling(_line("GET", f"{_SHARED}/"), _as_redirect)
    yield "404 for a wrong method", "route.wrong-method", spoiling(_METHOD, _as_404)
    yield "no allowed methods", "route.allow", spoiling(_METHOD, _without_header("allow"))
    yield (
        "credentials before the path",
        "route.path-before-credentials",
        refusing(_line("POST", f"{_SHARED}/save/nowhere"), 401, "AUTHENTICATION_REQUIRED"),
    )
    yield (
        "credentials before the method",
        "route.method-before-credentials",
        refusing(_line("DELETE", f"{_SHARED}/save"), 401, "AUTHENTICATION_REQUIRED"),
    )


def _as_page(reply: Reply) -> None:
    reply.status, reply.headers["content-type"], reply.content = 200, "text/html", b"<p>Welcome.</p>"


def _as_redirect(reply: Reply) -> None:
    reply.status, reply.headers["location"] = 307, _SHARED


def _as_404(reply: Reply) -> None:
    data = reply.data
    data["error"]["status"] = reply.status = 404
    reply.hold(data)


def _without_header(name: str) -> Callable[[Reply], None]:
    def take_away(reply: Reply) -> None:
        reply.headers.pop(name, None)

    return take_away


def _headers() -> Iterator[tuple[str, str, Make]]:
    success = to("shareTrack", lambda call: call.key == OWNER)
    for header in ("x-request-id", "freddy-processing-ms", "freddy-api-version"):
        yield f"no {header}", f"header.{header}", spoiling(success, _without_header(header))
    yield (
        "errors as text",
        "header.content-type",
        spoiling(_ROUTER, lambda reply: reply.headers.update({"content-type": "text/plain"})),
    )


def _ends() -> Iterator[tuple[str, str, Make]]:
    unavailable = {
        "kind": "track",
        "available": False,
        "message": "Removed.",
        "share": {"target_type": "track", "visibility": "link_only", "expires_at": None},
        **dict.fromkeys(("track", "collection", "tracks")),
    }
    view, edge = (200, unavailable), (201, {"id": "mlib_000000000000"})
    yield "links that end a second early", "lifecycle.lives-until-expiry", _late("resolveShare", 1)
    yield "an expiry that is off by one", "lifecycle.expired-at-expiry", _late("resolveShare", -1)
    yield "a save a second too late", "lifecycle.save-expired-at-expiry", _late("saveSharedTrack", -1)
    yield "revoked links open", "lifecycle.revoked-no-longer-opens", _reopening
    yield "revoked links are saved", "lifecycle.revoked-no-longer-saves", _after("/revoke", "saveSharedTrack", edge)
    yield "copies that go with the link", "lifecycle.saver-keeps-copy", _forgetting
    yield "removed before expired", "lifecycle.expired-and-removed", _after("/remove", "resolveShare", view)
    yield (
        "openings by nobody",
        "lifecycle.audited rate-limit.per-address",
        passing_on(lambda call: True, lambda call: replace(call, client=None)),
    )


def _late(operation: str, seconds: int) -> Make:
    """An operation that works by another time."""

    async def behave(call: Call, server: Server) -> Reply:
        if call.operation != operation:
            return await server(call)
        now = (await server.control("GET", "/clock"))["now"]
        await server.control("PUT", "/clock", {"now": _moved(now, seconds)})
        reply = await server(call)
        await server.control("PUT", "/clock", {"now": now})
        return reply

    return from_mind(behave)


def _moved(moment: str, seconds: int) -> str:
    return (datetime.fromisoformat(moment) + timedelta(seconds=seconds)).strftime("%Y-%m-%dT%H:%M:%SZ")


def _after(change: str, operation: str, instead: tuple[int, Json]) -> Make:
    """From a change of the world on, an operation that says 404 no more."""

    def make() -> Behaviour:
        changed: list[str] = []

        async def behave(call: Call, server: Server) -> Reply:
            reply = await server(call)
            if call.operation == "control" and call.path.endswith(change):
                changed.append(call.path)
            if changed and call.operation == operation and reply.status == 404:
                reply.status = instead[0]
                reply.hold(instead[1])
            return reply

        return behave

    return make


def _reopening() -> Behaviour:
    """What opened once opens for ever after the first revocation."""
    opened: dict[str, bytes] = {}
    revoked: list[str] = []

    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        if call.operation == "control" and call.path.endswith("/revoke"):
            revoked.append(call.path)
        if call.operation == "resolveShare" and reply.status == 200:
            opened[call.token] = reply.content
        if revoked and call.operation == "resolveShare" and reply.status == 404 and call.token in opened:
            reply.status, reply.content = 200, opened[call.token]
        return reply

    return behave


def _forgetting() -> Behaviour:
    revoked: list[str] = []

    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        if call.operation == "control" and call.path.endswith("/revoke"):
            revoked.append(call.path)
        if revoked and call.operation == "saveSharedTrack" and call.key == MEMBER:
            reply.hold(reply.data | {"id": "mlib_000000000000"})
        return reply

    return behave


def _limits() -> Iterator[tuple[str, str, Make]]:
    opened = to("resolveShare")

    def changed(**changes: Any) -> Callable[[Reply], None]:
        def change(reply: Reply) -> None:
            data = reply.data
            data["error"].update(changes)
            reply.hold(data)

        return change

    for name in ("limit", "remaining", "reset"):
        header = f"x-ratelimit-{name}"
        yield (
            f"no {header}",
            f"rate-limit.header-{name}",
            spoiling(opened, _without_header(header), 200),
        )
    yield "another code for too many", "rate-limit.refused", spoiling(opened, changed(code="SLOW_DOWN"), 429)
    yield "no time to wait", "rate-limit.retry-after", spoiling(opened, _without_header("retry-after"), 429)
    yield "no rate limit", "rate-limit.refused", _limitless
    yield "no burst", "rate-limit.standard-plan", _hasty
    yield (
        "one allowance for all",
        "rate-limit.per-address",
        passing_on(opened, lambda call: replace(call, client="203.0.113.1")),
    )
    yield "once refused, always refused", "rate-limit.recovers", _unforgiving


def _limitless() -> Behaviour:
    numbers = itertools.count()

    async def behave(call: Call, server: Server) -> Reply:
        number = next(numbers)
        return await server(replace(call, client=f"10.0.{number // 250}.{number % 250 + 1}"))

    return behave


def _hasty() -> Behaviour:
    """Every sixth opening counts twice, so that an allowance of 120 is one of about 100."""
    numbers = itertools.count(1)
    refused: list[str] = []

    async def behave(call: Call, server: Server) -> Reply:
        if call.operation == "resolveShare" and not refused and next(numbers) % 6 == 0:
            await server(replace(call, path=_SHARED))
        reply = await server(call)
        if reply.status == 429:
            refused.append(call.path)
        return reply

    return behave


def _unforgiving() -> Behaviour:
    refused: list[str | None] = []

    async def behave(call: Call, server: Server) -> Reply:
        if call.operation == "resolveShare" and call.client in refused:
            return error_of(429, "RATE_LIMIT_EXCEEDED", "rate_limit_error")
        reply = await server(call)
        if reply.status == 429:
            refused.append(call.client)
        return reply

    return behave
