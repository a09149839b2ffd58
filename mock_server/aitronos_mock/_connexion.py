"""What this package uses of connexion, imported without the warning and the libraries that come along.

connexion imports a class that jsonschema deprecates, which is not for the users of a mock to mend. It also imports
libraries for what a mock never does: fetch a description or a user's rights from elsewhere, test an application, fill
in templates. They are a fifth of the time and of the memory of a start.
"""

from __future__ import annotations

import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any

_UNUSED = ("httpx", "jinja2", "requests", "starlette.templating", "starlette.testclient")
# Where there is a Flask, connexion imports that too, which builds on the classes of these.
_IS_USED = find_spec("flask") is not None


class _StandIn(ModuleType):
    """A library that is imported once something of it is called, which is all that connexion does with it."""

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return lambda *args, **kwargs: getattr(import_module(self.__name__), name)(*args, **kwargs)


@contextmanager
def _stand_ins() -> Iterator[None]:
    """Give connexion what stands in for libraries that nobody has imported; whoever imports them later gets them."""
    names = [] if _IS_USED else [name for name in _UNUSED if name not in sys.modules]
    sys.modules.update({name: _StandIn(name) for name in names})
    try:
        yield
    finally:
        for name in names:
            del sys.modules[name]


with warnings.catch_warnings(), _stand_ins():
    warnings.simplefilter("ignore")
    from connexion.exceptions import OAuthProblem
    from connexion.json_schema import Draft4RequestValidator
    from connexion.lifecycle import ConnexionRequest
    from connexion.middleware.abstract import ROUTING_CONTEXT
    from connexion.middleware.main import API, ConnexionMiddleware
    from connexion.middleware.request_validation import RequestValidationAPI, RequestValidationMiddleware
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.middleware.security import SecurityMiddleware
    from connexion.operations.abstract import AbstractOperation
    from connexion.resolver import Resolver
    from connexion.security import NO_VALUE, ApiKeySecurityHandler, BearerSecurityHandler
    from connexion.spec import OpenAPISpecification, Specification

__all__ = [
    "API",
    "NO_VALUE",
    "ROUTING_CONTEXT",
    "AbstractOperation",
    "ApiKeySecurityHandler",
    "BearerSecurityHandler",
    "ConnexionMiddleware",
    "ConnexionRequest",
    "Draft4RequestValidator",
    "OAuthProblem",
    "OpenAPISpecification",
    "RequestValidationAPI",
    "RequestValidationMiddleware",
    "Resolver",
    "RoutingMiddleware",
    "SecurityMiddleware",
    "Specification",
]
