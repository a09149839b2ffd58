"""Cross-origin resource sharing: what tells a browser that a page may read an answer.

The rules are those of the Fetch standard, <https://fetch.spec.whatwg.org/#http-cors-protocol>.
"""

from __future__ import annotations

import re

from ..answers import Empty, Headers
from ..exchange import Exchange
from .names import ANY
from .origins import Origins

_EXPOSED = (
    "x-request-id, freddy-processing-ms, freddy-api-version, X-RateLimit-Limit, X-RateLimit-Remaining, "
    "X-RateLimit-Reset, Retry-After, Content-Range, Accept-Ranges, ETag, Preference-Applied"
)
_METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
_VARY: Headers = [(b"vary", b"Origin")]
_VARY_PREFLIGHT: Headers = [
    (b"vary", b"Access-Control-Request-Method, Access-Control-Request-Headers, Access-Control-Request-Private-Network")
]
_NAMES = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+(\s*,\s*[A-Za-z0-9!#$%&'*+.^_`|~\-]+)*")
_REMEMBERED_SECONDS = 600


def sharing(exchange: Exchange, origins: Origins) -> Headers:
    """The headers that let the page of a request read its answer, whichever answer that becomes.

    Every answer says that it depends on the origin, or a cache would give one page what was meant for another.
    """
    origin = exchange.origin
    if origin is None:
        return _VARY
    grant = _grant(origin, origins)
    return [*_VARY, *grant, (b"access-control-expose-headers", _EXPOSED.encode())] if grant else _VARY


def preflight(exchange: Exchange, origins: Origins) -> Empty | None:
    """The answer to a browser that asks whether it may send a request, or None where it asks no such thing.

    A page that is not welcome gets none either: its request goes the way of all requests, and learns nothing.
    """
    if exchange.method != "OPTIONS" or not exchange.fields("access-control-request-method"):
        return None
    origin = exchange.origin
    if origin is None or not _grant(origin, origins):
        return None
    return Empty(204, [*_VARY_PREFLIGHT, *_allowed(exchange)])


def _grant(origin: str, origins: Origins) -> Headers:
    if origins.welcomes(origin):
        return [(b"access-control-allow-origin", origin.encode()), (b"access-control-allow-credentials", b"true")]
    # A page that nobody named may read what everybody may, and never with the visitor's credentials.
    return [(b"access-control-allow-origin", ANY.encode())] if origins.any else []


def _allowed(exchange: Exchange) -> Headers:
    """What may be sent: every method, and the headers that are asked for. The mock knows no header that harms."""
    allowed = [
        (b"access-control-allow-methods", _METHODS.encode()),
        (b"access-control-max-age", str(_REMEMBERED_SECONDS).encode()),
    ]
    names = ", ".join(exchange.fields("access-control-request-headers"))
    if _NAMES.fullmatch(names):
        allowed.append((b"access-control-allow-headers", names.encode()))
    if "true" in exchange.fields("access-control-request-private-network"):
        allowed.append((b"access-control-allow-private-network", b"true"))
    return allowed
