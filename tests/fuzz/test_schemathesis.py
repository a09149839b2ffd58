"""Schemathesis, all checks, on everything that the mock serves: what a description says is what the mock does."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.e2e.serving import running_mock
from tests.engines.postgresql import running_postgresql

ROOT = Path(__file__).parents[2]
LINKS = 3
"""From a track's share to its open and its save, and from a collection's to its open. Schemathesis infers more."""
MOCK = ROOT / "mock_server" / "aitronos_mock"
SCHEMATHESIS = str(Path(sys.executable).with_name("schemathesis"))

SEED = os.environ.get("SCHEMATHESIS_SEED", "20260628")
"""Fixed, so that no change fails for what another one brought in; set another one to search on."""

MAX_EXAMPLES = os.environ.get("SCHEMATHESIS_MAX_EXAMPLES", "50")
"""Per operation and phase; more of them find more and take longer."""


SHUT_OUT = ("--warnings", "off")
"""For runs of which it is the point that they are not let in."""


IN_MEMORY = "sqlite://"

_LINKS = re.compile(r"API Links: +(\d+) covered / (\d+) selected / (\d+) total")


def complaints(description: Path, base_path: str, *options: str, database: str = IN_MEMORY) -> str:
    """What Schemathesis says about a fresh mock that is held against this description, nothing where all is well."""
    run = held(description, base_path, *options, database=database)
    return run.stdout + run.stderr if run.returncode else ""


def held(description: Path, base_path: str, *options: str, database: str) -> subprocess.CompletedProcess[str]:
    """Hold a fresh mock over this database against a description.

    The mock limits no resolves: nearly all of thousands of requests from one address would be 429.
    """
    with running_mock("--resolve-rate-limit", "off", "--log-level", "error", "--database", database) as url:
        command = [SCHEMATHESIS, "--config-file", str(Path(__file__).with_name("schemathesis.toml")), "--no-color"]
        command += ["run", str(description), "--url", url + base_path, "--seed", SEED, "--max-examples", MAX_EXAMPLES]
        return subprocess.run([*command, *options], cwd=ROOT, capture_output=True, text=True, check=False)


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of each kind that the API has to behave alike on."""
    if request.param == "sqlite":
        yield IN_MEMORY
        return
    with running_postgresql() as server:
        yield server.new_database()


def test_the_api_answers_its_owner_as_described(database: str) -> None:
    """With the owner's key, whatever is sent is answered as `openapi.yaml` says, and every link there is followed."""
    run = held(ROOT / "openapi.yaml", "", "--header", "X-API-Key: your-api-key", database=database)

    assert 0 == run.returncode, run.stdout + run.stderr
    covered, selected, total = map(int, _LINKS.findall(run.stdout)[0])
    assert LINKS <= covered == selected == total


def test_the_api_answers_strangers_as_described() -> None:
    """Without a key, whatever is sent is answered as `openapi.yaml` says."""
    assert "" == complaints(ROOT / "openapi.yaml", "", *SHUT_OUT)


def test_the_control_plane_answers_as_described() -> None:
    """Whatever is asked of the control plane is answered as its own description says."""
    assert "" == complaints(MOCK / "control" / "openapi.yaml", "/_mock")


def test_the_playback_answers_guesses_as_described() -> None:
    """Playback URLs that nobody signed are answered as the description of the playback says."""
    assert "" == complaints(MOCK / "media" / "openapi.yaml", "/media", *SHUT_OUT)
