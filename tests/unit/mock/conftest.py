"""A small world, a clock that is set by hand, and a client that holds every answer against openapi.yaml."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

import httpx
import pytest
from starlette.types import ASGIApp
from tests.engines.postgresql import PostgreSQL, running_postgresql
from tests.engines.valkey import Valkey, running_valkey

from aitronos_mock.app import create_app
from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import Collection, LibraryEdge, ShareLink, Track, User, World
from aitronos_mock.domain.sharing import Sharing
from aitronos_mock.fixtures import SeedSource
from aitronos_mock.ids import RandomIds
from aitronos_mock.limits import Rate, RateLimiter
from aitronos_mock.media import PlaybackSigner
from aitronos_mock.mock import Mock
from aitronos_mock.sandboxes import Origin, Outfit, Sandbox, Sandboxes
from aitronos_mock.store.sql import SQLStore
from aitronos_mock.store.sqlite import SQLiteDatabase

from .described import CONTROL_OPENAPI, OPENAPI, Contract, document
from .serving import Served
from .stores import Opened
from .whole import CurrentSandboxes, Whole
from .whole import application as application_with_sandboxes

# Without the extra there is nothing to import; the tox environments `postgresql` and `valkey` have it.
collect_ignore = [] if find_spec("asyncpg") else ["test_broadcast.py", "test_replicas.py"]
collect_ignore += [] if find_spec("redis") else ["test_shared_limits_buckets.py"]

START = 1782642600
"""2026-06-28T10:30:00Z, the moment of the documented examples."""


Call = Callable[..., httpx.Response]
Json = dict[str, Any]


class ManualClock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.now: float = START

    def time(self) -> float:
        """Unix seconds."""
        return self.now


@pytest.fixture
def start() -> int:
    """The moment at which every test begins, in Unix seconds."""
    return START


@pytest.fixture
def clock() -> ManualClock:
    """The clock of the mock under test."""
    return ManualClock()


@pytest.fixture
def advance(clock: ManualClock) -> Callable[[float], None]:
    """Moves the clock on by seconds."""

    def move(seconds: float) -> None:
        clock.now += seconds

    return move


@pytest.fixture
def ids() -> RandomIds:
    """Ids that count up."""
    numbers = itertools.count(1)
    return RandomIds(lambda size: f"{next(numbers):0{2 * size}x}")


def _track(track_id: str, **changes: Any) -> Track:
    track: Json = {
        "id": track_id,
        "organization_id": "org_abc123",
        "owner_id": "user_owner",
        "title": "Late Night Study",
        "engine": "studio",
        "mode": "creation",
        "measured_duration_seconds": 120.4,
        "instrumental": True,
        "licence_class": "personal_only",
        "licence_version": "2026-01",
        "requires_attribution": False,
    }
    return Track(**track | changes)


_NAMELESS: Json = {
    "title": None,
    "mode": "focus",
    "measured_duration_seconds": None,
    "licence_class": "commercial_cleared",
    "requires_attribution": True,
}
_TRACK, _REMOVED_TRACK = "mtrack_b4d9e1c6a72f", "mtrack_00000000dead"
_COLLECTION, _EMPTY, _REMOVED_COLLECTION = "mcoll_5e8a1d3f9c27", "mcoll_2b4c6d8e0f1a", "mcoll_00000000dead"


def _link(number: int, target: str, **changes: Any) -> ShareLink:
    target_type = "track" if target.startswith("mtrack_") else "collection"
    link: Json = {"target_type": target_type, "target_id": target, "visibility": "link_only", "created_at": START - 60}
    return ShareLink(f"mslink_{number:012x}", **link | changes)


_LINKS: list[tuple[str, str, Json]] = [
    ("shr_track", _TRACK, {"expires_at": START + 30 * 86400}),
    ("shr_collection", _COLLECTION, {"visibility": "public"}),
    ("shr_empty_collection", _EMPTY, {}),
    ("shr_revoked", _TRACK, {"revoked": True}),
    ("shr_expired", _TRACK, {"expires_at": START}),
    ("shr_removed_track", _REMOVED_TRACK, {}),
    ("shr_removed_collection", _REMOVED_COLLECTION, {}),
    ("shr_revoked_and_removed", _REMOVED_TRACK, {"revoked": True}),
    ("shr_expired_and_removed", _REMOVED_TRACK, {"expires_at": START - 1}),
    ("shr_opens_twice", _TRACK, {"open_limit": 2}),
    ("shr_used_up", _TRACK, {"open_limit": 2, "opens": 2}),
]


@pytest.fixture
def world() -> World:
    """An organization with an owner and a fellow member, an outsider and a recipient, and a link in every state."""
    return World(
        organizations=("org_abc123", "org_other"),
        users=tuple(User(f"user_{name}") for name in ("owner", "fellow", "outsider", "recipient")),
        keys={digest(f"{name}-key"): f"user_{name}" for name in ("owner", "fellow", "outsider", "recipient")},
        members=frozenset(
            {("org_abc123", "user_owner"), ("org_abc123", "user_fellow"), ("org_other", "user_outsider")}
        ),
        tracks=(
            _track(_TRACK),
            _track("mtrack_0c5d7e9f1a2b", **_NAMELESS),
            _track(_REMOVED_TRACK, removed=True),
            _track("mtrack_00000000e15e", organization_id="org_other"),
            _track("mtrack_00000000f00d", owner_id="user_fellow"),
        ),
        collections=(
            Collection(_COLLECTION, "org_abc123", "user_owner", "Quiet Hours", "Slow pieces for reading and for rain."),
            Collection(_EMPTY, "org_abc123", "user_owner", "Blank Page", None),
            Collection(_REMOVED_COLLECTION, "org_abc123", "user_owner", "Gone", None, removed=True),
            Collection("mcoll_00000000e15e", "org_other", "user_owner", "Elsewhere", None),
        ),
        collection_tracks={_COLLECTION: (_TRACK, _REMOVED_TRACK, "mtrack_0c5d7e9f1a2b")},
        share_links={
            digest(token): _link(number, target, **changes)
            for number, (token, target, changes) in enumerate(_LINKS, 0xA000)
        },
        library=(LibraryEdge("mlib_00000000a000", "user_fellow", _TRACK, None, START - 60),),
    )


@pytest.fixture
def database() -> Iterator[SQLiteDatabase]:
    """A database in memory, without a world."""
    with closing(SQLiteDatabase("sqlite://")) as database:
        yield database


@pytest.fixture
def store(database: SQLiteDatabase, world: World) -> SQLStore:
    """The small world, in memory."""
    store = database.sandbox(0)
    asyncio.run(store.load(world))
    return store


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgreSQL]:
    """A private PostgreSQL server."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="session")
def valkey() -> Iterator[Valkey]:
    """A private server of Valkey or Redis."""
    with running_valkey() as server:
        yield server


@pytest.fixture
def own_valkey() -> Iterator[Valkey]:
    """One that a test has for itself, to change or to kill."""
    with running_valkey() as server:
        yield server


@pytest.fixture(scope="session")
def on_postgresql(postgresql: PostgreSQL) -> Iterator[Opened]:
    """A database of that server, with the tables of the mock; each test has sandboxes of its own in it."""
    opened = Opened(postgresql.new_database())
    yield opened
    opened.close()


@pytest.fixture(
    params=["sqlite in memory", "sqlite in a file", pytest.param("postgresql", marks=pytest.mark.postgresql)]
)
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """A database of each kind."""
    if request.param == "postgresql":
        yield request.getfixturevalue("on_postgresql")
        return
    opened = Opened("sqlite://" if request.param == "sqlite in memory" else f"sqlite:///{tmp_path}/world.db")
    yield opened
    opened.close()


@pytest.fixture
def build(store: SQLStore, clock: ManualClock, ids: RandomIds) -> Callable[..., Mock]:
    """Builds a mock over the small world; resolves are unlimited unless a rate is given."""

    def build(rate: Rate | None = None, store: Any = store) -> Mock:
        limiter = None if rate is None else RateLimiter(rate)
        return Mock(Sharing(store, clock, ids), clock, ids, PlaybackSigner(b"signing key"), limiter)

    return build


@pytest.fixture
def mock(build: Callable[..., Mock]) -> Mock:
    """A mock over the small world, without a limit on resolves."""
    return build()


@pytest.fixture(scope="session")
def contract() -> Contract:
    """The contract that all answers are held against."""
    return Contract(document(OPENAPI))


@pytest.fixture(scope="session")
def control_contract() -> Contract:
    """What the answers of the control plane are held against."""
    return Contract(document(CONTROL_OPENAPI))


@pytest.fixture(scope="session")
def whole_application() -> tuple[CurrentSandboxes, ASGIApp]:
    """The application with sandboxes and control plane, and what decides over which sandboxes it works."""
    return application_with_sandboxes()


@pytest.fixture
def make_whole(
    whole_application: tuple[CurrentSandboxes, ASGIApp],
    contract: Contract,
    control_contract: Contract,
    clock: ManualClock,
) -> Iterator[Callable[..., Whole]]:
    """Makes a whole mock that plays the seed `docs`; it takes what `Origin` and `Outfit` have defaults for.

    Its database is one in memory, or that of a URL, which nobody else may use.
    """
    with ExitStack() as stack:

        def build(
            rate: Rate | None = None,
            frozen_at: int | None = None,
            deterministic: bool = False,
            url: str = "sqlite://",
            **outfit: Any,
        ) -> Whole:
            opened = stack.enter_context(closing(Opened(url)))
            origin = Origin(SeedSource("docs"), frozen_at, deterministic)
            equipment = Outfit(clock, PlaybackSigner(b"signing key"), rate, **outfit)
            current, app = whole_application
            default = opened.run(Sandbox.begin(None, origin, equipment, opened.database.sandbox(0)))
            current.sandboxes = Sandboxes(default, opened.database, equipment)
            return Whole(current.sandboxes, app, contract, control_contract, opened.run)

        yield build


@pytest.fixture
def whole(make_whole: Callable[..., Whole]) -> Whole:
    """A whole mock that plays the seed `docs`, follows `clock` and does not limit resolves."""
    return make_whole()


@pytest.fixture(scope="session")
def assert_envelope(contract: Contract) -> Callable[..., None]:
    """Holds an error answer against the example of its operation, status and cause, the id of the request aside."""

    def check(response: httpx.Response, operation_id: str, status: int, cause: str, **details: Any) -> None:
        body = response.json()
        expected = json.loads(json.dumps(contract.example(operation_id, status, cause)))
        expected["error"]["trace_id"] = response.headers["x-request-id"]
        expected["error"]["details"] |= details
        assert status == response.status_code
        assert status == body["error"]["status"]
        assert expected == body

    return check


class Current:
    """Stands in for the mock of the test that runs, so that the application is built once for all tests."""

    mock: Mock

    def __getattr__(self, name: str) -> Any:
        return getattr(self.mock, name)


@pytest.fixture(scope="session")
def application() -> tuple[Current, ASGIApp]:
    """The application, and what decides over which mock it works."""
    current = Current()
    return current, create_app(cast(Mock, current))


def _sent(app: ASGIApp, address: str, method: str, path: str, **request: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app, client=(address, 50000))

    async def send() -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url="http://mock.test") as client:
            return await client.request(method, path, **request)

    return asyncio.run(send())


@pytest.fixture
def calling(application: tuple[Current, ASGIApp], contract: Contract) -> Callable[..., Call]:
    """Makes a client of a mock, over ASGI; each answer must be one that the contract declares."""

    def client_of(mock: Mock, address: str = "203.0.113.7") -> Call:
        current, app = application

        def call(method: str, path: str, key: str | None = None, **request: Any) -> httpx.Response:
            headers = httpx.Headers(request.pop("headers", None))
            if key is not None:
                headers["X-API-Key"] = key
            current.mock = mock
            response = _sent(app, address, method, path, headers=headers, **request)
            if method != "HEAD":
                contract.assert_declares(contract.operation(method, response.request.url.path), response)
            return response

        return call

    return client_of


@pytest.fixture
def call(calling: Callable[[Mock], Call], mock: Mock) -> Call:
    """A client of the mock over the small world: `call(method, path, key, **what httpx takes)`."""
    return calling(mock)


@pytest.fixture
def ask(application: tuple[Current, ASGIApp], mock: Mock) -> Call:
    """A client of the same mock, for answers that the contract does not declare; it takes what httpx takes."""
    current, app = application
    current.mock = mock
    return partial(_sent, app, "203.0.113.7")


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Served]]:
    """Starts servers with the given options, on a free port."""
    with ExitStack() as stack:
        count = itertools.count()

        def start(*options: str) -> Served:
            served = Served(tmp_path / f"stderr-{next(count)}", *options)
            stack.callback(served.close)
            return served

        yield start


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all tests that change nothing: the documentation's world, without a limit on resolves."""
    log = tmp_path_factory.mktemp("served") / "stderr"
    served = Served(log, "--resolve-rate-limit", "off", "--log-level", "debug")
    yield served
    served.close()
