"""Servers that are wrong about the library."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .broken import Behaviour, Call, Reply, Server
from .ways import Mutant, mutant, refusing, setting, spoiling, to
from .world import (
    EXPIRED,
    ODD_TOKEN,
    OUTSIDER,
    OVER_LIMIT,
    OWNER,
    RECIPIENT,
    REMOVED,
    REVOKED,
    UNKNOWN_TOKEN,
    UNTITLED,
    is_bare,
    with_token,
)

Make = Callable[[], Behaviour]
_SAVE = to("saveSharedTrack")


def mutants() -> Iterator[Mutant]:
    """All of them."""
    for name, rows, make in [*_edges(), *_again(), *_gone()]:
        yield mutant(f"save: {name}", " ".join(f"save.{each}" for each in rows.split()), make)


def _edges() -> Iterator[tuple[str, str, Make]]:
    yield "a save is a 200", "created", spoiling(_SAVE, _as_200, 201, nth=1)
    yield "a link's id as a number", "schema", setting(_SAVE, 201, nth=1, share_link_id=7)
    yield "an id of another form", "id-form each-user", setting(_SAVE, 201, id="7")
    yield "another track", "track-id", setting(_SAVE, 201, track_id=UNTITLED)
    yield "another source", "source", setting(_SAVE, 201, source="copied")
    yield "another link", "share-link-id", setting(_SAVE, 201, share_link_id="mslink_000000000000")
    yield "no time", "created-at", setting(_SAVE, 201, created_at="2026-06-28")
    yield "a save that changes the track", "track-unchanged", _marking


def _again() -> Iterator[tuple[str, str, Make]]:
    def saves(key: str) -> Any:
        return to("saveSharedTrack", lambda call: call.key == key and is_bare(call))

    with_body = to("saveSharedTrack", lambda call: bool(call.body))
    yield "another edge for a second save", "again", setting(saves(RECIPIENT), 201, nth=2, id="mlib_000000000000")
    yield "one edge for all", "each-user", _sharing_edges
    yield "no saving of one's own", "own-track", refusing(saves(OWNER), 403, "NO")
    yield "no saving from elsewhere", "across-organizations", _spoilt_success(saves(OUTSIDER))
    yield "no body allowed", "body-ignored", refusing(with_body, 422, "VALIDATION_ERROR")


def _gone() -> Iterator[tuple[str, str, Make]]:
    def of(token: str) -> Any:
        return with_token("saveSharedTrack", token, RECIPIENT)

    sentence = "Share token invalid, revoked, or expired"
    yield "the sentence of resolving", "unknown", setting(of(UNKNOWN_TOKEN), 404, error__system_message=sentence)
    yield "403 for a revoked link", "revoked", refusing(of(REVOKED), 403, "NO")
    yield "410 for an expired link", "expired", refusing(of(EXPIRED), 410, "GONE")
    yield "removed tracks saved", "removed", spoiling(of(REMOVED), _as_edge)
    yield "no limit of opens", "over-limit", spoiling(of(OVER_LIMIT), _as_edge)
    yield "tokens judged by their form", "odd-token", refusing(of(ODD_TOKEN), 422, "VALIDATION_ERROR")
    yield "collections saved", "collection", _saving_collections


def _as_200(reply: Reply) -> None:
    reply.status = 200


def _as_edge(reply: Reply) -> None:
    reply.status = 201
    reply.hold({"id": "mlib_0", "track_id": UNTITLED, "source": "shared", "share_link_id": None, "created_at": ""})


def _spoilt_success(when: Callable[[Call], bool]) -> Make:
    def refuse(reply: Reply) -> None:
        reply.status = 403

    return spoiling(when, refuse, 201)


def _marking() -> Behaviour:
    saved: list[str] = []

    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        if call.operation == "saveSharedTrack" and reply.status == 201:
            saved.append(call.path)
        if call.operation == "resolveShare" and saved and reply.status == 200 and reply.data["track"]:
            view = reply.data
            view["track"]["title"] = "Late Night Study (saved)"
            reply.hold(view)
        return reply

    return behave


def _sharing_edges() -> Behaviour:
    edges: dict[str, str] = {}

    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        if call.operation == "saveSharedTrack" and reply.status == 201:
            edge = reply.data
            edge["id"] = edges.setdefault(edge["track_id"], edge["id"])
            reply.hold(edge)
        return reply

    return behave


def _saving_collections() -> Behaviour:
    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        refused = call.operation == "saveSharedTrack" and reply.status == 404
        if refused and "collection is read-only" in reply.data["error"]["system_message"]:
            _as_edge(reply)
        return reply

    return behave
