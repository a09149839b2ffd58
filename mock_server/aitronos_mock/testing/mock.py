"""A mock to test against, and the sandboxes of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Unpack

from .control import Control
from .errors import MockRefused
from .sandbox import Sandbox, SandboxPlan
from .steering import written
from .ways import Way
from .worlds import world_of


class Mock:
    """A mock that answers, however it is reached.

    Args:
        way: How it is reached.

    Attributes:
        control: Its control plane, for calls that nothing else here makes.
    """

    def __init__(self, way: Way) -> None:
        self._way = way
        self.control = Control(way.exchange)

    @property
    def url(self) -> str:
        """Where it is; without a sandbox, the API below it is that of the default one, which all share."""
        return self._way.url

    def health(self) -> dict[str, Any]:
        """What the mock says about itself.

        Raises:
            MockUnavailable: It does not answer.
            MockRefused: It demands a control token, and was given another one or none.
        """
        said: dict[str, Any] = self.control.send("GET", "health")
        return said

    @contextmanager
    def sandbox(self, **plan: Unpack[SandboxPlan]) -> Iterator[Sandbox]:
        """Make a sandbox, and throw it away in the end, with the blocking clients that were made for it.

        Args:
            **plan: How it begins.

        Raises:
            MockError: The fixture cannot be read.
            MockRefused: The plan makes no sense, or there is no room.
            ValueError: The clock names no time zone.
        """
        made = self.control.send("POST", "sandboxes", body=_body(plan))
        sandbox = Sandbox(made["name"], self._way)
        try:
            yield sandbox
        finally:
            sandbox.close()
            self._delete(sandbox.name)

    def _delete(self, name: str) -> None:
        try:
            self.control.send("DELETE", "sandboxes", name)
        except MockRefused as refusal:
            # One that is gone already is what was wanted.
            if refusal.code != "SANDBOX_NOT_FOUND":
                raise


def _body(plan: SandboxPlan) -> dict[str, Any]:
    body: dict[str, Any] = {**plan}
    if "clock" in plan:
        body["clock"] = written(plan["clock"])
    if "fixture" in plan:
        body["fixture"] = world_of(plan["fixture"])
    return body
