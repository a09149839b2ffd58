"""By which names the mock may be reached."""

from __future__ import annotations

import pickle

import pytest

from aitronos_mock.errors import TurnedAway
from aitronos_mock.guards.hosts import Hosts, is_loopback


@pytest.mark.parametrize(
    "authority",
    ["localhost", "LocalHost:8000", "localhost.", "127.0.0.1", "127.0.0.1:8000", "127.1.2.3", "[::1]", "[0:0::1]:8000"],
)
def test_names_of_this_machine_are_its_own(authority: str) -> None:
    """Nobody else can have these names, so no page can come by them under its own."""
    Hosts().require(authority)


@pytest.mark.parametrize(
    "authority",
    [
        "evil.test",
        "localhost.evil.test:8000",
        "192.0.2.7",
        "[2001:db8::1]",
        "0.0.0.0",  # noqa: S104 - nothing binds
        ".",
        "2130706433",
    ],
)
def test_other_names_are_refused(authority: str) -> None:
    """The refusal says what to start the mock with."""
    with pytest.raises(TurnedAway) as refused:
        Hosts().require(authority)

    assert (421, "HOST_NOT_ALLOWED") == (refused.value.problem.status, refused.value.problem.code)
    assert "--allowed-host" in refused.value.problem.system_message


@pytest.mark.parametrize("authority", ["mock.example", "MOCK.example.:80", "[2001:db8:0::7]:8000", "192.0.2.7:1"])
def test_named_hosts_are_let_in(authority: str) -> None:
    """However they are spelled, and by whatever port."""
    Hosts(["mock.example", "2001:db8::7", "192.0.2.7"]).require(authority)


@pytest.mark.parametrize(
    "authority", ["", " ", "a b", "localhost/", "localhost:", "localhost:x", "u@localhost", "[::1"]
)
def test_what_is_no_host_is_malformed(authority: str) -> None:
    """HTTP has no such `Host`."""
    with pytest.raises(TurnedAway) as refused:
        Hosts().require(authority)

    assert 400 == refused.value.problem.status


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.9.9.9", True),
        ("::1", True),
        ("0.0.0.0", False),  # noqa: S104 - nothing binds
        ("::", False),
        ("192.0.2.7", False),
        ("fe80::1%eth0", False),
    ],
)
def test_loopback_leads_nowhere_else(address: str, expected: bool) -> None:
    """All addresses at once are no loopback, for others lead here by them."""
    assert expected == is_loopback(address)


def test_the_names_reach_other_processes() -> None:
    """Workers answer to what the mock answers to, whatever it was asked before."""
    hosts = Hosts({"mock.test"})
    hosts.require("mock.test")
    copy = pickle.loads(pickle.dumps(hosts))  # noqa: S301 - our own bytes

    copy.require("mock.test:8000")
    with pytest.raises(TurnedAway):
        copy.require("evil.test")
