"""Who may use the control plane."""

from __future__ import annotations

import pytest

from aitronos_mock.errors import TurnedAway
from aitronos_mock.guards.control import ControlAccess
from aitronos_mock.guards.origins import Origins
from aitronos_mock.mock import Mock

from .exchanges import exchange_of

HOST = ("Host", "mock.test:8000")
TOKEN = "S3cret"
OPEN = ControlAccess(Origins(["https://app.example.com", "*"]))
GUARDED = ControlAccess(token=TOKEN)


def _refused(mock: Mock, access: ControlAccess, *fields: tuple[str, str]) -> tuple[int, str]:
    with pytest.raises(TurnedAway) as refused:
        access.require(exchange_of(mock, HOST, *fields))
    return refused.value.problem.status, refused.value.problem.code


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("Sec-Fetch-Site", "none")],
        [("Sec-Fetch-Site", "same-origin")],
        [("Origin", "http://mock.test:8000")],
        [("Origin", "http://mock.test:8000"), ("Sec-Fetch-Site", "same-origin")],
        [("Origin", "http://localhost:3000"), ("Sec-Fetch-Site", "cross-site")],
        [("Origin", "https://app.example.com"), ("Sec-Fetch-Site", "cross-site")],
    ],
)
def test_programs_own_pages_and_named_pages_pass(mock: Mock, fields: list[tuple[str, str]]) -> None:
    """A program says nothing of origins; a page is the mock's own, on this machine, or named."""
    OPEN.require(exchange_of(mock, HOST, *fields))


@pytest.mark.parametrize(
    "fields",
    [
        [("Origin", "https://evil.test")],
        [("Origin", "null")],
        [("Origin", "http://mock.test")],
        [("Origin", "https://mock.test:8000")],
        [("Origin", "*")],
        [("Origin", "http://localhost:3000"), ("Origin", "https://evil.test")],
        [("Origin", "https://evil.test"), ("Sec-Fetch-Site", "same-origin")],
        [("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "same-site")],
        [("Sec-Fetch-Site", "none"), ("Sec-Fetch-Site", "cross-site")],
        [("Sec-Fetch-Site", "")],
    ],
)
def test_foreign_pages_are_refused(mock: Mock, fields: list[tuple[str, str]]) -> None:
    """`*` lets everybody read what the API answers, and nobody change what it will answer."""
    assert (403, "FOREIGN_ORIGIN") == _refused(mock, OPEN, *fields)


@pytest.mark.parametrize("shown", [f"Bearer {TOKEN}", f"bearer  {TOKEN}", f"BEARER {TOKEN}"])
def test_the_token_opens(mock: Mock, shown: str) -> None:
    """It is shown as a bearer credential."""
    GUARDED.require(exchange_of(mock, HOST, ("Authorization", shown)))


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [("Authorization", "")],
        [("Authorization", "Bearer")],
        [("Authorization", TOKEN)],
        [("Authorization", f"Basic {TOKEN}")],
        [("Authorization", f"Bearer {TOKEN}x")],
        [("Authorization", f"Bearer {TOKEN[:-1]}")],
        [("Authorization", f"Bearer {TOKEN.lower()}")],
        [("Authorization", "Bearer \xe9")],
        [("Authorization", f"Bearer {TOKEN}"), ("Authorization", f"Bearer {TOKEN}")],
        [("X-API-Key", TOKEN)],
    ],
)
def test_nothing_else_opens(mock: Mock, fields: list[tuple[str, str]]) -> None:
    """No token, another one, or the right one in the wrong place are all the same."""
    assert (401, "CONTROL_TOKEN_REQUIRED") == _refused(mock, GUARDED, *fields)


def test_a_page_needs_the_token_too(mock: Mock) -> None:
    """Being welcome does not stand for the token, nor the token for being welcome."""
    here, foreign, token = ("http://localhost:1", "https://evil.test", ("Authorization", f"Bearer {TOKEN}"))

    assert (401, "CONTROL_TOKEN_REQUIRED") == _refused(mock, GUARDED, ("Origin", here))
    assert (403, "FOREIGN_ORIGIN") == _refused(mock, GUARDED, ("Origin", foreign), token)


def test_what_is_off_is_off_for_everybody(mock: Mock) -> None:
    """The answer says how to switch it on."""
    with pytest.raises(TurnedAway) as refused:
        ControlAccess(is_off=True).require(exchange_of(mock, HOST))

    assert (404, "CONTROL_PLANE_OFF") == (refused.value.problem.status, refused.value.problem.code)
    assert "--control-token" in refused.value.problem.system_message


def test_the_token_is_not_shown() -> None:
    """No repr has it."""
    assert TOKEN not in repr(GUARDED)
