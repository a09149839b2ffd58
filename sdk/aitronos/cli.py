"""The command `aitronos`. Its libraries are an extra, so that a program that only calls the API need not carry them."""

import sys
from io import TextIOWrapper
from typing import cast


def main() -> int:
    """Run the command line and return its exit code."""
    for stream in (sys.stdout, sys.stderr):
        # A stream that was closed before the start is None. A title in a script that the terminal does not know is no
        # reason to fail.
        if stream is not None:
            cast(TextIOWrapper, stream).reconfigure(errors="replace")
    try:
        from . import _commands
    except ModuleNotFoundError as missing:
        sys.stderr.write(f"aitronos: {missing.name} is missing. Run: pip install 'aitronos-sdk[cli]'\n")
        return 2
    return _commands.run(sys.argv[1:])
