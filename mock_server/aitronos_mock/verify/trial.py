"""What rows work with: requests to the four operations, and answers that several rows look at."""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any, TypeVar

from .given import MEANINGS, is_secret, variable
from .outcome import NotReachable
from .secrets import Secrets
from .target import Target
from .wire import Answer, Headers, Request, segment

NOBODY: Headers = {}
"""No credential."""

UNKNOWN_KEY: Headers = {"X-API-Key": "a-key-that-nobody-holds"}
JSON: Headers = {"Content-Type": "application/json"}

_LONGEST_PAUSE = 90
_Made = TypeVar("_Made")


@dataclass(frozen=True, slots=True)
class Kind:
    """What tells sharing a track from sharing a collection.

    Attributes:
        name: `track` or `collection`; also what a link to one calls its target.
        operation: The operation that shares it.
        folder: How it is called in the path.
        unknown: An id that no server knows.
    """

    name: str
    operation: str
    folder: str
    unknown: str

    @property
    def id_name(self) -> str:
        """How errors call its id."""
        return f"{self.name}_id"


TRACK = Kind("track", "shareTrack", "tracks", "mtrack_000000000000")
COLLECTION = Kind("collection", "shareCollection", "collections", "mcoll_000000000000")
KINDS = (TRACK, COLLECTION)


class Trial:
    """One run over one server. What one row asked for, a later one looks at again instead of asking anew.

    Args:
        target: The server.
        secrets: Learns the secrets of every answer.
    """

    def __init__(self, target: Target, secrets: Secrets) -> None:
        self.target = target
        self._secrets = secrets
        self._made: dict[Hashable, Any] = {}

    def once(self, name: Hashable, make: Callable[[], _Made]) -> _Made:
        """What was made under this name, made now if it was not."""
        if name not in self._made:
            self._made[name] = make()
        made: _Made = self._made[name]
        return made

    def given(self, name: str) -> str:
        """What is known of the server.

        Raises:
            NotReachable: It is not known.
        """
        value: str | None = getattr(self.target.given, name)
        if value is None:
            how = variable(name) if is_secret(name) else f"--{name.replace('_', '-')}"
            raise NotReachable(f"needs {how}: {MEANINGS[name]}")
        return value

    def key(self, name: str) -> Headers:
        """The credential of somebody."""
        return {"X-API-Key": self.given(name)}

    def bearer(self, name: str) -> Headers:
        """The same as bearer credential."""
        return {"Authorization": f"Bearer {self.given(name)}"}

    def require_destruction(self) -> None:
        """Go on only where rows may leave something behind."""
        if not self.target.is_destructive:
            raise NotReachable("needs --destructive: it mints links, saves, or uses the rate limit up")

    def ask(
        self, method: str, path: str, headers: Headers = NOBODY, body: bytes | None = None, source: str | None = None
    ) -> Answer:
        """Ask anything of the API, once."""
        return self._sent(Request(method, f"{self.target.base_url}{path}", headers, body, source))

    def fetch(self, url: str) -> Answer:
        """Ask for the first bytes at an address that the server gave out; no key goes along."""
        return self._sent(Request("GET", url, {"Range": "bytes=0-1"}))

    def share(
        self,
        kind: Kind,
        headers: Headers,
        body: bytes | None = None,
        *,
        target: str | None = None,
        organization: str | None = None,
    ) -> Answer:
        """Ask for a share link, of what is given unless told otherwise."""
        home = segment(organization or self.given("organization"))
        identifier = segment(target or self.given(kind.name))
        return self.ask("POST", f"/v1/music/{home}/{kind.folder}/{identifier}/share", headers, body)

    def mint(self, kind: Kind, terms: Any = None) -> Answer:
        """Share what is the owner's; the terms become the JSON body, None is no body."""
        self.require_destruction()
        headers = self.key("owner_key")
        if terms is None:
            return self.share(kind, headers)
        return self.share(kind, {**headers, **JSON}, json.dumps(terms).encode())

    def resolve(self, token: str, headers: Headers = NOBODY) -> Answer:
        """Open a link; where the server says to wait, wait once and open it again."""
        answer = self.open(token, headers)
        seconds = answer.number("retry-after")
        if answer.status != 429 or seconds is None or seconds > _LONGEST_PAUSE:
            return answer
        self.target.pause(seconds)
        return self.open(token, headers)

    def open(self, token: str, headers: Headers = NOBODY, source: str | None = None) -> Answer:
        """Open a link, once."""
        return self.ask("GET", f"/v1/music/shared/{segment(token)}", headers, source=source)

    def save(self, token: str, headers: Headers, body: bytes | None = None) -> Answer:
        """Ask to save what a link shares."""
        return self.ask("POST", f"/v1/music/shared/{segment(token)}/save", headers, body)

    def _sent(self, request: Request) -> Answer:
        answer = self.target.transport(request)
        self._secrets.learn(answer.data)
        return answer
