#!/usr/bin/env python3
"""Measure how many shares a second a store keeps durably, for each number of writers at once.

    scripts/bench_store.py                              SQLite in a file of the temporary folder
    scripts/bench_store.py --database postgresql://…    an empty database

Each writer adds one link after the other, and waits until it is kept. What a sync takes on this disk is measured first.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import os
import tempfile
import time
from pathlib import Path

from aitronos_mock.domain.digests import digest
from aitronos_mock.domain.models import ShareLink
from aitronos_mock.fixtures import seed_fixture
from aitronos_mock.store.databases import open_database
from aitronos_mock.store.ports import SandboxStore

_WRITERS = (1, 2, 8, 32, 128)
_SYNCS = 200
_NOW = 1782642600


async def _shares_a_second(store: SandboxStore, writers: int, seconds: float, numbers: itertools.count[int]) -> float:
    end = time.perf_counter() + seconds

    async def write() -> int:
        kept = 0
        while time.perf_counter() < end:
            link_id = f"mslink_{next(numbers):012x}"
            link = ShareLink(link_id, "track", "mtrack_b4d9e1c6a72f", "link_only", 0)
            await store.add_share_link(link, digest(link_id))
            kept += 1
        return kept

    started = time.perf_counter()
    kept = sum(await asyncio.gather(*(write() for _ in range(writers))))
    return kept / (time.perf_counter() - started)


async def _measure(url: str, seconds: float) -> None:
    numbers = itertools.count()
    async with open_database(url) as database:
        store = database.sandbox(0)
        await store.load(seed_fixture("docs", now=_NOW).world)
        print("writers  shares/s")
        for writers in _WRITERS:
            print(f"{writers:7}  {await _shares_a_second(store, writers, seconds, numbers):8.0f}")


def _sync_microseconds(folder: Path) -> float:
    file = os.open(folder / "sync", os.O_CREAT | os.O_WRONLY)
    started = time.perf_counter()
    for _ in range(_SYNCS):
        os.write(file, bytes(4096))
        os.fdatasync(file)
    os.close(file)
    return (time.perf_counter() - started) / _SYNCS * 1e6


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", help="URL of an empty database")
    parser.add_argument("--seconds", type=float, default=2.0, help="for each number of writers")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        print(f"a sync of 4 KiB takes {_sync_microseconds(Path(folder)):.0f} microseconds here")
        asyncio.run(_measure(options.database or f"sqlite:///{folder}/world.db", options.seconds))


if __name__ == "__main__":
    main()
