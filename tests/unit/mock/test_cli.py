"""The command `aitronos-mock`."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import httpx
import pytest

from aitronos_mock import cli

COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))
TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
TRACK = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
SERVE = "Try 'aitronos-mock serve --help'."
MOMENT = f"write it as 2026-06-28T10:30:00Z. {SERVE}"
INSTANCE = f"instance 100/minute, or off. {SERVE}"


def _run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([COMMAND, *arguments], capture_output=True, text=True, check=False, timeout=20)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "Missing command. Try 'aitronos-mock --help'."),
        (["play"], "No such command 'play'. Try 'aitronos-mock --help'."),
        (["--loud"], "No such option '--loud'. Try 'aitronos-mock --help'."),
        (["serve", "--bright"], f"No such option '--bright'. {SERVE}"),
        (["serve", "--databases"], f"No such option '--databases'. Did you mean '--database'? {SERVE}"),
        (["serve", "twice"], f"Got unexpected extra argument (twice). {SERVE}"),
        (["serve", "--port"], "Option '--port' requires an argument. Try 'aitronos-mock --help'."),
        (["serve", "--port", "x"], f"Invalid value for '--port': 'x' is not a valid integer range. {SERVE}"),
        (
            ["serve", "--port", "65536"],
            f"Invalid value for '--port': 65536 is not in the range 0<=x<=65535. {SERVE}",
        ),
        (
            ["serve", "--log-level", "loud"],
            f"Invalid value for '--log-level': 'loud' is not one of 'debug', 'info', 'warning', 'error'. {SERVE}",
        ),
        (
            ["serve", "--clock", "noon"],
            f"Invalid value for '--clock': 'noon' is no moment of the years 2000 to 8999; {MOMENT}",
        ),
        (
            ["serve", "--resolve-rate-limit", "ten"],
            f"Invalid value for '--resolve-rate-limit': 'ten' is no rate; write N/minute with N from 1, for {INSTANCE}",
        ),
    ],
)
def test_a_mistake_in_the_options_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str], said: str
) -> None:
    """What cannot be understood is answered with one line on stderr that says what to do, and exit code 2."""
    monkeypatch.setattr(sys, "argv", ["aitronos-mock", *arguments])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert 2 == ended.value.code
    assert ("", f"aitronos-mock: {said}\n") == capsys.readouterr()


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["serve", "--help"]])
def test_help_and_version_are_no_mistakes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    """Whoever asks is answered on stdout, with exit code 0."""
    monkeypatch.setattr(sys, "argv", ["aitronos-mock", *arguments])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert ended.value.code in (0, None)
    assert "aitronos-mock" in capsys.readouterr().out


def test_ctrl_c_before_the_server_runs_ends_quietly(monkeypatch: pytest.MonkeyPatch) -> None:
    """An interrupt during the preparations ends the command with the exit code of an interrupt and no traceback."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("aitronos_mock.run.run", interrupt)
    monkeypatch.setattr(sys, "argv", ["aitronos-mock", "serve"])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    assert 130 == ended.value.code


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (
            ["--database", "mysql://x"],
            "--database takes sqlite:// for memory, sqlite:///FILE, or postgresql://USER:PASSWORD@HOST/DATABASE",
        ),
        (
            ["--database", "sqlite:////nowhere/at/all.db"],
            "and that it and the file can be written to",
        ),
        (["--seed", "/nowhere/at/all.yaml"], "/nowhere/at/all.yaml: cannot be read"),
        (["--host", "no.such.host.invalid"], "choose another --host or --port"),
    ],
)
def test_what_cannot_be_had_is_one_line(options: list[str], said: str) -> None:
    """What is understood and cannot be had is answered with one line that says why, and exit code 2."""
    ended = _run("serve", "--port", "0", *options)

    assert (2, "") == (ended.returncode, ended.stdout)
    assert said in ended.stderr
    assert 1 == len(ended.stderr.splitlines())


def test_a_bad_seed_is_refused_with_its_line(tmp_path: Path) -> None:
    """A fixture that breaks its schema is refused with file, line and reason."""
    seed = tmp_path / "seed.yaml"
    seed.write_text("organizations:\n  - id: 7\n")

    ended = _run("serve", "--port", "0", "--seed", str(seed))

    assert 2 == ended.returncode
    assert ended.stderr.startswith(f"aitronos-mock: {seed}:2: ")
    assert 1 == len(ended.stderr.splitlines())


def test_a_server_says_once_that_it_is_ready(serve: Callable[..., Any]) -> None:
    """One line on stdout says where it answers, and it does; SIGTERM ends it with exit code 0 and nothing more."""
    served = serve()
    first = httpx.get(f"{served.url}/v1/music/shared/{TOKEN}")

    assert f"aitronos-mock ready on http://127.0.0.1:{served.address[1]}\n" == served.ready
    assert 200 == first.status_code
    assert 0 == served.stop(signal.SIGTERM)
    assert "" == served.process.stdout.read()


def test_a_server_can_stop_with_its_standard_input() -> None:
    """Whoever holds the other end need not stop it: what is written there is passed over, and the end stops it."""
    command = [COMMAND, "serve", "--port", "0", "--stop-with-stdin"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdin
        url = process.stdout.readline().rpartition(" ")[2].strip()
        process.stdin.write("anything\n")
        process.stdin.flush()
        assert 200 == httpx.get(f"{url}/_mock/health").status_code
        process.stdin.close()
        assert 0 == process.wait(timeout=20)


def test_a_standard_input_that_is_not_there_cannot_end() -> None:
    """Without a standard input the option is a mistake, and no mock that stops at once."""
    ended = subprocess.run(
        ["sh", "-c", f"exec {COMMAND} serve --stop-with-stdin <&-"],
        capture_output=True,
        text=True,
        check=False,
        timeout=20,
    )
    said = f"aitronos-mock: --stop-with-stdin needs a standard input, and there is none. {SERVE}\n"
    assert (2, "", said) == (ended.returncode, ended.stdout, ended.stderr)


def test_the_package_is_the_command() -> None:
    """`python -m aitronos_mock` does what `aitronos-mock` does."""
    command = [sys.executable, "-m", "aitronos_mock", "--version"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    assert ended.stdout.startswith("aitronos-mock, version ")


def test_the_samples_key_works_at_once(serve: Callable[..., Any]) -> None:
    """With no option but a port, the documentation's key shares the documentation's track, and the url opens."""
    url = serve().url
    share = httpx.post(url + TRACK, headers={"X-API-Key": "your-api-key"}, json={"expires_in_days": 30})

    assert 201 == share.status_code
    assert "Late Night Study" == httpx.get(share.json()["url"]).json()["track"]["title"]


def test_a_frozen_deterministic_mock_answers_as_documented(serve: Callable[..., Any]) -> None:
    """With clock and `--deterministic`, the first share has the documented token and the documented dates."""
    url = serve("--clock", "2026-06-28T10:30:00Z", "--deterministic").url
    share = httpx.post(url + TRACK, headers={"X-API-Key": "your-api-key"}, json={"expires_in_days": 30}).json()

    assert [TOKEN, "2026-06-28T10:30:00Z", "2026-07-28T10:30:00Z"] == [
        share[name] for name in ("token", "created_at", "expires_at")
    ]


def test_a_taken_port_is_refused(serve: Callable[..., Any]) -> None:
    """A second server on the same port is refused with one line, and the first goes on."""
    first = serve()

    ended = _run("serve", "--port", str(first.address[1]))

    assert (2, "") == (ended.returncode, ended.stdout)
    assert f"cannot listen on 127.0.0.1 port {first.address[1]}: Address already in use" in ended.stderr
    assert 1 == len(ended.stderr.splitlines())
    assert 200 == httpx.get(f"{first.url}/v1/music/shared/{TOKEN}").status_code


def test_a_database_file_outlives_its_server(serve: Callable[..., Any], tmp_path: Path) -> None:
    """What was shared before a restart opens after it, saves are kept, and no second server may have the file."""
    database = f"sqlite:///{tmp_path}/world.db"
    first = serve("--database", database)
    share = httpx.post(first.url + TRACK, headers={"X-API-Key": "your-api-key"}).json()
    save, recipient = f"/v1/music/shared/{share['token']}/save", {"X-API-Key": "recipient-api-key"}
    edge = httpx.post(first.url + save, headers=recipient).json()

    refused = _run("serve", "--port", "0", "--database", database)
    assert 0 == first.stop()
    second = serve("--database", database)

    assert 2 == refused.returncode
    assert (
        f"aitronos-mock: cannot use the database {database}: another process has it open;"
        " stop that one, or name another file\n"
    ) == refused.stderr
    assert share["url"].replace(first.url, "") == f"/v1/music/shared/{share['token']}"
    assert 200 == httpx.get(f"{second.url}/v1/music/shared/{share['token']}").status_code
    assert edge == httpx.post(second.url + save, headers=recipient).json()


def test_no_secret_is_written_down(serve: Callable[..., Any], tmp_path: Path) -> None:
    """Neither the log at its most talkative, nor stdout, nor the database has a key, a token or a signature."""
    database = tmp_path / "world.db"
    served = serve("--database", f"sqlite:///{database}", "--log-level", "debug", "--resolve-rate-limit", "2/minute")
    key, token = {"X-API-Key": "your-api-key"}, ""
    with httpx.Client(base_url=served.url) as client:
        token = client.post(TRACK, headers=key).json()["token"]
        playback_url = client.get(f"/v1/music/shared/{token}").json()["track"]["playback_url"]
        client.get(playback_url)
        client.get(f"/v1/music/shared/{TOKEN}")
        client.get(f"/v1/music/shared/{TOKEN}")
        client.post(f"/v1/music/shared/{token}/save", headers={"Authorization": "Bearer recipient-api-key"})
        client.post(f"/v1/music/shared/{token}/save", headers={"Authorization": "Bearer mistyped-recipient-key"})
        client.post(f"/v1/music/shared/{token}/nothing", headers=key)
        client.delete(f"/v1/music/shared/{token}", headers=key)
        client.post(TRACK, headers=key, json={"visibility": token})
    served.exchange(f"GET /v1/music/shared/{token}\xff HTTP/1.1\r\n\r\n".encode("latin-1"))
    served.stop()

    written = served.log() + served.ready + b"".join(each.read_bytes() for each in tmp_path.iterdir()).decode("latin-1")
    signature = playback_url.rpartition("signature=")[2]
    secrets = ["your-api-key", "recipient-api-key", "mistyped-recipient-key", token, TOKEN, signature]
    assert "POST shareTrack 201" in served.log()
    assert [] == [secret for secret in secrets if secret in written]


def test_a_database_holds_digests(serve: Callable[..., Any], tmp_path: Path) -> None:
    """What the database has instead of keys and tokens are 32 bytes each."""
    database = tmp_path / "world.db"
    serve("--database", f"sqlite:///{database}").stop()

    with closing(sqlite3.connect(database)) as connection:
        lengths = connection.execute(
            "SELECT length(digest) FROM keys UNION SELECT length(token_digest) FROM share_links"
        )
        assert [(32,)] == lengths.fetchall()


def test_a_standard_input_that_ended_before_the_start_ends_the_mock_in_order() -> None:
    """`--stop-with-stdin` with nobody behind it: it starts, stops and has nothing to complain of."""
    command = [COMMAND, "serve", "--port", "0", "--stop-with-stdin", "--log-level", "warning"]
    ended = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False, timeout=20)

    assert (0, b"") == (ended.returncode, ended.stderr)


def _asked_at_the_end(tmp_path: Path, question: str) -> str:
    """What Python answers when a mock on a file, started anew and then stopped, is about to end."""
    command = ["aitronos-mock", "serve", "--port", "0", "--database", f"sqlite:///{tmp_path}/world.db"]
    asking = f"import atexit, gc, sys; atexit.register(lambda: print({question}))"
    program = f"{asking}; from aitronos_mock.cli import main; sys.argv = {[*command, '--stop-with-stdin']!r}; main()"
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True, "timeout": 20}
    ready, answer = subprocess.run([sys.executable, "-c", program], check=True, **options).stdout.splitlines()

    assert ready.startswith("aitronos-mock ready on ")
    return str(answer)


def test_a_start_imports_nothing_of_what_it_does_not_do(tmp_path: Path) -> None:
    """A mock on a file is ready before the drivers of other databases, or what the other commands need, are there."""
    others = ("aitronos", "asyncpg", "httpx", "redis", "requests", "rich", "sqlalchemy.dialects.postgresql", "vcr")
    ours = ("cassettes", "recorded", "replicas.opening", "testing", "verify", "commands.tree", "store.postgresql")
    names = (*others, *(f"aitronos_mock.{name}" for name in ours))

    assert "[]" == _asked_at_the_end(tmp_path, f"[name for name in {names!r} if name in sys.modules]")


def test_what_a_start_imports_is_never_searched_for_garbage(tmp_path: Path) -> None:
    """It stays to the end, so the collector leaves it alone, and looks after what comes later."""
    assert "True True" == _asked_at_the_end(tmp_path, "gc.isenabled(), gc.get_freeze_count() > 100_000")
