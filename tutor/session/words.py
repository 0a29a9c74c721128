"""Replies in words: what a learner is told of an answer, the sentence above it, and the numbers of a witness.

In: a reply as it was written down, and what was asked. Out: Feedback. Decided here: how much a headline claims, that
the author's words go before the tutor's, and with how many digits numbers are compared by eye.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tutor.session.maths import is_partial, named, spoken_of
from tutor.session.shown import Feedback, Formula, Witness
from tutor.session.ways import numbers_in

if TYPE_CHECKING:
    from tutor.course.lesson import Ask
    from tutor.marking.question import Question

HEADLINES: Mapping[str, str] = {
    "follows": "This line follows.",
    "incorrect": "Not yet.",
    "unreadable": "This cannot be read, so it does not count.",
    "shape-conflict": "The shapes do not fit, so this does not count.",
    "undecided": "Neither proved nor refuted, so it does not count.",
    "error": "This question is broken; your answer does not count.",
}


def feedback(
    data: Mapping[str, Any], answer: str, ask: Ask | None, question: Question | None, formula: Formula | None
) -> Feedback:
    """What a reply says to whoever gave `answer`; `formula` is the right one, where it may be shown."""
    verdict = data["verdict"]
    message = told(data)
    shapes = (str(data.get("shape") or ""), str(data.get("expected_shape") or ""))
    differ = verdict == "incorrect" and all(shapes) and shapes[0] != shapes[1]
    span = data.get("span")
    author = _author_says(ask, answer, verdict, data.get("nudge")) if ask else ""
    # The shape is told first: in the headline where the author's words come before the message.
    in_headline = differ and (bool(author) or not all(shape in message for shape in shapes))
    point = witness(data["witness"]) if data.get("witness") else None
    if point is not None and question is not None:
        # Without the names that play no part in it.
        spoken = spoken_of(question, answer)
        point = replace(point, point=tuple((name, value) for name, value in point.point if name in spoken))
    return Feedback(
        verdict=verdict,
        headline=headline(data, question),
        answer=answer,
        message=message,
        code=str(data.get("code") or ""),
        shapes=shapes if in_headline else None,
        said=author,
        witness=point,
        formula=formula,
        after=ask.after if ask and verdict == "correct" else "",
        span=(int(span[0]), int(span[1])) if span else None,
        suggestions=tuple(map(str, data.get("suggestions") or ())),
        again=bool(data.get("again")),
        cells=tuple(tuple(map(str, row)) for row in data.get("cells") or ()),
    )


def _author_says(ask: Ask, answer: str, verdict: str, nudge: int | None) -> str:
    """What the author has to say to an answer: to this mistake, or to what was chosen."""
    if nudge is not None and nudge < len(ask.nudges):
        return ask.nudges[nudge].say
    chosen = numbers_in(answer) if ask.options and verdict in ("correct", "incorrect") else ()
    # Of what is wrong the wrong options are to blame.
    meant = [number for number in chosen if (number in ask.right) == (verdict == "correct")]
    becauses = (ask.options[number - 1].because for number in meant if number <= len(ask.options))
    return "\n\n".join(filter(None, becauses))


def headline(data: Mapping[str, Any], question: Question | None) -> str:
    """The sentence over a verdict; of a proof it says what it holds for."""
    verdict = str(data["verdict"])
    if verdict != "correct":
        # What has no shape was read well enough: to say that it was not would send the learner to the spelling.
        unfit = verdict == "unreadable" and data.get("code") == "shape-conflict"
        return HEADLINES["shape-conflict"] if unfit else HEADLINES.get(verdict, verdict)
    if data.get("proof") is None:
        return "Right."
    if data.get("proof") == "exact":
        groups = () if question is None else named(question)
        every = " and ".join(f"every {', '.join(group)}" for group in groups if group)
        where = " at which it has a value" if question is not None and is_partial(question) else ""
        return f"Proved, for {every}{where}." if every else "Proved."
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
