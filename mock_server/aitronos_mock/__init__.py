"""A stateful mock of the share links of the Freddy Music Studio API."""

__version__ = "0.1.0.dev0"
