"""Databases of each kind for tests, and stores that answer at once."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from aitronos_mock.store.databases import open_database
from aitronos_mock.store.patience import Patience
from aitronos_mock.store.ports import Database, SandboxStore

_T = TypeVar("_T")

# What a store does is tried here, not how fast the machine is; whatever hangs is ended by the timeout of the test.
_UNHURRIED = Patience(connecting=60, queueing=60, answering=60)


class Opened:
    """A database in an event loop of its own, because connections belong to the loop that they were made in.

    Args:
        url: Of the database.

    Attributes:
        database: The database.
    """

    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._opening = open_database(url, _UNHURRIED)
        self._numbers = itertools.count(1)
        try:
            self.database: Database = self.run(self._opening.__aenter__())
        except BaseException:
            self._runner.close()
            raise

    def run(self, coroutine: Coroutine[Any, Any, _T]) -> _T:
        """Run something to its end in the loop of the database."""
        return self._runner.run(coroutine)

    def new_store(self) -> Any:
        """The store of a sandbox that nobody had before, which answers at once."""
        return Prompt(self.database.sandbox(next(self._numbers)), self.run)

    def close(self) -> None:
        """Let go of the database."""
        self.run(self._opening.__aexit__(None, None, None))
        self._runner.close()


class Prompt:
    """A store whose methods return their answers instead of something to be awaited.

    Attributes:
        store: The store.
    """

    def __init__(self, store: SandboxStore, run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
        self.store = store
        self._run = run

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *arguments, **named: self._run(getattr(self.store, name)(*arguments, **named))
