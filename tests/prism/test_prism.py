"""Prism, which nobody here wrote, finds nothing to say against what the SDK and the mock tell each other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import ExitStack

import httpx
import pytest

from cassettes.driving import drive
from cassettes.scenarios import SCENARIOS, Scenario
from cassettes.world import seeded_world

from .proxying import HERE, Heard, Proxied, ThroughPrism, proxied_mock

GENEROUS = ("--resolve-rate-limit", "off")
MISERLY = ("--resolve-rate-limit", "1/minute")

UNNOTICED = "422-malformed_json"
"""Prism passes a body that is no JSON on without a word."""


class Mocks:
    """Proxied mocks by their options, each started where it is wanted first."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._running: dict[tuple[str, ...], Proxied] = {}

    def __getitem__(self, options: tuple[str, ...]) -> Proxied:
        if options not in self._running:
            self._running[options] = self._stack.enter_context(proxied_mock(*options))
        return self._running[options]


@pytest.fixture(scope="session")
def mocks() -> Iterator[Mocks]:
    """Mocks with the documentation's world, behind proxies."""
    with ExitStack() as stack:
        yield Mocks(stack)


def told(scenario: Scenario, mocks: Mocks) -> list[Heard]:
    """What came through the proxy while the SDK played a scenario against a mock."""
    proxied = mocks[MISERLY if scenario.is_rate_limited else GENEROUS]
    way = ThroughPrism(proxied.port)
    drive(scenario.steps(seeded_world(proxied.mock_url)), proxied.mock_url, way)
    return way.heard


def is_wrong_on_purpose(scenario: Scenario) -> bool:
    """Whether its last request is none that openapi.yaml allows."""
    if scenario.cause is None or scenario.name.endswith(UNNOTICED):
        return False
    is_unknown = scenario.cause.operation == "unrouted"
    return is_unknown or scenario.cause.status in (413, 415, 422) or scenario.cause.name == "missing_key"


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_there_is_no_violation(scenario: Scenario, mocks: Mocks) -> None:
    """No answer violates the contract, and no request but those that are wrong so that they are refused."""
    heard = told(scenario, mocks)
    assert len(scenario.steps(seeded_world("http://127.0.0.1"))) == len(heard)
    assert [each.response for each in heard if each.response] == []
    *before, last = heard
    assert [each.request for each in before if each.request] == []
    assert is_wrong_on_purpose(scenario) == bool(last.request), last


def test_prism_can_say_no() -> None:
    """An answer that the contract does not have is noticed, or the silence above would say nothing."""
    with proxied_mock(*GENEROUS) as proxied:
        fault = {"operation": "resolveShare", "status": 503, "times": 1}
        assert httpx.post(f"{proxied.mock_url}/_mock/faults", json=fault, trust_env=False).status_code == 201
        way = ThroughPrism(proxied.port)
        with httpx.Client(transport=way) as client:
            client.get(f"{proxied.mock_url}/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c")
    [heard] = way.heard
    assert (heard.status, heard.request) == (503, ())
    assert len(heard.response) == 1


def test_the_locked_packages_come_from_no_particular_registry() -> None:
    """The lock file names versions and checksums, and leaves the place to the machine that installs."""
    packages = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    locked = {name: package for name, package in packages.items() if name}
    assert [name for name, package in locked.items() if "resolved" in package or "integrity" not in package] == []
    assert len(locked) > 10
