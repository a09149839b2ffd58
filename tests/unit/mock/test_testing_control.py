"""The control plane, as it answers and as something else would."""

from __future__ import annotations

import pickle

import pytest

from aitronos_mock.testing import MockRefused, MockUnavailable
from aitronos_mock.testing.control import Control

REFUSAL = (
    b'{"success": false, "error": {"code": "NOT_THERE", "message": "No.", "system_message": "Not here.", '
    b'"details": {"link_id": "x"}}}'
)


class Line:
    """A way to something that always gives one answer, and what was asked there."""

    def __init__(self, status: int, answer: bytes) -> None:
        self.answer = status, answer
        self.asked: tuple[str, str, bytes | None] | None = None

    def __call__(self, method: str, target: str, body: bytes | None) -> tuple[int, bytes]:
        """Give the answer."""
        self.asked = method, target, body
        return self.answer


def test_a_call_is_written() -> None:
    """Segments are encoded one by one, the query and the body follow, and the answer is decoded."""
    line = Line(200, b'{"items": []}')
    assert {"items": []} == Control(line, "/sandboxes/x").send("PUT", "a/b", "..", query={"n": "&"}, body={"c": 1})
    assert ("PUT", "/sandboxes/x/_mock/a%2Fb/..?n=%26", b'{"c": 1}') == line.asked


def test_an_answer_may_be_empty() -> None:
    """A mere change has no answer, and what has no body sends none."""
    line = Line(204, b"")
    assert Control(line).send("POST", "reset") is None
    assert ("POST", "/_mock/reset", None) == line.asked


def test_a_refusal_says_why() -> None:
    """A refusal has the words of the envelope, and its parts; it survives the way between processes."""
    with pytest.raises(MockRefused, match=r"^No\. Not here\. \(404 NOT_THERE\)$") as caught:
        Control(Line(404, REFUSAL)).send("GET", "x")
    copy = pickle.loads(pickle.dumps(caught.value))  # noqa: S301 - our own bytes
    assert (404, "NOT_THERE", {"link_id": "x"}, str(caught.value)) == (copy.status, copy.code, copy.details, str(copy))


@pytest.mark.parametrize(("status", "answer"), [(200, b"<html>"), (502, b"<html>"), (502, b"{}"), (404, b"")])
def test_a_stranger_is_known(status: int, answer: bytes) -> None:
    """What does not answer as a mock does is said to be something else."""
    with pytest.raises(MockUnavailable, match="is no aitronos-mock; check --aitronos-mock-url"):
        Control(Line(status, answer)).send("GET", "health")
