"""What is known of a server: who calls, and what there is to share, open and save."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import Field, dataclass, field, fields
from typing import Any

_PLAIN = re.compile(r"[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?")
PREFIX = "AITRONOS_VERIFY_"
"""How the environment variables begin; the name follows in capitals."""


def _thing(meaning: str) -> Any:
    return field(default=None, repr=False, metadata={"meaning": meaning})


@dataclass(frozen=True, slots=True)
class Given:
    """Keys, ids and tokens of one server. What is None is not known, and rows that need it cannot be tried."""

    owner_key: str | None = _thing("key of the member who owns the track and the collection")
    member_key: str | None = _thing("key of another member of the organization, who owns neither")
    outsider_key: str | None = _thing("key of somebody who is no member of the organization")
    recipient_key: str | None = _thing("key of somebody who may save, and has not saved the track yet")
    organization: str | None = _thing("the organization of all content")
    track: str | None = _thing("a track of the owner's, of class personal_only or unclear")
    collection: str | None = _thing("a collection of the owner's")
    collection_tracks: str | None = _thing("what the collection shows, by position: ids with commas between them")
    untitled_track: str | None = _thing("a track in the collection without title and measured length")
    hidden_track: str | None = _thing("a track in the collection that its creator removed")
    removed_track: str | None = _thing("a track of the owner's that was removed")
    removed_collection: str | None = _thing("a collection of the owner's that was removed")
    track_token: str | None = _thing("token of a living link to the track; without it, one is minted")
    collection_token: str | None = _thing("token of a living link to the collection; without it, one is minted")
    empty_collection_token: str | None = _thing("token of a living link to a collection without tracks")
    revoked_token: str | None = _thing("token of a revoked link to a track")
    expired_token: str | None = _thing("token of an expired link to a track")
    over_limit_token: str | None = _thing("token of a link to a track that opened as often as it may")
    removed_track_token: str | None = _thing("token of a living link to a removed track")
    removed_collection_token: str | None = _thing("token of a living link to a removed collection")
    revoked_removed_token: str | None = _thing("token of a revoked link to a removed track")
    expired_removed_token: str | None = _thing("token of an expired link to a removed track")

    def __bool__(self) -> bool:
        """Whether anything is known."""
        return any(getattr(self, name) is not None for name in NAMES)

    def secrets(self) -> list[str]:
        """The keys and tokens among it."""
        values = (getattr(self, name) for name in NAMES if is_secret(name))
        return [value for value in values if value]

    def __repr__(self) -> str:
        return f"Given({', '.join(name for name in NAMES if getattr(self, name) is not None)})"


_FIELDS: tuple[Field[Any], ...] = fields(Given)

NAMES = tuple(each.name for each in _FIELDS)
"""What can be given, by name."""

MEANINGS: Mapping[str, str] = {each.name: each.metadata["meaning"] for each in _FIELDS}
"""What each is on any server."""


def is_secret(name: str) -> bool:
    """Whether it must stand neither on a command line nor in a report."""
    return name.endswith(("_key", "_token"))


def variable(name: str) -> str:
    """The environment variable of what can be given."""
    return PREFIX + name.upper()


UNKNOWN_TOKEN = f"shr_{'0' * 32}"
"""A token that no server gave out."""


class NotGivable(Exception):
    """A file says something that cannot be given; the message is one line without values."""


def read(data: Any) -> dict[str, str]:
    """What a file gives, by name.

    Raises:
        NotGivable: It is no mapping, or has an unknown name or a value that is no text.
    """
    if not isinstance(data, dict):
        raise NotGivable("--world must have names and values, such as owner_key: KEY")
    return {_known(name): _text(name, value) for name, value in data.items()}


def _known(name: object) -> str:
    if name not in NAMES:
        raise NotGivable(f"--world has the unknown name {name!r}; known are {', '.join(NAMES)}")
    return str(name)


def _text(name: object, value: object) -> str:
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return ",".join(value)
    if not isinstance(value, str) or not value:
        raise NotGivable(f"--world must give {name} as text")
    return value


def merged(*sources: Mapping[str, str | None]) -> Given:
    """What several sources give together; of two values for one name, the later source's counts.

    Raises:
        NotGivable: A value cannot be sent.
    """
    values: dict[str, str] = {}
    for source in sources:
        values |= {name: value for name, value in source.items() if value}
    for name, value in values.items():
        if not _PLAIN.fullmatch(value):
            raise NotGivable(f"{name} has characters that no request can carry")
    return Given(**values)


def _token_of(digit: str) -> str:
    return f"shr_{digit * 32}"


def ids(text: str) -> Iterable[str]:
    """The ids in a list with commas."""
    return [each.strip() for each in text.split(",")]


DOCS = Given(
    owner_key="your-api-key",
    member_key="member-api-key",
    outsider_key="outsider-api-key",
    recipient_key="recipient-api-key",
    organization="org_abc123",
    track="mtrack_b4d9e1c6a72f",
    collection="mcoll_5e8a1d3f9c27",
    collection_tracks="mtrack_b4d9e1c6a72f,mtrack_0c5d7e9f1a2b,mtrack_2f8e6d4c1b3a,mtrack_7a1c9e3b5d2f",
    untitled_track="mtrack_0c5d7e9f1a2b",
    hidden_track="mtrack_d0e1f2a3b4c5",
    removed_track="mtrack_d0e1f2a3b4c5",
    removed_collection="mcoll_9c7e5a3b1d0f",
    empty_collection_token=_token_of("8"),
    revoked_token=_token_of("1"),
    expired_token=_token_of("2"),
    over_limit_token=_token_of("6"),
    removed_track_token=_token_of("3"),
    removed_collection_token=_token_of("4"),
    revoked_removed_token=_token_of("5"),
)
"""The world of the mock's seed `docs`; what is missing in it is made in the sandbox."""
