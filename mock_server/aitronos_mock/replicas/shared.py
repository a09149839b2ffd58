"""What a replica shares with the others, and by which means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from ..sandboxes import Outfit
from ..store.postgresql import PostgreSQLDatabase
from .broadcast import Broadcast


class Life(NamedTuple):
    """A life of a sandbox.

    Attributes:
        sandbox: The number of the sandbox.
        life: The number of the life, among those of all sandboxes.
    """

    sandbox: int
    life: int


@dataclass(frozen=True, slots=True)
class Shared:
    """What sandboxes are shared by.

    Attributes:
        outfit: What they are made with.
        database: Where everything of them is.
        broadcast: How the other replicas learn of a change.
    """

    outfit: Outfit
    database: PostgreSQLDatabase
    broadcast: Broadcast
