"""Where to record: mocks that are booted for it, or a server that runs already."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager

from booting import booted_mock

from .recording import NotPlayableError, WorldOf
from .scenarios import Scenario
from .world import Thing, World, seeded_world

_ANEW = ("--port", "0", "--seed", "docs")
_SHORTEST_SECRET = 8


class TargetError(Exception):
    """There is nothing to record from; the message says what to do."""


@contextmanager
def mocks() -> Iterator[WorldOf]:
    """Two mocks with the documentation's world: one that is generous with opens, and one that is not."""
    with ExitStack() as running:
        # A proxy of this machine would be asked for the mock.
        os.environ["NO_PROXY"] = os.environ["no_proxy"] = "127.0.0.1"
        generous = seeded_world(running.enter_context(booted_mock(*_ANEW)).url)
        miserly = seeded_world(running.enter_context(booted_mock(*_ANEW, "--resolve-rate-limit", "1/minute")).url)
        yield lambda scenario: miserly if scenario.is_rate_limited else generous


def live(base_url: str, things: Mapping[Thing, str]) -> WorldOf:
    """A server that runs already, with the things that are known to be there.

    Raises:
        TargetError: If a secret is too short to be told from ordinary text.
    """
    for thing, value in things.items():
        if thing.is_secret and len(value) < _SHORTEST_SECRET:
            raise TargetError(f"{thing.name} has fewer than {_SHORTEST_SECRET} characters and could not be scrubbed")
    world = World(base_url.rstrip("/"), things)

    def world_of(scenario: Scenario) -> World:
        if scenario.is_rate_limited:
            raise NotPlayableError("needs a server that grants one open a minute, which only a mock does")
        return world

    return world_of
