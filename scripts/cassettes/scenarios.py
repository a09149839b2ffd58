"""What is said in each cassette. A scenario named after a cause of the contract shows that cause in its last answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import httpx

from aitronos import Aitronos, AsyncAitronos, JSONObject, ShareLink
from aitronos_mock.cassettes.operations import Cause

from .world import (
    KEY_OF_NOBODY,
    UNKNOWN_COLLECTION,
    UNKNOWN_ORGANIZATION,
    UNKNOWN_TOKEN,
    UNKNOWN_TRACK,
    Thing,
    World,
)

Client = Aitronos | AsyncAitronos
Past = list[object]
"""What came of the steps before: results, and refusals."""
Alteration = Callable[[httpx.Request], None]
Steps = list["Step"]


class BrokenOffError(Exception):
    """A scenario cannot go on, since a step before went wrong."""


@dataclass(frozen=True)
class Step:
    """One call through the SDK. The repr shows no key."""

    key: str | None = field(repr=False)
    """The caller's key, or None for nobody's."""
    call: Callable[[Client, Past], object]
    """Gives a result from a blocking client and an awaitable of one from an asynchronous one."""
    alteration: Alteration | None = None
    """Changes the request on its way out, for what the SDK never sends."""


@dataclass(frozen=True)
class Scenario:
    """One cassette."""

    name: str
    """The cassette's path below its folder, without suffix."""
    steps: Callable[[World], Steps]
    """Raises NotGivenError where the world lacks something."""
    cause: Cause | None = None
    is_rate_limited: bool = False
    """Whether it needs a server that grants one open a minute."""


class Kind(NamedTuple):
    """What tells sharing a track from sharing a collection."""

    operation: str
    method: str
    path: str
    own: Thing
    foreign: Thing
    removed: Thing
    unknown: str


TRACK = Kind(
    "shareTrack", "share_track", "tracks", Thing.TRACK, Thing.FOREIGN_TRACK, Thing.REMOVED_TRACK, UNKNOWN_TRACK
)
COLLECTION = Kind(
    "shareCollection",
    "share_collection",
    "collections",
    Thing.COLLECTION,
    Thing.FOREIGN_COLLECTION,
    Thing.REMOVED_COLLECTION,
    UNKNOWN_COLLECTION,
)

INVALID_BODIES: dict[str, Any] = {
    "not_an_object": [],
    "unknown_field": {"expire_in_days": 30},
    "days_wrong_type": {"expires_in_days": "30"},
    "days_below_minimum": {"expires_in_days": 0},
    "visibility_unknown": {"visibility": "friends"},
    "visibility_null": {"visibility": None},
    "several": {"visibility": "friends", "expires_in_days": 0},
}
"""A body for every cause of a 422 that is JSON; the SDK's typed methods would refuse each before the network."""

TOO_LARGE = {"visibility": "x" * 65536}


def share(world: World, kind: Kind, **terms: Any) -> Step:
    """The owner shares what is theirs."""
    return share_as(world[Thing.OWNER_KEY], kind, world[Thing.ORGANIZATION], world[kind.own], **terms)


def share_as(key: str | None, kind: Kind, organization: str, target: str, **terms: Any) -> Step:
    """Somebody shares something."""
    return Step(key, lambda client, past: getattr(client.music, kind.method)(organization, target, **terms))


def post(world: World, kind: Kind, body: Any = None) -> Step:
    """The owner shares with a body that no typed method would send."""
    path = share_path(world, kind)
    return Step(world[Thing.OWNER_KEY], lambda client, past: client.post(path, json=body))


def altered(world: World, kind: Kind, alteration: Alteration) -> Step:
    """The owner shares, and the request is changed on its way out."""
    step = share(world, kind)
    return Step(step.key, step.call, alteration)


def share_path(world: World, kind: Kind) -> str:
    """Where the owner's track or collection is shared."""
    return f"/v1/music/{world[Thing.ORGANIZATION]}/{kind.path}/{world[kind.own]}/share"


def resolve(world: World, token: str) -> Step:
    """Somebody who holds a key opens a link, so that the cassette shows that the key stays at home."""
    return Step(world[Thing.OWNER_KEY], lambda client, past: client.music.resolve_share(token))


def resolve_minted(world: World) -> Step:
    """The same, with the URL of the link that was minted last."""
    return Step(world[Thing.OWNER_KEY], lambda client, past: client.music.resolve_share(minted(past)["url"]))


def save(world: World, token: str) -> Step:
    """A recipient saves what a link shares."""
    return Step(world[Thing.RECIPIENT_KEY], lambda client, past: client.music.save_shared_track(token))


def save_minted(key: str | None) -> Step:
    """Somebody saves what the link shares that was minted last."""
    return Step(key, lambda client, past: client.music.save_shared_track(minted(past)["token"]))


def minted(past: Past) -> dict[str, Any]:
    """The link that the first step minted, as typed methods or raw verbs return it.

    Raises:
        BrokenOffError: If none was minted.
    """
    match past[0]:
        case ShareLink() as link:
            return link.to_dict()
        case JSONObject() as link:
            return link
        case refusal:
            raise BrokenOffError(f"a link was to be minted, and the answer was {refusal}")


def send_form(request: httpx.Request) -> None:
    """Send a form instead of JSON."""
    request.headers["content-type"] = "application/x-www-form-urlencoded"
    _replace_body(request, b"visibility=public")


def break_json(request: httpx.Request) -> None:
    """Send half of a JSON object."""
    _replace_body(request, b'{"visibility":')


def _replace_body(request: httpx.Request, body: bytes) -> None:
    request.headers["content-length"] = str(len(body))
    request.stream = httpx.ByteStream(body)


def _caused(operation: str, status: int, name: str, steps: Callable[[World], Steps], **more: Any) -> Scenario:
    return Scenario(f"{operation}/{status}-{name}", steps, Cause(operation, status, name), **more)


def _refused_shares(kind: Kind) -> Iterator[Scenario]:
    def refused(status: int, name: str, step: Callable[[World], Step]) -> Scenario:
        return _caused(kind.operation, status, name, lambda world: [step(world)])

    def by(key: str | None) -> Callable[[World], Step]:
        return lambda world: share_as(key, kind, world[Thing.ORGANIZATION], world[kind.own])

    def of(target: Thing) -> Callable[[World], Step]:
        return lambda world: share_as(world[Thing.OWNER_KEY], kind, world[Thing.ORGANIZATION], world[target])

    def sending(body: Any) -> Callable[[World], Step]:
        return lambda world: post(world, kind, body)

    yield refused(401, "missing_key", by(None))
    yield refused(401, "invalid_key", by(KEY_OF_NOBODY))
    yield refused(403, "not_a_member", lambda world: by(world[Thing.OUTSIDER_KEY])(world))
    yield refused(
        403,
        "unknown_organization",
        lambda world: share_as(world[Thing.OWNER_KEY], kind, UNKNOWN_ORGANIZATION, world[kind.own]),
    )
    yield refused(
        404,
        "unknown",
        lambda world: share_as(world[Thing.OWNER_KEY], kind, world[Thing.ORGANIZATION], kind.unknown),
    )
    yield refused(404, "not_owner", of(kind.foreign))
    yield refused(404, "removed", of(kind.removed))
    yield refused(413, "too_large", sending(TOO_LARGE))
    yield refused(415, "not_json", lambda world: altered(world, kind, send_form))
    yield refused(422, "malformed_json", lambda world: altered(world, kind, break_json))
    for name, body in INVALID_BODIES.items():
        yield refused(422, name, sending(body))


def _shares() -> Iterator[Scenario]:
    yield _caused("shareTrack", 201, "expiring", lambda world: [share(world, TRACK, expires_in_days=30)])
    yield _caused("shareTrack", 201, "never_expiring", lambda world: [share(world, TRACK)])
    yield _caused("shareCollection", 201, "public", lambda world: [share(world, COLLECTION, visibility="public")])
    yield from _refused_shares(TRACK)
    yield from _refused_shares(COLLECTION)


def _resolves() -> Iterator[Scenario]:
    def opened(status: int, name: str, thing: Thing) -> Scenario:
        return _caused("resolveShare", status, name, lambda world: [resolve(world, world[thing])])

    yield _caused(
        "resolveShare", 200, "track", lambda world: [share(world, TRACK, expires_in_days=30), resolve_minted(world)]
    )
    yield _caused("resolveShare", 200, "collection", lambda world: [share(world, COLLECTION), resolve_minted(world)])
    yield opened(200, "empty_collection", Thing.EMPTY_COLLECTION_TOKEN)
    yield opened(200, "removed_track", Thing.REMOVED_TRACK_TOKEN)
    yield opened(200, "removed_collection", Thing.REMOVED_COLLECTION_TOKEN)
    yield _caused("resolveShare", 404, "unknown", lambda world: [resolve(world, UNKNOWN_TOKEN)])
    yield opened(404, "revoked", Thing.REVOKED_TOKEN)
    yield opened(404, "expired", Thing.EXPIRED_TOKEN)
    yield opened(404, "over_limit", Thing.OVER_LIMIT_TOKEN)
    yield _caused(
        "resolveShare",
        429,
        "client_ip",
        lambda world: [share(world, TRACK), resolve_minted(world), resolve_minted(world)],
        is_rate_limited=True,
    )


def _saves() -> Iterator[Scenario]:
    """Every scenario that saves has a caller of its own, since a library remembers."""

    def refused(status: int, name: str, thing: Thing) -> Scenario:
        return _caused("saveSharedTrack", status, name, lambda world: [save(world, world[thing])])

    def unauthenticated(name: str, key: str | None) -> Scenario:
        return _caused("saveSharedTrack", 401, name, lambda world: [share(world, TRACK), save_minted(key)])

    yield _caused(
        "saveSharedTrack", 201, "saved", lambda world: [share(world, TRACK), save_minted(world[Thing.OUTSIDER_KEY])]
    )
    yield unauthenticated("missing_key", None)
    yield unauthenticated("invalid_key", KEY_OF_NOBODY)
    yield _caused("saveSharedTrack", 404, "unknown", lambda world: [save(world, UNKNOWN_TOKEN)])
    yield refused(404, "revoked", Thing.REVOKED_TOKEN)
    yield refused(404, "expired", Thing.EXPIRED_TOKEN)
    yield refused(404, "over_limit", Thing.OVER_LIMIT_TOKEN)
    yield refused(404, "removed", Thing.REMOVED_TRACK_TOKEN)
    yield _caused(
        "saveSharedTrack",
        404,
        "collection",
        lambda world: [share(world, COLLECTION), save_minted(world[Thing.RECIPIENT_KEY])],
    )


def _unrouted() -> Iterator[Scenario]:
    yield _caused(
        "unrouted", 404, "unknown_path", lambda world: [Step(None, lambda client, past: client.get("/v1/music"))]
    )
    yield _caused("unrouted", 405, "wrong_method", _get_where_only_post_is)


def _get_where_only_post_is(world: World) -> Steps:
    path = share_path(world, TRACK)
    return [Step(None, lambda client, past: client.get(path))]


def _stories() -> Iterator[Scenario]:
    """What no example of the contract names, and what callers rely on."""
    yield Scenario("stories/share-resolve-save-again", _share_resolve_save_again)
    yield Scenario("stories/own-track-by-raw-verbs", _own_track_by_raw_verbs)
    yield Scenario("stories/lifetime-cut-to-90-days", lambda world: [share(world, TRACK, expires_in_days=365)])
    yield Scenario("stories/share-without-a-body", lambda world: [post(world, COLLECTION)])
    yield Scenario("stories/bearer-credential", _share_with_bearer)


def _share_resolve_save_again(world: World) -> Steps:
    recipient = world[Thing.RECIPIENT_KEY]
    return [
        share(world, TRACK, visibility="public", expires_in_days=1),
        resolve_minted(world),
        save_minted(recipient),
        save_minted(recipient),
    ]


def _own_track_by_raw_verbs(world: World) -> Steps:
    path, key = share_path(world, TRACK), world[Thing.OWNER_KEY]

    def shared(past: Past) -> str:
        return f"/v1/music/shared/{minted(past)['token']}"

    return [
        Step(key, lambda client, past: client.post(path, json={"visibility": "public"})),
        Step(key, lambda client, past: client.get(shared(past))),
        Step(key, lambda client, past: client.post(f"{shared(past)}/save")),
    ]


def _share_with_bearer(world: World) -> Steps:
    path, headers = share_path(world, TRACK), {"authorization": f"Bearer {world[Thing.OWNER_KEY]}"}
    return [Step(None, lambda client, past: client.post(path, json={"expires_in_days": 7}, headers=headers))]


SCENARIOS: tuple[Scenario, ...] = (*_shares(), *_resolves(), *_saves(), *_unrouted(), *_stories())
"""All of them, in the order in which they are recorded."""

NOT_PROVOKED: dict[Cause, str] = {
    **{
        Cause(operation, 500, "unexpected"): "No request makes a sound server fail."
        for operation in ("shareTrack", "shareCollection", "resolveShare", "saveSharedTrack")
    },
    Cause("unrouted", 400, "malformed_http"): "No HTTP client sends what is no HTTP, and a cassette cannot hold it.",
}
"""Every cause in the contract without a cassette, and why."""
