"""Whom a client talks to, and as whom: arguments first, then the environment."""

import os
import sys
from dataclasses import dataclass

from . import _arguments
from ._version import __version__

DEFAULT_BASE_URL = "https://api.aitronos.com"
"""The documented server."""

USER_AGENT = f"aitronos-sdk/{__version__} python/{sys.version.split()[0]}"


@dataclass(frozen=True, slots=True)
class Settings:
    """Key and server of a client. The repr shows whether there is a key, and never the key."""

    api_key: str | None
    base_url: str

    @classmethod
    def load(cls, api_key: str | None, base_url: str | None) -> "Settings":
        """Take what is given; what is not, from `FREDDY_API_KEY` and `AITRONOS_BASE_URL`."""
        key = api_key if api_key is not None else os.environ.get("FREDDY_API_KEY") or None
        url = base_url if base_url is not None else os.environ.get("AITRONOS_BASE_URL") or DEFAULT_BASE_URL
        return cls(None if key is None else _arguments.api_key(key), _arguments.base_url(url))

    def __repr__(self) -> str:
        return f"Settings(api_key={'set' if self.api_key else 'none'}, base_url={self.base_url!r})"
