"""SQLite on disk: `kill -9` at random moments under 32 concurrent writers."""

from __future__ import annotations

import asyncio
import random
import shutil
import sqlite3
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from aitronos_mock.store.sqlite import SQLiteDatabase

from .mocks import KillableMock
from .writers import WRITERS, Told, refused, writing, written_again

_LIFE_SECONDS = (0.01, 0.4)
_RESTART_SECONDS = 1.0


async def _killed_under_load(mock: KillableMock, told: Told, life_seconds: float) -> None:
    async with writing(told, mock.url) as tasks:
        await asyncio.sleep(life_seconds)
        mock.kill()
        await asyncio.wait(tasks)


class Left(NamedTuple):
    """What a kill left.

    Attributes:
        opening_seconds: How long it takes to open the database, and so to recover it.
        ids: The identifiers of its links and library edges.
    """

    opening_seconds: float
    ids: set[str]


def _left(database: Path) -> Left:
    """Look at a copy of the files as they were left, which have to be sound."""
    copy = database.with_name("copy")
    shutil.rmtree(copy, ignore_errors=True)
    copy.mkdir()
    for file in (database, database.with_name(f"{database.name}-wal")):
        if file.exists():
            shutil.copy(file, copy)
    started = time.perf_counter()
    SQLiteDatabase(f"sqlite:///{copy / database.name}").close()
    opening_seconds = time.perf_counter() - started
    with closing(sqlite3.connect(copy / database.name)) as connection:
        assert [("ok",)] == connection.execute("PRAGMA integrity_check").fetchall()
        assert [] == connection.execute("PRAGMA foreign_key_check").fetchall()
        ids = connection.execute("SELECT id FROM share_links UNION ALL SELECT id FROM library").fetchall()
    return Left(opening_seconds, {each for (each,) in ids})


def _opened(url: str, tokens: list[str]) -> int:
    with httpx.Client(base_url=url) as client:
        return sum(client.get(f"/v1/music/shared/{token}").status_code == 200 for token in tokens)


@pytest.mark.timeout(3600)
def test_an_acknowledged_write_survives_a_kill(
    tmp_path: Path, is_full: bool, length: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    """After every kill the file is sound, has whatever a 201 acknowledged, and is served again within a second."""
    database, log, told = tmp_path / "world.db", tmp_path / "log", Told()
    kills = length(200, 8)
    moments = random.Random(0)  # noqa: S311 - moments that can be had again
    restarts, processor, openings, untold = [], [], [], set[str]()

    mock, checked = KillableMock(f"sqlite:///{database}", log), 0
    seeded = _left(database).ids
    first_start = mock.started_in
    for _ in range(kills):
        asyncio.run(_killed_under_load(mock, told, moments.uniform(*_LIFE_SECONDS)))
        assert [] == told.wrong
        left = _left(database)
        openings.append(left.opening_seconds)
        assert set() == (set(told.links) | told.edges) - left.ids
        untold = left.ids - seeded - set(told.links) - told.edges

        mock = KillableMock(f"sqlite:///{database}", log)
        restarts.append(mock.started_in)
        processor.append(mock.started_for)
        latest = list(told.links.values())[checked:][-100:]
        assert len(latest) == _opened(mock.url, latest)
        checked = len(told.links)
    assert 0 == mock.stop()

    assert told.links
    assert told.edges
    assert "" == log.read_text("utf-8")
    tell(
        f"{kills} kills -9 under {WRITERS} writers: all of {len(told.links)} links and {len(told.edges)} edges that"
        f" were acknowledged are there, no file is damaged; {len(untold)} more, since the kill came before the answer"
    )
    tell(
        f"from start to first answer, while nobody writes: median {statistics.median(restarts):.2f} s, longest"
        f" {max(restarts):.2f} s, of a processor {statistics.median(processor):.2f} s; the first start, which loads the"
        f" world and recovers nothing, {first_start:.2f} s; opening what a kill left, without Python's start, longest"
        f" {max(openings) * 1000:.0f} ms"
    )
    assert not is_full or max(restarts) < _RESTART_SECONDS


def test_a_full_disk_refuses_and_loses_nothing(
    tmp_path: Path, length: Callable[[int, int], int], tell: Callable[[str], None]
) -> None:
    """While no file can grow, writes are a 503 with `Retry-After` and opens go on; once one can, writes go on too."""
    database, log, told = tmp_path / "world.db", tmp_path / "log", Told()
    times, mock = length(20, 2), KillableMock(f"sqlite:///{database}", log)

    async def fill() -> None:
        async with writing(told, mock.url):
            for _ in range(times):
                await written_again(told)
                mock.limit_files(database.with_name("world.db-wal").stat().st_size)
                await refused(told)
                latest = list(told.links.values())[-10:]
                assert len(latest) == await asyncio.to_thread(_opened, mock.url, latest)
                mock.limit_files(None)
            await written_again(told)

    asyncio.run(fill())
    mock.kill()
    assert [] == told.wrong
    assert set() == (set(told.links) | told.edges) - _left(database).ids
    tell(
        f"{times} full disks: all of {len(told.links)} links acknowledged are there, {len(told.refused_at)} answers 503"
    )
