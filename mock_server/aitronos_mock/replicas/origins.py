"""How the beginnings of a sandbox are written into the database, and read again at another replica."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from ..fixtures import DocumentSource, FixtureSource, SeedSource
from ..fixtures.digests import without_secrets
from ..ids import NextIds
from ..sandboxes import Origin


def write_origin(origin: Origin) -> str:
    """An origin in JSON, with digests in the place of keys and tokens.

    A file is written by its name, which is then to mean the same at every replica.
    """
    return json.dumps({**_source(origin.fixture), "frozen_at": origin.frozen_at, "deterministic": origin.deterministic})


def read_origin(text: str) -> Origin:
    """The other way round."""
    written = json.loads(text)
    return Origin(_fixture(written), written["frozen_at"], written["deterministic"])


def _source(fixture: FixtureSource) -> dict[str, Any]:
    if isinstance(fixture, SeedSource):
        return {"seed": fixture.name}
    return {"document": without_secrets(fixture.document)}


def _fixture(written: dict[str, Any]) -> FixtureSource:
    return SeedSource(written["seed"]) if "seed" in written else DocumentSource(written["document"])


def write_next_ids(next_ids: NextIds) -> str:
    """Ids to be handed out first, in JSON."""
    return json.dumps(asdict(next_ids))


def read_next_ids(text: str) -> NextIds:
    """The other way round."""
    written: dict[str, Any] = json.loads(text)
    track, collection = (tuple(map(tuple, written[kind])) for kind in ("track_share", "collection_share"))
    return NextIds(track, collection, tuple(written["library_edge"]))
