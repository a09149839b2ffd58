"""What users' own suites are given."""

import threading
import time

import pytest

from aitronos import Aitronos, RateLimitError
from aitronos.testing import instant_retries

from .stub import TOKEN, Answer, Stub, refusal, shared_track


def test_pauses_are_recorded_and_not_made(client: Aitronos, stub: Stub, monkeypatch: pytest.MonkeyPatch) -> None:
    """Retries happen at once, and the list tells how long they would have waited."""
    monkeypatch.delattr(time, "sleep")
    stub.answer(refusal(429, {"retry-after": "7"}), refusal(429, {"retry-after": "8"}), Answer(shared_track()))
    with instant_retries() as pauses:
        client.music.resolve_share(TOKEN)
    assert pauses == [7.0, 8.0]


def test_the_deadline_still_counts(client: Aitronos, stub: Stub) -> None:
    """A pause that would not fit into the deadline ends the call in a test as it does elsewhere."""
    stub.answer(refusal(429, {"retry-after": "90"}))
    with instant_retries() as pauses, pytest.raises(RateLimitError):
        client.music.resolve_share(TOKEN)
    assert pauses == []


def test_it_holds_in_other_threads(client: Aitronos, stub: Stub) -> None:
    """A program under test may call from wherever it likes."""
    stub.answer(refusal(429, {"retry-after": "7"}), Answer(shared_track()))
    with instant_retries() as pauses:
        thread = threading.Thread(target=client.music.resolve_share, args=(TOKEN,))
        thread.start()
        thread.join()
    assert pauses == [7.0]


def test_blocks_may_be_nested(client: Aitronos, stub: Stub) -> None:
    """The innermost block records, and leaving it leaves the outer one."""
    with instant_retries() as outer:
        with instant_retries() as inner:
            stub.answer(refusal(429, {"retry-after": "7"}), Answer(shared_track()))
            client.music.resolve_share(TOKEN)
        stub.answer(refusal(429, {"retry-after": "8"}), Answer(shared_track()))
        client.music.resolve_share(TOKEN)
    assert (inner, outer) == ([7.0], [8.0])
