"""The fixtures, in test runs of their own."""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

import pytest

HEAVY = ("anyio", "connexion", "httpx", "jsonschema", "sqlalchemy", "starlette", "uvicorn", "vcr", "yaml", "aitronos")
OPENS = """
    def test_it(aitronos_sandbox):
        answer = aitronos_sandbox.http_client().get("/v1/music/shared/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c")
        assert answer.status_code == {status}
"""


@pytest.fixture(autouse=True)
def on_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of the environment leads to another mock, and warnings fail the inner runs as they fail this one."""
    for name in ("AITRONOS_MOCK_URL", "AITRONOS_MOCK_CONTROL_TOKEN", "AITRONOS_BASE_URL", "FREDDY_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PYTHONWARNINGS", "error")


def test_nothing_is_imported_until_a_fixture_is_used() -> None:
    """Whoever has the mock installed and uses none of it pays for one small module."""
    imported = "import sys, pytest; before = set(sys.modules); import aitronos_mock.pytest_plugin"
    command = [sys.executable, "-c", f"{imported}; print(*sorted(set(sys.modules) - before))"]
    ended = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "aitronos_mock aitronos_mock.pytest_plugin\n" == ended.stdout


def test_a_run_that_uses_nothing_imports_nothing(pytester: pytest.Pytester) -> None:
    """Pytest loads the plugin by its entry point, and a run without its fixtures starts and imports nothing."""
    pytester.makepyfile(f"""
        import sys

        def test_it(pytestconfig):
            assert pytestconfig.pluginmanager.has_plugin("aitronos_mock")
            assert not [each for each in {HEAVY!r} if each in sys.modules]
    """)
    pytester.runpytest_subprocess("-p", "no:anyio", "-p", "no:hypothesispytest").assert_outcomes(passed=1)


def test_help_has_options_settings_and_marker(pytester: pytest.Pytester) -> None:
    """Users learn from pytest itself what there is."""
    shown = pytester.runpytest("--help").stdout
    shown.fnmatch_lines(["*--aitronos-mock-url=URL*", "*aitronos_mock_url (string)*", "*aitronos_mock_options (args)*"])
    pytester.runpytest("--markers").stdout.fnmatch_lines(["@pytest.mark.aitronos(seed=*"])


def test_a_mock_is_started_for_the_session(pytester: pytest.Pytester) -> None:
    """Without any setting a mock is there, the same for all tests, and each test has a sandbox of its own."""
    pytester.makepyfile("""
        import pytest

        names, urls = set(), set()

        @pytest.mark.parametrize("number", range(3))
        def test_it(number, aitronos_sandbox, aitronos_mock):
            link = aitronos_sandbox.client().music.share_track("org_abc123", "mtrack_b4d9e1c6a72f")
            aitronos_sandbox.journal.assert_operations("shareTrack")
            names.add(aitronos_sandbox.name)
            urls.add(aitronos_mock.url)
            assert (len(names), len(urls)) == (number + 1, 1)
    """)
    pytester.runpytest_subprocess("--strict-markers").assert_outcomes(passed=3)


def test_workers_share_one_mock_which_ends_with_them(pytester: pytest.Pytester) -> None:
    """Under pytest-xdist all workers have the same mock, even where one crashes, and none is left behind."""
    pytester.makepyfile("""
        import os
        from pathlib import Path
        import pytest

        @pytest.mark.parametrize("number", range(12))
        def test_it(number, aitronos_sandbox, aitronos_mock, worker_id):
            with Path(os.environ["NOTES"]).open("a") as notes:
                notes.write(f"{worker_id} {aitronos_mock.url}\\n")
            if number == 5:
                os._exit(1)
            aitronos_sandbox.http_client().get("/v1/music/shared/x")
            aitronos_sandbox.journal.assert_operations("resolveShare")
    """)
    notes = pytester.path / "notes"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("NOTES", str(notes))
        # A worker that crashes leaves sockets open, of which Python warns at the end of another one.
        result = pytester.runpytest_subprocess("-n", "3", "--max-worker-restart", "2")
    result.assert_outcomes(passed=11, failed=1)
    workers, urls = zip(*(line.split() for line in notes.read_text("ascii").splitlines()), strict=True)
    assert 1 == len(set(urls))
    assert 1 < len(set(workers))
    assert_gone(urls[0])


def assert_gone(url: str) -> None:
    """Wait until nobody answers there; a mock that stays closes idle connections too, and answers the next one."""
    address = urlsplit(url)
    where = str(address.hostname), address.port or 0
    with suppress(ConnectionError), socket.create_connection(where, timeout=20) as connection:
        assert b"" == connection.recv(1)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(where, timeout=20)


def test_workers_without_named_pipes_have_a_mock_each(pytester: pytest.Pytester) -> None:
    """Where nothing can be shared, as on Windows, every worker starts its own."""
    pytester.makeconftest("import os\ndel os.mkfifo")
    pytester.makepyfile(OPENS.format(status=200))
    pytester.runpytest_subprocess("-n", "1").assert_outcomes(passed=1)


@pytest.mark.parametrize("way", ["option", "environment", "setting"])
def test_a_mock_that_runs_is_used(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, served: Any, way: str
) -> None:
    """The option, the variable and the setting name a mock; a slash at its end does no harm."""
    options = ["--aitronos-mock-url", f"{served.url}/"] if way == "option" else []
    if way == "environment":
        monkeypatch.setenv("AITRONOS_MOCK_URL", served.url)
    elif way == "setting":
        pytester.makeini(f"[pytest]\naitronos_mock_url = {served.url}")
    pytester.makepyfile(
        f"def test_it(aitronos_sandbox):\n    assert aitronos_sandbox.base_url.startswith({served.url!r})"
    )
    pytester.runpytest(*options).assert_outcomes(passed=1)


def test_a_token_comes_from_the_environment(
    pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch, serve: Any
) -> None:
    """A mock that demands a token gets it; without it, the run says so in one line."""
    url = serve("--control-token", "a-control-token").url
    pytester.makepyfile(OPENS.format(status=200))
    result = pytester.runpytest("--aitronos-mock-url", url)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*(401 CONTROL_TOKEN_REQUIRED)"])
    monkeypatch.setenv("AITRONOS_MOCK_CONTROL_TOKEN", "a-control-token")
    pytester.runpytest("--aitronos-mock-url", url).assert_outcomes(passed=1)


def test_a_mock_of_ones_own_demands_the_token_too(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A token in the environment holds for the mock that is started, and for those who control it."""
    monkeypatch.setenv("AITRONOS_MOCK_CONTROL_TOKEN", "a-control-token")
    pytester.makepyfile(OPENS.format(status=200))
    pytester.runpytest("--setup-show").assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("http://127.0.0.1:1", "the mock at http://127.0.0.1:1 does not answer (Connection refused)"),
        ("nowhere", "what is given as --aitronos-mock-url is no URL of a mock; write it as http://127.0.0.1:8000"),
    ],
)
def test_a_mock_that_is_not_there_is_one_line(pytester: pytest.Pytester, url: str, said: str) -> None:
    """No traceback of ours stands between the reader and the reason."""
    pytester.makepyfile(OPENS.format(status=200))
    result = pytester.runpytest("--aitronos-mock-url", url)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([said])
    assert "Traceback" not in str(result.stdout)
    assert "During handling" not in str(result.stdout)


def test_the_mock_takes_options(pytester: pytest.Pytester) -> None:
    """What the setting has is handed on; one that makes no sense is told in the words of the command."""
    pytester.makeini("[pytest]\naitronos_mock_options = --seed empty")
    pytester.makepyfile(OPENS.format(status=404))
    pytester.runpytest().assert_outcomes(passed=1)
    pytester.makeini("[pytest]\naitronos_mock_options = --sed empty")
    result = pytester.runpytest()
    result.assert_outcomes(errors=1)
    result.stdout.re_match_lines([r"the mock did not start: aitronos-mock: No such option '--sed'"])


def test_an_option_that_serves_nothing_is_explained(pytester: pytest.Pytester) -> None:
    """The command is content with it and complains of nothing, so the plugin says what came of it."""
    pytester.makeini("[pytest]\naitronos_mock_options = --help")
    pytester.makepyfile(OPENS.format(status=404))
    result = pytester.runpytest()

    result.assert_outcomes(errors=1)
    said = r"the mock did not start: it printed 'Usage: .*' and ended; aitronos_mock_options takes options with"
    result.stdout.re_match_lines([said])


def test_markers_say_how_a_sandbox_begins(pytester: pytest.Pytester, served: Any) -> None:
    """Those of class and test add up, the nearer one counts, and files are beside the test's."""
    pytester.makefile(".yaml", world="organizations: [{id: org_mine}]")
    pytester.makepyfile("""
        import pytest

        @pytest.mark.aitronos(seed="empty", clock="2026-06-28T10:30:00Z")
        class TestIt:
            def test_class(self, aitronos_sandbox):
                assert aitronos_sandbox.state()["tracks"] == []
                assert aitronos_sandbox.clock.now().year == 2026

            @pytest.mark.aitronos(seed="docs", clock="2027-06-28T10:30:00Z", deterministic=True)
            def test_method(self, aitronos_sandbox, aitronos_sandbox_in_process):
                for sandbox in (aitronos_sandbox, aitronos_sandbox_in_process):
                    assert sandbox.state()["tracks"]
                    assert sandbox.clock.now().year == 2027
                    link = sandbox.client().music.share_track("org_abc123", "mtrack_b4d9e1c6a72f")
                    assert link.id == "mslink_3a7f2c9e8b14"

        @pytest.mark.aitronos(fixture="world.yaml")
        def test_file(aitronos_sandbox):
            assert aitronos_sandbox.state()["organizations"] == [{"id": "org_mine"}]

        @pytest.mark.aitronos(fixture={"organizations": [{"id": "org_data"}]})
        def test_data(aitronos_sandbox):
            assert aitronos_sandbox.state()["organizations"] == [{"id": "org_data"}]
    """)
    pytester.runpytest("--strict-markers", "--aitronos-mock-url", served.url).assert_outcomes(passed=4)


@pytest.mark.parametrize("arguments", ["'docs'", "sed='docs'"])
def test_a_misspelt_marker_is_told(pytester: pytest.Pytester, served: Any, arguments: str) -> None:
    """What a marker does not take is not passed over."""
    pytester.makepyfile(f"import pytest\n\n@pytest.mark.aitronos({arguments})\ndef test_it(aitronos_sandbox): ...")
    result = pytester.runpytest("--aitronos-mock-url", served.url)
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["@pytest.mark.aitronos takes seed, fixture, clock, deterministic, each by its name"])


def test_a_failed_assertion_points_at_the_test(pytester: pytest.Pytester, served: Any) -> None:
    """The failure stands at the line of the test, in words for people, and not in the code of the fixture."""
    pytester.makepyfile("""
        def test_it(aitronos_sandbox):
            aitronos_sandbox.http_client().post("/v1/music/shared/shr_secret/save")
            aitronos_sandbox.journal.assert_requested("saveSharedTrack", status=201)
    """)
    result = pytester.runpytest("--aitronos-mock-url", served.url)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            '>*assert_requested("saveSharedTrack", status=201)',
            "E *AssertionError: expected at least 1 request to saveSharedTrack with status=201",
            "E *came none",
            "E *nearest: POST /v1/music/shared/{token}/save -> 401 (saveSharedTrack, req_*)",
            "E *status: expected 201, came 401",
            "test_a_failed_assertion_points_at_the_test.py:3: AssertionError",
        ]
    )
    assert "journal.py" not in str(result.stdout)


def test_a_missing_httpx_is_told(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mock in this process needs httpx, and says so in one line."""
    pytester.makeconftest("import sys\nsys.modules['httpx'] = None")
    pytester.makepyfile("def test_it(aitronos_sandbox_in_process): ...")
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["a mock in this process needs httpx, which is not installed; install it by: *"])


def test_cassettes_are_played_until_the_test_ends(pytester: pytest.Pytester) -> None:
    """One line brings a recorded answer; a misspelt name is told with the one that was meant."""
    pytester.makepyfile("""
        import pytest
        from aitronos import Aitronos, NotFoundError

        def test_it(aitronos_cassette):
            token = aitronos_cassette("resolveShare/404-revoked").token
            with pytest.raises(NotFoundError):
                Aitronos().music.resolve_share(token)

        def test_misspelt(aitronos_cassette):
            aitronos_cassette("resolveShare/404-revokd")
    """)
    result = pytester.runpytest_subprocess()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.re_match_lines(
        [r"there is no cassette 'resolveShare/404-revokd'; did you mean resolveShare/404-revoked"]
    )
