"""Find what must not stand in a cassette: known secrets, and whatever has a secret's shape and is not known.

Texts are looked at as they are, percent-decoded, as JSON, out of Base64 and decompressed. What is found is named by its
place and its rule, and never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import suppress
from functools import cache

from ..credentials import BEARER, PREFIXED_KEY
from .decoding import UndecodableError, decompressed, spellings, texts
from .known import Known
from .reading import Cassette, Interaction

_URL = re.compile(r"://([^/\s\"'?#\\]*)")
_PASSWORD = re.compile(r"://[^/\s\"'?#\\@:]*:([^/\s\"'?#\\@]+)@")
_ADDRESS = re.compile(r"\blocalhost\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\[[0-9a-f:]*:[0-9a-f:]*\]", re.IGNORECASE)
_TOKEN = re.compile(r"shr_\w+", re.ASCII)
_SIGNED = re.compile(
    r"[?&]([\w-]*(?:sig|signature|token|key|credential|expires|policy)[\w-]*)=([^&\s\"']*)", re.IGNORECASE
)
_RANDOM = re.compile(r"[0-9A-Za-z+_=-]{32,}")
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"})
_SCHEME = re.compile(r"Bearer ", re.IGNORECASE)

_Breaks = Callable[[str], bool]


def leaks(cassette: Cassette, known: Known, secrets: Collection[str] = ()) -> list[str]:
    """Where a cassette gives something away: a place and a rule each, no secret among them.

    Args:
        cassette: The whole cassette.
        known: What is no secret, although it looks like one.
        secrets: What is known to be secret, whatever its shape.
    """
    rules = _rules(known, frozenset(secrets))
    found = {
        f"{place}: {rule}"
        for place, text in [*texts(cassette.document), *_bodies(cassette.interactions)]
        for spelling in spellings(text)
        for rule in _broken(rules, spelling)
    }
    found |= {f"{place}: a credential that is not known" for place in _credentials(cassette.interactions, known)}
    return sorted(found | _outside_values(cassette, rules, found))


def _outside_values(cassette: Cassette, rules: Mapping[str, _Breaks], found: Collection[str]) -> set[str]:
    """What only the file has: comments."""
    told = {each.rpartition(": ")[2] for each in found}
    return {f"file: {rule}" for rule in _broken(rules, cassette.text) if rule not in told}


def _bodies(interactions: tuple[Interaction, ...]) -> Iterator[tuple[str, bytes]]:
    """What bodies are once the coding is undone that their headers name."""
    for number, each in enumerate(interactions):
        for side, headers, body in (
            ("request", each.request_headers, each.request_body),
            ("response", each.headers, each.body),
        ):
            # The conformance complains about a body that is not as its header says.
            with suppress(UndecodableError):
                yield f"/interactions/{number}/{side}/body", decompressed(body, headers.get("content-encoding", ""))


def _credentials(interactions: tuple[Interaction, ...], known: Known) -> Iterator[str]:
    """Credentials can have any shape, so their header counts."""
    for number, each in enumerate(interactions):
        for side, headers in (("request", each.request_headers), ("response", each.headers)):
            for name in sorted(_CREDENTIALS & headers.keys()):
                if not known.allows(_SCHEME.sub("", headers[name], count=1)):
                    yield f"/interactions/{number}/{side}/headers/{name}"


def _broken(rules: Mapping[str, _Breaks], text: str) -> Iterator[str]:
    return (rule for rule, breaks in rules.items() if breaks(text))


@cache
def _rules(known: Known, secrets: frozenset[str]) -> dict[str, _Breaks]:
    return {
        "a secret of this recording": lambda text: any(secret in text for secret in secrets),
        "a share token that is not known": _has(_TOKEN, known.allows),
        "a signed URL": _has(_SIGNED, known.allows),
        "a password in a URL": _has(_PASSWORD, known.allows),
        "a bearer credential that is not known": _has(BEARER, known.allows),
        "the shape of an API key": _has(PREFIXED_KEY, known.allows),
        "the shape of a random secret": _has(_RANDOM, lambda word: known.allows(word) or _is_dull(word)),
        "a host other than the allowed ones": _has(_URL, known.allows_host),
        "an address of a machine": _has(_ADDRESS, known.allows_address),
    }


def _has(pattern: re.Pattern[str], is_harmless: Callable[[str], bool]) -> _Breaks:
    """Whether a pattern, or its last group, finds anything that is not harmless."""
    return lambda text: any(not is_harmless(found[found.lastindex or 0]) for found in pattern.finditer(text))


def _is_dull(word: str) -> bool:
    """A long word without digits or without letters is no key."""
    return not re.search(r"\d", word) or not re.search(r"[A-Za-z]", word)
