"""The names of what is in the seed `docs`."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
import yaml

from aitronos_mock.testing import seeded

NAMED = {value for name, value in vars(seeded).items() if name.isupper()}


@pytest.fixture(scope="module")
def world() -> Any:
    """The seed as it is written."""
    return yaml.safe_load(files("aitronos_mock.fixtures").joinpath("seeds/docs.yaml").read_text("utf-8"))


def test_every_name_stands_for_something(world: Any) -> None:
    """What is named is in the seed, so that no name outlives what it was for."""
    there = {each["id"] for kind in ("organizations", "tracks", "collections", "share_links") for each in world[kind]}
    there |= {link["token"] for link in world["share_links"]}
    there |= {key for user in world["users"] for key in user["api_keys"]}
    assert NAMED <= there


def test_every_key_and_every_token_has_a_name(world: Any) -> None:
    """All who can call and all links that can be opened are at hand by their names."""
    assert {key for user in world["users"] for key in user["api_keys"]} <= NAMED
    assert {link["token"] for link in world["share_links"]} <= NAMED


@pytest.mark.parametrize(
    ("name", "is_there"),
    [
        ("TRACK_TOKEN", {"available": True, "kind": "track"}),
        ("COLLECTION_TOKEN", {"available": True, "kind": "collection"}),
        ("EMPTY_COLLECTION_TOKEN", {"available": True, "tracks": []}),
        ("THREE_OPENS_TOKEN", {"available": True, "kind": "track"}),
        ("REMOVED_TRACK_TOKEN", {"available": False, "kind": "track"}),
        ("REMOVED_COLLECTION_TOKEN", {"available": False, "kind": "collection"}),
        ("REVOKED_TOKEN", None),
        ("EXPIRED_TOKEN", None),
        ("REVOKED_AND_REMOVED_TOKEN", None),
        ("OVER_LIMIT_TOKEN", None),
    ],
)
def test_a_token_opens_as_it_is_named(aitronos_sandbox_in_process: Any, name: str, is_there: Any) -> None:
    """Each name says what opening its link gives; None is a 404."""
    answer = aitronos_sandbox_in_process.http_client().get(f"/v1/music/shared/{getattr(seeded, name)}")
    assert (404 if is_there is None else 200) == answer.status_code
    assert {**answer.json(), **(is_there or {})} == answer.json()
