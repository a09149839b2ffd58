"""Whatever a later or a broken server sends, a result or a typed exception comes out."""

import copy
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aitronos import Aitronos, AitronosError, SharedCollection, SharedTrack, SharedView, UnavailableShare

from .stub import COLLECTION, ORGANIZATION, TOKEN, TRACK

CONTRACT = Path(__file__).parents[3] / "openapi.yaml"
EXAMPLES: dict[str, Any] = {
    name: example["value"]
    for name, example in yaml.safe_load(CONTRACT.read_text("utf-8"))["components"]["examples"].items()
}

CALLS: list[Any] = [
    lambda client: client.music.share_track(ORGANIZATION, TRACK),
    lambda client: client.music.share_collection(ORGANIZATION, COLLECTION),
    lambda client: client.music.resolve_share(TOKEN),
    lambda client: client.music.save_shared_track(TOKEN),
    lambda client: client.get("/v1/things"),
]

scalars = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text()
anything = st.recursive(scalars, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5)


def places(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a document."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [way, *(place for key, item in items for place in places(item, (*way, key)))]


@st.composite
def mutated(draw: st.DrawFn) -> Any:
    """A documented example with a few values replaced, removed or added."""
    holder = [copy.deepcopy(EXAMPLES[draw(st.sampled_from(sorted(EXAMPLES)))])]
    for _ in range(draw(st.integers(1, 3))):
        *way, last = draw(st.sampled_from(places(holder)[1:]))
        target: Any = holder
        for key in way:
            target = target[key]
        match draw(st.sampled_from(["replace", "remove", "add"])):
            case "remove" if isinstance(target, dict):
                del target[last]
            case "add" if isinstance(target, dict):
                target[draw(st.text())] = draw(anything)
            case _:
                target[last] = draw(anything)
    return holder[0]


def outcome(call: Any, status: int, body: bytes, headers: dict[str, str]) -> Any:
    """What comes of a call whose answer is this."""
    transport = httpx.MockTransport(lambda request: httpx.Response(status, content=body, headers=headers))
    with httpx.Client(transport=transport) as http_client:
        client = Aitronos("key", http_client=http_client, max_retries=0)
        try:
            return call(client)
        except AitronosError as error:
            return error


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(CALLS), st.sampled_from([200, 201, 404, 422, 500, 520]), mutated())
def test_mutated_documents(call: Any, status: int, document: Any) -> None:
    """No mutation of a documented answer gets anything but a result or a typed exception out of a call."""
    result = outcome(call, status, json.dumps(document).encode(), {})
    assert isinstance(result, AitronosError) or status < 400
    assert repr(result)
    assert str(result)


@settings(max_examples=200)
@given(mutated())
def test_narrowing_keeps_its_word(document: Any) -> None:
    """A view has what its class promises, and can be written out again, whatever it was made from."""
    view = outcome(CALLS[2], 200, json.dumps(document).encode(), {})
    match view:
        case SharedTrack():
            assert view.available is True
            assert view.track.licence.licence_class == str(view.track.licence.licence_class)
        case SharedCollection():
            assert all(isinstance(track.id, str) for track in view.tracks)
            assert isinstance(view.collection.name, str)
        case UnavailableShare():
            assert view.available is False
        case _:
            assert isinstance(view, SharedView | AitronosError)
    if isinstance(view, SharedView):
        written = json.loads(json.dumps(view.to_dict()))
        assert all(written[name] == document[name] for name in ("kind", "message") if document.get(name) is not None)


@settings(max_examples=200)
@given(
    st.sampled_from(CALLS),
    st.integers(200, 599),
    st.binary(),
    st.text(st.characters(codec="latin-1", categories=["L"])),
)
def test_any_bytes(call: Any, status: int, body: bytes, word: str) -> None:
    """Neither do arbitrary bytes under an arbitrary status with odd headers."""
    headers = {"retry-after": word, "retry-after-ms": word, "content-type": word, "x-request-id": word}
    result = outcome(
        call, status, body, {name: value.encode("ascii", "replace").decode() for name, value in headers.items()}
    )
    assert isinstance(result, AitronosError | dict)


@pytest.mark.parametrize("name", sorted(name for name, value in EXAMPLES.items() if value.get("success") is False))
def test_documented_errors(name: str) -> None:
    """Every documented envelope arrives whole."""
    documented = EXAMPLES[name]["error"]
    error = outcome(CALLS[2], documented["status"], json.dumps(EXAMPLES[name]).encode(), {})
    for field in ("code", "message", "system_message", "type", "status", "details", "trace_id"):
        assert getattr(error, field) == documented[field]
    assert f"{error.timestamp:%Y-%m-%dT%H:%M:%SZ}" == documented["timestamp"]
