"""What this package uses of connexion, imported without the warnings that come along.

connexion imports starlette's test client, which warns about the HTTP library that tests should use, and a class that
jsonschema deprecates. Neither is for the users of a mock to mend. Older releases of starlette do not warn, and lack
security fixes.
"""

from __future__ import annotations

import warnings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from connexion.exceptions import OAuthProblem
    from connexion.json_schema import Draft4RequestValidator
    from connexion.lifecycle import ConnexionRequest
    from connexion.middleware.abstract import ROUTING_CONTEXT
    from connexion.middleware.main import ConnexionMiddleware
    from connexion.middleware.request_validation import RequestValidationAPI, RequestValidationMiddleware
    from connexion.middleware.routing import RoutingMiddleware
    from connexion.middleware.security import SecurityMiddleware
    from connexion.operations.abstract import AbstractOperation
    from connexion.resolver import Resolver
    from connexion.security import NO_VALUE, ApiKeySecurityHandler, BearerSecurityHandler
    from connexion.spec import Specification

__all__ = [
    "NO_VALUE",
    "ROUTING_CONTEXT",
    "AbstractOperation",
    "ApiKeySecurityHandler",
    "BearerSecurityHandler",
    "ConnexionMiddleware",
    "ConnexionRequest",
    "Draft4RequestValidator",
    "OAuthProblem",
    "RequestValidationAPI",
    "RequestValidationMiddleware",
    "Resolver",
    "RoutingMiddleware",
    "SecurityMiddleware",
    "Specification",
]
