"""A look at the sources before they are packed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

_CASSETTES = Path("aitronos_mock", "recorded", "cassettes")


class RequireCassettes(BuildHookInterface[Any]):
    """Refuses to pack a package without the recorded answers.

    They are a link to the folder where the contract tests have them. Git writes a file in the place of a link where it
    is told that the system has none, and that file would be packed like any other.
    """

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Look, unless it is an editable installation, which is for working on the sources."""
        if version != "editable" and not (Path(self.root) / _CASSETTES).is_dir():
            self.app.abort(
                f"{_CASSETTES.as_posix()} is no folder, so the recorded answers would be missing from the package; "
                "check the sources out with symbolic links: git -c core.symlinks=true clone"
            )
