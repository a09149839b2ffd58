"""Turn asyncio's way of cancelling into anyio's.

A task that asyncio cancels hears of it once, in the middle of tidying up too, and no shield of anyio's keeps it away.
Connection pools rely on such shields, and lose connections without them.
"""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import anyio

Work = Callable[[], Awaitable[None]]


async def undisturbed(work: Work, seconds: float) -> None:
    """Do some work inside a scope of anyio that ends after so many seconds, and let nothing else cancel it.

    Whoever cancels this, by whichever way, cancels the scope, and hears no sooner than the work has ended.
    """
    if _is_on_asyncio():
        await _in_a_task(work, anyio.move_on_after(seconds))
    else:
        with anyio.move_on_after(seconds):
            await work()


def _is_on_asyncio() -> bool:
    """Whether asyncio can cancel this. Trio cancels by scopes alone, as a guest of asyncio too, where no task runs."""
    try:
        return asyncio.current_task() is not None
    except RuntimeError:
        return False


async def _in_a_task(work: Work, scope: anyio.CancelScope) -> None:
    # A group of tasks, which can do more, costs several times as much as a task and a future.
    over = asyncio.get_running_loop().create_future()

    async def run() -> None:
        try:
            with scope:
                await work()
        finally:
            if not over.done():
                over.set_result(None)

    task = asyncio.create_task(run())
    try:
        await over
    except asyncio.CancelledError:
        scope.cancel()
        await _ended(task)
        raise
    task.result()


async def _ended(task: asyncio.Task[None]) -> None:
    with anyio.CancelScope(shield=True):
        while not task.done():
            # Being cancelled once is enough to know.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
