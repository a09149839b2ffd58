"""What a sandbox was asked, and assertions about it that say what came instead."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Unpack

from .control import Control
from .entries import Expected, Operation, Request
from .expecting import Wanted, check, compared, told


class Journal:
    """What was asked of a sandbox and answered, oldest first. Calls of the control plane are not in it."""

    def __init__(self, control: Control) -> None:
        self._control = control

    def requests(self, operation: Operation | None = None, **expected: Unpack[Expected]) -> list[Request]:
        """The requests to this operation, or to any, that are as expected.

        Raises:
            ValueError: There is no such operation, or no such part of a request.
        """
        wanted = Wanted.of(operation, expected)
        return [request for request in self._all() if not wanted.misfits(request)]

    def assert_requested(
        self, operation: Operation, *, times: int | None = None, **expected: Unpack[Expected]
    ) -> list[Request]:
        """Assert that the operation was called like this, and give these requests.

        Args:
            operation: What was called.
            times: How often exactly; None is once or more.
            **expected: What the requests were like.

        Raises:
            AssertionError: It was not; the message has what was expected, what came, and the nearest that came.
            ValueError: There is no such operation, or no such part of a request.
        """
        __tracebackhide__ = True
        wanted, came = Wanted.of(operation, expected), self._all()
        found = [request for request in came if not wanted.misfits(request)]
        if not found if times is None else len(found) != times:
            raise AssertionError(told(wanted, times, came))
        return found

    def assert_not_requested(self, operation: Operation, **expected: Unpack[Expected]) -> None:
        """Assert that the operation was not called, or not like this.

        Raises:
            AssertionError: It was; the message has these requests.
            ValueError: There is no such operation, or no such part of a request.
        """
        __tracebackhide__ = True
        self.assert_requested(operation, times=0, **expected)

    def assert_operations(self, *operations: Operation | None) -> None:
        """Assert that these operations were called in this order, and no others; None stands for a request to nowhere.

        Raises:
            AssertionError: They were not; the message sets both beside each other.
            ValueError: There is no such operation.
        """
        __tracebackhide__ = True
        for operation in operations:
            check(operation)
        came = self._all()
        if [request.operation for request in came] != list(operations):
            raise AssertionError(compared(operations, came))

    def clear(self) -> None:
        """Forget what was asked so far."""
        self._control.send("DELETE", "requests")

    def _all(self) -> list[Request]:
        return [_request(item) for item in self._control.send("GET", "requests")["items"]]


def _request(item: dict[str, Any]) -> Request:
    return Request(**{**item, "time": datetime.fromisoformat(item["time"])})
