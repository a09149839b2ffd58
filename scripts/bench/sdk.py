"""The SDK beside raw httpx: imports in fresh interpreters, calls over one kept connection, parsing alone."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

import httpx

from aitronos import Aitronos, AsyncAitronos
from aitronos._generated.models.shared_view import SharedView
from aitronos._parse import shared_view
from aitronos._wire import Reply

from .figures import Figures
from .machine import Cores
from .plan import Plan
from .processes import Server, running
from .requests import RESOLVE, TRACK_TOKEN, documented_answer

IMPORT, FIRST_CLIENT = "import, over bare Python", "import and first client, over bare Python"
FIRST_ANSWER = "import and first answer, over bare Python"
SYNC, ASYNC, PARSING = "resolve, sync", "resolve, async", "parse a resolved track"
SDK, HTTPX, GENERATED, TYPED, VERB = "aitronos", "httpx", "generated client", "aitronos, typed", "aitronos, raw verb"
_KEY = "your-api-key"

T = TypeVar("T")


def imports(peer: Server, plan: Plan, cores: Cores, figures: Figures) -> None:
    """Time what a program pays before its first answer, as the difference to an interpreter that does nothing."""
    with running(peer, cores) as server:
        statements = _statements(server.url)
        for _ in range(plan.sdk_rounds):
            bare = _process_seconds("pass")
            for (row, subject), statement in statements.items():
                figures.add(row, subject, "ms", (_process_seconds(statement) - bare) * 1e3)


def calls(peer: Server, plan: Plan, cores: Cores, figures: Figures) -> None:
    """Time calls of a server that costs next to nothing, on the other core."""
    with running(peer, cores) as server:
        _sync_calls(server.url, plan, figures)
        asyncio.run(_async_calls(server.url, plan, figures))


def parsing(plan: Plan, figures: Figures) -> None:
    """Time the way from the bytes of an answer to its model, with all checks, beside the generated client's."""
    body = json.dumps(documented_answer("SharedTrack")).encode()
    reply = Reply(200, httpx.Headers({"content-type": "application/json"}), body)
    ways: dict[str, Callable[[], object]] = {
        SDK: lambda: shared_view(reply),
        GENERATED: lambda: SharedView.from_dict(json.loads(body)),
    }
    for number in range(plan.sdk_rounds):
        for subject, way in _turns(ways, number):
            figures.add(PARSING, subject, "µs", _mean_seconds(way, plan.calls) * 1e6)


def _statements(url: str) -> dict[tuple[str, str], str]:
    client = f"aitronos.Aitronos({_KEY!r}, base_url={url!r})"
    return {
        (IMPORT, SDK): "import aitronos",
        (IMPORT, HTTPX): "import httpx",
        # The SDK makes its httpx client at the first call, which loads the models as well; here it is told to make one.
        (FIRST_CLIENT, SDK): f"import aitronos; {client}._session.transport.client()",
        (FIRST_CLIENT, HTTPX): "import httpx; httpx.Client()",
        (FIRST_ANSWER, SDK): f"import aitronos; {client}.music.resolve_share({TRACK_TOKEN!r})",
        (FIRST_ANSWER, HTTPX): f"import httpx; httpx.Client().get({url + RESOLVE.path!r}).json()",
    }


def _process_seconds(statement: str) -> float:
    """A whole process, since an interpreter that imports more takes longer to end, too."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", statement], check=True, timeout=60, cwd=Path("/"))
    return time.perf_counter() - start


def _sync_calls(url: str, plan: Plan, figures: Figures) -> None:
    with httpx.Client(base_url=url) as raw, Aitronos(_KEY, base_url=url) as client:
        ways: dict[str, Callable[[], object]] = {
            HTTPX: lambda: raw.get(RESOLVE.path).json(),
            TYPED: lambda: client.music.resolve_share(TRACK_TOKEN),
            VERB: lambda: client.get(RESOLVE.path),
        }
        for number in range(plan.sdk_rounds + 1):
            for subject, way in _turns(ways, number):
                took = _mean_seconds(way, plan.calls)
                if number:  # the first round warms up
                    figures.add(SYNC, subject, "µs", took * 1e6)


async def _async_calls(url: str, plan: Plan, figures: Figures) -> None:
    async with httpx.AsyncClient(base_url=url) as raw, AsyncAitronos(_KEY, base_url=url) as client:

        async def raw_call() -> object:
            return (await raw.get(RESOLVE.path)).json()

        ways: dict[str, Callable[[], Awaitable[object]]] = {
            HTTPX: raw_call,
            TYPED: lambda: client.music.resolve_share(TRACK_TOKEN),
            VERB: lambda: client.get(RESOLVE.path),
        }
        for number in range(plan.sdk_rounds + 1):
            for subject, way in _turns(ways, number):
                took = await _mean_seconds_awaited(way, plan.calls)
                if number:  # the first round warms up
                    figures.add(ASYNC, subject, "µs", took * 1e6)


def _turns(ways: dict[str, T], number: int) -> list[tuple[str, T]]:
    """Who follows whom in a round: the other way round in every other one, so that nobody always comes first."""
    turns = list(ways.items())
    return turns[::-1] if number % 2 else turns


def _mean_seconds(call: Callable[[], object], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        call()
    return (time.perf_counter() - start) / count


async def _mean_seconds_awaited(call: Callable[[], Awaitable[object]], count: int) -> float:
    start = time.perf_counter()
    for _ in range(count):
        await call()
    return (time.perf_counter() - start) / count
