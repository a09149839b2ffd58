"""What is hidden inside a text is found."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from collections.abc import Callable
from urllib.parse import quote

import brotli
import pytest
import yaml

from aitronos_mock.cassettes.decoding import LIMIT_BYTES, UndecodableError, decompressed, spellings, texts

SECRET = "what nobody shall see: äöü"
RAW = SECRET.encode()


def raw_deflate(data: bytes) -> bytes:
    """Deflate without the header of zlib."""
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


def gzipped(data: bytes) -> bytes:
    """The same bytes whenever it is called, since they are the names of tests."""
    return gzip.compress(data, mtime=0)


PACKED: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzipped,
    "zlib": zlib.compress,
    "deflate": raw_deflate,
    "br": brotli.compress,
}


def is_found(text: str | bytes) -> bool:
    """Whether the secret is one of the spellings of a text."""
    return any(SECRET in each or RAW.decode("latin-1") in each for each in spellings(text))


@pytest.mark.parametrize(
    "text",
    [
        SECRET,
        RAW,
        quote(SECRET, safe=""),
        quote(quote(SECRET, safe=""), safe=""),
        json.dumps({"a": [SECRET]}),
        json.dumps({SECRET: 1}),
        json.dumps(json.dumps([SECRET])),
        base64.b64encode(RAW).decode(),
        base64.urlsafe_b64encode(b"??>" + RAW).decode().rstrip("="),
        f"data:text/plain;base64,{base64.b64encode(RAW).decode()}",
        *(pack(RAW) for pack in PACKED.values()),
        *(base64.b64encode(pack(RAW)).decode() for pack in PACKED.values()),
        gzipped(json.dumps({"a": base64.b64encode(RAW).decode()}).encode()),
    ],
)
def test_a_spelling_is_found(text: str | bytes) -> None:
    """Encoded, compressed, or one in the other, up to four times over."""
    assert is_found(text)


@pytest.mark.parametrize("text", ["", "plain", "A" * 17, "100%", "[" * 100_000, "\u20ac\x00", "\x1f\x8b not gzip"])
def test_a_text_without_another_spelling_stays_as_it_is(text: str) -> None:
    """What only looks encoded is no failure."""
    assert text in spellings(text)
    assert not is_found(text)


def test_half_a_stream_is_looked_at() -> None:
    """A compressed body that was cut off still shows its beginning."""
    packed = gzipped(SECRET.encode() + bytes(range(256)) * 64)
    assert any(SECRET[:10] in each for each in spellings(packed[:-20]))


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ("gzip", gzipped(RAW)),
        ("X-GZIP", gzipped(RAW)),
        ("deflate", zlib.compress(RAW)),
        ("deflate", raw_deflate(RAW)),
        ("br", brotli.compress(RAW)),
        ("deflate, br", brotli.compress(zlib.compress(RAW))),
        ("identity", RAW),
        ("", RAW),
    ],
)
def test_a_content_coding_is_undone(codings: str, body: bytes) -> None:
    """The codings of `content-encoding` are undone from the last to the first."""
    assert decompressed(body, codings) == RAW


@pytest.mark.parametrize(
    ("codings", "body"),
    [
        ("zstd", RAW),
        ("gzip", RAW),
        ("br", b"\xff" + RAW),
        ("deflate", b"\xff" + RAW),
        ("gzip", gzipped(bytes(LIMIT_BYTES))),
    ],
    ids=["unknown", "no gzip", "no br", "no deflate", "bomb"],
)
def test_what_cannot_be_undone_is_said(codings: str, body: bytes) -> None:
    """A coding that is unknown or untrue, and a bomb, are no reason to look away."""
    with pytest.raises(UndecodableError):
        decompressed(body, codings)


def test_every_text_has_its_place() -> None:
    """Values and names are told with the path to them; numbers are no texts."""
    assert list(texts({"a": ["x", {"b": b"y"}], "c": 1})) == [
        ("/(name)", "a"),
        ("/a/0", "x"),
        ("/a/1/(name)", "b"),
        ("/a/1/b", b"y"),
        ("/(name)", "c"),
    ]


def test_aliases_do_not_multiply() -> None:
    """A document that holds itself, and one whose aliases spell out a trillion texts, are walked once."""
    endless = yaml.safe_load("&a [x, *a]")
    assert [text for _, text in texts(endless)] == ["x"]
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 13))]
    assert len(list(texts(yaml.safe_load("\n".join(lines))))) == len(lines) + 2
