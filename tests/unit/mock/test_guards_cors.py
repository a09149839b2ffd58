"""What a browser is told about who may read an answer."""

from __future__ import annotations

import pytest

from aitronos_mock.answers import Headers
from aitronos_mock.guards.cors import preflight, sharing
from aitronos_mock.guards.origins import Origins
from aitronos_mock.mock import Mock

from .exchanges import exchange_of

HERE, NAMED, FOREIGN = "http://localhost:3000", "https://app.example.com", "https://evil.test"
NOBODY: list[tuple[str, str]] = [("vary", "Origin")]


def _told(headers: Headers) -> list[tuple[str, str]]:
    return [(name.decode(), value.decode()) for name, value in headers]


def _sharing(mock: Mock, origin: str | None, *allowed: str) -> list[tuple[str, str]]:
    fields = [] if origin is None else [("Origin", origin)]
    return _told(sharing(exchange_of(mock, *fields), Origins(allowed)))


def _preflight(mock: Mock, origin: str, *allowed: str, method: str = "OPTIONS", **fields: str) -> dict[str, str] | None:
    named = {"access-control-request-method": "POST"} | {f"access-control-request-{k}": v for k, v in fields.items()}
    exchange = exchange_of(mock, ("Origin", origin), *named.items(), method=method)
    answer = preflight(exchange, Origins(allowed))
    return None if answer is None else dict(_told(answer.headers)) | {"status": str(answer.status)}


@pytest.mark.parametrize(("origin", "allowed"), [(HERE, []), (NAMED, [NAMED]), (HERE, ["*"]), (NAMED, [NAMED, "*"])])
def test_a_welcome_page_may_read(mock: Mock, origin: str, allowed: list[str]) -> None:
    """Its origin comes back, credentials are let through, and the headers that matter can be read."""
    told = dict(_sharing(mock, origin, *allowed))

    assert (origin, "true") == (told["access-control-allow-origin"], told["access-control-allow-credentials"])
    assert {
        "x-request-id",
        "freddy-processing-ms",
        "freddy-api-version",
        "x-ratelimit-limit",
        "x-ratelimit-remaining",
        "x-ratelimit-reset",
        "retry-after",
        "content-range",
        "accept-ranges",
        "etag",
        "preference-applied",
    } == set(told["access-control-expose-headers"].lower().split(", "))
    assert "Origin" == told["vary"]


def test_any_page_may_read_without_credentials(mock: Mock) -> None:
    """With `*`, a page that nobody named is never let in with what its visitor is known by."""
    told = dict(_sharing(mock, FOREIGN, "*"))

    assert "*" == told["access-control-allow-origin"]
    assert "access-control-allow-credentials" not in told


@pytest.mark.parametrize("origin", [None, FOREIGN, "null", f"{HERE}, {FOREIGN}"])
def test_nobody_else_is_told_anything(mock: Mock, origin: str | None) -> None:
    """What every answer says is that it depends on the origin, so that no cache mixes two up."""
    assert NOBODY == _sharing(mock, origin, NAMED)


@pytest.mark.parametrize("asked", ["X-API-Key", "authorization,content-type", "Prefer, Range", "x-my-own"])
def test_a_preflight_lets_headers_and_methods_through(mock: Mock, asked: str) -> None:
    """Every method is allowed, and every header that is asked for."""
    told = _preflight(mock, HERE, headers=asked)

    assert told is not None
    assert ("204", asked) == (told["status"], told["access-control-allow-headers"])
    assert {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"} == set(
        told["access-control-allow-methods"].split(", ")
    )
    assert "600" == told["access-control-max-age"]
    assert "Access-Control-Request-Method, Access-Control-Request-Headers" in told["vary"]


@pytest.mark.parametrize("asked", ["", "a b", "x-a,", "x-a\x00", "(x)"])
def test_what_is_no_list_of_names_is_not_echoed(mock: Mock, asked: str) -> None:
    """Such a list allows no header beyond those that need no permission."""
    told = _preflight(mock, HERE, headers=asked)

    assert told is not None
    assert "access-control-allow-headers" not in told


@pytest.mark.parametrize(("fields", "expected"), [({"private-network": "true"}, "true"), ({}, None)])
def test_a_page_of_a_public_network_is_let_into_the_private_one(
    mock: Mock, fields: dict[str, str], expected: str | None
) -> None:
    """A browser that asks for it needs the permission to reach a server on the visitor's own machine."""
    told = _preflight(mock, NAMED, NAMED, **fields)

    assert told is not None
    assert expected == told.get("access-control-allow-private-network")


@pytest.mark.parametrize(("origin", "method"), [(FOREIGN, "OPTIONS"), (HERE, "GET"), ("null", "OPTIONS")])
def test_what_is_no_preflight_of_a_welcome_page_is_not_answered(mock: Mock, origin: str, method: str) -> None:
    """It goes the way of all requests."""
    assert _preflight(mock, origin, method=method) is None


@pytest.mark.parametrize("fields", [[("Origin", HERE)], [("Access-Control-Request-Method", "GET")]])
def test_half_a_preflight_is_none(mock: Mock, fields: list[tuple[str, str]]) -> None:
    """An OPTIONS without an origin, or without the method that is to come, is a request like any other."""
    assert preflight(exchange_of(mock, *fields, method="OPTIONS"), Origins()) is None
