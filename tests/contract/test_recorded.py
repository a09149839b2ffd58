"""Every recorded request and answer is as openapi.yaml describes it, and the judge of that can say no."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from aitronos_mock.cassettes import conformance
from aitronos_mock.cassettes.reading import Interaction
from cassettes.scenarios import SCENARIOS

from .replaying import recorded

Change = Callable[[Interaction], Interaction]

SHARE = recorded("shareTrack/201-expiring")[0]
REFUSED = recorded("shareTrack/422-days_below_minimum")[0]
UNAUTHORIZED = recorded("shareTrack/401-invalid_key")[0]
FORM = recorded("shareTrack/415-not_json")[0]
OPENED = recorded("resolveShare/200-track")[-1]
LIMITED = recorded("resolveShare/429-client_ip")[-1]
SAVED = recorded("saveSharedTrack/201-saved")[-1]


def problems(interaction: Interaction) -> list[str]:
    """What the judge says of a recording that nothing was taken out of."""
    return [each.message for each in conformance.problems(interaction, complete=True)]


def all_interactions() -> Iterator[Any]:
    """Every interaction of every cassette."""
    for scenario in SCENARIOS:
        for number, interaction in enumerate(recorded(scenario.name)):
            yield pytest.param(interaction, id=f"{scenario.name}-{number}")


@pytest.mark.parametrize("interaction", list(all_interactions()))
def test_it_is_as_the_contract_describes_it(interaction: Interaction) -> None:
    """Operation, status, media types, headers, bodies and credentials are as documented."""
    assert problems(interaction) == []


@pytest.mark.parametrize("interaction", list(all_interactions()))
def test_a_resolve_carries_no_credential(interaction: Interaction) -> None:
    """Said once more without the judge: the public operation is sent no key, although its caller holds one."""
    if interaction.method == "GET":
        assert {"x-api-key", "authorization", "cookie"} & interaction.request_headers.keys() == set()


def with_header(name: str, value: str | None) -> Change:
    """Another value of a response header, or none."""

    def change(interaction: Interaction) -> Interaction:
        others = {each: kept for each, kept in interaction.headers.items() if each != name}
        return replace(interaction, headers=others if value is None else others | {name: value})

    return change


def with_request_header(name: str, value: str | None) -> Change:
    """Another value of a request header, or none."""

    def change(interaction: Interaction) -> Interaction:
        others = {each: kept for each, kept in interaction.request_headers.items() if each != name}
        return replace(interaction, request_headers=others if value is None else others | {name: value})

    return change


def with_body(*path: str, value: Any = ...) -> Change:
    """Another value in the answer's body, or none at all."""

    def change(interaction: Interaction) -> Interaction:
        body = node = json.loads(interaction.body)
        *way, name = path
        for step in way:
            node = node[step]
        del node[name]
        if value is not ...:
            node[name] = value
        return replace(interaction, body=json.dumps(body).encode())

    return change


def with_raw(**fields: Any) -> Change:
    """Other parts."""
    return lambda interaction: replace(interaction, **fields)


WRONG: dict[str, tuple[Interaction, Change, str]] = {
    "status": (SHARE, with_raw(status=202), "documents no 202"),
    "path": (SHARE, with_raw(uri="https://api.aitronos.com/v1/music"), "unrouted documents no 201"),
    "method": (SAVED, with_raw(method="PUT"), "unrouted documents no 201"),
    "key to the public": (OPENED, with_request_header("x-api-key", "k"), "carries x-api-key to a public operation"),
    "bearer to the public": (
        OPENED,
        with_request_header("authorization", "Bearer k"),
        "carries authorization to a public operation",
    ),
    "no credential": (SAVED, with_request_header("x-api-key", None), "carries no credential"),
    "no request id": (SHARE, with_header("x-request-id", None), "header x-request-id is missing"),
    "form of the request id": (SHARE, with_header("x-request-id", "42"), "header x-request-id"),
    "no number": (SHARE, with_header("freddy-processing-ms", "fast"), "header freddy-processing-ms"),
    "negative": (SHARE, with_header("freddy-processing-ms", "-1"), "header freddy-processing-ms"),
    "no date": (SHARE, with_header("freddy-api-version", "latest"), "header freddy-api-version"),
    "no limit": (OPENED, with_header("x-ratelimit-limit", "0"), "header X-RateLimit-Limit"),
    "reset": (OPENED, with_header("x-ratelimit-reset", "soon"), "header X-RateLimit-Reset"),
    "remaining": (OPENED, with_header("x-ratelimit-remaining", None), "header X-RateLimit-Remaining is missing"),
    "wait": (LIMITED, with_header("retry-after", None), "header Retry-After is missing"),
    "no wait": (LIMITED, with_header("retry-after", "0"), "header Retry-After"),
    "challenge": (UNAUTHORIZED, with_header("www-authenticate", None), "header WWW-Authenticate is missing"),
    "media type": (SHARE, with_header("content-type", "text/html"), "media type of the answer is not documented"),
    "no media type": (SHARE, with_header("content-type", None), "media type of the answer is not documented"),
    "no JSON": (SHARE, with_raw(body=b"<html>"), "body is not JSON"),
    "missing field": (SHARE, with_body("token"), "body $: 'token' is a required property"),
    "null": (SHARE, with_body("token", value=None), "body $.token"),
    "type": (OPENED, with_body("track", "instrumental", value="yes"), "body $.track"),
    "unknown value": (SHARE, with_body("visibility", value="friends"), "body $.visibility"),
    "moment": (SHARE, with_body("created_at", value="28 June"), "body $.created_at"),
    "url": (SHARE, with_body("url", value="not a url"), "body $.url"),
    "missing key of a view": (OPENED, with_body("collection"), "body $: 'collection' is a required property"),
    "envelope without code": (REFUSED, with_body("error", "code"), "body $.error: 'code' is a required property"),
    "other status inside": (REFUSED, with_body("error", "status", value=400), "status is not the HTTP status"),
    "other trace": (REFUSED, with_body("error", "trace_id", value="req_1"), "trace_id is not the x-request-id"),
    "wrong request": (SHARE, with_raw(request_body=b'{"expires_in_days":0}'), "request body $.expires_in_days"),
    "misspelt request": (SHARE, with_raw(request_body=b'{"expire_in_days":1}'), "request body $:"),
    "broken request": (SHARE, with_raw(request_body=b"{"), "request body is not JSON"),
    "right request refused": (REFUSED, with_raw(request_body=b"{}"), "valid request is refused as invalid"),
    "body where none belongs": (SAVED, with_raw(request_body=b"{}"), "takes none"),
    "form accepted": (
        SHARE,
        with_request_header("content-type", "application/x-www-form-urlencoded"),
        "media type of the request and the answer",
    ),
    "JSON refused as form": (
        FORM,
        with_request_header("content-type", "application/json"),
        "media type of the request and the answer",
    ),
}


@pytest.mark.parametrize(("right", "change", "complaint"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_seen(right: Interaction, change: Change, complaint: str) -> None:
    """Of an interaction that is right, every change that the contract does not allow is named."""
    assert problems(right) == []
    found = problems(change(right))
    assert [each for each in found if complaint in each], found


def test_an_empty_body_is_a_body_that_was_left_out() -> None:
    """Sharing with no body at all is as right as sharing with an empty object."""
    assert problems(replace(SHARE, request_body=b"")) == []
