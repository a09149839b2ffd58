"""`python -m aitronos_mock` is the command `aitronos-mock`."""

from .cli import main

main()
