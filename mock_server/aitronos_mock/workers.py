"""Several serving processes on one socket, and the process that looks after them."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait

_PACE_SECONDS = 1.0
"""A worker that ends sooner than this is not replaced before, lest one that cannot start keeps the machine busy."""

_MANY_SIGNALS = 1024

_SPAWN = get_context("spawn")
"""Workers begin as new processes: a forked one would share what its parent has opened."""

Work = Callable[["Lifeline"], None]


class Lifeline:
    """A worker's connection to its supervisor.

    Args:
        connection: The worker's end.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def say_ready(self) -> None:
        """Say that requests are answered."""
        self._connection.send_bytes(b"ready")

    def hold(self) -> None:
        """Wait until the supervisor is gone, however it went."""
        with suppress(EOFError, OSError):
            self._connection.recv_bytes()


class WorkerFailed(Exception):
    """A worker ended before it ever answered; it has said why.

    Attributes:
        exit_code: Its exit code.
    """

    def __init__(self, exit_code: int) -> None:
        super().__init__(exit_code)
        self.exit_code = exit_code


class _Worker:
    """A running worker, as its supervisor sees it."""

    def __init__(self, work: Work, started: float) -> None:
        self._ours, theirs = _SPAWN.Pipe()
        self.is_ready = False
        self.started = started
        self._process = _SPAWN.Process(target=work, args=(Lifeline(theirs),))
        with _deaf_to_interrupts():
            self._process.start()
        theirs.close()

    @property
    def signs(self) -> list[Connection | int]:
        """What becomes ready when there is news."""
        return [self._process.sentinel] if self.is_ready else [self._process.sentinel, self._ours]

    def hear(self) -> None:
        """Learn whether it is ready."""
        self.is_ready = self.is_ready or (self._ours.poll() and self._was_ready())

    def _was_ready(self) -> bool:
        try:
            return bool(self._ours.recv_bytes())
        except EOFError:
            return False

    def ended(self) -> int | None:
        """Its exit code, or None while it runs."""
        return self._process.exitcode

    def stop(self) -> None:
        """Let it finish the requests that are under way."""
        self._process.terminate()

    def bury(self) -> None:
        """Let go of what an ended worker has left."""
        self._process.join()
        self._ours.close()


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let a process that is begun ignore Ctrl-C, until it knows what to do then; its supervisor tells it."""
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


class Supervisor:
    """Runs workers until a signal comes, and replaces those that end before.

    The first one begins alone: it may have a database to fill, and says once what keeps all of them from starting.

    Args:
        count: How many workers there are to be.
        work: What each of them does; it is called in another process.
        on_ready: Called once, when all of them answer.
        now: Gives seconds that only ever go forward.
    """

    def __init__(
        self, count: int, work: Work, on_ready: Callable[[], None], now: Callable[[], float] = time.monotonic
    ) -> None:
        self._now = now
        self._count = count
        self._work = work
        self._on_ready = on_ready
        self._workers: list[_Worker] = []
        self._not_before = 0.0
        self._has_answered = False
        self._said_ready = False
        self._is_stopping = False

    def run(self) -> None:
        """Look after the workers until a signal comes and the last one has ended.

        Raises:
            WorkerFailed: The first one cannot start.
        """
        with self._woken_by_signals() as wake:
            while self._workers or not self._is_stopping:
                self._fill_up()
                wait([wake, *(sign for worker in self._workers for sign in worker.signs)], self._pause())
                with suppress(BlockingIOError):
                    wake.recv(_MANY_SIGNALS)
                self._look_around()

    @contextmanager
    def _woken_by_signals(self) -> Iterator[socket.socket]:
        wake, waker = socket.socketpair()
        with wake, waker:
            for end in (wake, waker):
                end.setblocking(False)
            signal.set_wakeup_fd(waker.fileno())
            before = {number: signal.signal(number, self._on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
            try:
                yield wake
            finally:
                self._stop()
                for number, handler in before.items():
                    signal.signal(number, handler)
                signal.set_wakeup_fd(-1)

    def _on_signal(self, *_: object) -> None:
        self._stop()

    def _stop(self) -> None:
        self._is_stopping = True
        for worker in self._workers:
            worker.stop()

    def _fill_up(self) -> None:
        wanted = self._count if self._has_answered else 1
        while not self._is_stopping and len(self._workers) < wanted and self._now() >= self._not_before:
            self._workers.append(_Worker(self._work, self._now()))

    def _pause(self) -> float | None:
        if self._is_stopping or len(self._workers) == self._count or not self._has_answered:
            return None
        return max(0.0, self._not_before - self._now())

    def _look_around(self) -> None:
        for worker in list(self._workers):
            worker.hear()
            if (exit_code := worker.ended()) is not None:
                self._lose(worker, exit_code)
        self._has_answered = self._has_answered or any(worker.is_ready for worker in self._workers)
        if not self._said_ready and sum(worker.is_ready for worker in self._workers) == self._count:
            self._said_ready = True
            self._on_ready()

    def _lose(self, worker: _Worker, exit_code: int) -> None:
        worker.bury()
        self._workers.remove(worker)
        self._not_before = worker.started + _PACE_SECONDS
        if not self._has_answered and not self._is_stopping:
            raise WorkerFailed(exit_code)
