"""A step: its place, its words, its question, and what helps with it.

In: a view of the step, and how maths is set. Out: parts of a sheet. Decided here: the order of what helps: hints
first, then, nearest to the question, what smaller questions found out.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.app.prose import Setter, prose
from tutor.app.text import words
from tutor.app.widgets.board import learned
from tutor.app.widgets.sheet import Part, blank, inset, paragraph, picture, sides
from tutor.excerpt import columns
from tutor.session import Formula, StepView


def header(title: str, id: str, view: StepView) -> Part:
    """The lesson, and where in it this is."""
    drawn = "" if view.seed is None else f" · seed {view.seed}"
    place = f"{view.number} of {view.of} · {id}#{view.id}{drawn}"
    return sides(words(title, "bold"), words(place, "$quiet"))


def text(view: StepView, set_maths: Setter) -> list[Part]:
    """What is told before it is asked."""
    parts = [paragraph(words(view.title, "bold $accent"), 1)]
    parts += inset(prose(view.text, set_maths))
    if view.changed:
        parts += [blank(), paragraph(words("This question changed since you answered it.", "$care"), 1)]
    return parts


def question(view: StepView, set_maths: Setter) -> list[Part]:
    """What is asked: the author's words, or the formula whose value is wanted."""
    if view.prompt:
        return inset(prose(view.prompt, set_maths, "bold"))
    if view.question is None:
        return []
    asked = _asking(view.question)
    return [picture(asked.lines, asked.text, indent=6), *_lines(view)]


def help_with(view: StepView, notice: str, set_maths: Setter) -> list[Part]:
    """What stands right above the question; a notice goes before everything."""
    parts: list[Part] = []
    if notice:
        parts += [blank(), paragraph(words(f"! {notice}", "$bad"), 1)]
    for number, hint in enumerate(view.hints, 1):
        label = words(f" Hint {number} ", "$accent")
        parts += [blank(), *inset(prose(hint, set_maths), label.cell_length, label)]
    found = learned(view.learned)
    return [*parts, *([blank(), *found] if found else [])]


def _lines(view: StepView) -> Iterator[Part]:
    """The lines of a derivation that stand already, each behind its sign."""
    for line in view.way.lines:
        rows = [f"{'= ' if number == line.baseline else '  '}{row}" for number, row in enumerate(line.lines)]
        yield picture(rows, f"= {line.text}", indent=6)


def _asking(question: Formula) -> Formula:
    """`∂a/∂z = ?`, the sign and the mark at the height of the baseline."""
    width = max(map(columns, question.lines))
    lines = tuple(
        f"{row:<{width}}  =  ?" if number == question.baseline else row for number, row in enumerate(question.lines)
    )
    return Formula(f"{question.text} = ?", lines, question.baseline)
