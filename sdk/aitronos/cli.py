"""The command `aitronos`. Its libraries are an extra, so that a program that only calls the API need not carry them."""

import sys


def main() -> int:
    """Run the command line and return its exit code."""
    try:
        from . import _commands
    except ModuleNotFoundError as missing:
        sys.stderr.write(f"aitronos: {missing.name} is missing. Run: pip install 'aitronos-sdk[cli]'\n")
        return 2
    return _commands.run(sys.argv[1:])
