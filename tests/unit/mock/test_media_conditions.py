"""Conditional and range fields of requests for a file."""

from __future__ import annotations

import pytest

from aitronos_mock.media.conditions import Fields, Span, asked_span, is_known, require_match
from aitronos_mock.refusals import PreconditionFailed, RangeNotSatisfiable

ETAG = '"aa"'
SIZE = 1000


def _fields(**values: str | list[str]) -> Fields:
    """Fields of a request, with `_` for `-` in their names."""
    by_name = {name.replace("_", "-"): [value] if isinstance(value, str) else value for name, value in values.items()}
    return lambda name: by_name.get(name, [])


@pytest.mark.parametrize(
    ("value", "span"),
    [
        ("bytes=0-0", Span(0, 1)),
        ("bytes=0-999", Span(0, 1000)),
        ("bytes=10-19", Span(10, 20)),
        ("bytes=999-999", Span(999, 1000)),
        ("bytes=990-5000", Span(990, 1000)),
        ("bytes=0010-0019", Span(10, 20)),
        ("bytes=5-", Span(5, 1000)),
        ("bytes=0-", Span(0, 1000)),
        ("bytes=-1", Span(999, 1000)),
        ("bytes=-1000", Span(0, 1000)),
        ("bytes=-5000", Span(0, 1000)),
        ("BYTES=1-2", Span(1, 3)),
        (f"bytes=0-{'9' * 4000}", Span(0, 1000)),
    ],
)
def test_a_range_selects_a_part(value: str, span: Span) -> None:
    """First and last position are included, a missing end is the end of the file, and a suffix counts from there."""
    assert span == asked_span(_fields(range=value), ETAG, SIZE)


@pytest.mark.parametrize("value", ["bytes=1000-", "bytes=1000-1000", "bytes=5000-6000", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused(value: str) -> None:
    """No byte of the file is in it."""
    with pytest.raises(RangeNotSatisfiable) as refused:
        asked_span(_fields(range=value), ETAG, SIZE)

    assert refused.value.size_bytes == SIZE


@pytest.mark.parametrize(
    "value",
    [
        [],
        "",
        "bytes",
        "bytes=",
        "bytes=-",
        "bytes=a-b",
        "bytes=1",
        "bytes=2-1",
        "bytes=-1-2",
        "bytes=+1-2",
        "bytes= 1-2",
        "bytes=1-2,",
        "bytes=0-1,4-5",
        "bytes=٣-٤",
        "items=0-1",
        f"bytes=0-{'9' * 4001}",
        ["bytes=0-1", "bytes=0-1"],
    ],
)
def test_a_range_that_is_no_single_one_in_bytes_is_ignored(value: str | list[str]) -> None:
    """Malformed ranges, other units and several parts give the whole file, as RFC 9110 allows."""
    assert asked_span(_fields(range=value), ETAG, SIZE) is None


def test_a_range_counts_while_the_file_is_the_same() -> None:
    """`If-Range` with the file's tag lets the range stand."""
    assert Span(0, 1) == asked_span(_fields(range="bytes=0-0", if_range=ETAG), ETAG, SIZE)


@pytest.mark.parametrize("tag", ['"bb"', 'W/"aa"', "aa", "", "*", "Sun, 28 Jun 2026 10:30:00 GMT"])
@pytest.mark.parametrize("value", ["bytes=0-0", "bytes=5000-"])
def test_a_range_of_another_file_is_ignored(tag: str, value: str) -> None:
    """`If-Range` with another tag, a weak one or a date gives the whole file, whatever the range."""
    assert asked_span(_fields(range=value, if_range=tag), ETAG, SIZE) is None


@pytest.mark.parametrize("value", [ETAG, f"W/{ETAG}", "*", f'"bb", {ETAG}', f'"b,b" , W/{ETAG},"cc"', ['"bb"', ETAG]])
def test_a_client_may_know_the_file(value: str | list[str]) -> None:
    """`If-None-Match` names it, weakly or not, among others or as anything at all."""
    assert is_known(_fields(if_none_match=value), ETAG)


@pytest.mark.parametrize("value", [[], "", '"bb"', "aa", '"AA"', '"aa'])
def test_a_client_may_know_other_files_alone(value: str | list[str]) -> None:
    """`If-None-Match` is missing, malformed or names others."""
    assert not is_known(_fields(if_none_match=value), ETAG)


@pytest.mark.parametrize("value", [[], ETAG, "*", f'"bb", {ETAG}', ['"bb"', ETAG]])
def test_a_client_may_go_on_with_the_same_file(value: str | list[str]) -> None:
    """`If-Match` is missing or names it."""
    require_match(_fields(if_match=value), ETAG)


@pytest.mark.parametrize("value", ["", '"bb"', f"W/{ETAG}", "aa"])
def test_a_client_does_not_go_on_with_another_file(value: str) -> None:
    """`If-Match` names others, or the right one weakly, which is not enough."""
    with pytest.raises(PreconditionFailed):
        require_match(_fields(if_match=value), ETAG)
