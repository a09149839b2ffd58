"""The contract as this package carries it."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml


def load() -> dict[str, Any]:
    """Read the packaged copy of openapi.yaml."""
    text = resources.files(__package__).joinpath("openapi.yaml").read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    contract: dict[str, Any] = yaml.load(text, loader)  # noqa: S506 - both are safe loaders
    return contract
