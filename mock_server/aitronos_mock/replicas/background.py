"""Tasks that go on beside a block, and end with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

_PATIENCE_SECONDS = 0.1


@asynccontextmanager
async def in_background(work: Coroutine[Any, Any, None]) -> AsyncIterator[None]:
    """Let something go on until the block is left."""
    task = asyncio.create_task(work)
    try:
        yield
    finally:
        # More than once: where it comes together with what is waited for, a cancellation may be lost.
        while not task.done():
            task.cancel()
            await asyncio.wait({task}, timeout=_PATIENCE_SECONDS)
