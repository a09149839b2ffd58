"""Several processes on one socket, and the one that looks after them."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from itertools import count
from multiprocessing import get_context
from pathlib import Path
from threading import Event, Thread

import pytest

from aitronos_mock.workers import Lifeline, Supervisor, WorkerFailed

SECONDS = 60


def _note(folder: Path, what: str) -> None:
    (folder / f"{os.getpid()}.{what}").touch()


def work(folder: Path, lifeline: Lifeline) -> None:
    """Be a worker that does nothing, until it is told to end or its supervisor is gone."""
    ended = Event()
    signal.signal(signal.SIGTERM, lambda *_: ended.set())
    Thread(target=_end_with, args=(lifeline, ended), daemon=True).start()
    _note(folder, "began")
    lifeline.say_ready()
    while not ended.wait(0.05):
        # A wait without an end would keep the signal from being heard.
        pass
    _note(folder, "ended")


def _end_with(lifeline: Lifeline, ended: Event) -> None:
    lifeline.hold()
    ended.set()


def fail(lifeline: Lifeline) -> None:
    """Be a worker that cannot start."""
    sys.exit(3)


def fail_twice(folder: Path, lifeline: Lifeline) -> None:
    """Be the first worker, or one that cannot start before it was tried often enough."""
    _note(folder, "tried")
    if 1 < len(list(folder.glob("*.tried"))) <= 3:
        sys.exit(3)
    work(folder, lifeline)


def _noted(folder: Path, what: str) -> list[int]:
    return sorted(int(path.stem) for path in folder.glob(f"*.{what}"))


def _until(true: Callable[[], object]) -> None:
    end = time.monotonic() + SECONDS
    while not true():
        assert time.monotonic() < end
        Event().wait(0.01)


def supervise(folder: Path, count: int, work: Callable[[Lifeline], None]) -> None:
    """Be a supervisor."""
    Supervisor(count, work, lambda: _note(folder, "ready")).run()


class Supervised:
    """A supervisor in a process of its own, because it takes the signals."""

    def __init__(self, folder: Path, count: int, work: Callable[[Lifeline], None]) -> None:
        self.folder = folder
        self._process = get_context("spawn").Process(target=supervise, args=(folder, count, work))
        self._process.start()

    def until_ready(self) -> None:
        """Wait until all workers have said so."""
        _until(lambda: _noted(self.folder, "ready"))

    def workers(self) -> list[int]:
        """Those that ever began."""
        return _noted(self.folder, "began")

    def kill(self, number: signal.Signals) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def end(self) -> int | None:
        """Wait for its end; its exit code."""
        self._process.join(SECONDS)
        return self._process.exitcode


def _lives(process_id: int) -> bool:
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return "Z" not in Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()[0]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_workers_and_then_the_supervisor(tmp_path: Path, number: signal.Signals) -> None:
    """Each gets to finish what it has under way, and the end is no failure."""
    supervised = Supervised(tmp_path, 3, partial(work, tmp_path))
    supervised.until_ready()
    supervised.kill(number)

    assert 0 == supervised.end()
    assert supervised.workers() == _noted(tmp_path, "ended")
    assert 3 == len(supervised.workers())


def test_it_says_once_that_all_are_ready(tmp_path: Path) -> None:
    """Not before the last one is, and not again when one was replaced."""
    supervised = Supervised(tmp_path, 2, partial(work, tmp_path))
    supervised.until_ready()
    assert 2 == len(supervised.workers())
    (ready,) = tmp_path.glob("*.ready")
    ready.unlink()
    os.kill(supervised.workers()[0], signal.SIGKILL)
    _until(lambda: len(supervised.workers()) == 3)
    supervised.kill(signal.SIGTERM)

    assert 0 == supervised.end()
    assert [] == list(tmp_path.glob("*.ready"))


def test_a_worker_that_was_killed_is_replaced(tmp_path: Path) -> None:
    """Also if it happens to all of them, and again."""
    supervised = Supervised(tmp_path, 2, partial(work, tmp_path))
    supervised.until_ready()
    for total in (4, 6):
        for process_id in supervised.workers()[-2:] if total == 4 else filter(_lives, supervised.workers()):
            os.kill(process_id, signal.SIGKILL)
        _until(lambda total=total: len(supervised.workers()) == total)  # type: ignore[misc] # the loop's own
    supervised.kill(signal.SIGTERM)

    assert 0 == supervised.end()


def test_workers_end_with_their_supervisor(tmp_path: Path) -> None:
    """However it went: one that is killed cannot tell them."""
    supervised = Supervised(tmp_path, 2, partial(work, tmp_path))
    supervised.until_ready()
    supervised.kill(signal.SIGKILL)
    supervised.end()

    _until(lambda: supervised.workers() == _noted(tmp_path, "ended"))
    _until(lambda: not any(map(_lives, supervised.workers())))


def test_what_keeps_the_first_worker_from_starting_ends_it_all() -> None:
    """The others are not tried, and whoever asked gets the exit code."""
    with pytest.raises(WorkerFailed) as failed:
        Supervisor(5, fail, lambda: None).run()

    assert 3 == failed.value.exit_code


def test_a_later_worker_that_cannot_start_is_tried_again(tmp_path: Path) -> None:
    """Until it can, and not before a second is over, lest it keep the machine busy: what it needs may be away."""
    readings = count()
    Supervisor(2, partial(fail_twice, tmp_path), _terminate, lambda: next(readings) / 20).run()

    assert 4 == len(_noted(tmp_path, "tried"))
    assert 2 == len(_noted(tmp_path, "ended"))


def _terminate() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def test_signals_are_given_back(tmp_path: Path) -> None:
    """Whoever ran a supervisor gets no more of its signals."""
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(WorkerFailed):
        Supervisor(1, fail, lambda: None).run()

    assert before is signal.getsignal(signal.SIGTERM)
