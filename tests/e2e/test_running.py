"""What the other tests stand on: starting mocks, finding tools, and saying what was left out."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from .commands import require
from .documented import ROOT
from .serving import running_mock


def test_a_running_mock_answers_and_is_gone_afterwards() -> None:
    """The URL answers as long as the block lasts."""
    with running_mock("--seed", "empty") as url:
        assert httpx.get(url, trust_env=False).status_code == 404
    with pytest.raises(httpx.ConnectError):
        httpx.get(url, trust_env=False)


def test_a_mock_that_does_not_start_fails_the_test_in_its_own_words() -> None:
    """What the mock said on stderr is what the test says."""
    with (
        pytest.raises(pytest.fail.Exception, match=r"(?s)ended with 2.*no-such-world"),
        running_mock("--seed", "no-such-world.yaml"),
    ):
        raise AssertionError("unreachable: there is no mock")


def test_a_tool_that_is_there_is_used() -> None:
    """A tool on the path is neither skipped nor failed over."""
    require(sys.executable)


def test_a_missing_tool_leaves_a_test_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody's machine need not have every tool; the reason is one that the end of the run repeats."""
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match=r"^LEFT OUT: there is no abacus"):
        require("abacus")


def test_a_missing_tool_fails_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    """CI has every tool, so that nothing is left out there."""
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="CI needs abacus"):
        require("abacus")


def test_what_was_left_out_is_repeated_at_the_end(tmp_path: Path) -> None:
    """Each reason stands once at the end of a run, with the number of tests that it cost; other skips do not."""
    shutil.copy(ROOT / "tests" / "conftest.py", tmp_path)
    tests = [
        "import pytest",
        "@pytest.mark.parametrize('n', [1, 2])",
        "def test_n(n):",
        " pytest.skip('LEFT OUT: no n')",
    ]
    tests += ["def test_m():", " pytest.skip('m is for another day')"]
    (tmp_path / "test_it.py").write_text("\n".join(tests), "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}", str(tmp_path)]
    # What counts beside it is not in the folder.
    environment = {name: value for name, value in os.environ.items() if name != "CONTRACT_COVERAGE"}
    printed = subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    assert [line for line in printed.splitlines() if line.startswith("!!!")] == ["!!! LEFT OUT: no n (2 tests)"]
