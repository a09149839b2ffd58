"""Requests as httpx sends them, made faster than httpx makes them."""

import anyio
import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos import InvalidArgumentError
from aitronos._messages import Body, request_of
from aitronos._wire import Request

ORIGINS = ["http://a", "https://api.aitronos.com", "http://127.0.0.1:8000", "http://[::1]:80", "https://müller.example"]
PATHS = ["/v1/things", "/", "", "/a/../b", "/a%2fb", "/a/./b", "/.a", "/a//b", "/a?b=c d", "/a#b", "/é", "/a b", "/a/"]


def made(method: str, url: str, headers: dict[str, str] | None = None, body: bytes | None = None) -> httpx.Request:
    """The request of httpx."""
    return request_of(Request(method, url, headers or {}, body), {})


@pytest.mark.parametrize("path", [*PATHS, f"/{'a' * 5_000}"])
@pytest.mark.parametrize("origin", ORIGINS)
def test_urls_are_those_of_httpx(origin: str, path: str) -> None:
    """A path that is put behind an origin gives the URL that httpx reads from both."""
    url = made("GET", origin + path).url
    assert (url, url.raw_path, url.netloc) == (
        (expected := httpx.URL(origin + path)),
        expected.raw_path,
        expected.netloc,
    )


@given(st.lists(st.from_regex(r"[\w.~%-]{0,8}", fullmatch=True), max_size=5))
def test_any_url_is_that_of_httpx(segments: list[str]) -> None:
    """The same of whatever a path may be made of."""
    text = "http://a" + "".join(f"/{segment}" for segment in segments)
    assert made("GET", text).url == httpx.URL(text)


def test_requests_share_no_url() -> None:
    """Two paths behind one origin do not disturb each other."""
    first, second = made("GET", "http://a/first").url, made("GET", "http://a/second").url
    assert (first.path, second.path) == ("/first", "/second")


@pytest.mark.parametrize("host", ["999.1.1.1", "xn--a"])
def test_a_host_that_is_none(host: str) -> None:
    """What httpx cannot read is the caller's to correct, each time."""
    for _ in range(2):
        with pytest.raises(InvalidArgumentError, match="correct the host of base_url"):
            made("GET", f"http://{host}/v1/things")


@pytest.mark.parametrize("headers", [{}, {"x-team": "radio"}, {"host": "other.example"}])
@pytest.mark.parametrize("body", [None, b"", b'{"a":1}'])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
def test_headers_are_those_of_httpx(method: str, body: bytes | None, headers: dict[str, str]) -> None:
    """Host and length are sent where httpx would send them."""
    expected = httpx.Request(method, "http://a:8000/b", headers=headers, content=body or None)
    assert made(method, "http://a:8000/b", headers, body).headers == expected.headers


def test_hooks_can_see_the_content() -> None:
    """The content is there for whoever looks, and the stream is still ours."""
    request = made("POST", "http://a/b", body=b"{}")
    assert request.content == b"{}"
    assert isinstance(request.stream, Body)


@pytest.mark.parametrize(("body", "pieces"), [(None, []), (b"", []), (b"{}", [b"{}"])])
def test_a_body_can_be_sent_again(body: bytes | None, pieces: list[bytes]) -> None:
    """A body is the same each time that it is read, blocking and awaited."""
    stream = Body(body)

    async def awaited() -> list[bytes]:
        return [piece async for piece in stream]

    assert [list(stream), list(stream), anyio.run(awaited), anyio.run(awaited)] == [pieces] * 4
