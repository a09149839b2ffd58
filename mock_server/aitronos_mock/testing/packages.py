"""Packages that not everybody needs, and what to do where one is missing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from .errors import MissingPackage

ADVICE = {
    "aitronos": "the SDK, aitronos-sdk 6 or above; or use base_url with an HTTP client of your own",
    "httpx": "it by: pip install 'httpx>=0.28'",
    "vcr": "it by: pip install 'aitronos-mock-server[cassettes]'",
}
"""What to install, by the module that is missing."""


@contextmanager
def needed_for(what: str, module: str) -> Iterator[None]:
    """Import in this block what is needed for something that was asked for.

    Raises:
        MissingPackage: The module is not installed.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        # That a module of it is missing is another matter, which no advice of ours would mend.
        if error.name != module:
            raise
        raise MissingPackage(f"{what} needs {module}, which is not installed; install {ADVICE[module]}") from None
