"""The clients: raw verbs, options, lifetime."""

import copy
import pickle
from collections.abc import Callable
from typing import Any, Unpack

import anyio
import httpx
import pytest

from aitronos import (
    Aitronos,
    AsyncAitronos,
    CallOptions,
    ClientClosedError,
    InternalServerError,
    InvalidArgumentError,
    JSONObject,
    ResponseParseError,
)

from .stub import KEY, RESOLVE_PATH, SAVE_PATH, SHARE_PATH, TOKEN, Answer, Stub, library_edge, refusal, share_link

VERBS = ["get", "post", "put", "patch", "delete"]


@pytest.fixture(params=["blocking", "asyncio"])
def verb(request: pytest.FixtureRequest, stub: Stub) -> Callable[..., Any]:
    """Call a raw verb by its name: `verb("get", "/v1/…")`."""

    async def awaited(name: str, path: str, options: dict[str, Any]) -> Any:
        async with AsyncAitronos(KEY, base_url=stub.url) as client:
            return await getattr(client, name)(path, **options)

    def calling(name: str, path: str, **options: Any) -> Any:
        if request.param != "blocking":
            return anyio.run(awaited, name, path, options)
        with Aitronos(KEY, base_url=stub.url) as client:
            return getattr(client, name)(path, **options)

    return calling


@pytest.mark.parametrize("name", VERBS)
def test_raw_verbs(verb: Any, stub: Stub, name: str) -> None:
    """A raw verb sends JSON and parameters with the key, and returns a dict with a request id."""
    stub.answer(Answer({"a": 1}))
    result = verb(name, "/v1/things", json={"b": [None]}, params={"page": 2})
    assert type(result) is JSONObject
    assert JSONObject.__mro__[1] is dict
    assert (result, result.request_id) == ({"a": 1}, "req_stub1")
    [seen] = stub.seen
    assert (seen.method, seen.path, seen.json) == (name.upper(), "/v1/things?page=2", {"b": [None]})
    assert (seen.headers["x-api-key"], seen.headers["content-type"]) == (KEY, "application/json")


def test_raw_share(verb: Any, stub: Stub) -> None:
    """The documentation's way to share."""
    stub.answer(Answer(share_link(), 201))
    share = verb("post", SHARE_PATH, json={"visibility": "link_only", "expires_in_days": 30})
    assert share["url"].endswith(TOKEN)


def test_raw_resolve_sends_no_key(verb: Any, stub: Stub) -> None:
    """The public path gets no key from a raw verb either."""
    assert verb("get", RESOLVE_PATH, headers={"Authorization": f"Bearer {KEY}"})["available"]
    assert KEY not in str(stub.seen)


def test_raw_save_has_no_body(verb: Any, stub: Stub) -> None:
    """Without json there is neither a body nor a media type."""
    stub.answer(Answer(library_edge(), 201))
    verb("post", SAVE_PATH)
    [seen] = stub.seen
    assert (seen.body, seen.headers["content-length"]) == (b"", "0")
    assert "content-type" not in seen.headers


def test_raw_verb_and_an_answer_that_is_no_object(verb: Any, stub: Stub) -> None:
    """A raw verb returns an object or raises."""
    stub.answer(Answer(["a"]))
    with pytest.raises(ResponseParseError, match="no object"):
        verb("get", "/v1/things")


def test_redirects_are_not_followed(verb: Any, stub: Stub) -> None:
    """A redirect leads elsewhere, and the key does not: it is an error."""
    stub.answer(Answer({}, 307, {"location": "https://elsewhere.example/"}))
    with pytest.raises(Exception, match="307: HTTP 307 without"):
        verb("post", "/v1/things")
    assert len(stub.seen) == 1


@pytest.mark.parametrize("kind", [Aitronos, AsyncAitronos])
def test_no_key_is_needed_to_construct(kind: Any) -> None:
    """Opening links needs no key, so neither does a client."""
    assert repr(kind()) == f"{kind.__name__}(base_url='https://api.aitronos.com', api_key=none)"


@pytest.mark.parametrize("kind", [Aitronos, AsyncAitronos])
def test_environment(kind: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Key and server come from the environment where they are not given."""
    monkeypatch.setenv("FREDDY_API_KEY", KEY)
    monkeypatch.setenv("AITRONOS_BASE_URL", "http://127.0.0.1:9/")
    assert repr(kind()) == f"{kind.__name__}(base_url='http://127.0.0.1:9', api_key=set)"


@pytest.mark.parametrize("kind", [Aitronos, AsyncAitronos])
@pytest.mark.parametrize("twin", [pickle.dumps, copy.copy, copy.deepcopy])
def test_clients_do_not_pickle(kind: Any, twin: Any) -> None:
    """A client holds a key and connections."""
    with pytest.raises(TypeError, match="cannot be pickled"):
        twin(kind(KEY))


@pytest.mark.parametrize(
    ("kind", "http_client"), [(Aitronos, httpx.AsyncClient()), (AsyncAitronos, httpx.Client()), (Aitronos, "x")]
)
def test_http_client_is_checked(kind: Any, http_client: Any) -> None:
    """The blocking client takes the blocking one of httpx, the asynchronous the other."""
    with pytest.raises(InvalidArgumentError, match="http_client must be an httpx"):
        kind(http_client=http_client)


def test_with_options(client: Aitronos, stub: Stub) -> None:
    """A copy has other options, and the parent stays as it is."""
    copied = client.with_options(headers={"X-Team": "radio"}, timeout=5, max_retries=0)
    copied.music.resolve_share(TOKEN)
    client.music.resolve_share(TOKEN)
    assert [seen.headers.get("x-team") for seen in stub.seen] == ["radio", None]


def test_with_options_shares_the_pool(client: Aitronos, stub: Stub) -> None:
    """A copy uses the parent's connections."""
    client.music.resolve_share(TOKEN)
    client.with_options(timeout=5).with_options(max_retries=1).music.resolve_share(TOKEN)
    assert stub.connections == 1


def test_with_options_checks(client: Aitronos) -> None:
    """A bad option is refused where it is set."""
    with pytest.raises(InvalidArgumentError):
        client.with_options(timeout=-1)


def test_max_retries_of_a_copy(client: Aitronos, stub: Stub, pauses: list[float]) -> None:
    """Options decide how often a call is repeated; the call's own come first."""
    stub.answer(refusal(503))
    once = client.with_options(max_retries=1)
    assert attempts(client, stub) == 3
    assert attempts(once, stub) == 2
    assert attempts(once, stub, max_retries=0) == 1


def attempts(client: Aitronos, stub: Stub, **options: Unpack[CallOptions]) -> int:
    """How many attempts a call makes that does not succeed."""
    stub.seen.clear()
    with pytest.raises(InternalServerError):
        client.music.resolve_share(TOKEN, **options)
    return len(stub.seen)


def test_close_closes_the_connections(stub: Stub) -> None:
    """After close no socket is left, and the client says that it is closed."""
    client = Aitronos(base_url=stub.url)
    client.music.resolve_share(TOKEN)
    client.close()
    client.close()
    assert stub.settle() == 0
    with pytest.raises(ClientClosedError):
        client.music.resolve_share(TOKEN)


def test_aclose_closes_the_connections(stub: Stub) -> None:
    """The same for the asynchronous client."""

    async def main() -> None:
        client = AsyncAitronos(base_url=stub.url)
        await client.music.resolve_share(TOKEN)
        await client.aclose()
        await client.aclose()
        assert stub.settle() == 0
        with pytest.raises(ClientClosedError):
            await client.music.resolve_share(TOKEN)

    anyio.run(main)


def test_closing_without_a_call() -> None:
    """A client that was never used has nothing to close."""
    Aitronos().close()


def test_an_http_client_of_the_users(stub: Stub) -> None:
    """The pool of the user's client is used; its headers, auth, cookies and redirects are not; it stays open."""
    with httpx.Client(
        headers={"X-Own": "1"}, auth=("user", "password"), cookies={"c": "1"}, follow_redirects=True
    ) as http_client:
        with Aitronos(KEY, base_url=stub.url, http_client=http_client) as client:
            client.music.resolve_share(TOKEN)
        assert http_client.get(f"{stub.url}/own").status_code == 200
    assert stub.connections == 1
    assert {"x-own", "authorization", "cookie"} & stub.seen[0].headers.keys() == set()


def test_a_closed_http_client(stub: Stub) -> None:
    """A client of the user's that is closed is not opened again behind their back."""
    http_client = httpx.Client()
    client = Aitronos(base_url=stub.url, http_client=http_client)
    http_client.close()
    with pytest.raises(ClientClosedError):
        client.music.resolve_share(TOKEN)


def test_one_http_client_for_two_clients(stub: Stub) -> None:
    """Several clients may share one client of httpx."""
    with httpx.Client() as http_client:
        for _ in range(2):
            Aitronos(base_url=stub.url, http_client=http_client).music.resolve_share(TOKEN)
    assert stub.connections == 1
