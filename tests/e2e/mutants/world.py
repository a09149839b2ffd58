"""What the seed `docs` holds, as far as mutants have to know it."""

from __future__ import annotations

from dataclasses import dataclass

from .broken import Call
from .ways import When, to

OWNER, MEMBER, OUTSIDER, RECIPIENT = "your-api-key", "member-api-key", "outsider-api-key", "recipient-api-key"
NOBODY, ODD_KEY = "a-key-that-nobody-holds", "?! not of any form !?"
UNTITLED, HIDDEN = "mtrack_0c5d7e9f1a2b", "mtrack_d0e1f2a3b4c5"
UNKNOWN_TOKEN, ODD_TOKEN = f"shr_{'0' * 32}", "no token at all"
REVOKED, EXPIRED, REMOVED, REMOVED_COLLECTION, REVOKED_REMOVED, OVER_LIMIT = (f"shr_{each * 32}" for each in "123456")


@dataclass(frozen=True)
class Kind:
    """What tells sharing a track from sharing a collection."""

    name: str
    operation: str
    target: str
    removed: str
    unknown: str

    @property
    def share(self) -> str:
        """How the ids of the rows about sharing it begin."""
        return f"share-{self.name}"

    @property
    def view(self) -> str:
        """How the ids of the rows about opening it begin."""
        return f"resolve-{self.name}"

    def shared(self, when: When = lambda call: True) -> When:
        """Shares of this kind."""
        return to(self.operation, when)

    def plainly(self) -> When:
        """Shares by the owner without body and media type."""
        return self.shared(lambda call: call.key == OWNER and not call.body and is_bare(call))

    def with_body(self, body: object) -> When:
        """Shares by the owner with this JSON body, whose types count."""
        return self.shared(lambda call: call.key == OWNER and repr(call.sent) == repr(body))


def is_bare(call: Call) -> bool:
    """Whether a request has neither a bearer credential nor a media type."""
    return not {"authorization", "content-type"} & call.headers.keys()


def with_token(operation: str, token: str, key: str | None = None) -> When:
    """Requests to an operation about one token, by whoever holds a key if that is given."""
    return to(operation, lambda call: call.path.split("/")[4] == token and key in (None, call.key))


TRACK = Kind("track", "shareTrack", "mtrack_b4d9e1c6a72f", HIDDEN, "mtrack_000000000000")
COLLECTION = Kind("collection", "shareCollection", "mcoll_5e8a1d3f9c27", "mcoll_9c7e5a3b1d0f", "mcoll_000000000000")
KINDS = (TRACK, COLLECTION)
