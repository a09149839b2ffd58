"""What the benchmark prepares and asks, against a mock that really runs."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bench import worlds
from bench.control import control_plane
from bench.errors import BenchError
from bench.machine import Cores
from bench.mocks import mock, seeded
from bench.processes import Running, Server, running, status_of
from bench.requests import Request
from bench.throughput import MOCK_ROWS

LINKS = 3
ANY = worlds.resolve_any(LINKS)


@pytest.fixture(scope="module")
def cores() -> Cores:
    """One core for both sides: nothing is measured here."""
    core = min(os.sched_getaffinity(0))
    return Cores(core, core)


@pytest.fixture(scope="module")
def server(cores: Cores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A mock with everything that the rows need."""
    folder = tmp_path_factory.mktemp("bench")
    database = seeded(folder, "mock", cores)
    worlds.furnish(database)
    worlds.add_links(database, LINKS)
    with running(mock(folder, database), cores) as started:
        yield started


@pytest.mark.parametrize("row", [*MOCK_ROWS, ANY], ids=lambda row: row.name)
def test_every_row_gets_the_answer_that_it_is_about(server: Running, row: Request) -> None:
    """The database that is filled directly is one that the mock reads, and holds what the requests ask for."""
    assert row.status == status_of(server.port, row)


def test_as_many_links_are_there_as_were_asked_for(server: Running) -> None:
    """The last link of the mass opens, and there is none behind it."""
    numbered = [replace(ANY, path=f"{ANY.path[:-1]}{number}") for number in (LINKS - 1, LINKS)]

    assert [200, 404] == [status_of(server.port, request) for request in numbered]


def test_a_sandbox_lives_and_is_gone(server: Running) -> None:
    """What is made is thrown away again, so the same name can live twice."""
    with control_plane(server) as plane:
        assert plane.life("again") > 0
        assert plane.life("again") > 0


def test_a_refused_call_of_the_control_plane_stops_the_run(server: Running) -> None:
    """A sandbox that was never there cannot be thrown away, and the benchmark does not pass over it."""
    with control_plane(server) as plane, pytest.raises(BenchError, match="404"):
        plane.delete("never-made")


def test_the_memory_of_a_server_is_that_of_its_process(server: Running) -> None:
    """A Python process takes some megabytes, and no gigabyte."""
    assert 10 < server.resident_mb() < 1000


def test_a_server_that_ends_at_its_start_is_told(cores: Cores, tmp_path: Path) -> None:
    """The message has the command, for whoever wants to see why."""
    with (
        pytest.raises(BenchError, match=r"nobody ended with 1.*false"),
        running(Server("nobody", lambda port: ["false"], tmp_path), cores),
    ):
        pytest.fail("nobody started")
