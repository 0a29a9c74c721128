"""What the tutor has to tell, as plain text on standard output.

In: replies, here; derivations, findings and lessons, in the modules. Out: lines for people.
"""

from __future__ import annotations

from typing import Any

from tutor.excerpt import excerpt, visible
from tutor.marking.reply import Reply
from tutor.problem import Problem
from tutor.source import Source, Span

_MARKS = {"correct": "✓", "incorrect": "✗", "unreadable": "?", "undecided": "…", "error": "!"}
_PROOFS = {"exact": "Proved.", "sampled": "Equal at every point that was tried; not proved."}


def told(reply: Reply, answer: str) -> str:
    """A reply as a few lines: the verdict, why, and the witness."""
    mark = _MARKS[reply.verdict]
    if reply.verdict == "unreadable":
        span = None if reply.span is None else Span(*reply.span)
        problem = Problem(reply.code or "", reply.message, span, reply.suggestions)
        return excerpt(problem, Source("answer", answer))
    if reply.verdict == "correct":
        return f"{mark} {_PROOFS[reply.proof or 'sampled']}  {reply.read_as}  ({reply.shape or 'a shape'})"
    lines = [f"{mark} {visible(reply.message)}"]
    if reply.witness is not None:
        lines += _witness(reply.witness)
    return "\n".join(lines)


def _witness(witness: dict[str, Any]) -> list[str]:
    at = "   ".join(f"{value['name']} = {_value(value['value'])}" for value in witness["values"])
    indices = witness.get("indices") or {}
    where = "   ".join(f"{name} = {value}" for name, value in indices.items())
    differs = witness["differs"]
    signs = "; ".join(" ".join("✗" if d else "✓" for d in row) for row in differs)
    return [
        f"    at     {where}{'   ' if where and at else ''}{at}",
        f"    yours  {_rows(witness['yours'])}",
        f"    true   {_rows(witness['true'])}   {signs}",
    ]


def number(value: float | None) -> str:
    """A number as a person would write it, six digits at most; — where there is none."""
    return "—" if value is None else f"{value:.6g}".replace("-", "−")


def _value(value: Any) -> str:
    if isinstance(value, list):
        if value and isinstance(value[0], list):
            return _rows(value)
        return "(" + ", ".join(_value(v) for v in value) + ")"
    return number(value)


def _rows(rows: list[list[float | None]]) -> str:
    if len(rows) == 1 and len(rows[0]) == 1:
        return number(rows[0][0])
    return "[" + "; ".join(", ".join(number(v) for v in row) for row in rows) + "]"
