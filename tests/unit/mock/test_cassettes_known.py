"""What looks like a secret and is none: fakes, what is published, and what somebody listed."""

from __future__ import annotations

from pathlib import Path

import pytest

from aitronos_mock.cassettes.fakes import is_fake, numbered
from aitronos_mock.cassettes.known import ANYBODYS, Known, listed_values

from .tapes import TOKEN


@pytest.mark.parametrize(
    "text",
    [
        numbered("shr", 1),
        numbered("shr", 0xFFFFFFFF),
        numbered("mlib", 7),
        "fake",
        "fake-key-of-the-owner",
        "REDACTED",
        "[redacted]",
        "<FILTERED>",
        "**DUMMY**"[1:-1],
        "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c",
        "shr_11111111111111111111111111111111",
        "your-api-key",
        "recipient-api-key",
    ],
)
def test_it_is_known(text: str) -> None:
    """Fakes by their form, words that recorders write over secrets, and what this package publishes."""
    assert ANYBODYS.allows(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        TOKEN,
        "shr_fa4e1000000000000000000000000001",
        "shr_fa4e00000000000000000000000000010",
        "fake-k3y",
        "fakekey",
        "fake-",
        "not redacted",
        "my-api-key",
    ],
)
def test_it_is_not_known(text: str) -> None:
    """What is nearly a fake, and what nobody published, may be a secret."""
    assert not ANYBODYS.allows(text)


def test_a_fake_is_told_by_its_form() -> None:
    """Of an identifier too, the mark and the digits count."""
    assert is_fake("req_fa4e0000000a")
    assert not is_fake("req_fb4e0000000a")


def test_a_list_allows_its_lines(tmp_path: Path) -> None:
    """One value in each line, to the letter; comments and empty lines say nothing."""
    (tmp_path / "allowed").write_text(f"# of our tests\n\n  {TOKEN} \nkey of the tests\n", "utf-8")
    values = listed_values(tmp_path / "allowed")
    assert values == {TOKEN, "key of the tests"}
    assert Known(values).allows(TOKEN)
    assert not Known(values).allows(TOKEN.upper())


def test_hosts_are_anybodys_unless_they_are_named() -> None:
    """Where hosts are named, no other one and no address of a machine may stand there."""
    ours = Known(hosts=frozenset({"api.aitronos.com", "127.0.0.1:8000"}))
    assert ANYBODYS.allows_host("example.com")
    assert ANYBODYS.allows_address("10.0.0.1")
    assert [ours.allows_host(each) for each in ("api.aitronos.com", "127.0.0.1:8000", "127.0.0.1")] == [1, 1, 0]
    assert [ours.allows_address(each) for each in ("127.0.0.1", "10.0.0.1")] == [1, 0]
