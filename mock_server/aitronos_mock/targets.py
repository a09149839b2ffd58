"""What request lines say beside the path: a host of their own, a version or a method that nobody speaks here."""

from __future__ import annotations

import re
from typing import NamedTuple

from .answers import Headers
from .errors import METHOD_NOT_IMPLEMENTED, VERSION_NOT_SUPPORTED, Problem

_ABSOLUTE = re.compile(rb"([A-Za-z][A-Za-z0-9+.\-]*)://([^/?#]*)")
_LINE = rb"(?:^|\n)%s [!-~]+ HTTP/%s\r?\n"
_TOKEN = rb"[A-Za-z0-9!#$%&'*+.^_`|~\-]+"
_OTHER_VERSION = re.compile(_LINE % (_TOKEN, rb"[02-9]\.[0-9]"))
_OTHER_METHOD = re.compile(_LINE % (rb"(?!(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|TRACE) )" + _TOKEN, rb"1\.[0-9]"))


class Target(NamedTuple):
    """A request target in absolute form.

    Attributes:
        authority: The host that it names, with the port; with scheme and all where the scheme is not `http`, which no
            host is called: such a request must not be served over a plain connection (RFC 9110, 7.4).
        origin_form: The path and the query.
    """

    authority: bytes
    origin_form: bytes

    @classmethod
    def of(cls, target: bytes) -> Target | None:
        """What a target says, or None where it is in another form."""
        # As nearly all do.
        if target.startswith(b"/"):
            return None
        match = _ABSOLUTE.match(target)
        if match is None:
            return None
        below = target[match.end() :]
        authority = match[2] if match[1].lower() == b"http" else match[0]
        return cls(authority, below if below.startswith(b"/") else b"/" + below)

    def prevail(self, headers: Headers, http_version: str) -> Headers:
        """The header with the host of the target in the place of its own, as RFC 9112, 3.2.2 demands.

        Where HTTP/1.1 demands a `Host`, one that is missing stays missing; HTTP/1.0 may leave it out.
        """
        told = [(name, self.authority if name == b"host" else value) for name, value in headers]
        if http_version == "1.0" and not any(name == b"host" for name, _ in headers):
            told.append((b"host", self.authority))
        return told


def unspoken(data: bytes, *, is_method: bool) -> Problem | None:
    """Why a parser stopped, if a request line in the data it got says so; None where it is no HTTP at all.

    Args:
        data: What the parser got last.
        is_method: Whether it stopped at a method.
    """
    if is_method and _OTHER_METHOD.search(data):
        return METHOD_NOT_IMPLEMENTED
    return VERSION_NOT_SUPPORTED if _OTHER_VERSION.search(data) else None
