"""A hunt for canaries: the key and the token must not turn up where nobody asked for them."""

import asyncio
import io
import logging
import pickle
import sys
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import anyio
import httpx
import pytest

from aitronos import Aitronos, AitronosError, AsyncAitronos
from aitronos.testing import instant_retries

from .stub import (
    Answer,
    Behaviour,
    Stub,
    dribbled_body,
    envelope,
    library_edge,
    refusing,
    reset_after_request,
    reset_within_body,
    share_link,
    shared_collection,
    shared_track,
    silence,
)

KEY = "canary-key-7f3b"
TOKEN = "shr_canary0000000000000000000000beef"
OPAQUE = "canary-without-prefix"
SECRETS = (KEY, TOKEN, OPAQUE)

Act = Callable[[Any, str], Any]

ACTS: dict[str, Act] = {
    "share_track": lambda client, token: client.music.share_track("org_abc123", "mtrack_1"),
    "resolve_share": lambda client, token: client.music.resolve_share(token),
    "save_shared_track": lambda client, token: client.music.save_shared_track(token),
    "raw resolve": lambda client, token: client.get(f"/v1/music/shared/{token}"),
    "raw save": lambda client, token: client.post(f"/v1/music/shared/{token}/save", json={"note": token}),
    "with_raw_response": lambda client, token: client.music.with_raw_response.resolve_share(token).parse(),
    "bad url": lambda client, token: client.music.resolve_share(f"https://elsewhere.example/v1/music/shared/{token}"),
    "bad token": lambda client, token: client.music.save_shared_track(f"{token}/.."),
    "bad path": lambda client, token: client.get(f"/v1/music/shared/{token}?x"),
    "bad json": lambda client, token: client.post("/v1/things", json={token: object()}),
}


def telling(status: int) -> Callable[[str], Answer]:
    """An answer that repeats key and token in headers and body."""

    def answer(token: str) -> Answer:
        echo = f"{KEY} {token} /v1/music/shared/{token}"
        headers = {"location": f"/v1/music/shared/{token}", "x-echo": echo, "x-request-id": f"req_{token}_{KEY}"}
        body = envelope(status, message=echo, details={echo: [echo]}, code=token, trace_id=token)
        return Answer(body, status, headers)

    return answer


FAULTS: dict[str, Callable[[str], Behaviour]] = {
    "404": telling(404),
    "422": telling(422),
    "503": telling(503),
    "307": telling(307),
    "html": lambda token: Answer(f"<html>{token} {KEY}".encode(), 502),
    "nonsense": lambda token: Answer(f"{token} {KEY}".encode(), 200),
    "wrong": lambda token: Answer({"kind": token, "token": token, token: KEY}, 200),
    "reset": lambda token: reset_after_request,
    "cut": lambda token: reset_within_body,
    "slow": lambda token: dribbled_body,
}


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """All that any logger says, with the root logger at DEBUG."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    root = logging.getLogger()
    before = root.level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(before)


def blocking(url: str, act: Act, token: str) -> AitronosError | None:
    """Act through the blocking client."""
    with Aitronos(KEY, base_url=url, timeout=0.3) as client:
        try:
            act(client, token)
        except AitronosError as error:
            return error
    return None


def awaited(url: str, act: Act, token: str) -> AitronosError | None:
    """Act through the asynchronous client."""

    async def main() -> AitronosError | None:
        async with AsyncAitronos(KEY, base_url=url, timeout=0.3) as client:
            try:
                result = await act(client, token) if act is not ACTS["with_raw_response"] else None
                repr(result)
            except AitronosError as error:
                return error
        return None

    return anyio.run(main)


def shown(error: AitronosError) -> str:
    """All that people, crash reporters and pickles get of an error, below the frames of this module."""
    frames = error.__traceback__
    while frames is not None and frames.tb_frame.f_code.co_filename == __file__:
        frames = frames.tb_next
    inside = traceback.TracebackException(type(error), error, frames, capture_locals=True)
    chain = [error.__cause__, error.__context__]
    return f"{error} {error!r} {vars(error)} {pickle.dumps(error)!r} {''.join(inside.format())} {chain}"


@pytest.mark.parametrize("run", [blocking, awaited])
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize(
    ("act", "token"),
    # A token without the known prefix, of another link, cannot be known for one.
    [(act, token) for act in ACTS for token in (TOKEN, OPAQUE) if (act, token) != ("share_track", OPAQUE)],
)
def test_no_secret_in_errors_and_logs(
    run: Callable[[str, Act, str], AitronosError | None], fault: str, act: str, token: str, log: io.StringIO
) -> None:
    """Whatever fails, neither the exception nor any logger knows the key or the token."""
    with Stub(FAULTS[fault](token)) as stub, instant_retries():
        error = run(stub.url, ACTS[act], token)
    told = (shown(error) if error else "") + log.getvalue()
    assert [secret for secret in SECRETS if secret in told] == []


@pytest.mark.parametrize("run", [blocking, awaited])
def test_no_secret_when_nobody_answers(run: Callable[[str, Act, str], AitronosError | None], log: io.StringIO) -> None:
    """A refused connection tells no more."""
    with refusing() as url, instant_retries():
        error = run(url, ACTS["resolve_share"], TOKEN)
    assert error is not None
    assert [secret for secret in SECRETS if secret in shown(error) + log.getvalue()] == []


def test_no_secret_in_logs_of_success(log: io.StringIO) -> None:
    """A successful call is a line with the route template, and nothing else."""
    told = {"x-request-id": f"req_{KEY}"}
    answers = (Answer(share_link(token=TOKEN), 201, told), Answer(shared_track()), Answer(library_edge(), 201))
    with Stub(*answers) as stub, Aitronos(KEY, base_url=stub.url) as client:
        link = client.music.share_track("org_abc123", "mtrack_1")
        client.music.resolve_share(link.token)
        client.music.save_shared_track(OPAQUE)
    assert [secret for secret in SECRETS if secret in log.getvalue()] == []
    assert "GET /v1/music/shared/{token} " in log.getvalue()


def test_no_secret_in_reprs() -> None:
    """Clients, their parts and their results can be printed."""
    answer = Answer(share_link(token=TOKEN, url=f"https://a/v1/music/shared/{OPAQUE}"), 201)
    headers = {"Authorization": f"Bearer {KEY}"}
    with Stub(answer) as stub, Aitronos(KEY, base_url=stub.url, headers=headers) as client:
        results = [
            client.music.share_track("org_abc123", "mtrack_1"),
            client.music.with_raw_response.share_track("org_abc123", "mtrack_1"),
            client.post("/v1/music/org_abc123/tracks/mtrack_1/share"),
        ]
        things = [client, client.music, *vars(client).values(), client.with_options(timeout=1), *results]
        told = " ".join(f"{thing!r} {thing!s}" for thing in things)
    assert [secret for secret in SECRETS if secret in told] == []


def test_the_hunt_finds_canaries() -> None:
    """The test of the tests: a secret in a message, an attribute or a frame would be found."""

    def fail(secret: str) -> None:
        raise AitronosError("It failed.")

    assert KEY in shown(AitronosError(KEY))
    with pytest.raises(AitronosError) as caught:
        fail(KEY)
    frames = caught.value.__traceback__
    assert frames is not None
    inside = traceback.TracebackException(AitronosError, caught.value, frames, capture_locals=True)
    assert KEY in "".join(inside.format())
    assert sys.exc_info() == (None, None, None)


FOREIGN: dict[str, Callable[[Any], Any]] = {
    "misspelt option": lambda client: client.music.resolve_share(TOKEN, bogus=1),
    "missing argument": lambda client: client.music.share_track(TOKEN),
    "misspelt argument": lambda client: client.get(f"/v1/music/shared/{TOKEN}", bogus=KEY),
    "interruption": lambda client: client.music.save_shared_track(TOKEN),
}


def inside(error: BaseException) -> str:
    """All that a crash reporter sees of an exception below the frames of this module, causes included."""
    for frames in (error, error.__cause__, error.__context__):
        while frames and frames.__traceback__ and frames.__traceback__.tb_frame.f_code.co_filename == __file__:
            frames.__traceback__ = frames.__traceback__.tb_next
    return "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())


def interrupting(response: object) -> None:
    """A hook in which the user presses Ctrl-C."""
    raise KeyboardInterrupt


@pytest.mark.parametrize("mistake", FOREIGN)
def test_no_secret_in_foreign_exceptions(mistake: str) -> None:
    """What is raised by others, or by Python itself, shows no locals of ours and of the libraries below."""
    hooks = {"response": [interrupting]}
    with (
        Stub(Answer(shared_track())) as stub,
        httpx.Client(event_hooks=hooks) as http_client,
        Aitronos(KEY, base_url=stub.url, http_client=http_client) as client,
        pytest.raises((TypeError, KeyboardInterrupt)) as caught,
    ):
        FOREIGN[mistake](client)
    assert [secret for secret in SECRETS if secret in inside(caught.value)] == []


def test_the_lines_of_foreign_exceptions_stay() -> None:
    """A hook that fails is found by its traceback, from the call down to its line."""
    with (
        Stub(Answer(shared_track())) as stub,
        httpx.Client(event_hooks={"response": [interrupting]}) as http_client,
        pytest.raises(KeyboardInterrupt) as caught,
    ):
        Aitronos(KEY, base_url=stub.url, http_client=http_client).music.resolve_share(TOKEN)
    names = [frame.name for frame in traceback.extract_tb(caught.value.__traceback__)]
    assert (names[1:3], names[-1]) == (["resolve_share", "send"], "interrupting")


def test_no_secret_in_a_construction_that_fails() -> None:
    """A client with a misspelt option shows neither its key nor a second exception."""
    with pytest.raises(TypeError, match="bogus") as caught:
        Aitronos(KEY, bogus=1)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue] - misspelt
    assert KEY not in inside(caught.value)
    assert repr(object.__new__(Aitronos)) == "<unfinished Aitronos>"


@pytest.mark.parametrize("act", [act for act in ACTS if "bad" not in act and "raw_response" not in act])
def test_no_secret_in_a_call_that_is_given_up(act: str) -> None:
    """The exception of `asyncio.wait_for`, and the cancellation in its chain, show no locals of ours."""

    async def main(url: str) -> None:
        async with AsyncAitronos(KEY, base_url=url) as client:
            await asyncio.wait_for(ACTS[act](client, TOKEN), 0.2)

    with Stub(silence) as stub, pytest.raises(TimeoutError) as caught:
        asyncio.run(main(stub.url))
    assert isinstance(caught.value.__cause__, asyncio.CancelledError)
    told = inside(caught.value)
    # The frame of the test's own main is the caller's.
    assert [secret for secret in SECRETS if secret in told] == []


def poisoned(value: object, poison: str) -> Any:
    """A document whose every text, and one field more in every object, is the poison; what a date must be stays."""
    if isinstance(value, dict):
        kept = {"kind", "expires_at", "created_at"}
        spoilt = {name: item if name in kept else poisoned(item, poison) for name, item in value.items()}
        return {**spoilt, "note": poison, poison: [poison]}
    if isinstance(value, list):
        return [poisoned(item, poison) for item in value]
    return poison if isinstance(value, str) else value


RESULTS: dict[str, tuple[Act, dict[str, Any]]] = {
    "track": (ACTS["resolve_share"], shared_track()),
    "collection": (ACTS["resolve_share"], shared_collection()),
    "removed": (ACTS["resolve_share"], shared_track(available=False, track=None)),
    "edge": (ACTS["save_shared_track"], library_edge()),
    "link": (ACTS["share_track"], share_link()),
    "raw": (ACTS["raw resolve"], shared_track()),
    "response": (lambda client, token: client.music.with_raw_response.resolve_share(token), shared_track()),
}


@pytest.mark.parametrize("token", [TOKEN, OPAQUE])
@pytest.mark.parametrize("result", RESULTS)
def test_no_secret_in_reprs_of_echoes(result: str, token: str) -> None:
    """A server that repeats key and token in every field and header brings them into no repr; the data stays."""
    act, document = RESULTS[result]
    poison = f"{KEY}" if act is ACTS["share_track"] else f"{KEY} {token}"
    answer = Answer(poisoned(document, poison), 200, {"x-request-id": poison})
    with Stub(answer) as stub, Aitronos(KEY, base_url=stub.url) as client:
        got = act(client, token)
    parts = [getattr(got, name, None) for name in ("track", "tracks", "share", "collection", "request_id")]
    lists = [getattr(part, name, None) for part in parts for name in ("target_type", "visibility", "licence")]
    told = f"{got!r} {parts!r} {lists!r} {got.request_id}"
    assert [secret for secret in SECRETS if secret in told] == []
    if hasattr(got, "to_dict"):
        assert got.to_dict()["note"] == poison


def test_no_secret_in_a_parse_error() -> None:
    """The request id of an answer that cannot be read is hidden as well."""
    answer = Answer({}, 200, {"x-request-id": f"{KEY} {OPAQUE}"})
    with Stub(answer) as stub, Aitronos(KEY, base_url=stub.url) as client, pytest.raises(AitronosError) as caught:
        client.music.resolve_share(OPAQUE)
    assert [secret for secret in SECRETS if secret in shown(caught.value)] == []
