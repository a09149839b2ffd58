"""A world in which much can be saved: each user has each track once, so one of each would be saved once."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

TRACKS = 200
RECIPIENTS = 32


def track(number: int) -> str:
    """The identifier of a track that can be shared and saved."""
    return f"mtrack_{number % TRACKS:012x}"


def recipient_key(number: int) -> str:
    """The key of a user who has saved nothing."""
    return f"recipient-api-key-{number % RECIPIENTS}"


def seed_in(folder: Path) -> Path:
    """The seed `docs` with those tracks and users besides, as a file in this folder."""
    seed = folder / "durable.yaml"
    if not seed.exists():
        text = files("aitronos_mock.fixtures").joinpath("seeds", "docs.yaml").read_text("utf-8")
        for section, entries in (("users", map(_user, range(RECIPIENTS))), ("tracks", map(_track, range(TRACKS)))):
            assert 1 == text.count(f"\n{section}:\n")
            text = text.replace(f"\n{section}:\n", f"\n{section}:\n{''.join(entries)}")
        seed.write_text(text, "utf-8")
    return seed


def _user(number: int) -> str:
    return f"  - {{id: user_{number}, api_keys: [{recipient_key(number)}], organizations: []}}\n"


def _track(number: int) -> str:
    licence = "{licence_class: personal_only, licence_version: 2026-01, requires_attribution: false}"
    return f"  - {{id: {track(number)}, organization: org_abc123, owner: user_owner, licence: {licence}}}\n"
