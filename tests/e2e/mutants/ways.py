"""Ways to be broken."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .broken import Behaviour, Call, Json, Reply, Server

When = Callable[[Call], bool]


@dataclass(frozen=True)
class Mutant:
    """One broken server.

    Attributes:
        name: What is wrong with it.
        rows: Exactly the rows that it breaks.
        make: Makes it anew, with no memory of another run.
    """

    name: str
    rows: frozenset[str]
    make: Callable[[], Behaviour]


def mutant(name: str, rows: str, make: Callable[[], Behaviour]) -> Mutant:
    """A mutant; the rows with spaces between them."""
    return Mutant(name, frozenset(rows.split()), make)


def to(operation: str, when: When = lambda call: True) -> When:
    """Requests to an operation for which something else holds too."""
    return lambda call: call.operation == operation and when(call)


def from_mind(behaviour: Behaviour) -> Callable[[], Behaviour]:
    """A behaviour that keeps nothing in mind."""
    return lambda: behaviour


def spoiling(
    when: When, spoil: Callable[[Reply], None], status: int | None = None, *, nth: int | None = None
) -> Callable[[], Behaviour]:
    """The mock's answer to some requests, spoilt: to all of them, or to the nth one alone."""

    def make() -> Behaviour:
        count = itertools.count(1)

        async def behave(call: Call, server: Server) -> Reply:
            reply = await server(call)
            if when(call) and status in (None, reply.status) and nth in (None, next(count)):
                spoil(reply)
            return reply

        return behave

    return make


def setting(when: When, status: int, *, nth: int | None = None, **values: Any) -> Callable[[], Behaviour]:
    """Fields of the body with other values; of what lies deeper, the path has two underscores."""

    def spoil(reply: Reply) -> None:
        data = reply.data
        for path, value in values.items():
            *above, last = path.split("__")
            part = data
            for name in above:
                part = part[name]
            part[last] = value
        reply.hold(data)

    return spoiling(when, spoil, status, nth=nth)


def becoming(reply: Reply) -> Callable[[Reply], None]:
    """Has an answer become another one."""

    def become(spoilt: Reply) -> None:
        spoilt.status, spoilt.headers, spoilt.content = reply.status, dict(reply.headers), reply.content

    return become


def viewing(
    change: Callable[[Json], object], when: Callable[[Json], bool] = lambda view: True, *, nth: int | None = None
) -> Callable[[], Behaviour]:
    """What a resolve shows, changed; of the views that are meant, all of them or the nth one alone."""

    def make() -> Behaviour:
        count = itertools.count(1)

        async def behave(call: Call, server: Server) -> Reply:
            reply = await server(call)
            if call.operation == "resolveShare" and reply.status == 200:
                view = reply.data
                if when(view) and nth in (None, next(count)):
                    change(view)
                    reply.hold(view)
            return reply

        return behave

    return make


def error_of(status: int, code: str, kind: str = "client_error", **fields: Any) -> Reply:
    """An envelope."""
    error = {
        "code": code,
        "message": "No.",
        "system_message": "No.",
        "type": kind,
        "status": status,
        "details": {},
        "trace_id": "req_0",
        "timestamp": "2026-06-28T10:30:00Z",
    }
    headers = {
        "content-type": "application/json",
        "x-request-id": "req_0",
        "freddy-processing-ms": "0",
        "freddy-api-version": "2025-01-01",
    }
    return Reply(status, headers, json.dumps({"success": False, "error": error | fields}).encode())


def refusing(
    when: When, status: int, code: str, kind: str = "client_error", *, nth: int | None = None
) -> Callable[[], Behaviour]:
    """Some requests refused, whatever the mock says."""
    return spoiling(when, lambda reply: becoming(error_of(status, code, kind))(reply), nth=nth)


def passing_on(when: When, change: Callable[[Call], Call]) -> Callable[[], Behaviour]:
    """Some requests passed on as other ones."""

    async def behave(call: Call, server: Server) -> Reply:
        return await server(change(call) if when(call) else call)

    return from_mind(behave)


def with_field(name: str, value: Any) -> When:
    """Requests whose JSON body has this value; 1 and true are two."""

    def holds(call: Call) -> bool:
        sent = call.sent
        if not isinstance(sent, dict) or name not in sent:
            return False
        return type(sent[name]) is type(value) and sent[name] == value

    return holds
