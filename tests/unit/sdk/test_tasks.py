"""asyncio's way of cancelling, turned into anyio's."""

import asyncio

import anyio
import anyio.lowlevel
import pytest

from aitronos._tasks import undisturbed

BACKENDS = ["asyncio", "trio"]
LONG = 60.0


class Tidy:
    """Work that never ends by itself, and tidies up behind a shield."""

    def __init__(self) -> None:
        self.begun, self.tidying = anyio.Event(), anyio.Event()
        self.go_on = anyio.Event()
        self.is_tidy = False

    async def __call__(self) -> None:
        """Wait until cancelled, then until told to go on."""
        self.begun.set()
        try:
            await anyio.sleep_forever()
        finally:
            with anyio.CancelScope(shield=True):
                self.tidying.set()
                await self.go_on.wait()
                self.is_tidy = True


@pytest.mark.parametrize("times", [1, 2, 3])
def test_tidying_up_is_not_cancelled(times: int) -> None:
    """However often asyncio cancels, what is behind a shield is done before the caller hears of it, once."""

    async def main() -> None:
        work = Tidy()
        caller = asyncio.create_task(undisturbed(work, LONG))
        await work.begun.wait()
        for _ in range(times):
            caller.cancel()
            await work.tidying.wait()
            await anyio.lowlevel.checkpoint()
        assert not caller.done()
        work.go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await caller
        assert work.is_tidy

    asyncio.run(main())


@pytest.mark.parametrize("backend", BACKENDS)
def test_a_scope_of_the_callers_cancels(backend: str) -> None:
    """A scope around it cancels the work, and is over when the work is."""

    async def main() -> None:
        work = Tidy()
        work.go_on.set()
        async with anyio.create_task_group() as tasks:
            tasks.start_soon(undisturbed, work, LONG)
            await work.begun.wait()
            tasks.cancel_scope.cancel()
        assert work.is_tidy

    anyio.run(main, backend=backend)


@pytest.mark.parametrize("backend", BACKENDS)
def test_the_time_is_up(backend: str) -> None:
    """The end of the time ends the work, and nothing more."""

    async def main() -> None:
        work = Tidy()
        work.go_on.set()
        await undisturbed(work, 0)
        assert work.is_tidy

    anyio.run(main, backend=backend)


def test_cancelled_before_it_begins() -> None:
    """Work that is cancelled before its first step ends at that step."""

    async def main() -> None:
        work = Tidy()
        work.go_on.set()
        caller = asyncio.create_task(undisturbed(work, LONG))
        asyncio.get_running_loop().call_soon(caller.cancel)
        await asyncio.wait([caller])
        assert caller.cancelled()
        assert work.is_tidy

    asyncio.run(main())


class Odd(BaseException):
    """Neither an error nor an interruption."""


@pytest.mark.parametrize("backend", BACKENDS)
def test_what_the_work_raises_arrives(backend: str) -> None:
    """An exception arrives as it is, not in a group."""

    async def fail() -> None:
        raise Odd

    with pytest.raises(Odd):
        anyio.run(undisturbed, fail, LONG, backend=backend)


def test_the_end_of_the_event_loop() -> None:
    """When asyncio cancels every task at once, as at its end, nobody waits for ever."""

    async def main() -> None:
        work = Tidy()
        caller = asyncio.create_task(undisturbed(work, LONG))
        await work.begun.wait()
        work.go_on.set()
        everything = asyncio.all_tasks() - {asyncio.current_task()}
        for task in everything:
            task.cancel()
        await asyncio.wait(everything)
        assert caller.cancelled()
        assert work.is_tidy

    asyncio.run(main())


def test_trio_needs_no_further_task() -> None:
    """Where only scopes cancel, the work is done where it is."""
    tasks: list[anyio.TaskInfo] = []

    async def work() -> None:
        tasks.append(anyio.get_current_task())

    async def main() -> None:
        await work()
        await undisturbed(work, LONG)

    anyio.run(main, backend="trio")
    assert tasks[0] == tasks[1]
