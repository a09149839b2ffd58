"""The tables of what replicas share besides their worlds. Only PostgreSQL has them.

Of what a fixture gives there are digests only in the place of keys and tokens, but for the tokens under `next_ids`.
These are to be handed out, and after a reset of the sandbox once more, so they have to stand here whole: in `next_ids`
until another world is loaded, in `origin` as long as there is the sandbox. Nothing that all replicas have and the
database has not could encrypt them.
"""

from __future__ import annotations

SHARED_TABLES = (
    # Numbers of sandboxes begin with 1, because 0 is the default one.
    "CREATE SEQUENCE sandbox_numbers",
    # A life begins with each reset, a world with each fixture that is loaded.
    "CREATE SEQUENCE sandbox_lives",
    """
    CREATE TABLE sandboxes (
        number INTEGER PRIMARY KEY,
        name VARCHAR COLLATE "C" UNIQUE,
        life BIGINT NOT NULL,
        world BIGINT NOT NULL,
        origin TEXT NOT NULL,
        next_ids TEXT,
        frozen_at DOUBLE PRECISION,
        ahead DOUBLE PRECISION NOT NULL,
        faults_added INTEGER NOT NULL,
        last_used DOUBLE PRECISION NOT NULL
    )
    """,
    """
    CREATE TABLE faults (
        sandbox INTEGER NOT NULL REFERENCES sandboxes (number) ON DELETE CASCADE,
        position INTEGER NOT NULL,
        plan TEXT NOT NULL,
        matched BIGINT NOT NULL,
        struck BIGINT NOT NULL,
        PRIMARY KEY (sandbox, position)
    )
    """,
    """
    CREATE TABLE records (
        id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        sandbox INTEGER NOT NULL REFERENCES sandboxes (number) ON DELETE CASCADE,
        life BIGINT NOT NULL,
        kind VARCHAR COLLATE "C" NOT NULL,
        recorded_at DOUBLE PRECISION NOT NULL,
        time DOUBLE PRECISION NOT NULL,
        method VARCHAR,
        operation VARCHAR,
        status INTEGER,
        entry TEXT NOT NULL
    )
    """,
    "CREATE INDEX records_in_order ON records (sandbox, life, kind, recorded_at)",
    "CREATE TABLE signing_keys (key BYTEA NOT NULL)",
)
"""The statements that make them."""
