"""What proxies say about their clients."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.exchange import Forwarded
from aitronos_mock.guards.names import network_of
from aitronos_mock.guards.proxies import Proxies
from aitronos_mock.mock import Mock

from .exchanges import exchange_of

TRUSTED = Proxies(map(network_of, ("10.0.0.0/8", "2001:db8:1::/48")))
PROXY = "10.0.0.1"


def _client(mock: Mock, values: Sequence[str], peer: str = PROXY, proxies: Proxies = TRUSTED) -> str | None:
    fields = [("X-Forwarded-For", value) for value in values]
    return proxies.forwarded(exchange_of(mock, *fields, client=peer)).client_ip


@pytest.mark.parametrize("proxies", [Proxies(), Proxies([network_of("10.9.0.0/16")])])
def test_nobody_is_believed_who_was_not_named(mock: Mock, proxies: Proxies) -> None:
    """A client could otherwise choose the address that it is limited by, and the host in its links."""
    fields = [("X-Forwarded-For", "192.0.2.1"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.test")]

    assert Forwarded() == proxies.forwarded(exchange_of(mock, *fields, client=PROXY))


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["192.0.2.1"], "192.0.2.1"),
        (["198.51.100.9, 192.0.2.1"], "192.0.2.1"),
        (["192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        (["198.51.100.9,192.0.2.1 ,10.0.0.2, 10.0.0.3"], "192.0.2.1"),
        (["198.51.100.9", "192.0.2.1", "10.0.0.2"], "192.0.2.1"),
        (["nonsense, 192.0.2.1, 10.0.0.2"], "192.0.2.1"),
        (["10.0.0.3, 10.0.0.2"], "10.0.0.3"),
        (["192.0.2.1:5000"], "192.0.2.1"),
        (["2001:DB8:2::7"], "2001:db8:2::7"),
        (["[2001:db8:2::7]:5000, 2001:db8:1::1"], "2001:db8:2::7"),
        (["::ffff:192.0.2.1"], "192.0.2.1"),
        (["192.0.2.1, ::ffff:10.0.0.2"], "192.0.2.1"),
    ],
)
def test_the_rightmost_hop_that_is_no_proxy_is_the_client(mock: Mock, values: list[str], expected: str) -> None:
    """What stands left of it was sent by the client itself, who may write there whatever it likes."""
    assert expected == _client(mock, values)


@pytest.mark.parametrize(
    "values", [[], [""], ["unknown"], ["192.0.2.1, _hidden"], ["192.0.2.1,"], ["192.0.2.256"], ["::1]:80"], ["\xe9"]]
)
def test_what_is_malformed_is_ignored(mock: Mock, values: list[str]) -> None:
    """The proxy stands for its client where it does not say who that is."""
    assert _client(mock, values) is None


@given(st.lists(st.text(st.characters(codec="latin-1")), max_size=4))
def test_no_header_breaks_the_reading(values: list[str]) -> None:
    """Whatever a header says, the client is an address or nobody."""
    found = TRUSTED._client(values)

    assert found is None or set(found) <= set("0123456789abcdef:.%")


def test_a_peer_without_an_address_is_no_proxy(mock: Mock) -> None:
    """A request that came over no network has no proxy in front."""
    fields = [("X-Forwarded-For", "192.0.2.1")]

    assert Forwarded() == TRUSTED.forwarded(exchange_of(mock, *fields, client="testclient"))


@pytest.mark.parametrize(("value", "expected"), [("https", "https"), ("http", "http"), ("ftp", None), ("a, b", None)])
def test_the_scheme_is_one_of_the_web(mock: Mock, value: str, expected: str | None) -> None:
    """Anything else is ignored."""
    assert expected == TRUSTED.forwarded(exchange_of(mock, ("X-Forwarded-Proto", value), client=PROXY)).scheme


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        (["mock.example"], "mock.example"),
        (["mock.example:8443"], "mock.example:8443"),
        (["[2001:db8::1]:80"], "[2001:db8::1]:80"),
        (["mock.example/path"], None),
        (["mock.example, other.example"], None),
        (["mock.example", "mock.example"], None),
    ],
)
def test_the_host_is_a_single_host(mock: Mock, values: list[str], expected: str | None) -> None:
    """Anything else is ignored."""
    fields = [("X-Forwarded-Host", value) for value in values]

    assert expected == TRUSTED.forwarded(exchange_of(mock, *fields, client=PROXY)).host
