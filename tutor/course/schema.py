"""The lesson format as JSON Schema, for editors: they complete keys and underline what does not belong.

In: the tables of `tutor.course.keys`. Out: a schema, as a value that JSON can hold.
Decided here: what an editor can know without mathematics. It sees YAML's numbers and lists where the tutor sees the
text that was written, so maths may be of any type; all else is as strict as the loader.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.course import keys

Schema = dict[str, Any]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

WORDS: Schema = {"type": "string", "minLength": 1}
MATHS: Schema = {"not": {"type": "null"}}
FLAG: Schema = {"type": "boolean"}
NAMES: Schema = {"type": "object", "minProperties": 1, "additionalProperties": MATHS}


def _either(one: Schema, most: int | None = None) -> Schema:
    """One value, or a list of such."""
    listed: Schema = {"type": "array", "items": one}
    return {"anyOf": [one, listed | ({"maxItems": most} if most else {})]}


def _choice(words: Sequence[str]) -> Schema:
    return {"enum": list(words)}


def _table(known: Sequence[str], meanings: Mapping[str, Schema], required: Sequence[str] = ()) -> Schema:
    properties = {key: meanings[key] for key in known}
    return {"type": "object", "properties": properties, "required": list(required), "additionalProperties": False}


COUNT: Schema = {"type": "integer", "minimum": 1}

IN_FRONT: Mapping[str, Schema] = {
    "format": {"const": keys.FORMAT, "description": "The format of this file."},
    "title": WORDS | {"description": "The name in the list of lessons."},
    "summary": WORDS | {"description": "One sentence for the list of lessons."},
    "minutes": COUNT | {"description": "Expected time."},
    "needs": _either(WORDS) | {"description": "Lessons to do first: file names without number and ending."},
    "variables": NAMES | {"description": "Name and type, such as `w: vector n`."},
    "define": NAMES | {"description": "Name and expression, in order; each may use those above it."},
    "random": NAMES | {"description": "Name and what it is drawn from anew for each run: `2..9`, or a list."},
    "layout": _choice(keys.LAYOUTS) | {"description": "How derivatives lie; `learner` leaves it to the learner."},
    "source": WORDS | {"description": "Where the derivation comes from."},
    "picture": {
        "anyOf": [
            _choice(keys.PICTURES),
            {
                "type": "object",
                "propertyNames": _choice(keys.PICTURES),
                "maxProperties": 1,
                "additionalProperties": {"type": "object"},
            },
        ],
        "description": "A picture for the lesson, with its parameters.",
    },
}

HOLDS: Mapping[str, Schema] = {
    "maths": MATHS,
    "options": {
        "type": "array",
        "items": {"anyOf": [MATHS, _table(keys.OPTION, {"option": MATHS, "because": WORDS}, ["option"])]},
        "minItems": 2,
        "maxItems": keys.MAX_OPTIONS,
    },
    "factors": {"type": "array", "items": MATHS, "minItems": 1},
}
"""What the key of a kind holds."""

IN_ASK: Mapping[str, Schema] = {
    **{kind: HOLDS[row.value] | {"description": f"What is asked: {kind}."} for kind, row in keys.KINDS.items()},
    "wrt": MATHS | {"description": "The variable to differentiate by."},
    "prompt": WORDS | {"description": "Replaces the sentence that is made from the question."},
    "using": _either(MATHS) | {"description": "Names that the answer must contain."},
    "avoid": _either(MATHS) | {"description": "Names that the answer must not contain."},
    "form": _choice(keys.FORMS) | {"description": "The form that the answer must have."},
    "allow-derivatives": FLAG | {"description": "Whether the answer may contain ∂a/∂z."},
    "answer": MATHS | {"description": "The form that is shown; proved by `mctutor lint`."},
    "hints": _either(WORDS, keys.MAX_HINTS) | {"description": "From a push to nearly the answer."},
    "nudges": {
        "type": "array",
        "items": _table(keys.NUDGE, {"when": MATHS, "say": WORDS}, keys.NUDGE),
        "description": "Wrong answers that are expected, and what to tell for them.",
    },
    "skills": _either(WORDS) | {"description": "Tags; found from the derivation when left out."},
    "after": WORDS | {"description": "Shown once the step is answered: what was gained."},
    "right": _either(COUNT, keys.MAX_OPTIONS) | {"description": "The numbers of the right options, from 1."},
    "at": NAMES | {"description": "A value for each name."},
    "tolerance": MATHS | {"description": "By how much an answer may be off."},
    "scaffold": {
        "type": "array",
        "items": {"$ref": "#/$defs/smaller-ask"},
        "description": "Smaller asks for who is stuck.",
    },
}


def schema() -> Schema:
    """The schema of all that is YAML in a lesson or a course: each part stands by its name under `$defs`."""
    unit = _table(keys.UNIT, {"title": WORDS, "lessons": _either(WORDS)}, ["title"])
    units: Schema = {"type": "array", "items": unit}
    definitions = {
        "front-matter": _table(keys.FRONT, IN_FRONT, ("format", "title", "summary")),
        "ask": _ask(keys.ASK),
        "smaller-ask": _ask(keys.SMALLER),
        "course": _table(keys.COURSE, {"title": WORDS, "summary": WORDS, "units": units}, ["title"]),
    }
    return {
        "$schema": DIALECT,
        "title": f"mctutor lessons, format {keys.FORMAT}",
        "anyOf": [{"$ref": f"#/$defs/{name}"} for name in ("front-matter", "ask", "course")],
        "$defs": definitions,
    }


def _ask(known: Sequence[str]) -> Schema:
    """An ask: one kind, and what goes with it."""
    rules = []
    for kind in keys.KINDS:
        of = {key: keys.KINDS[kind].rule(key) for key in keys.RULED}
        needed = [key for key, rule in of.items() if rule == "needed"]
        senseless = [{"required": [key]} for key, rule in of.items() if rule == "senseless"]
        then = ({"required": needed} if needed else {}) | ({"not": {"anyOf": senseless}} if senseless else {})
        rules.append({"if": {"required": [kind]}, "then": then})
    one_kind = [{"required": [kind]} for kind in keys.KINDS]
    return _table(known, IN_ASK) | {"oneOf": one_kind, "allOf": rules}
