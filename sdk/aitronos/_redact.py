"""Keep API keys and share tokens out of whatever people and machines read: texts, errors, tracebacks, pickles."""

import functools
import re
import sys
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Sequence
from types import FrameType, TracebackType
from typing import Any, NoReturn, ParamSpec, TypeVar, cast

from .errors import AitronosError

P = ParamSpec("P")
T = TypeVar("T")

HIDDEN = "[redacted]"

_TOKEN = re.compile(r"shr_[\w%-]+|(?<=/music/shared/)[^/\s\"'?#]+")
_SIGNED_URL = "playback_url"
# Replacing a shorter text would tear up ordinary words; every real key and token is longer.
_SHORTEST_SECRET = 8
_MACHINERY = sys.stdlib_module_names | {
    *("aitronos", "httpx", "httpcore", "h11", "h2", "hpack", "hyperframe", "socksio", "idna"),
    *("anyio", "trio", "outcome", "sniffio"),
}
"""Packages whose frames hold what is sent."""


def scrub(text: str, secrets: Iterable[str] = ()) -> str:
    """Replace the given secrets, and whatever looks like a share token, by a placeholder."""
    for secret in secrets:
        if len(secret) >= _SHORTEST_SECRET:
            text = text.replace(secret, HIDDEN)
    return _TOKEN.sub(HIDDEN, text)


def scrub_json(value: object, secrets: Iterable[str] = ()) -> Any:
    """Scrub every text inside a JSON value, names of fields included."""
    if isinstance(value, str):
        return scrub(value, secrets)
    if isinstance(value, list):
        return [scrub_json(item, secrets) for item in cast(list[object], value)]
    if isinstance(value, dict):
        items = cast(dict[str, object], value).items()
        return {scrub(name, secrets): scrub_json(item, secrets) for name, item in items}
    return value


def without_signed_urls(value: object) -> Any:
    """Replace the playback URLs inside a JSON value by a placeholder: whoever has one can listen."""
    if isinstance(value, list):
        return [without_signed_urls(item) for item in cast(list[object], value)]
    if isinstance(value, dict):
        items = cast(dict[str, object], value).items()
        return {name: HIDDEN if name == _SIGNED_URL else without_signed_urls(item) for name, item in items}
    return value


class Echo(str):
    """A text in which the server repeats a secret of the call: equal to its string, and hidden in every repr."""

    __slots__ = ()

    def __repr__(self) -> str:
        return repr(HIDDEN)


def veiled(value: object, secrets: Sequence[str]) -> Any:
    """Turn every text inside a JSON value that holds one of the secrets into an `Echo`."""
    if isinstance(value, str):
        is_echo = any(len(secret) >= _SHORTEST_SECRET and secret in value for secret in secrets)
        return Echo(value) if is_echo else value
    if isinstance(value, list):
        return [veiled(item, secrets) for item in cast(list[object], value)]
    if isinstance(value, dict):
        items = cast(dict[str, object], value).items()
        return {veiled(name, secrets): veiled(item, secrets) for name, item in items}
    return value


def sealed(method: Callable[P, T]) -> Callable[P, T]:
    """Let no exception carry the locals of our frames, and of those below, out of a public method.

    Crash reporters and test runners print the locals of every frame of a traceback, and those hold keys and tokens.
    """

    @functools.wraps(method)
    def public(*args: P.args, **kwargs: P.kwargs) -> T:
        handled = sys.exception()
        try:
            return method(*args, **kwargs)
        except BaseException as error:
            _unburden(error, handled)
            raise

    return public


def sealed_async(method: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Do as `sealed` does, for a coroutine function."""

    @functools.wraps(method)
    async def public(*args: P.args, **kwargs: P.kwargs) -> T:
        handled = sys.exception()
        try:
            return await method(*args, **kwargs)
        except BaseException as error:
            _unburden(error, handled)
            raise

    return public


def _unburden(error: BaseException, handled: BaseException | None) -> None:
    """Take the locals out of an exception and its chain, up to the one that the caller was handling already.

    Errors of ours tell everything in their message. Others, a bug or an interruption, keep their lines.
    """
    if isinstance(error, AitronosError):
        error.__cause__, error.__context__, error.__traceback__ = None, handled, None
        return
    for link in _chain(error, handled):
        link.__traceback__ = _without_locals(link.__traceback__)


def _chain(error: BaseException, handled: BaseException | None) -> list[BaseException]:
    found: list[BaseException] = []
    due: list[BaseException | None] = [error]
    while due:
        link = due.pop()
        # By identity: exceptions may compare equal.
        if link is None or link is handled or any(link is known for known in found):
            continue
        found.append(link)
        members = cast(tuple[BaseException, ...], link.exceptions) if isinstance(link, BaseExceptionGroup) else ()
        due += [link.__cause__, link.__context__, *members]
    return found


def _without_locals(frames: TracebackType | None) -> TracebackType | None:
    kept = [entry for entry in _entries(frames) if _is_callers(entry.tb_frame) or _is_cleared(entry.tb_frame)]
    rest: TracebackType | None = None
    for entry in reversed(kept):
        rest = TracebackType(rest, entry.tb_frame, entry.tb_lasti, entry.tb_lineno)
    return rest


def _entries(frames: TracebackType | None) -> Iterator[TracebackType]:
    while frames is not None:
        yield frames
        frames = frames.tb_next


def _is_callers(frame: FrameType) -> bool:
    """Whether the frame runs code of the user's, such as a hook, whose locals are their business."""
    return str(frame.f_globals.get("__name__")).partition(".")[0] not in _MACHINERY


def _is_cleared(frame: FrameType) -> bool:
    try:
        frame.clear()
    except RuntimeError:
        # It still runs, as that of `public` does.
        return False
    return True


class Unpicklable:
    """Mixin of objects that hold a secret together with connections: neither belongs into a pickle."""

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds secrets and connections and cannot be pickled or copied")
