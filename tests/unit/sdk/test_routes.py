"""The routes of the operations, and what the paths of raw verbs have to do with them."""

from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aitronos import Aitronos, InvalidArgumentError, _arguments, _routes
from aitronos._retry import Replay
from aitronos._routes import Route

from .stub import KEY, RESOLVE_PATH, SAVE_PATH, SHARE_PATH, TOKEN, Stub

BASE = "https://api.aitronos.com"
HIDDEN = "/v1/music/shared/{…}"


def route_of(method: str, path: str, base_url: str = BASE) -> Route:
    """The route of a raw call."""
    return _routes.route_of(method, _arguments.path(path), base_url)[0]


def test_routes_follow_the_contract() -> None:
    """Methods and templates come from the generated request builders; only resolve is public."""
    routes = [_routes.SHARE_TRACK, _routes.SHARE_COLLECTION, _routes.RESOLVE, _routes.SAVE]
    assert [(route.method, route.template, route.replay, route.is_public) for route in routes] == [
        ("POST", "/v1/music/{organization_id}/tracks/{track_id}/share", Replay.IF_NOT_PROCESSED, False),
        ("POST", "/v1/music/{organization_id}/collections/{collection_id}/share", Replay.IF_NOT_PROCESSED, False),
        ("GET", "/v1/music/shared/{token}", Replay.ALWAYS, True),
        ("POST", "/v1/music/shared/{token}/save", Replay.ALWAYS, False),
    ]


@pytest.mark.parametrize(
    "path",
    [
        RESOLVE_PATH,
        f"{RESOLVE_PATH}/",
        "/v1/music/shared/opaque",
        "/v1/music/%73hared/x",
        "/v1/music/shared/a%20b",
        "/v1/music/shared/tok%2Fabc",
        "/v1/music/shared/tok%2fabc",
    ],
)
def test_resolve_is_known_by_its_segments(path: str) -> None:
    """The public path is known however its segments are encoded; a slash that is encoded belongs to the token."""
    assert route_of("GET", path) is _routes.RESOLVE


@pytest.mark.parametrize(
    "path",
    [
        SAVE_PATH,
        "/v1/music/shared/",
        "/v1/music/shared/tok//",
        "/v1/music/shared//tok",
        "/v1//music/shared/tok",
        "/%2Fv1/music/shared/tok",
        "/v1%2Fmusic/shared%2ftok",
        "/v1/music/%2573hared/tok",
        "/v1/music/%252573hared/tok",
        "/v1/music/%25252573hared/tok",
        f"/v1/music/%{'25' * 1000}73hared/tok",
        "/v1/music/%%32%3573hared/tok",
        "/v1/music/\uff53hared/tok",
        "/v1/music/\u017fhared/tok",
        "/v1/music/%EF%BD%93hared/tok",
        "/v1/music/\uff0573hared/tok",
        "/v1\uff0fmusic\uff0fshared\uff0ftok",
        "/V1/Music/SHARED/tok",
        "/v1/music/shared;a=b/tok",
        "/v1/music/;/shared/;tok",
        "/v1/music/shared%20/tok",
        "/v1/music/shared/tok/v1/music",
        f"/ns/a{RESOLVE_PATH}",
    ],
)
def test_what_might_be_a_resolve_is_public_and_veiled(path: str) -> None:
    """Any GET that some server might read as a resolve goes without the key, and is logged without what follows."""
    assert route_of("GET", path) == Route("GET", HIDDEN, Replay.ALWAYS, is_public=True)


@pytest.mark.parametrize(
    ("base_url", "path"),
    [
        (f"{BASE}/v1", "/music/shared/tok"),
        (f"{BASE}/v1/music/shared", "/tok"),
        (f"{BASE}/v1/music%2Fshared", "/tok"),
        (f"{BASE}/v1/mu%73ic", "/shared/tok"),
    ],
)
def test_the_path_of_the_base_url_counts(base_url: str, path: str) -> None:
    """What the server gets is the whole path: a base URL may have the first part of it."""
    assert route_of("GET", path, base_url) == Route("GET", HIDDEN, Replay.ALWAYS, is_public=True)


@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", RESOLVE_PATH), ("DELETE", SAVE_PATH), ("PUT", "/v1/music%2fshared/tok"), ("POST", f"{SAVE_PATH}/x/y")],
)
def test_other_methods_below_a_share_are_veiled(method: str, path: str) -> None:
    """Only reading is public: other methods keep the key, and show no more of the path."""
    assert route_of(method, path) == Route(method, HIDDEN, Replay.IF_NOT_PROCESSED, is_public=False)


@pytest.mark.parametrize("path", [SAVE_PATH, f"{SAVE_PATH}/", "/v1/music/shared/a%2Fb/%73ave"])
def test_save_is_known_by_its_segments(path: str) -> None:
    """Saving by raw verb may be repeated like saving by method."""
    assert route_of("POST", path) is _routes.SAVE


@pytest.mark.parametrize("path", ["/v1/music/shared/a%2Fsave", "/v1/music/shared//save", "/V1/music/shared/a/save"])
def test_what_might_be_a_save_is_not_repeated(path: str) -> None:
    """A POST that is a save only for some servers is repeated only where it was surely not processed."""
    assert route_of("POST", path).replay is Replay.IF_NOT_PROCESSED


@pytest.mark.parametrize(
    ("method", "path", "template", "replay"),
    [
        ("POST", SHARE_PATH, "/v1/music/{…}/tracks/{…}/share", Replay.IF_NOT_PROCESSED),
        ("GET", "/v1/music/org_1/tracks", "/v1/music/{…}/tracks", Replay.ALWAYS),
        ("GET", "/v1/music/shared", "/v1/music/shared", Replay.ALWAYS),
        ("GET", "/v1/things/a%2Fb", "/v1/things/{…}", Replay.ALWAYS),
        ("DELETE", "/v1/music/org_1/share/mslink_1", "/v1/music/{…}/share/{…}", Replay.IF_NOT_PROCESSED),
    ],
)
def test_other_paths(method: str, path: str, template: str, replay: Replay) -> None:
    """Other paths carry the key, are repeated if they are a GET, and are logged without identifiers."""
    assert route_of(method, path) == Route(method, template, replay, is_public=False)


def test_every_spelling_of_a_token_is_a_secret() -> None:
    """Whole and in parts, encoded and decoded: a server may repeat any of them. Longer ones are replaced first."""
    _, secrets = _routes.route_of("GET", "/v1/music/shared/token%2fabcdefgh%252Fx", BASE)
    assert {"token%2fabcdefgh%252Fx", "token/abcdefgh%2Fx", "token%2Fabcdefgh%252Fx", "abcdefgh"} <= set(secrets)
    assert sorted(secrets, key=len, reverse=True) == list(secrets)


def test_other_paths_have_no_secrets() -> None:
    """Identifiers are no secrets, and stay readable in exceptions."""
    assert _routes.route_of("POST", SHARE_PATH, BASE)[1] == ()


def spelt(text: str) -> st.SearchStrategy[str]:
    """A text whose characters are as they are, in the other case, of full width, or percent-encoded up to six times."""
    return st.tuples(*(st.sampled_from(spellings(char)) for char in text)).map("".join)


def spellings(char: str) -> list[str]:
    """The ways to write a character that some server reads as that one."""
    once = f"%{ord(char):02x}"
    often = [f"%{'25' * times}{once[1:]}" for times in range(1, 6)]
    return [char, char.upper(), chr(ord(char) + 0xFEE0), once, once.upper(), *often]


@st.composite
def resolve_paths(draw: st.DrawFn) -> str:
    """A path that a server might read as a resolve of the token, with detours."""
    words = [draw(spelt(word)) for word in ("v1", "music", "shared")]
    detour = st.sampled_from(["", "", "/", ";", ";a=b", "%3B", "%20", "%2F", "/.", "/%2e", "/x/..", "/x/%2E.", "/..;"])
    slash = st.sampled_from(["/", "/", "/", "%2F", "%2f", "%252F", "//"])
    return "/" + "".join(word + draw(detour) + draw(slash) for word in words) + TOKEN + draw(detour)


@given(resolve_paths())
def test_no_spelling_of_a_resolve_gets_the_key(path: str) -> None:
    """However the fixed part is spelt, a GET is public and shows no token, or the path is refused."""
    try:
        route, secrets = _routes.route_of("GET", _arguments.path(path), BASE)
    except InvalidArgumentError:
        return
    assert route.is_public
    assert TOKEN not in route.template
    assert TOKEN in secrets


@pytest.mark.parametrize(
    "detour",
    [
        "/.",
        "/..",
        "/%2e",
        "/%2E%2e",
        "/%252e%252E",
        "/%25252525252e",
        "/\u2025",
        "/\uff0e",
        "/..;",
        "/.;x",
        "/%2e%2e%3b",
    ],
)
def test_dot_segments_are_refused(detour: str) -> None:
    """A path that servers could read as another one is refused, however often it is encoded."""
    with pytest.raises(InvalidArgumentError, match="path must not contain"):
        _arguments.path(f"/v1/music{detour}/shared/tok")


@pytest.mark.parametrize("path", ["/v1/music/shared/tok%2Fabc", "/v1//music/shared/tok", f"{RESOLVE_PATH}/x"])
def test_the_key_stays_at_home(path: str, stub: Stub) -> None:
    """What the server receives has no key, and the path as it was given."""
    with Aitronos(KEY, base_url=stub.url) as client:
        client.get(path)
    [seen] = stub.seen
    assert (path, None) == (seen.path, seen.headers.get("x-api-key"))


@given(st.text(min_size=8))
def test_any_token_is_recognised(token: str) -> None:
    """Whatever the token, its encoded path is a resolve, and the token as the server knows it is a secret."""
    encoded = quote(token.replace("%", "").encode("utf-8", "replace").decode(), safe="")
    try:
        path = _arguments.path(f"/v1/music/shared/{encoded}")
    except InvalidArgumentError:
        return
    route, secrets = _routes.route_of("GET", path, BASE)
    assert route.is_public
    assert encoded in secrets
