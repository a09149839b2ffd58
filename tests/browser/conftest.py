"""A real Chromium, a mock, and a web site of another origin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Page, sync_playwright
from tests.e2e.serving import running_mock

from find_chromium import find_chromium

from .worlds import World

FOREIGN_HOST = "foreign.example"
"""A name that leads to this machine for the Chromium under test, whose pages yet are strangers' to the mock."""

_OPTIONS = [
    "--no-sandbox",  # it is root's in a container, and visits nobody but the tests
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    f"--host-resolver-rules=MAP {FOREIGN_HOST} 127.0.0.1",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, headless, with an empty profile."""
    chromium = find_chromium()
    if chromium is None:
        pytest.fail("there is no Chromium: put one on the path, or name it by the environment variable CHROMIUM")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_OPTIONS)
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page of a fresh profile."""
    with browser.new_context() as context:
        yield context.new_page()


class _BlankPages(BaseHTTPRequestHandler):
    """An empty page under every path."""

    def do_GET(self) -> None:
        """Answer with an empty page."""
        body = b"<!doctype html><title>A page</title>"
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class calls it so
        """Say nothing of it."""


@pytest.fixture(scope="session")
def port() -> Iterator[int]:
    """The port of a web site that has nothing to do with the mock."""
    with ThreadingHTTPServer(("127.0.0.1", 0), _BlankPages) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_port
        server.shutdown()
        thread.join()


@pytest.fixture
def site(port: int) -> str:
    """A page of this machine, as a developer's, of another origin than the mock."""
    return f"http://localhost:{port}/"


@pytest.fixture
def foreign_site(port: int) -> str:
    """A page of somebody else's."""
    return f"http://{FOREIGN_HOST}:{port}/"


@pytest.fixture(scope="session")
def mock() -> Iterator[str]:
    """The URL of one mock for all tests, which has no limit on resolves."""
    with running_mock("--resolve-rate-limit", "off", "--log-level", "error") as url:
        yield url


@pytest.fixture(params=["default", "named"])
def world(mock: str, request: pytest.FixtureRequest) -> World:
    """The default sandbox, begun anew, and a named one that is new."""
    if request.param == "default":
        httpx.post(f"{mock}/_mock/reset").raise_for_status()
        return World(mock)
    return World(httpx.post(f"{mock}/_mock/sandboxes", json={}).raise_for_status().json()["base_url"])
