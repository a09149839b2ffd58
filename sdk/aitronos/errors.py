"""Everything that a call can raise, under one base class.

    AitronosError
    ├── InvalidArgumentError            refused before the network (also a ValueError)
    ├── ClientClosedError               the client was closed (also a RuntimeError)
    ├── APIConnectionError              no answer
    │   └── APITimeoutError             no answer in time
    ├── ResponseParseError              an answer that cannot be read
    └── APIStatusError                  an answer that refuses
        ├── BadRequestError             400, and every 4xx without a class of its own
        ├── AuthenticationError         401
        ├── PermissionDeniedError       403
        ├── NotFoundError               404
        ├── ConflictError               409
        ├── PayloadTooLargeError        413
        ├── UnsupportedMediaTypeError   415
        ├── UnprocessableEntityError    422
        ├── RateLimitError              429
        └── InternalServerError         500 and above

Every one of them pickles and copies. What the server echoes of the call's key and token, and what looks like a share
token, is redacted.
"""

from datetime import datetime
from typing import Any

_LONGEST_LINE = 500


class AitronosError(Exception):
    """Base of everything that this package raises.

    Attributes:
        message: What happened, for people.
    """

    message: str

    def __init__(self, message: str) -> None:
        # Only `message` goes to Exception, so that pickle and copy can call the class with it and restore the
        # other attributes from __dict__; this holds for every subclass whose further parameters have defaults.
        super().__init__(message)
        self.message = message

    def __str__(self) -> str:
        return _one_line(self.message)


class InvalidArgumentError(AitronosError, ValueError):
    """An argument was refused before anything was sent. The message says what to pass instead."""


class ClientClosedError(AitronosError, RuntimeError):
    """The client was closed, or its `http_client` belongs to the process that this one was forked from."""


class APIConnectionError(AitronosError):
    """No complete answer arrived: the connection was refused, reset or broke off."""


class APITimeoutError(APIConnectionError):
    """No complete answer arrived in time: `timeout` ran out, or no connection came about within 5 seconds."""


class ResponseParseError(AitronosError):
    """The server answered with success, and with a body that is not what the contract describes.

    Attributes:
        status: HTTP status of the answer.
        request_id: The `x-request-id` of the answer, or None.
    """

    status: int
    request_id: str | None

    def __init__(self, message: str, *, status: int = 0, request_id: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.request_id = request_id

    def __str__(self) -> str:
        known = f" (request_id {self.request_id})" if self.request_id else ""
        return _one_line(f"{self.message}{known}")


class APIStatusError(AitronosError):
    """The server refused. The attributes are the fields of the documented error envelope.

    An answer without a readable envelope (a gateway's HTML page, an empty body) leaves the envelope's fields at
    None, and `details` empty; `status` and `message` are always there.

    Attributes:
        status: HTTP status of the answer.
        code: For programs, for instance `RESOURCE_NOT_FOUND`.
        message: For people.
        system_message: For developers.
        type: The family of the error, for instance `client_error`.
        details: Facts about the error, often none.
        trace_id: Identifies the error in a report to the operator.
        timestamp: When the error was answered.
        retry_after: Seconds that the server asked to wait, from `Retry-After` or `retry-after-ms`.
        request_id: The `x-request-id` of the answer.
    """

    def __init__(
        self,
        message: str,
        *,
        status: int = 0,
        code: str | None = None,
        system_message: str | None = None,
        type: str | None = None,  # noqa: A002 - the envelope's own name
        details: dict[str, Any] | None = None,
        trace_id: str | None = None,
        timestamp: datetime | None = None,
        retry_after: float | None = None,
        request_id: str | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.system_message = system_message
        self.type = type
        self.details: dict[str, Any] = {} if details is None else details
        self.trace_id = trace_id
        self.timestamp = timestamp
        self.retry_after = retry_after
        self.request_id = request_id

    def __str__(self) -> str:
        head = " ".join(part for part in (str(self.status), self.code) if part)
        reference = self.trace_id or self.request_id
        return _one_line(f"{head}: {self.message}" + (f" (trace_id {reference})" if reference else ""))


class BadRequestError(APIStatusError):
    """400, and every other 4xx without a class of its own, which is how HTTP wants an unknown one treated."""


class AuthenticationError(APIStatusError):
    """401: no API key was sent, or one that nobody holds."""


class PermissionDeniedError(APIStatusError):
    """403: the caller is no member of the organization, or there is no such organization."""


class NotFoundError(APIStatusError):
    """404: there is no such thing, or it is not the caller's, or the share link no longer opens."""


class ConflictError(APIStatusError):
    """409: the request clashes with the state of the server."""


class PayloadTooLargeError(APIStatusError):
    """413: the request body is too large."""


class UnsupportedMediaTypeError(APIStatusError):
    """415: the request body is not JSON."""


class UnprocessableEntityError(APIStatusError):
    """422: a field is not valid. `details` names `field` and `value` of the first one and all of them in `errors`."""


class RateLimitError(APIStatusError):
    """429: too many requests. `retry_after` says how many seconds to wait."""


class InternalServerError(APIStatusError):
    """500 and above: the server failed."""


_BY_STATUS: dict[int, type[APIStatusError]] = {
    401: AuthenticationError,
    403: PermissionDeniedError,
    404: NotFoundError,
    409: ConflictError,
    413: PayloadTooLargeError,
    415: UnsupportedMediaTypeError,
    422: UnprocessableEntityError,
    429: RateLimitError,
}


def class_for(status: int) -> type[APIStatusError]:
    """The class of an HTTP status; one without a class of its own gets that of its family."""
    if status >= 500:
        return InternalServerError
    return _BY_STATUS.get(status, BadRequestError if status >= 400 else APIStatusError)


def _one_line(text: str) -> str:
    # Texts of the server end up in terminals, where a control character is a command.
    line = "".join(char if char.isprintable() else "�" for char in " ".join(text.split()))
    return line if len(line) <= _LONGEST_LINE else f"{line[:_LONGEST_LINE]}…"
