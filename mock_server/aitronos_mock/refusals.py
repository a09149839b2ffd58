"""Why a request is refused before it reaches a rule."""

from __future__ import annotations

from typing import Any, NamedTuple


class FieldError(NamedTuple):
    """What is wrong with one field.

    Attributes:
        field: Its name; `body` for the body as a whole.
        value: What was sent there.
        message: What it must be.
    """

    field: str
    value: Any
    message: str


class InvalidBody(Exception):
    """The body is not what the contract describes.

    Attributes:
        errors: What is wrong, at least one.
    """

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__(len(errors))
        self.errors = errors


class UnsupportedMediaType(Exception):
    """The body is of another media type.

    Attributes:
        content_type: What the request declared.
    """

    def __init__(self, content_type: str) -> None:
        super().__init__(content_type)
        self.content_type = content_type


class PayloadTooLarge(Exception):
    """The body is too large.

    Attributes:
        limit_bytes: The largest that is read.
    """

    def __init__(self, limit_bytes: int) -> None:
        super().__init__(limit_bytes)
        self.limit_bytes = limit_bytes


class RateLimited(Exception):
    """The client made too many requests.

    Attributes:
        retry_after: Whole seconds until the next one would be admitted.
    """

    def __init__(self, retry_after: int) -> None:
        super().__init__(retry_after)
        self.retry_after = retry_after


class PlaybackUrlInvalid(Exception):
    """The playback URL is none that this mock gave out."""


class PlaybackUrlExpired(Exception):
    """The playback URL is genuine, and had its time."""


class PreconditionFailed(Exception):
    """The client wants to go on with a file that is another one."""


class RangeNotSatisfiable(Exception):
    """The file has no such part.

    Attributes:
        size_bytes: The size of the whole file.
    """

    def __init__(self, size_bytes: int) -> None:
        super().__init__(size_bytes)
        self.size_bytes = size_bytes


class EndpointNotFound(Exception):
    """No operation has this path."""


class ClientGone(Exception):
    """The client hung up before its request was whole; nobody waits for an answer."""
