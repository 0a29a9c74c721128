"""A small validator for JSON Schema: the keywords that our schema uses, and an error for any other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

TYPES = {"string": str, "integer": int, "number": (int, float), "array": list, "object": dict, "boolean": bool}
SILENT = {"$schema", "$defs", "title", "description", "then", "items", "properties"}


def faults(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str = "$") -> Iterator[str]:
    """What is wrong with a value, each fault with its place."""
    for key, rule in schema.items():
        yield from _broken(key, rule, value, schema, root, at)
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from faults(item, schema.get("items", {}), root, f"{at}[{number}]")
    if isinstance(value, dict):
        for name, item in value.items():
            known = schema.get("properties", {}).get(name)
            if known is not None:
                yield from faults(item, known, root, f"{at}.{name}")


def fits(value: Any, schema: Mapping[str, Any], root: Mapping[str, Any]) -> bool:
    return next(faults(value, schema, root), None) is None


def _broken(
    key: str, rule: Any, value: Any, schema: Mapping[str, Any], root: Mapping[str, Any], at: str
) -> Iterator[str]:
    if key in SILENT:
        return
    if key == "$ref":
        yield from faults(value, root["$defs"][re.fullmatch(r"#/\$defs/(.+)", rule)[1]], root, at)  # type: ignore[index]
    elif key == "allOf":
        for each in rule:
            yield from faults(value, each, root, at)
    elif key == "if":
        if fits(value, rule, root):
            yield from faults(value, schema["then"], root, at)
    elif key == "additionalProperties" and isinstance(value, dict):
        for name in set(value) - set(schema.get("properties", {})):
            if rule is False:
                yield f"{at}: there is no key {name}"
            else:
                yield from faults(value[name], rule, root, f"{at}.{name}")
    elif key == "propertyNames" and isinstance(value, dict):
        for name in value:
            yield from faults(name, rule, root, f"{at}.{name}")
    elif not _holds(key, rule, value, root):
        yield f"{at}: {key} {rule} does not hold for {value!r}"


def _holds(key: str, rule: Any, value: Any, root: Mapping[str, Any]) -> bool:
    match key:
        case "type":
            of_type = value is None if rule == "null" else isinstance(value, TYPES[rule])  # type: ignore[arg-type]
            return of_type and (rule == "boolean" or not isinstance(value, bool))
        case "const":
            return bool(value == rule)
        case "enum":
            return value in rule
        case "required":
            return not isinstance(value, dict) or all(name in value for name in rule)
        case "minimum":
            return not isinstance(value, int) or value >= rule
        case "minLength":
            return not isinstance(value, str) or len(value) >= rule
        case "minItems":
            return not isinstance(value, list) or len(value) >= rule
        case "maxItems":
            return not isinstance(value, list) or len(value) <= rule
        case "minProperties":
            return not isinstance(value, dict) or len(value) >= rule
        case "maxProperties":
            return not isinstance(value, dict) or len(value) <= rule
        case "not":
            return not fits(value, rule, root)
        case "anyOf":
            return any(fits(value, each, root) for each in rule)
        case "oneOf":
            return sum(fits(value, each, root) for each in rule) == 1
        case "additionalProperties" | "propertyNames":
            return True
    raise AssertionError(f"this validator does not know {key}")
