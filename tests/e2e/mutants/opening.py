"""Servers that are wrong about what a link shows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from .broken import Behaviour, Call, Json, Reply, Server
from .ways import Mutant, becoming, error_of, mutant, passing_on, refusing, setting, spoiling, to, viewing
from .world import (
    EXPIRED,
    HIDDEN,
    KINDS,
    NOBODY,
    ODD_TOKEN,
    OVER_LIMIT,
    OWNER,
    REMOVED,
    REVOKED,
    REVOKED_REMOVED,
    TRACK,
    UNKNOWN_TOKEN,
    UNTITLED,
    Kind,
    with_token,
)

Make = Callable[[], Behaviour]
_HEAD = {"id": "mcoll_000000000000", "name": "", "description": None}


def mutants() -> Iterator[Mutant]:
    """All of them."""
    for kind in KINDS:
        for name, row, make in [*_views(kind), *_removed(kind)]:
            yield mutant(f"{kind.name}: {name}", f"{kind.view}.{row}", make)
    for name, rows, make in [*_tracks(), *_playback(), *_collections(), *_public(), *_gone()]:
        yield mutant(name, rows.replace("T.", "resolve-track.").replace("C.", "resolve-collection."), make)


def _views(kind: Kind) -> Iterator[tuple[str, str, Make]]:
    def first(change: Callable[[Json], object]) -> Make:
        return viewing(change, lambda view: view["kind"] == kind.name and view["available"], nth=1)

    other = "collection" if kind is TRACK else "track"
    yield "a link does not open", "opens", _closed(kind)
    yield "six keys", "keys", first(lambda view: view.pop("message"))
    yield "a moment as a number", "schema", first(lambda view: view["share"].update(expires_at=7))
    yield "the other kind", "kind", first(lambda view: view.update(kind=other))
    yield (
        "a part too many",
        "parts",
        first(lambda view: view.update(collection=_HEAD) if kind is TRACK else view.update(track=view["tracks"][0])),
    )
    yield "a message without need", "available", first(lambda view: view.update(message="Here you are."))
    yield (
        "another visibility in the view",
        "share",
        viewing(
            lambda view: view["share"].update(visibility="link_only"),
            lambda view: (
                view["kind"] == kind.name and view["share"]["visibility"] == "public" and view["share"]["expires_at"]
            ),
        ),
    )
    yield "a public link that asks for a key", "key-not-needed-for-public", _closed(kind, "public")


def _closed(kind: Kind, visibility: str = "link_only") -> Make:
    """The first link of a visibility that lives for ever asks for a key."""

    def make() -> Behaviour:
        closed: list[str] = []

        async def behave(call: Call, server: Server) -> Reply:
            reply = await server(call)
            view = reply.data if call.operation == "resolveShare" and reply.status == 200 else None
            if view and not closed and view["share"] == _terms(kind, visibility):
                closed.append(call.token)
                return error_of(401, "AUTHENTICATION_REQUIRED")
            return reply

        return behave

    return make


def _terms(kind: Kind, visibility: str) -> Json:
    return {"target_type": kind.name, "visibility": visibility, "expires_at": None}


def _removed(kind: Kind) -> Iterator[tuple[str, str, Make]]:
    def removed(change: Callable[[Json], object]) -> Make:
        return viewing(change, lambda view: view["kind"] == kind.name and not view["available"])

    yield "no word about the removal", "removed", removed(lambda view: view.update(message=None))
    yield "no share of removed content", "removed-parts", removed(lambda view: view.update(share=None))


def _tracks() -> Iterator[tuple[str, str, Make]]:
    def shown(change: Callable[[Json], object]) -> Make:
        return viewing(lambda view: change(view["track"]), lambda view: view["track"] is not None)

    yield "another track", "T.is-the-shared-one", shown(lambda track: track.update(id=UNTITLED))
    yield "a track's id of another form", "T.is-the-shared-one T.id-form", shown(lambda track: track.update(id="7"))
    yield (
        "an overstated licence",
        "T.licence-not-overstated",
        shown(lambda track: track["licence"].update(commercial_use=True)),
    )
    yield (
        "an unknown class of licence",
        "T.licence-classes T.schema",
        shown(lambda track: track["licence"].update(licence_class="free_for_all")),
    )
    yield (
        "a title where none was given",
        "T.untitled",
        viewing(
            lambda view: [each.update(title="Untitled") for each in view["tracks"] if each["id"] == UNTITLED],
            lambda view: bool(view["tracks"]),
        ),
    )


def _playback() -> Iterator[tuple[str, str, Make]]:
    audio = Reply(206, {"content-type": "audio/wav"}, b"RI")
    yield "one playback URL for ever", "T.playback-new", _lasting_url
    yield "playback without sound", "T.plays C.plays", refusing(to("playTrack"), 404, "RESOURCE_NOT_FOUND")
    yield "any signature plays", "T.playback-signed", _forgiving("PLAYBACK_URL_INVALID", audio)
    yield "old playback URLs play", "lifecycle.playback-short-lived", _forgiving("PLAYBACK_URL_EXPIRED", audio)


def _lasting_url() -> Behaviour:
    kept: list[str] = []

    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        view = reply.data if call.operation == "resolveShare" and reply.status == 200 else None
        if view and view["track"]:
            kept.append(view["track"]["playback_url"])
            view["track"]["playback_url"] = kept[0]
            reply.hold(view)
        return reply

    return behave


def _astray(view: Json) -> None:
    for each in view["tracks"]:
        each["playback_url"] += "0"


def _lasting_urls() -> Behaviour:
    kept: dict[str, str] = {}

    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        view = reply.data if call.operation == "resolveShare" and reply.status == 200 else None
        if view and view["tracks"]:
            for each in view["tracks"]:
                each["playback_url"] = kept.setdefault(each["id"], each["playback_url"])
            reply.hold(view)
        return reply

    return behave


def _forgiving(code: str, audio: Reply) -> Make:
    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        refused = call.operation == "playTrack" and reply.status == 403 and reply.data["error"]["code"] == code
        return Reply(audio.status, dict(audio.headers), audio.content) if refused else reply

    return lambda: behave


def _collections() -> Iterator[tuple[str, str, Make]]:
    def shown(change: Callable[[Json], object]) -> Make:
        return viewing(change, lambda view: bool(view["tracks"]))

    yield "another collection", "C.is-the-shared-one", shown(lambda view: view["collection"].update(id=_HEAD["id"]))
    yield (
        "a collection's id of another form",
        "C.is-the-shared-one C.id-form",
        shown(lambda view: view["collection"].update(id="7")),
    )
    yield "tracks the other way round", "C.order", shown(lambda view: view["tracks"].reverse())
    yield (
        "a removed track among the others",
        "C.hidden",
        shown(lambda view: view["tracks"].append(view["tracks"][0] | {"id": HIDDEN})),
    )
    yield (
        "one playback URL for ever in a collection",
        "C.playback-new",
        _lasting_urls,
    )
    yield (
        "playback URLs that lead nowhere in a collection",
        "C.plays",
        viewing(_astray, lambda view: bool(view["tracks"])),
    )
    yield (
        "no list where it is empty",
        "C.empty",
        viewing(lambda view: view.update(tracks=None), lambda view: view["tracks"] == []),
    )


def _public() -> Iterator[tuple[str, str, Make]]:
    def opened(key: str | None = None, *, bearer: bool = False) -> Any:
        return to("resolveShare", lambda call: call.key == key and bearer == ("authorization" in call.headers))

    yield "no opening with a key", "resolve.good-key-ignored", refusing(opened(OWNER), 400, "BAD_REQUEST")
    yield "a bad key refused", "resolve.bad-key-ignored", refusing(opened(NOBODY), 401, "AUTHENTICATION_REQUIRED")
    yield "a bad bearer refused", "resolve.bad-bearer-ignored", refusing(opened(bearer=True), 401, "NO")
    yield (
        "less for who merely has the link",
        "resolve.visibilities-alike",
        viewing(
            lambda view: view["track"].update(title=None),
            lambda view: view["track"] is not None and view["share"]["visibility"] == "link_only",
        ),
    )


def _gone() -> Iterator[tuple[str, str, Make]]:
    def of(token: str) -> Any:
        return with_token("resolveShare", token)

    yield (
        "410 for an unknown token",
        "resolve.unknown",
        spoiling(of(UNKNOWN_TOKEN), becoming(error_of(410, "GONE")), 404),
    )
    yield (
        "another sentence for a revoked link",
        "resolve.revoked",
        setting(of(REVOKED), 404, error__message="This share link was revoked."),
    )
    yield "an expired link opens", "resolve.expired", _opening(EXPIRED)
    yield "a link without its limit of opens", "resolve.over-limit", _opening(OVER_LIMIT)
    yield "tokens judged by their form", "resolve.odd-token", refusing(of(ODD_TOKEN), 422, "VALIDATION_ERROR")
    yield (
        "removed before revoked",
        "resolve.revoked-and-removed",
        passing_on(of(REVOKED_REMOVED), lambda call: _with_token(call, REMOVED)),
    )


def _opening(token: str) -> Make:
    """A dead link shows what another one shows."""
    living = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
    return passing_on(with_token("resolveShare", token), lambda call: _with_token(call, living))


def _with_token(call: Call, token: str) -> Call:
    return Call(**{**vars(call), "path": call.path.replace(call.token, token)})
