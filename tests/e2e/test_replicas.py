"""Two replicas with two workers each, over one PostgreSQL, as processes that can be killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path
from threading import Event
from typing import Any, NamedTuple

import httpx
import pytest
from tests.engines.postgresql import PostgreSQL, running_postgresql

from .serving import running_process

pytestmark = pytest.mark.postgresql

OWNER = {"X-API-Key": "your-api-key"}
RESOLVE = "/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
SHARE = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
FROZEN = "2026-06-28T10:30:00Z"
AT_ONCE = 8
SECONDS = 60


class Replica(NamedTuple):
    """A running mock.

    Attributes:
        url: Where it answers.
        process_id: Of the process that looks after its workers.
    """

    url: str
    process_id: int

    def workers(self) -> list[int]:
        """The process ids of its workers."""
        processes = (entry for entry in Path("/proc").iterdir() if entry.name.isdigit())
        children = [int(each.name) for each in processes if _parent(each) == self.process_id]
        return [child for child in children if b"spawn_main" in _command(child)]


def _parent(process: Path) -> int | None:
    try:
        return int((process / "stat").read_text().rpartition(")")[2].split()[1])
    except OSError:
        return None


def _command(process_id: int) -> bytes:
    try:
        return Path(f"/proc/{process_id}/cmdline").read_bytes()
    except OSError:
        return b""


@pytest.fixture(scope="module")
def server() -> Iterator[PostgreSQL]:
    """A private PostgreSQL server."""
    with running_postgresql() as server:
        yield server


@pytest.fixture(scope="module")
def replicas(server: PostgreSQL) -> Iterator[list[Replica]]:
    """Two replicas with two workers each; they must end cleanly on SIGTERM."""
    options = ("--database", server.new_database(), "--workers", "2", "--resolve-rate-limit", "off")
    with running_process(*options) as one, running_process(*options) as other:
        yield [Replica(*one), Replica(*other)]


@pytest.fixture(autouse=True)
def _anew(replicas: list[Replica]) -> None:
    """Every test begins with the world of the seed."""
    assert 204 == ask(replicas[0], "POST", "/_mock/reset").status_code


def ask(replica: Replica, method: str, path: str, **request: Any) -> httpx.Response:
    """Call a replica over a connection of its own, which any of its workers may take."""
    return httpx.request(method, f"{replica.url}{path}", timeout=SECONDS, **request)


def ask_all(replicas: list[Replica], requests: int, method: str, path: str, **request: Any) -> list[httpx.Response]:
    """Call all replicas in turn, several times at once."""
    with ThreadPoolExecutor(AT_ONCE) as threads:
        asked = zip(cycle(replicas), range(requests), strict=False)
        return list(threads.map(lambda turn: ask(turn[0], method, path, **request), asked))


def until(true: Callable[[], object]) -> None:
    """Wait for something that other processes bring about."""
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        Event().wait(0.05)


def test_a_frozen_clock_is_frozen_at_all(replicas: list[Replica]) -> None:
    """From the moment on at which the change was answered, at every worker of every replica."""
    for day in range(1, 6):
        frozen = {"now": f"2026-06-0{day}T00:00:00Z", "mode": "frozen"}
        assert frozen == ask(replicas[day % 2], "PUT", "/_mock/clock", json={"now": frozen["now"]}).json()
        assert [frozen] * 16 == [answer.json() for answer in ask_all(replicas, 16, "GET", "/_mock/clock")]


def test_a_fault_strikes_three_times_over_all(replicas: list[Replica]) -> None:
    """Whichever worker a request comes to, `times` counts over all of them."""
    plan = {"operation": "resolveShare", "status": 503, "times": 3}
    assert 201 == ask(replicas[0], "POST", "/_mock/faults", json=plan).status_code

    statuses = [answer.status_code for answer in ask_all(replicas, 48, "GET", RESOLVE)]
    assert (3, 45) == (statuses.count(503), statuses.count(200))


def test_the_journal_has_every_request(replicas: list[Replica]) -> None:
    """What was answered before the journal is asked for is in it, whoever answered."""
    asked = ask_all(replicas, 60, "GET", RESOLVE)

    for replica in replicas:
        listed = ask(replica, "GET", "/_mock/requests").json()["items"]
        assert {answer.headers["x-request-id"] for answer in asked} == {entry["trace_id"] for entry in listed}
        assert 60 == len(ask(replica, "GET", "/_mock/audit").json()["items"])


def test_a_sandbox_made_at_one_is_found_at_the_other(replicas: list[Replica]) -> None:
    """And gone at all once it was deleted at any."""
    one, other = replicas
    path = f"/sandboxes/{ask(one, 'POST', '/_mock/sandboxes', json={'clock': FROZEN}).json()['name']}"
    found = ask_all(replicas, 16, "GET", f"{path}/_mock/clock")
    assert [{"now": FROZEN, "mode": "frozen"}] * 16 == [answer.json() for answer in found]

    assert 204 == ask(other, "DELETE", f"/_mock{path}").status_code
    assert {404} == {answer.status_code for answer in ask_all(replicas, 16, "GET", f"{path}/_mock/clock")}


def test_a_reset_is_one_at_all(replicas: list[Replica]) -> None:
    """Whoever answers next answers from the world of the seed, and no playback URL from before plays."""
    one, other = replicas
    track = ask(one, "GET", RESOLVE).json()["track"]
    target = track["playback_url"].removeprefix(one.url)
    assert {200} == {answer.status_code for answer in ask_all(replicas, 8, "HEAD", target)}
    ask(one, "POST", "/_mock/links/mslink_3a7f2c9e8b14/revoke")
    assert {404} == {answer.status_code for answer in ask_all(replicas, 8, "GET", RESOLVE)}

    assert 204 == ask(other, "POST", "/_mock/reset").status_code
    assert {200} == {answer.status_code for answer in ask_all(replicas, 8, "GET", RESOLVE)}
    assert {403} == {answer.status_code for answer in ask_all(replicas, 8, "HEAD", target)}


def test_nothing_acknowledged_is_lost_with_a_worker(replicas: list[Replica]) -> None:
    """Workers are killed while links are made; every link that was answered with a 201 opens, and workers come back."""
    over = Event()

    def write(replica: Replica) -> list[str]:
        tokens = []
        while not over.is_set():
            try:
                answer = ask(replica, "POST", SHARE, headers=OWNER)
            except httpx.TransportError:
                continue
            assert answer.status_code in (201, 503)
            tokens += [answer.json()["token"]] if answer.status_code == 201 else []
        return tokens

    with ThreadPoolExecutor(AT_ONCE) as threads:
        writing = [threads.submit(write, replica) for replica in replicas * (AT_ONCE // 2)]
        try:
            for replica in replicas * 2:
                _kill_a_worker(replica)
        finally:
            over.set()
        tokens = [token for written in writing for token in written.result()]
    assert tokens
    with ThreadPoolExecutor(AT_ONCE) as threads:
        opened = list(threads.map(lambda token: ask(replicas[0], "GET", f"/v1/music/shared/{token}"), tokens))
    assert {200} == {answer.status_code for answer in opened}


def _kill_a_worker(replica: Replica) -> None:
    until(lambda: len(replica.workers()) == 2)
    killed = replica.workers()[0]
    os.kill(killed, signal.SIGKILL)
    until(lambda: len(replica.workers()) == 2 and killed not in replica.workers())


def test_a_server_that_is_away_is_waited_for(server: PostgreSQL, replicas: list[Replica]) -> None:
    """Meanwhile there are 503 envelopes with `Retry-After`; once it is back, so is the mock, with all there was."""
    token = ask(replicas[0], "POST", SHARE, headers=OWNER).json()["token"]
    server.stop()
    try:
        away = ask_all(replicas, 16, "GET", f"/v1/music/shared/{token}")
    finally:
        server.start()

    assert {(503, "SERVICE_UNAVAILABLE", "1")} == {
        (answer.status_code, answer.json()["error"]["code"], answer.headers["retry-after"]) for answer in away
    }
    until(lambda: {200} == {answer.status_code for answer in ask_all(replicas, 16, "GET", f"/v1/music/shared/{token}")})
