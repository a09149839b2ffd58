"""The mock with few and with many links and sandboxes: its speed, and its memory for each of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from . import worlds, wrk
from .control import control_plane
from .figures import Figures
from .machine import Cores
from .mocks import MOCK, mock, seeded
from .plan import Plan
from .processes import Running, running
from .requests import RESOLVE, SHARE, TRACK_TOKEN, Request

BYTES = "bytes"
LINK_MEMORY, LINK_DISK, SANDBOX_MEMORY = "memory per link", "disk per link", "memory per sandbox"
LIFE = "create and delete a sandbox"


def of_links(request: Request, count: int) -> str:
    """The row of a request with so many links."""
    return f"{request.name}, {count:,} links"


def of_sandboxes(count: int) -> str:
    """The row of resolving with so many sandboxes."""
    return f"{RESOLVE.name}, {count:,} sandboxes"


def links(folder: Path, plan: Plan, cores: Cores, figures: Figures) -> None:
    """Resolve each of few and of many links in turn, and then share one more."""
    with ExitStack() as stack:
        servers = {count: stack.enter_context(_with_links(folder, count, cores)) for count in plan.links}
        # Shares make more links, so they come when everything else is done.
        for request in (RESOLVE, SHARE):
            for _ in range(plan.growth_rounds):
                for count, server in servers.items():
                    asked = worlds.resolve_any(count) if request is RESOLVE else request
                    done = wrk.load(server, asked, plan.seconds, folder)
                    figures.add(of_links(request, count), MOCK, "r/s", done.rate)
            if request is RESOLVE:
                _link_sizes(folder, servers, figures)


def sandboxes(folder: Path, plan: Plan, cores: Cores, figures: Figures) -> None:
    """Resolve in one sandbox after the other, of few and of many; and time the life of one."""
    with ExitStack() as stack:
        servers = {count: stack.enter_context(running(mock(folder), cores)) for count in plan.sandboxes}
        for count, server in servers.items():
            _fill(server, count, figures, measured=count == max(servers))
        for _ in range(plan.growth_rounds):
            for count, server in servers.items():
                done = wrk.load(server, _resolve_in_any(count), plan.seconds, folder)
                figures.add(of_sandboxes(count), MOCK, "r/s", done.rate)
        with control_plane(servers[min(servers)]) as plane:
            figures.add(LIFE, MOCK, "ms", *(plane.life(f"life-{n}") * 1e3 for n in range(plan.lives)))


@contextmanager
def _with_links(folder: Path, count: int, cores: Cores) -> Iterator[Running]:
    database = seeded(folder, f"links-{count}", cores)
    worlds.add_links(database, count)
    with running(mock(folder, database), cores) as server:
        yield server


def _link_sizes(folder: Path, servers: dict[int, Running], figures: Figures) -> None:
    few, many = min(servers), max(servers)
    memory = {count: servers[count].resident_mb() * 1e6 for count in (few, many)}
    disk = {count: (folder / f"links-{count}.db").stat().st_size for count in (few, many)}
    figures.add(LINK_MEMORY, MOCK, BYTES, (memory[many] - memory[few]) / (many - few))
    figures.add(LINK_DISK, MOCK, BYTES, (disk[many] - disk[few]) / (many - few))


def _fill(server: Running, count: int, figures: Figures, *, measured: bool) -> None:
    with control_plane(server) as plane:
        plane.create("bench-0")
        before = server.resident_mb()
        for number in range(1, count):
            plane.create(f"bench-{number}")
    if measured:
        figures.add(SANDBOX_MEMORY, MOCK, BYTES, (server.resident_mb() - before) * 1e6 / (count - 1))


def _resolve_in_any(count: int) -> Request:
    path = f"string.format('/sandboxes/bench-%d/v1/music/shared/{TRACK_TOKEN}', (n * 7) % {count})"
    return Request(RESOLVE.name, "GET", f"/sandboxes/bench-0{RESOLVE.path}", 200, varying_path=path)
