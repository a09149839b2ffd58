"""Sandboxes, clocks, faults and records that two replicas of one database share."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack
from typing import Any

import httpx
import pytest
from asyncpg import InterfaceError
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from starlette.types import ASGIApp
from tests.engines.postgresql import PostgreSQL

from aitronos_mock.audit import AuditEntry
from aitronos_mock.clock import timestamp
from aitronos_mock.faults import MAX_FAULTS
from aitronos_mock.replicas import records
from aitronos_mock.replicas.line import MARK
from aitronos_mock.sandboxes import TooManySandboxes
from aitronos_mock.store.postgresql import POOL_SIZE

from .replicas import InTurn, Replicas
from .test_state_machine import Machine
from .whole import (
    COLLECTION,
    LINK,
    ORGANIZATION,
    OWNER,
    RECIPIENT,
    RESOLVE,
    SHARE_TRACK,
    TOKEN,
    TRACK,
    CurrentSandboxes,
    Json,
    Whole,
    application,
)

pytestmark = pytest.mark.postgresql

FROZEN = "2026-06-28T10:30:00Z"
UNKNOWN = "/v1/music/shared/shr_00000000000000000000000000000000"


@pytest.fixture(scope="session")
def applications() -> list[tuple[CurrentSandboxes, ASGIApp]]:
    """The applications of replicas, built once for all tests."""
    return [application() for _ in range(3)]


@pytest.fixture
def url(postgresql: PostgreSQL) -> str:
    """An empty database."""
    return postgresql.new_database()


@pytest.fixture
def replicas(url: str, clock: Any, applications: Any, contract: Any, control_contract: Any) -> Iterator[Replicas]:
    """Starts replicas of one mock."""
    replicas = Replicas(url, clock, applications, (contract, control_contract))
    yield replicas
    replicas.stop()


@pytest.fixture
def two(replicas: Replicas) -> tuple[Whole, Whole]:
    """Two replicas that play the seed `docs` and do not limit resolves."""
    return replicas.start(), replicas.start()


@pytest.fixture
def stored(postgresql: PostgreSQL, url: str) -> Callable[[], str]:
    """Everything that the database holds, as text."""

    def read() -> str:
        name = url.rpartition("/")[2]
        tables = postgresql.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name)
        rows = (postgresql.execute(f"SELECT t::text FROM {table} t", name) for (table,) in tables)  # noqa: S608 - its own tables
        return "\n".join(row[0] for found in rows for row in found)

    return read


def _status(answer: httpx.Response) -> int:
    return answer.status_code


def _resolve(replica: Whole, sandbox: str | None = None) -> int:
    return _status(replica.ask("GET", f"{'' if sandbox is None else f'/sandboxes/{sandbox}'}{RESOLVE}"))


def _names(replica: Whole) -> list[str]:
    return [sandbox["name"] for sandbox in replica.items("/sandboxes")]


# Clocks.


@pytest.mark.parametrize("named", [False, True])
def test_a_clock_that_is_set_through_one_is_set_at_all(two: tuple[Whole, Whole], named: bool) -> None:
    """Frozen, put forward and let go: the other replica knows as soon as the first one has answered."""
    one, other = two
    name = one.create() if named else None
    assert 200 == _resolve(other, name)
    seen = []
    for change in ({"now": FROZEN}, {"advance_seconds": 60}, {"real": True}, {"advance_seconds": 90000}):
        answer = one.control("PUT", "/clock", name, json=change).json()
        seen.append((answer["mode"], other.control("GET", "/clock", name).json() == answer))

    assert [("frozen", True), ("frozen", True), ("real", True), ("shifted", True)] == seen


def test_advances_at_the_same_time_add_up(two: tuple[Whole, Whole], replicas: Replicas) -> None:
    """None is lost, whichever replica each came through."""
    one, other = two
    one.control("PUT", "/clock", json={"now": FROZEN})

    async def advance() -> None:
        clocks = [replica.sandboxes.default for replica in (one, other)] * 10
        await asyncio.gather(*(sandbox.adjust(lambda clock: clock.advance(1)) for sandbox in clocks))

    replicas.run(advance())
    assert ["2026-06-28T10:30:20Z"] * 2 == [each.control("GET", "/clock").json()["now"] for each in two]


def test_a_clock_that_cannot_be_set_stays(two: tuple[Whole, Whole]) -> None:
    """A refused change is none, at either replica."""
    one, other = two
    one.control("PUT", "/clock", json={"now": FROZEN})

    assert 422 == _status(one.control("PUT", "/clock", json={"advance_seconds": 3e11}))
    assert [{"now": FROZEN, "mode": "frozen"}] * 2 == [each.control("GET", "/clock").json() for each in (one, other)]


def test_a_link_expires_at_all(two: tuple[Whole, Whole]) -> None:
    """The expiry of links goes by the one clock."""
    two[0].control("PUT", "/clock", json={"advance_seconds": 31 * 86400})

    assert [404, 404] == [_resolve(replica) for replica in two]


# Sandboxes.


def test_a_sandbox_is_found_wherever_it_was_made(two: tuple[Whole, Whole]) -> None:
    """With its world, its clock and its name; both list it."""
    one, other = two
    one.create(name="checkout", clock=FROZEN, seed="docs")

    assert 200 == _resolve(other, "checkout")
    assert {"now": FROZEN, "mode": "frozen"} == other.control("GET", "/clock", "checkout").json()
    assert [["checkout"]] * 2 == [_names(replica) for replica in two]


def test_what_one_shares_the_other_opens_and_saves(two: tuple[Whole, Whole]) -> None:
    """The world is one, in the default sandbox and in others."""
    one, other = two
    for name in (None, one.create()):
        token = one.call("POST", SHARE_TRACK, OWNER, name).json()["token"]
        assert 200 == _status(other.call("GET", f"/v1/music/shared/{token}", sandbox=name))
        assert 201 == _status(other.call("POST", f"/v1/music/shared/{token}/save", RECIPIENT, name))


def test_a_deleted_sandbox_is_gone_everywhere(two: tuple[Whole, Whole]) -> None:
    """Nothing answers in its place, and its name is free for one that begins anew."""
    one, other = two
    one.create(name="checkout")
    assert 200 == _resolve(other, "checkout")
    one.control("POST", f"/links/{LINK}/revoke", "checkout")

    assert 204 == _status(one.control("DELETE", "/sandboxes/checkout"))
    assert [404, 404] == [_resolve(replica, "checkout") for replica in two]
    assert 404 == _status(other.control("DELETE", "/sandboxes/checkout"))
    other.create(name="checkout")
    assert [200, 200] == [_resolve(replica, "checkout") for replica in two]


def test_a_name_is_taken_everywhere(two: tuple[Whole, Whole]) -> None:
    """A second sandbox of this name is refused, whichever replica made the first."""
    one, other = two
    one.create(name="checkout")

    refused = other.control("POST", "/sandboxes", json={"name": "checkout"})
    assert (409, "SANDBOX_EXISTS") == (refused.status_code, refused.json()["error"]["code"])


def test_of_equal_names_at_the_same_time_one_is_made(two: tuple[Whole, Whole], replicas: Replicas) -> None:
    """However many ask at once, one gets the name."""
    origin = two[0].sandboxes.default.origin

    async def create() -> list[Any]:
        asked = (replica.sandboxes.create("checkout", origin) for replica in two * 4)
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = [str(outcome) for outcome in replicas.run(create())]
    assert ["checkout"] * 8 == outcomes
    assert [["checkout"]] * 2 == [_names(replica) for replica in two]


def test_room_is_not_overshot_by_those_who_come_at_once(replicas: Replicas) -> None:
    """Of fifty who make a sandbox at the same time, at two replicas, as many succeed as there is room for."""
    two = replicas.start(max_sandboxes=12), replicas.start(max_sandboxes=12)
    origin = two[0].sandboxes.default.origin

    async def create() -> list[Any]:
        asked = (two[number % 2].sandboxes.create(None, origin) for number in range(50))
        return await asyncio.gather(*asked, return_exceptions=True)

    outcomes = Counter(type(outcome) for outcome in replicas.run(create()))
    assert {str: 12, TooManySandboxes: 38} == outcomes
    assert [12, 12] == [len(_names(replica)) for replica in two]


def test_a_sandbox_that_is_deleted_twice_at_once_is_deleted_once(two: tuple[Whole, Whole], replicas: Replicas) -> None:
    """One of those who ask deletes it, and the others find it gone."""
    one, other = two
    one.create(name="checkout")
    number = replicas.run(one.sandboxes.find("checkout")).number  # type: ignore[attr-defined] # a shared one has it

    async def delete() -> list[bool]:
        asked: list[Any] = [one.sandboxes, other.sandboxes] * 2
        deleted: list[bool] = await asyncio.gather(*(sandboxes._delete(number) for sandboxes in asked))
        return deleted

    assert [False, False, False, True] == sorted(replicas.run(delete()))


def test_a_sandbox_is_learnt_once_however_many_ask(two: tuple[Whole, Whole], replicas: Replicas) -> None:
    """Requests that come at once work with one and the same; what is announced meanwhile is not missed."""
    one, other = two
    one.create(name="checkout", clock=FROZEN)

    async def learn() -> list[Any]:
        made = await one.sandboxes.find("checkout")
        asked = [other.sandboxes.find("checkout") for _ in range(5)]
        changes = [made.adjust(lambda clock: clock.advance(1)) for _ in range(20)]
        found = await asyncio.gather(*asked, *changes)
        return found[:5]

    assert 1 == len(set(map(id, replicas.run(learn()))))
    assert "2026-06-28T10:30:20Z" == other.control("GET", "/clock", "checkout").json()["now"]


def test_what_is_announced_while_a_sandbox_is_learnt_is_not_missed(
    two: tuple[Whole, Whole], replicas: Replicas
) -> None:
    """What was read before the announcement is read again."""
    one, other = two
    one.create(name="checkout", clock=FROZEN)

    async def learn() -> Any:
        made = await one.sandboxes.find("checkout")
        async with AsyncExitStack() as stack:
            for _ in range(POOL_SIZE):
                await stack.enter_async_context(other.sandboxes._shared.database.connection())  # type: ignore[attr-defined] # a shared one has it
            learning = asyncio.create_task(other.sandboxes.find("checkout"))
            await asyncio.sleep(0)
            await made.adjust(lambda clock: clock.advance(1))
        return await learning

    assert "2026-06-28T10:30:01Z" == timestamp(replicas.run(learn()).clock.time())


def test_there_is_room_for_so_many_sandboxes(replicas: Replicas) -> None:
    """The limit counts those that other replicas made."""
    one, other = replicas.start(max_sandboxes=1), replicas.start(max_sandboxes=1)
    one.create(name="first")

    refused = other.control("POST", "/sandboxes", json={"name": "second"})
    assert (409, "TOO_MANY_SANDBOXES") == (refused.status_code, refused.json()["error"]["code"])


def test_use_at_one_keeps_a_sandbox_at_all(replicas: Replicas, advance: Callable[[float], None]) -> None:
    """A sandbox goes when no replica used it for long enough, and not before."""
    one, other = (replicas.start(idle_seconds=100) for _ in range(2))
    one.create(name="idle")
    one.create(name="used")
    assert [200, 200] == [_resolve(replica, "used") for replica in (one, other)]
    advance(90)
    assert 200 == _resolve(other, "used")
    advance(20)

    assert 200 == _resolve(one, "used")
    assert 404 == _resolve(one, "idle")
    assert [["used"]] * 2 == [_names(replica) for replica in (one, other)]
    advance(101)
    assert [404, 404] == [_resolve(replica, "used") for replica in (one, other)]


def test_an_idle_sandbox_makes_room(replicas: Replicas, advance: Callable[[float], None]) -> None:
    """A name, and room, that nobody uses any more is free for others."""
    one = replicas.start(idle_seconds=100, max_sandboxes=1)
    one.create(name="checkout")
    advance(101)

    assert "checkout" == one.create(name="checkout")
    advance(101)
    assert "other" == one.create(name="other")


def test_idle_sandboxes_are_swept_away(replicas: Replicas, advance: Callable[[float], None], stored: Any) -> None:
    """Also where nobody asks for any sandbox again."""
    one = replicas.start(idle_seconds=1.2)
    one.create(name="forgotten")
    assert "forgotten" in stored()
    advance(2)

    async def wait() -> None:
        async with asyncio.timeout(20):
            while "forgotten" in await asyncio.to_thread(stored):  # noqa: ASYNC110 - another process decides
                await asyncio.sleep(0.01)

    replicas.run(wait())


def test_a_reset_is_one_at_all(two: tuple[Whole, Whole]) -> None:
    """World, clock, faults and records begin anew, and playback URLs from before do not play."""
    one, other = two
    url = other.call("GET", RESOLVE).json()["track"]["playback_url"]
    assert 200 == _status(one.ask("HEAD", url))
    one.control("POST", f"/links/{LINK}/revoke")
    one.control("PUT", "/clock", json={"now": FROZEN})
    one.control("POST", "/faults", json={"operation": "shareTrack", "status": 503})

    assert 204 == _status(one.control("POST", "/reset"))
    for replica in two:
        assert (200, [], "real", 403) == (
            _resolve(replica),
            replica.items("/faults"),
            replica.control("GET", "/clock").json()["mode"],
            _status(replica.ask("HEAD", url)),
        )
    assert ["resolveShare", "playTrack"] * 2 == [entry["operation"] for entry in one.items("/requests")]


def test_a_loaded_world_is_that_of_all(two: tuple[Whole, Whole]) -> None:
    """Another fixture takes the place of the world; clock and records stay."""
    one, other = two
    state = one.control("GET", "/state").json()
    state["share_links"] = []
    one.control("PUT", "/clock", json={"now": FROZEN})
    _resolve(other)

    assert 204 == _status(other.control("PUT", "/state", json=state))
    assert [404, 404] == [_resolve(replica) for replica in two]
    assert "frozen" == one.control("GET", "/clock").json()["mode"]
    assert 3 == len(one.items("/requests"))


NEXT = [{"id": f"mslink_00000000000{digit}", "token": f"shr_{digit * 32}"} for digit in "12"]


def test_ids_that_are_named_are_handed_out_once(two: tuple[Whole, Whole]) -> None:
    """Whichever replica is asked, each is handed out once, and then others are drawn."""
    one, other = two
    state = one.control("GET", "/state").json()
    state["next_ids"] = {"track_share": NEXT}
    one.control("PUT", "/state", json={**state, "share_links": []})

    shared = [replica.call("POST", SHARE_TRACK, OWNER).json()["token"] for replica in (one, other, one, other)]
    assert [link["token"] for link in NEXT] == shared[:2]
    assert 4 == len(set(shared))


def test_a_sandbox_of_a_fixture_begins_anew_at_any_replica(two: tuple[Whole, Whole], stored: Any) -> None:
    """Its fixture is kept, with digests in the place of keys and tokens, but for tokens that are to be handed out."""
    one, other = two
    key, token = "a-key-of-ones-own", f"shr_{'5' * 32}"
    track = {"licence_class": "personal_only", "licence_version": "2026-01", "requires_attribution": False}
    fixture: Json = {
        "organizations": [{"id": ORGANIZATION}],
        "users": [{"id": "user_me", "api_keys": [key], "organizations": [ORGANIZATION]}],
        "tracks": [{"id": TRACK, "organization": ORGANIZATION, "owner": "user_me", "licence": track}],
        "share_links": [{"id": LINK, "token": token, "track": TRACK, "expires_at": "+1d"}],
        "next_ids": {"track_share": NEXT[:1]},
    }
    name = one.create(fixture=fixture)
    one.control("POST", f"/links/{LINK}/revoke", name)

    other.control("POST", "/reset", name)
    assert 200 == _status(one.call("GET", f"/v1/music/shared/{token}", sandbox=name))
    assert NEXT[0]["token"] == one.call("POST", SHARE_TRACK, key, name).json()["token"]
    # The one exception, which the README names: what is to be handed out has to be kept as it is.
    kept = stored()
    assert [NEXT[0]["token"]] == [secret for secret in (key, token, NEXT[0]["token"]) if secret in kept]


def test_deterministic_sandboxes_are_alike_at_all(replicas: Replicas) -> None:
    """Two that began alike give the same ids, one through one replica and the other through both."""
    one, other = (replicas.start(deterministic=True) for _ in range(2))
    names = [one.create(seed="docs", clock=FROZEN, deterministic=True) for _ in range(2)]

    shared = [
        [each.call("POST", SHARE_TRACK, OWNER, name).json()["token"] for each in asked]
        for name, asked in zip(names, ((one, one, one), (one, other, one)), strict=True)
    ]
    assert shared[0] == shared[1]
    assert TOKEN == shared[0][0]


def test_a_control_request_to_a_sandbox_that_went_meanwhile_says_so(
    two: tuple[Whole, Whole], replicas: Replicas
) -> None:
    """Whoever still holds a sandbox that was deleted gets told, and changes nothing."""
    one, other = two
    one.create(name="checkout")
    sandbox = replicas.run(one.sandboxes.find("checkout"))
    plan = {"operation": "shareTrack", "status": 503}
    state = one.control("GET", "/state", "checkout").json()
    other.control("DELETE", "/sandboxes/checkout")
    one.sandboxes._known["checkout"] = sandbox  # type: ignore[attr-defined] # as if it had not yet followed

    for method, path, body in (
        ("POST", "/reset", None),
        ("PUT", "/state", state),
        ("PUT", "/clock", {"real": True}),
        ("POST", "/faults", plan),
    ):
        answer = one.control(method, path, "checkout", json=body)
        assert (404, "SANDBOX_NOT_FOUND") == (answer.status_code, answer.json()["error"]["code"])


# Faults.


def _strikes(two: tuple[Whole, Whole], replicas: Replicas, requests: int) -> list[int]:
    """The statuses of resolves at both replicas at once."""

    async def ask() -> list[int]:
        transports = [httpx.ASGITransport(replica._app) for replica in two]

        async def resolve(transport: httpx.ASGITransport) -> int:
            async with httpx.AsyncClient(transport=transport, base_url="http://mock.test") as client:
                return (await client.get(RESOLVE)).status_code

        return await asyncio.gather(*(resolve(transports[number % 2]) for number in range(requests)))

    return replicas.run(ask())


@pytest.mark.parametrize(("when", "times"), [({"times": 3}, 3), ({"nth": 5}, 1), ({"nth": 5, "times": 4}, 4)])
def test_a_fault_strikes_so_often_over_all(
    two: tuple[Whole, Whole], replicas: Replicas, when: Json, times: int
) -> None:
    """However many requests come at once and wherever, `nth` and `times` count over all of them."""
    two[0].control("POST", "/faults", json={"operation": "resolveShare", "status": 503, **when})

    assert times == _strikes(two, replicas, 40).count(503)
    assert [[], []] == [replica.items("/faults") for replica in two]


def test_what_has_struck_is_listed_at_all(two: tuple[Whole, Whole]) -> None:
    """With how often, whichever replica was struck."""
    one, other = two
    one.control("POST", "/faults", json={"operation": "resolveShare", "status": 503, "times": 5})
    assert [503, 503, 503] == [_resolve(replica) for replica in (one, other, one)]

    assert [[3], [3]] == [[fault["struck"] for fault in replica.items("/faults")] for replica in two]


def test_faults_are_cleared_at_all_and_their_ids_go_on(two: tuple[Whole, Whole]) -> None:
    """None strikes any more, and no id is given twice."""
    one, other = two
    plan = {"operation": "resolveShare", "status": 503}
    first = one.control("POST", "/faults", json=plan).json()["id"]
    assert 204 == _status(other.control("DELETE", "/faults"))

    assert [200, 200] == [_resolve(replica) for replica in two]
    assert ("fault_1", "fault_2") == (first, other.control("POST", "/faults", json=plan).json()["id"])


def test_there_is_room_for_so_many_faults(two: tuple[Whole, Whole], postgresql: PostgreSQL, url: str) -> None:
    """Over all replicas; one more is refused."""
    plan = {"operation": "shareTrack", "status": 503}
    room = MAX_FAULTS - 1
    statement = f"INSERT INTO faults SELECT 0, n, '{{\"status\": 500}}', 0, 0 FROM generate_series(101, {100 + room}) n"  # noqa: S608 - a number
    postgresql.execute(statement, url.rpartition("/")[2])

    assert [201, 409] == [_status(replica.control("POST", "/faults", json=plan)) for replica in two]


def test_chances_in_a_deterministic_sandbox_are_alike_at_all(two: tuple[Whole, Whole]) -> None:
    """They follow from the seed and from what was counted, wherever it was counted."""
    one, other = two
    patterns = []
    for asked in ((one, one), (one, other)):
        name = one.create(seed="docs", deterministic=True)
        plan = {"operation": "resolveShare", "status": 503, "probability": 0.5}
        one.control("POST", "/faults", name, json=plan)
        patterns.append([_status(asked[number % 2].ask("GET", f"/sandboxes/{name}{UNKNOWN}")) for number in range(12)])

    assert patterns[0] == patterns[1]
    assert {404, 503} == set(patterns[0])


def test_a_request_that_no_fault_is_meant_for_asks_no_database(two: tuple[Whole, Whole], replicas: Replicas) -> None:
    """Plans are remembered, so that faults cost only those whom they are meant for."""
    one, _ = two
    one.control("POST", "/faults", json={"operation": "shareTrack", "status": 503})
    faults: Any = one.sandboxes.default.mock.faults
    faults._shared = None

    assert replicas.run(faults.strike("resolveShare", RESOLVE)) is None


# Records.


def test_the_journal_has_every_request_in_order(two: tuple[Whole, Whole]) -> None:
    """What was answered before the journal is read is in it, wherever it was answered."""
    one, other = two
    paths = [RESOLVE, UNKNOWN, "/nothing", RESOLVE, "/nothing"]
    for number, path in enumerate(paths):
        (one, other)[number % 2].ask("GET", path)

    expected = [("resolveShare", 200), ("resolveShare", 404), (None, 404), ("resolveShare", 200), (None, 404)]
    for replica in two:
        assert expected == [(entry["operation"], entry["status"]) for entry in replica.items("/requests")]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("?method=post", 1),
        ("?operation=resolveShare", 2),
        ("?status=404", 2),
        ("?limit=1", 1),
        ("?since=2026-06-28T10:30:00Z", 4),
        ("?since=2050-01-01T00:00:00Z", 0),
    ],
)
def test_the_journal_is_filtered(two: tuple[Whole, Whole], query: str, count: int) -> None:
    """By all that it can be filtered by in one process."""
    one, other = two
    for replica, path in ((one, RESOLVE), (other, UNKNOWN), (one, "/nothing")):
        replica.ask("GET", path)
    other.ask("POST", SHARE_TRACK, OWNER)

    assert count == len(one.items(f"/requests{query}"))


def test_records_have_all_that_was_taken_down(two: tuple[Whole, Whole]) -> None:
    """An entry looks the same wherever it is read, and has no secret."""
    two[0].ask("POST", SHARE_TRACK, OWNER, json={"visibility": "public"}, headers={"x-note": "a\x01b"})
    entries = [replica.items("/requests") for replica in two]

    assert entries[0] == entries[1]
    assert ({"visibility": "public"}, "[redacted]") == (entries[0][0]["body"], entries[0][0]["headers"]["x-api-key"])


def test_the_journal_is_cleared_at_all(two: tuple[Whole, Whole]) -> None:
    """Also of what another replica had not yet written."""
    one, other = two
    _resolve(one)
    assert 204 == _status(other.control("DELETE", "/requests"))

    assert [[], []] == [replica.items("/requests") for replica in two]


def test_the_audit_has_every_resolve(two: tuple[Whole, Whole]) -> None:
    """By whichever replica, in order, with its outcome."""
    one, other = two
    _resolve(one)
    other.ask("GET", UNKNOWN)

    expected = [("opened", LINK), ("unknown", None)]
    for replica in two:
        assert expected == [(entry["outcome"], entry["share_link_id"]) for entry in replica.items("/audit")]


def test_the_oldest_records_go_first(two: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch, stored: Any) -> None:
    """Past the bound the oldest are not shown, and after a while not there any more."""
    monkeypatch.setattr(records, "MAX_ENTRIES", 3)
    monkeypatch.setattr(records, "_TRIMMED_AFTER", 5)
    one, other = two
    for number in range(7):
        two[number % 2].ask("GET", f"/nothing/{number}")
    assert ["/nothing/4", "/nothing/5", "/nothing/6"] == [entry["path"] for entry in one.items("/requests")]
    for number in range(7, 12):
        other.ask("GET", f"/nothing/{number}")
    other.items("/requests")

    assert "/nothing/8" not in stored()


def test_counts_of_records_take_no_end_of_room(two: tuple[Whole, Whole], monkeypatch: pytest.MonkeyPatch) -> None:
    """What is counted of sandboxes that may be long gone is forgotten in the end."""
    monkeypatch.setattr(records, "_MAX_COUNTED", 1)
    one, _ = two
    for name in (one.create() for _ in range(3)):
        _resolve(one, name)
        one.items("/requests", name)

    recorder: Any = one.sandboxes._recorder  # type: ignore[attr-defined] # nobody else knows
    assert 2 == len(recorder._written)


def test_records_of_a_sandbox_that_went_are_dropped(two: tuple[Whole, Whole]) -> None:
    """They keep nobody else's from being written."""
    one, other = two
    one.create(name="checkout")
    _resolve(one, "checkout")
    other.control("DELETE", "/sandboxes/checkout")
    _resolve(one)

    assert 1 == len(one.items("/requests"))


# Playback.


@pytest.mark.parametrize("named", [False, True])
def test_a_playback_url_plays_at_all(two: tuple[Whole, Whole], named: bool) -> None:
    """All replicas sign with one key, which is that of the first."""
    one, _ = two
    name = one.create() if named else None
    url = one.call("GET", RESOLVE, sandbox=name).json()["track"]["playback_url"]

    assert [200, 200] == [_status(replica.ask("HEAD", url)) for replica in two]


def test_a_playback_url_plays_in_its_sandbox_alone(two: tuple[Whole, Whole]) -> None:
    """Neither in another one nor in one that took its name."""
    one, other = two
    one.create(name="checkout")
    url = one.call("GET", RESOLVE, sandbox="checkout").json()["track"]["playback_url"]
    elsewhere = url.replace("/sandboxes/checkout", "")
    assert [200, 403] == [_status(other.ask("HEAD", each)) for each in (url, elsewhere)]

    other.control("DELETE", "/sandboxes/checkout")
    other.create(name="checkout")
    assert [403, 403] == [_status(replica.ask("HEAD", url)) for replica in two]


def test_the_key_is_kept(replicas: Replicas) -> None:
    """A replica that starts with another one signs with that of the database."""
    one, other = replicas.start(key=b"one"), replicas.start(key=b"other")
    url = one.call("GET", RESOLVE).json()["track"]["playback_url"]

    assert 200 == _status(other.ask("HEAD", url))


# Starting, and being away.


def test_whoever_starts_later_finds_what_there_is(replicas: Replicas) -> None:
    """World, clock, faults and sandboxes are kept by the database, whatever a later replica is started with."""
    one = replicas.start()
    one.control("POST", f"/links/{LINK}/revoke")
    one.control("PUT", "/clock", json={"now": FROZEN})
    one.control("POST", "/faults", json={"operation": "shareTrack", "status": 503})
    one.create(name="checkout")
    later = replicas.start(seed="/nowhere/at/all.yaml")

    assert (404, "frozen", 1, ["checkout"]) == (
        _resolve(later),
        later.control("GET", "/clock").json()["mode"],
        len(later.items("/faults")),
        _names(later),
    )
    assert 503 == _status(later.ask("POST", SHARE_TRACK, OWNER))


@pytest.mark.parametrize("path", [RESOLVE, "/_mock/clock", f"/sandboxes/checkout{RESOLVE}", "/nothing"])
def test_without_its_line_a_replica_answers_503(
    two: tuple[Whole, Whole], replicas: Replicas, postgresql: PostgreSQL, path: str
) -> None:
    """What it remembers may be true no longer; it says when to come again, and soon it is back."""
    one, _ = two
    one.create(name="checkout")
    assert 200 == _resolve(one, "checkout")
    postgresql.execute(
        f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{MARK}'"  # noqa: S608 - a constant
    )
    replicas.run(asyncio.sleep(0.05))

    away = one.ask("GET", path)
    assert (503, "SERVICE_UNAVAILABLE", "1") == (
        away.status_code,
        away.json()["error"]["code"],
        away.headers["retry-after"],
    )

    async def back() -> None:
        async with asyncio.timeout(20):
            while one.sandboxes._shared.broadcast._line is None:  # type: ignore[attr-defined] # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)

    replicas.run(back())
    assert 200 == _resolve(one, "checkout")
    assert 200 == _resolve(one)


def test_records_are_held_while_the_database_is_away(two: tuple[Whole, Whole], replicas: Replicas) -> None:
    """What cannot be written is written later."""
    sandboxes: Any = two[0].sandboxes
    connection = replicas.run(sandboxes._shared.database.connect())
    replicas.run(connection.close())
    entry = AuditEntry(1.0, "203.0.113.7", "opened", LINK)

    async def fail() -> None:
        sandboxes.default.mock.audit.record(entry)
        await sandboxes._recorder.write(connection)

    with pytest.raises(InterfaceError, match="closed"):
        replicas.run(fail())
    assert [entry.share_link_id] == [each["share_link_id"] for each in two[1].items("/audit")]


def test_a_collection_is_served_too(two: tuple[Whole, Whole]) -> None:
    """What is shared of collections is as shared as the rest."""
    one, other = two
    shared = one.call("POST", f"/v1/music/{ORGANIZATION}/collections/{COLLECTION}/share", OWNER).json()

    assert 200 == _status(other.call("GET", f"/v1/music/shared/{shared['token']}"))


# Some thousand requests, each of which asks a server: a busy machine takes its time.
@pytest.mark.timeout(1200)
def test_any_order_of_calls_to_any_replica_agrees_with_the_model(two: tuple[Whole, Whole]) -> None:
    """Whatever two users do in two sandboxes, through whichever replica, every answer is the one that is foretold."""
    whole = InTurn(*two)

    class Bound(Machine):
        def __init__(self) -> None:
            super().__init__(whole)

    bounds = settings(
        max_examples=20, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    run_state_machine_as_test(Bound, settings=bounds)
