"""Where the fixture of a sandbox comes from."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from aitronos_mock.fixtures import DocumentSource, FixtureError

NOW = 1782642600


def _document() -> dict[str, Any]:
    return {"organizations": [{"id": "org_1"}]}


def test_others_have_their_turns_while_a_document_is_checked() -> None:
    """A large document takes seconds, and no request to another sandbox waits for it."""

    async def check() -> bool:
        others = asyncio.create_task(asyncio.sleep(0))
        await DocumentSource(_document()).check()
        return others.done()

    assert asyncio.run(check())


def test_a_document_that_is_no_fixture_is_refused_by_its_check() -> None:
    """Whoever gives it learns it before anything is made from it."""
    with pytest.raises(FixtureError):
        asyncio.run(DocumentSource({"organisations": []}).check())


def test_a_document_is_checked_once() -> None:
    """Every start is made from what the first check found."""
    document = _document()
    source = DocumentSource(document)
    asyncio.run(source.check())
    document["unknown"] = "what a second check would refuse"

    assert ("org_1",) == source(now=NOW).world.organizations
