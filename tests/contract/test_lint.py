"""The cassettes of this repository pass the linter, by rules that are stricter than anybody's."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from aitronos_mock.cassettes import MAX_AGE_DAYS, STAMPS
from aitronos_mock.cassettes.linting import lint
from cassettes.policy import POLICY

from .replaying import CASSETTES

SCRIPT = Path(__file__).parents[2] / "scripts" / "lint_cassettes.py"
RECORDED = max(
    date.fromisoformat(each["recorded_on"])
    for each in json.loads((CASSETTES / STAMPS).read_text("utf-8"))["cassettes"].values()
)


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the script."""
    return subprocess.run([sys.executable, SCRIPT, *map(str, arguments)], capture_output=True, text=True)


def test_the_cassettes_pass() -> None:
    """Nothing at all is found on the day of the recording: contract, secrets, stamps and orphans are in order."""
    report = lint(CASSETTES, POLICY, RECORDED)
    assert report.findings == ()
    assert (len(report.cassettes) > 60, report.interactions > 70) == (True, True)


def test_the_script_finds_no_error_today() -> None:
    """However old they are by now: age is no error."""
    ended = run()
    assert (ended.returncode, ended.stderr) == (0, "")
    assert " 0 errors, " in ended.stdout


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("fake-key-of-the-owner", "a-key", "secret"),
        ("https://api.aitronos.com", "https://staging.aitronos.com", "secret"),
        ("      x-request-id:\n      - req_fa4e00000001\n", "", "response"),
        ("      x-api-key:\n      - fake-key-of-the-owner\n", "", "request"),
        ('"visibility": "public"', '"visibility": "open"', "response"),
    ],
)
def test_a_spoilt_cassette_fails(old: str, new: str, rule: str, tmp_path: Path) -> None:
    """The script exits with 1 and names the rule; what anybody's recorder may take out is missed here."""
    name = "stories/own-track-by-raw-verbs.yaml"
    shutil.copytree(CASSETTES, tmp_path, dirs_exist_ok=True)
    text = (tmp_path / name).read_text("ascii")
    assert old in text
    (tmp_path / name).write_text(text.replace(old, new), "ascii")
    ended = run(tmp_path, "--json")
    assert ended.returncode == 1
    assert (name, rule) in {(each["cassette"], each["rule"]) for each in json.loads(ended.stdout)["findings"]}


def test_a_stray_cassette_is_an_orphan(tmp_path: Path) -> None:
    """A file of no scenario is told."""
    shutil.copytree(CASSETTES, tmp_path, dirs_exist_ok=True)
    shutil.copy(CASSETTES / "shareTrack/201-expiring.yaml", tmp_path / "stray.yaml")
    found = lint(tmp_path, POLICY, RECORDED).findings
    assert [(each.cassette, each.rule) for each in found] == [("stray.yaml", "unstamped"), ("stray.yaml", "orphan")]


def test_cassettes_become_stale() -> None:
    """After so many days, each is a warning and none an error."""
    later = date.fromordinal(RECORDED.toordinal() + MAX_AGE_DAYS + 1)
    report = lint(CASSETTES, POLICY, later)
    assert {each.rule for each in report.findings} == {"stale"}
    assert report.count("warning") == len(report.cassettes)
    assert report.count("error") == 0


def test_a_folder_without_cassettes_is_one_line(tmp_path: Path) -> None:
    """The script exits with 2, and says why in one line."""
    ended = run(tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert "There is no cassette in" in ended.stderr
