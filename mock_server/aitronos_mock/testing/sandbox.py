"""A world of a test's own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal, TypedDict, Unpack

from . import seeded
from .control import Control
from .journal import Journal
from .packages import needed_for
from .steering import Clock, Faults
from .ways import Way
from .worlds import world_of

if TYPE_CHECKING:
    import httpx

    from aitronos import Aitronos, AsyncAitronos


class SandboxPlan(TypedDict, total=False):
    """How a sandbox begins; what is left out is as in the default sandbox of the mock.

    Attributes:
        seed: The world: `docs`, that of the documentation, or `empty`.
        fixture: A world of one's own in its place: the data of a fixture, or a file in JSON or YAML.
        clock: Where the clock stands still from the start.
        deterministic: Whether ids and tokens follow from a seed, the documented ones first.
    """

    seed: Literal["docs", "empty"]
    fixture: Mapping[str, Any] | str | PathLike[str]
    clock: datetime | str
    deterministic: bool


class ClientOptions(TypedDict, total=False):
    """What the SDK's clients take besides the key and where the server is."""

    timeout: float
    max_retries: int
    headers: Mapping[str, str]


class Sandbox:
    """The whole API with its own state, clock, ids, rate windows, faults and journal.

    Args:
        name: Its name.
        way: How its mock is reached.

    Attributes:
        name: Its name.
        base_url: What stands in the place of `https://api.aitronos.com`; links in its answers lead back here.
        control: Its control plane, for calls that nothing else here makes.
        clock: Its time.
        faults: What goes wrong in it on purpose.
        journal: What it was asked.
    """

    def __init__(self, name: str, way: Way) -> None:
        path = f"/sandboxes/{name}"
        self.name = name
        self.base_url = way.url + path
        self.control = Control(way.exchange, path)
        self.clock = Clock(self.control)
        self.faults = Faults(self.control)
        self.journal = Journal(self.control)
        self._way = way
        self._open = ExitStack()

    def __repr__(self) -> str:
        return f"Sandbox({self.base_url!r})"

    @property
    def environment(self) -> dict[str, str]:
        """The two variables by which the SDK finds this sandbox, with the key of the owner in the seed `docs`."""
        return {"AITRONOS_BASE_URL": self.base_url, "FREDDY_API_KEY": seeded.OWNER_KEY}

    def client(self, api_key: str = seeded.OWNER_KEY, **options: Unpack[ClientOptions]) -> Aitronos:
        """A client of this sandbox, with the key of the owner in the seed `docs` or with another one.

        It need not be closed: its connections are shared, and closed at the end of the session.

        Raises:
            MissingPackage: The SDK is not installed.
        """
        with needed_for("client()", "aitronos"):
            from aitronos import Aitronos
        return Aitronos(api_key, base_url=self.base_url, http_client=self._way.http_client(), **options)

    def async_client(self, api_key: str = seeded.OWNER_KEY, **options: Unpack[ClientOptions]) -> AsyncAitronos:
        """The same for asyncio and trio; close it, best with `async with`.

        Raises:
            MissingPackage: The SDK is not installed.
        """
        with needed_for("async_client()", "aitronos"):
            from aitronos import AsyncAitronos
        return AsyncAitronos(api_key, base_url=self.base_url, http_client=self._way.async_http_client(), **options)

    def http_client(self) -> httpx.Client:
        """A plain client whose paths begin at `base_url`. It sends no key, and is closed with the sandbox.

        Raises:
            MissingPackage: httpx is not installed.
        """
        return self._open.enter_context(self._way.http_client_of(self.base_url))

    def reset(self) -> None:
        """Begin anew: world, clock, ids, rate windows, faults and journal."""
        self.control.send("POST", "reset")

    def state(self) -> dict[str, Any]:
        """The world as a fixture, with digests in the place of keys and tokens; it can be edited and loaded again."""
        world: dict[str, Any] = self.control.send("GET", "state")
        return world

    def load(self, fixture: Mapping[str, Any] | str | PathLike[str]) -> None:
        """Put another world in the place of this one; clock, rate windows, faults and journal go on.

        Raises:
            MockError: The fixture cannot be read.
            MockRefused: It is none; nothing changed.
        """
        self.control.send("PUT", "state", body=world_of(fixture))

    def revoke(self, link_id: str) -> None:
        """Revoke a share link; whoever saved before keeps the copy.

        Raises:
            MockRefused: There is no such link. The same holds for what is below.
        """
        self.control.send("POST", "links", link_id, "revoke")

    def expire(self, link_id: str) -> None:
        """Let a share link expire now."""
        self.control.send("POST", "links", link_id, "expire")

    def remove_track(self, track_id: str) -> None:
        """Remove a track, as its creator would."""
        self.control.send("POST", "tracks", track_id, "remove")

    def restore_track(self, track_id: str) -> None:
        """Bring a removed track back."""
        self.control.send("POST", "tracks", track_id, "restore")

    def remove_collection(self, collection_id: str) -> None:
        """Remove a collection, as its creator would."""
        self.control.send("POST", "collections", collection_id, "remove")

    def restore_collection(self, collection_id: str) -> None:
        """Bring a removed collection back."""
        self.control.send("POST", "collections", collection_id, "restore")

    def audit(self) -> list[dict[str, Any]]:
        """Who opened what: resolves by client IP address with their outcome, oldest first."""
        entries: list[dict[str, Any]] = self.control.send("GET", "audit")["items"]
        return entries

    def close(self) -> None:
        """Close what `http_client` gave."""
        self._open.close()
