"""Keep API keys and share tokens out of whatever people and machines read: texts, errors, tracebacks, pickles."""

import functools
import re
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from typing import Any, NoReturn, ParamSpec, TypeVar, cast

from .errors import AitronosError

P = ParamSpec("P")
T = TypeVar("T")

HIDDEN = "[redacted]"

_TOKEN = re.compile(r"shr_[\w%-]+|(?<=/music/shared/)[^/\s\"'?#]+")
# Replacing a shorter text would tear up ordinary words; every real key and token is longer.
_SHORTEST_SECRET = 8


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


def sealed(method: Callable[P, T]) -> Callable[P, T]:
    """Let errors leave a public method without the frames inside, whose locals hold keys and tokens.

    Crash reporters and test runners print the locals of every frame of a traceback. What remains is the caller's
    own frame and this one, which holds nothing.
    """

    @functools.wraps(method)
    def public(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return method(*args, **kwargs)
        except AitronosError as caught:
            error = _bare(caught)
        del args, kwargs
        try:
            raise error
        finally:
            # An error that this frame holds on to would hold on to this frame, and to the caller's.
            del error

    return public


def sealed_async(method: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    """Do as `sealed` does, for a coroutine function."""

    @functools.wraps(method)
    async def public(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await method(*args, **kwargs)
        except AitronosError as caught:
            error = _bare(caught)
        del args, kwargs
        try:
            raise error
        finally:
            # An error that this frame holds on to would hold on to this frame, and to the caller's.
            del error

    return public


def _bare(error: AitronosError) -> AitronosError:
    error.__cause__ = error.__context__ = None
    return error.with_traceback(None)


class Unpicklable:
    """Mixin of objects that hold a secret together with connections: neither belongs into a pickle."""

    def __reduce__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} holds secrets and connections and cannot be pickled or copied")
