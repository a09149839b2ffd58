"""The contract, and the other descriptions of what is served, as this package carries them."""

from __future__ import annotations

from importlib import resources
from typing import Any

import yaml


def load(path: str = "openapi.yaml") -> dict[str, Any]:
    """Read the packaged copy of openapi.yaml, or the description at another path in this package."""
    text = resources.files("aitronos_mock").joinpath(path).read_text("utf-8")
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    contract: dict[str, Any] = yaml.load(text, loader)  # noqa: S506 - both are safe loaders
    return contract
