"""All guards together, in front of the application."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from aitronos_mock.answers import Empty
from aitronos_mock.app import create_app
from aitronos_mock.errors import TurnedAway
from aitronos_mock.guards.door import Door, NoAllowedHost, door_for
from aitronos_mock.guards.names import network_of
from aitronos_mock.guards.options import GuardOptions
from aitronos_mock.guards.origins import Origins
from aitronos_mock.journal import Filters
from aitronos_mock.mock import Mock

from .exchanges import exchange_of

HERE, FOREIGN = ("Origin", "http://localhost:3000"), ("Origin", "https://evil.test")
HOST = ("Host", "127.0.0.1:8000")
ASKS = ("Access-Control-Request-Method", "PUT")
RESOLVE = "/v1/music/shared/shr_track"

Call = Callable[..., httpx.Response]


def _status(door: Door, mock: Mock, *fields: tuple[str, str], **changes: Any) -> int:
    with pytest.raises(TurnedAway) as refused:
        door.admit(exchange_of(mock, *fields, **changes))
    return refused.value.problem.status


def _calling(mock: Mock, door: Door, base_url: str) -> Call:
    transport = httpx.ASGITransport(create_app(mock, door=door))

    async def send(*request: Any, **more: Any) -> httpx.Response:
        async with httpx.AsyncClient(transport=transport, base_url=base_url) as client:
            return await client.request(*request, **more)

    return lambda *request, **more: asyncio.run(send(*request, **more))


@pytest.fixture
def call(mock: Mock) -> Call:
    """Calls an application that is bound to this machine."""
    return _calling(mock, door_for(GuardOptions(), "127.0.0.1"), "http://localhost:8000")


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", RESOLVE, 200),
        ("GET", "/v1/music/shared/shr_unknown", 404),
        ("GET", "/nothing", 404),
        ("DELETE", RESOLVE, 405),
        ("POST", f"{RESOLVE}/save", 401),
        ("POST", "/v1/music/org_abc123/tracks/mtrack_b4d9e1c6a72f/share", 422),
    ],
)
def test_a_page_may_read_errors_too(call: Call, method: str, path: str, status: int) -> None:
    """Whatever the answer, a page of this machine may read it, and a foreign one gets the plain answer."""
    key = {"X-API-Key": "owner-key"} if status == 422 else {}
    answers = [
        call(method, path, content="[" if key else None, headers=dict([origin]) | key) for origin in (HERE, FOREIGN)
    ]

    assert [status] * 2 == [answer.status_code for answer in answers]
    assert ["http://localhost:3000", None] == [each.headers.get("access-control-allow-origin") for each in answers]
    assert ["Origin"] * 2 == [each.headers["vary"] for each in answers]


@pytest.mark.parametrize("path", [RESOLVE, "/nothing", "/_mock/reset", "/docs"])
def test_a_preflight_is_answered_before_anything_is_looked_for(call: Call, mock: Mock, path: str) -> None:
    """Whether the path exists is for the request that follows to learn; the journal has nothing of it."""
    answer = call("OPTIONS", path, headers=dict([HERE, ASKS]))

    assert (204, b"") == (answer.status_code, answer.content)
    assert "http://localhost:3000" == answer.headers["access-control-allow-origin"]
    assert "PUT" in answer.headers["access-control-allow-methods"]
    assert [] == asyncio.run(mock.journal.requests(Filters()))


def test_an_options_request_of_a_foreign_page_is_routed(call: Call) -> None:
    """It learns which methods there are, and gets no permission."""
    answer = call("OPTIONS", RESOLVE, headers=dict([FOREIGN, ASKS]))

    assert 405 == answer.status_code
    assert "access-control-allow-methods" not in answer.headers


def test_a_foreign_host_is_refused_with_the_envelope(call: Call) -> None:
    """No page reaches the mock under a name of its own; the refusal names the host that was asked for."""
    answer = call("GET", RESOLVE, headers={"Host": "evil.test:8000"})

    assert (421, "HOST_NOT_ALLOWED") == (answer.status_code, answer.json()["error"]["code"])
    assert {"host": "evil.test"} == answer.json()["error"]["details"]
    assert answer.headers["x-request-id"] == answer.json()["error"]["trace_id"]


@pytest.mark.parametrize(
    ("fields", "version", "status"),
    [
        ([], "1.1", 400),
        ([HOST, HOST], "1.1", 400),
        ([HOST, ("Host", "evil.test")], "1.0", 400),
        ([("Host", "local host")], "1.1", 400),
        ([("Host", "evil.test")], "1.0", 421),
    ],
)
def test_a_request_has_one_host(mock: Mock, fields: list[tuple[str, str]], version: str, status: int) -> None:
    """HTTP/1.1 demands it, and it has to be one of ours."""
    door = door_for(GuardOptions(), "127.0.0.1")

    assert status == _status(door, mock, *fields, http_version=version)


def test_http_1_0_needs_no_host(mock: Mock) -> None:
    """No browser speaks it, so no page can hide in it."""
    assert door_for(GuardOptions(), "::1").admit(exchange_of(mock, http_version="1.0")) is None


@pytest.mark.parametrize(
    ("host", "status"), [("mock.example", None), ("mock.example:8443", None), ("evil.test", 421), ("a/b", None)]
)
def test_a_host_behind_a_proxy_has_to_be_ours_too(mock: Mock, host: str, status: int | None) -> None:
    """A page under a rebound name can send what a proxy sends, if a proxy on its visitor's machine is trusted."""
    options = GuardOptions(allowed_hosts=("mock.example",), trusted_proxies=(network_of("127.0.0.1"),))
    door = door_for(options, "127.0.0.1")
    request = [HOST, ("X-Forwarded-Host", host)]

    if status is None:
        assert door.admit(exchange_of(mock, *request, client="127.0.0.1")) is None
    else:
        assert status == _status(door, mock, *request, client="127.0.0.1")


def test_what_a_proxy_says_is_noted(mock: Mock) -> None:
    """Limits, audit and links go by the client behind the proxy."""
    options = GuardOptions(allowed_hosts=("mock.example",), trusted_proxies=(network_of("10.0.0.0/8"),))
    fields = [("X-Forwarded-For", "192.0.2.9"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "mock.example")]
    exchange = exchange_of(mock, HOST, *fields, client="10.0.0.1")

    assert exchange.client_ip == "10.0.0.1"
    assert door_for(options, "127.0.0.1").admit(exchange) is None
    assert ("192.0.2.9", "https://mock.example") == (exchange.client_ip, exchange.base_url)


@pytest.mark.parametrize("path", ["/_mock", "/_mock/reset", "/_mockery"])
def test_the_control_plane_is_guarded_by_its_path(mock: Mock, path: str) -> None:
    """What begins with its name is refused to foreign pages, before anybody asks what it leads to."""
    door = Door(origins=Origins())

    assert 403 == _status(door, mock, HOST, FOREIGN, path=path)
    assert door.admit(exchange_of(mock, HOST, path=path)) is None
    assert door.admit(exchange_of(mock, HOST, FOREIGN, path="/v1/music")) is None


def test_a_preflight_to_the_control_plane_needs_no_token(mock: Mock) -> None:
    """A browser sends no credentials with it."""
    door = door_for(GuardOptions(control_token="S3cret"), "127.0.0.1")

    assert isinstance(door.admit(exchange_of(mock, HOST, HERE, ASKS, method="OPTIONS", path="/_mock/reset")), Empty)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "192.0.2.7"])  # noqa: S104 - nothing binds
def test_beyond_this_machine_a_name_is_demanded(address: str) -> None:
    """Without one every request would be refused; the reason says what to add."""
    with pytest.raises(NoAllowedHost, match=r"can be reached from other machines; add --allowed-host with the name"):
        door_for(GuardOptions(control_token="S3cret"), address)


NAMED = {"allowed_hosts": ("mock.example",)}
PROXIED = {"trusted_proxies": (network_of("127.0.0.1"),)}


@pytest.mark.parametrize(
    ("address", "options", "token", "status"),
    [
        ("127.0.0.1", {}, "S3cret", 401),
        ("127.0.0.1", NAMED, None, 404),
        ("127.0.0.1", NAMED, "S3cret", 401),
        ("::1", PROXIED, None, 404),
        ("::1", PROXIED, "S3cret", 401),
        ("0.0.0.0", NAMED, None, 404),  # noqa: S104 - nothing binds
        ("::", NAMED, "S3cret", 401),
    ],
)
def test_where_others_may_come_a_control_plane_needs_a_token(
    mock: Mock, address: str, options: dict[str, Any], token: str | None, status: int
) -> None:
    """Another address, a further name or a proxy in front lets others in; then no token means no control plane."""
    door = door_for(GuardOptions(control_token=token, **options), address)

    assert status == _status(door, mock, HOST, path="/_mock/reset")


def test_on_this_machine_alone_a_control_plane_needs_no_token(mock: Mock) -> None:
    """Nobody else can reach it there."""
    door = door_for(GuardOptions(cors_origins=("https://app.example",)), "127.0.0.1")

    assert door.admit(exchange_of(mock, HOST, path="/_mock/reset")) is None


def test_a_control_plane_that_is_off_says_how_to_switch_it_on(mock: Mock) -> None:
    """The API is there for whoever uses the name that was given, and the control plane is not."""
    door = door_for(GuardOptions(allowed_hosts=("mock.example",)), "192.0.2.7")
    call = _calling(mock, door, "http://mock.example:8000")
    off = call("POST", "/_mock/reset")

    assert 200 == call("GET", RESOLVE).status_code
    assert (404, "CONTROL_PLANE_OFF") == (off.status_code, off.json()["error"]["code"])
    assert "AITRONOS_MOCK_CONTROL_TOKEN" in off.json()["error"]["system_message"]


def test_the_options_do_not_show_the_token() -> None:
    """No repr has it."""
    assert "S3cret" not in repr(GuardOptions(control_token="S3cret"))
