"""What a server must hold for the scenarios: who calls, and what there is to share, open and save."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from aitronos_mock.cassettes.fakes import SERVER, numbered

_GIVEN = 0xF0000000
"""Far from the numbers that a recording counts up from 1."""


class Thing(Enum):
    """One thing that scenarios speak of.

    Attributes:
        fake: What cassettes show in its place.
        seeded: What it is in the mock's seed `docs`.
        meaning: What it is on any server.
    """

    OWNER_KEY = ("fake-key-of-the-owner", "your-api-key", "key of the member who owns TRACK and COLLECTION")
    OUTSIDER_KEY = ("fake-key-of-an-outsider", "outsider-api-key", "key of somebody who is no member of ORGANIZATION")
    RECIPIENT_KEY = ("fake-key-of-a-recipient", "recipient-api-key", "key of somebody who saves what was shared")
    ORGANIZATION = ("org_abc123", "org_abc123", "the organization of everything else")
    TRACK = ("mtrack_b4d9e1c6a72f", "mtrack_b4d9e1c6a72f", "a track of the owner's")
    COLLECTION = ("mcoll_5e8a1d3f9c27", "mcoll_5e8a1d3f9c27", "a collection of the owner's")
    FOREIGN_TRACK = (numbered("mtrack", _GIVEN + 1), "mtrack_6b4a2c8e0d1f", "a track of another member's")
    FOREIGN_COLLECTION = (numbered("mcoll", _GIVEN + 1), "mcoll_3d5f7b9a1c2e", "a collection of another member's")
    REMOVED_TRACK = (numbered("mtrack", _GIVEN + 2), "mtrack_d0e1f2a3b4c5", "a track that the owner removed")
    REMOVED_COLLECTION = (numbered("mcoll", _GIVEN + 2), "mcoll_9c7e5a3b1d0f", "a collection that the owner removed")
    REVOKED_TOKEN = (numbered("shr", _GIVEN + 1), f"shr_{'1' * 32}", "token of a revoked link to a track")
    EXPIRED_TOKEN = (numbered("shr", _GIVEN + 2), f"shr_{'2' * 32}", "token of an expired link to a track")
    REMOVED_TRACK_TOKEN = (numbered("shr", _GIVEN + 3), f"shr_{'3' * 32}", "token of a living link to a removed track")
    REMOVED_COLLECTION_TOKEN = (
        numbered("shr", _GIVEN + 4),
        f"shr_{'4' * 32}",
        "token of a living link to a removed collection",
    )
    OVER_LIMIT_TOKEN = (
        numbered("shr", _GIVEN + 5),
        f"shr_{'6' * 32}",
        "token of a link that opened as often as it may",
    )
    EMPTY_COLLECTION_TOKEN = (
        numbered("shr", _GIVEN + 6),
        f"shr_{'8' * 32}",
        "token of a living link to a collection without tracks",
    )

    def __init__(self, fake: str, seeded: str, meaning: str) -> None:
        self.fake = fake
        self.seeded = seeded
        self.meaning = meaning

    @property
    def is_secret(self) -> bool:
        """Whether it must not stand in a cassette, nor on a command line."""
        return self.name.endswith(("_KEY", "_TOKEN"))


KEY_OF_NOBODY = "fake-key-of-nobody"
"""A key that no server knows."""

UNKNOWN_ORGANIZATION = numbered("org", 0xFFFFFFFF)
UNKNOWN_TRACK = numbered("mtrack", 0xFFFFFFFF)
UNKNOWN_COLLECTION = numbered("mcoll", 0xFFFFFFFF)
UNKNOWN_TOKEN = numbered("shr", 0xFFFFFFFF)


class NotGivenError(Exception):
    """A scenario needs a thing of the world that nobody named.

    Attributes:
        thing: What is missing.
    """

    def __init__(self, thing: Thing) -> None:
        super().__init__(thing.name)
        self.thing = thing


@dataclass(frozen=True)
class World:
    """A server, and the things that it is known to hold. The repr shows no secret."""

    base_url: str
    things: Mapping[Thing, str]

    def __getitem__(self, thing: Thing) -> str:
        """What the thing is on this server.

        Raises:
            NotGivenError: If that is not known.
        """
        if thing not in self.things:
            raise NotGivenError(thing)
        return self.things[thing]

    def __repr__(self) -> str:
        return f"World({self.base_url!r}, {sorted(thing.name for thing in self.things)})"


def seeded_world(base_url: str) -> World:
    """The world of a mock with the seed `docs`."""
    return World(base_url, {thing: thing.seeded for thing in Thing})


REPLAYED = World(SERVER, {thing: thing.fake for thing in Thing})
"""The world that cassettes show."""
