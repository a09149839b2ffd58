"""What is remembered of requests, and how little room it takes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.records import Records, Room

CLAIM = 160
"""What an entry costs beside its own size."""


def _records(room: Room | None = None, max_entries: int = 100) -> Records[int]:
    return Records(lambda size: size, max_entries, room)


def test_the_oldest_entries_go_first() -> None:
    """Past its bound, records forget the oldest entry."""
    records = _records(max_entries=2)
    for entry in (1, 2, 3):
        records.add(entry)

    assert [2, 3] == list(records)


def test_room_is_shared() -> None:
    """Where there is too little, the oldest entry of all goes, whosever it is."""
    room = Room(3 * CLAIM + 60)
    one, other = _records(room), _records(room)
    one.add(10)
    other.add(20)
    one.add(30)
    assert [[10, 30], [20]] == [list(one), list(other)]

    other.add(10)
    assert [[30], [20, 10]] == [list(one), list(other)]
    other.add(50)
    assert [[], [10, 50]] == [list(one), list(other)]


def test_what_is_cleared_gives_its_room_back() -> None:
    """Nobody else has to go for it."""
    room = Room(4 * CLAIM + 100)
    one, other = _records(room), _records(room)
    other.add(20)
    one.add(80)
    one.clear()
    other.add(80)

    assert [[], [20, 80]] == [list(one), list(other)]
    one.add(1)
    assert [[1], [80]] == [list(one), list(other)]


def test_an_entry_that_is_larger_than_the_room_is_not_kept() -> None:
    """Neither it nor anything before it, and records go on."""
    records = _records(Room(CLAIM + 10))
    for entry in (5, 11):
        records.add(entry)
    assert [] == list(records)

    records.add(10)
    assert [10] == list(records)


@given(
    room=st.integers(0, 3000),
    steps=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 300) | st.none()), max_size=60),
)
def test_the_room_is_never_exceeded(room: int, steps: list[tuple[int, int | None]]) -> None:
    """Whatever is added and cleared where: what is left fits, and is the end of what was added."""
    shared = Room(room)
    records = [_records(shared, max_entries=5) for _ in range(3)]
    added: list[list[int]] = [[], [], []]
    for at, size in steps:
        if size is None:
            records[at].clear()
            added[at].clear()
        else:
            records[at].add(size)
            added[at].append(size)

    kept = [list(each) for each in records]
    assert sum(size + CLAIM for each in kept for size in each) <= room
    assert kept == [each[len(each) - len(left) :] for each, left in zip(added, kept, strict=True)]
    assert max(map(len, kept)) <= 5
