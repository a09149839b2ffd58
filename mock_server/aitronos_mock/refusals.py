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


class UnsupportedContentCoding(Exception):
    """The body is compressed, or coded otherwise.

    Attributes:
        coding: What the request declared.
    """

    def __init__(self, coding: str) -> None:
        super().__init__(coding)
        self.coding = coding


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


class ForcedAnswerUnknown(Exception):
    """The operation has no example of the code or the name that the request wants to force.

    Attributes:
        operation_id: The operation.
        code: The code that was named, as it was written, or None.
        example: The example that was named, or None.
        defined: The examples that there are, by code.
    """

    def __init__(self, operation_id: str, code: str | None, example: str | None, defined: dict[str, list[str]]) -> None:
        super().__init__(operation_id, code, example)
        self.operation_id = operation_id
        self.code = code
        self.example = example
        self.defined = defined


class CannotHangUp(Exception):
    """A connection shall be closed on purpose, and whatever runs the application gives no way to do it."""

    def __init__(self) -> None:
        super().__init__("a dropped connection needs a real one; serve the mock with the command aitronos-mock")


class ClientGone(Exception):
    """Nobody waits for an answer: the client hung up, or was hung up on."""


class SandboxNotFound(Exception):
    """There is no sandbox of this name.

    Attributes:
        name: The name that was asked for.
    """

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class NotThere(Exception):
    """The control plane was asked about something that is not there.

    Attributes:
        identifiers: What was asked for, by the name of the path parameter.
    """

    def __init__(self, identifiers: dict[str, str]) -> None:
        super().__init__(identifiers)
        self.identifiers = identifiers
