"""How long a database is waited for."""

from __future__ import annotations

from typing import NamedTuple


class Patience(NamedTuple):
    """Seconds until a server counts as away; SQLite, which is in the process, has nobody wait.

    Attributes:
        connecting: For a new connection, and for the end of all.
        queueing: For a connection that others have.
        answering: For the answer to one statement.
    """

    connecting: float = 2.0
    queueing: float = 5.0
    answering: float = 10.0


PATIENCE = Patience()
"""What a mock has: a client that it kept waiting longer would have given up (decided)."""
