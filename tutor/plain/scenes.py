"""A rehearsal of a lesson as plain text: what a learner would read.

In: scenes. Out: lines for people. Decided here: what of a step is told at length, and what on a line.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence

from tutor.course.prose import MATHS
from tutor.excerpt import visible
from tutor.session.rehearsal import Scene, Tried
from tutor.session.shown import Feedback, Formula, Witness

MARKS = {"correct": "✓", "follows": "✓", "incorrect": "✗", "unreadable": "?", "undecided": "…", "error": "!"}
WIDTH = 96
Set = Callable[[str], Formula]


def scene(shown: Scene, skills: Sequence[str] = ()) -> str:
    """A step at length: the skills that it trains, its words, its question, its hints, what is said to each answer."""
    lines = [_heading(shown), *words(f"Skills: {', '.join(skills)}" if skills else "", None)]
    lines += [*words(shown.step.text, shown.set), *_question(shown)]
    for number, hint in enumerate(shown.hints, 1):
        lines += words(f"Hint {number}: {hint}", shown.set, "    ")
    for tried in shown.tried:
        lines += ["", f"  ❯ {visible(tried.answer)}    ({tried.why})", *said(tried.said, shown.set)]
    return "\n".join(lines)


def summary(shown: Scene) -> str:
    """A step at a glance: a line or two for each wrong answer."""
    lines = [_heading(shown), *_question(shown)]
    for tried in shown.tried:
        if tried.said.verdict != "correct":
            lines += _glance(tried, shown.set)
    return "\n".join(lines)


def said(feedback: Feedback, set_maths: Set) -> Iterator[str]:
    """What is said to an answer, as the screen has it."""
    yield f"    {MARKS.get(feedback.verdict, '·')} {visible(feedback.headline)}"
    if feedback.shapes:
        yield f"      yours is {feedback.shapes[0]}, asked for is {feedback.shapes[1]}"
    if feedback.again:
        yield "      You gave this answer before."
    if feedback.said:
        yield from words(feedback.said, set_maths, "      ")
    if feedback.message:
        yield from words(feedback.message, None, "      ")
    if feedback.witness is not None:
        yield from witness(feedback.witness)
    if feedback.suggestions:
        yield "      What would work: " + "   ".join(map(visible, feedback.suggestions))
    if feedback.formula is not None:
        yield from (f"      {row}" for row in feedback.formula.lines)
    if feedback.after:
        yield from words(feedback.after, set_maths, "      ")


def words(markdown: str, set_maths: Set | None, margin: str = "  ") -> list[str]:
    """Words with their maths set, broken into lines; formulas on lines of their own are set in two dimensions."""
    lines: list[str] = []
    for paragraph in markdown.strip().split("\n\n"):
        block = MATHS.fullmatch(paragraph.strip())
        if set_maths is not None and block is not None and block["block"] is not None:
            lines += [f"{margin}    {row}" for row in set_maths(block["block"].strip()).lines]
        else:
            text = " ".join(paragraph.split())
            if set_maths is not None:
                text = MATHS.sub(lambda found: set_maths((found["block"] or found["inline"]).strip()).text, text)
            lines += textwrap.wrap(visible(text), WIDTH, initial_indent=margin, subsequent_indent=margin)
    return lines


def _heading(shown: Scene) -> str:
    title = f"{shown.step.number}. {visible(shown.step.title)}"
    return f"{title}   [{shown.lesson}#{shown.step.id}]\n{'─' * min(len(title), WIDTH)}"


def _question(shown: Scene) -> list[str]:
    if shown.step.trouble:
        return [f"  ! This step cannot be asked: {visible(shown.step.trouble)}"]
    lines = words(shown.step.prompt, shown.set) if shown.step.prompt else []
    if not lines and shown.step.question is not None:
        lines = [f"  {shown.step.question.text} = ?"]
    for item in sorted(shown.step.way.items, key=lambda item: item.number):
        lines += words(f"{item.number}: {item.text}", shown.set, "    ")
    return lines


def _glance(tried: Tried, set_maths: Set) -> Iterator[str]:
    told = tried.said
    yield f"  {MARKS.get(told.verdict, '·')} {visible(tried.answer)}    ({tried.why.rstrip('.')})"
    # The words of the author take the place of the tutor's.
    text = told.said or told.message or told.headline
    yield from words(text, set_maths if told.said else None, "      ")


def witness(found: Witness) -> Iterator[str]:
    """A point at which an answer fails: where, what the answer says there, and what is true."""
    at = "   ".join(f"{name} = {value}" for name, value in found.point)
    yield f"      at     {found.place}{'   ' if found.place and at else ''}{at}"
    for label, rows in (("yours", found.yours), ("true", found.true)):
        if rows:
            yield f"      {label:<6} " + "; ".join(", ".join(row) for row in rows)
