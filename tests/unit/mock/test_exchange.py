"""One request: where its client reached this server, and from where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from aitronos_mock.exchange import Exchange, authority
from aitronos_mock.mock import Mock

Call = Callable[..., httpx.Response]


def _scope(**changes: Any) -> dict[str, Any]:
    scope: dict[str, Any] = {"method": "GET", "scheme": "http", "server": ("192.0.2.1", 8000), "headers": []}
    return scope | changes


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        (b"mock.test", "http://mock.test"),
        (b"MOCK.test:8000", "http://MOCK.test:8000"),
        (b"localhost:1", "http://localhost:1"),
        (b"my_service-1:80", "http://my_service-1:80"),
        (b"[::1]", "http://[::1]"),
        (b"[2001:db8::7]:8000", "http://[2001:db8::7]:8000"),
    ],
)
def test_urls_begin_where_the_client_reached_the_server(mock: Mock, host: bytes, expected: str) -> None:
    """What the `Host` header says is what opens for this client."""
    assert expected == Exchange(mock, _scope(headers=[(b"host", host)])).base_url


@pytest.mark.parametrize(
    "host",
    [
        b"",
        b"a b",
        b"evil.test/path",
        b"evil.test?x=",
        b"evil.test#",
        b"user@evil.test",
        b'"><script>',
        b"a\\b",
        b"mock.test:",
        b"mock.test:80:80",
        b":80",
        b"[::1",
        b"[::1]evil.test",
        b"mock.test:80\n",
        b"m\xfcnchen.test",
        b"%65vil.test",
    ],
)
def test_a_hostile_host_is_not_echoed(mock: Mock, host: bytes) -> None:
    """A `Host` that is no host gives way to the address that the server listens on."""
    assert "http://192.0.2.1:8000" == Exchange(mock, _scope(headers=[(b"host", host)])).base_url


@pytest.mark.parametrize(
    ("server", "expected"),
    [(("192.0.2.1", 80), "https://192.0.2.1:80"), (("::1", 8000), "https://[::1]:8000")],
)
def test_without_a_host_the_address_stands_in(mock: Mock, server: tuple[str, int], expected: str) -> None:
    """HTTP/1.0 needs no `Host`; the address that the request came in at is put into URLs, IPv6 in brackets."""
    assert expected == Exchange(mock, _scope(scheme="https", server=server)).base_url


def test_an_authority_brackets_ipv6_alone() -> None:
    """Only an address with colons needs brackets in front of a port."""
    assert ["[::1]:80", "192.0.2.1:80"] == [authority("::1", 80), authority("192.0.2.1", 80)]


def test_the_url_of_a_share_opens_where_the_client_is(call: Call) -> None:
    """The url in a share's answer begins with the host that the client called, and leads to the shared track."""
    headers = {"Host": "proxy.test:9000"}
    share = call("POST", "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share", "owner-key", headers=headers).json()

    assert f"http://proxy.test:9000/v1/music/shared/{share['token']}" == share["url"]
    assert "mtrack_b4d9e1c6a72f" == call("GET", share["url"]).json()["track"]["id"]


def test_concurrent_requests_know_nothing_of_each_other(
    mock: Mock,
) -> None:
    """Each exchange is kept in its own request's scope, even where a server hands the same extensions to two."""
    shared: dict[str, Any] = {}
    scopes = [_scope(extensions=shared, method=method) for method in ("GET", "POST")]
    begun = [Exchange.begin(mock, scope) for scope in scopes]

    assert begun == [Exchange.of(scope) for scope in scopes]
    assert ["GET", "POST"] == [exchange.method for exchange in begun]
    assert {} == shared
