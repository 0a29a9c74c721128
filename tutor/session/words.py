"""Replies in words: the one sentence above a verdict, and the numbers of a witness.

In: a reply as it was written down. Out: texts. Decided here: how much a headline claims, and with how many
digits numbers are compared by eye.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.session.shown import Witness

HEADLINES: Mapping[str, str] = {
    "follows": "This line follows.",
    "incorrect": "Not yet.",
    "unreadable": "This cannot be read, so it does not count.",
    "undecided": "Neither proved nor refuted, so it does not count.",
    "error": "This question is broken; your answer does not count.",
}


def headline(data: Mapping[str, Any], sizes: Sequence[str], names: Sequence[str]) -> str:
    """The sentence over a verdict; of a proof it says what it holds for."""
    verdict = str(data["verdict"])
    if verdict != "correct":
        return HEADLINES.get(verdict, verdict)
    if data.get("proof") is None:
        return "Right."
    if data.get("proof") == "exact":
        every = " and ".join(f"every {', '.join(group)}" for group in (sizes, names) if group)
        return f"Proved, for {every}." if every else "Proved."
    return "Right at every point that was tried; a proof was not found in time."


def told(data: Mapping[str, Any]) -> str:
    """The message of a reply, where it says more than the headline."""
    message = str(data.get("message") or "")
    return "" if message == "Right." else message


# Numbers --------------------------------------------------------------------------------------------


def witness(data: Mapping[str, Any]) -> Witness:
    indices = data.get("indices") or {}
    return Witness(
        point=tuple((str(value["name"]), _value(value["value"])) for value in data.get("values", ())),
        yours=_rows(data.get("yours")),
        true=() if data.get("constant") else _rows(data.get("true")),  # it would be the answer
        differs=tuple(tuple(bool(entry) for entry in row) for row in data.get("differs") or ()),
        place=", ".join(f"{index} = {number}" for index, number in indices.items()),
    )


def _rows(rows: Any) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(_number(entry) for entry in row) for row in rows or ())


def _value(value: Any) -> str:
    """`3`, `(1, −2, 0.5)`, `[1, 2; 3, 4]`."""
    if not isinstance(value, list):
        return _number(value)
    if any(isinstance(entry, list) for entry in value):
        return "[" + "; ".join(", ".join(_number(entry) for entry in row) for row in value) + "]"
    return "(" + ", ".join(_number(entry) for entry in value) + ")"


def _number(value: Any) -> str:
    """A number with as many digits as one likes to compare; a dash where there is none."""
    if value is None or value != value:
        return "–"
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return f"{value:.4g}".replace("-", "−")
    return str(value)
