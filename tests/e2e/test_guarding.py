"""Who may come in, as a mock is told when it starts."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from .serving import COMMAND, running_mock

SHARED = "/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
SHARE = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
KEY = {"X-API-Key": "your-api-key"}
VARIABLE = "AITRONOS_MOCK_CONTROL_TOKEN"


def _ask(method: str, url: str, **request: Any) -> httpx.Response:
    return httpx.request(method, url, trust_env=False, **request)


def _code(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["error"]["code"]


def _port(url: str) -> str:
    return url.rpartition(":")[2]


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--host", "::"], ":: can be reached from other machines; add --allowed-host"),
        (
            ["--host", "192.0.2.7", "--control-token", "t"],
            "192.0.2.7 can be reached from other machines; add --allowed",
        ),
        (["--cors-origin", "app.example.com"], "'app.example.com' is no origin; write scheme and host"),
        (["--allowed-host", "mock.example:80"], "'mock.example:80' is no host; write a name or an address"),
        (["--trusted-proxy", "10.0.0.1/8"], "'10.0.0.1/8' is no range of addresses; write one such as 10.0.0.0/8"),
        (["--control-token", "my secret"], "a token has letters, digits and ASCII punctuation only"),
        (["--max-connections", "0"], "0 is not in the range 1<=x<=1000000"),
        (["--log-format", "xml"], "'xml' is not one of 'human', 'json'"),
    ],
)
def test_a_mistake_is_one_line_that_says_what_to_do(options: list[str], said: str) -> None:
    """Nothing starts, and the exit code is 2."""
    run = subprocess.run([COMMAND, "serve", "--port", "0", *options], capture_output=True, text=True, timeout=60)

    assert (2, "", 1) == (run.returncode, run.stdout, len(run.stderr.splitlines()))
    assert said in run.stderr
    assert "my secret" not in run.stderr


def test_on_this_machine_everything_is_open_to_programs(mock_url: str) -> None:
    """Without any option the control plane needs no token, and foreign names and pages are refused."""
    assert 200 == _ask("GET", f"{mock_url}/_mock/health").status_code
    assert (421, "HOST_NOT_ALLOWED") == _code(_ask("GET", mock_url + SHARED, headers={"Host": "evil.test"}))
    foreign = {"Origin": "https://evil.test"}
    assert (403, "FOREIGN_ORIGIN") == _code(_ask("POST", f"{mock_url}/_mock/reset", headers=foreign))
    assert 200 == _ask("GET", mock_url + SHARED, headers=foreign).status_code


def test_named_pages_may_read_and_control() -> None:
    """Each origin that was given is let in; another one is not."""
    with running_mock("--cors-origin", "https://a.test", "--cors-origin", "HTTPS://b.test:443") as url:
        answers = [
            _ask("GET", f"{url}/_mock/health", headers={"Origin": origin})
            for origin in ("https://a.test", "https://b.test", "https://c.test")
        ]

    assert [200, 200, 403] == [answer.status_code for answer in answers]
    assert ["https://a.test", "https://b.test", None] == [
        answer.headers.get("access-control-allow-origin") for answer in answers
    ]


def test_every_page_may_read_and_none_may_control() -> None:
    """`*` is for what everybody may have, so it never comes with credentials."""
    with running_mock("--cors-origin", "*") as url:
        read, control = (
            _ask("GET", url + path, headers={"Origin": "https://c.test"}) for path in (SHARED, "/_mock/state")
        )

    assert ("*", None) == tuple(read.headers.get(f"access-control-allow-{each}") for each in ("origin", "credentials"))
    assert [200, 403] == [read.status_code, control.status_code]


def test_a_name_that_was_given_is_answered_to() -> None:
    """Links lead back to where the client is; other names stay refused."""
    with running_mock("--allowed-host", "mock.example") as url:
        host = f"mock.example:{_port(url)}"
        shared = _ask("POST", url + SHARE, headers={"Host": host} | KEY)
        other = _ask("GET", url + SHARED, headers={"Host": f"other.example:{_port(url)}"})

    assert shared.json()["url"].startswith(f"http://{host}/")
    assert (421, "HOST_NOT_ALLOWED") == _code(other)


def test_the_token_opens_the_control_plane(monkeypatch: pytest.MonkeyPatch) -> None:
    """It can be given in the environment, where no list of processes shows it, and the commands send it."""
    monkeypatch.setenv(VARIABLE, "S3cret")
    with running_mock() as url:
        answers = [
            _ask("GET", f"{url}/_mock/state", headers=shown)
            for shown in ({}, {"Authorization": "Bearer other"}, {"Authorization": "Bearer S3cret"})
        ]
        listed = subprocess.run([COMMAND, "state", "get", "--url", url], capture_output=True, text=True, timeout=60)

    assert [401, 401, 200] == [answer.status_code for answer in answers]
    assert "Bearer" in answers[0].headers["www-authenticate"]
    assert (0, "") == (listed.returncode, listed.stderr)


@pytest.mark.parametrize("option", [["--allowed-host", "mock.example"], ["--trusted-proxy", "127.0.0.0/8"]])
def test_behind_a_proxy_there_is_no_control_plane_without_a_token(option: list[str]) -> None:
    """The mock listens to this machine alone, and the proxy on it lets everybody in."""
    through = {"X-Forwarded-For": "192.0.2.1"}
    with running_mock(*option) as url:
        off = _ask("GET", f"{url}/_mock/state", headers=through)
        shared = _ask("GET", url + SHARED, headers=through)
    with running_mock(*option, "--control-token", "S3cret") as url:
        without, shown = (
            _ask("GET", f"{url}/_mock/state", headers=through | token)
            for token in ({}, {"Authorization": "Bearer S3cret"})
        )

    assert (404, "CONTROL_PLANE_OFF") == _code(off)
    assert [200, 401, 200] == [answer.status_code for answer in (shared, without, shown)]


def test_a_proxy_is_believed_where_it_was_named() -> None:
    """The client behind it is limited and audited, and links lead to where it reached the proxy."""
    proxied = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "mock.example"}
    named = ["--trusted-proxy", "127.0.0.0/8", "--allowed-host", "mock.example"]
    options = [*named, "--resolve-rate-limit", "1/minute", "--control-token", "S3cret"]
    clients = ["192.0.2.1", "192.0.2.1", "192.0.2.2", "2001:db8::1", "2001:db8::2", "2001:db8:0:1::1"]
    with running_mock(*options) as url:
        url_of_share = _ask("POST", url + SHARE, headers=KEY | proxied).json()["url"]
        statuses = [_ask("GET", url + SHARED, headers={"X-Forwarded-For": each}).status_code for each in clients]
        audit = _ask("GET", f"{url}/_mock/audit", headers={"Authorization": "Bearer S3cret"}).json()["items"]

    assert url_of_share.startswith("https://mock.example/v1/music/shared/")
    assert [200, 429, 200, 200, 429, 200] == statuses
    assert clients == [entry["client_ip"] for entry in audit]


def test_nobody_else_is_believed() -> None:
    """Without the option, the same headers change nothing."""
    forged = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "evil.test"}
    with running_mock() as url:
        shared = _ask("POST", url + SHARE, headers=KEY | forged).json()["url"]
        _ask("GET", url + SHARED, headers=forged)
        audit = _ask("GET", f"{url}/_mock/audit").json()["items"]

    assert shared.startswith(url)
    assert ["127.0.0.1"] == [entry["client_ip"] for entry in audit]


@pytest.mark.parametrize(
    ("method", "path", "headers", "status"),
    [
        ("GET", SHARED, {}, 200),
        ("GET", f"{SHARED}x", {}, 404),
        ("POST", SHARE, KEY, 201),
        ("POST", SHARE, {}, 401),
        ("POST", f"{SHARED}/save", {"X-API-Key": "recipient-api-key"}, 201),
        ("POST", f"{SHARED}/save", {}, 401),
        ("DELETE", SHARED, {}, 405),
    ],
)
def test_no_token_stays_behind(mock_url: str, method: str, path: str, headers: dict[str, str], status: int) -> None:
    """What has to do with a token is kept by no cache, and told to no page that is gone to from there."""
    answer = _ask(method, mock_url + path, headers=headers)

    kept = ("cache-control", "referrer-policy", "x-content-type-options")
    assert (status, "no-store", "no-referrer", "nosniff") == (
        answer.status_code,
        *(answer.headers[each] for each in kept),
    )


def test_the_access_log_is_read_by_programs(tmp_path: Path) -> None:
    """Every line is an object; what was asked has its fields, and no secret stands anywhere."""
    log = tmp_path / "log"
    with log.open("w") as stderr:
        command = [COMMAND, "serve", "--port", "0", "--log-format", "json", "--log-level", "debug"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=stderr, text=True)
        assert process.stdout
        url = process.stdout.readline().split()[-1]
        sandbox = _ask("POST", f"{url}/_mock/sandboxes", json={"name": "checkout"}).json()["base_url"]
        answers = [_ask("GET", base + SHARED) for base in (url, sandbox)]
        process.terminate()
        process.communicate(timeout=30)

    lines = [json.loads(line) for line in log.read_text("utf-8").splitlines()]
    found = [line for line in lines if line.get("operation") == "resolveShare"]
    assert [answer.headers["x-request-id"] for answer in answers] == [line["trace_id"] for line in found]
    assert [None, "checkout"] == [line["sandbox"] for line in found]
    assert {
        "time",
        "level",
        "logger",
        "method",
        "operation",
        "status",
        "ms",
        "trace_id",
        "client_ip",
        "sandbox",
    } == set(found[0])
    assert "shr_" not in log.read_text("utf-8")
