"""Find what must not stand in a cassette: known secrets, and whatever has a secret's shape and is no known fake.

Texts are looked at as they are, percent-decoded, as JSON, out of Base64 and decompressed. What is found is named by its
place and its rule, and never repeated.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Collection, Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

import yaml

from . import fakes
from .world import FAKE_KEYS

_DEPTH = 4
_HOSTS = frozenset(urlsplit(url).netloc for url in (fakes.SERVER, fakes.MEDIA))
_URL = re.compile(r"://([^/\s\"'?#\\]*)")
_ADDRESS = re.compile(r"\blocalhost\b|\b\d{1,3}(?:\.\d{1,3}){3}\b|\[[0-9a-f:]*:[0-9a-f:]*\]", re.IGNORECASE)
_TOKEN = re.compile(r"shr_\w+", re.ASCII)
_SIGNED = re.compile(
    r"[?&]([\w-]*(?:sig|signature|token|key|credential|expires|policy)[\w-]*)=([^&\s\"']*)", re.IGNORECASE
)
_BEARER = re.compile(r"\bBearer ([^\s\"']+)", re.IGNORECASE)
_PREFIXED_KEY = re.compile(
    r"\b(?:(?:sk|pk|rk|ak)[-_][-_0-9A-Za-z]{12,}|(?:key|api|freddy)[-_](?=[-_A-Za-z]*[0-9])[-_0-9A-Za-z]{12,})"
)
_RANDOM = re.compile(r"[0-9A-Za-z+_=-]{32,}")
_BASE64 = re.compile(r"[0-9A-Za-z+/_-]{16,}={0,2}")
_URLSAFE = str.maketrans("-_", "+/")
_CREDENTIALS = frozenset({"authorization", "cookie", "proxy-authorization", "set-cookie", "x-api-key"})


def leaks(cassette: str, secrets: Collection[str] = ()) -> list[str]:
    """Where a cassette, given as its text, gives something away.

    Args:
        cassette: The whole file.
        secrets: What is known to be secret, whatever its shape.
    """
    found = {
        f"{place}: {rule}"
        for place, text in _texts(yaml.safe_load(cassette), "")
        for spelling in _spellings(text)
        for rule in _rules_broken_by(spelling, secrets)
    }
    found |= {f"{place}: a credential that is no known fake" for place in _credentials(yaml.safe_load(cassette), "")}
    found |= {f"file: {rule}" for rule in _rules_broken_by(cassette, secrets)}
    return sorted(found)


def _texts(node: Any, place: str) -> Iterator[tuple[str, str | bytes]]:
    """Every text of a document with its place, names of fields included."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield f"{place}/(name)", str(name)
            yield from _texts(value, f"{place}/{name}")
    elif isinstance(node, list):
        for index, value in enumerate(node):
            yield from _texts(value, f"{place}/{index}")
    elif isinstance(node, str | bytes):
        yield place, node


def _credentials(node: Any, place: str) -> Iterator[str]:
    """Where a header shows a credential that is none of the fakes. They can have any shape, so their header counts."""
    for path, text in _texts(node, place):
        *_, name, _index = f"//{path}".split("/")
        is_bare = isinstance(text, str) and text.removeprefix("Bearer ") in FAKE_KEYS
        if name.lower() in _CREDENTIALS and not is_bare:
            yield path


def _spellings(text: str | bytes) -> set[str]:
    """The text, and everything that it turns into when it is decoded."""
    new = {_plain(text)}
    found = set(new)
    for _ in range(_DEPTH):
        decoded = {_plain(inner) for each in new for decode in _DECODINGS for inner in decode(each)}
        new = decoded - found
        found |= new
    return found


def _plain(text: str | bytes) -> str:
    return text.decode("latin-1") if isinstance(text, bytes) else text


def _percent_decoded(text: str) -> Iterator[str]:
    if "%" in text and (decoded := unquote(text)) != text:
        yield decoded


def _from_json(text: str) -> Iterator[str | bytes]:
    try:
        document = json.loads(text)
    except ValueError:
        return
    if not isinstance(document, str) or document != text:
        yield from (inner for _, inner in _texts(document, ""))


def _from_base64(text: str) -> Iterator[bytes]:
    for word in _BASE64.findall(text):
        bare = word.rstrip("=").translate(_URLSAFE)
        # A length of 4n + 1 is no Base64.
        if len(bare) % 4 != 1:
            yield b64decode(bare + "=" * (-len(bare) % 4))


def _decompressed(text: str) -> Iterator[bytes]:
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return
    for start, decompress in ((b"\x1f\x8b", gzip.decompress), (b"\x78", zlib.decompress)):
        if data.startswith(start):
            try:
                yield decompress(data)
            except (OSError, EOFError, zlib.error):
                continue


_DECODINGS = (_percent_decoded, _from_json, _from_base64, _decompressed)


def _rules_broken_by(text: str, secrets: Collection[str]) -> Iterator[str]:
    if any(secret in text for secret in secrets):
        yield "a secret of this recording"
    for rule, breaks in _SHAPES.items():
        if breaks(text):
            yield rule


def _has(pattern: re.Pattern[str], is_harmless: Callable[[str], bool]) -> Callable[[str], bool]:
    """Whether a pattern, or its last group, finds anything that is not harmless."""
    return lambda text: any(not is_harmless(found[found.lastindex or 0]) for found in pattern.finditer(text))


def _never(_: str) -> bool:
    return False


def _is_dull(word: str) -> bool:
    """A long word without digits or without letters is no key; a fake with its prefix is known."""
    return fakes.is_fake(word) or not re.search(r"\d", word) or not re.search(r"[A-Za-z]", word)


_SHAPES: dict[str, Callable[[str], bool]] = {
    "a share token that is no known fake": _has(_TOKEN, fakes.is_fake),
    "a signed URL": _has(_SIGNED, lambda value: value == fakes.SIGNATURE),
    "a host other than the documented ones": _has(_URL, lambda host: host in _HOSTS),
    "an address of a machine": _has(_ADDRESS, _never),
    "a bearer credential that is no known fake": _has(_BEARER, lambda key: key in FAKE_KEYS),
    "the shape of an API key": _has(_PREFIXED_KEY, _never),
    "the shape of a random secret": _has(_RANDOM, _is_dull),
}
