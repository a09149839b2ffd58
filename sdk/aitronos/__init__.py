"""Share, open and save music through the share links of the Freddy Music Studio API.

`Aitronos` is the client, `AsyncAitronos` its twin for asyncio and trio. Names are loaded when first used, so that
importing the package costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ._version import __version__

if TYPE_CHECKING:
    from ._generated.models import (
        CollectionView,
        Licence,
        LicenceClass,
        ShareInfo,
        TargetType,
        TrackView,
        Visibility,
    )
    from ._options import CallOptions
    from .client import Aitronos, AsyncAitronos
    from .errors import (
        AitronosError,
        APIConnectionError,
        APIStatusError,
        APITimeoutError,
        AuthenticationError,
        BadRequestError,
        ClientClosedError,
        ConflictError,
        InternalServerError,
        InvalidArgumentError,
        NotFoundError,
        PayloadTooLargeError,
        PermissionDeniedError,
        RateLimitError,
        ResponseParseError,
        UnprocessableEntityError,
        UnsupportedMediaTypeError,
    )
    from .models import (
        JSONObject,
        LibraryEdge,
        RawResponse,
        SharedCollection,
        SharedTrack,
        SharedView,
        ShareLink,
        UnavailableShare,
    )

# The lightest first: whoever only catches errors does not load httpx.
_HOMES = ("errors", "client", "models", "_generated.models")

__all__ = (
    "APIConnectionError",
    "APIStatusError",
    "APITimeoutError",
    "Aitronos",
    "AitronosError",
    "AsyncAitronos",
    "AuthenticationError",
    "BadRequestError",
    "CallOptions",
    "ClientClosedError",
    "CollectionView",
    "ConflictError",
    "InternalServerError",
    "InvalidArgumentError",
    "JSONObject",
    "LibraryEdge",
    "Licence",
    "LicenceClass",
    "NotFoundError",
    "PayloadTooLargeError",
    "PermissionDeniedError",
    "RateLimitError",
    "RawResponse",
    "ResponseParseError",
    "ShareInfo",
    "ShareLink",
    "SharedCollection",
    "SharedTrack",
    "SharedView",
    "TargetType",
    "TrackView",
    "UnavailableShare",
    "UnprocessableEntityError",
    "UnsupportedMediaTypeError",
    "Visibility",
    "__version__",
)


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    homes = (import_module(f".{home}", __name__) for home in _HOMES)
    value = next(getattr(home, name) for home in homes if hasattr(home, name))
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
