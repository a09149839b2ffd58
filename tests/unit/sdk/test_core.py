"""The life of a call, driven by hand: no network, no waiting."""

import logging
from typing import Any

import pytest

from aitronos import APITimeoutError, InternalServerError, _calls, _core
from aitronos._budget import Budget
from aitronos._options import Options
from aitronos._settings import Settings
from aitronos._wire import Attempt, Failure, Pause, Reply, Request, Trouble

from .stub import KEY, ORGANIZATION, TOKEN, TRACK

SHARE = _calls.share_track(ORGANIZATION, TRACK, None, None, {})
RESOLVE = _calls.resolve_share(TOKEN, "http://a", {})


def request(call: _calls.Call[Any], key: str | None = KEY, **headers: str) -> Request:
    """The request of a call."""
    return _core.request_for(call, Settings(key, "http://a/prefix"), Options(headers=headers))


def steps(call: _calls.Call[Any], **options: Any) -> _core.Steps:
    """A conversation about a call."""
    around = _core.Circumstances(Settings(KEY, "http://a"), Options(**options), Budget())
    return _core.conversation(call, around)


def test_request_for_a_share() -> None:
    """The request carries key, media type and our name."""
    written = request(SHARE)
    assert written.method == "POST"
    assert written.url == f"http://a/prefix/v1/music/{ORGANIZATION}/tracks/{TRACK}/share"
    assert written.body == b"{}"
    assert written.headers["x-api-key"] == KEY
    assert written.headers["content-type"] == "application/json"
    assert written.headers["user-agent"].startswith("aitronos-sdk/")


def test_request_without_a_key() -> None:
    """Without a key none is sent; the server says what it thinks of it."""
    assert "x-api-key" not in request(SHARE, key=None).headers


@pytest.mark.parametrize(
    "name",
    [
        "X-API-Key",
        "Authorization",
        "Proxy-Authorization",
        "Cookie",
        "Cookie2",
        "X-Auth-Token",
        "X-Amz-Security-Token",
        "X-Session-Id",
        "X-Client-Secret",
        "X-Password",
        "X-Goog-Iam-Credentials",
        "Ocp-Apim-Subscription-Key",
    ],
)
def test_a_public_route_gets_no_credentials(name: str) -> None:
    """Neither the client's key nor anything among the caller's own headers that says who is asking."""
    written = request(RESOLVE, **{name: "s3cretive", "X-Team": "radio"})
    assert "s3cretive" not in written.headers.values()
    assert KEY not in written.headers.values()
    assert written.headers["x-team"] == "radio"
    assert request(SHARE, **{name: "s3cretive"}).headers[name.lower()] in ("s3cretive", KEY)


def test_request_without_a_body() -> None:
    """What has no body has no media type."""
    assert "content-type" not in request(RESOLVE).headers


def test_request_repr() -> None:
    """A request shows its method and nothing that could be a secret."""
    assert repr(request(RESOLVE)) == "Request(method='GET')"


def test_call_repr() -> None:
    """A call shows its route."""
    assert TOKEN not in repr(RESOLVE)
    assert "/v1/music/shared/{token}" in repr(RESOLVE)


def test_conversation_that_succeeds() -> None:
    """One attempt, one answer."""
    talk = steps(RESOLVE)
    assert isinstance(talk.send(None), Attempt)
    with pytest.raises(StopIteration) as stop:
        talk.send(Reply(200, {}, b"{}"))
    assert stop.value.value == Reply(200, {}, b"{}")


def test_conversation_with_a_retry() -> None:
    """A failure that may pass is followed by a pause and another attempt under the same deadline."""
    talk = steps(RESOLVE)
    first = talk.send(None)
    assert isinstance(talk.send(Reply(503, {"retry-after": "1"}, b"")), Pause)
    assert talk.send(None) == first


def test_conversation_that_gives_up() -> None:
    """The last outcome becomes the exception."""
    talk = steps(RESOLVE, max_retries=0)
    talk.send(None)
    with pytest.raises(InternalServerError):
        talk.send(Reply(503, {}, b""))


def test_conversation_past_the_deadline() -> None:
    """A deadline that passed is not argued with."""
    talk = steps(RESOLVE)
    talk.send(None)
    with pytest.raises(APITimeoutError, match="1 attempt"):
        talk.send(Failure(Trouble.OUT_OF_TIME, "late"))


def test_the_deadline_is_one() -> None:
    """A retry's pause that would end after the deadline is not begun."""
    talk = steps(RESOLVE, timeout=0.9)
    talk.send(None)
    with pytest.raises(InternalServerError):
        talk.send(Reply(503, {"retry-after": "1"}, b""))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Authorization", "Bearer s3cretive"),
        ("Proxy-Authorization", "Basic s3cretive=="),
        ("Cookie", "session=s3cretive; theme=dark"),
        ("X-Auth-Token", "s3cretive"),
    ],
)
def test_secrets_of_the_request_are_redacted(name: str, value: str) -> None:
    """What was sent as a credential does not come back in an exception, whole or in parts."""
    around = _core.Circumstances(Settings(None, "http://a"), Options(headers={name: value}), Budget())
    talk = _core.conversation(SHARE, around)
    talk.send(None)
    with pytest.raises(InternalServerError) as caught:
        talk.send(Reply(500, {}, b'{"error": {"message": "got s3cretive"}}'))
    assert str(caught.value) == "500: got [redacted]"


def test_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    """Each attempt is a line of method, route template, status, request id and duration."""
    with caplog.at_level(logging.DEBUG, logger="aitronos"):
        talk = steps(RESOLVE)
        talk.send(None)
        talk.send(Reply(503, {"x-request-id": f"req_{TOKEN}"}, b""))
        talk.send(None)
        with pytest.raises(APITimeoutError):
            talk.send(Failure(Trouble.OUT_OF_TIME, TOKEN))
    assert [record.getMessage() for record in caplog.records] == [
        "GET /v1/music/shared/{token} 0 ms 503 req_[redacted]",
        "GET /v1/music/shared/{token} 0 ms OUT_OF_TIME",
    ]


def test_no_log_lines_unless_wanted(caplog: pytest.LogCaptureFixture) -> None:
    """Above DEBUG the package is silent."""
    with caplog.at_level(logging.INFO, logger="aitronos"):
        talk = steps(RESOLVE)
        talk.send(None)
        with pytest.raises(StopIteration):
            talk.send(Reply(200, {}, b""))
    assert caplog.records == []
