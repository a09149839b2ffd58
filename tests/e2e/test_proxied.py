"""The mock behind the reverse proxy of mock_server/deploy, by a real nginx."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest

from .commands import require
from .serving import PATIENCE_SECONDS, running_mock

_NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
_CONFIGURATION = Path(__file__).parents[2] / "mock_server" / "deploy" / "nginx.conf"
_NAME, _CLIENT, _TOKEN = "mock.example.com", "127.0.0.2", "control-token"
_OPTIONS = ("--allowed-host", _NAME, "--trusted-proxy", "127.0.0.1/32", "--control-token", _TOKEN)
_CONTROL = {"authorization": f"Bearer {_TOKEN}"}
_SHARE = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
_RESOLVE = "/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"


@pytest.fixture(autouse=True, scope="module")
def _needs_nginx() -> None:
    if _NGINX is None:
        require("nginx")


class Proxied(NamedTuple):
    """A mock behind nginx.

    Attributes:
        client: Asks nginx, from an address that is no trusted proxy's, by the name that the mock has there.
        origin: How the mock is called from there.
        mock_url: Where the mock itself answers.
    """

    client: httpx.Client
    origin: str
    mock_url: str


def _adapted(configuration: str, mock_url: str, port: int) -> str:
    """The configuration with the addresses of this test in the place of those of the compose file."""
    for name, here in (("server mock:8000;", f"server {mock_url.removeprefix('http://')};"), ("8080;", f"{port};")):
        assert 1 == configuration.count(name)
        configuration = configuration.replace(name, here)
    return configuration


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


@contextmanager
def _running_nginx(folder: Path, mock_url: str) -> Iterator[int]:
    port, log = _free_port(), folder / "error.log"
    (folder / "proxy.conf").write_text(_adapted(_CONFIGURATION.read_text("utf-8"), mock_url, port), "utf-8")
    places = "".join(f"{each}_temp_path {each};" for each in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    main = "daemon off; master_process off; pid nginx.pid; events {} http { access_log off;"
    (folder / "nginx.conf").write_text(f"{main} {places} include proxy.conf; }}", "utf-8")
    command = [str(_NGINX), "-p", str(folder), "-e", str(log), "-c", str(folder / "nginx.conf")]
    checked = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
    assert 0 == checked.returncode, checked.stderr
    process = subprocess.Popen(command)
    try:
        _wait_for(process, port, log)
        yield port
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _wait_for(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while process.poll() is None and time.monotonic() < end:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            # What is waited for is another process, which says nothing.
            time.sleep(0.01)
    pytest.fail(log.read_text("utf-8"))


@pytest.fixture(scope="module")
def proxied(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """A mock behind nginx."""
    with running_mock(*_OPTIONS) as mock_url, _running_nginx(tmp_path_factory.mktemp("nginx"), mock_url) as port:
        transport = httpx.HTTPTransport(local_address=_CLIENT)
        origin = f"http://{_NAME}:{port}"
        asked_by_name = {"host": f"{_NAME}:{port}"}
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", transport=transport, headers=asked_by_name) as client:
            yield Proxied(client, origin, mock_url)


def _latest_client(proxied: Proxied) -> Any:
    return proxied.client.get("/_mock/audit", headers=_CONTROL).json()["items"][-1]["client_ip"]


@pytest.mark.parametrize("claimed", [None, "203.0.113.9", "203.0.113.9, 127.0.0.1", "127.0.0.1", "nobody"])
def test_the_client_is_who_asked_the_proxy(proxied: Proxied, claimed: str | None) -> None:
    """Whatever a client says of itself, the address from which it came to the proxy counts."""
    headers = {} if claimed is None else {"x-forwarded-for": claimed}

    assert 200 == proxied.client.get(_RESOLVE, headers=headers).status_code
    assert _CLIENT == _latest_client(proxied)


def test_who_has_an_address_like_the_proxy_s_is_not_believed_either(proxied: Proxied) -> None:
    """Others of the trusted network, such as a gateway through which clients come, cannot say who asked."""
    url = proxied.client.base_url.join(_RESOLVE)
    headers = {"host": proxied.origin.removeprefix("http://"), "x-forwarded-for": "203.0.113.9"}

    assert 200 == httpx.get(url, headers=headers).status_code
    assert "127.0.0.1" == _latest_client(proxied)


def test_who_comes_past_the_proxy_is_not_believed(proxied: Proxied) -> None:
    """From an address that is no trusted proxy's, what it says of others is ignored."""
    transport = httpx.HTTPTransport(local_address="127.0.0.3")
    with httpx.Client(base_url=proxied.mock_url, transport=transport) as client:
        assert 200 == client.get(_RESOLVE, headers={"x-forwarded-for": "203.0.113.9"}).status_code

    assert "127.0.0.3" == _latest_client(proxied)


def test_links_lead_to_the_proxy(proxied: Proxied) -> None:
    """URLs in answers begin with the name and the port by which the client came, and play there."""
    link = proxied.client.post(_SHARE, headers={"x-api-key": "your-api-key"}).json()
    opened = proxied.client.get(f"/v1/music/shared/{link['token']}").json()
    playback = opened["track"]["playback_url"]

    assert [True, True] == [url.startswith(f"{proxied.origin}/") for url in (link["url"], playback)]
    played = proxied.client.get(playback.removeprefix(proxied.origin), headers={"range": "bytes=0-3"})
    assert (206, b"RIFF") == (played.status_code, played.content)


def test_a_large_world_passes_the_proxy_and_a_large_body_is_refused_by_the_mock(proxied: Proxied) -> None:
    """What is too large for the API is the envelope, and no page of the proxy's; a world may be larger."""
    state = proxied.client.get("/_mock/state", headers=_CONTROL).json()
    large = {**state, "organizations": [*state["organizations"], *({"id": f"org_{n:060}"} for n in range(2000))]}
    loaded = proxied.client.put("/_mock/state", json=large, headers=_CONTROL)
    refused = proxied.client.post(_SHARE, json={"visibility": "x" * 70_000}, headers={"x-api-key": "your-api-key"})

    assert 204 == loaded.status_code
    assert (413, "PAYLOAD_TOO_LARGE") == (refused.status_code, refused.json()["error"]["code"])


def test_a_control_plane_behind_the_proxy_wants_its_token(proxied: Proxied) -> None:
    """Who comes through the proxy is nobody of this machine."""
    assert [401, 200] == [proxied.client.get("/_mock/state", headers=each).status_code for each in ({}, _CONTROL)]


def test_another_name_is_refused(proxied: Proxied) -> None:
    """The proxy passes the name on, and the mock answers to its own only."""
    assert 421 == proxied.client.get(_RESOLVE, headers={"host": "evil.example"}).status_code


def test_a_dropped_connection_is_the_proxy_s_to_tell(proxied: Proxied) -> None:
    """A proxy cannot pass a connection on that ends without an answer: its clients get a 502 of its own."""
    fault = {"operation": "resolveShare", "drop": "before", "times": 1}
    assert 201 == proxied.client.post("/_mock/faults", json=fault, headers=_CONTROL).status_code

    assert [502, 200] == [proxied.client.get(_RESOLVE).status_code for _ in range(2)]
