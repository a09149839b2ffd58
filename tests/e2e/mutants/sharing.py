"""Servers that are wrong about links, their terms, and who may share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from .broken import Behaviour, Call, Reply, Server
from .ways import Mutant, mutant, passing_on, refusing, setting, spoiling, to
from .world import KINDS, MEMBER, NOBODY, ODD_KEY, OUTSIDER, OWNER, Kind

Make = Callable[[], Behaviour]


def mutants() -> Iterator[Mutant]:
    """Those of both kinds."""
    for kind in KINDS:
        for name, rows, make in [*_links(kind), *_terms(kind), *_bodies(kind), *_members(kind), *_order(kind)]:
            yield mutant(
                f"{kind.name}: {name}", rows.replace("K.", f"{kind.share}.").replace("V.", f"{kind.view}."), make
            )
        yield from credentials(kind.share, kind.operation)
    yield from credentials("save", "saveSharedTrack")


def _links(kind: Kind) -> Iterator[tuple[str, str, Make]]:
    plainly = kind.plainly()

    def first(**values: Any) -> Make:
        return setting(plainly, 201, nth=1, **values)

    yield "a share is a 200", "K.created", spoiling(plainly, _as_200, 201, nth=1)
    yield "an unknown target type", "K.schema K.target-type", first(target_type="album")
    yield "the other target type", "K.target-type", first(target_type="collection" if kind.name == "track" else "track")
    yield "an id of another form", "K.id-form", first(id="0f1e2d3c")
    yield "a token of another form", "K.token-form", _longer_tokens(kind)
    yield "an address of another form", "K.url", first(url="https://short.example/9f3a")
    yield "an offset instead of Z", "K.created-at", first(created_at="2026-06-28T10:30:00+00:00")
    yield "a raw token at a second read", "K.token-once", _leaky(kind)
    yield "the old link for a second share", "K.always-new", _frugal(kind)
    yield "public by default", "K.default-visibility", first(visibility="public")
    yield "a lifetime by default", "K.default-expiry", first(expires_at="2030-01-01T00:00:00Z")


def _terms(kind: Kind) -> Iterator[tuple[str, str, Make]]:
    empty = kind.shared(lambda call: call.key == OWNER and call.body == b"" and "content-type" in call.headers)
    yield "no empty body", "K.empty-body", refusing(empty, 422, "VALIDATION_ERROR")
    yield "no empty object", "K.empty-object", refusing(kind.with_body({}), 422, "VALIDATION_ERROR")
    yield "never public", "K.public", _sending(kind, {"visibility": "public"}, {"visibility": "link_only"})
    yield (
        "a second too long",
        "K.lifetime",
        setting(
            kind.with_body({"expires_in_days": 30}),
            201,
            created_at="2026-06-28T10:30:00Z",
            expires_at="2026-07-28T10:30:01Z",
        ),
    )
    yield (
        "no single day",
        "K.shortest",
        refusing(kind.with_body({"expires_in_days": 1}), 422, "VALIDATION_ERROR", nth=1),
    )
    yield "90 days refused", "K.longest", refusing(kind.with_body({"expires_in_days": 90}), 422, "VALIDATION_ERROR")
    yield (
        "91 days granted",
        "K.clamped",
        setting(
            kind.with_body({"expires_in_days": 91}),
            201,
            created_at="2026-06-28T10:30:00Z",
            expires_at="2026-09-27T10:30:00Z",
        ),
    )
    yield (
        "a calendar that ends",
        "K.clamped-far",
        refusing(kind.with_body({"expires_in_days": 10**12}), 500, "INTERNAL_SERVER_ERROR", "server_error"),
    )
    yield (
        "link_only taken as public",
        "K.link-only",
        setting(kind.with_body({"visibility": "link_only"}), 201, visibility="public"),
    )
    yield (
        "no null for never",
        "K.days-null",
        refusing(kind.with_body({"expires_in_days": None}), 422, "VALIDATION_ERROR"),
    )


def _bodies(kind: Kind) -> Iterator[tuple[str, str, Make]]:
    for row, sent, taken in _COERCIONS:
        yield f"{row} taken", f"K.{row}", _sending(kind, sent, taken)
    malformed = kind.shared(lambda call: call.key == OWNER and call.body == b"{")
    form = kind.shared(lambda call: call.key == OWNER and "form" in call.headers.get("content-type", ""))
    large = kind.shared(lambda call: len(call.body) > 65536)
    both = kind.with_body({"visibility": "friends", "expires_in_days": 0})
    yield "another code for malformed JSON", "K.malformed-json", refusing(malformed, 400, "BAD_REQUEST")
    yield (
        "no value in the details",
        "K.validation-error",
        setting(kind.with_body({"expires_in_days": -7}), 422, error__details={"field": "expires_in_days"}),
    )
    yield (
        "the first failure alone",
        "K.all-errors",
        setting(both, 422, error__details__errors=[{"field": "visibility", "message": "no"}]),
    )
    yield "forms taken", "K.media-type", passing_on(form, lambda call: call.with_body({}))
    yield "large bodies taken", "K.too-large", passing_on(large, lambda call: call.with_body({}))


_COERCIONS: tuple[tuple[str, Any, Any], ...] = (
    ("not-an-object", [], {}),
    ("unknown-field", {"expire_in_days": 30}, {}),
    ("days-text", {"expires_in_days": "30"}, {"expires_in_days": 30}),
    ("days-true", {"expires_in_days": True}, {"expires_in_days": 1}),
    ("days-float", {"expires_in_days": 30.0}, {"expires_in_days": 30}),
    ("days-zero", {"expires_in_days": 0}, {}),
    ("days-negative", {"expires_in_days": -1}, {}),
    ("visibility-unknown", {"visibility": "friends"}, {}),
    ("visibility-null", {"visibility": None}, {}),
)
"""Rows, bodies that must be refused, and what a lax server makes of them."""


def _members(kind: Kind) -> Iterator[tuple[str, str, Make]]:
    outside = kind.shared(lambda call: call.key == OUTSIDER and is_home(call, kind))
    nowhere = kind.shared(lambda call: "/org_nowhere/" in call.path)
    unknown = kind.shared(lambda call: call.key == OWNER and f"/{kind.unknown}/" in call.path)
    removed = kind.shared(lambda call: f"/{kind.removed}/" in call.path)
    yield (
        "404 for who is no member",
        "K.not-a-member",
        refusing(outside, 404, "RESOURCE_NOT_FOUND", "authorization_error"),
    )
    yield "another type for who is no member", "K.not-a-member-type", setting(outside, 403, error__type="client_error")
    yield "404 for an unknown organization", "K.unknown-organization", refusing(nowhere, 404, "RESOURCE_NOT_FOUND")
    yield (
        "403 instead of 404",
        "K.not-owner",
        refusing(kind.shared(lambda call: call.key == MEMBER), 403, "NOT_THE_OWNER", "authorization_error"),
    )
    yield "no id in the details", "K.unknown", setting(unknown, 404, error__details={})
    yield (
        "removed content shared",
        "K.removed",
        passing_on(removed, lambda call: _about(call, kind.removed, kind.target)),
    )
    yield (
        "ids judged by their form",
        "K.odd-id",
        refusing(kind.shared(lambda call: " " in call.path), 422, "VALIDATION_ERROR"),
    )


def _order(kind: Kind) -> Iterator[tuple[str, str, Make]]:
    anonymous = kind.shared(lambda call: call.key is None and call.body == b"{")
    form = kind.shared(lambda call: call.key == OUTSIDER and "form" in call.headers.get("content-type", ""))
    body = kind.shared(lambda call: call.key == OUTSIDER and call.body == b"{")
    unknown = kind.shared(lambda call: call.key == OUTSIDER and f"/{kind.unknown}/" in call.path)
    yield "the body before the key", "K.credentials-before-body", refusing(anonymous, 422, "VALIDATION_ERROR")
    yield "membership before the media type", "K.media-type-before-membership", refusing(form, 403, "NO")
    yield "membership before the body", "K.body-before-membership", refusing(body, 403, "NO")
    yield "ownership before membership", "K.membership-before-ownership", refusing(unknown, 404, "NO")


def credentials(topic: str, operation: str) -> Iterator[Mutant]:
    """Those that are wrong about credentials."""

    def asked(key: str | None, *, bearer: bool) -> Any:
        return to(
            operation, lambda call: call.key == key and bearer == ("authorization" in call.headers) and not call.body
        )

    def broken(name: str, row: str, make: Make) -> Mutant:
        return mutant(f"{topic}: {name}", f"{topic}.{row}", make)

    yield broken(
        "another sentence without a key", "no-key", setting(asked(None, bearer=False), 401, error__system_message="No.")
    )
    yield broken("403 for an unknown key", "unknown-key", refusing(asked(NOBODY, bearer=False), 403, "FORBIDDEN"))
    yield broken("keys judged by their form", "odd-key", refusing(asked(ODD_KEY, bearer=False), 400, "BAD_REQUEST"))
    yield broken("no bearer", "bearer", refusing(asked(None, bearer=True), 401, "AUTHENTICATION_REQUIRED"))
    yield broken("bearer first, a bad one", "both-good-key", refusing(asked(OWNER, bearer=True), 401, "NO"))
    yield broken(
        "bearer first, a good one",
        "both-bad-key",
        passing_on(asked(NOBODY, bearer=True), lambda call: call.with_headers(x_api_key=None)),
    )


def is_home(call: Call, kind: Kind) -> bool:
    """Whether a share is about what the owner has, without a body."""
    return f"/{kind.target}/" in call.path and not call.body


def _about(call: Call, one: str, other: str) -> Call:
    return replace(call, path=call.path.replace(one, other))


def _as_200(reply: Reply) -> None:
    reply.status = 200


def _sending(kind: Kind, body: Any, instead: Any) -> Make:
    return passing_on(kind.with_body(body), lambda call: call.with_body(instead))


def _longer_tokens(kind: Kind) -> Make:
    """The first token has a digit more, and the server knows it like that."""

    def make() -> Behaviour:
        longer: dict[str, str] = {}

        async def behave(call: Call, server: Server) -> Reply:
            for token, raw in longer.items():
                call = _about(call, token, raw)
            reply = await server(call)
            if kind.plainly()(call) and not longer:
                link = reply.data
                longer[f"{link['token']}0"] = link["token"]
                reply.hold(link | {"token": f"{link['token']}0", "url": f"{link['url']}0"})
            return reply

        return behave

    return make


def _leaky(kind: Kind) -> Make:
    def make() -> Behaviour:
        async def behave(call: Call, server: Server) -> Reply:
            reply = await server(call)
            if call.operation == "resolveShare" and reply.status == 200:
                view = reply.data
                if view["kind"] == kind.name:
                    reply.hold(view | {"share": {**view["share"], "url": f"/v1/music/shared/{call.token}"}})
            return reply

        return behave

    return make


def _frugal(kind: Kind) -> Make:
    """The second share without a body is answered with the first link."""

    def make() -> Behaviour:
        kept: list[bytes] = []

        async def behave(call: Call, server: Server) -> Reply:
            reply = await server(call)
            if kind.plainly()(call):
                kept.append(reply.content)
                if len(kept) == 2:
                    reply.content = kept[0]
            return reply

        return behave

    return make
