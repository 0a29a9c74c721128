"""TABLE: what people write in the place of a right answer, for an author to see what they would be told.

In: an ask with its question. Out: answers as texts, each with what happened, the likeliest first.
Decided here: an answer is changed as a whole, or in one place of its tree; whether the change makes it wrong is for
the judge to say. What an author expects, the nudges, comes before all of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import islice
from typing import TYPE_CHECKING

from tutor.course.lesson import Ask
from tutor.course.subject import AskSubject
from tutor.language.expr import Apply, Cases, Expr, Number, Sum

if TYPE_CHECKING:
    from tutor.marking.question import Question

MOST = 10


@dataclass(frozen=True, slots=True)
class Likely:
    """An answer that someone may give, and what is behind it."""

    answer: str
    why: str


Change = Callable[["Question", Expr], Expr | str | None]


@dataclass(frozen=True, slots=True)
class Slip:
    """A row: what happened, and what comes out of a right answer by it; None where it cannot happen."""

    why: str
    change: Change


def likely(ask: AskSubject) -> tuple[Likely, ...]:
    """The likeliest answers that are not right, nudges first, none twice; `MOST` of them at most."""
    found: dict[str, Likely] = {}
    for one in _all(ask):
        found.setdefault("".join(one.answer.split()), one)
    wrong = (one for one in found.values() if ask.judge(one.answer).verdict != "correct")
    return tuple(islice(wrong, MOST))


def expected(ask: Ask) -> tuple[Likely, ...]:
    """The wrong answers that the author expects."""
    return tuple(Likely(nudge.when, f"nudge {number}") for number, nudge in enumerate(ask.nudges, 1))


def _all(ask: AskSubject) -> Iterator[Likely]:
    yield from expected(ask.ask)
    if ask.ask.options:
        for number in range(1, len(ask.ask.options) + 1):
            yield Likely(str(number), f"option {number}")
    elif ask.ask.factors:
        order = [str(number) for number in range(1, len(ask.ask.factors) + 1)]
        yield Likely(", ".join(reversed(order)), "the other way round")
        yield Likely(", ".join([*order[1:], order[0]]), "the first factor last")
    elif ask.ask.kind == "shape":
        yield from _shapes(ask)
    else:
        yield from _slips(ask)


def _shapes(ask: AskSubject) -> Iterator[Likely]:
    rows, _, columns = (ask.ask.answer or "").strip("() ").partition(",")
    if columns:
        yield Likely(f"({columns.strip()}, {rows.strip()})", "the other way round")
        yield Likely("(1, 1)", "a number")


def _slips(ask: AskSubject) -> Iterator[Likely]:
    from tutor.language.show import show

    question, answer = ask.formula, ask.answer
    if question is None or not isinstance(answer, Expr):
        return
    for slip in SLIPS:
        changed = slip.change(question, answer)
        if changed is not None:
            yield Likely(changed if isinstance(changed, str) else show(changed, question.scope), slip.why)


# The changes -----------------------------------------------------------------------------------------------


def _text(form: str) -> Change:
    """A change that is written around the answer."""

    def change(question: Question, answer: Expr) -> str:
        return form.replace("…", _apart(question, answer))

    return change


def _apart(question: Question, expr: Expr) -> str:
    """The expression as it stands among others: in parentheses, unless it is a single word."""
    from tutor.language.show import show

    text = show(expr, question.scope)
    return text if text.removesuffix("ᵀ").isidentifier() or text.isdigit() else f"({text})"


def _transposed(question: Question, answer: Expr) -> str | None:
    return None if answer.shape.is_scalar else f"{_apart(question, answer)}'"


def _function(question: Question, answer: Expr) -> Expr:
    return question.of


def _factors(expr: Expr) -> Sequence[Expr]:
    if isinstance(expr, Apply) and expr.operation.name == "times":
        return [*_factors(expr.arguments[0]), expr.arguments[1]]
    return [expr]


def _without(number: int) -> Change:
    """The product without its factor of this number."""

    def change(question: Question, answer: Expr) -> str | None:
        factors = [_apart(question, factor) for factor in _factors(answer)]
        if len(factors) < 2:
            return None
        del factors[number]
        return " ".join(factors)

    return change


def _one_case(question: Question, answer: Expr) -> Expr | None:
    """The first case for every point."""
    return answer.branches[0][0] if isinstance(answer, Cases) else None


def _other_case(question: Question, answer: Expr) -> Expr | None:
    """The cases have changed places."""
    if not isinstance(answer, Cases) or answer.otherwise is None or len(answer.branches) != 1:
        return None
    ((value, condition),) = answer.branches
    return replace(answer, branches=((answer.otherwise, condition),), otherwise=value)


def _no_sum(question: Question, answer: Expr) -> Expr | None:
    """What is summed, without its sum: it makes no sense outside of it, and is written all the same."""
    return answer.body if isinstance(answer, Sum) else None


def _no_indicator(question: Question, answer: Expr) -> str | None:
    factors = _factors(answer)
    rest = [part for part in factors if not (isinstance(part, Apply) and part.operation.is_condition)]
    if len(rest) == len(factors):
        return None
    return " ".join(_apart(question, part) for part in rest) or "1"


def _is_zero(question: Question, answer: Expr) -> str | None:
    return None if isinstance(answer, Number) and answer.value == Fraction(0) else "0"


SLIPS: Sequence[Slip] = (
    Slip("lies the other way", _transposed),
    Slip("the sign is wrong", _text("-…")),
    Slip("not differentiated", _function),
    Slip("the other case was forgotten", _one_case),
    Slip("the other side was forgotten", _no_indicator),
    Slip("the cases changed places", _other_case),
    Slip("the outer slope was forgotten", _without(0)),
    Slip("the inner slope was forgotten", _without(-1)),
    Slip("twice as much", _text("2 …")),
    Slip("half as much", _text("…/2")),
    Slip("the sum was forgotten", _no_sum),
    Slip("nothing changes", _is_zero),
    Slip("as if it were the variable", _text("1")),
)
