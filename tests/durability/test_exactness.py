"""Saves and opens that are asked for all at once, of one process and of several."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from .connections import Answer, Connection
from .mocks import KillableMock

_SAVE = "/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c/save"
_OPENS_THREE_TIMES = "/v1/music/shared/shr_77777777777777777777777777777777"
_AT_ONCE = 50

Ask = Callable[[Connection], Awaitable[Answer]]


@pytest.fixture(params=["one process", pytest.param("2 replicas x 2 workers", marks=pytest.mark.postgresql)])
def served(request: Any, start: Callable[..., KillableMock], tmp_path: Path) -> tuple[str, list[str]]:
    """What serves, and where."""
    if request.param == "one process":
        return request.param, [start(f"sqlite:///{tmp_path}/world.db").url]
    database = request.getfixturevalue("durable_postgresql").new_database()
    return request.param, [start(database, "--workers", "2").url for _ in range(2)]


async def _answers(urls: list[str], ask: Ask) -> list[Answer]:
    """What so many concurrent requests, on connections of their own, were answered."""
    connections = [Connection(urls[number % len(urls)]) for number in range(_AT_ONCE)]
    for connection in connections:
        await connection.open()
    answers = await asyncio.gather(*map(ask, connections))
    for connection in connections:
        connection.close()
    return answers


def test_a_track_is_saved_once(served: tuple[str, list[str]], tell: Callable[[str], None]) -> None:
    """Of 50 concurrent saves by one user, all are answered with the same library edge."""
    name, urls = served
    answers = asyncio.run(_answers(urls, lambda connection: connection.post(_SAVE, "recipient-api-key")))

    edges = {answer.body["id"] for answer in answers}
    assert ({201}, 1) == ({answer.status for answer in answers}, len(edges))
    tell(f"{name}, {_AT_ONCE} concurrent saves: {len(edges)} library edge")


def test_a_link_opens_as_often_as_it_may(served: tuple[str, list[str]], tell: Callable[[str], None]) -> None:
    """Of 50 concurrent opens of a link that opens three times more, three are admitted."""
    name, urls = served
    answers = asyncio.run(_answers(urls, lambda connection: connection.get(_OPENS_THREE_TIMES)))

    statuses = Counter(answer.status for answer in answers)
    assert {200: 3, 404: _AT_ONCE - 3} == statuses
    tell(f"{name}, {_AT_ONCE} concurrent opens of a link that opens 3 times: {statuses[200]} admitted")
