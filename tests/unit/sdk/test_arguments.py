"""Arguments are checked before the network, and the messages help."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos import InvalidArgumentError, Visibility, _arguments

from .stub import TOKEN

BASE = "https://api.aitronos.com"


@pytest.mark.parametrize("value", ["org_abc123", "a b", "..a", "é", "50%", "%2F", "a?b#c"])
def test_identifier_accepts(value: str) -> None:
    """Identifiers are opaque: whatever can be one path segment passes unchanged."""
    assert _arguments.identifier("track_id", value, "mtrack_…") == value


@pytest.mark.parametrize(
    "value", ["", ".", "..", "a/b", "/", "a\nb", "a\x00", "a\x7f", "a\x85", "a\ud800", None, 7, b"org", ["a"]]
)
def test_identifier_refuses(value: object) -> None:
    """What would change the path is refused, with the name of the argument and an example."""
    with pytest.raises(InvalidArgumentError, match=r"track_id must be .*mtrack_b4d9"):
        _arguments.identifier("track_id", value, "mtrack_b4d9")


@pytest.mark.parametrize(
    "value",
    [
        TOKEN,
        f"{BASE}/v1/music/shared/{TOKEN}",
        f"{BASE}/v1/music/shared/{TOKEN}/",
        f"{BASE}/v1/music/shared/{TOKEN}/?from=mail",
        f"{BASE}/v1/music/shared/{TOKEN}?from=mail#play",
        f"{BASE}:443/v1/music/shared/{TOKEN}",
        f"HTTPS://API.aitronos.com/v1/music/shared/{TOKEN}",
    ],
)
def test_token_accepts(value: str) -> None:
    """A token, or a share URL of the client's server."""
    assert _arguments.token(value, BASE) == TOKEN


def test_token_below_a_prefix() -> None:
    """A base URL with a path has its share URLs below it."""
    assert _arguments.token(f"http://localhost:8000/api/v1/music/shared/{TOKEN}", "http://localhost:8000/api") == TOKEN


@pytest.mark.parametrize(
    "value",
    [
        f"https://elsewhere.example/v1/music/shared/{TOKEN}",
        f"http://api.aitronos.com/v1/music/shared/{TOKEN}",
        f"https://api.aitronos.com:8443/v1/music/shared/{TOKEN}",
        f"https://[broken/v1/music/shared/{TOKEN}",
        f"https://api.aitronos.com:port/v1/music/shared/{TOKEN}",
    ],
)
def test_token_of_another_server(value: str) -> None:
    """A URL of another server is refused: its token belongs there. The message does not repeat the token."""
    with pytest.raises(InvalidArgumentError, match=r"another server than https://api\.aitronos\.com") as caught:
        _arguments.token(value, BASE)
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    "value",
    [
        f"{BASE}/v1/music/elsewhere/{TOKEN}",
        f"{BASE}/v1/music/shared/",
        f"{BASE}/v1/music/shared/{TOKEN}/save",
        f"{BASE}/v1/music/shared/%2e%2e",
        f"{BASE}/v1/music/shared/a%2Fb",
        "",
        f"{BASE}/v1/music/shared/{TOKEN}\ud800",
        f"{TOKEN}\udfff",
        "..",
        None,
    ],
)
def test_token_refuses(value: object) -> None:
    """What is neither a token nor a share URL is refused."""
    with pytest.raises(InvalidArgumentError, match="token_or_url must be"):
        _arguments.token(value, BASE)


@pytest.mark.parametrize("text", [TOKEN, f"{BASE}/v1/music/shared/{TOKEN}"])
@pytest.mark.parametrize("space", [" ", "\n", "\r\n", "\t", "\u00a0", "\u2028", "\x00"])
def test_token_with_whitespace(text: str, space: str) -> None:
    """Whitespace, which a file or the clipboard adds, is named; it is neither sent nor dropped in silence."""
    for value in (f"{text}{space}", f"{space}{text}", f"{text[:-4]}{space}{text[-4:]}"):
        with pytest.raises(InvalidArgumentError, match=r"without whitespace.*strip") as caught:
            _arguments.token(value, BASE)
        assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("value", [None, 1, 90, 91, 10**9])
def test_expires_in_days_accepts(value: int | None) -> None:
    """Any whole number from 1; the server takes more than 90 as 90."""
    assert _arguments.expires_in_days(value) == value


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (0, "int 0"),
        (-1, "int -1"),
        (True, "bool True"),
        (False, "bool False"),
        (30.0, "float 30.0"),
        (float("nan"), "float"),
        ("30", "str"),
        ([30], "list"),
        (2**53, "int"),
        pytest.param(10**5000, "int", id="huge"),
        pytest.param(-(10**5000), "int", id="hugely negative"),
    ],
)
def test_expires_in_days_refuses(value: object, shown: str) -> None:
    """No coercion, as on the server, and no number that JSON cannot carry; a number is shown if it is short."""
    with pytest.raises(InvalidArgumentError, match=rf"expires_in_days must be an int from 1 .*; got {shown}$"):
        _arguments.expires_in_days(value)


@pytest.mark.parametrize("value", ["link_only", "public", Visibility.PUBLIC])
def test_visibility_accepts(value: str) -> None:
    """A member or its name."""
    assert _arguments.visibility(value) is Visibility(value)


def test_visibility_may_be_left_out() -> None:
    """The server has a default."""
    assert _arguments.visibility(None) is None


@pytest.mark.parametrize("value", ["friends", "", 1, Visibility("friends")])
def test_visibility_refuses(value: object) -> None:
    """The message lists what can be chosen."""
    with pytest.raises(InvalidArgumentError, match="one of link_only, public"):
        _arguments.visibility(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (f"/v1/music/shared/{TOKEN}", f"/v1/music/shared/{TOKEN}"),
        ("/v1/a b/é", "/v1/a%20b/%C3%A9"),
        ("/v1/a%2Fb", "/v1/a%2Fb"),
        ("/", "/"),
    ],
)
def test_path_accepts(value: str, expected: str) -> None:
    """A path below the base URL, encoded once."""
    assert _arguments.path(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "v1/music", "//evil.example/v1", "https://evil.example/", None, 7),
        *("/v1?a=b", "/v1#a", "/v1/../x", "/v1/./x", "/v1/%2e%2E/x", "/\\evil.example", "/v1/%5c", "/v1\n", "/v1/%00"),
        *("/v1/\ud800", "/v1/%255c", "/v1/..;a/x"),
    ],
)
def test_path_refuses(value: object) -> None:
    """What could lead to another server, or to another path than it says, is refused."""
    with pytest.raises(InvalidArgumentError, match="path must"):
        _arguments.path(value)


@pytest.mark.parametrize(
    ("params", "expected"),
    [
        (None, ""),
        ({}, ""),
        ({"a": None}, ""),
        ({"page": 2, "all": True, "q": "a b&c"}, "?page=2&all=true&q=a+b%26c"),
        ({"id": ["x", None, "y"], "t": (1.5,)}, "?id=x&id=y&t=1.5"),
    ],
)
def test_query(params: Any, expected: str) -> None:
    """None is left out, lists repeat, booleans are spelt as JSON spells them."""
    assert _arguments.query(params) == expected


@pytest.mark.parametrize(
    "params",
    [
        *("", "a=b", [], [("a", "b")], 7, {1: "a"}, {None: "a"}, {"\ud800": "a"}, {"a": "\ud800"}, {"a": b"x"}),
        *(
            {"a": object()},
            {"a": {"b": "c"}},
            {"a": [["b"]]},
            {"a": float("nan")},
            {"a": float("inf")},
            pytest.param({"a": 10**5000}, id="huge"),
        ),
    ],
)
def test_query_refuses(params: object) -> None:
    """What is no mapping of plain values is refused instead of being sent as Python would print it."""
    with pytest.raises(InvalidArgumentError, match="params must map names to str"):
        _arguments.query(params)


def test_json_body() -> None:
    """None is no body; everything else is compact JSON."""
    assert _arguments.json_body(None) is None
    assert _arguments.json_body({"é": [1, None]}) == '{"é":[1,null]}'.encode()


@pytest.mark.parametrize(
    "value",
    [
        {1, 2},
        object(),
        float("nan"),
        {float("inf"): 1},
        {"a": b"x"},
        {("a",): 1},
        {"a": "\ud800"},
        {"\ud800": 1},
        pytest.param(10**5000, id="huge"),
    ],
)
def test_json_body_refuses(value: object) -> None:
    """What JSON cannot say is refused."""
    with pytest.raises(InvalidArgumentError, match="json must consist of"):
        _arguments.json_body(value)


def test_json_body_refuses_a_circle() -> None:
    """A value that contains itself has no JSON."""
    circle: list[object] = []
    circle.append(circle)
    with pytest.raises(InvalidArgumentError):
        _arguments.json_body(circle)


@pytest.mark.parametrize("value", ["", " ", "key\n", "a b", "ké", 7, b"key"])
def test_api_key_refuses(value: object) -> None:
    """A key that cannot stand in a header is refused, and not repeated."""
    with pytest.raises(InvalidArgumentError, match="api_key must be") as caught:
        _arguments.api_key(value)
    assert "ké" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://api.aitronos.com", "https://api.aitronos.com"),
        ("http://127.0.0.1:8000/", "http://127.0.0.1:8000"),
        ("http://[::1]:8000/ns/a/", "http://[::1]:8000/ns/a"),
        ("http://mock_server.", "http://mock_server."),
        (f"http://{'a' * 63}.example", f"http://{'a' * 63}.example"),
    ],
)
def test_base_url_accepts(value: str, expected: str) -> None:
    """A server, perhaps with a path; a trailing slash is dropped."""
    assert _arguments.base_url(value) == expected


@pytest.mark.parametrize(
    "value",
    [
        *("", "api.aitronos.com", "ftp://a", "http://", "http://a:x", "http://a:99999", "http://a:0", None, 7),
        *("http://user:secret@a", "http://a?b=c", "http://a#b", "http://a b", "http://a/../b", "http://[a", "http://é"),
        *("http://a..b", "http://.a", f"http://{'a' * 64}", "http://a%41", "http://a*b", "http://a\ud800"),
    ],
)
def test_base_url_refuses(value: object) -> None:
    """Anything else is refused without being repeated: it may hold a password."""
    with pytest.raises(InvalidArgumentError, match="base_url must be") as caught:
        _arguments.base_url(value)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    "value", [0, -1, float("inf"), float("nan"), pytest.param(10**400, id="huge"), 2_000_001, True, "60", None]
)
def test_timeout_refuses(value: object) -> None:
    """A deadline is a positive number of seconds; there is always one."""
    with pytest.raises(InvalidArgumentError, match="timeout must be"):
        _arguments.timeout(value)


@pytest.mark.parametrize("value", [-1, 1.0, True, "2", None])
def test_max_retries_refuses(value: object) -> None:
    """Retries are counted."""
    with pytest.raises(InvalidArgumentError, match="max_retries must be"):
        _arguments.max_retries(value)


def test_headers_are_lowered() -> None:
    """Header names compare without regard to case."""
    assert _arguments.headers({"X-Team": "radio", "X-Two": "a \tb", "X-None": ""}) == {
        "x-team": "radio",
        "x-two": "a \tb",
        "x-none": "",
    }


@pytest.mark.parametrize(
    "value",
    [
        {"X-A": "b\r\nX-Evil: c"},
        {"X A": "b"},
        {"": "b"},
        {"X-A": 1},
        {1: "a"},
        {"X-A": "é"},
        {"X-A": " b"},
        {"X-A": "b\t"},
        {"X-A": " "},
        {"X-\ud800": "b"},
        {"Content-Length": "5"},
        {"transfer-encoding": "chunked"},
        [("X-A", "b")],
        None,
    ],
)
def test_headers_refuses(value: object) -> None:
    """What would break the request apart is refused."""
    with pytest.raises(InvalidArgumentError, match="headers must map"):
        _arguments.headers(value)


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_as_path_is_refused_or_stays_below_the_base(text: str) -> None:
    """No text leads a raw verb to another server."""
    try:
        path = _arguments.path(text)
    except InvalidArgumentError:
        return
    assert path.startswith("/")
    assert not path.startswith("//")
    assert path.isascii()
    assert path.isprintable()


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_as_identifier_is_refused_or_kept(text: str) -> None:
    """No text comes out of the check as another one."""
    try:
        assert _arguments.identifier("track_id", text, "mtrack_…") == text
    except InvalidArgumentError:
        assert not text or {".", ".."} & {text} or any(char in "/" or not char.isprintable() for char in text)
