"""What calls return: the generated models of the contract, with what a client adds to them.

Every model has the fields of the wire under the names of the wire, `additional_properties` with the fields that this
version does not know, and `request_id`. A value that an enumeration does not list yet is a member equal to its string.
"""

from collections.abc import Callable, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

from attrs import AttrsInstance, define, field, fields

from ._generated.models import CollectionView, Licence, ShareInfo, TargetType, TrackView, Visibility
from ._generated.models import LibraryEdge as GeneratedLibraryEdge
from ._generated.models import SharedView as GeneratedSharedView
from ._generated.models import ShareLink as GeneratedShareLink
from ._redact import HIDDEN, Unpicklable, scrub, sealed, without_signed_urls
from ._wire import Reply

T = TypeVar("T")


class RawResponse(Unpicklable, Generic[T]):
    """A successful answer before it is parsed: status, headers, body, and `parse()` for the typed result.

    The repr shows status and request id only; `headers` and `content` are as the server sent them.
    """

    __slots__ = ("_parse", "_reply")

    def __init__(self, reply: Reply, parse: Callable[[Reply], T]) -> None:
        self._reply = reply
        self._parse = parse

    @property
    def status(self) -> int:
        """HTTP status."""
        return self._reply.status

    @property
    def headers(self) -> Mapping[str, str]:
        """Response headers; names compare without regard to case."""
        return self._reply.headers

    @property
    def content(self) -> bytes:
        """The body, decompressed."""
        return self._reply.body

    @property
    def request_id(self) -> str | None:
        """The `x-request-id` of the answer, or None."""
        return self._reply.request_id

    @sealed
    def parse(self) -> T:
        """What the call would have returned without `with_raw_response`.

        Raises:
            ResponseParseError: If the body is not what the contract describes.
        """
        return self._parse(self._reply)

    def __repr__(self) -> str:
        return f"RawResponse(status={self.status}, request_id={self.request_id!r})"


class JSONObject(dict[str, Any]):
    """The decoded JSON of an answer: a plain dict that also knows its `request_id`.

    The repr hides share tokens and playback URLs, so that a printed or logged answer gives nothing away; `json.dumps`
    and indexing give everything.

    Attributes:
        request_id: The `x-request-id` of the answer, or None.
    """

    request_id: str | None = None

    def __repr__(self) -> str:
        return scrub(repr(without_signed_urls(self)))

    __str__ = __repr__


def _shown(model: AttrsInstance) -> str:
    """A repr without playback URLs, in which nothing looks like a share token."""
    values = without_signed_urls({each.name: getattr(model, each.name) for each in fields(type(model))})
    return scrub(f"{type(model).__name__}({', '.join(f'{name}={value!r}' for name, value in values.items())})")


for _part in (TrackView, CollectionView, ShareInfo, Licence):
    # They are the parts of results just as the generator makes them, and are printed by themselves too.
    _part.__repr__ = _shown  # type: ignore[assignment]  # pyright: ignore[reportAttributeAccessIssue]


@define
class ShareLink(GeneratedShareLink):
    """A share link at its creation, the only moment at which `token` and `url` can be read.

    The repr hides both. A pickle keeps them: what is kept of a link is the caller's choice.

    Attributes:
        request_id: The `x-request-id` of the answer, or None.
    """

    request_id: str | None = field(default=None, init=False, eq=False)

    def __repr__(self) -> str:
        listed = f"target_type={self.target_type.value!r}, visibility={self.visibility.value!r}"
        shown = scrub(f"id={self.id!r}, {listed}")
        return f"ShareLink({shown}, expires_at={self.expires_at}, token={HIDDEN}, url={HIDDEN})"


@define
class LibraryEdge(GeneratedLibraryEdge):
    """A track's place in the caller's library.

    Attributes:
        request_id: The `x-request-id` of the answer, or None.
    """

    request_id: str | None = field(default=None, init=False, eq=False)

    def __repr__(self) -> str:
        return _shown(self)


@define
class SharedView(GeneratedSharedView):
    """What a share link shows: a `SharedTrack`, a `SharedCollection` or an `UnavailableShare`.

    Tell them apart with `isinstance` or `match`; each declares which of the wire's fields it has. An instance of this
    class itself is a kind of content that this version does not know.

    Attributes:
        request_id: The `x-request-id` of the answer, or None.
    """

    request_id: str | None = field(default=None, init=False, eq=False)

    if TYPE_CHECKING:
        # An unavailable view may come without them, although the contract promises all seven keys.
        kind: TargetType | None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]
        share: ShareInfo | None  # type: ignore[assignment]  # pyright: ignore[reportIncompatibleVariableOverride]

    def __repr__(self) -> str:
        return _shown(self)


class SharedTrack(SharedView):
    """A shared track that can be played: `track` is there."""

    __slots__ = ()

    if TYPE_CHECKING:
        # Which class a view is of is read from these values, so in each class they are narrower than in the base.
        kind: TargetType  # pyright: ignore[reportIncompatibleVariableOverride]
        available: Literal[True]  # pyright: ignore[reportIncompatibleVariableOverride]
        share: ShareInfo  # pyright: ignore[reportIncompatibleVariableOverride]
        track: TrackView  # pyright: ignore[reportIncompatibleVariableOverride]


class SharedCollection(SharedView):
    """A shared collection: `collection` is there, and `tracks` by position."""

    __slots__ = ()

    if TYPE_CHECKING:
        # The same.
        kind: TargetType  # pyright: ignore[reportIncompatibleVariableOverride]
        available: Literal[True]  # pyright: ignore[reportIncompatibleVariableOverride]
        share: ShareInfo  # pyright: ignore[reportIncompatibleVariableOverride]
        collection: CollectionView  # pyright: ignore[reportIncompatibleVariableOverride]
        tracks: list[TrackView]  # pyright: ignore[reportIncompatibleVariableOverride]


class UnavailableShare(SharedView):
    """A share whose creator removed the content: `message` says so to people, and there is nothing to play.

    `kind` and `share` may be None: the contract promises them, its documentation does not.
    """

    __slots__ = ()

    if TYPE_CHECKING:
        # The same.
        available: Literal[False]  # pyright: ignore[reportIncompatibleVariableOverride]

    def to_dict(self) -> dict[str, Any]:
        """The fields of the wire; `kind` and `share` are None where they were absent."""
        absent: dict[str, Any] = {name: None for name in ("kind", "share") if getattr(self, name) is None}
        whole = copy(self)
        whole.kind = self.kind or TargetType("")
        whole.share = self.share or ShareInfo(TargetType(""), Visibility(""), None)
        return super(UnavailableShare, whole).to_dict() | absent
