"""Load parts of the package when they are needed, so that a client is there before what only its calls need."""

from importlib import import_module
from typing import Any


class Later:
    """Stands for a module of this package, which is imported when something in it is first asked for."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        value = getattr(import_module(f".{self._name}", __package__), attribute)
        # Found without us from now on.
        setattr(self, attribute, value)
        return value
