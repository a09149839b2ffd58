"""Fixtures that come as decoded JSON, and what their refusals point to."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from aitronos_mock.fixtures import FixtureError, fixture_of, parse_fixture

NOW = 1_782_642_600
LICENCE = {"licence_class": "unclear", "licence_version": "2026-01", "requires_attribution": True}
PEOPLE: dict[str, Any] = {"organizations": [{"id": "o"}], "users": [{"id": "u", "organizations": ["o"]}]}
TRACK: dict[str, Any] = {"id": "t", "organization": "o", "owner": "u", "licence": LICENCE}
SMALL: dict[str, Any] = {**PEOPLE, "tracks": [TRACK]}


def nested(depth: int) -> Any:
    """Lists in lists."""
    data: Any = []
    for _ in range(depth):
        data = [data]
    return data


def refusal_of(data: object) -> FixtureError:
    """How the data is refused."""
    with pytest.raises(FixtureError) as refused:
        fixture_of(data, now=NOW)
    return refused.value


@pytest.mark.parametrize(
    ("data", "path", "message"),
    [
        pytest.param([], "", "the fixture must be a mapping of names to values", id="no mapping"),
        pytest.param(
            {"users": [{"id": "u", "my-secret-key": 1}]},
            "users[0]",
            "users[0] has an unknown field here; known are api_key_digests, api_keys, id, organizations",
            id="unknown field, which is not quoted",
        ),
        pytest.param({"users": [{}]}, "users[0]", "users[0] lacks id; add it", id="lacking field"),
        pytest.param(
            {**SMALL, "share_links": [{"id": "l", "token": "s", "track": "x"}]},
            "share_links[0].track",
            "share_links[0].track is not among the ids in tracks; add it there or correct it here",
            id="link to nothing",
        ),
        pytest.param(
            {"organizations": [{"id": "o"}, {"id": "o"}]},
            "organizations[1].id",
            "organizations[1].id repeats organizations[0].id: an id stands once in its list; change one of the two",
            id="twins",
        ),
        pytest.param(
            {**PEOPLE, "tracks": [{**TRACK, "licence": {**LICENCE, "commercial_use": True}}]},
            "tracks[0].licence.commercial_use",
            "tracks[0].licence.commercial_use contradicts licence_class, which makes it false; leave it out",
            id="overstated licence",
        ),
        pytest.param(
            {**SMALL, "library": [{"id": "e", "user": "u", "track": "t", "created_at": "2026-02-30T00:00:00Z"}]},
            "library[0].created_at",
            "library[0].created_at is no moment of the years 1970 to 9999; correct it",
            id="day that does not exist",
        ),
        pytest.param(
            {**PEOPLE, "tracks": [{**TRACK, "measured_duration_seconds": float("nan")}]},
            "tracks[0].measured_duration_seconds",
            "tracks[0].measured_duration_seconds must be a number or null",
            id="NaN",
        ),
        pytest.param(
            {**PEOPLE, "tracks": [{**TRACK, "measured_duration_seconds": 10**4000}]},
            "tracks[0].measured_duration_seconds",
            "tracks[0].measured_duration_seconds is not valid; expected: Its length in seconds, above 0 and at most "
            "86400. Left out or null, the length is unknown",
            id="number beyond any float",
        ),
        pytest.param({"users": nested(20)}, "", "nested more than 20 deep; a fixture is flatter", id="too deep"),
        pytest.param(nested(5000), "", "nested more than 20 deep; a fixture is flatter", id="far too deep"),
    ],
)
def test_refusals(data: object, path: str, message: str) -> None:
    """Data that is no fixture is refused with the path of the part, and with neither file nor line."""
    refusal = refusal_of(data)

    assert (path, message) == (refusal.path, str(refusal))
    assert (None, None, message) == (refusal.file, refusal.line, refusal.reason)


def test_a_refusal_of_a_file_has_a_path_too() -> None:
    """A refusal of a file names line and path; one of a text that cannot be read has no path."""
    with pytest.raises(FixtureError) as refused:
        parse_fixture("users:\n- {id: u}\n- {id: 1}\n", name="w.yaml", now=NOW)
    with pytest.raises(FixtureError) as unread:
        parse_fixture("{", name="w.yaml", now=NOW)

    assert ("w.yaml", 3, "users[1].id") == (refused.value.file, refused.value.line, refused.value.path)
    assert unread.value.path is None


def test_a_refusal_pickles() -> None:
    """A refusal without a file survives the way to another process."""
    refusal = refusal_of({"users": 1})
    copy = pickle.loads(pickle.dumps(refusal))  # noqa: S301 - of our own making

    assert ("users", "users must be a list") == (copy.path, str(copy))


def test_nesting_within_bounds() -> None:
    """Twenty levels are read, and then refused for their form."""
    assert "users[0] must be a mapping of names to values" == str(refusal_of({"users": nested(18)}))
