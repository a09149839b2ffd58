"""Clients that share and save one after the other, and take down what they were told."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from typing import Any

from .connections import Answer, Connection
from .worlds import RECIPIENTS, recipient_key, track

WRITERS = 32
_OWNER = "your-api-key"
_PATIENCE_SECONDS = 30.0
_PAUSE_SECONDS = 0.02


@dataclass
class Told:
    """What the writers were told.

    Attributes:
        links: Identifiers of the links that a 201 acknowledged, with their tokens.
        edges: Identifiers of the library edges that a 201 acknowledged.
        written: When there was a 201, on the clock that only goes forward, and at which writer.
        writes: Numbers what is written.
        refused_at: When there was a 503 as it is to be.
        wrong: Any other answer.
    """

    links: dict[str, str] = field(default_factory=dict)
    edges: set[str] = field(default_factory=set)
    written: list[tuple[float, int]] = field(default_factory=list)
    refused_at: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    writes: Iterator[int] = field(default_factory=count)
    _latest: dict[int, float] = field(default_factory=dict)

    def take(self, answer: Answer, writer: int) -> Any:
        """Take an answer to a writer down; the body of a 201, or None."""
        if answer.status == 201:
            self._latest[writer] = time.monotonic()
            self.written.append((self._latest[writer], writer))
            return answer.body
        if _is_unavailable(answer):
            self.refused_at.append(time.monotonic())
        else:
            self.wrong.append(f"{answer.status} {answer.body}")
        return None

    def have_written(self, writers: Iterable[int], since: float) -> bool:
        """Whether each of these writers got a 201 since a moment."""
        return all(self._latest.get(writer, since) > since for writer in writers)


def _is_unavailable(answer: Answer) -> bool:
    if answer.status != 503 or answer.headers.get("retry-after") != "1":
        return False
    error, trace_id = answer.body["error"], answer.headers["x-request-id"]
    return (503, "SERVICE_UNAVAILABLE", trace_id) == (error["status"], error["code"], error["trace_id"])


async def _write(url: str, told: Told, writer: int) -> None:
    """Share and save until the mock is gone."""
    connection = Connection(url)
    with suppress(OSError, asyncio.IncompleteReadError):
        await connection.open()
        try:
            while True:
                await _share_and_save(connection, told, writer)
        except TimeoutError:
            told.wrong.append(f"no answer within {_PATIENCE_SECONDS} s")
        finally:
            connection.close()


async def _share_and_save(connection: Connection, told: Told, writer: int) -> None:
    number = next(told.writes)
    share = f"/v1/music/org_abc123/tracks/{track(number // RECIPIENTS)}/share"
    async with asyncio.timeout(_PATIENCE_SECONDS):
        link = told.take(await connection.post(share, _OWNER), writer)
        if link is None:
            # Not as long as Retry-After says, so that the moment of the recovery shows.
            await asyncio.sleep(_PAUSE_SECONDS)
            return
        told.links[link["id"]] = link["token"]
        save = f"/v1/music/shared/{link['token']}/save"
        edge = told.take(await connection.post(save, recipient_key(number)), writer)
        if edge is not None:
            told.edges.add(edge["id"])


async def eventually(happened: Callable[[], bool]) -> None:
    """Wait until something happened.

    Raises:
        TimeoutError: It did not.
    """
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while not happened():  # noqa: ASYNC110 - any answer of any writer may be the one
            await asyncio.sleep(_PAUSE_SECONDS)


async def written_again(told: Told, writers: Iterable[int] = range(WRITERS)) -> None:
    """Wait until each of these writers, all where nobody is named, got a 201 for what it wrote from now on."""
    for _ in range(2):
        # The first one may have been under way.
        await eventually(partial(told.have_written, writers, time.monotonic()))


async def refused(told: Told) -> None:
    """Wait until more was refused than was under way."""
    before = len(told.refused_at)
    await eventually(lambda: len(told.refused_at) > before + WRITERS)


@asynccontextmanager
async def writing(told: Told, *urls: str) -> AsyncIterator[Sequence[asyncio.Task[None]]]:
    """Let the writers write to these mocks, in turn, and stop them in the end."""
    tasks = [asyncio.create_task(_write(urls[number % len(urls)], told, number)) for number in range(WRITERS)]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        # One that failed shall say so.
        await asyncio.gather(*(_ended(task) for task in tasks))


async def _ended(task: asyncio.Task[None]) -> None:
    try:
        await task
    except asyncio.CancelledError:
        return
