"""Fixtures for pytest: a mock, a sandbox of it for every test, and the recorded answers.

pytest imports this module in every run of everybody who has the mock installed, so it imports nothing until a fixture
is used.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any, cast

import pytest

if TYPE_CHECKING:
    from .recorded import Cassette
    from .testing import Mock, Sandbox, SandboxPlan

_PLAN = ("seed", "fixture", "clock", "deterministic")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Say where the mock is."""
    what = "test against the aitronos-mock that runs here already, instead of starting one"
    parser.getgroup("aitronos-mock").addoption("--aitronos-mock-url", metavar="URL", help=what)
    parser.addini("aitronos_mock_url", help=what)
    parser.addini("aitronos_mock_options", type="args", help="further options of aitronos-mock serve")


def pytest_configure(config: pytest.Config) -> None:
    """Declare the marker."""
    config.addinivalue_line(
        "markers",
        "aitronos(seed=..., fixture=..., clock=..., deterministic=...): how the sandbox of a test begins",
    )


@pytest.fixture(scope="session")
def aitronos_mock(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Mock]:
    """A mock that runs for the whole session, and is one for all workers of pytest-xdist.

    It is started when the first test wants it, unless `--aitronos-mock-url`, the environment variable
    `AITRONOS_MOCK_URL` or the setting `aitronos_mock_url` says where one is. A control token is taken from
    `AITRONOS_MOCK_CONTROL_TOKEN`.
    """
    from .testing.session import session_mock

    with _failing_in_one_line(), session_mock(pytestconfig, tmp_path_factory) as mock:
        yield mock


@pytest.fixture
def aitronos_sandbox(aitronos_mock: Mock, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """A sandbox of this test's own: the whole API with its own state, clock, faults and journal."""
    with _failing_in_one_line(), aitronos_mock.sandbox(**_plan(request)) as sandbox:
        yield sandbox


@pytest.fixture
def aitronos_environment(aitronos_sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> Sandbox:
    """The same sandbox, and the SDK's two environment variables lead there: for code that makes its own clients."""
    for name, value in aitronos_sandbox.environment.items():
        monkeypatch.setenv(name, value)
    return aitronos_sandbox


@pytest.fixture(scope="session")
def aitronos_mock_in_process() -> Iterator[Mock]:
    """A mock in this process, without server and port; its clients are those that its sandboxes make."""
    with _failing_in_one_line():
        from .testing.packages import needed_for

        with needed_for("a mock in this process", "httpx"):
            from .testing.in_process import mock_in_process
        from .testing.mock import Mock

        with mock_in_process() as way:
            yield Mock(way)


@pytest.fixture
def aitronos_sandbox_in_process(aitronos_mock_in_process: Mock, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """What `aitronos_sandbox` is, in this process: for `client()`, `async_client()` and `http_client()`."""
    with _failing_in_one_line(), aitronos_mock_in_process.sandbox(**_plan(request)) as sandbox:
        yield sandbox


@pytest.fixture
def aitronos_cassette(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Cassette]]:
    """Plays the cassette of a name until the test ends, to the documented server, where the SDK is then led to."""
    with _failing_in_one_line(), ExitStack() as stack:
        from .recorded import SERVER, replay

        def play(name: str) -> Cassette:
            with _failing_in_one_line():
                return stack.enter_context(replay(name))

        monkeypatch.setenv("AITRONOS_BASE_URL", SERVER)
        yield play


@contextmanager
def _failing_in_one_line() -> Iterator[None]:
    """What a mock cannot do is told without a traceback of ours."""
    from .testing.errors import MockError

    try:
        yield
    except MockError as error:
        # `pytest.fail` would chain them, and show the line twice.
        raise pytest.fail.Exception(str(error), pytrace=False) from None


def _plan(request: pytest.FixtureRequest) -> SandboxPlan:
    """How the sandbox of a test begins, by its markers: what stands next to the test counts most."""
    plan: dict[str, Any] = {}
    for marker in reversed(list(request.node.iter_markers("aitronos"))):
        plan |= marker.kwargs
        if marker.args or not set(marker.kwargs) <= set(_PLAN):
            pytest.fail(f"@pytest.mark.aitronos takes {', '.join(_PLAN)}, each by its name", pytrace=False)
    if isinstance(plan.get("fixture"), str):
        plan["fixture"] = request.path.parent / plan["fixture"]
    return cast("SandboxPlan", plan)
