"""HTTP/1.1 as uvicorn speaks it, with bounds on what a client may cost and the envelope for what it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from enum import Enum
from http import HTTPStatus
from typing import Any, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from .bounds import Bounds, head_too_large, overloaded, too_many_fields, too_slow
from .errors import MALFORMED_REQUEST, TRANSFER_CODING_NOT_IMPLEMENTED, VERSION_NOT_SUPPORTED, Problem
from .faults.striking import HANG_UP
from .logs import Access, log_access
from .mock import Mock
from .parsing import NoUpgradeParser
from .response import NOT_KEPT, REPLY, standard_headers
from .targets import Target, unspoken
from .transfers import is_coded
from .way_out import WayOut
from .writes import JoinedWrites

_FIELD_ENDS = len(b": \r\n")


class _Stage(Enum):
    """Which part of a request is arriving."""

    NONE = "none"
    HEAD = "head"
    BODY = "body"


class BoundedProtocol(HttpToolsProtocol):
    """One connection.

    Args:
        mock: Gives the mock whose clock and ids the answers of the server itself use; a reset makes another one.
        bounds: What the client may cost.
        args: What uvicorn makes a protocol with.
        kwargs: The same.
    """

    def __init__(self, mock: Callable[[], Mock], bounds: Bounds, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        parser = NoUpgradeParser(self, lambda: (self.url, self.headers))
        self.parser = cast(Any, parser)
        self._upgrade_offered = parser.offered
        self._mock = mock
        self._bounds = bounds
        # Looked at for every field of every request.
        self._head_limit, self._field_limit = bounds.head_bytes, bounds.fields
        self._stage = _Stage.NONE
        self._head_bytes = 0
        self._is_settled = False
        self._unsettled_bytes = 0
        self._watched = _Stage.NONE
        self._timer: asyncio.TimerHandle | None = None
        self._write_timer: asyncio.TimerHandle | None = None
        self._is_over = False
        self._is_lingering = False
        self._refusal = MALFORMED_REQUEST
        self._last_words: Problem | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Take the connection, unless there are too many."""
        super().connection_made(cast(asyncio.Transport, JoinedWrites(transport, self.loop)))
        self._watch(_Stage.HEAD)
        if len(self.connections) > self._bounds.connections:
            self._refuse(overloaded(self._bounds.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self._after(None)
        self._unset_keepalive_if_required()
        self._stop_waiting()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse what came, in pieces that are held against the bounds one by one."""
        size = self._bounds.head_bytes
        for start in range(0, len(data), size):
            if self._is_over:
                return
            self._feed(data[start : start + size])
        if not self._is_over:
            self._watch(self._stage)

    def _feed(self, piece: bytes) -> None:
        self._is_settled = False
        super().data_received(piece)
        # The parser tells of a field once it has ended, and keeps one that does not end.
        self._unsettled_bytes = 0 if self._is_settled else self._unsettled_bytes + len(piece)
        if self._unsettled_bytes > self._bounds.head_bytes and not self._is_over:
            self._refuse(head_too_large(self._bounds.head_bytes))

    def eof_received(self) -> bool:  # type: ignore[override]  # uvicorn's annotation has no other answer than its own.
        """Answer what a client asked before it closed its side, and close ours behind that.

        One that hung up altogether looks the same, so whoever waits for its patience is told.
        """
        if self._last_words is None:
            if self._stage is _Stage.BODY or not self._is_awaited(self.cycle):
                self._close()
                return False
            self.cycle.keep_alive = False
        self._watch(_Stage.NONE)
        self.cycle.message_event.set()
        return True

    # What the parser tells.

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._stage, self._head_bytes = _Stage.HEAD, 0

    def on_url(self, url: bytes) -> None:
        """The target, or a part of it."""
        super().on_url(url)
        self._count(len(url))

    def on_header(self, name: bytes, value: bytes) -> None:
        """A field. One behind a body comes too late to say anything about the request."""
        if self._stage is _Stage.HEAD:
            super().on_header(name, value)
        self._head_bytes += len(name) + len(value) + _FIELD_ENDS
        if self._head_bytes > self._head_limit:
            self._fail(head_too_large(self._head_limit))
        if len(self.headers) > self._field_limit:
            self._fail(too_many_fields(self._field_limit))

    def on_headers_complete(self) -> None:
        """The head ends, and its request goes to the application."""
        if self._upgrade_offered():
            return
        self._heed_head()
        super().on_headers_complete()
        self._stage, self._is_settled = _Stage.BODY, True
        way_out = WayOut(self, self.cycle)
        self.cycle.transport = cast(asyncio.Transport, way_out)
        state = cast(dict[str, Any], self.cycle.scope)["state"]
        state[HANG_UP], state[REPLY] = way_out.hang_up, way_out.reply

    def _heed_head(self) -> None:
        """Refuse a version and a coding that are not ours, and let a target in absolute form decide over the host."""
        version = self.parser.get_http_version()
        if not version.startswith("1."):
            self._fail(VERSION_NOT_SUPPORTED)
        if is_coded(self.headers):
            self._fail(TRANSFER_CODING_NOT_IMPLEMENTED)
        if target := Target.of(self.url):
            self.url = target.origin_form
            self.headers[:] = target.prevail(self.headers, version)

    def on_body(self, body: bytes) -> None:
        """A part of a body."""
        super().on_body(body)
        self._is_settled = True

    def on_message_complete(self) -> None:
        """A request ends."""
        if not self._upgrade_offered():
            super().on_message_complete()
            self._stage, self._is_settled = _Stage.NONE, True

    def on_unreadable(self, error: httptools.HttpParserError, data: bytes) -> None:
        """The parser stops, by itself or since a callback had it stop."""
        if not isinstance(error, httptools.HttpParserCallbackError):
            is_method = isinstance(error, httptools.HttpParserInvalidMethodError)
            self._refusal = unspoken(data, is_method=is_method) or self._refusal

    def _count(self, size: int) -> None:
        self._head_bytes += size
        if self._head_bytes > self._bounds.head_bytes:
            self._fail(head_too_large(self._bounds.head_bytes))

    def _fail(self, problem: Problem) -> None:
        """Stop the parser, which ends with an `HttpParserError` whatever a callback raises."""
        self._refusal = problem
        raise ValueError(problem.code)

    # How a connection goes on, and how it ends.

    def send_400_response(self, msg: str) -> None:
        """Refuse what stopped the parser."""
        self._refuse(self._refusal)

    def on_response_complete(self) -> None:
        """An answer ends, and the next request gets its turn; behind the last one stands a refusal, if any."""
        if self.pipeline or not self._is_over:
            super().on_response_complete()
        elif self._last_words is not None:
            self._say(self._last_words)

    def shutdown(self) -> None:
        """Close the connection as soon as nobody waits for an answer."""
        if self._is_lingering:
            self._close()
        else:
            super().shutdown()
            self._wait_for_reader()

    def timeout_keep_alive_handler(self) -> None:
        """Close a connection over which nothing was asked for a while."""
        self._close()

    def pause_writing(self) -> None:
        """Wait for the client to take what is written."""
        super().pause_writing()
        self._wait_for_reader()

    def resume_writing(self) -> None:
        """Write on."""
        super().resume_writing()
        if not self.transport.is_closing():
            self._stop_waiting()

    def _wait_for_reader(self) -> None:
        """Limit the time that what is written may wait: a connection closes only once all of it is taken."""
        if self._write_timer is None:
            self._write_timer = self.loop.call_later(self._bounds.write_seconds, self.transport.abort)

    def _stop_waiting(self) -> None:
        if self._write_timer is not None:
            self._write_timer.cancel()
            self._write_timer = None

    def _close(self) -> None:
        """Close the connection once the client took what is written, or had its time to."""
        self.transport.close()
        self._wait_for_reader()

    def end(self, cycle: RequestResponseCycle) -> None:
        """Close the connection behind an answer, and not in the face of a client that is still sending."""
        if cycle is self.cycle and self._stage is _Stage.BODY:
            self._linger()
        else:
            self._close()

    def hang_up(self, cycle: RequestResponseCycle) -> None:
        """Close the connection instead of answering."""
        # The server would report the answer as missing, and send one of its own.
        cycle.disconnected = True
        self._close()

    def _watch(self, stage: _Stage) -> None:
        """Limit the time that a stage may take; a request that comes in one piece needs no timer."""
        if stage is self._watched:
            return
        self._watched = stage
        if stage is _Stage.NONE:
            self._after(None)
        else:
            self._after(self._seconds(stage), self._out_of_time)

    def _seconds(self, stage: _Stage) -> float:
        return self._bounds.head_seconds if stage is _Stage.HEAD else self._bounds.body_seconds

    def _after(self, seconds: float | None, callback: Callable[[], None] = lambda: None) -> None:
        """Set the one timer of the connection, or none."""
        if self._timer is not None:
            self._timer.cancel()
        self._timer = None if seconds is None else self.loop.call_later(seconds, callback)

    def _out_of_time(self) -> None:
        stage, self._watched = self._watched, _Stage.NONE
        if self.flow.read_paused:
            # It was the server that did not listen.
            self._watch(stage)
        elif self._stage is _Stage.NONE:
            # Nobody asked anything, so there is nothing to answer.
            self._close()
        else:
            self._refuse(too_slow(self._seconds(stage)))

    def _refuse(self, problem: Problem) -> None:
        """Refuse the request that is arriving, behind the answers to those before it, and read no other one."""
        self._is_over = True
        self._watch(_Stage.NONE)
        cycle = self.cycle
        arriving = self._stage is _Stage.BODY
        if arriving and cycle.response_started:
            self._cut_short(cycle)
        elif self._is_awaited(cycle) and not (arriving and self._drop(cycle)):
            self._last_words = problem
        else:
            self._say(problem)

    @staticmethod
    def _is_awaited(cycle: RequestResponseCycle | None) -> bool:
        return cycle is not None and not cycle.response_complete and not cycle.disconnected

    def _cut_short(self, cycle: RequestResponseCycle) -> None:
        """Close the connection behind an answer that is out, or under way."""
        cycle.keep_alive = False
        if cycle.response_complete:
            self._linger()

    def _drop(self, cycle: RequestResponseCycle) -> bool:
        """Have a request answered by nobody; whether it was its turn."""
        queued = bool(self.pipeline) and self.pipeline[0][0] is cycle
        if queued:
            self.pipeline.popleft()
        cycle.disconnected = True
        cycle.message_event.set()
        return not queued

    def _say(self, problem: Problem) -> None:
        self._last_words = None
        trace_id = self._mock().ids.request()
        answer = problem.answer(trace_id, self._mock().clock.time())
        body = answer.encoded()
        headers = [
            *self.server_state.default_headers,
            (b"content-type", b"application/json"),
            (b"content-length", str(len(body)).encode()),
            *answer.headers,
            *standard_headers(trace_id, 0),
            NOT_KEPT,
            (b"connection", b"close"),
        ]
        first = f"HTTP/1.1 {problem.status} {HTTPStatus(problem.status).phrase}".encode()
        self.transport.write(b"\r\n".join([first, *(b"%s: %s" % header for header in headers), b"", body]))
        client_ip = self.client[0] if self.client else "unknown"
        log_access(Access(None, None, problem.status, 0, trace_id, client_ip, None))
        self._linger()

    def _linger(self) -> None:
        """Close our side, and listen on for a moment.

        What a client sends to a closed connection makes its system throw away the answer that it did not read yet.
        """
        self._is_over = self._is_lingering = True
        self._unset_keepalive_if_required()
        self.transport.write_eof()
        self.flow.resume_reading()
        self._after(self._bounds.linger_seconds, self._close)
