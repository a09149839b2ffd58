"""Where faults meet requests: right behind the router, before anybody is authenticated."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import cast

from starlette.types import ASGIApp, Receive, Scope, Send

from ..examples import Examples
from ..exchange import Exchange
from ..refusals import CannotHangUp, ClientGone
from .faults import Strike
from .patience import Patience
from .spoiling import Broken, NoJson, Slow, Truncated

HANG_UP = "aitronos_mock.hang_up"
"""Under this name the server puts into the state of a request what closes its connection."""

logger = logging.getLogger("aitronos_mock.faults")


class Striking:
    """Lets the faults of a mock strike the requests of the API.

    Args:
        app: Answers those that are not struck, or struck in a way that needs an answer.
        examples: Knows the operations of the API, and what they document for each status.
    """

    def __init__(self, app: ASGIApp, examples: Examples) -> None:
        self._app = app
        self._examples = examples

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, well or badly."""
        exchange = Exchange.of(scope) if scope["type"] == "http" else None
        strike = None if exchange is None else await self._strike(exchange, scope["path"])
        if exchange is None or strike is None:
            await self._app(scope, receive, send)
        else:
            await self._fail(strike, exchange, scope, receive, send)

    async def _strike(self, exchange: Exchange, path: str) -> Strike | None:
        faults, operation = exchange.mock.faults, exchange.operation_id
        if not faults or operation not in self._examples:
            return None
        return await faults.strike(cast(str, operation), path)

    async def _fail(self, strike: Strike, exchange: Exchange, scope: Scope, receive: Receive, send: Send) -> None:
        logger.info("Fault %s strikes %s, trace_id %s", strike.fault_id, exchange.operation_id, exchange.trace_id)
        patience = Patience(receive, exchange.mock.faults.sleep)
        if strike.seconds:
            await patience.wait(strike.seconds)
        if strike.plan.status is not None:
            await self._examples.error(exchange, strike.plan.status)(send)
        elif strike.plan.drop == "before":
            _hang_up(scope)()
            raise ClientGone
        else:
            exchange.spoil = _spoiling(strike, scope, patience)
            await self._app(scope, patience.receive, send)


def _spoiling(strike: Strike, scope: Scope, patience: Patience) -> Callable[[Send], Send] | None:
    if strike.plan.drop == "mid_body":
        return partial(Broken, hang_up=_hang_up(scope))
    match strike.plan.body:
        case "truncated":
            return Truncated
        case "invalid_json":
            return NoJson
        case "slow":
            return partial(Slow, pause=patience.wait)
        case _:
            return None


def _hang_up(scope: Scope) -> Callable[[], None]:
    found = scope.get("state", {}).get(HANG_UP)
    if found is None:
        raise CannotHangUp
    return cast(Callable[[], None], found)
