"""Silence the HTTP stack's own log lines during our calls: they hold URLs and headers, ours hold a route."""

import logging
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar

_in_a_call: ContextVar[bool] = ContextVar("aitronos_in_a_call", default=False)

_TALKATIVE = (
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "hpack.hpack",
    "hpack.table",
)


def _is_not_ours(record: logging.LogRecord) -> bool:
    return not _in_a_call.get()


@contextmanager
def quiet() -> Generator[None, None, None]:
    """Drop the lines that this thread or task makes httpx and its parts log; everybody else's stay."""
    token = _in_a_call.set(True)
    try:
        yield
    finally:
        _in_a_call.reset(token)


def install() -> None:
    """Put the filter on the loggers, once."""
    for name in _TALKATIVE:
        logging.getLogger(name).addFilter(_is_not_ours)
