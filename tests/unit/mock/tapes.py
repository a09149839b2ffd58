"""A cassette of vcrpy that is as it should be, and ways to spoil it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

Json = dict[str, Any]

TOKEN = "shr_0123456789abcdef0123456789abcdef"
"""A token that nobody published."""


def share() -> Json:
    """One interaction: a track is shared in a sandbox, and the recorder took the key out."""
    link = {
        "id": "mslink_3a7f2c9e8b14",
        "token": "shr_fa4e0000000000000000000000000001",
        "url": "http://127.0.0.1:8000/sandboxes/mine/v1/music/shared/shr_fa4e0000000000000000000000000001",
        "target_type": "track",
        "visibility": "public",
        "expires_at": None,
        "created_at": "2026-06-28T10:30:00Z",
    }
    return {
        "request": {
            "method": "POST",
            "uri": "http://127.0.0.1:8000/sandboxes/mine/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share",
            "headers": {"content-type": ["application/json"]},
            "body": '{"visibility": "public"}',
        },
        "response": {
            "status": {"code": 201, "message": "Created"},
            "headers": {"Content-Type": ["application/json"]},
            "body": {"string": json.dumps(link)},
        },
    }


def cassette(**changes: Mapping[str, Any]) -> Json:
    """A cassette with that interaction, parts of whose request or response are others."""
    said = share()
    for side, fields in changes.items():
        said[side] |= fields
    return {"version": 1, "interactions": [said]}


def write(path: Path, document: Any) -> Path:
    """Write a cassette as the suffix of the path says."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(document) if path.suffix == ".json" else yaml.safe_dump(document), "utf-8")
    return path
