"""`aitronos-mock verify` finds every way of being broken, and nothing on a sound mock."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from starlette.types import ASGIApp

from aitronos_mock.app import create_app
from aitronos_mock.clock import SystemClock
from aitronos_mock.limits import Rate
from aitronos_mock.run import Options, furnish
from aitronos_mock.store.databases import open_database
from aitronos_mock.verify.given import Given
from aitronos_mock.verify.rows import ROWS
from aitronos_mock.verify.running import FAIL, PASS, Verdict, tried
from aitronos_mock.verify.target import found
from aitronos_mock.verify.wire import Answer, Request

from .mutants.broken import Broken, answer_of
from .mutants.catalogue import MUTANTS
from .mutants.ways import Mutant

URL = "http://127.0.0.1:8000"


class Loop:
    """A mock on a loop of its own, and what is in front of it, asked without sockets."""

    def __init__(self) -> None:
        self.runner = asyncio.Runner()
        self.runner.run(self._start())

    async def _start(self) -> None:
        self.database = open_database("sqlite://")
        options = Options("127.0.0.1", 8000, "sqlite://", "docs", None, False, Rate.parse("100/minute"), 300)
        sandboxes = await furnish(
            options, await self.database.__aenter__(), SystemClock(), b"a key of 32 bytes for playback"
        )
        self.app = create_app(sandboxes.default.mock, sandboxes)

    def close(self) -> None:
        """Let everything go."""
        self.runner.run(self.database.__aexit__(None, None, None))
        self.runner.close()

    def verdicts(self, app: ASGIApp) -> list[Verdict]:
        """What the suite says about an application."""

        def transport(request: Request) -> Answer:
            reply = self.runner.run(answer_of(app, _scope(request), request.body or b""))
            return Answer(reply.status, reply.headers, reply.content)

        with found(URL, Given(), transport, is_destructive=False, token=None) as target:
            return list(tried(ROWS, target))


def _scope(request: Request) -> dict[str, Any]:
    url = urlsplit(request.url)
    headers = {"host": url.netloc, "content-length": str(len(request.body or b"")), **request.headers}
    return {
        "type": "http",
        "method": request.method,
        "path": unquote(url.path),
        "raw_path": url.path.encode(),
        "query_string": url.query.encode(),
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers.items()],
        "client": (request.source or "127.0.0.1", 50000),
        "server": ("127.0.0.1", 8000),
        "scheme": "http",
        "http_version": "1.1",
    }


@pytest.fixture(scope="module")
def loop() -> Iterator[Loop]:
    """One sound mock for all mutants of this process; every run has a sandbox of its own."""
    loop = Loop()
    yield loop
    loop.close()


def test_a_sound_mock_holds_every_row(loop: Loop) -> None:
    """On the mock itself, each row is tried and holds."""
    assert [each for each in loop.verdicts(loop.app) if each.result != PASS] == []


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_broken_server_fails_its_rows_and_no_other(loop: Loop, mutant: Mutant) -> None:
    """What a server does wrong is told by the rows about it, and by them alone."""
    verdicts = loop.verdicts(Broken(loop.app, mutant.make()))
    failed = {each.row.id: (each.expected, each.got) for each in verdicts if each.result == FAIL}
    assert failed.keys() == mutant.rows, failed


def test_every_row_has_a_mutant() -> None:
    """No row is a check that cannot fail, and none is named that is not there."""
    assert {row for mutant in MUTANTS for row in mutant.rows} == {row.id for row in ROWS}


def test_names_are_unique() -> None:
    """Rows and mutants are told by their names."""
    names = Counter([row.id for row in ROWS] + [mutant.name for mutant in MUTANTS])
    assert [name for name, times in names.items() if times > 1] == []
