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

_HOMES = {
    "client": ("Aitronos", "AsyncAitronos"),
    "_options": ("CallOptions",),
    "errors": (
        "AitronosError",
        "APIConnectionError",
        "APIStatusError",
        "APITimeoutError",
        "AuthenticationError",
        "BadRequestError",
        "ClientClosedError",
        "ConflictError",
        "InternalServerError",
        "InvalidArgumentError",
        "NotFoundError",
        "PayloadTooLargeError",
        "PermissionDeniedError",
        "RateLimitError",
        "ResponseParseError",
        "UnprocessableEntityError",
        "UnsupportedMediaTypeError",
    ),
    "models": (
        "JSONObject",
        "LibraryEdge",
        "RawResponse",
        "SharedCollection",
        "SharedTrack",
        "SharedView",
        "ShareLink",
        "UnavailableShare",
    ),
    "_generated.models": (
        "CollectionView",
        "Licence",
        "LicenceClass",
        "ShareInfo",
        "TargetType",
        "TrackView",
        "Visibility",
    ),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

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
    home = _HOME_OF.get(name)
    if home is None:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{home}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
