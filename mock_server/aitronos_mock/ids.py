"""The one place that asks for randomness."""

from __future__ import annotations

import os
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Lock
from typing import Generic, TypeVar

from .domain.models import TargetType

_T = TypeVar("_T")
_Hexadecimal = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class NextIds:
    """What is handed out before anything is drawn, in this order. Tokens are secrets, so its `repr` is without them.

    Attributes:
        track_share: Identifiers and tokens of share links to tracks.
        collection_share: Identifiers and tokens of share links to collections.
        library_edge: Identifiers of library edges.
    """

    track_share: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    collection_share: tuple[tuple[str, str], ...] = field(default=(), repr=False)
    library_edge: tuple[str, ...] = ()


NO_NEXT_IDS = NextIds()
"""Everything is drawn."""


class SystemDigits:
    """Random digits of the operating system, which cannot be guessed.

    They are fetched in blocks: two system calls for each request would take longer than finding a share link. No digit
    is given twice, neither to another thread nor in a process that is forked.

    Args:
        fetch: Gives so many random bytes.
        block_bytes: How many to fetch at a time.
    """

    _block: bytes
    _used: int

    def __init__(self, fetch: Callable[[int], bytes] = os.urandom, block_bytes: int = 4096) -> None:
        self._fetch = fetch
        self._block_bytes = block_bytes
        self.forget()

    def __call__(self, size: int) -> str:
        """Twice as many hexadecimal digits as `size`, which is at most that of a block."""
        with self._lock:
            if self._used + size > len(self._block):
                self._block, self._used = self._fetch(self._block_bytes), 0
            begin, self._used = self._used, self._used + size
            return self._block[begin : self._used].hex()

    def forget(self) -> None:
        """Leave what was fetched to another process, which has it too, and perhaps a thread in the midst of it."""
        self._lock = Lock()
        self._block, self._used = b"", 0


system_digits = SystemDigits()
"""The one source of all that is drawn at random."""

if hasattr(os, "register_at_fork"):  # pragma: no branch - Windows knows no fork
    os.register_at_fork(after_in_child=system_digits.forget)


class _DrawnIds:
    """Identifiers and tokens in the documented forms, from one source of digits per kind."""

    def __init__(self, source: Callable[[str], _Hexadecimal], next_ids: NextIds) -> None:
        self._share_links: dict[TargetType, _Sequence[tuple[str, str]]] = {
            "track": _share_links(next_ids.track_share, source("track_share")),
            "collection": _share_links(next_ids.collection_share, source("collection_share")),
        }
        self._library_edges = _library_edges(next_ids.library_edge, source("library_edge"))
        self._request_digits = source("request")
        self._playback_digits = source("playback")

    def share_link(self, target_type: TargetType) -> tuple[str, str]:
        """An identifier, `mslink_` and 12 digits, and a token, `shr_` and 32 digits: 128 bits."""
        return self._share_links[target_type].next()

    def library_edge(self) -> str:
        """`mlib_` and 12 digits."""
        return self._library_edges.next()

    def playback(self) -> str:
        """8 digits, which make the playback URLs of an open other ones than all before them."""
        return self._playback_digits(4)

    def request(self) -> str:
        """`req_` and 12 digits, the `x-request-id` of an answer."""
        return f"req_{self._request_digits(6)}"

    @property
    def next_ids(self) -> NextIds:
        """What is still to be handed out before anything is drawn."""
        track, collection = self._share_links["track"].first, self._share_links["collection"].first
        return NextIds(tuple(track), tuple(collection), tuple(self._library_edges.first))


class RandomIds(_DrawnIds):
    """Identifiers and tokens that nobody can foresee.

    Args:
        hexadecimal: Gives twice as many random hexadecimal digits as it is asked for bytes. The default comes from the
            operating system and cannot be guessed.
        next_ids: What is handed out first.
    """

    def __init__(self, hexadecimal: _Hexadecimal = system_digits, next_ids: NextIds = NO_NEXT_IDS) -> None:
        super().__init__(lambda _: hexadecimal, next_ids)


class SeededIds(_DrawnIds):
    """Identifiers and tokens that follow from a seed, for worlds that shall be alike. Whoever has the seed knows them.

    How often one kind is asked for makes no difference to the others, and links to tracks and to collections are two
    kinds. Another one of the same seed and `next_ids` begins the same sequences anew.

    Args:
        seed: A number or a text; 1 and "1" are the same.
        next_ids: What is handed out first.
    """

    def __init__(self, seed: int | str, next_ids: NextIds = NO_NEXT_IDS) -> None:
        super().__init__(lambda kind: _seeded(f"{kind} {seed}"), next_ids)


def _seeded(seed: str) -> _Hexadecimal:
    source = random.Random(seed)  # noqa: S311 - to be foreseen is its purpose
    return lambda size: source.randbytes(size).hex()


class _Sequence(Generic[_T]):
    """Hands out what was named first, and then what is drawn."""

    def __init__(self, first: tuple[_T, ...], draw: Callable[[], _T]) -> None:
        self.first = deque(first)
        self._draw = draw

    def next(self) -> _T:
        return self.first.popleft() if self.first else self._draw()


def _share_links(first: tuple[tuple[str, str], ...], hexadecimal: _Hexadecimal) -> _Sequence[tuple[str, str]]:
    return _Sequence(first, lambda: (f"mslink_{hexadecimal(6)}", f"shr_{hexadecimal(16)}"))


def _library_edges(first: tuple[str, ...], hexadecimal: _Hexadecimal) -> _Sequence[str]:
    return _Sequence(first, lambda: f"mlib_{hexadecimal(6)}")
