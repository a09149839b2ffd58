"""One handler per operation of the control plane; see openapi.yaml beside this file."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any
from urllib.parse import parse_qsl

from .. import __version__
from ..answers import Answer, Empty, Sendable
from ..clock import END, AdjustableClock, settable_moment, timestamp
from ..exchange import Exchange
from ..faults import FaultPlan
from ..fixtures import DocumentSource, FixtureSource, SeedSource, document_of
from ..handlers import BY_OPERATION as API_OPERATIONS
from ..journal import Filters, RecordedRequest
from ..refusals import EndpointNotFound, FieldError, InvalidBody, NotThere, SandboxNotFound
from ..sandboxes import Origin, SandboxRegistry, path_of

Path = Mapping[str, str]
Json = dict[str, Any]
Handler = Callable[[Exchange, Path], Awaitable[Sendable]]

_DONE = Empty(204)
_MAX_LIMIT = 10_000


async def health(exchange: Exchange, path: Path) -> Sendable:
    """Answer at all."""
    return Answer(200, {"status": "ok", "version": __version__})


async def reset_sandbox(exchange: Exchange, path: Path) -> Sendable:
    """Begin anew."""
    await exchange.control.sandbox.reset()
    return _DONE


async def get_state(exchange: Exchange, path: Path) -> Sendable:
    """Export the world."""
    sandbox = exchange.control.sandbox
    return Answer(200, document_of(await sandbox.store.world(), sandbox.mock.ids.next_ids))


async def put_state(exchange: Exchange, path: Path) -> Sendable:
    """Load a world."""
    sandbox, now = exchange.control.sandbox, int(exchange.mock.clock.time())
    source = DocumentSource(exchange.body)
    await source.check()
    await sandbox.load(source(now=now, deterministic=sandbox.origin.deterministic))
    return _DONE


async def revoke_link(exchange: Exchange, path: Path) -> Sendable:
    """Revoke a share link."""
    return _found(await exchange.control.sandbox.store.revoke(path["link_id"]), path)


async def expire_link(exchange: Exchange, path: Path) -> Sendable:
    """Let a share link expire now."""
    now = int(exchange.mock.clock.time())
    return _found(await exchange.control.sandbox.store.set_expiry(path["link_id"], now), path)


async def remove_track(exchange: Exchange, path: Path) -> Sendable:
    """Remove a track."""
    return _found(await exchange.control.sandbox.store.set_track_removed(path["track_id"], removed=True), path)


async def restore_track(exchange: Exchange, path: Path) -> Sendable:
    """Bring a removed track back."""
    return _found(await exchange.control.sandbox.store.set_track_removed(path["track_id"], removed=False), path)


async def remove_collection(exchange: Exchange, path: Path) -> Sendable:
    """Remove a collection."""
    return _found(
        await exchange.control.sandbox.store.set_collection_removed(path["collection_id"], removed=True), path
    )


async def restore_collection(exchange: Exchange, path: Path) -> Sendable:
    """Bring a removed collection back."""
    return _found(
        await exchange.control.sandbox.store.set_collection_removed(path["collection_id"], removed=False), path
    )


async def get_clock(exchange: Exchange, path: Path) -> Sendable:
    """Read the clock."""
    return _clock(exchange.control.sandbox.clock)


async def put_clock(exchange: Exchange, path: Path) -> Sendable:
    """Freeze, advance or release the clock."""
    clock = await exchange.control.sandbox.adjust(partial(_adjust, exchange.body))
    # What the clock was moved by is no time that the answer took.
    exchange.started = clock.time()
    return _clock(clock)


async def list_faults(exchange: Exchange, path: Path) -> Sendable:
    """List the faults."""
    return _items(fault.to_json() for fault in await exchange.mock.faults.items())


async def add_fault(exchange: Exchange, path: Path) -> Sendable:
    """Add a fault."""
    fault = await exchange.mock.faults.add(FaultPlan.from_json(exchange.body))
    return Answer(201, fault.to_json())


async def clear_faults(exchange: Exchange, path: Path) -> Sendable:
    """Take all faults away."""
    await exchange.mock.faults.clear()
    return _DONE


async def list_requests(exchange: Exchange, path: Path) -> Sendable:
    """List what was asked and answered."""
    return _items(map(_request, await exchange.mock.journal.requests(_filters(exchange.query))))


async def clear_requests(exchange: Exchange, path: Path) -> Sendable:
    """Empty the journal."""
    await exchange.mock.journal.clear()
    return _DONE


async def list_audit(exchange: Exchange, path: Path) -> Sendable:
    """List who opened what."""
    entries = await exchange.mock.audit.entries()
    return _items({**entry._asdict(), "time": timestamp(entry.time)} for entry in entries)


async def list_sandboxes(exchange: Exchange, path: Path) -> Sendable:
    """List the sandboxes."""
    return _items(_sandbox(exchange, name) for name in await _sandboxes(exchange).names())


async def create_sandbox(exchange: Exchange, path: Path) -> Sendable:
    """Make a sandbox."""
    sandboxes = _sandboxes(exchange)
    body = exchange.body
    origin = await _origin(body, sandboxes.default.origin)
    return Answer(201, _sandbox(exchange, await sandboxes.create(body.get("name"), origin)))


async def delete_sandbox(exchange: Exchange, path: Path) -> Sendable:
    """Throw a sandbox away."""
    if not await _sandboxes(exchange).delete(path["name"]):
        raise SandboxNotFound(path["name"])
    return _DONE


_HANDLERS: Mapping[str, Handler] = {
    "health": health,
    "resetSandbox": reset_sandbox,
    "getState": get_state,
    "putState": put_state,
    "revokeLink": revoke_link,
    "expireLink": expire_link,
    "removeTrack": remove_track,
    "restoreTrack": restore_track,
    "removeCollection": remove_collection,
    "restoreCollection": restore_collection,
    "getClock": get_clock,
    "putClock": put_clock,
    "listFaults": list_faults,
    "addFault": add_fault,
    "clearFaults": clear_faults,
    "listRequests": list_requests,
    "clearRequests": clear_requests,
    "listAudit": list_audit,
    "listSandboxes": list_sandboxes,
    "createSandbox": create_sandbox,
    "deleteSandbox": delete_sandbox,
}

_PARAMETERS: Mapping[str, tuple[str, ...]] = {"listRequests": Filters._fields}
"""What an operation may be asked with in the query; the others take nothing there."""


def _strict(handler: Handler, known: tuple[str, ...]) -> Handler:
    """The handler, which refuses what it would not heed: a filter that is misspelt must not list, or clear, all."""

    async def handle(exchange: Exchange, path: Path) -> Sendable:
        if errors := list(_unknown_parameters(exchange.query, known)):
            raise InvalidBody(errors)
        return await handler(exchange, path)

    return handle


def _unknown_parameters(query: str, known: tuple[str, ...]) -> Iterator[FieldError]:
    wanted = f"known are {', '.join(known)}" if known else "this operation takes none"
    for name, value in parse_qsl(query, keep_blank_values=True):
        if name not in known:
            yield FieldError(name, value, f"unknown query parameter; {wanted}")


BY_OPERATION: Mapping[str, Handler] = {
    operation: _strict(handler, _PARAMETERS.get(operation, ())) for operation, handler in _HANDLERS.items()
}


def _sandboxes(exchange: Exchange) -> SandboxRegistry:
    """All sandboxes, which the control plane of the default one speaks of."""
    if exchange.control.sandbox.name is not None:
        raise EndpointNotFound
    return exchange.control.sandboxes


async def _origin(body: Json, default: Origin) -> Origin:
    """How a sandbox is to begin: as the default one, but for what is asked for."""
    if "seed" in body and "fixture" in body:
        raise InvalidBody([FieldError("fixture", None, "give either a seed or a fixture")])
    deterministic = body.get("deterministic", default.deterministic)
    fixture: FixtureSource = default.fixture
    if "seed" in body:
        fixture = SeedSource(body["seed"])
    elif "fixture" in body:
        fixture = DocumentSource(body["fixture"])
        await fixture.check()
    frozen_at = _moment("clock", body["clock"]) if "clock" in body else default.frozen_at
    return Origin(fixture, frozen_at, deterministic)


def _moment(field: str, text: str) -> int:
    try:
        return settable_moment(text)
    except ValueError:
        message = "must be a moment of the years 2000 to 8999 such as 2026-06-28T10:30:00Z"
        raise InvalidBody([FieldError(field, text, message)]) from None


def _adjust(body: Json, clock: AdjustableClock) -> None:
    match body:
        case {"now": str(now)}:
            clock.freeze(_moment("now", now))
        case {"advance_seconds": seconds}:
            _require_reach(seconds, clock.time() + seconds)
            clock.advance(seconds)
        case _:
            clock.release()


def _require_reach(seconds: float, moment: float) -> None:
    if moment >= END:
        raise InvalidBody([FieldError("advance_seconds", seconds, "must not lead beyond the year 8999")])


def _filters(query: str) -> Filters:
    """The filters of a query."""
    asked = dict(parse_qsl(query, keep_blank_values=True))
    return Filters(
        method=asked["method"].upper() if "method" in asked else None,
        operation=_operation(asked["operation"]) if "operation" in asked else None,
        status=_number("status", asked, 100, 599),
        since=_moment("since", asked["since"]) if "since" in asked else None,
        limit=_number("limit", asked, 1, _MAX_LIMIT),
    )


def _operation(name: str) -> str:
    # No request will ever have another one, and an empty list would pass for the news that nobody asked.
    if name not in API_OPERATIONS:
        raise InvalidBody([FieldError("operation", name, f"must be one of {', '.join(API_OPERATIONS)}")])
    return name


def _number(field: str, asked: Mapping[str, str], least: int, most: int) -> int | None:
    text = asked.get(field)
    if text is None:
        return None
    # More digits than these are no number that is meant, and too many are a burden to read.
    if not re.fullmatch("[0-9]{1,9}", text) or not least <= int(text) <= most:
        raise InvalidBody([FieldError(field, text, f"must be a whole number from {least} to {most}")])
    return int(text)


def _found(found: bool, path: Path) -> Sendable:
    if not found:
        raise NotThere(dict(path))
    return _DONE


def _items(items: Iterable[Json]) -> Sendable:
    return Answer(200, {"items": list(items)})


def _clock(clock: AdjustableClock) -> Sendable:
    return Answer(200, {"now": timestamp(clock.time()), "mode": clock.mode})


def _request(request: RecordedRequest) -> Json:
    return {**request._asdict(), "time": timestamp(request.time)}


def _sandbox(exchange: Exchange, name: str) -> Json:
    base_url = exchange.server_url + path_of(name)
    return {"name": name, "base_url": base_url, "control_url": f"{base_url}/_mock"}
