"""The application, held against one in which connexion does everything itself.

Both have the same descriptions, handlers, rules and words for errors. Routing, security and validation of the other one
are connexion's own classes, without any of our shortcuts.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from aitronos_mock import contract, security
from aitronos_mock._connexion import (
    ConnexionMiddleware,
    RequestValidationMiddleware,
    Resolver,
    RoutingMiddleware,
    SecurityMiddleware,
)
from aitronos_mock.app import Handlers, create_app
from aitronos_mock.domain.sharing import Sharing
from aitronos_mock.edge import Edge
from aitronos_mock.exchange import Exchange
from aitronos_mock.fixtures import seed_fixture
from aitronos_mock.guards.door import Door
from aitronos_mock.handlers import BY_OPERATION
from aitronos_mock.ids import SeededIds
from aitronos_mock.media import PlaybackSigner
from aitronos_mock.mock import Mock
from aitronos_mock.refusals import FieldError, InvalidBody, UnsupportedMediaType

from .stores import Opened
from .whole import COLLECTION, LINK, MEMBER, ORGANIZATION, OWNER, RECIPIENT, RESOLVE, SHARE_COLLECTION, SHARE_TRACK
from .whole import TRACK as SHARED

NOW = 1782642600
SAVE = f"{RESOLVE}/save"
SAVE_COLLECTION = "/v1/music/shared/shr_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d/save"
SIGNER = PlaybackSigner(b"signing key")
PLAY, _, PLAYED = SIGNER.url("", SHARED, LINK, NOW, "00c0ffee").partition("?")

Headers = tuple[tuple[str, str], ...]
JSON: Headers = (("content-type", "application/json"),)
TEXT: Headers = (("content-type", "text/plain"),)
AS_OWNER: Headers = (("x-api-key", OWNER),)


class Asked(NamedTuple):
    """A request."""

    method: str
    path: str
    headers: Headers = ()
    body: bytes = b""
    query: str = ""


class Answered(NamedTuple):
    """What two answers have to have in common: the status, and the code in the envelope, if there is one."""

    status: int
    code: str | None


class StillClock:
    """Stands still."""

    def time(self) -> float:
        """Unix seconds."""
        return NOW


class BodyAtHand:
    """Hands on the body that connexion's validation lets pass to where the handlers look for it."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http":
            exchange = Exchange.of(scope)
            sent = await _whole(receive)
            if exchange.operation_id in ("shareTrack", "shareCollection"):
                exchange.body = json.loads(sent or b"{}")
        await self._app(scope, receive, send)


class InOurTerms:
    """Turns connexion's two refusals of a body into ours, which the words for errors know."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        try:
            await self._app(scope, receive, send)
        except Exception as error:
            raise _OURS.get(type(error).__name__, error) from error


_OURS: dict[str, Exception] = {
    "BadRequestProblem": InvalidBody([FieldError("body", None, "is refused")]),
    "UnsupportedMediaTypeProblem": UnsupportedMediaType("refused"),
}


async def _whole(receive: Receive) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message["body"], message["more_body"]
    return body


def _stock(mock: Mock) -> ASGIApp:
    """The whole of connexion, as its documentation sets it up, around our handlers."""
    specification, playback = contract.load(), contract.load("media/openapi.yaml")
    security.declare(specification)
    app = ConnexionMiddleware(
        BodyAtHand(Handlers()),
        import_name=__name__,
        resolver=Resolver(cast(Any, BY_OPERATION.__getitem__)),
        middlewares=cast(list[ASGIApp], [RoutingMiddleware, SecurityMiddleware, RequestValidationMiddleware]),
    )
    app.add_api(specification)
    app.add_api(playback, base_path=playback["servers"][0]["url"])
    return Edge(InOurTerms(app), mock, None, Door())


class Server:
    """One application over a world of its own.

    Args:
        build: Makes the application.
    """

    def __init__(self, build: Any) -> None:
        self._opened = Opened("sqlite://")
        store, clock = self._opened.database.sandbox(0), StillClock()
        self._opened.run(store.load(seed_fixture("docs", now=NOW).world))
        ids = SeededIds("stock")
        self._app: ASGIApp = build(Mock(Sharing(store, clock, ids), clock, ids, SIGNER, None))
        self._opened.run(self._start())

    def close(self) -> None:
        """Let go of the world."""
        self._opened.close()

    def ask(self, asked: Asked) -> Answered:
        """What the application answers."""
        return self._opened.run(self._ask(asked))

    async def _start(self) -> None:
        messages = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

        async def receive() -> Message:
            return next(messages)

        async def send(message: Message) -> None:
            assert message["type"].endswith(".complete")

        await self._app({"type": "lifespan", "asgi": {"version": "3.0"}, "state": {}}, receive, send)

    async def _ask(self, asked: Asked) -> Answered:
        said: list[Message] = []

        async def receive() -> Message:
            return {"type": "http.request", "body": asked.body, "more_body": False}

        async def send(message: Message) -> None:
            said.append(message)

        await self._app(_scope(asked), receive, send)
        return Answered(said[0]["status"], _code(said))


def _scope(asked: Asked) -> Scope:
    length = [("content-length", str(len(asked.body)))] if asked.body else []
    headers = [("host", "mock.test"), *asked.headers, *length]
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": asked.method,
        "scheme": "http",
        "path": asked.path,
        "raw_path": asked.path.encode(),
        "query_string": asked.query.encode(),
        "root_path": "",
        "headers": [(name.encode(), value.encode("latin-1")) for name, value in headers],
        "client": ("203.0.113.7", 50000),
        "server": ("mock.test", 80),
        "state": {},
        "extensions": {},
    }


def _code(said: list[Message]) -> str | None:
    body = b"".join(message.get("body", b"") for message in said)
    is_envelope = said[0]["status"] >= 400 and body
    return json.loads(body)["error"]["code"] if is_envelope else None


class Servers(NamedTuple):
    """Both."""

    ours: Server
    stock: Server


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    """The application as it is, and the one of connexion alone."""
    both = Servers(Server(create_app), Server(_stock))
    yield both
    for each in both:
        each.close()


def _mostly(known: st.SearchStrategy[Any], any_other: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(known, known, known, any_other)


# No path ends with a slash: to us that is another path, and starlette redirects it.
segments = _mostly(
    st.sampled_from(["v1", "music", "shared", "save", "tracks", "collections", "share", "media", ORGANIZATION, SHARED]),
    st.text("abz_.-~!$&'()*+,;=:@0", min_size=1, max_size=6),
)
paths = _mostly(
    st.sampled_from(
        [
            SHARE_TRACK,
            SHARE_TRACK,
            SHARE_COLLECTION,
            SHARE_COLLECTION,
            RESOLVE,
            SAVE,
            SAVE_COLLECTION,
            PLAY,
            "/v1/music/shared/shr_0/save",
        ]
    ),
    st.lists(segments, max_size=7).map(lambda parts: "/" + "/".join(parts))
    | st.tuples(segments, st.sampled_from(["tracks", "collections"]), segments).map(
        lambda parts: "/v1/music/{}/{}/{}/share".format(*parts)
    ),
)
keys = st.sampled_from([OWNER, MEMBER, RECIPIENT, "nobody's", "", " ", "\xe9", f"{OWNER} ", "a, b"])
credentials = st.just([*AS_OWNER]) | st.lists(
    st.tuples(st.just("x-api-key"), keys)
    | st.tuples(
        st.just("authorization"),
        st.tuples(st.sampled_from(["Bearer ", "bearer ", "Basic ", "Bearer", "", "Bearer  ", "Bearer a "]), keys).map(
            "".join
        ),
    ),
    max_size=3,
)
media_types = _mostly(
    st.just([*JSON]),
    st.sampled_from(
        [
            [],
            [("content-type", "application/json; charset=utf-8")],
            [("content-type", "application/json; charset=UTF-8; x=y")],
            [("content-type", "text/plain")],
            [("content-type", "application/xml")],
            [("content-type", "application/jsonp")],
            [("content-type", "multipart/form-data; boundary=x")],
        ]
    ),
)
scalars = st.none() | st.booleans() | st.integers(-3, 100) | st.floats() | st.text(st.characters(), max_size=5)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner), max_leaves=4
)
terms = st.fixed_dictionaries(
    {},
    optional={
        "visibility": _mostly(st.sampled_from(["public", "link_only"]), values),
        "expires_in_days": _mostly(st.integers(-1, 2) | st.none(), values),
        "expire_in_days": values,
    },
)
documents = _mostly(terms, values).map(json.dumps).map(str.encode)
known_terms = (
    st.fixed_dictionaries({"expires_in_days": st.integers(-2, 2)}, optional={"visibility": st.just("public")})
    .map(json.dumps)
    .map(str.encode)
)
cut_short = st.tuples(documents, st.integers(0, 40)).map(lambda parts: parts[0][: parts[1]])


@st.composite
def requests(draw: st.DrawFn) -> Asked:
    """Any request about which connexion and we are of one mind; see the deviations for the others."""
    method = draw(_mostly(st.just("POST"), st.sampled_from(["GET", "HEAD", "PUT", "PATCH", "DELETE"])))
    path = draw(paths)
    # connexion refuses an optional body that is left out, and a playback URL whose query lacks something.
    may_lack_body, may_lack_query = not path.endswith("/share"), not path.startswith("/media/")
    body = draw(_mostly(documents, cut_short)) or (b"" if may_lack_body else b" ")
    headers = (*draw(credentials), *(draw(media_types) if body else ()))
    queries = [PLAYED, f"{PLAYED}0", f"{PLAYED}&a=b"]
    query = draw(st.sampled_from([*queries, "", "a=b"] if may_lack_query else queries))
    return Asked(method, path, headers, body, query)


@settings(max_examples=200)
@given(requests())
@example(Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b'{"visibility": "public", "expires_in_days": 30}'))
@example(Asked("POST", SHARE_TRACK, (*AS_OWNER, *TEXT), b"{}"))
@example(Asked("POST", SHARE_TRACK, (), b"{"))
@example(Asked("POST", SAVE, (("authorization", f"Bearer {RECIPIENT}"), *TEXT), b"{"))
@example(Asked("GET", PLAY, (), b"", PLAYED))
def test_the_answer_is_that_of_connexion_alone(servers: Servers, asked: Asked) -> None:
    """Whatever is asked, with whatever credentials and body: the same status, and the same code in the envelope."""
    assert servers.stock.ask(asked) == servers.ours.ask(asked)


@settings(max_examples=200)
@given(path=st.sampled_from([SHARE_TRACK, SHARE_COLLECTION]), body=documents | known_terms)
@example(SHARE_TRACK, b'{"expires_in_days": 0}')
@example(SHARE_TRACK, b'{"expires_in_days": null}')
@example(SHARE_TRACK, b'{"expires_in_days": true}')
@example(SHARE_TRACK, b'{"expires_in_days": 1.0}')
@example(SHARE_TRACK, b'{"visibility": null}')
@example(SHARE_TRACK, b'{"visibility": "friends"}')
@example(SHARE_TRACK, b"null")
@example(SHARE_TRACK, b" ")
def test_a_body_is_judged_as_connexion_judges_it(servers: Servers, path: str, body: bytes) -> None:
    """Whatever an owner sends to a share, in the right form or not: both take it, or both refuse it."""
    asked = Asked("POST", path, (*AS_OWNER, *JSON), body)

    assert servers.stock.ask(asked) == servers.ours.ask(asked)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b'{"expires_in_days": 7}'), Answered(201, None)),
        (Asked("POST", SHARE_COLLECTION, AS_OWNER, b"{}"), Answered(201, None)),
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b"{"), Answered(422, "VALIDATION_ERROR")),
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b'{"a": 1}'), Answered(422, "VALIDATION_ERROR")),
        (
            Asked("POST", SHARE_TRACK, (*AS_OWNER, ("content-type", "text/plain")), b"{}"),
            Answered(415, "UNSUPPORTED_MEDIA_TYPE"),
        ),
        (Asked("POST", SHARE_TRACK, (("x-api-key", "nobody's"),)), Answered(401, "AUTHENTICATION_REQUIRED")),
        (
            Asked("POST", f"/v1/music/nowhere/collections/{COLLECTION}/share", AS_OWNER, b"{}"),
            Answered(403, "ORGANIZATION_ACCESS_DENIED"),
        ),
        (Asked("GET", RESOLVE), Answered(200, None)),
        (Asked("GET", "/v1/music/shared/nothing"), Answered(404, "RESOURCE_NOT_FOUND")),
        (Asked("GET", "/nowhere"), Answered(404, "ENDPOINT_NOT_FOUND")),
        (Asked("PUT", RESOLVE), Answered(405, "METHOD_NOT_ALLOWED")),
        (Asked("POST", SAVE, (("x-api-key", RECIPIENT),)), Answered(201, None)),
        (Asked("GET", PLAY, (), b"", PLAYED), Answered(200, None)),
        (Asked("GET", PLAY, (), b"", f"{PLAYED}0"), Answered(403, "PLAYBACK_URL_INVALID")),
    ],
)
def test_both_answer_as_documented(servers: Servers, asked: Asked, expected: Answered) -> None:
    """Every kind of answer is among those that are compared, and the two agree because both are right."""
    assert [expected, expected] == [server.ask(asked) for server in servers]


INVALID, BROKEN = Answered(422, "VALIDATION_ERROR"), Answered(500, "INTERNAL_SERVER_ERROR")


@pytest.mark.parametrize(
    ("asked", "ours", "stock"),
    [
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b"\xff"), INVALID, BROKEN),
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b"[" * 100_000), Answered(413, "PAYLOAD_TOO_LARGE"), BROKEN),
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b"[" * 60_000), INVALID, BROKEN),
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b"9" * 5000), INVALID, BROKEN),
        (
            Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON), b'{"expires_in_days": 1, "expires_in_days": 2}'),
            INVALID,
            Answered(201, None),
        ),
        (Asked("POST", SHARE_TRACK, AS_OWNER), Answered(201, None), INVALID),
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON)), Answered(201, None), INVALID),
        (Asked("POST", SHARE_TRACK, (*AS_OWNER, *TEXT)), Answered(201, None), Answered(415, "UNSUPPORTED_MEDIA_TYPE")),
        (Asked("GET", PLAY, (), b"", "a=b"), Answered(403, "PLAYBACK_URL_INVALID"), INVALID),
        (
            Asked("POST", SHARE_TRACK, (*AS_OWNER, ("content-type", "APPLICATION/JSON")), b'{"a": 1}'),
            INVALID,
            Answered(201, None),
        ),
        (
            Asked("POST", SHARE_TRACK, (*AS_OWNER, *JSON, ("content-encoding", "gzip")), b"{}"),
            Answered(415, "UNSUPPORTED_MEDIA_TYPE"),
            Answered(201, None),
        ),
        (
            Asked("POST", SHARE_TRACK, (*AS_OWNER, ("content-type", "application/json; charset=latin-1")), b"{}"),
            Answered(415, "UNSUPPORTED_MEDIA_TYPE"),
            Answered(201, None),
        ),
        (Asked("GET", f"{RESOLVE}/"), Answered(404, "ENDPOINT_NOT_FOUND"), Answered(307, None)),
    ],
)
def test_what_was_decided_otherwise_is_known(servers: Servers, asked: Asked, ours: Answered, stock: Answered) -> None:
    """What connexion breaks at, lets pass or refuses for no reason is answered in another way, and only that is."""
    assert [ours, stock] == [server.ask(asked) for server in servers]
