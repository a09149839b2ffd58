"""The control plane of a sandbox that was made for one run: what only a mock lets anybody do."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .wire import Answer, Headers, Request, Transport, Unanswered, as_object, segment


class Control:
    """Changes the world of one sandbox.

    Args:
        transport: Carries what is asked.
        url: The `control_url`.
        headers: The control token, where the mock demands one.
    """

    def __init__(self, transport: Transport, url: str, headers: Headers) -> None:
        self._transport = transport
        self._url = url
        self._headers = headers

    def ask(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        """Ask the control plane, and give its answer whatever it is."""
        content = None if body is None else json.dumps(body).encode()
        headers = {**self._headers, **({} if content is None else {"Content-Type": "application/json"})}
        return self._transport(Request(method, f"{self._url}{path}", headers, content))

    def advance(self, seconds: float) -> None:
        """Put the clock forward."""
        self._do("PUT", "/clock", {"advance_seconds": seconds})

    def revoke(self, link_id: str) -> None:
        """Revoke a share link."""
        self._do("POST", f"/links/{segment(link_id)}/revoke")

    def remove_track(self, track_id: str) -> None:
        """Remove a track, as its creator would."""
        self._do("POST", f"/tracks/{segment(track_id)}/remove")

    def audit(self) -> list[dict[str, Any]]:
        """Who opened what, newest last."""
        items = self._do("GET", "/audit").fields.get("items")
        return [as_object(each) for each in items] if isinstance(items, list) else []

    def fail_once(self, operation_id: str) -> None:
        """Let the next request to an operation meet an unexpected failure."""
        self._do("POST", "/faults", {"operation": operation_id, "status": 500, "times": 1})

    def _do(self, method: str, path: str, body: Mapping[str, Any] | None = None) -> Answer:
        answer = self.ask(method, path, body)
        if answer.status >= 300:
            raise Unanswered(f"the mock's control plane answered {answer.status}")
        return answer
