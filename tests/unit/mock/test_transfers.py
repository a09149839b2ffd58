"""Which transfer codings are understood."""

from __future__ import annotations

import pytest

from aitronos_mock.transfers import is_coded


@pytest.mark.parametrize("value", [b"chunked", b"Chunked", b" chunked ", b", chunked", b""])
def test_chunks_are_no_coding_of_what_is_in_them(value: bytes) -> None:
    """In whatever letters, and among empty elements of the list."""
    assert not is_coded([(b"host", b"x"), (b"transfer-encoding", value)])


@pytest.mark.parametrize("value", [b"gzip, chunked", b"gzip", b"identity", b"chunked;a=b", b"chunkedchunked"])
def test_any_other_coding_is_one(value: bytes) -> None:
    """Wherever it stands in the list."""
    assert is_coded([(b"transfer-encoding", value)])


def test_a_list_may_be_spread_over_fields() -> None:
    """They count as one."""
    assert is_coded([(b"transfer-encoding", b"gzip"), (b"transfer-encoding", b"chunked")])


def test_other_fields_say_nothing_of_it() -> None:
    """The content coding is another matter."""
    assert not is_coded([(b"content-encoding", b"gzip")])
