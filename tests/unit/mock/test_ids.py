"""Identifiers and tokens."""

from __future__ import annotations

import os
import re
from typing import Any

import pytest

from aitronos_mock.ids import NextIds, RandomIds, SeededIds, SystemDigits, system_digits


@pytest.mark.parametrize("ids", [RandomIds(), SeededIds(1)])
def test_ids_have_the_documented_form(ids: Any) -> None:
    """Each kind of id has its prefix and its number of hexadecimal digits."""
    drawn = "".join([*ids.share_link("track"), *ids.share_link("collection"), ids.library_edge(), ids.request()])

    share_link = "mslink_[0-9a-f]{12}shr_[0-9a-f]{32}"
    assert re.fullmatch(f"{share_link}{share_link}mlib_[0-9a-f]{{12}}req_[0-9a-f]{{12}}", drawn)


def test_ids_do_not_repeat() -> None:
    """The default source of randomness gives another token at every call."""
    ids = RandomIds()

    assert 1000 == len({ids.share_link("track")[1] for _ in range(1000)})


def test_blocks_of_random_digits_are_used_up_and_never_twice() -> None:
    """What is left of a block is too little for the next ids, so another block is fetched."""
    blocks = [bytes([0, 1, 2, 3, 4]), bytes([5, 6, 7, 8, 9])]
    digits = SystemDigits(lambda size: blocks.pop(0)[:size], block_bytes=5)

    assert ["0001", "0203", "0506"] == [digits(2), digits(2), digits(2)]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="Windows knows no fork")
def test_a_forked_process_draws_digits_of_its_own() -> None:
    """What was fetched before belongs to the process that fetched it."""
    system_digits(1)
    reading, writing = os.pipe()
    if not os.fork():  # pragma: no cover - another process
        os.write(writing, system_digits(16).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as pipe:
        assert system_digits(16) != pipe.read()


def test_ids_come_from_the_source_that_is_given() -> None:
    """A source that is handed in decides the digits, and is asked for as many bytes as the form needs."""
    ids = RandomIds(lambda size: "ab" * size)

    assert ("mslink_abababababab", "shr_" + 16 * "ab") == ids.share_link("collection")
    assert ["mlib_abababababab", "req_abababababab"] == [ids.library_edge(), ids.request()]


def _drawn(ids: Any) -> list[Any]:
    return [ids.share_link("track"), ids.share_link("collection"), ids.library_edge(), ids.request()]


def test_a_seed_decides_everything() -> None:
    """Two sources of the same seed give the same, and one of another seed gives something else."""
    assert _drawn(SeededIds(1)) == _drawn(SeededIds("1"))
    assert not set(_drawn(SeededIds(1))) & set(_drawn(SeededIds(2)))


def test_kinds_of_one_seed_are_drawn_apart() -> None:
    """How often one kind is asked for makes no difference to the others."""
    one, other = SeededIds(1), SeededIds(1)
    for _ in range(3):
        one.share_link("track")
        one.request()

    assert one.share_link("collection") == other.share_link("collection")
    assert one.library_edge() == other.library_edge()


def test_next_ids_come_first() -> None:
    """What is to be handed out first is, each kind in its order, and then ids are drawn."""
    tracks = (("mslink_1", "shr_1"), ("mslink_2", "shr_2"))
    ids = RandomIds(lambda size: "ab" * size, NextIds(tracks, (("mslink_3", "shr_3"),), ("mlib_1",)))

    assert [*tracks, ("mslink_abababababab", "shr_" + 16 * "ab")] == [ids.share_link("track") for _ in range(3)]
    assert ("mslink_3", "shr_3") == ids.share_link("collection")
    assert ["mlib_1", "mlib_abababababab"] == [ids.library_edge() for _ in range(2)]


def test_what_is_left_of_the_next_ids_is_known() -> None:
    """Each kind gets shorter as it is handed out; what is drawn leaves no trace."""
    ids = SeededIds(1, NextIds((("mslink_1", "shr_1"), ("mslink_2", "shr_2")), (("mslink_3", "shr_3"),), ("mlib_1",)))
    ids.share_link("track")
    ids.library_edge()
    ids.library_edge()

    assert NextIds((("mslink_2", "shr_2"),), (("mslink_3", "shr_3"),)) == ids.next_ids
    assert NextIds() == RandomIds().next_ids


def test_next_ids_keep_their_tokens_to_themselves() -> None:
    """Tokens are secrets: the `repr` is without them."""
    assert "shr_" not in repr(NextIds((("mslink_1", "shr_1"),), (("mslink_2", "shr_2"),)))
