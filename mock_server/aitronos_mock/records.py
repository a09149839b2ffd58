"""What is remembered of requests: so many entries for each sandbox, and so many bytes for all of them together."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, Generic, TypeVar

T = TypeVar("T")

MAX_ENTRIES = 10_000
"""How many entries one sandbox keeps of a kind."""

MAX_BYTES = 128 * 1024 * 1024
"""How much the entries of all sandboxes take, as far as that can be told from their parts."""

_CLAIM_BYTES = 160


class Room:
    """What all records of a server share. The oldest entry, whosever it is, makes room for a new one.

    Args:
        max_bytes: How much all entries may take.
    """

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._free = max_bytes
        self._claims: deque[tuple[Records[Any], int]] = deque()

    def claim(self, records: Records[Any], number: int, size: int) -> None:
        """Take room for the entry of this number, and from the oldest ones if there is too little."""
        # A claim outlives an entry that was forgotten before its time, so it counts by itself.
        self._free -= size + _CLAIM_BYTES
        self._claims.append((records, number))
        while self._claims and (self._free < 0 or self._oldest_is_gone()):
            oldest, its_number = self._claims.popleft()
            self._free += _CLAIM_BYTES
            oldest.forget(its_number)

    def _oldest_is_gone(self) -> bool:
        records, number = self._claims[0]
        return not records.keeps(number)

    def give_back(self, size: int) -> None:
        """Have the room of an entry again."""
        self._free += size


class Records(Generic[T]):
    """The latest entries of one kind in one sandbox.

    Args:
        size_of: How many bytes an entry takes.
        max_entries: How many there may be.
        room: What is shared with others; None is room of its own.
    """

    def __init__(self, size_of: Callable[[T], int], max_entries: int = MAX_ENTRIES, room: Room | None = None) -> None:
        self._size_of = size_of
        self._max_entries = max_entries
        self._room = room or Room()
        self._entries: deque[tuple[T, int]] = deque()
        self._forgotten = 0

    def __iter__(self) -> Iterator[T]:
        """The entries, newest last."""
        return (entry for entry, _ in self._entries)

    def add(self, entry: T) -> None:
        """Keep an entry; the oldest one goes when there are too many."""
        size = self._size_of(entry)
        self._entries.append((entry, size))
        if len(self._entries) > self._max_entries:
            self._forget_oldest()
        self._room.claim(self, self._forgotten + len(self._entries), size)

    def keeps(self, number: int) -> bool:
        """Whether the entry of this number, counted from the first one ever, is still there."""
        return number > self._forgotten

    def forget(self, number: int) -> None:
        """Forget the entry of this number, if it is still there; then it is the oldest."""
        if self.keeps(number):
            self._forget_oldest()

    def clear(self) -> None:
        """Forget all entries."""
        while self._entries:
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        _, size = self._entries.popleft()
        self._forgotten += 1
        self._room.give_back(size)
