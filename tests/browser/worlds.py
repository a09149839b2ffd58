"""One sandbox, as a test outside of the browser works with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import httpx

TRACK = "mtrack_b4d9e1c6a72f"
TRACK_TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"
TRACK_LINK = "mslink_3a7f2c9e8b14"

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class World:
    """A sandbox of the seed `docs`.

    Attributes:
        base_url: Stands for `https://api.aitronos.com`.
    """

    base_url: str

    @property
    def origin(self) -> str:
        """Scheme, host and port of the mock, as a browser names them."""
        url = httpx.URL(self.base_url)
        return f"{url.scheme}://{url.netloc.decode()}"

    def url(self, path: str) -> str:
        """The URL of a path of the API."""
        return f"{self.base_url}/v1/music{path}"

    def track(self) -> Json:
        """The documented track, its shared link freshly opened."""
        track: Json = httpx.get(self.url(f"/shared/{TRACK_TOKEN}")).raise_for_status().json()["track"]
        return track

    def lengthen(self, seconds: float) -> None:
        """Make the documented track as long as this."""
        state = self.control("GET", "/state").json()
        for track in state["tracks"]:
            if track["id"] == TRACK:
                track["measured_duration_seconds"] = seconds
        self.control("PUT", "/state", state)

    def control(self, method: str, path: str, body: Json | None = None) -> httpx.Response:
        """Use the control plane."""
        return httpx.request(method, f"{self.base_url}/_mock{path}", json=body).raise_for_status()

    def requests(self, **filters: str) -> list[Json]:
        """What the mock was asked and answered, newest last."""
        url = httpx.URL(f"{self.base_url}/_mock/requests", params=filters)
        items: list[Json] = httpx.get(url).raise_for_status().json()["items"]
        return items
