"""Run the steps of a scenario through the SDK, blocking or asynchronous."""

from __future__ import annotations

import os
import ssl
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast

import httpx

from aitronos import Aitronos, APIStatusError, AsyncAitronos

from .scenarios import Alteration, Past, Step, Steps

PATIENCE_SECONDS = 30.0
_AMBIENT = ("FREDDY_API_KEY", "AITRONOS_BASE_URL")


def drive(steps: Steps, base_url: str, way: httpx.BaseTransport | None = None) -> Past:
    """What came of each step: its result, or the error that stands for the server's refusal.

    Nothing is retried, so that one step is one interaction.

    Args:
        steps: What is said.
        base_url: To whom.
        way: By which way; None is the direct one.

    Raises:
        AitronosError: If there was no answer, or none that can be read.
        BrokenOffError: If a step needs what an earlier one did not bring.
    """
    past: Past = []
    with _no_ambient_settings():
        for step in steps:
            past.append(_take(step, base_url, past, way))
    return past


async def drive_async(steps: Steps, base_url: str) -> Past:
    """The same through the asynchronous client."""
    past: Past = []
    with _no_ambient_settings():
        for step in steps:
            past.append(await _take_async(step, base_url, past))
    return past


def _take(step: Step, base_url: str, past: Past, way: httpx.BaseTransport | None) -> object:
    hooks = {"request": [step.alteration] if step.alteration else []}
    with (
        httpx.Client(event_hooks=hooks, verify=_trust(), transport=way) as wire,
        Aitronos(
            api_key=step.key, base_url=base_url, http_client=wire, max_retries=0, timeout=PATIENCE_SECONDS
        ) as client,
    ):
        try:
            return step.call(client, past)
        except APIStatusError as error:
            return error


async def _take_async(step: Step, base_url: str, past: Past) -> object:
    hooks = {"request": [_awaitable(step.alteration)] if step.alteration else []}
    async with (
        httpx.AsyncClient(event_hooks=hooks, verify=_trust()) as wire,
        AsyncAitronos(
            api_key=step.key, base_url=base_url, http_client=wire, max_retries=0, timeout=PATIENCE_SECONDS
        ) as client,
    ):
        try:
            return await cast(Awaitable[object], step.call(client, past))
        except APIStatusError as error:
            return error


def _awaitable(alteration: Alteration) -> Callable[[httpx.Request], Awaitable[None]]:
    async def alter(request: httpx.Request) -> None:
        alteration(request)

    return alter


@cache
def _trust() -> ssl.SSLContext:
    """Reading the certificates takes longer than everything else that a replayed call does."""
    return httpx.create_ssl_context()


@contextmanager
def _no_ambient_settings() -> Iterator[None]:
    """Nobody's call stays nobody's, whatever key the environment holds."""
    kept = {name: os.environ.pop(name) for name in _AMBIENT if name in os.environ}
    try:
        yield
    finally:
        os.environ.update(kept)
