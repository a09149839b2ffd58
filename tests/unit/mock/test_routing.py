"""The table of routes, held against the routers that it stands in for."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from aitronos_mock import contract
from aitronos_mock._connexion import ROUTING_CONTEXT, Resolver, Specification
from aitronos_mock.routing import RouteTable, StrictRouting

API = "openapi.yaml"
PREFIXED = {"media/openapi.yaml": "/media", "control/openapi.yaml": "/_mock"}
PREFIXES = {API: "", **PREFIXED}
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW")

Found = tuple[Mapping[str, Any] | None, Mapping[str, str] | None, str]


class Probe:
    """Stands behind the routing, and keeps what it was handed."""

    def __init__(self) -> None:
        self.scope: Scope = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a request."""
        self.scope = scope


async def _nothing() -> Any:
    raise AssertionError("routing reads no body")


async def _unsent(message: Any) -> None:
    """Throw away what a router answers by itself."""


def _answered() -> None:
    """Stand in for every handler."""


def _specification(name: str) -> Specification:
    # connexion leaves its loader without types.
    specification: Specification = Specification.load(contract.load(name))  # type: ignore[no-untyped-call]  # connexion's
    return specification


class Routings:
    """The routing as it is, and the same without its table."""

    def __init__(self) -> None:
        self.probe = Probe()
        self.routing = self._routing()
        self.stock = self._routing()
        self.stock._table = RouteTable()

    def _routing(self) -> StrictRouting:
        routing = StrictRouting(self.probe)
        resolver = Resolver(lambda _: _answered)
        for name, prefix in PREFIXED.items():
            routing.add_api(_specification(name), base_path=prefix, resolver=resolver)
        # connexion too puts the one without a prefix, which every path begins with, behind the others.
        routing.add_api(_specification(API), resolver=resolver)
        return routing

    def found(self, routing: StrictRouting, method: str, path: str) -> Found:
        """What a routing hands on for a request, or the exception that it raises."""
        self.probe.scope = {}
        scope: Scope = {
            "type": "http",
            "method": method,
            "path": path,
            "root_path": "",
            "headers": [],
            "extensions": {},
        }
        try:
            asyncio.run(routing(scope, _nothing, _unsent))
        except Exception as error:
            return None, None, repr(error)
        handed = self.probe.scope
        return handed.get("extensions", {}).get(ROUTING_CONTEXT), handed.get("path_params"), handed.get("path", "")


@pytest.fixture(scope="module")
def routings() -> Routings:
    """Both, over all three descriptions."""
    return Routings()


def _segments() -> st.SearchStrategy[str]:
    known = sorted(
        {segment for name in PREFIXES for path in contract.load(name)["paths"] for segment in path.split("/")}
    )
    return st.sampled_from([*known, "media", "_mock", "", ".", "..", "%2F", "{token}"]) | st.text(
        st.characters(exclude_characters="/\n", exclude_categories=["Cs"]), max_size=8
    )


def _paths() -> st.SearchStrategy[str]:
    templates = sorted(prefix + path for name, prefix in PREFIXES.items() for path in contract.load(name)["paths"])
    filled = st.sampled_from(templates).flatmap(
        lambda template: st.tuples(
            *(_segments() if part.startswith("{") else st.just(part) for part in template.split("/"))
        ).map("/".join)
    )
    return filled | st.lists(_segments(), max_size=8).map(lambda parts: "/" + "/".join(parts))


@given(method=st.sampled_from(METHODS), path=_paths())
def test_the_table_finds_what_the_routers_find(routings: Routings, method: str, path: str) -> None:
    """Any method and path: the same operation, the same parameters, the same path further in, or the same refusal."""
    assert routings.found(routings.stock, method, path) == routings.found(routings.routing, method, path)


@pytest.mark.parametrize(
    ("method", "path", "operation_id", "parameters"),
    [
        ("GET", "/v1/music/shared/shr_1", "resolveShare", {"token": "shr_1"}),
        ("HEAD", "/v1/music/shared/shr_1", "resolveShare", {"token": "shr_1"}),
        ("POST", "/v1/music/shared/shr_1/save", "saveSharedTrack", {"token": "shr_1"}),
        ("PUT", "/_mock/clock", "putClock", {}),
    ],
)
def test_what_is_described_is_in_the_table(
    routings: Routings, method: str, path: str, operation_id: str, parameters: dict[str, str]
) -> None:
    """A request to a described operation needs no router."""
    found = routings.routing._table.find(method, path)

    assert found is not None
    assert (operation_id, parameters) == (found[0].operation_id, found[1])
