"""What is the same for every call of an operation, and which operation the path of a raw verb belongs to."""
# The generator gives its request builders a leading underscore; they are what it is used for.
# pyright: reportPrivateUsage=false

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

from ._arguments import SHARED, decoded
from ._generated.api.music import resolve_share as _resolve
from ._generated.api.music import save_shared_track as _save
from ._generated.api.music import share_collection as _share_collection
from ._generated.api.music import share_track as _share_track
from ._retry import Replay


@dataclass(frozen=True, slots=True)
class Route:
    """What is the same for every call of an operation."""

    method: str
    template: str
    """The path with its parameters' names in place of their values: it can be logged."""
    replay: Replay
    is_public: bool
    """Whether the API key stays at home."""


def _route(build: Callable[..., dict[str, Any]], *names: str, replay: Replay, is_public: bool = False) -> Route:
    built = build(*(f"{{{name}}}" for name in names))
    return Route(built["method"].upper(), unquote(built["url"]), replay, is_public)


SHARE_TRACK = _route(_share_track._get_kwargs, "organization_id", "track_id", replay=Replay.IF_NOT_PROCESSED)
SHARE_COLLECTION = _route(
    _share_collection._get_kwargs, "organization_id", "collection_id", replay=Replay.IF_NOT_PROCESSED
)
RESOLVE = _route(_resolve._get_kwargs, "token", replay=Replay.ALWAYS, is_public=True)
# Saving again answers with the edge that is there already, so repeating does no harm although it is a POST.
SAVE = _route(_save._get_kwargs, "token", replay=Replay.ALWAYS)

_TOKEN_ROUTES = tuple(
    (route, re.compile(route.template.replace("{token}", "[^/]+") + "/?")) for route in (RESOLVE, SAVE)
)
_WORD = re.compile(r"[a-z-]*|v\d+")
_SHARED_WORDS = SHARED.strip("/").split("/")


def route_of(method: str, path: str, base_url: str) -> tuple[Route, tuple[str, ...]]:
    """The route of a percent-encoded path below the base URL, and the texts in it that may be a share token."""
    is_reading = method == "GET"
    replay = Replay.ALWAYS if is_reading else Replay.IF_NOT_PROCESSED
    if not _is_about_a_share(urlsplit(base_url).path + path):
        return Route(method, _template(path), replay, is_public=False), ()
    # Its parts cannot be told apart for certain, so none is shown, and a GET goes without the key whatever it gets.
    veiled = Route(method, f"{SHARED}{{…}}", replay, is_public=is_reading)
    return _token_route(method, path) or veiled, _spellings(path)


def _is_about_a_share(path: str) -> bool:
    """Whether some server might take the path for one of a share link, and what follows for a token.

    Servers and gateways differ in what they decode, merge, cut off at a semicolon, trim or compare without regard to
    case. A key that stays at home needlessly is refused with 401; one that is sent needlessly is out.
    """
    *words, last = (part.partition(";")[0].strip().casefold() for part in decoded(path).split("/"))
    words = [*filter(None, words), last]
    ends = range(len(_SHARED_WORDS), len(words))
    return any(words[end - len(_SHARED_WORDS) : end] == _SHARED_WORDS for end in ends)


def _token_route(method: str, path: str) -> Route | None:
    encoded = "/".join(quote(unquote(part), safe="") for part in path.split("/"))
    found = (route for route, pattern in _TOKEN_ROUTES if route.method == method and pattern.fullmatch(encoded))
    return next(found, None)


def _spellings(path: str) -> tuple[str, ...]:
    """Each segment as it is, as servers may decode it, and as they may encode it; longer ones first."""
    parts = (*path.split("/"), *re.split("[/;]", decoded(path)))
    spellings = (text.strip() for part in parts for text in (part, unquote(part), quote(unquote(part), safe="")))
    return tuple(sorted(dict.fromkeys(spellings), key=len, reverse=True))


def _template(path: str) -> str:
    return "/".join(part if _WORD.fullmatch(unquote(part)) else "{…}" for part in path.split("/"))
