"""The outermost layer: into which sandbox a request goes, and by which path."""

from __future__ import annotations

import pytest

from .whole import LINK, OWNER, RESOLVE, SHARE_TRACK, TOKEN, Whole


def test_a_sandbox_sees_its_requests_as_the_root_does(whole: Whole) -> None:
    """The prefix is taken off before anything else looks at the path."""
    name = whole.create()
    whole.call("GET", RESOLVE, sandbox=name)

    assert [("/v1/music/shared/{token}", "resolveShare")] == [
        (each["path"], each["operation"]) for each in whole.items("/requests", name)
    ]


@pytest.mark.parametrize("path", ["", "/"])
def test_a_sandbox_without_a_path_is_an_unknown_endpoint(whole: Whole, path: str) -> None:
    """`base_url` itself is answered by the sandbox, which has nothing there."""
    name = whole.create()

    assert "ENDPOINT_NOT_FOUND" == whole.ask("GET", f"/sandboxes/{name}{path}").json()["error"]["code"]
    assert 1 == len(whole.items("/requests", name))


@pytest.mark.parametrize("name", ["%63heckout", "checkout%2F", "Checkout", "checkout%00"])
def test_a_name_is_compared_as_it_was_sent(whole: Whole, name: str) -> None:
    """Another spelling of a name is another name."""
    whole.create(name="checkout")

    assert "SANDBOX_NOT_FOUND" == whole.ask("GET", f"/sandboxes/{name}{RESOLVE}").json()["error"]["code"]


def test_sandboxes_do_not_nest(whole: Whole) -> None:
    """Within a sandbox, `/sandboxes` is a path like any other."""
    outer, inner = whole.create(), whole.create()
    nested = whole.ask("GET", f"/sandboxes/{outer}/sandboxes/{inner}{RESOLVE}")

    assert "ENDPOINT_NOT_FOUND" == nested.json()["error"]["code"]


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"/v1/music/shared/{TOKEN[:-1]}%{ord(TOKEN[-1]):02x}", None),
        (f"/v1/music/shared%2F{TOKEN}", "ENDPOINT_NOT_FOUND"),
        (f"/v1/music/shared/{TOKEN}%0A", "RESOURCE_NOT_FOUND"),
        (f"/_mock%2Flinks%2F{LINK}%2Frevoke", "ENDPOINT_NOT_FOUND"),
    ],
)
def test_encoding_means_the_same_in_a_sandbox(whole: Whole, path: str, code: str | None) -> None:
    """Below a prefix as at the root, encoded characters are decoded, and encoded slashes separate nothing."""
    name = whole.create()
    answers = [whole.ask("GET", prefix + path) for prefix in ("", f"/sandboxes/{name}")]

    assert [code] * 2 == [answer.json().get("error", {}).get("code") for answer in answers]


def test_headers_and_ids_are_those_of_every_answer(whole: Whole) -> None:
    """Answers of the control plane have what all have: an id that the envelope repeats, the time taken, the version."""
    answers = [whole.control("GET", "/health"), whole.control("POST", "/reset"), whole.ask("GET", "/sandboxes/no")]

    assert {"2025-01-01"} == {answer.headers["freddy-api-version"] for answer in answers}
    assert 3 == len({answer.headers["x-request-id"] for answer in answers})
    assert answers[2].headers["x-request-id"] == answers[2].json()["error"]["trace_id"]


def test_a_body_goes_through_the_prefix(whole: Whole) -> None:
    """A share with a body is validated in a sandbox as at the root."""
    name = whole.create()

    assert "public" == whole.call("POST", SHARE_TRACK, OWNER, name, json={"visibility": "public"}).json()["visibility"]
    assert 422 == whole.call("POST", SHARE_TRACK, OWNER, name, json={"visibility": "secret"}).status_code
