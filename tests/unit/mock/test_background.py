"""Tasks that go on beside a block."""

from __future__ import annotations

import asyncio

from aitronos_mock.replicas.background import in_background


def test_it_goes_on_until_the_block_is_left() -> None:
    """And not a moment longer."""
    turns: list[str] = []

    async def work() -> None:
        while True:
            turns.append("work")
            await asyncio.sleep(0)

    async def story() -> int:
        async with in_background(work()):
            while len(turns) < 3:  # noqa: ASYNC110 - the turns are what is waited for
                await asyncio.sleep(0)
        left = len(turns)
        await asyncio.sleep(0)
        return len(turns) - left

    assert 0 == asyncio.run(story())


def test_it_ends_even_if_a_cancellation_is_lost() -> None:
    """Then it is told again."""

    async def work() -> None:
        for _ in range(3):
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                continue

    async def story() -> bool:
        async with asyncio.timeout(60), in_background(work()):
            await asyncio.sleep(0)
        return True

    assert asyncio.run(story())
