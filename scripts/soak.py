#!/usr/bin/env python3
"""Keep a mock busy for long, on each kind of database, and fail where it grows or errs. Needs Linux, for /proc.

    scripts/soak.py                     ten minutes on a file of SQLite, and as long on PostgreSQL where there is one
    scripts/soak.py --minutes 0.5 --store sqlite

The peak is measured first, then the mock is asked at 70 % of it: shares, saves and opens of what was shared. The first
fifth of that time fills what is bounded, such as the journal, and more if need be; from then on file descriptors and
memory have to stay. A run of five minutes or more has to keep the pace as well.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from booting import booted_mock
from find_postgresql import find_postgresql

# The server that the tests start is started here too.
sys.path.append(str(Path(__file__).parents[1]))

_SHARE = "POST /v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
_CONNECTIONS = 16
_OPENS = 8
_PEAK_SHARE = 0.7
_WARM_UP_SHARE = 0.2
_FILLING = 13_000
"""Requests after which journal and audit have as many entries as they ever have."""
_MEMORY_FACTOR = 1.1
_DESCRIPTORS = 2
_PACE = 0.9
_HELD_FROM_SECONDS = 300.0
"""A shorter run is a try of the script, on a machine that may be busy with other things just then."""
_STORES = ("sqlite", "postgresql")
_RATE = "999999999/minute"
"""Counted on every resolve, and out of reach."""


class Sample(NamedTuple):
    """What a process has at a moment.

    Attributes:
        descriptors: Its open file descriptors.
        resident: Its memory in megabytes.
    """

    descriptors: int
    resident: float

    @classmethod
    def of(cls, pid: int) -> Sample:
        """Take one of a process."""
        process = Path(f"/proc/{pid}")
        status = (process / "status").read_text("ascii")
        kilobytes = int(status.partition("VmRSS:")[2].split()[0])
        return cls(len(list((process / "fd").iterdir())), kilobytes / 1024)


def growth(samples: Sequence[Sample]) -> list[str]:
    """What is wrong with samples in their order: more descriptors or memory in the last quarter than in the first."""
    quarter = max(1, len(samples) // 4)
    first, last = (
        Sample(*(statistics.median(values) for values in zip(*part, strict=True)))
        for part in (samples[:quarter], samples[-quarter:])
    )
    wrong = []
    if last.descriptors > first.descriptors + _DESCRIPTORS:
        wrong.append(f"file descriptors grew from {first.descriptors:.0f} to {last.descriptors:.0f}")
    if last.resident > first.resident * _MEMORY_FACTOR:
        wrong.append(f"memory grew from {first.resident:.0f} MB to {last.resident:.0f} MB")
    return wrong


def slowness(asked: float, answered: float, seconds: float) -> list[str]:
    """What is wrong with a rate of answers, per second: a mock that stalls now and then keeps no pace."""
    if answered >= asked * _PACE or seconds < _HELD_FROM_SECONDS:
        return []
    return [f"asked at {asked:.0f}/s, answered at {answered:.0f}/s only"]


class Load:
    """Clients of a mock, each on a connection that is kept.

    Args:
        url: Of the mock.

    Attributes:
        answers: How many came as they should.
        errors: What else came.
    """

    def __init__(self, url: str) -> None:
        self._host, _, self._port = url.removeprefix("http://").partition(":")
        self.answers = 0
        self.errors: list[str] = []

    async def run(self, seconds: float, rate: float | None = None) -> float:
        """Ask for so long, at so many requests a second or as fast as it goes; answers per second."""
        before, began = self.answers, time.perf_counter()
        pause = 0.0 if rate is None else _CONNECTIONS / rate
        await asyncio.gather(*(self._client(began + seconds, pause) for _ in range(_CONNECTIONS)))
        return (self.answers - before) / (time.perf_counter() - began)

    async def _client(self, end: float, pause: float) -> None:
        try:
            reader, writer = await asyncio.open_connection(self._host, int(self._port))
            try:
                await self._ask_until(end, pause, reader, writer)
            finally:
                writer.close()
                await writer.wait_closed()
        except (OSError, EOFError, ValueError) as error:
            self.errors.append(repr(error))

    async def _ask_until(
        self, end: float, pause: float, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        due, token, turn = time.perf_counter(), "", 0
        while time.perf_counter() < end:
            line, key = _request(turn, token)
            fields = f"Host: {self._host}:{self._port}\r\n{key}Content-Length: 0\r\n\r\n"
            writer.write(f"{line} HTTP/1.1\r\n{fields}".encode())
            status, body = await _answer(reader)
            if status in (200, 201):
                self.answers += 1
                token = body["token"] if line == _SHARE else token
                turn += 1
            else:
                self.errors.append(f"{status} to {line.split('/')[0].strip()}")
            due += pause
            await asyncio.sleep(max(0.0, due - time.perf_counter()))


def _request(turn: int, token: str) -> tuple[str, str]:
    """Share, save what was shared, and open it several times; and so on."""
    match turn % (_OPENS + 2):
        case 0:
            return _SHARE, "X-API-Key: your-api-key\r\n"
        case 1:
            return f"POST /v1/music/shared/{token}/save", "X-API-Key: recipient-api-key\r\n"
    return f"GET /v1/music/shared/{token}", ""


async def _answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str]]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(head.partition("\r\ncontent-length:")[2].split("\r\n")[0])
    return int(head.split()[1]), json.loads(await reader.readexactly(length))


async def _soak(url: str, pid: int, seconds: float) -> list[str]:
    """Measure the peak, stay below it, print what was seen, and return what is wrong."""
    load = Load(url)
    peak = await load.run(max(1.0, min(10.0, seconds / 5)))
    if load.errors:
        return sorted(set(load.errors))
    rate = peak * _PEAK_SHARE
    await load.run(seconds * _WARM_UP_SHARE, rate)
    while load.answers < _FILLING and not load.errors:
        await load.run(1.0, rate)
    asking = asyncio.create_task(load.run(seconds * (1 - _WARM_UP_SHARE), rate))
    samples = []
    while not (await asyncio.wait({asking}, timeout=min(5.0, seconds / 40)))[0]:
        samples.append(Sample.of(pid))
    answered = await asking
    print(f"  peak {peak:.0f}/s, asked at {rate:.0f}/s, answered at {answered:.0f}/s")
    for name, values in zip(("file descriptors", "memory in MB"), zip(*samples, strict=True), strict=True):
        print(f"  {name}: {values[0]:.0f} at first, {min(values):.0f} to {max(values):.0f}, {values[-1]:.0f} at last")
    print(f"  {load.answers} answers, {len(load.errors)} errors")
    return growth(samples) + slowness(rate, answered, seconds) + sorted(set(load.errors))


@contextmanager
def _database(store: str) -> Iterator[str | None]:
    """The URL of a new database, or None where there is none to be had."""
    if store == "postgresql":
        if find_postgresql() is None:
            yield None
            return
        from tests.engines.postgresql import running_postgresql

        with running_postgresql(durable=True) as server:
            yield server.new_database()
    else:
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{folder}/world.db"


def _soaked(store: str, seconds: float) -> list[str]:
    with _database(store) as url:
        if url is None:
            print(f"!!! LEFT OUT: {store}, of which there is none here", file=sys.stderr)
            return []
        print(f"{store}, {seconds:.0f} seconds")
        with booted_mock("--port", "0", "--database", url, "--resolve-rate-limit", _RATE) as mock:
            return asyncio.run(_soak(mock.url, mock.process.pid, seconds))


def main() -> int:
    """Soak each store; 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10.0, help="for each store; 10 where nothing is said")
    parser.add_argument("--store", choices=_STORES, action="append", help="only this one; may be repeated")
    options = parser.parse_args()
    wrong = [f"{store}: {each}" for store in options.store or _STORES for each in _soaked(store, 60 * options.minutes)]
    for each in wrong:
        print(f"FAILED: {each}", file=sys.stderr)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
