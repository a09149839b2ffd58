"""Whatever is passed as an argument gives a result or an exception of this package, and a refused one sends nothing."""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos import Aitronos, AitronosError, AsyncAitronos, InvalidArgumentError, Visibility
from aitronos.testing import instant_retries

from .stub import KEY, RESOLVE_PATH, TOKEN, Stub, share_link, shared_track

TEXTS = st.text(st.characters(exclude_categories=()), max_size=20)
ODD_TEXTS = [
    *("", ".", "..", "/", "//", "\ud800", "a\udfffb", f"{TOKEN}\ud800", "http://a..b", f"http://{'a' * 64}.example"),
    *(
        "http://[::1",
        "http://xn--a.b",
        "http://1.2.3.999",
        "http://1a2b3c4",
        "http://[v1.a]",
        "https://a:b@c",
        RESOLVE_PATH,
    ),
    *("x" * 70_000, "/" + "x" * 70_000, "http://" + "a." * 200 + "b", "http://a/" + "x" * 70_000, " a", "a\r\nb"),
]
# Hypothesis prints what it draws from, and integers of that many digits cannot be printed.
HUGE = st.sampled_from([400, 5000]).map(lambda digits: 10**digits)
PLAIN = st.one_of(
    HUGE,
    HUGE.map(lambda number: -number),
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS,
    st.binary(max_size=4),
    st.sampled_from([*ODD_TEXTS, *Visibility, 1e300, object(), str, KeyError("a"), {1, 2}]),
)
NAMES = st.one_of(TEXTS, st.sampled_from(["X-Team", "a", "content-length", "\ud800"]), st.integers(), st.none())
ANYTHING = st.recursive(
    PLAIN,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.lists(inner, max_size=2).map(tuple), st.dictionaries(NAMES, inner, max_size=3)
    ),
    max_leaves=5,
)

Sent = list[httpx.Request]


def answering(sent: Sent) -> httpx.MockTransport:
    """A transport that notes what it gets, and answers as shares and resolves are answered."""

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        is_share = request.url.path.endswith("/share")
        return httpx.Response(201, json=share_link()) if is_share else httpx.Response(200, json=shared_track())

    return httpx.MockTransport(answer)


def refused(work: Callable[[Sent], object]) -> bool:
    """Whether the work ends in a refused argument with nothing sent; any other exception but ours comes out."""
    sent: Sent = []
    try:
        work(sent)
    except InvalidArgumentError:
        assert sent == []
        return True
    except AitronosError:
        pass
    return False


def calling(call: Callable[[Aitronos], object]) -> Callable[[Sent], object]:
    """Call with a client over such a transport."""

    def work(sent: Sent) -> object:
        with httpx.Client(transport=answering(sent)) as http_client:
            return call(Aitronos(KEY, http_client=http_client))

    return work


@pytest.fixture(autouse=True, scope="module")
def no_pauses() -> Iterator[None]:
    """No pause is waited for."""
    with instant_retries():
        yield


@given(st.dictionaries(st.sampled_from(["api_key", "base_url", "timeout", "max_retries", "headers"]), ANYTHING))
def test_any_setting(settings: dict[str, Any]) -> None:
    """A client is made and makes a call, or the setting is refused; both kinds agree."""

    def blocking(sent: Sent) -> None:
        with httpx.Client(transport=answering(sent)) as http_client:
            Aitronos(**settings, http_client=http_client)

    assert refused(blocking) == refused(lambda sent: AsyncAitronos(**settings))


@given(TEXTS | st.sampled_from(ODD_TEXTS))
def test_any_server(base_url: str) -> None:
    """A text is refused as base URL when a client is made, or a call to it can be attempted or is refused itself."""

    def work(sent: Sent) -> None:
        with httpx.Client(transport=answering(sent)) as http_client:
            Aitronos(base_url=base_url, http_client=http_client).get("/v1/things")

    refused(work)


@given(ANYTHING)
def test_any_http_client(http_client: Any) -> None:
    """Only None and the right client of httpx are taken."""
    for kind in (Aitronos, AsyncAitronos):
        assert refused(partial(_made, kind, http_client)) == (http_client is not None)


def _made(kind: type[Aitronos | AsyncAitronos], http_client: Any, sent: Sent) -> object:
    return kind(http_client=http_client)


@given(
    st.sampled_from(["share_track", "share_collection"]),
    ANYTHING | st.just("org_abc123"),
    ANYTHING | st.just("mtrack_1"),
    ANYTHING,
    ANYTHING,
)
def test_any_share(name: str, organization: Any, item: Any, visibility: Any, days: Any) -> None:
    """A share is sent as it stands, or refused."""
    refused(
        calling(
            lambda client: getattr(client.music, name)(organization, item, visibility=visibility, expires_in_days=days)
        )
    )


@given(st.sampled_from(["resolve_share", "save_shared_track"]), ANYTHING)
def test_any_token(name: str, token: Any) -> None:
    """A token is sent, or refused."""
    refused(calling(lambda client: getattr(client.music, name)(token)))


@given(
    st.sampled_from(["get", "post", "put", "patch", "delete"]),
    ANYTHING | TEXTS.map("/{}".format) | st.just("/v1/things"),
    st.dictionaries(st.sampled_from(["json", "params", "timeout", "max_retries", "headers"]), ANYTHING),
)
def test_any_raw_call(name: str, path: Any, arguments: dict[str, Any]) -> None:
    """A raw call is sent, or refused."""
    refused(calling(lambda client: getattr(client, name)(path, **arguments)))


@given(ANYTHING | TEXTS.map("/{}".format), ANYTHING, ANYTHING)
def test_any_raw_call_awaited(path: Any, json: Any, params: Any) -> None:
    """The same for the asynchronous client."""

    async def main(sent: Sent) -> None:
        async with httpx.AsyncClient(transport=answering(sent)) as http_client:
            await AsyncAitronos(KEY, http_client=http_client).get(path, json=json, params=params)

    refused(lambda sent: anyio.run(main, sent))


@pytest.mark.parametrize(
    "call",
    [
        lambda client: client.music.resolve_share(f"{TOKEN}\ud800"),
        lambda client: client.music.save_shared_track(f"{client.base_url}/v1/music/shared/{TOKEN}\ud800"),
        lambda client: client.music.resolve_share(TOKEN * 2000),
        lambda client: client.get(f"{RESOLVE_PATH}\ud800"),
        lambda client: client.get("/v1/things", params={TOKEN: b"x"}),
        lambda client: client.get("/v1/things", params={"a": f"{TOKEN}\ud800"}),
        lambda client: client.get("/v1/things", params=f"a={TOKEN}"),
        lambda client: client.get("/v1/things", params=[("a", TOKEN)]),
        lambda client: client.get("/v1/things", headers={"X-Share": f" {TOKEN}"}),
        lambda client: client.post("/v1/things", json=f"{TOKEN}\ud800"),
        lambda client: client.post("/v1/things", json=[TOKEN, {1, 2}]),
    ],
)
def test_a_refusal_repeats_no_token(call: Callable[[Aitronos], object], client: Aitronos, stub: Stub) -> None:
    """What is refused may be a secret: it is neither in the message nor in the exception's parts."""
    with pytest.raises(InvalidArgumentError) as caught:
        call(client)
    assert TOKEN not in f"{caught.value} {caught.value.args} {caught.value.__cause__} {caught.value.__context__}"
    assert stub.seen == []


def test_the_longest_timeout(client: Aitronos, stub: Stub) -> None:
    """What passes for a timeout is one that a socket takes."""
    client.music.resolve_share(TOKEN, timeout=2_000_000)
    assert len(stub.seen) == 1
    with pytest.raises(InvalidArgumentError, match="at most 2000000"):
        client.music.resolve_share(TOKEN, timeout=2_000_001)


def test_the_rule_can_be_broken() -> None:
    """The test of the tests: an exception that is not ours comes out, and a refusal after sending is noticed."""

    def late(sent: Sent) -> None:
        sent.append(httpx.Request("GET", "http://a"))
        raise InvalidArgumentError("late")

    with pytest.raises(ZeroDivisionError):
        refused(lambda sent: 1 // 0)
    with pytest.raises(AssertionError):
        refused(late)
