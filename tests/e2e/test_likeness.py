"""The comparison of answers can fail, and fails on every difference that lasts."""

from __future__ import annotations

import pytest

from .contract import Json, operations
from .likeness import assert_like

LINK, UNENDING = operations()["shareTrack"].examples("201")


def test_another_link_of_the_same_form_is_alike() -> None:
    """Ids, tokens, hosts and times may differ."""
    other = {
        "id": "mslink_000000000000",
        "token": "shr_00000000000000000000000000000000",
        "url": "http://127.0.0.1:1/v1/music/shared/shr_00000000000000000000000000000000",
        "created_at": "2030-01-01T00:00:00Z",
        "expires_at": "2030-01-31T00:00:00Z",
    }
    assert_like(LINK, LINK | other)


@pytest.mark.parametrize(
    "change",
    [
        {"target_type": "collection"},
        {"visibility": None},
        {"expires_at": None},
        {"expires_at": "2026-07-28T10:30:01Z"},
        {"created_at": "2026-06-28 10:30:00"},
        {"created_at": "2026-06-28T10:30:00+00:00"},
        {"id": "mlib_3a7f2c9e8b14"},
        {"token": "shr_short"},
        {"url": "https://api.aitronos.com/v1/music/tracks/shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"},
        {"additional": 1},
    ],
    ids=lambda change: "-".join(map(str, *change.items())),
)
def test_a_lasting_difference_fails(change: Json) -> None:
    """A value, a form, a lifetime or a key that differs is found."""
    with pytest.raises(AssertionError):
        assert_like(LINK, LINK | change)


def test_a_missing_key_fails() -> None:
    """An answer that lacks a key is not alike."""
    with pytest.raises(AssertionError):
        assert_like(LINK, {key: value for key, value in LINK.items() if key != "visibility"})


def test_a_nested_difference_fails() -> None:
    """Differences are found at any depth, in lists too."""
    view = operations()["resolveShare"].examples("200")[1]
    changed = view | {"tracks": [track | {"engine": "other"} for track in view["tracks"]]}
    with pytest.raises(AssertionError):
        assert_like(view, changed)


def test_never_and_some_day_differ() -> None:
    """A link without an end is not like one that has one."""
    with pytest.raises(AssertionError):
        assert_like(LINK, UNENDING)
