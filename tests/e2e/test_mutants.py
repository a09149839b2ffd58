"""`aitronos-mock verify` finds every way of being broken, and nothing on a sound mock."""

from __future__ import annotations

import asyncio
import json
import random
import subprocess
from collections import Counter
from collections.abc import Iterator
from functools import partial
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
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
from aitronos_mock.verify.wire import Answer, Request, Transport, Unanswered

from .mutants.broken import Broken, Call, Reply, Server, answer_of
from .mutants.catalogue import MUTANTS
from .mutants.ways import Mutant
from .serving import COMMAND

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

    def answer(self, app: ASGIApp, request: Request) -> Answer:
        """What an application answers."""
        try:
            scope = _scope(request)
        except ValueError:
            # As over sockets: a server may give out an address that is none.
            raise Unanswered("that is no HTTP") from None
        reply = self.runner.run(answer_of(app, scope, request.body or b""))
        return Answer(reply.status, reply.headers, reply.content)

    def verdicts(self, app: ASGIApp) -> list[Verdict]:
        """What the suite says about an application."""
        with found(URL, Given(), partial(self.answer, app), is_destructive=False, token=None) as target:
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


WEIRD: tuple[Any, ...] = (None, True, -1, 1e300, "", "\ud800", "http://[::", [], [None], {}, {"id": 7})
"""What stands in the place of something else in an answer that is spoilt at random."""


def spoilt(value: Any, chances: random.Random) -> Any:
    """A copy of JSON with something weird somewhere, or as it is."""
    if chances.random() < 0.05:
        return chances.choice(WEIRD)
    match value:
        case dict():
            return {name: spoilt(each, chances) for name, each in value.items()}
        case list():
            return [spoilt(each, chances) for each in value]
        case _:
            return value


@pytest.mark.parametrize("seed", range(25))
def test_whatever_is_answered_is_a_verdict(loop: Loop, seed: int) -> None:
    """A server that says weird things anywhere gets a verdict over every row, and no row breaks down."""
    chances = random.Random(seed)  # noqa: S311 - to be foreseen is its purpose

    async def behave(call: Call, server: Server) -> Reply:
        reply = await server(call)
        if call.operation not in ("control", "playTrack"):
            reply.hold(spoilt(reply.data, chances))
        return reply

    verdicts = loop.verdicts(Broken(loop.app, behave))
    assert len(ROWS) == len(verdicts)
    assert FAIL in {each.result for each in verdicts}


@pytest.mark.parametrize("name", ["track: 403 instead of 404", "an overstated licence", "no rate limit"])
def test_the_command_finds_a_broken_server(loop: Loop, name: str, tmp_path: Path) -> None:
    """Over real sockets too, a broken server is exit code 1, and the report names its rows alone."""
    [mutant] = (each for each in MUTANTS if each.name == name)
    report = tmp_path / "report.json"
    with HTTPServer(("127.0.0.1", 0), handler(partial(loop.answer, Broken(loop.app, mutant.make())))) as server:
        command = [COMMAND, "verify", "--target", f"http://127.0.0.1:{server.server_port}", "--format", "json"]
        process = subprocess.Popen([*command, "--output", str(report)])
        server.timeout = 0.1
        while process.poll() is None:
            # Here, since the database of the mock belongs to this thread.
            server.handle_request()
    assert 1 == process.returncode
    failed = {row["id"] for row in json.loads(report.read_text("utf-8"))["rows"] if row["result"] == FAIL}
    assert mutant.rows == failed


def handler(answer: Transport) -> type[BaseHTTPRequestHandler]:
    """What has its answers from a function."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            headers = {name.lower(): value for name, value in self.headers.items()}
            asked = Request(self.command, f"{URL}{self.path}", headers, body, self.client_address[0])
            answered = answer(asked)
            self.send_response_only(answered.status)
            for name, value in answered.headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answered.content)

        do_GET = do_POST = do_PUT = do_DELETE = answer  # noqa: N815 - http.server wants it so

    return Handler
