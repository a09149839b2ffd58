"""Writing to a connection in few pieces."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

from aitronos_mock.writes import JoinedWrites


class Recorder(asyncio.Transport):
    """A transport that takes down what it is told."""

    def __init__(self) -> None:
        super().__init__({"peername": ("192.0.2.1", 1)})
        self.told: list[object] = []
        self.is_lost = False

    def is_closing(self) -> bool:
        """Whether the connection is lost."""
        return self.is_lost

    def write(self, data: Any) -> None:
        """Take down what is written."""
        self.told.append(data)

    def write_eof(self) -> None:
        """Take down the end."""
        self.told.append("eof")

    def close(self) -> None:
        """Take down the close."""
        self.told.append("close")

    def abort(self) -> None:
        """Take down the abort."""
        self.told.append("abort")


def told(use: Callable[[JoinedWrites], Coroutine[Any, Any, None]]) -> list[object]:
    """What a transport is told where its writes are joined."""

    async def run() -> list[object]:
        recorder = Recorder()
        await use(JoinedWrites(recorder, asyncio.get_running_loop()))
        return recorder.told

    return asyncio.run(run())


def test_what_is_written_in_one_turn_goes_out_in_one_piece() -> None:
    """A head and a body that follow each other are one piece; what is written a turn later is another one."""

    async def use(joined: JoinedWrites) -> None:
        joined.write(b"head ")
        joined.write(b"body")
        await asyncio.sleep(0)
        joined.write(b"more")
        await asyncio.sleep(0)

    assert [b"head body", b"more"] == told(use)


def test_nothing_is_lost_at_the_end() -> None:
    """What is held goes out before the end or the close, and only once."""

    async def end(joined: JoinedWrites) -> None:
        joined.write(b"last words")
        joined.write_eof()
        await asyncio.sleep(0)

    async def close(joined: JoinedWrites) -> None:
        joined.write(b"last words")
        joined.close()
        await asyncio.sleep(0)

    assert [[b"last words", "eof"], [b"last words", "close"]] == [told(end), told(close)]


def test_what_is_held_for_a_lost_connection_is_dropped() -> None:
    """A client that goes between a write and the end of its turn is no failure, and takes nothing."""

    async def use() -> list[object]:
        recorder = Recorder()
        joined = JoinedWrites(recorder, asyncio.get_running_loop())
        joined.write(b"head")
        recorder.is_lost = True
        await asyncio.sleep(0)
        return recorder.told

    assert [] == asyncio.run(use())


def test_everything_else_is_the_transport_s() -> None:
    """Whoever asks for more asks the transport itself."""

    async def use(joined: JoinedWrites) -> None:
        assert joined.get_extra_info("peername") == ("192.0.2.1", 1)
        joined.abort()

    assert ["abort"] == told(use)
