"""The server under trial: one that was described to us, or a sandbox of our own on a mock."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from ..clock import timestamp
from .control import Control
from .given import DOCS, NAMES, UNKNOWN_TOKEN, Given
from .wire import Answer, Request, Transport, Unanswered

_SANDBOX = re.compile(r"/sandboxes/[^/]+$")


class Unusable(Exception):
    """There is nothing to verify at the target; the message is one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Target:
    """A server that claims the contract.

    Attributes:
        base_url: Stands for `https://api.aitronos.com`.
        transport: Carries requests.
        given: What is known of it.
        is_destructive: Whether rows may mint links, save, and use the rate limit up.
        pause: Lets so many seconds go by.
        now: Seconds, as the server's rate limit counts them.
        control: Changes its world; None where nobody may.
    """

    base_url: str
    transport: Transport
    given: Given
    is_destructive: bool
    pause: Callable[[float], None] = time.sleep
    now: Callable[[], float] = time.monotonic
    control: Control | None = None


@contextmanager
def found(url: str, given: Given, transport: Transport, *, is_destructive: bool, token: str | None) -> Iterator[Target]:
    """The server at a URL. Of a mock about which nothing was given, a new sandbox, which goes in the end.

    Args:
        url: Where the server is; the `base_url` of a sandbox leads to its mock.
        given: What is known of it.
        transport: Carries requests.
        is_destructive: Whether rows may leave something behind; in a sandbox of our own they may.
        token: The control token of a mock; it is sent to nobody of whom something was given.

    Raises:
        Unusable: Nobody answers there, or a mock does not let us make a sandbox.
    """
    headers = {} if token is None or given else {"Authorization": f"Bearer {token}"}
    root = _SANDBOX.sub("", url)
    server = Control(transport, f"{root}/_mock", headers)
    try:
        name = _sandbox(server, server.ask("GET", "/health"), given)
    except Unanswered as silence:
        raise Unusable(f"{url} does not answer ({silence}); check --target") from None
    if name is None:
        yield Target(url, transport, given, is_destructive)
        return
    base_url = f"{root}/sandboxes/{name}"
    control = Control(transport, f"{base_url}/_mock", headers)
    try:
        yield Target(base_url, transport, DOCS, True, control.advance, _still, control)
    finally:
        # What does not answer any more has been reported; a sandbox that stays goes by itself.
        with suppress(Unanswered):
            server.ask("DELETE", f"/sandboxes/{name}")


def _sandbox(server: Control, health: Answer, given: Given) -> str | None:
    """The name of a new sandbox with the documentation's world and a clock that stands still; None on no mock."""
    if given or not _is_mock(health):
        return None
    made = server.ask("POST", "/sandboxes", {"seed": "docs", "clock": timestamp(time.time()), "deterministic": False})
    name = made.fields.get("name")
    if made.status == 201 and isinstance(name, str):
        return name
    code = made.error.get("code", "no envelope")
    raise Unusable(f"this mock makes no sandbox (status {made.status}, {code}); see 'aitronos-mock sandbox create'")


def refused_keys(target: Target) -> list[str]:
    """The names of the given keys that the server answers with 401, which it may not do if they are somebody's."""
    names = [name for name in NAMES if name.endswith("_key") and getattr(target.given, name)]
    return [name for name in names if _tried(target, getattr(target.given, name)) == 401]


def _tried(target: Target, key: str) -> int:
    """The status of a save that is refused in any case, since nobody gave that token out."""
    url = f"{target.base_url}/v1/music/shared/{UNKNOWN_TOKEN}/save"
    return target.transport(Request("POST", url, {"X-API-Key": key})).status


def _is_mock(health: Answer) -> bool:
    if health.error.get("code") == "CONTROL_TOKEN_REQUIRED":
        raise Unusable("this mock wants its control token; set AITRONOS_MOCK_CONTROL_TOKEN")
    return health.status == 200 and health.fields.keys() == {"status", "version"}


def _still() -> float:
    """The time in a sandbox whose clock stands still."""
    return 0.0
