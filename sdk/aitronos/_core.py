"""The life of a call, without a network and without awaiting anything.

`conversation` is a generator: it yields what is to be done (an attempt, a pause), is sent what came of it, and returns
the successful reply or raises. Whoever drives it, blocking or asynchronous, decides nothing.
"""

import logging
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import count
from typing import Any, cast

from . import _clock, _envelope
from ._budget import Budget
from ._calls import Call
from ._options import Options
from ._redact import scrub
from ._retry import Policy, is_health
from ._settings import USER_AGENT, Settings
from ._wire import Attempt, Outcome, Pause, Reply, Request
from .errors import AitronosError

Steps = Generator[Attempt | Pause, Outcome | None, Reply]

logger = logging.getLogger("aitronos")

_COMMON_HEADERS = {"accept": "application/json", "accept-encoding": "gzip, deflate", "user-agent": USER_AGENT}
_CREDENTIAL = re.compile("auth|cookie|credential|key|passw|secret|session|token")
"""Found in the names of headers that say who somebody is; one taken for such needlessly is missed by nobody there."""


@lru_cache(maxsize=256)
def _is_credential(name: str) -> bool:
    return _CREDENTIAL.search(name) is not None


def request_for(call: Call[Any], settings: Settings, options: Options) -> Request:
    """Write the request down, with the key unless the route is public.

    A public route drops credentials of any sort among the caller's own headers as well.
    """
    headers = {**_COMMON_HEADERS, **options.headers}
    if call.body is not None:
        headers["content-type"] = "application/json"
    if call.route.is_public:
        headers = {name: value for name, value in headers.items() if not _is_credential(name)}
    elif settings.api_key is not None:
        headers["x-api-key"] = settings.api_key
    return Request(call.route.method, settings.base_url + call.target, headers, call.body)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a call needs beside itself."""

    settings: Settings
    options: Options
    budget: Budget


def conversation(call: Call[Any], around: Circumstances) -> Steps:
    """Attempt, judge, pause, attempt again, within one deadline.

    Raises:
        AitronosError: If no attempt succeeded.
    """
    options = around.options.merged(call.options)
    request = request_for(call, around.settings, options)
    secrets = _secrets(call, around.settings, request)
    deadline = _clock.monotonic() + options.timeout
    for retry in count():
        started = _clock.monotonic()
        outcome = cast(Outcome, (yield Attempt(request, deadline)))
        _log(call, outcome, _clock.monotonic() - started, secrets)
        if is_health(outcome):
            around.budget.earn(retry)
        if isinstance(outcome, Reply) and outcome.is_success:
            return Reply(outcome.status, outcome.headers, outcome.body, secrets)
        policy = Policy(call.route.replay, options.max_retries, around.budget, _clock.random, _clock.now)
        delay = policy.delay(outcome, retry, deadline - _clock.monotonic())
        if delay is None:
            raise _error(call, outcome, retry + 1, secrets)
        yield Pause(delay)
    raise AssertionError("count() never ends")  # pragma: no cover - for type checkers


def _error(call: Call[Any], outcome: Outcome, attempts: int, secrets: tuple[str, ...]) -> AitronosError:
    what = f"{call.route.method} {call.route.template}"
    return _envelope.error_for(outcome, what, attempts, _clock.now(), secrets)


def _secrets(call: Call[Any], settings: Settings, request: Request) -> tuple[str, ...]:
    return (*call.secrets, *filter(None, [settings.api_key]), *_credentials(request))


def _credentials(request: Request) -> Iterator[str]:
    """Each header that is one, whole and in parts: a scheme stands before it, cookies are several."""
    for name, text in request.headers.items():
        if _is_credential(name):
            yield from (text, *re.split(r"[\s;,=]+", text))


def _log(call: Call[Any], outcome: Outcome, seconds: float, secrets: tuple[str, ...]) -> None:
    if not logger.isEnabledFor(logging.DEBUG):
        return
    if isinstance(outcome, Reply):
        result = f"{outcome.status} {scrub(outcome.request_id or '', secrets)}"
    else:
        result = outcome.trouble.name
    logger.debug("%s %s %d ms %s", call.route.method, call.route.template, round(seconds * 1000), result)
