"""Which pages are welcome."""

from __future__ import annotations

import pytest

from aitronos_mock.guards.origins import Origins


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
@pytest.mark.parametrize("port", ["", ":1", ":3000", ":65535"])
def test_pages_of_this_machine_are_welcome(scheme: str, host: str, port: str) -> None:
    """Whatever the scheme and the port, for frontends under development have any."""
    assert Origins().welcomes(f"{scheme}://{host}{port}")


@pytest.mark.parametrize(
    "origin",
    [
        "",
        "*",
        "null",
        "https://evil.test",
        "http://localhost.evil.test",
        "http://localhost:3000.evil.test",
        "http://evil.test?http://localhost",
        "http://notlocalhost",
        "http://127.0.0.2",
        "http://localhost:",
        "http://localhost:3000\n",
        "http://user@localhost",
        "file://",
        "http://localhost, http://localhost",
    ],
)
@pytest.mark.parametrize("allowed", [(), ("*",), ("https://app.example.com",)])
def test_other_pages_are_not(origin: str, allowed: tuple[str, ...]) -> None:
    """A name that only looks like this machine's is somebody else's, and `*` names nobody."""
    assert not Origins(allowed).welcomes(origin)


def test_named_pages_are_welcome_exactly() -> None:
    """Another port or scheme is another origin."""
    origins = Origins(["https://app.example.com"])
    asked = ["https://app.example.com", "http://app.example.com", "https://app.example.com:8443"]

    assert [True, False, False] == [origins.welcomes(origin) for origin in asked]


def test_any_is_told() -> None:
    """Whether everybody may read is a question of its own."""
    assert [False, True] == [Origins(["https://app.example.com"]).any, Origins(["https://a.test", "*"]).any]
