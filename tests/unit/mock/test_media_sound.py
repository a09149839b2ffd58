"""The audio of tracks."""

from __future__ import annotations

import io
import struct
import wave

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos_mock.media.sound import CHUNK_BYTES, SAMPLE_RATE, Recording, recording

HEADER_BYTES = 44
SIZE = HEADER_BYTES + 30 * SAMPLE_RATE * 2


def _whole(audio: Recording) -> bytes:
    return b"".join(audio.chunks(0, audio.size))


def _samples(audio: Recording) -> tuple[int, ...]:
    frames = _whole(audio)[HEADER_BYTES:]
    return struct.unpack(f"<{len(frames) // 2}h", frames)


@pytest.mark.parametrize(
    ("seconds", "samples"),
    [(120.4, 963200), (0.001, 8), (0.00001, 0), (187.25, 1498000), (93.0, 744000), (None, 240000)],
)
def test_a_track_is_as_long_as_was_measured(seconds: float | None, samples: int) -> None:
    """The file has exactly the samples of the duration, and 30 seconds where none is known."""
    audio = recording("mtrack_1", seconds)

    with wave.open(io.BytesIO(_whole(audio))) as opened:
        assert samples == opened.getnframes()
        assert (opened.getnchannels(), opened.getsampwidth(), opened.getframerate()) == (1, 2, SAMPLE_RATE)
        assert samples * 2 == len(opened.readframes(samples + 1))


def test_a_file_is_as_large_as_it_says() -> None:
    """`size`, the RIFF header and the bytes agree."""
    audio = recording("mtrack_1", 12.345)
    whole = _whole(audio)

    assert audio.size == len(whole)
    assert audio.size == struct.unpack_from("<I", whole, 4)[0] + 8


def test_the_longest_track_fits_into_a_header() -> None:
    """A day, the most that a fixture takes, and no byte of it is made before it is asked for."""
    audio = recording("mtrack_1", 86400)

    assert audio.size == HEADER_BYTES + 86400 * SAMPLE_RATE * 2
    assert len(b"".join(audio.chunks(audio.size - 10, audio.size))) == 10


def test_the_same_track_has_the_same_bytes() -> None:
    """Nothing but the track and its length decides, a cache least of all."""
    first = recording("mtrack_1", 20.0)
    recording.cache_clear()
    again = recording("mtrack_1", 20.0)

    assert first is not again
    assert _whole(first) == _whole(again)
    assert first.etag == again.etag


def test_other_tracks_sound_otherwise() -> None:
    """The melody follows from the track's id, and the tag from the melody and the length."""
    one, two, longer = recording("mtrack_1", 20.0), recording("mtrack_2", 20.0), recording("mtrack_1", 21.0)

    assert _samples(one) != _samples(two)
    assert len({one.etag, two.etag, longer.etag}) == 3


@pytest.mark.parametrize("track_id", ["mtrack_b4d9e1c6a72f", "", "\ud800", "ä"])
def test_a_track_can_be_heard_and_hurts_nobody(track_id: str) -> None:
    """Every second has sound, nothing is clipped, and the theme begins and ends in silence, so it repeats smoothly."""
    samples = _samples(recording(track_id, 24.0))

    assert all(max(samples[at : at + SAMPLE_RATE]) > 3000 for at in range(0, len(samples), SAMPLE_RATE))
    assert max(map(abs, samples)) < 30000
    assert samples[0] == 0
    assert abs(samples[len(samples) // 2 - 1]) < 10


@given(at=st.tuples(st.integers(0, SIZE), st.integers(0, SIZE)).map(sorted))
def test_any_part_is_that_part_of_the_whole(at: list[int]) -> None:
    """Parts are made by themselves, in chunks of some bytes and at most 64 KiB."""
    start, stop = at
    audio = recording("mtrack_1", None)
    chunks = list(audio.chunks(start, stop))

    assert _whole(audio)[start:stop] == b"".join(chunks)
    assert all(0 < len(chunk) <= CHUNK_BYTES for chunk in chunks)


def test_a_part_is_made_without_the_rest() -> None:
    """The last bytes of a day come as one chunk."""
    audio = recording("mtrack_1", 86400)

    assert len(list(audio.chunks(audio.size - 100, audio.size))) == 1
