"""What the mock writes on stderr, and in which form. Nothing in here ever sees a path: a path may hold a token."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any, Literal, NamedTuple

Format = Literal["human", "json"]
"""How lines look: for people, or one JSON object each."""

access_logger = logging.getLogger("aitronos_mock.access")


class Access(NamedTuple):
    """One request and its answer, as the access log has it.

    Attributes:
        method: The method; None where none could be read.
        operation: The operation that was found, or None.
        status: The HTTP status.
        ms: Whole milliseconds until the answer began.
        trace_id: The `x-request-id` of the answer.
        client_ip: The address that the request came from.
        sandbox: The sandbox that answered; the default one has no name.
    """

    method: str | None
    operation: str | None
    status: int
    ms: int
    trace_id: str
    client_ip: str
    sandbox: str | None

    def __str__(self) -> str:
        """The line for people."""
        return (
            f"{self.method or '-'} {self.operation or '-'} {self.status} {self.ms} ms {self.trace_id} "
            f"{self.client_ip} {self.sandbox or '-'}"
        )


def logs_access() -> bool:
    """Whether there is an access log."""
    return access_logger.isEnabledFor(logging.INFO)


def log_access(access: Access) -> None:
    """Write one line of the access log, if there is one."""
    access_logger.info("%s", access)


class JsonFormatter(logging.Formatter):
    """One JSON object per line: `time`, `level`, `logger`, and the fields of the access log or a `message`."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {"time": _utc(record), "level": record.levelname.lower(), "logger": record.name}
        match record.args:
            case (Access() as access,):
                line |= access._asdict()
            case _:
                line["message"] = record.getMessage()
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


class HumanFormatter(logging.Formatter):
    """Time, level, logger and message."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:  # noqa: N802 - logging's name
        """The moment of the record, as everywhere in the API but for the milliseconds."""
        return _utc(record)


def configure(level: str, form: Format) -> None:
    """Let everything from this level on appear on stderr."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter() if form == "json" else HumanFormatter())
    logging.basicConfig(level=level.upper(), handlers=[handler])
    # Below warnings, these speak of what only their developers want to know, or of what the access log has already.
    for name in ("uvicorn", "connexion"):
        logging.getLogger(name).setLevel(max(logging.WARNING, logging.getLogger().level))


def _utc(record: logging.LogRecord) -> str:
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(record.created))}.{int(record.msecs):03d}Z"
