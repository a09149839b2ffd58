"""Every documented and decided error, row by row, over the whole application."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from starlette.exceptions import HTTPException

from aitronos_mock.errors import UNEXPECTED, problem
from aitronos_mock.limits import Rate
from aitronos_mock.mock import Mock
from aitronos_mock.store.errors import StoreUnavailable

Call = Callable[..., httpx.Response]
AssertEnvelope = Callable[..., None]

TRACK = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"
COLLECTION = "/v1/music/org_abc123/collections/mcoll_5e8a1d3f9c27/share"
SHARES = [("shareTrack", TRACK), ("shareCollection", COLLECTION)]
SAVE = "/v1/music/shared/shr_track/save"


@pytest.mark.parametrize(
    ("operation", "path"),
    [*SHARES, ("saveSharedTrack", SAVE)],
)
@pytest.mark.parametrize(
    ("cause", "headers"),
    [
        ("missing_key", {}),
        ("invalid_key", {"X-API-Key": "nobody's"}),
        ("invalid_key", {"X-API-Key": ""}),
        ("invalid_key", {"X-API-Key": "Owner-Key"}),
        ("invalid_key", {"X-API-Key": "k" * 5000}),
        ("invalid_key", {"X-API-Key": b"\xff\xfe"}),
        ("invalid_key", {"Authorization": "Bearer nobody's"}),
        ("invalid_key", {"Authorization": "Bearer"}),
        ("invalid_key", {"Authorization": "owner-key"}),
        ("invalid_key", {"Authorization": "Basic b3duZXIta2V5Og=="}),
        ("invalid_key", {"X-API-Key": "nobody's", "Authorization": "Bearer owner-key"}),
        ("invalid_key", {"X-API-Key": "", "Authorization": "Bearer owner-key"}),
    ],
)
def test_a_request_without_a_usable_credential_gets_401(
    call: Call, assert_envelope: AssertEnvelope, operation: str, path: str, cause: str, headers: dict[str, str]
) -> None:
    """Shares and saves answer 401 to a missing or unknown credential, and `X-API-Key` counts before a bearer's."""
    response = call("POST", path, headers=headers)

    assert_envelope(response, operation, 401, cause)
    assert "Bearer" == response.headers["www-authenticate"]


@pytest.mark.parametrize(
    ("operation", "kind", "path"), [("shareTrack", "tracks", TRACK), ("shareCollection", "collections", COLLECTION)]
)
@pytest.mark.parametrize(
    ("cause", "organization", "key"),
    [
        ("not_a_member", "org_abc123", "outsider-key"),
        ("not_a_member", "org_other", "owner-key"),
        ("not_a_member", "org_abc123", "recipient-key"),
        ("unknown_organization", "org_nowhere", "owner-key"),
        ("unknown_organization", "☃", "owner-key"),
    ],
)
def test_sharing_in_a_foreign_or_unknown_organization_gets_403(
    call: Call,
    assert_envelope: AssertEnvelope,
    operation: str,
    kind: str,
    path: str,
    cause: str,
    organization: str,
    key: str,
) -> None:
    """An organization of others and one that does not exist answer alike, with 403."""
    response = call("POST", path.replace("org_abc123", organization), key)

    assert_envelope(response, operation, 403, cause, organization_id=organization)


@pytest.mark.parametrize(
    ("cause", "key", "track"),
    [
        ("unknown", "owner-key", "mtrack_ffffffffffff"),
        ("unknown", "owner-key", "no id of ours"),
        ("unknown", "owner-key", "mcoll_5e8a1d3f9c27"),
        ("unknown", "owner-key", "a%2Fb"),
        ("unknown", "owner-key", "mtrack_00000000e15e"),
        ("not_owner", "fellow-key", "mtrack_b4d9e1c6a72f"),
        ("removed", "owner-key", "mtrack_00000000dead"),
    ],
)
def test_sharing_a_track_that_is_not_the_callers_gets_404(
    call: Call, assert_envelope: AssertEnvelope, cause: str, key: str, track: str
) -> None:
    """A track that is unknown, elsewhere, somebody else's or removed is not found, whatever its id looks like."""
    response = call("POST", f"/v1/music/org_abc123/tracks/{track}/share", key)

    assert_envelope(response, "shareTrack", 404, cause, track_id=track)


@pytest.mark.parametrize(
    ("cause", "key", "collection"),
    [
        ("unknown", "owner-key", "mcoll_ffffffffffff"),
        ("unknown", "owner-key", "💿"),
        ("unknown", "owner-key", "mtrack_b4d9e1c6a72f"),
        ("unknown", "owner-key", "mcoll_00000000e15e"),
        ("not_owner", "fellow-key", "mcoll_5e8a1d3f9c27"),
        ("removed", "owner-key", "mcoll_00000000dead"),
    ],
)
def test_sharing_a_collection_that_is_not_the_callers_gets_404(
    call: Call, assert_envelope: AssertEnvelope, cause: str, key: str, collection: str
) -> None:
    """A collection that is unknown, elsewhere, somebody else's or removed is not found."""
    response = call("POST", f"/v1/music/org_abc123/collections/{collection}/share", key)

    assert_envelope(response, "shareCollection", 404, cause, collection_id=collection)


GONE = [
    ("unknown", "shr_ffffffffffffffffffffffffffffffff"),
    ("unknown", "anything at all"),
    ("unknown", "shr_track%0A"),
    ("unknown", "%2E%2E%2Fshr_track"),
    ("unknown", "%00"),
    ("unknown", "%FF"),
    ("unknown", "x" * 5000),
    ("revoked", "shr_revoked"),
    ("revoked", "shr_revoked_and_removed"),
    ("expired", "shr_expired"),
    ("expired", "shr_expired_and_removed"),
    ("over_limit", "shr_used_up"),
]


@pytest.mark.parametrize(("cause", "token"), GONE)
def test_a_link_that_leads_nowhere_does_not_open(
    call: Call, assert_envelope: AssertEnvelope, cause: str, token: str
) -> None:
    """An unknown, revoked, expired or used-up token resolves to one and the same 404, removed content or not."""
    assert_envelope(call("GET", f"/v1/music/shared/{token}"), "resolveShare", 404, cause)


@pytest.mark.parametrize(("cause", "token"), [*GONE, ("removed", "shr_removed_track")])
def test_a_link_that_leads_nowhere_cannot_be_saved(
    call: Call, assert_envelope: AssertEnvelope, cause: str, token: str
) -> None:
    """An unknown, revoked, expired or used-up token, and one of a removed track, cannot be saved: 404."""
    assert_envelope(call("POST", f"/v1/music/shared/{token}/save", "recipient-key"), "saveSharedTrack", 404, cause)


def test_a_removed_collection_cannot_be_saved(call: Call, assert_envelope: AssertEnvelope) -> None:
    """Of a removed collection, the removal is what a save tells."""
    response = call("POST", "/v1/music/shared/shr_removed_collection/save", "recipient-key")

    assert_envelope(response, "saveSharedTrack", 404, "removed")


@pytest.mark.parametrize("token", ["shr_collection", "shr_empty_collection"])
def test_a_shared_collection_cannot_be_saved(call: Call, assert_envelope: AssertEnvelope, token: str) -> None:
    """Saving a shared collection gets 404 and the reason for developers."""
    response = call("POST", f"/v1/music/shared/{token}/save", "recipient-key")

    assert_envelope(response, "saveSharedTrack", 404, "collection")


@pytest.mark.parametrize("token", ["shr_track", "shr_unknown"])
def test_too_many_resolves_from_one_address_get_429(
    build: Callable[..., Mock], calling: Callable[..., Call], assert_envelope: AssertEnvelope, token: str
) -> None:
    """Past the burst a client IP address gets 429 with the wait, whether its token lives or not."""
    call = calling(build(rate=Rate(per_minute=60, burst=1)))
    call("GET", f"/v1/music/shared/{token}")

    response = call("GET", f"/v1/music/shared/{token}")

    assert_envelope(response, "resolveShare", 429, "client_ip")
    assert "1" == response.headers["retry-after"]


INVALID: list[tuple[str, Any, dict[str, Any]]] = [
    ("malformed_json", b"{", {}),
    ("malformed_json", b"{} {}", {}),
    ("malformed_json", b" ", {}),
    ("malformed_json", b"visibility=public", {}),
    ("malformed_json", b'{"expires_in_days": NaN}', {}),
    ("not_an_object", b"[]", {}),
    ("not_an_object", b"null", {"value": None}),
    ("not_an_object", b'"text"', {"value": "text"}),
    ("not_an_object", b"0", {"value": 0}),
    ("not_an_object", b"false", {"value": False}),
    ("unknown_field", b'{"expire_in_days": 30}', {}),
    ("unknown_field", b'{"expires_in_days": 1, "expire_in_days": null}', {"value": None}),
    ("days_wrong_type", b'{"expires_in_days": "30"}', {}),
    ("days_wrong_type", b'{"expires_in_days": true}', {"value": True}),
    ("days_wrong_type", b'{"expires_in_days": 30.0}', {"value": 30.0}),
    ("days_wrong_type", b'{"expires_in_days": []}', {"value": []}),
    ("days_below_minimum", b'{"expires_in_days": 0}', {}),
    ("days_below_minimum", b'{"expires_in_days": -1}', {"value": -1}),
    ("visibility_unknown", b'{"visibility": "friends"}', {}),
    ("visibility_unknown", b'{"visibility": ""}', {"value": ""}),
    ("visibility_unknown", b'{"visibility": "PUBLIC"}', {"value": "PUBLIC"}),
    ("visibility_unknown", b'{"visibility": 7}', {"value": 7}),
    ("visibility_unknown", b'{"visibility": ["public"]}', {"value": ["public"]}),
    ("visibility_null", b'{"visibility": null}', {}),
    ("several", b'{"expires_in_days": 0, "visibility": "friends"}', {}),
]


@pytest.mark.parametrize(("operation", "path"), SHARES)
@pytest.mark.parametrize(("cause", "body", "details"), INVALID)
def test_an_invalid_body_gets_422_that_names_what_is_wrong(
    call: Call,
    assert_envelope: AssertEnvelope,
    operation: str,
    path: str,
    cause: str,
    body: bytes,
    details: dict[str, Any],
) -> None:
    """A body that breaks the contract is refused with field, value and every failure; nothing is coerced."""
    response = call("POST", path, "owner-key", content=body, headers={"Content-Type": "application/json"})

    assert_envelope(response, operation, 422, cause, **details)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"\xff\xfe{}", "must be UTF-8"),
        (b'{"expires_in_days": 1e999}', "must have no number beyond the range of a double"),
        (b'{"visibility": "public", "visibility": "link_only"}', "must not have the same name twice"),
        (b"[" * 200 + b"]" * 200, "must not be nested so deep"),
    ],
)
def test_json_that_is_valid_and_not_taken_is_told_why(call: Call, body: bytes, why: str) -> None:
    """What a lenient parser would take is refused with its own reason."""
    path = "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share"

    response = call("POST", path, "owner-key", content=body, headers={"Content-Type": "application/json"})

    assert (422, f"body: {why}") == (response.status_code, response.json()["error"]["system_message"])


@pytest.mark.parametrize(("operation", "path"), SHARES)
@pytest.mark.parametrize(
    "media_type",
    [
        "application/x-www-form-urlencoded",
        "text/plain",
        "text/json",
        "application/problem+json",
        "application/json; charset=latin-1",
        "application/jsonx",
        "nonsense",
        "",
    ],
)
def test_a_body_of_another_media_type_gets_415(
    call: Call, assert_envelope: AssertEnvelope, operation: str, path: str, media_type: str
) -> None:
    """A body that declares another media type than JSON is refused, and the type is named."""
    response = call("POST", path, "owner-key", content=b"{}", headers={"Content-Type": media_type})

    assert_envelope(response, operation, 415, "not_json", content_type=media_type)


@pytest.mark.parametrize(("operation", "path"), SHARES)
def test_a_body_over_64_kib_gets_413(call: Call, assert_envelope: AssertEnvelope, operation: str, path: str) -> None:
    """A body of one byte more than 64 KiB is refused."""
    response = call("POST", path, "owner-key", content=b" " * 65537, headers={"Content-Type": "application/json"})

    assert_envelope(response, operation, 413, "too_large")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", "/v1/music/shared"),
        ("GET", "/v1/music/shared/"),
        ("GET", "/v1/music/shared/shr_track/"),
        ("POST", f"{TRACK}/"),
        ("POST", f"{SAVE}/"),
        ("POST", f"{SAVE}%0A"),
        ("POST", f"{SAVE}%0a"),
        ("POST", f"{TRACK}%0A"),
        ("POST", f"{TRACK}%2F"),
        ("POST", "/v1/music/org_abc123/tracks//share"),
        ("POST", "//v1/music/shared/shr_track/save"),
        ("GET", "/V1/music/shared/shr_track"),
        ("GET", "/ui/"),
        ("PUT", "/nothing"),
    ],
)
def test_an_unknown_path_gets_404_and_no_redirect(
    call: Call, assert_envelope: AssertEnvelope, method: str, path: str
) -> None:
    """A path that no operation has, one with a trailing slash or line feed too, is answered as no endpoint."""
    assert_envelope(call(method, path, "owner-key"), "-", 404, "unknown_path")


@pytest.mark.parametrize(
    ("method", "path", "allow"),
    [
        ("GET", TRACK, "POST"),
        ("PUT", COLLECTION, "POST"),
        ("OPTIONS", SAVE, "POST"),
        ("POST", "/v1/music/shared/shr_track", "GET, HEAD"),
        ("DELETE", "/v1/music/shared/shr_track", "GET, HEAD"),
        ("OPTIONS", "/v1/music/shared/shr_track", "GET, HEAD"),
        ("BREW", "/v1/music/shared/shr_track", "GET, HEAD"),
    ],
)
def test_a_wrong_method_gets_405_that_names_the_right_ones(
    call: Call, assert_envelope: AssertEnvelope, method: str, path: str, allow: str
) -> None:
    """A method that a path does not have is refused with `Allow`, in alphabetical order."""
    response = call(method, path, "owner-key")

    assert_envelope(response, "-", 405, "wrong_method")
    assert allow == response.headers["allow"]


def test_an_exception_that_nobody_foresaw_is_unexpected() -> None:
    """Whatever has no description of its own becomes the one answer that tells nothing."""
    assert UNEXPECTED is problem(KeyError("secret"), None)


def test_an_http_exception_of_another_status_is_unexpected() -> None:
    """Of the web framework's own exceptions only the wrong method is known; any other one is a fault of ours."""
    assert UNEXPECTED is problem(HTTPException(418), "shareTrack")


def test_a_database_that_is_away_is_said_to_be() -> None:
    """Whoever is told so may try again in a second."""
    described = problem(StoreUnavailable(), "shareTrack")

    assert (503, "SERVICE_UNAVAILABLE", "server_error") == (described.status, described.code, described.type)
    assert [(b"retry-after", b"1")] == described.headers
