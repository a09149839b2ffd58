"""Play a scenario from its cassette through the SDK."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import anyio

from aitronos_mock.cassettes.operations import operation_called_by
from aitronos_mock.cassettes.reading import Interaction, read_cassette
from cassettes.driving import drive, drive_async
from cassettes.recording import cassette_path
from cassettes.scenarios import SCENARIOS, Past, Scenario, Steps
from cassettes.tape import replaying
from cassettes.world import REPLAYED
from exercised.observing import see

CASSETTES = Path(__file__).parent / "cassettes"
WAYS = ("blocking", "asyncio", "trio")
"""How the SDK can be driven: by its blocking client, or by its asynchronous one on either event loop."""

BY_NAME = {scenario.name: scenario for scenario in SCENARIOS}


class UnplayedError(Exception):
    """A cassette holds more than its scenario says."""


@dataclass(frozen=True)
class Replayed:
    """What came of every step, beside what was recorded."""

    outcomes: Past
    interactions: list[Interaction]

    @property
    def outcome(self) -> object:
        """What came of the last step."""
        return self.outcomes[-1]


@cache
def recorded(name: str) -> list[Interaction]:
    """The interactions of a committed cassette."""
    return [*read_cassette(cassette_path(CASSETTES, name)).interactions]


def replay(scenario: Scenario, way: str = WAYS[0], folder: Path = CASSETTES) -> Replayed:
    """Run a scenario to its end; the whole cassette has to be played.

    Raises:
        UnplayedError: If it was not.
    """
    path = cassette_path(folder, scenario.name)
    with replaying(path) as cassette:
        outcomes = _drive(scenario.steps(REPLAYED), way)
        if not cassette.all_played:
            raise UnplayedError(scenario.name)
    said = [*read_cassette(path).interactions]
    _count(scenario, said)
    return Replayed(outcomes, said)


def _count(scenario: Scenario, said: list[Interaction]) -> None:
    """Note for the coverage of the contract what was replayed; a scenario shows its cause in its last answer."""
    for number, each in enumerate(said, start=1):
        told = scenario.cause.name if scenario.cause and number == len(said) else None
        operation = operation_called_by(each.method, each.path)
        see("cassette", operation.name, each.status, json.loads(each.body), told)


def _drive(steps: Steps, way: str) -> Past:
    if way == "blocking":
        return drive(steps, REPLAYED.base_url)
    return anyio.run(drive_async, steps, REPLAYED.base_url, backend=way)
