"""The ASGI application: connexion routes, authenticates and validates from the contract, around our handlers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any, cast

from starlette.types import ASGIApp, Receive, Scope, Send

from . import contract, security
from ._connexion import API, ConnexionMiddleware, OpenAPISpecification, Resolver, SecurityMiddleware
from .control.handlers import BY_OPERATION as CONTROL_BY_OPERATION
from .docs import Docs
from .edge import Edge
from .examples import Examples
from .exchange import Exchange
from .faults.striking import Striking
from .forced import ForcedAnswers
from .guards.door import Door
from .handlers import BY_OPERATION, Handler
from .mock import Mock
from .refusals import EndpointNotFound
from .routing import StrictRouting
from .sandboxes import SandboxRegistry
from .validation import BodyValidationMiddleware

_HANDLERS: Mapping[str, Handler] = {**BY_OPERATION, **CONTROL_BY_OPERATION}


def create_app(mock: Mock, sandboxes: SandboxRegistry | None = None, door: Door | None = None) -> ASGIApp:
    """The whole application.

    Args:
        mock: What requests outside every sandbox are answered with.
        sandboxes: All sandboxes, that mock's being the default one, and with them the control plane; None is one mock
            alone, which nobody can control.
        door: Guards that a request has to pass first; None lets every host in, and pages of this machine.
    """
    specification, playback = contract.load(), contract.load("media/openapi.yaml")
    examples = Examples(specification, playback)
    security.declare(specification)
    app = _Application(
        Handlers(),
        import_name=__name__,
        resolver=Resolver(_HANDLERS.__getitem__),
        security_map=dict(security.HANDLERS),
        # connexion's annotation says ASGIApp where it means what makes one.
        middlewares=cast(
            list[ASGIApp],
            [
                StrictRouting,
                partial(Striking, examples=examples),
                partial(ForcedAnswers, examples=examples),
                SecurityMiddleware,
                BodyValidationMiddleware,
            ],
        ),
    )
    app.describe(specification)
    app.describe(playback)
    if sandboxes is not None:
        app.describe(contract.load("control/openapi.yaml"))
    door = door or Door()
    docs = Docs(app, None if sandboxes is None else door.control)
    return Edge(docs, mock, sandboxes, door)


class _Application(ConnexionMiddleware):
    """connexion's, which is given what was read already."""

    def describe(self, description: dict[str, Any]) -> None:
        """Answer what a description of this package describes."""
        specification = _Specification(description)  # type: ignore[no-untyped-call] # connexion's own omission
        self.apis.append(API(specification, base_path=None, name=None, **vars(self.options)))


class _Specification(OpenAPISpecification):
    """connexion's, which believes its document.

    connexion holds every document against the schema of OpenAPI, which takes longer than all else that it does with
    ours. They are the same at every start, and a test has connexion hold them against it.
    """

    @classmethod
    def _validate_spec(cls, spec: dict[str, Any]) -> None:
        pass


class Handlers:
    """The innermost application: calls the handler of the operation that was found."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request, or follow the lifespan of the server."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
            return
        exchange = Exchange.of(scope)
        operation_id = exchange.operation_id
        if operation_id is None:
            raise EndpointNotFound
        answer = await _HANDLERS[operation_id](exchange, scope["path_params"])
        await answer(send)


async def _live(receive: Receive, send: Send) -> None:
    """Follow the lifespan protocol; its first message makes connexion build its stack before any request."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
