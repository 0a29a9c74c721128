"""The skills that a step trains: the author's tags, else those that are found in the derivation.

In: a lesson and a step of it. Out: tags. The decision owned here: a tag is the name of a rule that the derivation
uses, in its order; where the rules are chained there is one for the chain, and for every way of asking one of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.calculus.derivation import Derivation
    from tutor.course.lesson import Ask, Lesson, Step

CHAIN = "chain-rule"

BY_KIND: Mapping[str, str] = {
    "hessian": "second-derivatives",
    "entry": "indices",
    "shape": "shapes",
    "order": "order-of-factors",
    "value": "values",
    "entries": "entries",
}
"""What a kind of ask trains whatever it is about."""


def skills(lesson: Lesson, step: Step) -> tuple[str, ...]:
    """The tags of a step; none where nothing is asked. Deriving takes its time."""
    if step.ask is None or step.ask.skills:
        return step.ask.skills if step.ask else ()
    return tuple(dict.fromkeys(_found(step.ask, _derivation(lesson, step))))


def _found(ask: Ask, derivation: Derivation | None) -> Iterator[str]:
    if derivation is not None:
        yield from (rule.operation.replace(" ", "-") for rule in derivation.rules)
        if len(derivation.parts) > 1:
            yield CHAIN
    if ask.kind in BY_KIND:
        yield BY_KIND[ask.kind]


def _derivation(lesson: Lesson, step: Step) -> Derivation | None:
    """The derivation that a step asks for, or is about; None where there is none."""
    from tutor.marking.judge import Judge
    from tutor.marking.kinds import asked
    from tutor.marking.question import Question
    from tutor.marking.reference import reference
    from tutor.problem import Problem

    found = asked(lesson.drawn(1).request(step, ""))
    question = found if isinstance(found, Question) else None if isinstance(found, Problem) else found.question
    if question is None or question.wrt is None or question.kind == "shape":
        return None
    derived = reference(Judge(question))
    return None if isinstance(derived, Problem) else derived
