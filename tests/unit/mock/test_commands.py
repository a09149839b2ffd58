"""The commands that speak to a running mock."""

from __future__ import annotations

import json
import os
import re
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import httpx
import pytest

from aitronos_mock import __version__, cli
from aitronos_mock.commands.client import Client
from aitronos_mock.commands.tree import COMMANDS

from .whole import COLLECTION, LINK, OWNER, RESOLVE, TOKEN, TRACK, Json

COMMAND = str(Path(sys.executable).with_name("aitronos-mock"))
README = Path(__file__).parents[3] / "mock_server" / "README.md"
FROZEN = "2026-06-28T10:30:00Z"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command line: `run("link", "revoke", "mslink_0")` gives exit code, stdout and stderr."""
    for name in ("AITRONOS_MOCK_URL", "AITRONOS_MOCK_CONTROL_TOKEN"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["aitronos-mock", *arguments])
        with pytest.raises(SystemExit) as ended:
            cli.main()
        out, err = capsys.readouterr()
        return int(ended.value.code or 0), out, err

    return run


@pytest.fixture
def sandbox(served: Any) -> Iterator[str]:
    """The base_url of a sandbox of a running mock, which plays the documentation's world at a standing clock."""
    url = f"{served.url}/_mock/sandboxes"
    made = httpx.post(url, json={"seed": "docs", "clock": FROZEN}).json()
    yield made["base_url"]
    httpx.delete(f"{url}/{made['name']}", trust_env=False)


@pytest.fixture
def do(run: Run, sandbox: str) -> Callable[..., str]:
    """Runs a command that must succeed in the sandbox; what it printed, without the last line feed."""

    def do(*arguments: str) -> str:
        code, out, err = run(*arguments, "--url", sandbox)
        assert (0, "") == (code, err)
        return out.removesuffix("\n")

    return do


def _leaves(commands: Mapping[str, click.Command], *above: str) -> Iterator[tuple[str, ...]]:
    for name, command in commands.items():
        if isinstance(command, click.Group):
            yield from _leaves(command.commands, *above, name)
        else:
            yield *above, name


EVERY: dict[str, tuple[str, ...]] = {
    "health": (),
    "state get": (),
    "state put": ("world.json",),
    "link revoke": (LINK,),
    "link expire": (LINK,),
    "track remove": (TRACK,),
    "track restore": (TRACK,),
    "collection remove": (COLLECTION,),
    "collection restore": (COLLECTION,),
    "clock get": (),
    "clock set": ("--advance", "60"),
    "fault add": ("--operation", "resolveShare", "--status", "503"),
    "fault list": (),
    "fault clear": (),
    "request list": (),
    "request clear": (),
    "audit list": (),
    "reset": (),
    "sandbox create": ("every",),
    "sandbox list": (),
    "sandbox delete": ("every",),
}
"""Every command with arguments that let it succeed, in an order in which they do."""


def test_every_operation_has_a_command(
    run: Run, served: Any, sandbox: str, control_contract: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands reach the operations of control/openapi.yaml: each one its own, and none is left out."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "world.json").write_bytes(httpx.get(f"{sandbox}/_mock/state").content)
    described = {each["operationId"] for item in control_contract.root["paths"].values() for each in _operations(item)}
    before = len(served.log())
    for words, arguments in EVERY.items():
        url = served.url if words.startswith("sandbox") else sandbox
        assert (0, "") == run(*words.split(), *arguments, "--url", url)[::2]

    reached = re.findall(r"aitronos_mock\.access: [A-Z]+ (\w+) 2", served.log()[before:])
    assert set(EVERY) == {" ".join(words) for words in _leaves(COMMANDS)}
    assert sorted(described) == sorted(reached)


def _operations(item: Json) -> list[Json]:
    return [each for each in item.values() if isinstance(each, dict)]


def test_the_readme_has_every_operation_and_command(control_contract: Any) -> None:
    """The table in the README pairs each operation with its command, and has no other."""
    rows = re.findall(r"^\| `([A-Z]+) (/\S*)` \| `([a-z ]+[a-z])", README.read_text("utf-8"), re.MULTILINE)
    paths = control_contract.root["paths"].items()
    described = {(method.upper(), path) for path, item in paths for method in item if method != "parameters"}

    assert described == {(method, path) for method, path, _ in rows}
    assert sorted(EVERY) == sorted(command for *_, command in rows)


@pytest.mark.parametrize(
    ("words", "schema"), [("fault add", "FaultPlan"), ("sandbox create", "SandboxPlan"), ("request list", None)]
)
def test_every_field_has_an_option(control_contract: Any, words: str, schema: str | None) -> None:
    """What can be said in a body or a query can be said on the command line, in the words of the description."""
    group, verb = words.split()
    parent = COMMANDS[group]
    assert isinstance(parent, click.Group)
    parameters = {str(each.name): each for each in parent.commands[verb].params}
    if schema is None:
        listed = control_contract.root["paths"]["/requests"]["get"]["parameters"]
        described: Json = {each["name"]: each["schema"] for each in listed}
    else:
        described = control_contract.root["components"]["schemas"][schema]["properties"]

    assert described.keys() == parameters.keys() - {"url", "as_json", "sandbox"}
    enumerated = {name: "|".join(each["enum"]) for name, each in described.items() if "enum" in each}
    assert enumerated == {name: parameters[name].metavar for name in enumerated}


def test_health_is_one_line(do: Callable[..., str]) -> None:
    """Health says that the mock answers, and its version."""
    assert f"ok, version {__version__}" == do("health")
    assert {"status": "ok", "version": __version__} == json.loads(do("health", "--json"))


@pytest.mark.parametrize(
    ("words", "said", "opens"),
    [
        (("link", "revoke", LINK), f"revoked {LINK}", 404),
        (("link", "expire", LINK), f"expired {LINK}", 404),
        (("track", "remove", TRACK), f"removed {TRACK}", 200),
        (("track", "restore", TRACK), f"restored {TRACK}", 200),
        (("collection", "remove", COLLECTION), f"removed {COLLECTION}", 200),
        (("collection", "restore", COLLECTION), f"restored {COLLECTION}", 200),
        (("reset",), "reset", 200),
    ],
)
def test_a_change_says_what_it_did(
    do: Callable[..., str], sandbox: str, words: tuple[str, ...], said: str, opens: int
) -> None:
    """A change is told in a few words for people, and in none for programs, since the mock says nothing."""
    assert said == do(*words)
    assert "" == do(*words, "--json")
    assert opens == httpx.get(sandbox + RESOLVE).status_code


def test_a_sandbox_is_named_by_option_or_by_url(run: Run, served: Any, sandbox: str) -> None:
    """`--sandbox NAME` means the same as the sandbox's base_url as URL."""
    name = sandbox.rpartition("/")[2]
    assert 0 == run("link", "revoke", LINK, "--url", served.url, "--sandbox", name)[0]

    assert [404, 200] == [httpx.get(base + RESOLVE).status_code for base in (sandbox, served.url)]


def test_the_url_comes_from_the_environment(run: Run, sandbox: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`AITRONOS_MOCK_URL` says where the mock is, with a slash at its end or without; an option counts more."""
    monkeypatch.setenv("AITRONOS_MOCK_URL", f"{sandbox}/")
    assert (0, f"{FROZEN} frozen\n", "") == run("clock", "get")

    monkeypatch.setenv("AITRONOS_MOCK_URL", "http://127.0.0.1:1")
    assert (0, f"{FROZEN} frozen\n", "") == run("clock", "get", "--url", sandbox)


def test_a_world_is_exported_edited_and_loaded(do: Callable[..., str], tmp_path: Path, sandbox: str) -> None:
    """`state get` prints a fixture that `state put` takes, from a file in JSON or YAML."""
    state = do("state", "get")
    assert json.loads(state) == json.loads(do("state", "get", "--json"))
    assert state.startswith('{\n  "organizations": [')

    file = tmp_path / "world.json"
    file.write_text(state.replace("Late Night Study", "Early Morning Study"), "utf-8")
    assert "loaded" == do("state", "put", str(file))
    assert "Early Morning Study" == httpx.get(sandbox + RESOLVE).json()["track"]["title"]

    world = tmp_path / "world.yaml"
    world.write_text("organizations:\n  - id: org_mine # mine alone\n", "utf-8")
    assert "loaded" == do("state", "put", str(world))
    assert [{"id": "org_mine"}] == json.loads(do("state", "get"))["organizations"]


@pytest.mark.parametrize(
    ("content", "ended"),
    [
        (b'{"organizations":[{"id":"org_mine"}]}', (0, b"loaded\n", b"")),
        (b"organizations:\n- id: org_mine\n", (0, b"loaded\n", b"")),
        (b"[", (2, b"", b"aitronos-mock: <stdin>:1: this is no YAML (")),
    ],
)
def test_a_world_is_read_from_stdin(sandbox: str, content: bytes, ended: tuple[int, bytes, bytes]) -> None:
    """`-` is stdin, with JSON or YAML."""
    command = [COMMAND, "state", "put", "-", "--url", sandbox]
    done = subprocess.run(command, input=content, capture_output=True, check=False, timeout=20)

    assert ended[:2] == (done.returncode, done.stdout)
    assert done.stderr.startswith(ended[2])


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("world.yaml", b"a: [", "world.yaml:1: this is no YAML"),
        ("world.json", b"{]", "world.json:1: this is no JSON"),
        ("world.yaml", b"a: 1\na: 2", "world.yaml:2: this field stands in line 1 already; keep one of the two"),
        ("world.yaml", b"a: b\n\xff", "world.yaml:2: this is no UTF-8; save the file as UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_never_leaves(
    run: Run, sandbox: str, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    """A file that breaks its format is refused with its line, and exit code 2, before anybody is asked."""
    (tmp_path / name).write_bytes(content)
    for words in (("state", "put", str(tmp_path / name)), ("sandbox", "create", "--fixture", str(tmp_path / name))):
        code, out, err = run(*words, "--url", sandbox)
        assert (2, "") == (code, out)
        assert err.startswith(f"aitronos-mock: {tmp_path}/{said}")
        assert 1 == err.count("\n")


def test_the_clock_is_read_and_set(do: Callable[..., str]) -> None:
    """Each change answers with the clock as it is then."""
    assert f"{FROZEN} frozen" == do("clock", "get")
    assert "2030-01-01T00:00:00Z frozen" == do("clock", "set", "--now", "2030-01-01T00:00:00Z")
    assert "2030-01-01T01:00:00Z frozen" == do("clock", "set", "--advance", "3600")
    assert do("clock", "set", "--real").endswith("Z real")
    assert {"now", "mode"} == json.loads(do("clock", "get", "--json")).keys()


@pytest.mark.parametrize("options", [(), ("--real", "--advance", "1"), ("--now", FROZEN, "--real")])
def test_one_change_of_the_clock_at_a_time(run: Run, options: tuple[str, ...]) -> None:
    """None, or more than one, is a mistake on the command line."""
    said = "Give one of --now, --advance and --real. Try 'aitronos-mock clock set --help'."
    assert (2, "", f"aitronos-mock: {said}\n") == run("clock", "set", *options)


def test_faults_are_a_table(do: Callable[..., str]) -> None:
    """A new fault is one line; the list counts strikes; nothing is left after `clear`."""
    added = [
        do("fault", "add", "--operation", "resolveShare", "--status", "503", "--times", "2"),
        do("fault", "add", "--path", "/v1/*", "--latency-ms", "200-800", "--probability", "0.5"),
        do("fault", "add", "--latency-ms", "20", "--nth", "3", "--drop", "before"),
    ]

    assert [
        "fault_1 operation=resolveShare status=503 times=2",
        "fault_2 path=/v1/* latency_ms=200-800 probability=0.5",
        "fault_3 latency_ms=20 drop=before nth=3",
    ] == added
    assert [
        "ID       STRUCK  PLAN",
        "fault_1  0       operation=resolveShare status=503 times=2",
        "fault_2  0       path=/v1/* latency_ms=200-800 probability=0.5",
        "fault_3  0       latency_ms=20 drop=before nth=3",
    ] == do("fault", "list").splitlines()
    assert 3 == len(json.loads(do("fault", "list", "--json"))["items"])
    assert "no faults are left" == do("fault", "clear")
    assert "ID  STRUCK  PLAN" == do("fault", "list")


def test_a_latency_is_a_number_or_a_range(run: Run) -> None:
    """Anything else is a mistake on the command line."""
    code, _, err = run("fault", "add", "--latency-ms", "slow")

    said = "'slow' is no number of milliseconds and no range; write 200 or 200-800"
    assert (2, True) == (code, said in err)


def test_records_are_tables(do: Callable[..., str], sandbox: str) -> None:
    """Journal and audit are tables, newest last, with a dash where there is nothing; filters narrow the journal."""
    trace_ids = [httpx.get(sandbox + path).headers["x-request-id"] for path in (RESOLVE, "/nothing")]
    first = f"{FROZEN}  127.0.0.1  GET     /v1/music/shared/{{token}}  resolveShare  200     0"
    second = f"{FROZEN}  127.0.0.1  GET     /nothing                  -             404     0"
    heading = f"{'TIME':22}CLIENT_IP  METHOD  {'PATH':26}{'OPERATION':14}STATUS  MILLISECONDS  TRACE_ID"

    listed = do("request", "list").splitlines()
    assert heading == listed[0]
    assert [first.split(), second.split()] == [line.split()[:-1] for line in listed[1:]]
    assert trace_ids == [line.split()[-1] for line in listed[1:]]
    assert ["404"] == [line.split()[5] for line in do("request", "list", "--limit", "1").splitlines()[1:]]
    narrow = ("--method", "get", "--operation", "resolveShare", "--status", "200", "--since", FROZEN)
    assert 1 == len(json.loads(do("request", "list", "--json", *narrow))["items"])
    assert [
        f"{'TIME':22}CLIENT_IP  OUTCOME  SHARE_LINK_ID",
        f"{FROZEN}  127.0.0.1  opened   {LINK}",
    ] == do("audit", "list").splitlines()
    assert "the journal is empty" == do("request", "clear")
    assert heading.split() == do("request", "list").split()


def test_a_new_sandbox_is_its_base_url(run: Run, served: Any, tmp_path: Path) -> None:
    """`sandbox create` prints the base_url and nothing else, so that a script can take it as it is."""
    world = tmp_path / "world.yaml"
    world.write_text("organizations: [{id: org_mine}]\n", "utf-8")
    url = ("--url", served.url)
    made = run("sandbox", "create", "checkout", "--fixture", str(world), "--clock", FROZEN, "--deterministic", *url)
    listed = run("sandbox", "list", *url)[1]

    base_url = f"{served.url}/sandboxes/checkout"
    assert (0, f"{base_url}\n", "") == made
    assert [{"id": "org_mine"}] == httpx.get(f"{base_url}/_mock/state").json()["organizations"]
    assert ["checkout", base_url] in [line.split() for line in listed.splitlines()]
    assert (0, "deleted checkout\n", "") == run("sandbox", "delete", "checkout", *url)
    assert "checkout" not in run("sandbox", "list", *url)[1]

    described = json.loads(run("sandbox", "create", "--seed", "empty", "--random", "--json", *url)[1])
    assert {"name", "base_url", "control_url"} == described.keys()
    assert 0 == run("sandbox", "delete", described["name"], *url)[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("link", "revoke", "mslink_0"),
            "The requested resource was not found. The sandbox has nothing of this identifier (404 RESOURCE_NOT_FOUND)",
        ),
        (
            ("request", "list", "--limit", "0"),
            "The request is not valid. limit: must be a whole number from 1 to 10000 (422 VALIDATION_ERROR)",
        ),
        (
            ("clock", "get", "--sandbox", "no/such"),
            "There is no such endpoint. No operation has this path (404 ENDPOINT_NOT_FOUND)",
        ),
        (
            ("fault", "add"),
            "The request is not valid. body: must have one of latency_ms, status, drop, body (422 VALIDATION_ERROR)",
        ),
    ],
)
def test_what_the_mock_refuses_is_one_line(run: Run, sandbox: str, words: tuple[str, ...], said: str) -> None:
    """A refusal is told in the words of the envelope on stderr, and exit code 1, with --json and without."""
    for form in ((), ("--json",)):
        assert (1, "", f"aitronos-mock: {said}\n") == run(*words, *form, "--url", sandbox)


def test_an_unknown_sandbox_says_how_to_make_it(run: Run, served: Any) -> None:
    """A name is encoded as one segment of the path, whatever is in it, and the refusal says what to do."""
    code, _, err = run("reset", "--url", served.url, "--sandbox", "no such/one")

    assert (1, True) == (code, "Make it with POST /_mock/sandboxes" in err)


@pytest.mark.parametrize(
    "url",
    [
        "127.0.0.1:8000",
        "ftp://127.0.0.1",
        "http://",
        "http://a:b",
        "http://a:0",
        "http://a:99999",
        "http://user:password@127.0.0.1",
        "http://a/?b",
        "http://a/#b",
        "http://a/ b",
        "http://ä",
        "http://[::1",
        "http://a\n",
    ],
)
def test_a_url_that_is_none_is_a_mistake(run: Run, url: str) -> None:
    """What is no URL of a mock is refused with what one looks like, and not repeated: it may hold a password."""
    code, out, err = run("health", "--url", url)

    assert (2, "") == (code, out)
    assert "this is no URL of a mock; write it as http://127.0.0.1:8000. Try 'aitronos-mock health --help'." in err
    assert "password" not in err


def test_nobody_there_is_one_line(run: Run) -> None:
    """A mock that is not running is told with what to do, and exit code 2."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"

    advice = "start a mock there with 'aitronos-mock serve', or name another by --url"
    said = f"{url} does not answer (Connection refused); {advice}"
    assert (2, "", f"aitronos-mock: {said}\n") == run("health", "--url", url)


def test_nothing_is_encrypted_there(run: Run, served: Any) -> None:
    """`https` is spoken where it is asked for; a server that does not is told like one that does not answer."""
    url = served.url.replace("http:", "https:")
    code, out, err = run("health", "--url", url)

    assert (2, "") == (code, out)
    assert err.startswith(f"aitronos-mock: {url} does not answer (")
    assert 1 == err.count("\n")


@contextmanager
def _answering(answer: bytes) -> Iterator[tuple[str, list[bytes]]]:
    """A server that answers one connection with these bytes; its URL and what it was sent."""
    received: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve() -> None:
            connection, _ = listener.accept()
            with connection:
                received.append(connection.recv(65536))
                connection.sendall(answer)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", received
        thread.join()


@pytest.mark.parametrize(
    "answer",
    [
        b"SSH-2.0-OpenSSH_9\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<html>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 600\r\n\r\n{",
        b"HTTP/1.1 302 Found\r\nLocation: http://elsewhere.test\r\nContent-Length: 0\r\n\r\n",
        b'HTTP/1.1 404 Not Found\r\nContent-Length: 17\r\n\r\n{"error": "none"}',
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n",
    ],
)
def test_a_stranger_is_one_line(run: Run, answer: bytes) -> None:
    """Whatever else answers is told as no mock, exit code 2, and a redirect is not followed."""
    with _answering(answer) as (url, _):
        ended = run("health", "--url", url)

    assert (2, "", f"aitronos-mock: {url} answers, but not as a mock does; check --url\n") == ended


def test_a_connection_that_breaks_is_one_line(run: Run) -> None:
    """A server that hangs up without a word does not answer."""
    with _answering(b"") as (url, _):
        code, out, err = run("health", "--url", url)

    assert (2, "", 1) == (code, out, err.count("\n"))
    assert err.startswith(f"aitronos-mock: {url} does not answer (")


HEALTHY = b'HTTP/1.1 200 OK\r\nContent-Length: 32\r\n\r\n{"status": "ok", "version": "1"}'


@pytest.mark.parametrize(("token", "sent"), [("t0ken", True), ("", False), (None, False)])
def test_the_token_comes_from_the_environment(
    run: Run, monkeypatch: pytest.MonkeyPatch, token: str | None, sent: bool
) -> None:
    """`AITRONOS_MOCK_CONTROL_TOKEN` is sent as a bearer credential, and without it there is none."""
    if token is not None:
        monkeypatch.setenv("AITRONOS_MOCK_CONTROL_TOKEN", token)
    with _answering(HEALTHY) as (url, received):
        assert (0, "ok, version 1\n", "") == run("health", "--url", url)

    assert sent == (b"Authorization: Bearer t0ken\r\n" in received[0])
    assert sent == (b"authorization" in received[0].lower())


def test_a_mock_with_a_token_is_controlled_by_whoever_has_it(
    run: Run, serve: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The token of the environment opens the control plane, and without it the mock says what is missing."""
    url = serve("--control-token", "t0ken").url
    code, out, err = run("clock", "get", "--url", url)
    assert (1, "", True) == (code, out, "(401 CONTROL_TOKEN_REQUIRED)" in err)

    monkeypatch.setenv("AITRONOS_MOCK_CONTROL_TOKEN", "t0ken")
    assert 0 == run("clock", "get", "--url", url)[0]


@pytest.mark.parametrize("token", ["two words", "line\nfeed", "schlüssel"])
def test_a_token_that_cannot_be_sent_is_a_mistake(run: Run, monkeypatch: pytest.MonkeyPatch, token: str) -> None:
    """What cannot stand in a header is refused without being repeated."""
    monkeypatch.setenv("AITRONOS_MOCK_CONTROL_TOKEN", token)

    said = "AITRONOS_MOCK_CONTROL_TOKEN has characters that no token has; set it anew."
    assert (2, "", f"aitronos-mock: {said} Try 'aitronos-mock health --help'.\n") == run("health")


def test_the_token_is_no_option_and_in_no_repr() -> None:
    """Others on the machine read command lines, and people paste what is printed."""
    assert not [words for words in _leaves(COMMANDS) if "token" in _options(words)]
    assert "t0ken" not in repr(Client("http://127.0.0.1:8000", "t0ken"))


def _options(words: tuple[str, ...]) -> set[str]:
    command: Any = click.Group(commands=dict(COMMANDS))
    for word in words:
        command = command.commands[word]
    return {each.name for each in command.params}


def test_no_proxy_is_asked(do: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A mock is close by, and a proxy of the environment has no business with it."""
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")

    assert do("health").startswith("ok")


def test_a_reader_that_has_seen_enough_ends_the_command(sandbox: str) -> None:
    """A closed pipe is no failure that anybody wants to read about."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [COMMAND, "state", "get", "--url", sandbox]
    with os.fdopen(writing, "wb") as pipe:
        ended = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False, timeout=20)

    assert (1, b"") == (ended.returncode, ended.stderr)


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("words", [["state", "get"], ["serve", "--port", "0", "--log-level", "error"]])
def test_an_output_that_cannot_be_written_is_one_line(
    served: Any, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    """On a full disk the command says so and ends, with neither a traceback nor the claim to be done."""
    monkeypatch.setenv("AITRONOS_MOCK_URL", served.url)
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run([COMMAND, *words], stdout=full, stderr=subprocess.PIPE, check=False, timeout=20)

    said = b"aitronos-mock: cannot write the output (No space left on device); make room, or send it elsewhere\n"
    assert (2, said) == (ended.returncode, ended.stderr)


def test_help_imports_neither_http_nor_the_server() -> None:
    """The list of commands is there at once."""
    slow = ("http.client", "connexion", "sqlalchemy", "uvicorn", "jsonschema", "yaml")
    program = (
        "import sys; from aitronos_mock import cli; cli.cli.main(['--help'], standalone_mode=False);"
        f"print([name for name in {slow} if name in sys.modules])"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=20)

    assert "[]" == ended.stdout.splitlines()[-1]
    assert {"serve", *COMMANDS} <= set(re.findall(r"^  (\w+)", ended.stdout, re.MULTILINE))


def test_no_secret_of_the_world_is_printed(do: Callable[..., str], sandbox: str) -> None:
    """Neither the exported world nor the journal has a token or a key."""
    httpx.post(f"{sandbox}{RESOLVE}/save", headers={"X-API-Key": OWNER})
    printed = do("state", "get") + do("request", "list", "--json")

    assert [] == [secret for secret in (TOKEN, OWNER) if f'"{secret}"' in printed]
