"""What the server needs of a database, whichever it is: a store for each sandbox, to be filled, changed and read."""

from __future__ import annotations

from typing import Protocol

from ..domain.models import World
from ..domain.ports import Store

DEFAULT_SANDBOX = 0
"""The sandbox that is there from the start."""


class SandboxStore(Store, Protocol):
    """Where the world of one sandbox is kept. Every method is atomic by itself."""

    async def is_empty(self) -> bool:
        """Whether there is no world, or one without anybody."""
        ...

    async def load(self, world: World) -> None:
        """Put this world in the place of what there is, or change nothing at all."""
        ...

    async def clear(self) -> None:
        """Leave nothing of the world."""
        ...

    async def world(self) -> World:
        """Everything that there is."""
        ...

    async def revoke(self, link_id: str) -> bool:
        """Revoke a link; false where there is none of this id."""
        ...

    async def set_expiry(self, link_id: str, moment: int) -> bool:
        """Let a link expire at this moment (Unix seconds); false where there is none of this id."""
        ...

    async def set_track_removed(self, track_id: str, removed: bool) -> bool:
        """Remove a track or bring it back; false where there is none of this id."""
        ...

    async def set_collection_removed(self, collection_id: str, removed: bool) -> bool:
        """Remove a collection or bring it back; false where there is none of this id."""
        ...


class Database(Protocol):
    """An open database."""

    def sandbox(self, number: int) -> SandboxStore:
        """The store of the sandbox of this number."""
        ...
