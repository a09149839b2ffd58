"""Bodies that are valid for certain, told without the validator.

The validator walks schema and body together and is made to describe what is wrong. Most bodies have nothing wrong, so
each schema is turned, once, into a function that says yes to some of the valid ones. Where it says no, nothing is
decided: the validator is asked, and what it finds is what counts.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

Accepts = Callable[[Any], bool]
"""True only of what the validator finds no error in."""

_Json = Mapping[str, Any]


def acceptor(schema: _Json) -> Accepts:
    """What accepts nothing that connexion's validator of requests refuses by this schema.

    A schema is the conjunction of its keywords (JSON Schema), each of which is judged by itself, so every one of them
    has to say yes. A schema with a keyword that is not known here accepts nothing.
    """
    keywords = schema.keys() - _SAYING_NOTHING
    if not keywords <= _KEYWORDS.keys():
        return _nothing
    demands = [_KEYWORDS[keyword](schema) for keyword in sorted(keywords)]
    if schema.get("nullable") and keywords <= _NULLABLE:
        return lambda value: value is None or all(accepts(value) for accepts in demands)
    return demands[0] if len(demands) == 1 else lambda value: all(accepts(value) for accepts in demands)


def _nothing(value: Any) -> bool:
    return False


def _type(schema: _Json) -> Accepts:
    # In Draft 4 a truth value is no integer, and 1.0 is none either; both are of a type of their own here.
    wanted = _TYPES.get(schema["type"])
    return _nothing if wanted is None else lambda value: type(value) is wanted


def _enum(schema: _Json) -> Accepts:
    # Among texts equal means the same; truth values and numbers are equal in more ways, so those are not for here.
    values = frozenset(each for each in schema["enum"] if type(each) is str)
    return lambda value: type(value) is str and value in values


def _minimum(schema: _Json) -> Accepts:
    least = schema["minimum"]
    return lambda value: type(value) is int and value >= least


def _properties(schema: _Json) -> Accepts:
    known = {name: acceptor(each) for name, each in schema["properties"].items()}

    def accepts(value: Any) -> bool:
        # A name that is not known is refused here, whatever `additionalProperties` says.
        return type(value) is dict and all(name in known and known[name](each) for name, each in value.items())

    return accepts


def _additional_properties(schema: _Json) -> Accepts:
    # `properties` has seen to it that there are none.
    return _anything if "properties" in schema else _nothing


def _anything(value: Any) -> bool:
    return True


def _all_of(schema: _Json) -> Accepts:
    demands = [acceptor(each) for each in schema["allOf"]]
    return lambda value: all(accepts(value) for accepts in demands)


_TYPES: Mapping[str, type] = {"string": str, "integer": int, "object": dict}
"""The types by which strict JSON is read, each of which is one of the schema's types and no other."""

_KEYWORDS: Mapping[str, Callable[[_Json], Accepts]] = {
    "type": _type,
    "enum": _enum,
    "minimum": _minimum,
    "properties": _properties,
    "additionalProperties": _additional_properties,
    "allOf": _all_of,
}

_SAYING_NOTHING = frozenset({"title", "description", "nullable", "x-decided", "components"})
"""Keys that the validator has no rule for. `nullable` changes what others say; connexion adds the last one."""

_NULLABLE = frozenset({"type", "enum", "minimum"})
"""Keywords that find no error in null where the schema is nullable: two by connexion's rule, one by its own."""
