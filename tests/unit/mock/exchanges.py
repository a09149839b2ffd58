"""Requests as guards see them."""

from __future__ import annotations

from typing import Any

from aitronos_mock.exchange import Exchange
from aitronos_mock.mock import Mock


def exchange_of(mock: Mock, *fields: tuple[str, str], client: str = "203.0.113.7", **changes: Any) -> Exchange:
    """A request with these header fields to the root of `http://mock.test`, unless told otherwise."""
    scope: dict[str, Any] = {
        "method": "GET",
        "path": "/",
        "scheme": "http",
        "http_version": "1.1",
        "server": ("192.0.2.1", 8000),
        "client": (client, 50000),
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in fields],
    }
    return Exchange(mock, scope | changes)
