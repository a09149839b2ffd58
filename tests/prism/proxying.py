"""Prism's validation proxy in front of a mock, and a way through it."""

from __future__ import annotations

import json
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from tests.e2e.serving import running_mock

HERE = Path(__file__).parent
PRISM = HERE / "node_modules" / ".bin" / "prism"
CONTRACT = HERE.parents[1] / "openapi.yaml"
PATIENCE_SECONDS = 60
READY = "Prism is listening"


class Heard(NamedTuple):
    """One answer that came through the proxy.

    Attributes:
        status: Of HTTP.
        request: What Prism says against the request.
        response: What it says against the response.
    """

    status: int
    request: tuple[str, ...]
    response: tuple[str, ...]


class ThroughPrism(httpx.BaseTransport):
    """Takes requests to a mock on the way through the proxy. The host that they name stays the mock's."""

    def __init__(self, port: int) -> None:
        self._port = port
        self.heard: list[Heard] = []

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send one request, and keep what Prism says about it and its answer."""
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        # A connection of its own for each, since nobody closes a way that several clients take.
        with httpx.HTTPTransport() as inner:
            answer = inner.handle_request(request)
            response = httpx.Response(answer.status_code, headers=answer.headers, content=answer.read())
        said = json.loads(response.headers.get("sl-violations", "[]"))
        sides = ("request", "response")
        request_side, response_side = (
            tuple(str(each["message"]) for each in said if each["location"][0] == side) for side in sides
        )
        assert len(said) == len(request_side) + len(response_side), said
        self.heard.append(Heard(response.status_code, request_side, response_side))
        return response


class Proxied(NamedTuple):
    """A mock behind a proxy.

    Attributes:
        mock_url: Where the mock itself is.
        port: Where the proxy listens.
    """

    mock_url: str
    port: int


@contextmanager
def proxied_mock(*options: str) -> Iterator[Proxied]:
    """Run a mock with these options, and Prism in front of it."""
    with running_mock("--log-level", "error", *options) as url, _prism(url) as port:
        yield Proxied(url, port)


@contextmanager
def _prism(upstream: str) -> Iterator[int]:
    port = _free_port()
    command = [str(PRISM), "proxy", str(CONTRACT), upstream, "--port", str(port)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        said, is_ready = list[str](), threading.Event()
        reader = threading.Thread(target=_listen, args=(process, said, is_ready))
        reader.start()
        try:
            is_ready.wait(PATIENCE_SECONDS)
            if not any(READY in line for line in said):
                pytest.fail(f"Prism did not start:\n{''.join(said)}")
            yield port
        finally:
            process.terminate()
            reader.join()


def _listen(process: subprocess.Popen[str], said: list[str], is_ready: threading.Event) -> None:
    """Read on to the end, so that it never waits for somebody to read."""
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if READY in line:
            is_ready.set()
    is_ready.set()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
