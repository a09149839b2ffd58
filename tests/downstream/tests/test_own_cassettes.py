"""A cassette of this project's own: replayed, and held against the contract."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from share_page import keep
from vcr import VCR
from vcr.record_mode import RecordMode

CASSETTES = Path(__file__).parent / "cassettes"
COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))


def lint(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Lint the cassettes of a folder."""
    command = [COMMAND, "lint-cassettes", str(folder), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """The cassettes as they are when they have just been recorded."""
    folder = tmp_path / "cassettes"
    shutil.copytree(CASSETTES, folder)
    return folder


def test_a_listener_keeps_a_recorded_track(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cassette answers in the place of the API."""
    monkeypatch.delenv("AITRONOS_BASE_URL", raising=False)
    cassette = CASSETTES / "test_a_listener_keeps_a_recorded_track.yaml"
    with VCR(record_mode=RecordMode.NONE).use_cassette(cassette):
        assert keep("REDACTED", "any-key") == "mtrack_b4d9e1c6a72f"


def test_it_keeps_the_contract(recorded: Path) -> None:
    """Every interaction is one that the contract describes, no secret is left, and a test uses it."""
    stamped = lint(recorded, "--stamp")
    assert stamped.returncode == 0, stamped.stdout + stamped.stderr
    linted = lint(recorded, "--used-by", str(Path(__file__).parent))
    assert linted.returncode == 0, linted.stdout + linted.stderr


@pytest.mark.parametrize(
    ("right", "wrong", "rule"),
    [
        ("REDACTED", "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5d", "secret"),
        ('"id": "mlib_6d2f9a4c1e83", ', "", "response"),
        ("/save", "/keep", "operation"),
    ],
)
def test_a_cassette_that_went_bad_is_found(recorded: Path, right: str, wrong: str, rule: str) -> None:
    """A token that slipped in, an answer that the contract does not have, and a path that is gone are errors."""
    [cassette] = recorded.glob("*.yaml")
    text = cassette.read_text("utf-8")
    assert right in text
    cassette.write_text(text.replace(right, wrong), "utf-8")
    linted = lint(recorded)
    assert linted.returncode == 1
    assert rule in linted.stdout
    assert "shr_9f3a" not in linted.stdout + linted.stderr
