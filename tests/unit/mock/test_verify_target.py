"""The server under trial."""

from __future__ import annotations

import json
from contextlib import ExitStack
from typing import Any

import pytest

from aitronos_mock.verify.control import Control
from aitronos_mock.verify.given import DOCS, Given
from aitronos_mock.verify.target import Target, Unusable, found, refused_keys
from aitronos_mock.verify.wire import Answer, Request, Unanswered

from .verifying import URL, answered

HEALTHY = answered(200, {"status": "ok", "version": "1"})
MADE = answered(201, {"name": "one"})


class Server:
    """Answers by the method, and takes down what it is asked."""

    def __init__(self, **answers: Answer | Exception) -> None:
        self._answers = answers
        self.asked: list[Request] = []

    def __call__(self, request: Request) -> Answer:
        """The answer to the method."""
        self.asked.append(request)
        answer = self._answers[request.method]
        if isinstance(answer, Exception):
            raise answer
        return answer

    def lines(self) -> list[str]:
        """What was asked."""
        return [f"{each.method} {each.url.removeprefix(URL)}" for each in self.asked]


def target_of(server: Server, url: str = URL, given: Given | None = None, token: str | None = None) -> Target:
    """The target at a URL, after it was left."""
    with ExitStack() as stack:
        entered = found(url, given or Given(), server, is_destructive=False, token=token)
        return stack.enter_context(entered)


@pytest.mark.parametrize("url", [URL, f"{URL}/sandboxes/mine"])
def test_a_mock_gets_a_sandbox_that_goes(url: str) -> None:
    """Of a mock, or a sandbox of one, nothing but a new sandbox is touched, and that is thrown away."""
    server = Server(GET=HEALTHY, POST=MADE, DELETE=answered(204))
    target = target_of(server, url)

    assert ["GET /_mock/health", "POST /_mock/sandboxes", "DELETE /_mock/sandboxes/one"] == server.lines()
    assert (f"{URL}/sandboxes/one", DOCS, True) == (target.base_url, target.given, target.is_destructive)
    assert target.control is not None
    assert target.now() == target.now()
    plan = json.loads(server.asked[1].body or b"")
    assert ("docs", False, {"seed", "clock", "deterministic"}) == (plan["seed"], plan["deterministic"], plan.keys())


def test_a_mock_that_stops_before_the_end_is_no_traceback() -> None:
    """A sandbox that cannot be thrown away is left."""
    assert target_of(Server(GET=HEALTHY, POST=MADE, DELETE=Unanswered("gone"))).control is not None


@pytest.mark.parametrize(
    "health",
    [
        answered(404),
        answered(200, "<html>"),
        answered(200, {"status": "ok"}),
        answered(503, {"status": "ok", "version": "1"}),
    ],
)
def test_any_other_server_is_taken_as_it_is(health: Answer) -> None:
    """Without a mock's answer, no control plane is assumed, and nothing may be left behind."""
    server = Server(GET=health)
    target = target_of(server)
    assert (URL, Given(), False, None) == (target.base_url, target.given, target.is_destructive, target.control)
    assert ["GET /_mock/health"] == server.lines()


def test_a_mock_of_which_something_is_given_is_taken_as_it_is() -> None:
    """What was given belongs to its own world; the control token stays at home."""
    server = Server(GET=HEALTHY)
    target = target_of(server, given=Given(track="mtrack_0"), token="S3cret")
    assert (URL, None) == (target.base_url, target.control)
    assert {} == server.asked[0].headers


def test_the_control_token_goes_to_the_control_plane() -> None:
    """With every request about the sandbox."""
    server = Server(GET=HEALTHY, POST=MADE, DELETE=answered(204))
    target_of(server, token="S3cret")
    assert ["Bearer S3cret"] * 3 == [each.headers["Authorization"] for each in server.asked]


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"GET": Unanswered("refused")}, f"{URL} does not answer (refused); check --target"),
        ({"GET": HEALTHY, "POST": Unanswered("late")}, f"{URL} does not answer (late); check --target"),
        (
            {"GET": answered(401, {"error": {"code": "CONTROL_TOKEN_REQUIRED"}})},
            "this mock wants its control token; set AITRONOS_MOCK_CONTROL_TOKEN",
        ),
        (
            {"GET": HEALTHY, "POST": answered(409, {"error": {"code": "TOO_MANY_SANDBOXES"}})},
            "this mock makes no sandbox (status 409, TOO_MANY_SANDBOXES); see 'aitronos-mock sandbox create'",
        ),
        (
            {"GET": HEALTHY, "POST": answered(201, {"name": 7})},
            "this mock makes no sandbox (status 201, no envelope); see 'aitronos-mock sandbox create'",
        ),
    ],
)
def test_what_cannot_be_verified_is_told(answers: Any, said: str) -> None:
    """One line says what is wrong and what to do."""
    with pytest.raises(Unusable) as reason:
        target_of(Server(**answers))
    assert said == str(reason.value)


def test_refused_keys_are_found() -> None:
    """A given key that is answered with 401 is named, and nothing is saved to find out."""
    asked: list[Request] = []

    def transport(request: Request) -> Answer:
        asked.append(request)
        return answered(401 if request.headers["X-API-Key"] == "wrong" else 404)

    given = Given(owner_key="wrong", recipient_key="right", track="mtrack_0")
    assert ["owner_key"] == refused_keys(Target(URL, transport, given, is_destructive=False))
    assert {f"{URL}/v1/music/shared/shr_{'0' * 32}/save"} == {each.url for each in asked}


def test_a_control_plane_that_refuses_has_no_answer() -> None:
    """A row that needs it fails by that."""
    with pytest.raises(Unanswered, match=r"^the mock's control plane answered 404$"):
        Control(lambda request: answered(404), URL, {}).advance(1)


@pytest.mark.parametrize(("data", "entries"), [({"items": [{"a": 1}, 7]}, [{"a": 1}, {}]), ({"items": 7}, []), (7, [])])
def test_an_audit_is_a_list_of_objects(data: Any, entries: Any) -> None:
    """Whatever came, rows get objects."""
    assert entries == Control(lambda request: answered(200, data), URL, {}).audit()
