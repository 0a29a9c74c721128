"""What people write in the place of a right answer, for an author to see what they would be told.

In: an ask with its question. Out: answers as texts, each with what happened, the likeliest first.
Decided here: what an author expects, the nudges, comes first; then changes of the whole answer; then the right answer
with one mistake in it, by the table with which mistakes are explained. Whether a change makes it wrong is for the
judge to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from tutor.course.lesson import Ask
from tutor.course.subject import AskSubject
from tutor.language.expr import Expr

if TYPE_CHECKING:
    from tutor.marking.question import Question

MOST = 10


@dataclass(frozen=True, slots=True)
class Likely:
    """An answer that someone may give, and what is behind it."""

    answer: str
    why: str


def likely(ask: AskSubject) -> tuple[Likely, ...]:
    """The likeliest answers that are not right, nudges first, none twice; `MOST` of them at most."""
    found: dict[object, Likely] = {}
    for one in _all(ask):
        read = ask.read(one.answer)
        # Two spellings of one formula are one answer.
        found.setdefault(read if isinstance(read, Expr) else "".join(one.answer.split()), one)
    wrong = (one for one in found.values() if ask.judge(one.answer).verdict != "correct")
    return tuple(islice(wrong, MOST))


def expected(ask: Ask) -> tuple[Likely, ...]:
    """The wrong answers that the author expects."""
    return tuple(Likely(nudge.when, f"nudge {number}") for number, nudge in enumerate(ask.nudges, 1))


def _all(ask: AskSubject) -> Iterator[Likely]:
    yield from expected(ask.ask)
    question, answer = ask.formula, ask.answer
    if ask.ask.options:
        yield from (Likely(str(number), f"option {number}") for number in range(1, len(ask.ask.options) + 1))
    elif ask.ask.factors:
        order = [str(number) for number in range(1, len(ask.ask.factors) + 1)]
        yield Likely(", ".join(reversed(order)), "the other way round")
        yield Likely(", ".join([*order[1:], order[0]]), "the first factor last")
    elif ask.ask.kind == "shape":
        rows, _, columns = (ask.ask.answer or "").strip("() ").partition(",")
        yield Likely(f"({columns.strip()}, {rows.strip()})", "the other way round")
        yield Likely("(1, 1)", "a number")
    elif question is not None and isinstance(answer, Expr):
        yield from _wholes(question, answer)
        yield from _with_a_mistake(question, answer)


WHOLES = ("{}'", "transposed"), ("-{}", "negated"), ("2 {}", "scaled")
"""How an answer is changed as a whole, and the row of the misconceptions for it."""


def _wholes(question: Question, answer: Expr) -> Iterator[Likely]:
    """The answer turned, negated, doubled; and the function itself."""
    from tutor.language.show import show
    from tutor.marking.misconceptions import ROWS

    text = show(answer, question.scope)
    apart = text if text.removesuffix("ᵀ").isidentifier() or text.isdigit() else f"({text})"
    for form, name in WHOLES:
        if name != "transposed" or not answer.shape.is_scalar:
            # Not `format`: it would take braces in the answer for its own.
            yield Likely(form.replace("{}", apart), ROWS[name].does)
    if question.kind != "equals":
        yield Likely(show(question.of, question.scope), ROWS["function itself"].does)


def _with_a_mistake(question: Question, answer: Expr) -> Iterator[Likely]:
    """The answer with one mistake in it, one for each row of the misconceptions, the nearest at hand first."""
    from tutor.language.show import show
    from tutor.marking.edits import edited, spoiling
    from tutor.marking.misconceptions import ROWS

    declared = question.scope.variables
    constants = frozenset(name for name, kind in declared.items() if kind.shape.is_scalar and kind.qualities)
    first: dict[str, Expr] = {}
    for name, made in edited(answer, spoiling(constants, frozenset())):
        first.setdefault(name, made)
    for name in sorted(first, key=lambda name: ROWS[name].cost):
        yield Likely(show(first[name], question.scope), ROWS[name].does)
