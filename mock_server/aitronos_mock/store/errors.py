"""What keeps a store from being used."""

from __future__ import annotations


class StoreUnusable(Exception):
    """The database cannot be used; the message is one line that says why and what to do."""


class StoreUnavailable(Exception):
    """The database cannot be reached or written just now; nothing was done, or nobody knows whether it was."""
