"""Request bodies, held against the contract."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from email.message import Message
from functools import lru_cache
from typing import Any, NoReturn, cast

from jsonschema.exceptions import ValidationError
from jsonschema.protocols import Validator
from starlette.types import ASGIApp, Receive, Scope, Send

from ._connexion import AbstractOperation, Draft4RequestValidator, RequestValidationAPI, RequestValidationMiddleware
from .accepting import acceptor
from .exchange import Exchange
from .refusals import (
    ClientGone,
    FieldError,
    InvalidBody,
    PayloadTooLarge,
    UnsupportedContentCoding,
    UnsupportedMediaType,
)

MAX_BODY_BYTES = 64 * 1024
"""Larger bodies are refused (decided), unless the operation's request body has another limit as `x-max-bytes`."""

_MAX_DEPTH = 100
"""No body of ours is nested deeper than 1. What is refused is echoed, and only so deep can it be walked safely."""

_JSON = "application/json"
_WHOLE_BODY = "body"


class BodyValidation:
    """Validates the JSON body of one operation, and hands it on in the exchange.

    It stands in for connexion's own step, which builds a validator at every request, refuses an optional body that is
    absent, and answers undecodable bytes with a failure. Parameters need no step: all of the contract's are
    unconstrained strings in the path, so routing has checked them; the signature covers those of a playback URL.

    What `accepting` is certain of, the validator would find nothing wrong with, so it is not asked; whatever is refused
    is refused by the validator, in its words.
    """

    def __init__(self, next_app: ASGIApp, operation: AbstractOperation) -> None:
        self._next_app = next_app
        schema = operation.body_schema(_JSON)
        self._validator: Validator = Draft4RequestValidator(schema)
        self._accepts = acceptor(schema)
        body = operation.request_body or {}
        self._required: bool = body.get("required", False)
        self._limit: int = body.get("x-max-bytes", MAX_BODY_BYTES)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Validate, and go on."""
        Exchange.of(scope).body = await self._body(scope, receive)
        await self._next_app(scope, receive, send)

    async def _body(self, scope: Scope, receive: Receive) -> dict[str, Any]:
        headers = dict(scope["headers"])
        if _declared_length(headers) > self._limit:
            _require_json(headers)
            raise PayloadTooLarge(self._limit)
        raw = await _read(receive, self._limit)
        if not raw:
            if self._required:
                raise InvalidBody([FieldError(_WHOLE_BODY, None, "is missing")])
            return {}
        _require_json(headers)
        if len(raw) > self._limit:
            raise PayloadTooLarge(self._limit)
        body: dict[str, Any] = _parse(raw)
        if not self._accepts(body) and (errors := _merged(_described(self._validator.iter_errors(body)))):
            raise InvalidBody(errors)
        return body


class BodyValidationAPI(RequestValidationAPI):
    """One `BodyValidation` per operation that takes a body."""

    def make_operation(self, operation: AbstractOperation) -> Any:
        """Build the validation of one operation, once."""
        return BodyValidation(self.next_app, operation) if operation.body_schema(_JSON) else self.next_app


class BodyValidationMiddleware(RequestValidationMiddleware):
    """connexion's validation middleware, which dispatches by operation, over our validation."""

    api_cls = BodyValidationAPI


def _declared_length(headers: dict[bytes, bytes]) -> int:
    # The HTTP parser refuses a length that is no number.
    return int(headers.get(b"content-length", b"0"))


async def _read(receive: Receive, limit: int) -> bytes:
    """Read the body, and stop as soon as it is too large."""
    raw = bytearray()
    more = True
    while more and len(raw) <= limit:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        raw += message.get("body", b"")
        more = message.get("more_body", False)
    return bytes(raw)


def _require_json(headers: dict[bytes, bytes]) -> None:
    coding = headers.get(b"content-encoding", b"identity").decode("latin-1")
    if coding.lower() != "identity":
        raise UnsupportedContentCoding(coding)
    content_type = headers.get(b"content-type")
    if content_type is not None and not _is_json(content_type):
        raise UnsupportedMediaType(content_type.decode("latin-1"))


# Clients of one kind all send the same.
@lru_cache(64)
def _is_json(content_type: bytes) -> bool:
    message = Message()
    message["content-type"] = content_type.decode("latin-1")
    charset = message.get_param("charset", "utf-8")
    return message.get_content_type() == _JSON and str(charset).lower() in ("utf-8", "utf8")


def _parse(raw: bytes) -> Any:
    """Parse strictly: UTF-8, no duplicate names, no NaN, no number too large for a float, no bottomless nesting."""
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
        _require_shallow(value)
    except _Unacceptable as error:
        raise _invalid_body(str(error)) from None
    except UnicodeDecodeError:
        raise _invalid_body("must be UTF-8") from None
    except (ValueError, RecursionError):
        raise _invalid_body("not valid JSON") from None
    return value


class _Unacceptable(Exception):
    """The JSON is valid, and not taken all the same; the message says why."""


def _invalid_body(message: str) -> InvalidBody:
    return InvalidBody([FieldError(_WHOLE_BODY, None, message)])


def _require_shallow(value: Any) -> None:
    level = [value]
    for _ in range(_MAX_DEPTH):
        level = [child for each in level for child in _children(each)]
        if not level:
            return
    raise _Unacceptable("must not be nested so deep")


def _children(value: Any) -> Iterable[Any]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    values = dict(pairs)
    if len(values) != len(pairs):
        raise _Unacceptable("must not have the same name twice")
    return values


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no JSON")


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise _Unacceptable("must have no number beyond the range of a double")
    return value


# `json.loads` makes one at each call. A byte order mark, which it refuses by itself, is no JSON to this one either.
_DECODER = json.JSONDecoder(object_pairs_hook=_without_duplicates, parse_constant=_refuse_constant, parse_float=_finite)


def _described(errors: Iterable[ValidationError]) -> Iterator[tuple[FieldError, bool]]:
    """What to say of each error, and whether it names the right values."""
    for error in errors:
        if error.validator == "additionalProperties":
            yield from ((unknown, False) for unknown in _unknown_fields(error))
        else:
            field = ".".join(map(str, error.absolute_path)) or _WHOLE_BODY
            yield FieldError(field, error.instance, _said(error)), error.validator == "enum"


def _unknown_fields(error: ValidationError) -> Iterator[FieldError]:
    """One error per unknown field, in the order in which they were sent."""
    body, known = cast(dict[str, Any], error.instance), cast(dict[str, Any], error.schema)["properties"]
    for name, value in body.items():
        if name not in known:
            yield FieldError(name, value, f"unknown field; known are {', '.join(known)}")


def _said(error: ValidationError) -> str:
    """What a person should change, from what the schema demands."""
    saying = _SAYINGS.get(str(error.validator))
    if saying is None:
        return "must be as the description of this operation says"
    return saying(cast(dict[str, Any], error.schema))


def _type_said(schema: dict[str, Any]) -> str:
    article = "an" if schema["type"][0] in "aeiou" else "a"
    return f"must be {article} {schema['type']}" + (" or null" if schema.get("nullable") else "")


def _spelt(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value)


_SAYINGS: Mapping[str, Callable[[dict[str, Any]], str]] = {
    "type": _type_said,
    "enum": lambda schema: f"must be one of {', '.join(map(_spelt, schema['enum']))}",
    "oneOf": lambda schema: f"must be {schema['title']}",
    "minimum": lambda schema: f"must be at least {schema['minimum']}",
    "maximum": lambda schema: f"must be at most {schema['maximum']}",
    "minLength": lambda schema: f"must have {schema['minLength']} or more characters",
    "maxLength": lambda schema: f"must have {schema['maxLength']} or fewer characters",
    "pattern": lambda schema: f"must be {schema['title']}" if "title" in schema else f"must match {schema['pattern']}",
    "minProperties": lambda schema: f"must have one of {', '.join(schema['properties'])}",
    "maxProperties": lambda schema: f"must have only one of {', '.join(schema['properties'])}",
}


def _merged(errors: Iterable[tuple[FieldError, bool]]) -> list[FieldError]:
    """One error per field: of a wrong type and a wrong value, the list of right values helps more."""
    by_field: dict[str, FieldError] = {}
    for error, names_right_values in errors:
        if error.field not in by_field or names_right_values:
            by_field[error.field] = error
    return list(by_field.values())
