"""The command `aitronos-mock verify`."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import httpx
import pytest

from aitronos_mock import cli
from aitronos_mock.verify.given import NAMES, is_secret, variable
from aitronos_mock.verify.rows import ROWS

COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))
LIVING = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
KEYS = {name: f"S3cret-{name}" for name in NAMES if is_secret(name)}
IDS = {name: f"known_{name}" for name in NAMES if not is_secret(name)}

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command: `run("--target", url)` gives exit code, stdout and stderr."""
    for name in ["AITRONOS_MOCK_CONTROL_TOKEN", *map(variable, NAMES)]:
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aitronos-mock", "verify", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


class Parrot(BaseHTTPRequestHandler):
    """Refuses everything, and repeats what it was told."""

    protocol_version = "HTTP/1.1"

    def answer(self) -> None:
        """Send everything back."""
        heard = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode("latin-1")
        said = {"error": {"code": f"{self.path} {self.headers} {heard}", "token": self.headers.get("X-API-Key")}}
        body = json.dumps(said).encode()
        self.send_response(401)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_DELETE = answer  # noqa: N815 - http.server wants it so

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name that is overridden
        """Say nothing."""


@pytest.fixture
def parrot() -> Iterator[str]:
    """The URL of a server that is no mock."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Parrot) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_a_mock_is_all_that_has_to_be_named(run: Run, serve: Callable[..., Any]) -> None:
    """On the mock with its seed, every row is tried and holds, and nothing else on the mock has changed."""
    url = serve().url
    before = httpx.get(f"{url}/_mock/state").json()
    code, out, err = run("--target", url, "--strict")
    assert (0, "") == (code, err)
    assert f"{url}: {len(ROWS)} pass, 0 fail, 0 not reachable" == out.splitlines()[-1]
    assert before == httpx.get(f"{url}/_mock/state").json()
    assert [] == httpx.get(f"{url}/_mock/requests").json()["items"]
    assert [] == httpx.get(f"{url}/_mock/sandboxes").json()["items"]


def test_a_sandbox_leads_to_its_mock(run: Run, serve: Callable[..., Any]) -> None:
    """The base_url of a sandbox will do, with a slash too, and the sandbox is left alone."""
    url = serve().url
    mine = httpx.post(f"{url}/_mock/sandboxes", json={"name": "mine"}).json()["base_url"]
    assert 0 == run("--target", f"{mine}/")[0]
    assert [] == httpx.get(f"{mine}/_mock/requests").json()["items"]


def test_a_mock_without_a_limit_fails_that_row(run: Run, serve: Callable[..., Any]) -> None:
    """A mock that was told to grant everything does not keep the contract, and the report is in the file."""
    code, out, _ = run("--target", serve("--resolve-rate-limit", "off").url, "--format", "json")
    failed = {row["id"] for row in json.loads(out)["rows"] if row["result"] == "fail"}
    assert 1 == code
    assert failed == {"rate-limit.refused", *(f"rate-limit.header-{name}" for name in ("limit", "remaining", "reset"))}


def test_a_mock_with_a_token_wants_it(run: Run, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the control token there is one line, with it the rows are tried."""
    url = serve("--control-token", "S3cret").url
    said = "aitronos-mock: this mock wants its control token; set AITRONOS_MOCK_CONTROL_TOKEN\n"
    assert (2, "", said) == run("--target", url)
    monkeypatch.setenv("AITRONOS_MOCK_CONTROL_TOKEN", "S3cret")
    assert 0 == run("--target", url)[0]


def test_a_world_of_ones_own_is_tried_as_it_is(run: Run, serve: Callable[..., Any], tmp_path: Path) -> None:
    """Options come before the environment, that before the file, and rows that leave something behind are left out."""
    url = serve().url
    world = tmp_path / "world.json"
    known = {
        "owner_key": "your-api-key",
        "organization": "org_abc123",
        "track": "nothing",
        "track_token": LIVING,
    }
    world.write_text(json.dumps(known), "utf-8")
    before = httpx.get(f"{url}/_mock/state").json()

    code, out, err = run("--target", url, "--world", str(world), "--track", "mtrack_b4d9e1c6a72f", "--format", "json")
    rows = {row["id"]: row for row in json.loads(out)["rows"]}
    assert (0, "") == (code, err)
    assert "pass" == rows["resolve-track.is-the-shared-one"]["result"]
    assert rows["share-track.created"]["reason"].startswith("needs --destructive")
    assert before == httpx.get(f"{url}/_mock/state").json()
    assert 1 == run("--target", url, "--world", str(world), "--strict")[0]


@pytest.mark.parametrize("form", ["table", "json", "junit"])
def test_no_report_shows_a_secret(run: Run, parrot: str, monkeypatch: pytest.MonkeyPatch, form: str) -> None:
    """Keys and tokens from the environment are in no report, even where the server repeats them."""
    for name, value in {**KEYS, **IDS}.items():
        monkeypatch.setenv(variable(name), value)
    code, out, err = run("--target", parrot, "--destructive", "--format", form)
    assert 1 == code
    assert "S3cret" not in out + err
    assert "known_track" in out
    assert "[secret]" in out


def test_a_wrong_key_is_told(run: Run, parrot: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key that the server refuses is named in one line, since many rows will fail by it."""
    monkeypatch.setenv("AITRONOS_VERIFY_OWNER_KEY", "S3cret")
    said = "aitronos-mock: the server refuses AITRONOS_VERIFY_OWNER_KEY (401); rows that need it will fail\n"
    assert (1, said) == run("--target", parrot)[::2]


def test_a_report_goes_into_a_file(run: Run, parrot: str, tmp_path: Path) -> None:
    """With --output, stdout stays empty, and the file has the whole report."""
    report = tmp_path / "report.xml"
    assert (1, "", "") == run("--target", parrot, "--format", "junit", "--output", str(report))
    [suite] = ET.fromstring(report.read_text("utf-8"))  # noqa: S314 - we wrote it ourselves
    assert len(ROWS) == len(suite)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "Missing option '--target'."),
        (("--target", "http://user:S3cret@x"), "Invalid value for '--target': this is no URL of a server; write it as"),
        (("--target", "http://x", "--timeout", "0"), "Invalid value for '--timeout': 0.0 is not in the range"),
        (
            ("--target", "http://x", "--output", "/nowhere/x"),
            "Invalid value for '--output': cannot be written: No",
        ),
        (("--target", "http://x", "--world", "bad.yaml"), "bad.yaml:1: "),
        (("--target", "http://x", "--world", "list.yaml"), "--world must have names and values, such as"),
        (("--target", "http://127.0.0.1:9"), "http://127.0.0.1:9 does not answer (Connection refused); check --target"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], said: str
) -> None:
    """A mistake, and a server that is not there, are one line on stderr and exit code 2."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.yaml").write_text("a: b: S3cret")
    (tmp_path / "list.yaml").write_text("[S3cret]")
    code, out, err = run(*arguments)
    assert (2, "", 1) == (code, out, len(err.splitlines()))
    assert err.startswith(f"aitronos-mock: {said}")
    assert "S3cret" not in err


def test_a_server_that_goes_away_breaks_the_run_off(run: Run) -> None:
    """A server that answers once and then no more is told in one line, with exit code 2."""

    class Fleeting(Parrot):
        answered = False

        def answer(self) -> None:
            if not Fleeting.answered:
                Fleeting.answered = True
                super().answer()
            self.close_connection = True

        do_GET = do_POST = do_DELETE = answer  # noqa: N815 - http.server wants it so

    with ThreadingHTTPServer(("127.0.0.1", 0), Fleeting) as server:
        threading.Thread(target=server.serve_forever).start()
        url = f"http://127.0.0.1:{server.server_port}"
        code, out, err = run("--target", url)
        server.shutdown()
    why = "the connection ended without an answer"
    assert (2, "", f"aitronos-mock: {url} stopped answering ({why}); the run is broken off\n") == (code, out, err)


def test_a_terminal_that_knows_few_letters_gets_a_report(
    run: Run, parrot: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the encoding of stdout lacks is spelt out."""
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    monkeypatch.setenv("AITRONOS_VERIFY_TRACK", "mtrack_0")
    assert 1 == run("--target", parrot)[0]


def test_progress_is_shown_on_a_terminal(parrot: str, tmp_path: Path) -> None:
    """A terminal sees how far the run is, and stdout has the report alone."""
    ours, theirs = pty.openpty()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AITRONOS_")}
    report = tmp_path / "report.json"
    with report.open("wb") as stdout:
        command = [COMMAND, "verify", "--target", parrot, "--format", "json"]
        process = subprocess.Popen(command, stdout=stdout, stderr=theirs, env=environment)
    os.close(theirs)
    shown = "".join(_read(ours))
    assert 1 == process.wait(60)
    assert "100%" in shown
    assert "rate-limit.recovers" in shown
    assert len(ROWS) == len(json.loads(report.read_text("utf-8"))["rows"])


def _read(terminal: int) -> Iterator[str]:
    """What is written on a terminal until nobody has it open any more, which is an error there."""
    with suppress(OSError):
        while data := os.read(terminal, 1 << 16):
            yield data.decode("utf-8", "replace")
    os.close(terminal)
