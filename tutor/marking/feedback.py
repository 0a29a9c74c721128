"""Verdict and diagnosis → what a learner is told of a wrong answer.

In: an open verdict, and the misconception that explains the answer, where there is one. Out: the verdict with its code
and its message. The decision owned here: the shape is told first, then what the answer did, then what to
look at again, then which names it lacks; never the answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from tutor.language.expr import Expr
from tutor.language.shape import Shape
from tutor.marking.follow import Earlier
from tutor.marking.misconceptions import Misconception
from tutor.marking.question import Question
from tutor.marking.verdict import Incorrect

AGAIN = "Work it out once more, part by part."
Names = tuple[Sequence[str], Sequence[str]]


def told_shape(expected: Shape, shape: Shape) -> str:
    """The first sentence of what is said of an answer."""
    if shape == expected:
        return "" if expected.is_scalar else f"Your shape is right, {shape}."
    return f"The shape should be {expected}, and this is {shape}."


def explained(
    verdict: Incorrect, why: Misconception | None, answer: Expr, question: Question, names: Names = ((), ())
) -> Incorrect:
    """The verdict with a code and a message; `names` are those that the answer lacks, and those it has in vain."""
    first = told_shape(question.expected, answer.shape)
    right = answer.shape == question.expected
    if why is None:
        said = verdict.message if right else ""
    else:
        # What to look at again is said in terms of derivatives.
        said = why.says if question.kind != "equals" else f"{why.does} {AGAIN}"
    code = verdict.code if why is None else why.code
    return replace(verdict, code=code, message=_joined(first, said, *_told_names(*names)), is_open=False)


def followed(verdict: Incorrect, earlier: Earlier, answer: Expr, question: Question) -> Incorrect:
    """The verdict on an answer that follows from an earlier one."""
    of_step = f" of {earlier.step}" if earlier.step else ""
    said = f"This follows from your {earlier.question.prompt}{of_step}: that is the line to fix."
    message = _joined(told_shape(question.expected, answer.shape), said)
    return replace(verdict, message=message, is_open=False, follows_from=earlier.step)


def _joined(*sentences: str) -> str:
    return " ".join(filter(None, sentences))


def _told_names(lacking: Sequence[str], needless: Sequence[str]) -> Iterator[str]:
    if lacking:
        yield f"A right answer depends on {_listed(lacking)}, and this one does not."
    if needless:
        yield f"This depends on {_listed(needless)}, and a right answer does not."


def _listed(names: Sequence[str]) -> str:
    *some, last = names
    return f"{', '.join(some)} and {last}" if some else last
