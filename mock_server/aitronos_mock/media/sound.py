"""The audio of a track: a soft melody of plucked notes that follows from the track's id, as WAV."""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from itertools import accumulate

DEFAULT_SECONDS = 30.0
"""How long a track of unknown length plays (decided)."""

SAMPLE_RATE = 8000
"""Samples per second; whole milliseconds are whole samples, and no partial of a note comes near the half of it."""

CHUNK_BYTES = 64 * 1024

_SAMPLE_BYTES = 2
_NOTE_SAMPLES = 3000
_NOTES_PER_THEME = 32
_NOTES_PER_PHRASE = 8
# Two octaves and a bit of the major pentatonic scale, in semitones above the lowest note: no two of it clash.
_SCALE = (0, 2, 4, 7, 9, 12, 14, 16, 19, 21, 24)
_LOWEST_HERTZ = 220.0
# Multiples of the note's frequency, how loud each is, and how fast it fades per second: the brighter the faster.
_PARTIALS = ((1.0, 0.5, 6.0), (2.0, 0.14, 9.0), (3.0, 0.05, 14.0))
_LOUDEST = 32767
_ATTACK_SAMPLES = 40
_RELEASE_SAMPLES = 400
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_PCM, _MONO = 1, 1


@dataclass(frozen=True, slots=True)
class Recording:
    """A WAV file that is never whole in memory: its header, and a theme that repeats until the end.

    Attributes:
        header: The first bytes.
        theme: What follows them, over and over; the last time it may be cut.
        size: Bytes of the whole file.
        etag: Strong validator, with its quotes: it follows from all that the bytes of the file follow from.
    """

    header: bytes
    theme: bytes
    size: int
    etag: str

    def chunks(self, start: int, stop: int) -> Iterator[bytes]:
        """The bytes from `start` up to, and without, `stop`, in chunks of at most 64 KiB."""
        head = self.header[start:stop]
        if head:
            yield head
        at = max(start, len(self.header))
        while at < stop:
            begin = (at - len(self.header)) % len(self.theme)
            chunk = self.theme[begin : begin + min(CHUNK_BYTES, stop - at)]
            yield chunk
            at += len(chunk)


@lru_cache(maxsize=16)
def recording(track_id: str, seconds: float | None) -> Recording:
    """The audio of a track: the same bytes whenever it is asked for.

    Args:
        track_id: What the melody follows from.
        seconds: Its length, at most a day as fixtures have it, rounded to a sample; None is 30 seconds.
    """
    samples = round((DEFAULT_SECONDS if seconds is None else seconds) * SAMPLE_RATE)
    header = _header(samples * _SAMPLE_BYTES)
    theme = b"".join(map(_note, _melody(track_id)))
    return Recording(
        header, theme, len(header) + samples * _SAMPLE_BYTES, f'"{sha256(header + theme).hexdigest()[:32]}"'
    )


def _header(data_bytes: int) -> bytes:
    bytes_per_second = SAMPLE_RATE * _SAMPLE_BYTES
    after_size = _HEADER.size - 8 + data_bytes
    form = (b"fmt ", 16, _PCM, _MONO, SAMPLE_RATE, bytes_per_second, _SAMPLE_BYTES, 8 * _SAMPLE_BYTES)
    return _HEADER.pack(b"RIFF", after_size, b"WAVE", *form, b"data", data_bytes)


def _melody(track_id: str) -> Iterator[int]:
    """The steps of the scale, one after the other: a walk in small strides, home again at the start of each phrase."""
    digest = sha256(track_id.encode("utf-8", "surrogatepass")).digest()
    home = digest[0] % (len(_SCALE) // 2)
    for phrase in range(0, _NOTES_PER_THEME, _NOTES_PER_PHRASE):
        yield from accumulate(digest[phrase + 1 : phrase + _NOTES_PER_PHRASE], _stride, initial=home)


def _stride(step: int, chance: int) -> int:
    return min(max(step + chance % 5 - 2, 0), len(_SCALE) - 1)


@lru_cache(maxsize=len(_SCALE))
def _note(step: int) -> bytes:
    """One plucked note; it begins and ends in silence, so notes follow each other without a click."""
    hertz = _LOWEST_HERTZ * 2 ** (_SCALE[step] / 12)
    partials = (_partial(hertz * multiple, level, fading) for multiple, level, fading in _PARTIALS)
    moments = zip(_envelope(), *partials, strict=True)
    return struct.pack(f"<{_NOTE_SAMPLES}h", *(round(_LOUDEST * volume * sum(levels)) for volume, *levels in moments))


def _partial(hertz: float, level: float, fading: float) -> Iterator[float]:
    for sample in range(_NOTE_SAMPLES):
        time = sample / SAMPLE_RATE
        yield level * math.exp(-fading * time) * math.sin(math.tau * hertz * time)


def _envelope() -> Iterator[float]:
    for sample in range(_NOTE_SAMPLES):
        yield min(1.0, sample / _ATTACK_SAMPLES, (_NOTE_SAMPLES - sample) / _RELEASE_SAMPLES)
