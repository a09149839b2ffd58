"""What is asked of the servers, and what the documentation answers to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

CONTRACT = Path(__file__).parents[2] / "openapi.yaml"
TRACK_TOKEN = "shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c"  # noqa: S105 - the documented example


@dataclass(frozen=True, slots=True)
class Request:
    """A request, and how it may vary from one time to the next.

    Attributes:
        name: What the tables call it.
        method: The HTTP method.
        path: The path, as it is the first time.
        status: The status of its answer; any other one stops the run.
        headers: The headers.
        body: The body, or None.
        varying_path: The path as an expression in Lua, over `n`, the number of the request; None is the same each time.
        varying_key: The API key likewise.
    """

    name: str
    method: str
    path: str
    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None
    varying_path: str | None = None
    varying_key: str | None = None

    def below(self, prefix: str) -> Request:
        """The same within a sandbox, whose paths begin so."""
        return replace(self, path=prefix + self.path)

    def wire(self, host: str) -> bytes:
        """What goes over a connection."""
        body = (self.body or "").encode()
        length = {"Content-Length": str(len(body))} if self.body is not None else {}
        lines = [f"{name}: {value}" for name, value in {"Host": host, **self.headers, **length}.items()]
        return "\r\n".join([f"{self.method} {self.path} HTTP/1.1", *lines, "", ""]).encode() + body


RESOLVE = Request("resolve a track", "GET", f"/v1/music/shared/{TRACK_TOKEN}", 200)
SHARE = Request(
    "share a track",
    "POST",
    "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share",
    201,
    {"X-API-Key": "your-api-key", "Content-Type": "application/json"},
    json.dumps({"visibility": "link_only", "expires_in_days": 30}),
)
UNKNOWN = Request("resolve what is not there (404)", "GET", "/v1/music/shared/shr_" + 32 * "0", 404)


def documented_answer(example: str) -> dict[str, Any]:
    """The body of an example of the contract."""
    contract = yaml.load(CONTRACT.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - a safe one either way
    body: dict[str, Any] = contract["components"]["examples"][example]["value"]
    return body
