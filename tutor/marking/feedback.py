"""Verdict and diagnosis → what a learner is told of a wrong answer.

In: an open verdict, and the misconception that explains the answer, where there is one. Out: the verdict with its code
and its message. The decision owned here: the shape is told first, then what the answer did, then what to
look at again; never the answer.
"""

from __future__ import annotations

from dataclasses import replace

from tutor.language.expr import Expr
from tutor.language.shape import Shape
from tutor.marking.misconceptions import Misconception
from tutor.marking.question import Question
from tutor.marking.verdict import Incorrect


def told_shape(expected: Shape, shape: Shape) -> str:
    """The first sentence of what is said of an answer."""
    if shape == expected:
        return "" if expected.is_scalar else f"Your shape is right, {shape}."
    return f"The shape should be {expected}, and this is {shape}."


def explained(verdict: Incorrect, why: Misconception | None, answer: Expr, question: Question) -> Incorrect:
    """The verdict with a code and a message."""
    first = told_shape(question.expected, answer.shape)
    if why is None:
        said = verdict.message if answer.shape == question.expected else ""
        return replace(verdict, message=f"{first} {said}".strip(), is_open=False)
    return replace(verdict, code=why.code, message=f"{first} {why.says}".strip(), is_open=False)
