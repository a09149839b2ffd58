"""The command that lints other people's cassettes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from aitronos_mock import cli
from aitronos_mock.cassettes import STAMPS

from .tapes import TOKEN, cassette, write

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command with these arguments: exit code, stdout and stderr."""

    def run(*arguments: object) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aitronos-mock", "lint-cassettes", *map(str, arguments)])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good cassette that was never stamped."""
    write(tmp_path / "tapes" / "test_share.yaml", cassette())
    return tmp_path / "tapes"


def rules(output: str) -> list[str]:
    """The rules that a report in JSON names."""
    return sorted({each["rule"] for each in json.loads(output)["findings"]})


def test_warnings_alone_are_no_failure(run: Run, folder: Path) -> None:
    """The exit code is 0, and the warning is told."""
    code, out, err = run(folder)
    assert (code, err) == (0, "")
    assert out.splitlines()[-1] == "1 cassettes with 1 interactions: 0 errors, 1 warnings."


def test_an_error_is_exit_code_1(run: Run, folder: Path) -> None:
    """For programs too, which get JSON."""
    write(folder / "bad.json", cassette(request={"body": f'{{"{TOKEN}": 1}}'}))
    assert run(folder)[0] == 1
    code, out, err = run(folder, "--json")
    assert (code, rules(out), err) == (1, ["request", "secret", "unstamped"], "")
    assert TOKEN not in out


def test_stamping_leaves_bad_cassettes_out(run: Run, folder: Path) -> None:
    """What is sound gets a stamp, and is then without any finding."""
    assert run(folder, "--stamp")[:2] == (0, "1 cassettes with 1 interactions: 0 errors, 0 warnings.\n")
    write(folder / "bad.json", cassette(response={"status": {"code": 202}}))
    code, out, _ = run(folder, "--stamp", "--json")
    assert (code, rules(out)) == (1, ["response", "unstamped"])
    assert [*json.loads((folder / STAMPS).read_text("utf-8"))["cassettes"]] == ["test_share.yaml"]


def test_age_is_measured_from_today(run: Run, folder: Path) -> None:
    """A stamp of long ago is stale, unless so many days are allowed."""
    run(folder, "--stamp")
    stamps = json.loads((folder / STAMPS).read_text("utf-8"))
    stamps["cassettes"]["test_share.yaml"]["recorded_on"] = "2020-01-01"
    (folder / STAMPS).write_text(json.dumps(stamps), "utf-8")
    assert rules(run(folder, "--json")[1]) == ["stale"]
    assert rules(run(folder, "--json", "--max-age-days", 100_000)[1]) == []


def test_a_stamp_is_not_renewed_without_a_recording(run: Run, folder: Path) -> None:
    """What did not change since it was stamped stays as old as it is; a new recording is new."""
    run(folder, "--stamp")
    stamps = json.loads((folder / STAMPS).read_text("utf-8"))
    stamps["cassettes"]["test_share.yaml"]["recorded_on"] = "2020-01-01"
    (folder / STAMPS).write_text(json.dumps(stamps), "utf-8")
    assert rules(run(folder, "--stamp", "--json")[1]) == ["stale"]
    with (folder / "test_share.yaml").open("a", encoding="utf-8") as cassette_file:
        cassette_file.write("# recorded anew\n")
    assert rules(run(folder, "--stamp", "--json")[1]) == []


def test_usage_is_looked_up(run: Run, folder: Path, tmp_path: Path) -> None:
    """A cassette that no test in the other folder names is an orphan."""
    (tmp_path / "tests").mkdir()
    run(folder, "--stamp")
    assert rules(run(folder, "--json", "--used-by", tmp_path / "tests")[1]) == ["orphan"]
    (tmp_path / "tests" / "test_it.py").write_text("def test_share(): ...\n", "utf-8")
    assert rules(run(folder, "--json", "--used-by", tmp_path / "tests")[1]) == []


def test_listed_values_are_allowed(run: Run, folder: Path, tmp_path: Path) -> None:
    """What stands in the list may stand in a cassette."""
    write(folder / "test_share.yaml", cassette(request={"headers": {"x-api-key": "key of the tests"}}))
    (tmp_path / "allowed").write_text("key of the tests\n", "utf-8")
    assert rules(run(folder, "--json")[1]) == ["secret", "unstamped"]
    assert rules(run(folder, "--json", "--allow", tmp_path / "allowed")[1]) == ["unstamped"]


def test_more_can_be_asked(run: Run, folder: Path) -> None:
    """Hosts by name, and that nothing was taken out."""
    assert rules(run(folder, "--json", "--host", "127.0.0.1:8000")[1]) == ["unstamped"]
    assert rules(run(folder, "--json", "--host", "api.aitronos.com")[1]) == ["secret", "unstamped"]
    assert rules(run(folder, "--json", "--complete")[1]) == ["request", "response", "unstamped"]


def test_a_mistake_is_one_line(run: Run, folder: Path, tmp_path: Path) -> None:
    """No such folder, none with a cassette, a list that is no text, and files that cannot be read or written."""
    (tmp_path / "empty").mkdir()
    (tmp_path / "bytes").write_bytes(b"\xff")
    (tmp_path / "broken").mkdir()
    write(tmp_path / "broken" / "a.yaml", cassette())
    (tmp_path / "broken" / STAMPS).write_text("{", "utf-8")
    (tmp_path / "tests" / "test_it.py").mkdir(parents=True)
    mistakes = {
        (tmp_path / "nowhere",): "does not exist",
        (tmp_path / "bytes",): "is a file",
        (tmp_path / "empty",): "There is no cassette in",
        (folder, "--allow", tmp_path / "bytes"): "no text in UTF-8",
        (folder, "--allow", tmp_path / "nowhere"): "does not exist",
        (folder, "--used-by", tmp_path / "tests"): "Is a directory",
        (folder, "--max-age-days", "-1"): "-1",
        (tmp_path / "broken", "--stamp"): "remove it and stamp again",
    }
    for arguments, reason in mistakes.items():
        code, out, err = run(*arguments)
        assert (code, out, err.count("\n"), reason in err) == (2, "", 1, True), err
