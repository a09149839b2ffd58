"""Watch every answer that is given or read in this process, and count its cause.

It stands around the mock's way out, around the SDK's reading of an attempt, and around nothing that decides.
"""

from __future__ import annotations

import json
import os
import uuid
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aitronos._core
from aitronos._wire import Reply
from aitronos_mock import edge, errors, response
from aitronos_mock._connexion import OAuthProblem
from aitronos_mock.cassettes.operations import UNROUTED, Cause, operation_called_by
from aitronos_mock.domain.errors import CollectionNotFound, LinkGone, NotAMember, TrackNotFound
from aitronos_mock.domain.sharing import Sharing
from aitronos_mock.forced import Wanted

from .likeness import causes_like

SEEN: Counter[tuple[str, Cause]] = Counter()
"""How often each cause was seen, by who saw it: the mock that gave the answer, the SDK that read it, or a cassette."""

_Refused = NotAMember | TrackNotFound | CollectionNotFound


def see(layer: str, operation: str | None, status: int, body: Any, told: str | None = None) -> None:
    """Count one answer.

    Args:
        layer: `mock`, `sdk` or `cassette`.
        operation: Its `operationId`; None is no operation.
        status: The HTTP status.
        body: The decoded body.
        told: The cause, known from the inside. Where several answer alike and nobody knows which it was, all count.
    """
    name = operation or UNROUTED
    alike = causes_like(name, status, body)
    for cause in alike & {told} if told else alike:
        SEEN[layer, Cause(name, status, cause)] += 1


def write(folder: Path) -> None:
    """Leave the counts of this process in a folder, beside those of others; none leave nothing."""
    if not SEEN:
        return
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps([layer, *cause, count]) for (layer, cause), count in sorted(SEEN.items()))
    (folder / f"{os.getpid()}-{uuid.uuid4().hex}.jsonl").write_text("".join(f"{line}\n" for line in lines), "utf-8")


def install() -> None:
    """Watch from now on."""
    edge._refuse = _watched_refusal(edge._refuse)
    response.Response.send = _watched_send(response.Response.send)  # type: ignore[method-assign]  # that is the point
    Sharing.share_track = _explained(Sharing.share_track)  # type: ignore[method-assign]  # the same
    Sharing.share_collection = _explained(Sharing.share_collection)  # type: ignore[method-assign]  # the same
    errors.Problem.answer = _watched_problem(errors.Problem.answer)  # type: ignore[method-assign]  # the same
    aitronos._core._log = _watched_log(aitronos._core._log)


def _watched_refusal(refuse: Callable[..., Awaitable[None]]) -> Any:
    """The errors of the mock, with the cause that only the exception knows."""

    async def watched(exchange: Any, response: Any, error: Exception) -> None:
        await refuse(exchange, response, error)
        described = errors.problem(error, exchange.operation_id)
        body = {"error": {name: getattr(described, name) for name in ("code", "system_message", "details")}}
        see("mock", exchange.operation_id, described.status, body, _cause(error, exchange))

    return watched


def _cause(error: Exception, exchange: Any) -> str | None:
    match error:
        case OAuthProblem():
            has_key = exchange.fields("x-api-key") or exchange.fields("authorization")
            return "invalid_key" if has_key else "missing_key"
        case LinkGone():
            return error.why.value
        case NotAMember() | TrackNotFound() | CollectionNotFound():
            return str(error.__notes__[-1])
        case _:
            return None


def _explained(share: Callable[..., Awaitable[Any]]) -> Any:
    """A refusal that answers alike for several reasons gets a note that says which it was."""

    async def explained(self: Any, caller: Any, organization_id: str, target_id: str, terms: Any) -> Any:
        try:
            return await share(self, caller, organization_id, target_id, terms)
        except (NotAMember, TrackNotFound, CollectionNotFound) as refusal:
            refusal.add_note(await _reason(refusal, self._store, caller.id, organization_id, target_id))
            raise

    return explained


async def _reason(refusal: _Refused, store: Any, caller: str, organization: str, target: str) -> str:
    world = await store.world()
    if isinstance(refusal, NotAMember):
        return "not_a_member" if organization in world.organizations else "unknown_organization"
    every = world.tracks if isinstance(refusal, TrackNotFound) else world.collections
    owners = [each.owner_id for each in every if (each.id, each.organization_id) == (target, organization)]
    if not owners:
        return "unknown"
    return "removed" if owners == [caller] else "not_owner"


def _watched_send(send: Callable[..., Awaitable[None]]) -> Any:
    """The successes of the mock; what was forced shows an example, and brings nothing about."""

    async def watched(self: Any, message: Any) -> None:
        exchange, body = self._exchange, message.get("body", b"")
        # Of an answer in one piece, the message has both.
        self.observed_status = status = message.get("status") or self.observed_status
        if 200 <= status < 300 and Wanted.of(exchange) is None and body[:1] == b"{":
            see("mock", exchange.operation_id, status, json.loads(body))
        await send(self, message)

    return watched


def _watched_problem(answer: Callable[..., Any]) -> Any:
    """Bytes that are no HTTP, for which there is no exchange."""

    def watched(self: Any, *when: Any) -> Any:
        given = answer(self, *when)
        if self is errors.MALFORMED_REQUEST:
            see("mock", None, self.status, given.body)
        return given

    return watched


def _watched_log(log: Callable[..., None]) -> Any:
    """What the SDK reads, whoever answered it."""

    def watched(call: Any, outcome: Any, *others: Any) -> None:
        log(call, outcome, *others)
        if isinstance(outcome, Reply):
            operation = operation_called_by(call.route.method, urlsplit(call.target).path)
            see("sdk", operation.name, outcome.status, _decoded(outcome.body))

    return watched


def _decoded(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return None
