"""Every error that the contract shows, asked for with curl, as a reader of the table would."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from .commands import require, run
from .contract import Json, document, looked_up, operations
from .serving import running_mock

TRACKS = "-X POST {mock}/v1/music/org_abc123/tracks/"
COLLECTIONS = "-X POST {mock}/v1/music/org_abc123/collections/"
SHARED = "{mock}/v1/music/shared/"
OWNER = " -H 'X-API-Key: your-api-key'"
MEMBER = " -H 'X-API-Key: member-api-key'"
RECIPIENT = " -H 'X-API-Key: recipient-api-key'"
OUTSIDER = " -H 'X-API-Key: outsider-api-key'"
NOBODY = " -H 'X-API-Key: nobody'"
JSON = " -H 'Content-Type: application/json'"
TRACK, COLLECTION = "mtrack_b4d9e1c6a72f/share", "mcoll_5e8a1d3f9c27/share"

UNSHOWN = {("500", "unexpected")}
"""No request makes the mock fail; what it answers when it does is tested where its parts can be made to."""


@dataclass(frozen=True, slots=True)
class Row:
    """One error: where the contract shows it, the curl line that causes it, and the details that are the line's own."""

    operation: str
    status: str
    cause: str
    curl: str
    details: Json = field(default_factory=dict)


def share_rows(operation: str, share: str, target: str, id_name: str) -> Iterator[Row]:
    """The errors that both shares have, on one of them."""
    yield Row(operation, "401", "missing_key", share + target)
    yield Row(operation, "401", "invalid_key", share + target + NOBODY)
    yield Row(operation, "403", "not_a_member", share + target + OUTSIDER)
    elsewhere = share.replace("org_abc123", "org_nowhere")
    yield Row(operation, "403", "unknown_organization", elsewhere + target + OWNER, {"organization_id": "org_nowhere"})
    yield Row(operation, "404", "not_owner", share + target + MEMBER)
    yield Row(operation, "404", "unknown", share + "nothing/share" + OWNER, {id_name: "nothing"})
    yield Row(operation, "413", "too_large", share + target + OWNER + JSON + " -d @large.json")
    yield Row(operation, "415", "not_json", share + target + OWNER + " -d visibility=public")
    for cause, body in BODIES.items():
        yield Row(operation, "422", cause, f"{share}{target}{OWNER}{JSON} -d '{body}'")


BODIES = {
    "malformed_json": "{{",
    "not_an_object": "[]",
    "unknown_field": '{{"expire_in_days": 30}}',
    "days_wrong_type": '{{"expires_in_days": "30"}}',
    "days_below_minimum": '{{"expires_in_days": 0}}',
    "visibility_unknown": '{{"visibility": "friends"}}',
    "visibility_null": '{{"visibility": null}}',
    "several": '{{"visibility": "friends", "expires_in_days": 0}}',
}
"""Bodies that are refused, with their braces doubled."""

GONE = {
    "unknown": "shr_00000000000000000000000000000000",
    "revoked": "shr_11111111111111111111111111111111",
    "expired": "shr_22222222222222222222222222222222",
    "over_limit": "shr_66666666666666666666666666666666",
}
"""Tokens that neither open nor save."""

UNSAVEABLE = GONE | {
    "removed": "shr_33333333333333333333333333333333",
    "collection": "shr_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d",
}
SAVE = f"-X POST {SHARED}shr_9f3a2b7c1e4d6a8f0b2c4d6e8f1a3b5c/save"
REMOVED = {"track_id": "mtrack_d0e1f2a3b4c5"}, {"collection_id": "mcoll_9c7e5a3b1d0f"}

ROWS = [
    *share_rows("shareTrack", TRACKS, TRACK, "track_id"),
    Row("shareTrack", "404", "removed", f"{TRACKS}{REMOVED[0]['track_id']}/share{OWNER}", REMOVED[0]),
    *share_rows("shareCollection", COLLECTIONS, COLLECTION, "collection_id"),
    Row("shareCollection", "404", "removed", f"{COLLECTIONS}{REMOVED[1]['collection_id']}/share{OWNER}", REMOVED[1]),
    *(Row("resolveShare", "404", cause, SHARED + token) for cause, token in GONE.items()),
    Row("saveSharedTrack", "401", "missing_key", SAVE),
    Row("saveSharedTrack", "401", "invalid_key", SAVE + NOBODY),
    *(
        Row("saveSharedTrack", "404", cause, f"-X POST {SHARED}{token}/save{RECIPIENT}")
        for cause, token in UNSAVEABLE.items()
    ),
    Row("-", "400", "malformed_http", "-X 'NO METHOD' {mock}/"),
    Row("-", "404", "unknown_path", "{mock}/v1/music/nowhere"),
    Row("-", "405", "wrong_method", "-X DELETE " + SHARED + GONE["unknown"]),
]
TOO_MANY = Row("resolveShare", "429", "client_ip", SHARED + GONE["unknown"])


def responses(operation: str) -> Json:
    """The answers of an operation, or those that belong to none."""
    found: Json = (
        document()["x-unrouted-responses"] if operation == "-" else operations()[operation].described["responses"]
    )
    return found


def shown(operation: str, status: str) -> dict[str, Any]:
    """The examples of an error, by their causes."""
    examples = looked_up(responses(operation)[status])["content"]["application/json"]["examples"]
    return {cause: looked_up(example)["value"] for cause, example in examples.items()}


def assert_answers(row: Row, mock_url: str, folder: Path) -> None:
    """A curl line is answered with the example of its row, at the moment and under the id of its own request."""
    require("curl")
    (folder / "large.json").write_text(json.dumps({"visibility": "public", "padding": "x" * 65536}), "utf-8")
    line = shlex.split(f"curl -s -D headers {row.curl.format(mock=mock_url)}")
    error = json.loads(run(tuple(line), {}, "", folder))
    headers = (folder / "headers").read_text("latin-1")
    expected = shown(row.operation, row.status)[row.cause]
    varying = {"trace_id": _header("x-request-id", headers), "timestamp": error["error"]["timestamp"]}
    details = expected["error"]["details"] | row.details
    assert {"success": False, "error": expected["error"] | varying | {"details": details}} == error
    assert row.status == re.findall(r"^HTTP/1.1 (\d+)", headers, re.MULTILINE)[-1]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", error["error"]["timestamp"])


def _header(name: str, headers: str) -> str | None:
    found = re.search(rf"^{name}: (.*?)\r?$", headers, re.MULTILINE | re.IGNORECASE)
    return found and found[1]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.operation}-{row.status}-{row.cause}")
def test_an_error_is_the_one_of_the_contract(row: Row, mock_url: str, tmp_path: Path) -> None:
    """A request that goes wrong in this way is answered with the status and the envelope that the contract shows."""
    assert_answers(row, mock_url, tmp_path)


def test_too_many_opens_are_refused_with_the_documented_envelope(tmp_path: Path) -> None:
    """The first open uses up an allowance of one, and the second is told how long to wait."""
    require("curl")
    with running_mock("--resolve-rate-limit", "1/minute") as mock_url:
        run(("curl", "-s", TOO_MANY.curl.format(mock=mock_url)), {}, "")
        assert_answers(TOO_MANY, mock_url, tmp_path)
    wait = _header("retry-after", (tmp_path / "headers").read_text("latin-1"))
    assert wait
    assert 0 < int(wait) <= 60


def test_every_error_of_the_contract_has_its_row() -> None:
    """Operation by operation, status by status, cause by cause: nothing that the contract shows is left untried."""
    expected = {
        (operation, status, cause)
        for operation in [*operations(), "-"]
        for status in responses(operation)
        if status >= "400"
        for cause in shown(operation, status)
        if (status, cause) not in UNSHOWN
    }
    assert expected == {(row.operation, row.status, row.cause) for row in [*ROWS, TOO_MANY]}


def test_another_answer_fails(mock_url: str, tmp_path: Path) -> None:
    """A row that the mock answers otherwise is found."""
    row = Row("resolveShare", "404", "unknown", "{mock}/v1/music/nowhere")
    with pytest.raises(AssertionError):
        assert_answers(row, mock_url, tmp_path)
