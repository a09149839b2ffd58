"""Who calls."""

from __future__ import annotations

from collections.abc import Callable

import httpx
import pytest

from aitronos_mock.mock import Mock
from aitronos_mock.store.sql import SQLStore
from aitronos_mock.store.sqlite import SQLiteDatabase

Call = Callable[..., httpx.Response]

TRACK = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": "owner-key"},
        {"x-api-key": "owner-key"},
        {"Authorization": "Bearer owner-key"},
        {"authorization": "bearer   owner-key"},
        {"X-API-Key": "owner-key", "Authorization": "Bearer nobody's"},
        {"X-API-Key": "owner-key", "Authorization": "nonsense"},
        {"X-API-Key": "owner-key", "Authorization": "Basic eA=="},
    ],
)
def test_either_credential_will_do_and_the_api_key_counts(call: Call, headers: dict[str, str]) -> None:
    """A key is accepted in `X-API-Key` or as a bearer; where both are sent, only `X-API-Key` is looked at."""
    assert 201 == call("POST", TRACK, headers=headers).status_code


def test_of_two_api_keys_the_first_counts(call: Call) -> None:
    """A repeated `X-API-Key` header is no way to try several keys at once."""
    good, bad = ("X-API-Key", "owner-key"), ("X-API-Key", "nobody's")

    assert [201, 401] == [call("POST", TRACK, headers=headers).status_code for headers in ([good, bad], [bad, good])]


@pytest.mark.parametrize("place", ["?X-API-Key=owner-key", "?api_key=owner-key", "?access_token=owner-key"])
def test_a_key_in_the_query_is_none(call: Call, place: str) -> None:
    """Only the two headers carry a key: URLs end up in logs."""
    assert 401 == call("POST", TRACK + place).status_code


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-API-Key": "nobody's"},
        {"X-API-Key": "owner-key"},
        {"Authorization": "Bearer nobody's"},
        {"Cookie": "a=b"},
    ],
)
def test_a_resolve_looks_at_no_credential(call: Call, headers: dict[str, str]) -> None:
    """A resolve is public: a key that is sent is ignored, even a bad one."""
    assert 200 == call("GET", "/v1/music/shared/shr_track", headers=headers).status_code


class BrokenStore(SQLStore):
    """A store whose keys cannot be read."""

    async def user_of_key(self, key_digest: bytes) -> None:
        """Fail."""
        raise RuntimeError("the disk is gone")


@pytest.mark.parametrize(
    "headers",
    [
        {"X-API-Key": "owner-key"},
        {"Authorization": "Bearer owner-key"},
        {"X-API-Key": "owner-key", "Authorization": "Bearer owner-key"},
        {"X-API-Key": "owner-key", "Authorization": "Basic eA=="},
    ],
)
def test_a_failure_while_authenticating_is_a_failure_and_no_refusal(
    database: SQLiteDatabase,
    build: Callable[..., Mock],
    calling: Callable[..., Call],
    assert_envelope: Callable[..., None],
    headers: dict[str, str],
) -> None:
    """When the store fails during the look-up, the answer is 500 and not a 401 that blames the caller."""
    store = BrokenStore(database, 0)

    assert_envelope(calling(build(store=store))("POST", TRACK, headers=headers), "shareTrack", 500, "unexpected")
