"""Who may use the control plane: whoever holds its token, and no web page that nobody invited."""

from __future__ import annotations

import hmac
from dataclasses import dataclass, field

from ..errors import Problem, TurnedAway
from ..exchange import Exchange
from .origins import Origins

_OWN_PAGE = frozenset({"same-origin", "none"})


@dataclass(frozen=True, slots=True)
class ControlAccess:
    """The door of the control plane.

    Attributes:
        origins: Pages that may use it. `*` invites nobody: what anybody may read, not everybody may change.
        token: What a client has to show as `Authorization: Bearer …`; None asks for nothing.
        is_off: Whether there is no control plane.
    """

    origins: Origins = field(default_factory=Origins)
    token: str | None = field(default=None, repr=False)
    is_off: bool = False

    def require(self, exchange: Exchange) -> None:
        """Let a request to the control plane pass.

        Raises:
            TurnedAway: There is none, a foreign page sent the request, or the token is missing or wrong.
        """
        if self.is_off:
            raise TurnedAway(_OFF)
        if self._is_foreign(exchange):
            raise TurnedAway(_FOREIGN)
        if self.token is not None and not _holds(exchange, self.token):
            raise TurnedAway(_NO_TOKEN)

    def _is_foreign(self, exchange: Exchange) -> bool:
        """Whether a page of another origin sent the request; programs say nothing of origins and sites."""
        origin = exchange.origin
        if origin is not None:
            return not self.origins.welcomes(origin) and origin != exchange.server_url
        return not _OWN_PAGE.issuperset(exchange.fields("sec-fetch-site"))


def _holds(exchange: Exchange, token: str) -> bool:
    scheme, _, shown = ", ".join(exchange.fields("authorization")).partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(shown.strip().encode(), token.encode())


_OFF = Problem(
    404,
    "CONTROL_PLANE_OFF",
    "client_error",
    "This server has no control plane.",
    "Where others may reach it, it needs a token; start the mock with --control-token or AITRONOS_MOCK_CONTROL_TOKEN",
)

_FOREIGN = Problem(
    403,
    "FOREIGN_ORIGIN",
    "authorization_error",
    "This page may not use the control plane.",
    "A browser sent this from another origin; start the mock with --cors-origin and that origin to let its pages in",
)

_NO_TOKEN = Problem(
    401,
    "CONTROL_TOKEN_REQUIRED",
    "authentication_error",
    "The control plane needs its token.",
    "Send the token that the mock was started with as Authorization: Bearer",
    headers=[(b"www-authenticate", b'Bearer realm="control plane"')],
)
