"""Secrets are taken out of texts, and frames with secrets out of tracebacks."""

import gc
import json
import pickle
import traceback
import weakref

import pytest

from aitronos import AitronosError
from aitronos._redact import Unpicklable, scrub, scrub_json, sealed, sealed_async, veiled

from .stub import TOKEN


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nothing here", "nothing here"),
        (f"see {TOKEN}.", "see [redacted]."),
        (f"https://a/v1/music/shared/{TOKEN}/save", "https://a/v1/music/shared/[redacted]/save"),
        ("/v1/music/shared/opaque?x=1", "/v1/music/shared/[redacted]?x=1"),
        ("key top-secret-key", "key [redacted]"),
    ],
)
def test_scrub(text: str, expected: str) -> None:
    """Given secrets and whatever looks like a token are replaced."""
    assert scrub(text, ["top-secret-key"]) == expected


def test_scrub_leaves_words_alone() -> None:
    """A secret too short to be one does not tear up a text."""
    assert scrub("a banana", ["a"]) == "a banana"


def test_scrub_json() -> None:
    """Every text is reached, names of fields too; other values stay."""
    assert scrub_json({TOKEN: [TOKEN, 1, None, True]}) == {"[redacted]": ["[redacted]", 1, None, True]}


def inner(secret: str) -> None:
    """Fail with a secret among the locals, and one in the chain."""
    try:
        raise ValueError(secret)
    except ValueError as cause:
        raise AitronosError("It failed.") from cause


@sealed
def call(secret: str) -> None:
    """Fail as a public method would."""
    inner(secret)


@sealed_async
async def call_async(secret: str) -> None:
    """Fail as an asynchronous public method would."""
    inner(secret)


def told(error: BaseException) -> str:
    """All that a crash reporter sees below the frame of the test, locals included."""
    assert error.__traceback__ is not None
    inside = error.with_traceback(error.__traceback__.tb_next)
    return "".join(traceback.TracebackException.from_exception(inside, capture_locals=True).format())


def test_unsealed() -> None:
    """Without the seal, a traceback with locals tells all."""
    with pytest.raises(AitronosError) as caught:
        inner("top-secret")
    assert "top-secret" in told(caught.value)


def test_sealed() -> None:
    """An error leaves without the frames, locals and causes inside."""
    with pytest.raises(AitronosError) as caught:
        call("top-secret")
    assert "top-secret" not in told(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_sealed_async() -> None:
    """The same holds for coroutine functions."""
    coroutine = call_async("top-secret")
    with pytest.raises(AitronosError) as caught:
        coroutine.send(None)
    assert "top-secret" not in told(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def caught_and_dropped() -> weakref.ref[AitronosError] | None:
    """Catch an error of a sealed call and keep no more than a weak reference."""
    try:
        call("top-secret")
    except AitronosError as error:
        return weakref.ref(error)
    return None  # pragma: no cover - the call fails


def test_sealed_leaves_no_circle() -> None:
    """An error that nobody holds is gone at once, and with it the frames that it held."""
    gc.disable()
    try:
        reference = caught_and_dropped()
        assert reference is not None
        assert reference() is None
    finally:
        gc.enable()


def test_sealed_passes_results_and_other_exceptions() -> None:
    """Only errors of this package are touched."""
    assert sealed(lambda: 7)() == 7
    with pytest.raises(KeyError):
        sealed(lambda: {}["x"])()  # type: ignore[index] # it is to fail


def test_sealed_keeps_name_and_docstring() -> None:
    """Help and documentation tools see the method itself."""
    assert (call.__name__, call.__doc__) == ("call", "Fail as a public method would.")


def test_veiled() -> None:
    """A text that repeats a secret is equal to its string, and hidden by its repr; all else stays as it is."""
    value = {"top-secret": [1, None, "a top-secret", "b"]}
    hidden = veiled(value, ["top-secret", "b"])
    assert hidden == value
    assert repr(hidden) == "{'[redacted]': [1, None, '[redacted]', 'b']}"
    assert json.dumps(hidden) == json.dumps(value)


def test_unpicklable() -> None:
    """What holds secrets refuses to be pickled, with its name."""

    class Holder(Unpicklable):
        pass

    with pytest.raises(TypeError, match="Holder holds secrets and connections"):
        pickle.dumps(Holder())


@sealed
def call_of_a_group(secret: str) -> None:
    """Fail with several exceptions at once."""
    try:
        inner_failure(secret)
    except ValueError as error:
        raise ExceptionGroup("several", [error]) from error


def inner_failure(secret: str) -> None:
    """Fail with a secret among the locals."""
    raise ValueError


def test_sealed_groups_and_chains(monkeypatch: pytest.MonkeyPatch) -> None:
    """The members and causes of a foreign exception keep lines, and lose locals."""
    monkeypatch.setattr("aitronos._redact._MACHINERY", {"aitronos", __name__.partition(".")[0]})
    with pytest.raises(ExceptionGroup) as caught:
        call_of_a_group("top-secret")
    text = told(caught.value)
    assert "in inner_failure" in text
    assert "top-secret" not in text


def fail_while_handling(text: str) -> None:
    """Make a call that fails from within the handling of another failure."""
    try:
        json.loads(text)
    except ValueError:
        sealed(lambda: {}["x"])()  # type: ignore[index] # it is to fail


def test_sealed_leaves_the_callers_exceptions_alone() -> None:
    """What the caller was handling already keeps its frames with their locals."""
    with pytest.raises(KeyError) as caught:
        fail_while_handling("my own text {")
    before = caught.value.__context__
    assert isinstance(before, ValueError)
    # Below the frame of this module: that of the library that it called.
    assert "my own text {" in told(before)
