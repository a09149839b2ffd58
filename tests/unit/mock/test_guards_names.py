"""How origins, hosts, networks and tokens are read from the command line."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from aitronos_mock.guards.names import address_of, host_of, network_of, origin_of, token_of


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("https://app.example.com", "https://app.example.com"),
        ("HTTPS://App.Example.com", "https://app.example.com"),
        ("http://app.example.com:80", "http://app.example.com"),
        ("https://app.example.com:443", "https://app.example.com"),
        ("https://app.example.com:80", "https://app.example.com:80"),
        ("http://app.example.com:8080", "http://app.example.com:8080"),
        ("http://[2001:DB8::1]:3000", "http://[2001:db8::1]:3000"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("*", "*"),
    ],
)
def test_an_origin_is_what_a_browser_sends(text: str, expected: str) -> None:
    """Case does not matter, and the port that the scheme has anyway is left out."""
    assert expected == origin_of(text)


@pytest.mark.parametrize(
    "text", ["", "app.example.com", "https://app.example.com/", "https://*.example.com", "null", "https://", "a b://c"]
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    """The reason shows what was written, and how an origin looks."""
    with pytest.raises(ValueError, match=r"is no origin; write scheme and host, for instance") as refused:
        origin_of(text)

    assert str(refused.value).startswith(repr(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("mock.example", "mock.example"),
        ("Mock.Example.", "mock.example"),
        ("my_service-1", "my_service-1"),
        ("192.0.2.7", "192.0.2.7"),
        ("[2001:DB8:0::1]", "2001:db8::1"),
        ("2001:db8::1", "2001:db8::1"),
    ],
)
def test_a_host_is_a_name_or_an_address(text: str, expected: str) -> None:
    """Case, a dot at the end, brackets and the spelling of an address make no difference."""
    assert expected == host_of(text)


@pytest.mark.parametrize("text", ["", "*", "mock.example:80", "http://mock.example", "a b", ".", "m\xfcnchen"])
def test_what_is_no_host_is_refused(text: str) -> None:
    """The reason shows what was written, and how a host looks."""
    with pytest.raises(ValueError, match="is no host; write a name or an address without a port") as refused:
        host_of(text)

    assert str(refused.value).startswith(repr(text))


def test_only_an_address_is_an_address() -> None:
    """A name has none."""
    assert ["::1", None] == [address_of("0:0::1"), address_of("localhost")]


@pytest.mark.parametrize("text", ["10.0.0.0/8", "2001:db8::/32", "192.0.2.7"])
def test_a_network_is_a_range_or_an_address(text: str) -> None:
    """CIDR notation, of either kind of address."""
    assert ip_network(text) == network_of(text)


@pytest.mark.parametrize("text", ["", "proxy.example", "10.0.0.1/8", "10.0.0.0/33"])
def test_what_is_no_network_is_refused(text: str) -> None:
    """Bits beyond the prefix are a slip that would trust more than was meant."""
    with pytest.raises(ValueError, match=r"is no range of addresses; write one such as 10\.0\.0\.0/8"):
        network_of(text)


def test_a_token_is_taken_as_it_is() -> None:
    """Any visible ASCII may stand in it."""
    assert "S3cret-!~" == token_of("S3cret-!~")


@pytest.mark.parametrize("text", ["", "my secret", "ge\xe4heim", "line\nfeed"])
def test_what_no_header_can_carry_is_no_token(text: str) -> None:
    """The reason does not repeat a token that was nearly right."""
    with pytest.raises(ValueError, match=r"^a token has letters, digits and ASCII punctuation only, and no spaces$"):
        token_of(text)
