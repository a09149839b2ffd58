"""Turn the body of an answer into what the caller gets. Whatever the server sends, only ResponseParseError comes out.

The generated `from_dict` trusts its input: a missing key is a KeyError, a broken nested object stays a dict, a text
passes for a number. So models are read here by their own annotations, compiled once per model, which check and convert
a value in the same step. A field that may be null may be missing as well; a field that nobody knows is kept.
"""

from collections.abc import Callable
from datetime import datetime
from enum import Enum
from functools import cache
from math import isfinite
from types import NoneType, UnionType
from typing import Any, TypeVar, cast, get_args, get_origin

import attrs

from ._generated import models as generated
from ._json import decoded
from ._redact import scrub, veiled
from ._wire import Reply
from .errors import ResponseParseError
from .models import JSONObject, LibraryEdge, SharedCollection, SharedTrack, SharedView, ShareLink, UnavailableShare

T = TypeVar("T")
Model = TypeVar("Model", ShareLink, LibraryEdge, SharedView)
Document = dict[str, Any]
Reader = Callable[[object], Any]
"""Takes a JSON value, returns what it stands for, or raises _Mismatch."""


class _Mismatch(Exception):
    """A value is not what its annotation says; the fields on the way to it, innermost first."""

    def __init__(self, expected: str) -> None:
        super().__init__(expected)
        self.expected = expected
        self.way: list[str] = []


def json_object(reply: Reply) -> JSONObject:
    """The decoded body, whatever its fields; an empty body is an empty object."""
    result = JSONObject(_document(reply) if reply.body else {})
    result.request_id = reply.request_id
    return result


def share_link(reply: Reply) -> ShareLink:
    """The answer of both shares."""
    return _model(ShareLink, generated.ShareLink, _document(reply), reply)


def library_edge(reply: Reply) -> LibraryEdge:
    """The answer of a save."""
    return _model(LibraryEdge, generated.LibraryEdge, _document(reply), reply)


def shared_view(reply: Reply) -> SharedView:
    """The answer of a resolve, as the class of what it shows."""
    document = _document(reply)
    if document.get("available") is False:
        return _unavailable(document, reply)
    view_class, needed = _VIEWS.get(str(document.get("kind")), (SharedView, ()))
    for name in needed:
        if document.get(name) is None:
            raise _error(reply, f"{name}: expected, since kind is {document['kind']}")
    return _model(view_class, generated.SharedView, document, reply)


_VIEWS: dict[str, tuple[type[SharedView], tuple[str, ...]]] = {
    "track": (SharedTrack, ("track",)),
    "collection": (SharedCollection, ("collection", "tracks")),
}
_STAND_INS: Document = {"kind": "", "share": {"target_type": "", "visibility": "", "expires_at": None}}


def _unavailable(document: Document, reply: Reply) -> SharedView:
    """The documentation says that such a view carries only a message, the contract that it has all seven keys."""
    absent = {name: value for name, value in _STAND_INS.items() if document.get(name) is None}
    view = _model(UnavailableShare, generated.SharedView, document | absent, reply)
    for name in absent:
        setattr(view, name, None)
    return view


def _document(reply: Reply) -> Document:
    try:
        value = decoded(reply.body)
    except ValueError:
        media_type = reply.headers.get("content-type", "no media type")
        raise _error(reply, f"not JSON, but {len(reply.body)} bytes of {media_type}") from None
    if not isinstance(value, dict):
        raise _error(reply, "JSON, but no object")
    # A backslash may spell a secret in another way.
    if b"\\" in reply.body or any(secret.encode() in reply.body for secret in reply.secrets):
        return cast(Document, veiled(value, reply.secrets))
    return cast(Document, value)


def _model(wanted: Callable[..., Model], contract: type, document: Document, reply: Reply) -> Model:
    try:
        model: Model = _object_reader(contract, wanted)(document)
    except _Mismatch as mismatch:
        raise _error(reply, f"{'.'.join(reversed(mismatch.way))}: expected {mismatch.expected}") from None
    model.request_id = reply.request_id
    return model


def _error(reply: Reply, problem: str) -> ResponseParseError:
    message = f"The answer ({reply.status}) is not as the contract describes it: {problem}"
    return ResponseParseError(scrub(message, reply.secrets), status=reply.status, request_id=reply.request_id)


@cache
def _object_reader(contract: type, wanted: Callable[..., Any]) -> Reader:
    """The reader of what `contract` describes, into an instance of `wanted`: that class or one below it."""
    resolved = attrs.resolve_types(contract, localns=dict(vars(generated)))
    # The generator appends an underscore where a name of the wire is a keyword of Python.
    readers = [(f.name.rstrip("_"), _reader(f.type)) for f in attrs.fields(resolved) if f.init]

    def read(value: object) -> object:
        if not isinstance(value, dict):
            raise _Mismatch("an object")
        values: list[object] = []
        rest, name = cast(Document, value).copy(), ""
        try:
            for name, inner in readers:
                values.append(inner(rest.pop(name, None)))
        except _Mismatch as mismatch:
            mismatch.way.append(name)
            raise
        model = wanted(*values)
        model.additional_properties = rest
        return model

    return read


def _reader(annotation: Any) -> Reader:
    if isinstance(annotation, UnionType):
        return _nullable(_reader(next(arm for arm in get_args(annotation) if arm is not NoneType)))
    if get_origin(annotation) is list:
        return _list_reader(_reader(get_args(annotation)[0]))
    if attrs.has(annotation):
        return _object_reader(annotation, annotation)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return _member_reader(annotation)
    return _SCALARS[annotation]


def _nullable(inner: Reader) -> Reader:
    return lambda value: None if value is None else inner(value)


def _member_reader(kind: type[Enum]) -> Reader:
    # Calling an enumeration takes several times as long as looking its value up.
    listed = {member.value: member for member in kind}
    return lambda value: listed.get(_text(value)) or kind(value)


def _list_reader(inner: Reader) -> Reader:
    def read(value: object) -> object:
        if not isinstance(value, list):
            raise _Mismatch("a list")
        return [inner(item) for item in cast(list[object], value)]

    return read


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    raise _Mismatch("a string")


def _truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise _Mismatch("true or false")


def _number(value: object) -> float:
    # True is an int as well, and no number.
    if type(value) is int or (type(value) is float and isfinite(value)):
        return value
    raise _Mismatch("a number")


def _moment(value: object) -> datetime:
    try:
        return datetime.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        raise _Mismatch("a date and time") from None


_SCALARS: dict[Any, Reader] = {str: _text, bool: _truth, float: _number, datetime: _moment}
