#!/usr/bin/env python3
"""Make what follows from openapi.yaml: the SDK's generated core and the mock's copy of the contract.

    python scripts/generate.py           write both, and the JSON of each description that the mock carries
    python scripts/generate.py --check   write nothing; exit 1 with a diff where any is stale

Needs `openapi-python-client` and `ruff` in the versions that tox.ini pins, since both shape the output, and PyYAML;
where they are not there, `./scripts/test -e generate` brings them.
"""

from __future__ import annotations

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parent.parent
CONTRACT = ROOT / "openapi.yaml"
CODEGEN = ROOT / "scripts" / "codegen"
GENERATED_CLIENT = ROOT / "sdk" / "aitronos" / "_generated"
MOCK = ROOT / "mock_server" / "aitronos_mock"
CONTRACT_COPY = MOCK / "openapi.yaml"
DESCRIPTIONS = {
    MOCK / "openapi.json": CONTRACT,
    MOCK / "control" / "openapi.json": MOCK / "control" / "openapi.yaml",
    MOCK / "media" / "openapi.json": MOCK / "media" / "openapi.yaml",
}
"""What the mock serves, in JSON, which it reads at every start, and what that follows from."""
MARK = "# Generated from openapi.yaml by scripts/generate.py. Do not edit.\n"

Files = dict[Path, str]
"""Path of each generated file, and the text that belongs there."""


def generated_client() -> Files:
    """Run the generator in a folder of its own and collect what it wrote."""
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "_generated"
        command = [
            *(sys.executable, "-m", "openapi_python_client", "generate"),
            *("--path", str(CONTRACT), "--output-path", str(output)),
            *("--config", str(CODEGEN / "config.yml")),
            *("--custom-template-path", str(CODEGEN / "templates")),
            *("--meta", "none", "--overwrite", "--fail-on-warning"),
        ]
        # The generator looks for ruff on the path, which need not have the environment that runs this.
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
        run = subprocess.run(command, cwd=folder, capture_output=True, text=True, env={**os.environ, "PATH": path})
        if run.returncode != 0:
            print(f"openapi-python-client failed:\n{run.stdout}{run.stderr}", file=sys.stderr)
            sys.exit(2)
        return {
            GENERATED_CLIENT / file.relative_to(output): MARK + file.read_text("utf-8") for file in output.rglob("*.py")
        }


def descriptions() -> Files:
    """The descriptions in JSON, which has no room for the mark."""
    return {path: _as_json(source.read_text("utf-8")) for path, source in DESCRIPTIONS.items()}


def _as_json(text: str) -> str:
    return json.dumps(yaml.safe_load(text), ensure_ascii=False, indent=1) + "\n"


def wanted() -> Files:
    """Every generated file as it should be."""
    return {CONTRACT_COPY: MARK + CONTRACT.read_text("utf-8"), **descriptions(), **generated_client()}


def present() -> Files:
    """Every generated file as it is."""
    files = [CONTRACT_COPY, *DESCRIPTIONS, *GENERATED_CLIENT.rglob("*.py")]
    return {file: file.read_text("utf-8", "replace") for file in files if file.exists()}


def differences(before: Files, after: Files) -> Iterator[str]:
    """Yield the lines of a unified diff over all files."""
    for file in sorted(before.keys() | after.keys()):
        name = str(file.relative_to(ROOT))
        if file not in after:
            yield f"{name}: belongs nowhere\n"
            continue
        old = before.get(file, "").splitlines(keepends=True)
        new = after[file].splitlines(keepends=True)
        yield from difflib.unified_diff(old, new, f"{name} (present)", f"{name} (wanted)")


def write(before: Files, after: Files) -> None:
    """Bring the tree from `before` to `after`, touching only what changed."""
    for file in before.keys() - after.keys():
        file.unlink()
    for file, text in after.items():
        if before.get(file) != text:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, "utf-8")


def main() -> int:
    """Generate, or check."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--check", action="store_true", help="write nothing, fail when stale")
    check = parser.parse_args().check
    before, after = present(), wanted()
    diff = "".join(differences(before, after))
    if not check:
        write(before, after)
    elif diff:
        print(diff, "Stale: run `python scripts/generate.py` and commit.", sep="\n")
        return 1
    print("Generated files are up to date." if check or not diff else "Generated files rewritten.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
