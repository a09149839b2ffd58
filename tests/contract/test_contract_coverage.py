"""What counts as bringing an example of the contract about, and what does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from aitronos_mock.cassettes.operations import Cause, examples
from exercised.counting import Counts, gathered, shown, unseen
from exercised.likeness import causes_like

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "contract_coverage.py"
EXPIRED = Cause("resolveShare", 404, "expired")


def run(*command: object, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments."""
    line = [sys.executable, *map(str, command)]
    return subprocess.run(line, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True)


def counted(folder: Path, tests: str) -> Counts:
    """What is counted while these tests run."""
    ended = run("-m", "pytest", "-q", "-p", "no:cacheprovider", tests, CONTRACT_COVERAGE=str(folder))
    assert ended.returncode == 0, ended.stdout
    return gathered(folder)


def write(folder: Path, causes: set[Cause]) -> Path:
    """Counts as a process leaves them, one of each cause."""
    folder.mkdir(exist_ok=True)
    lines = [json.dumps(["mock", *cause, 1]) for cause in sorted(causes)]
    (folder / "1-a.jsonl").write_text("\n".join(lines) + "\n", "utf-8")
    return folder


@pytest.mark.parametrize(("cause", "body"), examples().items(), ids=lambda each: "-".join(map(str, each))[:60])
def test_an_example_is_like_itself(cause: Cause, body: Any) -> None:
    """And like no other one, but for those that answer the same and those that differ in values alone."""
    alike = causes_like(cause.operation, cause.status, body)
    assert cause.name in alike
    others = {other.name: each for other, each in examples().items() if other[:2] == cause[:2]}
    assert alike == {name for name, each in others.items() if comparable(each) == comparable(body)}


def comparable(body: Any) -> Any:
    """An error without what is new in each; a success as it is."""
    return {**body["error"], "trace_id": "", "timestamp": ""} if "error" in body else body


@pytest.mark.parametrize(
    "body",
    [
        None,
        [],
        "x",
        {},
        {"error": {}},
        {"error": {"code": "X", "system_message": "Y"}},
        {"error": {"code": [], "system_message": "Y"}},
        {"error": {"code": "X", "system_message": []}},
        {"error": {"code": "X", "details": {"errors": [None], "value": 1}}},
        {"error": {"code": "X", "details": {"errors": [{"message": []}], "value": 1}}},
    ],
)
def test_an_answer_of_another_form_is_like_none(body: Any) -> None:
    """What the contract shows no example of is not counted."""
    assert causes_like("resolveShare", 404, body) == frozenset()
    assert causes_like("unheardOf", 404, examples()[EXPIRED]) == frozenset()


def test_the_mock_tells_causes_apart_that_answer_alike(tmp_path: Path) -> None:
    """A refused share is counted by its real cause, and by no other one that answers the same."""
    tests = "tests/unit/mock/test_errors.py"
    counts = counted(tmp_path, tests)
    named = {cause.name: counts["mock", cause] for cause in examples() if cause[:2] == ("shareTrack", 404)}
    assert named.keys() == {"unknown", "not_owner", "removed"}
    assert len(set(named.values())) > 1, "equal counts could be one count three times"


def test_what_is_forced_is_not_brought_about(tmp_path: Path) -> None:
    """Tests that force each example there is make the mock bring about next to none."""
    causes = {cause for _, cause in counted(tmp_path, "tests/unit/mock/test_forced.py")}
    assert causes
    assert len(causes) < 8


def test_processes_add_up(tmp_path: Path) -> None:
    """Counts of several processes are one count."""
    for name in "ab":
        (tmp_path / f"1-{name}.jsonl").write_text(json.dumps(["sdk", *EXPIRED, 2]) + "\n", "utf-8")
    assert gathered(tmp_path) == Counter({("sdk", EXPIRED): 4})


def test_the_table_has_a_line_for_each_cause() -> None:
    """With the counts of the mock, the SDK and the cassettes; none is a dash."""
    header, line = shown([EXPIRED], Counter({("sdk", EXPIRED): 4})).splitlines()
    assert header.split() == ["OPERATION", "STATUS", "CAUSE", "MOCK", "SDK", "CASSETTE"]
    assert line.split() == ["resolveShare", "404", "expired", "-", "4", "-"]


def test_only_the_mock_brings_about() -> None:
    """What the SDK reads may come from anywhere, and a cassette is named by hand."""
    counts: Counts = Counter({("sdk", EXPIRED): 4, ("cassette", EXPIRED): 1})
    assert list(unseen([EXPIRED], counts)) == [EXPIRED]
    counts["mock", EXPIRED] += 1
    assert list(unseen([EXPIRED], counts)) == []


def test_the_gate_is_open_where_all_is_brought_about(tmp_path: Path) -> None:
    """The script exits with 0 and shows the table."""
    ended = run(SCRIPT, write(tmp_path / "counts", set(examples())))
    assert (ended.returncode, ended.stderr) == (0, "")
    assert len(ended.stdout.splitlines()) == len(examples()) + 2


def test_the_gate_is_shut_where_one_is_missing(tmp_path: Path) -> None:
    """An example that no test brings about is named, and the exit code is 1."""
    ended = run(SCRIPT, write(tmp_path / "counts", set(examples()) - {EXPIRED}))
    assert ended.returncode == 1
    assert ended.stdout.splitlines()[-1] == "No test brings about resolveShare 404 expired."


@pytest.mark.parametrize("text", [None, "", "{}\n", "[1]\n", "x\n"])
def test_no_counts_are_no_success(text: str | None, tmp_path: Path) -> None:
    """Where nothing was counted, or something else stands there, the exit code is 2, with one line."""
    if text is not None:
        (tmp_path / "a.jsonl").write_text(text, "utf-8")
    ended = run(SCRIPT, tmp_path)
    assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
