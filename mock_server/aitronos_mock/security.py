"""Who calls. connexion finds the credential that the contract declares, and asks here whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, cast

from starlette.types import Scope

from ._connexion import NO_VALUE, ApiKeySecurityHandler, BearerSecurityHandler, ConnexionRequest
from .domain.models import User
from .exchange import Exchange


async def whose_key(key: str, request: ConnexionRequest) -> dict[str, User] | None:
    """The user who holds the key, as the subject that connexion notes, or None, which it refuses."""
    user = await _exchange(request).mock.sharing.authenticate(key)
    return None if user is None else {"sub": user}


async def whose_bearer(key: str, request: ConnexionRequest) -> Any:
    """The same for a bearer credential, which counts only where no `X-API-Key` was sent (decided)."""
    return NO_VALUE if _exchange(request).fields("x-api-key") else await whose_key(key, request)


class _ApiKeys(ApiKeySecurityHandler):
    """connexion's, which asks once what our function takes, and not at every request: a function does not change."""

    _accepts_kwarg = staticmethod(cache(ApiKeySecurityHandler._accepts_kwarg))


class _Bearers(BearerSecurityHandler):
    """The same for the other credential."""

    _accepts_kwarg = staticmethod(cache(BearerSecurityHandler._accepts_kwarg))


HANDLERS: Mapping[str, type] = {"apiKey": _ApiKeys, "bearer": _Bearers}
"""What reads the credentials of each kind of security scheme."""


def _exchange(request: ConnexionRequest) -> Exchange:
    return Exchange.of(cast(Scope, request.scope))


def declare(contract: dict[str, Any]) -> None:
    """Name the functions in the contract's security schemes, which is where connexion looks for them."""
    schemes = contract["components"]["securitySchemes"]
    schemes["ApiKey"]["x-apikeyInfoFunc"] = f"{__name__}.{whose_key.__name__}"
    schemes["Bearer"]["x-bearerInfoFunc"] = f"{__name__}.{whose_bearer.__name__}"
