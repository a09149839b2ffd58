"""connexion's routing, looked up in one table instead of trying one pattern after another."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, cast

from starlette.routing import BaseRoute, Mount, Route, Router
from starlette.types import ASGIApp, Receive, Scope, Send

from ._connexion import ROUTING_CONTEXT, RoutingMiddleware, Specification


class StrictRouting(RoutingMiddleware):
    """connexion's routing, with a path that has a trailing slash being another path, and one route for each path.

    A request that the table knows goes straight to the next layer, with what connexion's own routing would have put
    into its scope. Every other one takes connexion's way, which finds nothing, or another method.
    """

    def __init__(self, app: ASGIApp) -> None:
        super().__init__(app)
        self._table = RouteTable()

    def add_api(self, specification: Specification, *args: Any, **kwargs: Any) -> None:
        """Register the contract's routes, and take the redirects away."""
        super().add_api(specification, *args, **kwargs)
        self.router.redirect_slashes = False
        self._table = RouteTable()
        for mount in cast(list[Mount], self.router.routes):
            router = cast(Router, mount.app)
            router.redirect_slashes = False
            router.routes = _by_path(router.routes)
            self._table.add(mount.path, cast(list[Route], router.routes))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Route one request."""
        found = self._table.find(scope["method"], scope["path"]) if scope["type"] == "http" else None
        if found is None:
            await super().__call__(scope, receive, send)
            return
        target, parameters = found
        # What connexion's RoutingOperation sets. The path stays whole there too: connexion hands on the scope as it was
        # before its routers took their prefixes away.
        scope["path_params"] = parameters
        scope["extensions"][ROUTING_CONTEXT] = {"api_base_path": target.base_path, "operation_id": target.operation_id}
        await self.app(scope, receive, send)


class Target(NamedTuple):
    """Where a path leads.

    Attributes:
        base_path: The prefix of its description's paths.
        operation_id: The operation.
        literals: What stands where in the path, besides its parameters.
        parameters: What is a parameter where in the path.
    """

    base_path: str
    operation_id: str
    literals: tuple[tuple[int, str], ...]
    parameters: tuple[tuple[int, str], ...]

    def match(self, segments: list[str]) -> dict[str, str] | None:
        """The parameters of a path of as many segments, or None. As in starlette's patterns, none is empty."""
        for position, literal in self.literals:
            if segments[position] != literal:
                return None
        found = {name: segments[position] for position, name in self.parameters}
        return found if all(found.values()) else None


class RouteTable:
    """The routes of all descriptions by method and by the number of their segments, which leaves a few to try.

    Descriptions are in the order of their mounts and routes in the order of their patterns, so the first that matches
    is the one that starlette's routers find; its patterns too match one segment for each parameter, and whole paths.
    Parameters are strings, all of them, so there is nothing to convert.
    """

    def __init__(self) -> None:
        self._targets: dict[tuple[str, int], list[Target]] = {}

    def add(self, base_path: str, routes: Iterable[Route]) -> None:
        """Take in the routes of one description."""
        for route in routes:
            for method, app in cast(ByMethod, route.app).apps.items():
                segments = f"{base_path}{route.path}".split("/")
                target = _target(base_path, cast(Any, app).operation_id, segments)
                self._targets.setdefault((method, len(segments)), []).append(target)

    def find(self, method: str, path: str) -> tuple[Target, dict[str, str]] | None:
        """The target of a request and its parameters, or None."""
        segments = path.split("/")
        for target in self._targets.get((method, len(segments)), ()):
            parameters = target.match(segments)
            if parameters is not None:
                return target, parameters
        return None


def _target(base_path: str, operation_id: str, segments: list[str]) -> Target:
    places = list(enumerate(segments))
    return Target(
        base_path,
        operation_id,
        tuple((position, segment) for position, segment in places if not segment.startswith("{")),
        tuple((position, segment.strip("{}")) for position, segment in places if segment.startswith("{")),
    )


def _by_path(routes: Iterable[BaseRoute]) -> list[BaseRoute]:
    """One route for each path: the first of several would answer for all, and name its own method alone as allowed."""
    by_path: dict[str, dict[str, ASGIApp]] = {}
    for route in cast(Iterable[Route], routes):
        known = getattr(route.app, "apps", None)
        found = known or dict.fromkeys(route.methods or (), route.app)
        by_path.setdefault(route.path, {}).update(found)
    return [Route(path, ByMethod(apps), methods=list(apps)) for path, apps in by_path.items()]


class ByMethod:
    """Passes a request on to what serves its method; the route lets no other method through.

    Attributes:
        apps: What serves which method.
    """

    def __init__(self, apps: dict[str, ASGIApp]) -> None:
        self.apps = apps

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await self.apps[scope["method"]](scope, receive, send)
