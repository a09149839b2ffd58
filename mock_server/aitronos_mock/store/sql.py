"""The store of a sandbox in SQL, the same on every database."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol, TypeVar

from sqlalchemy import Executable

from ..domain.models import Collection, LibraryEdge, ShareLink, Track, User, World
from ..domain.ports import MemberView, SharedContent
from . import statements
from .worlds import Row, Values, edge_values, link_values, rows_of, world_of

_TRACK_START = len(statements.LINK_FIELDS)
_TRACK_END = _TRACK_START + len(statements.TRACK_FIELDS)
_Told = TypeVar("_Told")


class Executor(Protocol):
    """Runs statements; each is a transaction by itself, unless it says otherwise."""

    async def rows(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """What a reading statement finds."""
        ...

    async def settled(self, statement: Executable, told: Callable[[Sequence[Row]], _Told], parameters: Values) -> _Told:
        """What is to be told of the rows that a statement finds about a world as it was loaded.

        Args:
            statement: Reads no links and no library, where rows come and go all the time.
            told: Makes of the rows what cannot be changed; always the same function for a statement.
            parameters: Of the statement, always in the same order.
        """
        ...

    async def snapshot(self, reads: Iterable[Executable], parameters: Values) -> list[Sequence[Row]]:
        """What several reading statements find, all at one moment."""
        ...

    async def write(self, statement: Executable, parameters: Values) -> Sequence[Row]:
        """Insert or update, and return what the statement says is to be returned.

        Raises:
            DuplicateId: Something that stands once stands already.
            ContentGone: What is referred to is not there.
        """
        ...

    async def replace(self, sandbox: int, inserts: Iterable[tuple[Executable, list[Values]]]) -> None:
        """Put these rows in the place of all that a sandbox has, or change nothing at all."""
        ...


def inserts_of(sandbox: int, world: World) -> list[tuple[Executable, list[Values]]]:
    """What to insert into which tables, so that a sandbox which has nothing has this world."""
    here = {"sandbox": sandbox}
    return [(statements.FILL[table], [here | row for row in rows]) for table, rows in rows_of(world) if rows]


class SQLStore:
    """The store of one sandbox; each method is one statement or one transaction, so atomic.

    Args:
        executor: Of the database that it is in.
        sandbox: The number of the sandbox.

    Attributes:
        executor: Of the database that it is in.
    """

    def __init__(self, executor: Executor, sandbox: int) -> None:
        self.executor = executor
        self._sandbox = sandbox

    async def is_empty(self) -> bool:
        """Whether there is no world, or one without anybody."""
        return await self._first(statements.ANY_USER) is None

    async def load(self, world: World) -> None:
        """Put this world in the place of what there is, or change nothing at all."""
        await self.executor.replace(self._sandbox, inserts_of(self._sandbox, world))

    async def clear(self) -> None:
        """Leave nothing of the world."""
        await self.executor.replace(self._sandbox, [])

    async def world(self) -> World:
        """Everything that there is."""
        rows = await self.executor.snapshot(statements.ALL.values(), {"here": self._sandbox})
        return world_of(dict(zip(statements.ALL, rows, strict=True)))

    async def user_of_key(self, key_digest: bytes) -> User | None:
        """Who holds the key, or None."""
        return await self._settled(statements.USER_OF_KEY, _user, digest=key_digest)

    async def track_for(self, user_id: str, organization_id: str, track_id: str) -> MemberView:
        """A track, for a user as a member of an organization."""
        asked = {"user_id": user_id, "organization_id": organization_id, "id": track_id}
        return await self._settled(statements.TRACK_FOR_MEMBER, _track_view, **asked)

    async def collection_for(self, user_id: str, organization_id: str, collection_id: str) -> MemberView:
        """A collection, for a user as a member of an organization."""
        asked = {"user_id": user_id, "organization_id": organization_id, "id": collection_id}
        return await self._settled(statements.COLLECTION_FOR_MEMBER, _collection_view, **asked)

    async def tracks_of(self, collection_id: str) -> list[Track]:
        """The tracks of a collection by position, ascending, without removed ones."""
        return [*await self._settled(statements.TRACKS_OF, _tracks, collection_id=collection_id)]

    async def shared_content(self, token_digest: bytes) -> SharedContent | None:
        """The link of this token and what it leads to, or None."""
        return _shared(await self._first(statements.CONTENT_OF_TOKEN, token_digest=token_digest))

    async def content_of_link(self, link_id: str) -> SharedContent | None:
        """The link of this id and what it leads to, or None."""
        return _shared(await self._first(statements.CONTENT_OF_LINK, link_id=link_id))

    async def add_share_link(self, link: ShareLink, token_digest: bytes) -> None:
        """Keep a new link."""
        await self._add(statements.ADD_LINK, link_values(link, token_digest))

    async def count_open(self, link_id: str) -> bool:
        """Count one open of a link that has a limit; false, and nothing counted, where the limit is reached."""
        return await self._change(statements.COUNT_OPEN, link_id=link_id)

    async def add_library_edge(self, edge: LibraryEdge) -> LibraryEdge:
        """Keep the edge unless its user has one for its track; return the one that is kept."""
        (kept,) = await self._add(statements.ADD_EDGE, edge_values(edge))
        return LibraryEdge(*kept)

    async def revoke(self, link_id: str) -> bool:
        """Revoke a link; false where there is none of this id."""
        return await self._change(statements.REVOKE, link_id=link_id)

    async def set_expiry(self, link_id: str, moment: int) -> bool:
        """Let a link expire at this moment (Unix seconds); false where there is none of this id."""
        return await self._change(statements.SET_EXPIRY, link_id=link_id, moment=moment)

    async def set_track_removed(self, track_id: str, removed: bool) -> bool:
        """Remove a track or bring it back; false where there is none of this id."""
        return await self._change(statements.SET_TRACK_REMOVED, content_id=track_id, gone=removed)

    async def set_collection_removed(self, collection_id: str, removed: bool) -> bool:
        """Remove a collection or bring it back; false where there is none of this id."""
        return await self._change(statements.SET_COLLECTION_REMOVED, content_id=collection_id, gone=removed)

    async def _settled(
        self, statement: Executable, told: Callable[[Sequence[Row]], _Told], **parameters: object
    ) -> _Told:
        return await self.executor.settled(statement, told, {"here": self._sandbox, **parameters})

    async def _first(self, statement: Executable, **parameters: object) -> Row | None:
        rows = await self.executor.rows(statement, {"here": self._sandbox, **parameters})
        return rows[0] if rows else None

    async def _add(self, statement: Executable, values: Values) -> Sequence[Row]:
        return await self.executor.write(statement, {"sandbox": self._sandbox, **values})

    async def _change(self, statement: Executable, **parameters: object) -> bool:
        return len(await self.executor.write(statement, {"here": self._sandbox, **parameters})) == 1


def _user(rows: Sequence[Row]) -> User | None:
    return User(rows[0][0]) if rows else None


def _tracks(rows: Sequence[Row]) -> tuple[Track, ...]:
    return tuple(Track(*row) for row in rows)


def _track_view(rows: Sequence[Row]) -> MemberView:
    return _view(rows, Track)


def _collection_view(rows: Sequence[Row]) -> MemberView:
    return _view(rows, Collection)


def _view(rows: Sequence[Row], kind: type[Track] | type[Collection]) -> MemberView:
    if not rows:
        return MemberView(is_member=False, content=None)
    (row,) = rows
    return MemberView(is_member=True, content=None if row[0] is None else kind(*row))


def _shared(row: Row | None) -> SharedContent | None:
    if row is None:
        return None
    link = ShareLink(*row[:_TRACK_START])
    if link.target_type == "track":
        return SharedContent(link, Track(*row[_TRACK_START:_TRACK_END]))
    return SharedContent(link, Collection(*row[_TRACK_END:]))
