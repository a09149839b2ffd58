"""What the packaged contract says of answers."""

from __future__ import annotations

from typing import Any

import pytest

from aitronos_mock import contract
from aitronos_mock.verify.expectations import ANY, error, operations, violation

DOCUMENT = contract.load()


def example(name: str) -> Any:
    """The value of an example."""
    return DOCUMENT["components"]["examples"][name]["value"]


def test_every_operation_is_found() -> None:
    """The four operations are there with method and path."""
    assert {
        "shareTrack": "POST /v1/music/{organization_id}/tracks/{track_id}/share",
        "shareCollection": "POST /v1/music/{organization_id}/collections/{collection_id}/share",
        "resolveShare": "GET /v1/music/shared/{token}",
        "saveSharedTrack": "POST /v1/music/shared/{token}/save",
    } == {name: f"{each.method} {each.path}" for name, each in operations().items()}


def test_errors_are_those_of_the_examples() -> None:
    """The error of an operation, and one that belongs to none."""
    assert example("ResolveRateLimited")["error"] == error("resolveShare", 429, "client_ip")
    assert "METHOD_NOT_ALLOWED" == error(ANY, 405, "wrong_method")["code"]


@pytest.mark.parametrize(
    ("operation", "status", "name"),
    [
        ("shareTrack", 201, "TrackShareLink"),
        ("shareTrack", 201, "TrackShareLinkNeverExpiring"),
        ("resolveShare", 200, "SharedTrack"),
        ("resolveShare", 200, "SharedCollection"),
        ("resolveShare", 200, "RemovedTrack"),
        ("saveSharedTrack", 201, "SavedTrack"),
        ("saveSharedTrack", 404, "CollectionNotSaveable"),
    ],
)
def test_the_examples_are_valid(operation: str, status: int, name: str) -> None:
    """No example of the contract violates its own schema."""
    assert None is violation(operation, status, example(name))


@pytest.mark.parametrize(
    ("change", "place", "found"),
    [
        ({"available": "yes"}, "$.available: type boolean", "yes"),
        ({"message": 7}, "$.message: ", 7),
        ({"share": None}, "$.share: type object", None),
        ({"kind": "album"}, "$.kind: enum ['track', 'collection']", "album"),
    ],
)
def test_a_violation_is_told_with_its_place(change: Any, place: str, found: Any) -> None:
    """The place, what is demanded there, and what stands there."""
    told = violation("resolveShare", 200, example("SharedTrack") | change)
    assert told is not None
    assert told.demanded.startswith(place)
    assert found == told.found
