"""What may stand in a cassette although it looks like a secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path

import yaml

from . import fakes

_PORT = re.compile(r":\d+$")
_TOKEN = re.compile(r"shr_[0-9a-f]{32}")


@dataclass(frozen=True)
class Known:
    """What is no secret, since everybody knows it.

    It is one of three things: a fake by its form (`fakes.py`); a token or key that this package publishes itself, in
    the contract's examples and in its seed `docs`; or a value that somebody listed, letter by letter.

    Attributes:
        values: What was listed.
        hosts: The only hosts that a cassette may name, with their ports; None is any.
    """

    values: frozenset[str] = frozenset()
    hosts: frozenset[str] | None = None

    def allows(self, text: str) -> bool:
        """Whether a text that looks like a secret is none."""
        return text in self.values or fakes.is_fake(text) or text in published()

    def allows_host(self, host: str) -> bool:
        """Whether a cassette may name a host."""
        return self.hosts is None or host in self.hosts

    def allows_address(self, address: str) -> bool:
        """Whether a cassette may show the address of a machine: where hosts are named, as one of them."""
        return self.hosts is None or any(address == _PORT.sub("", host) for host in self.hosts)


ANYBODYS = Known()
"""What is no secret in anybody's cassettes."""


def listed_values(path: Path) -> frozenset[str]:
    """The values in a file with one in each line. Empty lines and those that begin with `#` are passed over.

    Raises:
        OSError: If it cannot be read.
        UnicodeDecodeError: If it is no text in UTF-8.
    """
    lines = (line.strip() for line in path.read_text("utf-8").splitlines())
    return frozenset(line for line in lines if line and not line.startswith("#"))


@cache
def published() -> frozenset[str]:
    """The tokens and keys that stand in this package for everybody to read."""
    package = files("aitronos_mock")
    contract, seed = (
        package.joinpath(name).read_text("utf-8") for name in ("openapi.yaml", "fixtures/seeds/docs.yaml")
    )
    keys = (key for user in yaml.safe_load(seed)["users"] for key in user["api_keys"])
    return frozenset([*_TOKEN.findall(contract), *_TOKEN.findall(seed), *keys])
