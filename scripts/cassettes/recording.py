"""Record every scenario that a target can play, and verify that no secret is left."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aitronos_mock.cassettes.leaks import leaks
from aitronos_mock.cassettes.reading import read_cassette

from .driving import drive
from .policy import KNOWN
from .scenarios import SCENARIOS, Scenario
from .scrubbing import Scrubber
from .tape import SUFFIX, recording
from .world import NotGivenError, World


class LeakError(Exception):
    """A cassette would give a secret away. The message names places, and repeats no secret."""


@dataclass
class Recorded:
    """What came of it.

    Attributes:
        names: The scenarios that have a cassette now.
        skipped: Those that could not be played, and what was missing.
    """

    names: list[str] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)


class NotPlayableError(Exception):
    """The target cannot play a scenario; the message says why."""


WorldOf = Callable[[Scenario], World]
"""Gives the server for a scenario, or raises NotPlayableError."""


def record_all(folder: Path, world_of: WorldOf) -> Recorded:
    """Record every scenario into a folder.

    Raises:
        LeakError: If a file there would give a secret away.
    """
    recorded, secrets = Recorded(), set[str]()
    for scenario in SCENARIOS:
        try:
            secrets |= _record(scenario, world_of(scenario), folder)
            recorded.names.append(scenario.name)
        except NotGivenError as missing:
            recorded.skipped[scenario.name] = f"needs {missing.thing.name}: {missing.thing.meaning}"
        except NotPlayableError as reason:
            recorded.skipped[scenario.name] = str(reason)
    _verify(folder, secrets)
    return recorded


def cassette_path(folder: Path, name: str) -> Path:
    """Where the cassette of a scenario belongs."""
    return folder / f"{name}{SUFFIX}"


def _record(scenario: Scenario, world: World, folder: Path) -> set[str]:
    steps, scrubber = scenario.steps(world), Scrubber(world)
    with recording(cassette_path(folder, scenario.name), scrubber):
        drive(steps, world.base_url)
    return scrubber.secrets


def _verify(folder: Path, secrets: set[str]) -> None:
    """Look for the secrets of every scenario in every file."""
    found = [
        f"{path.relative_to(folder)}: {leak}"
        for path in sorted(folder.rglob(f"*{SUFFIX}"))
        for leak in leaks(read_cassette(path), KNOWN, secrets)
    ]
    if found:
        raise LeakError("\n".join(found))
