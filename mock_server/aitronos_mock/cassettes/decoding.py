"""The ways by which a text can be hidden inside another one, and out again."""

from __future__ import annotations

import binascii
import json
import re
import zlib
from base64 import b64decode
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import unquote

import brotli

LIMIT_BYTES = 16 * 1024 * 1024
"""So much of what was compressed is looked at; a few bytes can spell out gigabytes."""

_DEPTH = 4
_BASE64 = re.compile(r"[0-9A-Za-z+/_-]{16,}={0,2}")
_URLSAFE = str.maketrans("-_", "+/")
_UNPRINTABLE = re.compile(rb"[^\t\n\r -~]")
_ZLIB_OR_GZIP, _RAW_DEFLATE = 47, -15


class UndecodableError(Exception):
    """Something is not what it is said to be, or of a coding that nobody here knows."""


def spellings(text: str | bytes) -> set[str]:
    """The text, and everything that it turns into when it is decoded, up to four times over."""
    new = {_plain(text)}
    found = set(new)
    for _ in range(_DEPTH):
        decoded = {_plain(inner) for each in new for decode in _DECODINGS for inner in decode(each)}
        new = decoded - found
        found |= new
    return found


def texts(node: Any, place: str = "") -> Iterator[tuple[str, str | bytes]]:
    """Every text of a document with its place, names of fields included. What stands there twice is told once."""
    return _texts(node, place, set())


def from_base64(word: str) -> bytes:
    """The bytes that a word of Base64 stands for, of either alphabet, with or without padding.

    Raises:
        UndecodableError: If it is none.
    """
    bare = word.rstrip("=").translate(_URLSAFE)
    try:
        return b64decode(bare + "=" * (-len(bare) % 4), validate=True)
    except (binascii.Error, ValueError):
        raise UndecodableError from None


def decompressed(body: bytes, codings: str) -> bytes:
    """A body without its content codings.

    Args:
        body: As it was sent.
        codings: The header `content-encoding`.

    Raises:
        UndecodableError: If a coding is unknown, the body is not of it, or it is larger than the limit.
    """
    for coding in reversed([each.strip().lower() for each in codings.split(",") if each.strip()]):
        if coding not in _CODINGS:
            raise UndecodableError
        body = next((inner for inner in map(_attempted(body), _CODINGS[coding]) if inner is not None), b"")
        if not body or len(body) >= LIMIT_BYTES:
            raise UndecodableError
    return body


def _texts(node: Any, place: str, seen: set[int]) -> Iterator[tuple[str, str | bytes]]:
    if isinstance(node, str | bytes):
        yield place, node
    elif isinstance(node, dict | list) and id(node) not in seen:
        # An alias of YAML can lead to its own beginning, and a few can spell out gigabytes.
        seen.add(id(node))
        for name, value in node.items() if isinstance(node, dict) else enumerate(node):
            if isinstance(node, dict):
                yield f"{place}/(name)", str(name)
            yield from _texts(value, f"{place}/{name}", seen)


def _plain(text: str | bytes) -> str:
    return text.decode("latin-1") if isinstance(text, bytes) else text


def _percent_decoded(text: str) -> Iterator[str]:
    if "%" in text and (decoded := unquote(text)) != text:
        yield decoded


def _from_json(text: str) -> Iterator[str | bytes]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return
    yield from (inner for _, inner in texts(document))


def _from_base64(text: str) -> Iterator[bytes]:
    for word in _BASE64.findall(text):
        try:
            yield from_base64(word)
        except UndecodableError:
            continue


def _from_compressed(text: str) -> Iterator[bytes]:
    """No header says in which way, so each is tried; bytes that can be printed are not compressed."""
    try:
        data = text.encode("latin-1")
    except UnicodeEncodeError:
        return
    if _UNPRINTABLE.search(data):
        yield from filter(None, map(_attempted(data), (_inflated, _raw_inflated, _brotli_decompressed)))


_DECODINGS: tuple[Callable[[str], Iterator[str | bytes]], ...] = (
    _percent_decoded,
    _from_json,
    _from_base64,
    _from_compressed,
)

_Decompress = Callable[[bytes], bytes]


def _inflated(data: bytes) -> bytes:
    return zlib.decompressobj(_ZLIB_OR_GZIP).decompress(data, LIMIT_BYTES)


def _raw_inflated(data: bytes) -> bytes:
    return zlib.decompressobj(_RAW_DEFLATE).decompress(data, LIMIT_BYTES)


def _brotli_decompressed(data: bytes) -> bytes:
    inner: bytes = brotli.Decompressor().process(data, output_buffer_limit=LIMIT_BYTES)
    return inner


def _unchanged(data: bytes) -> bytes:
    return data


_CODINGS: dict[str, tuple[_Decompress, ...]] = {
    "gzip": (_inflated,),
    "x-gzip": (_inflated,),
    # Servers send either, and clients take either.
    "deflate": (_inflated, _raw_inflated),
    "br": (_brotli_decompressed,),
    "identity": (_unchanged,),
}


def _attempted(data: bytes) -> Callable[[_Decompress], bytes | None]:
    def attempt(decompress: _Decompress) -> bytes | None:
        try:
            return decompress(data)
        except (zlib.error, brotli.error):
            return None

    return attempt
