"""Check arguments before anything is sent. Every message says what to pass instead, and repeats no secret."""

import json
import math
import re
from collections.abc import Mapping, Sequence
from types import UnionType
from typing import TYPE_CHECKING, cast
from unicodedata import normalize
from urllib.parse import SplitResult, quote, unquote, urlencode, urlsplit

from ._later import Later
from .errors import InvalidArgumentError

if TYPE_CHECKING:
    from ._generated.models import visibility as _visibility
else:
    _visibility = Later("_generated.models.visibility")

Param = str | int | float | bool | None
Params = Mapping[str, Param | list[Param] | tuple[Param, ...]]
"""Query parameters. None leaves one out, a list repeats it, true and false are written in lower case."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_DOTS = frozenset({".", ".."})
_UNFIT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""Control characters change a request; lone surrogates have no bytes."""
_SPACE = re.compile(r"\s")
_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_FRAMING = frozenset({"content-length", "transfer-encoding"})
_HEADER_VALUE = re.compile(r"(?:[\x21-\x7e]+(?:[\t ]+[\x21-\x7e]+)*)?")
_HOST = re.compile(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*\.?")
_LONGEST_LIFETIME = 2**53 - 1
"""Days. JSON carries no larger integer safely."""
_LONGEST_TIMEOUT = 2_000_000
"""Seconds. Sockets count milliseconds in 32 bits, which is a little more."""
_KEY = re.compile(r"[\x21-\x7e]+")
_PATH_SAFE = "/%:@!$&'()*+,;=~-._"
_PERCENT = re.compile("%(?:25)+")
"""A percent sign however often encoded, undone at once: a turn for each time would make a long path slow."""
SHARED = "/v1/music/shared/"
"""Below it are the paths of share links."""


def identifier(name: str, value: object, example: str) -> str:
    """One path segment, as given."""
    if not isinstance(value, str):
        raise InvalidArgumentError(f"{name} must be a str such as {example!r}, not {type(value).__name__}")
    if not value or value in _DOTS or "/" in value or _UNFIT.search(value):
        raise InvalidArgumentError(
            f"{name} must be one identifier such as {example!r}: not empty, not '.' or '..', "
            "without slashes, control characters and lone surrogates"
        )
    return value


def token(token_or_url: object, base_url: str) -> str:
    """The share token in a token or a share URL. Only URLs below `base_url` count: a token goes to nobody else."""
    if isinstance(token_or_url, str) and (_SPACE.search(token_or_url) or _UNFIT.search(token_or_url)):
        # What parses URLs drops line breaks, and a server would look for a token with the space.
        raise InvalidArgumentError(
            "token_or_url must be a share token or URL without whitespace, control characters and lone surrogates "
            "(is there a space or a line break at its end?): pass it through strip()"
        )
    if isinstance(token_or_url, str) and "://" in token_or_url:
        return _token_of_url(token_or_url, base_url)
    return identifier("token_or_url", token_or_url, "shr_…")


def _token_of_url(url: str, base_url: str) -> str:
    wanted, found = urlsplit(f"{base_url}{SHARED}"), _split(url)
    if found is None or _origin(found) != _origin(wanted):
        raise InvalidArgumentError(
            f"token_or_url is a URL of another server than {base_url}: pass the token alone if it belongs there, "
            "or make a client with the base_url of the link"
        )
    if not found.path.startswith(wanted.path):
        raise InvalidArgumentError(f"token_or_url must be a share token or a URL such as {base_url}{SHARED}shr_…")
    return identifier(
        "token_or_url", unquote(found.path.removeprefix(wanted.path).removesuffix("/")), f"{base_url}{SHARED}shr_…"
    )


def _split(url: str) -> SplitResult | None:
    """The parts of a URL, if it names a host, and a port that there is."""
    try:
        parts = urlsplit(url)
        return parts if parts.hostname and parts.port != 0 else None
    except ValueError:
        return None


def _origin(parts: SplitResult) -> tuple[str, str | None, int | None]:
    return parts.scheme, parts.hostname, parts.port or _DEFAULT_PORTS.get(parts.scheme)


def expires_in_days(value: object) -> int | None:
    """A lifetime in days, or None for a link that never expires. True is no number, and 30.0 no whole one."""
    if value is None:
        return None
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= _LONGEST_LIFETIME:
        # A number may have more digits than can be written down.
        shown = f" {value}" if isinstance(value, int | float) and abs(value) < _LONGEST_LIFETIME else ""
        raise InvalidArgumentError(
            "expires_in_days must be an int from 1 (more than 90 is taken as 90), or left out for a link that never "
            f"expires; got {type(value).__name__}{shown}"
        )
    return value


def visibility(value: object) -> "_visibility.Visibility | None":
    """A visibility that the contract lists, or None for the server's default."""
    if value is None:
        return None
    listed = [known.value for known in _visibility.Visibility]
    if not isinstance(value, str) or value not in listed:
        raise InvalidArgumentError(f"visibility must be one of {', '.join(listed)}, or left out")
    return _visibility.Visibility(value)


def path(value: object) -> str:
    """A path below the base URL, percent-encoded where need be."""
    if not isinstance(value, str) or not value.startswith("/") or value.startswith("//"):
        raise InvalidArgumentError(
            "path must be a str that starts with one '/', such as '/v1/music/shared/…'. Calls go to the client's own "
            "server only; fetch other URLs with an HTTP client of your own, without the API key"
        )
    if "?" in value or "#" in value:
        raise InvalidArgumentError("path must not contain '?' or '#': pass the query as params={…}")
    text = decoded(value)
    names = {segment.partition(";")[0] for segment in text.split("/")}
    if "\\" in text or _UNFIT.search(text) or _DOTS & names:
        raise InvalidArgumentError(
            "path must not contain backslashes, control characters, lone surrogates, '.' or '..' segments, not even "
            "percent-encoded"
        )
    return quote(value, safe=_PATH_SAFE)


def decoded(path: str) -> str:
    """A path as the most eager of servers reads it, which decodes for as long as there is something to decode."""
    while (further := unquote(_PERCENT.sub("%", normalize("NFKC", path)))) != path:
        path = further
    return path


def query(params: object) -> str:
    """The query string, with its question mark."""
    try:
        pairs = _pairs(params)
        return f"?{urlencode(pairs)}" if pairs else ""
    except (TypeError, ValueError):
        # Lone surrogates and integers of too many digits are among the reasons, which would repeat a value.
        raise InvalidArgumentError(
            "params must map names to str without lone surrogates, int, finite float, bool, None or lists of them, "
            "such as {'page': 2, 'id': ['a', 'b']}"
        ) from None


def _pairs(params: object) -> list[tuple[str, str]]:
    if params is None:
        return []
    if not isinstance(params, Mapping):
        raise TypeError
    listed = (
        (name, item)
        for name, value in cast(Mapping[object, object], params).items()
        for item in (cast(Sequence[object], value) if isinstance(value, list | tuple) else (value,))
    )
    return [(_param(name, str), _param(item, str | int | float)) for name, item in listed if item is not None]


def _param(value: object, kinds: type | UnionType) -> str:
    if not isinstance(value, kinds) or (isinstance(value, float) and not math.isfinite(value)):
        raise TypeError
    return str(value).lower() if isinstance(value, bool) else str(value)


def json_body(value: object) -> bytes | None:
    """The JSON text of a request body; None stands for no body."""
    if value is None:
        return None
    try:
        return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False).encode()
    except (TypeError, ValueError, RecursionError):
        # The reason would repeat a value, which may be a secret.
        raise InvalidArgumentError(
            "json must consist of dict, list, str without lone surrogates, int, finite float, bool and None"
        ) from None


def api_key(value: object) -> str:
    """A key that can stand in a header. Its shape is the server's business."""
    if not isinstance(value, str) or not _KEY.fullmatch(value):
        raise InvalidArgumentError(
            "api_key must be a str of visible ASCII characters without whitespace (is there a line break at its end?); "
            "leave it out to read FREDDY_API_KEY"
        )
    return value


def base_url(value: object) -> str:
    """An http or https URL without credentials, query and fragment; a trailing slash is dropped."""
    parts = _split(value) if isinstance(value, str) else None
    if parts is None or parts.scheme not in _DEFAULT_PORTS or not _is_plain(parts):
        raise InvalidArgumentError(
            "base_url must be a URL such as 'https://api.aitronos.com' or 'http://127.0.0.1:8000', without user, "
            "password, query and fragment"
        )
    return parts.geturl().rstrip("/")


def _is_plain(parts: SplitResult) -> bool:
    extras = parts.query or parts.fragment or "@" in parts.netloc
    is_named = ":" in (parts.hostname or "") or _HOST.fullmatch(parts.hostname or "")
    is_visible = is_named and _KEY.fullmatch(parts.geturl())
    return not extras and bool(is_visible) and not _DOTS & set(unquote(parts.path).split("/"))


def timeout(value: object) -> float:
    """A positive number of seconds that a socket can wait."""
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= _LONGEST_TIMEOUT:
        raise InvalidArgumentError(
            f"timeout must be a number of seconds greater than 0, such as 60, and at most {_LONGEST_TIMEOUT}"
        )
    return float(value)


def max_retries(value: object) -> int:
    """A number of retries, 0 for none."""
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        raise InvalidArgumentError("max_retries must be an int from 0, such as 2")
    return value


def headers(value: object) -> dict[str, str]:
    """Extra request headers, their names in lower case."""
    pairs: dict[str, str] | None = dict(cast(Mapping[str, str], value)) if isinstance(value, Mapping) else None
    if pairs is None or not all(_is_header(name, text) for name, text in pairs.items()):
        raise InvalidArgumentError(
            "headers must map header names to str values of printable ASCII without spaces around them, such as "
            "{'X-Team': 'radio'}"
        )
    return {name.lower(): text for name, text in pairs.items()}


def _is_header(name: object, text: object) -> bool:
    return (
        isinstance(name, str)
        and isinstance(text, str)
        and _HEADER_NAME.fullmatch(name) is not None
        and name.lower() not in _FRAMING
        and _HEADER_VALUE.fullmatch(text) is not None
    )
