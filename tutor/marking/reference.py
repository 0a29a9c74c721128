"""The tutor's own formula for a question, with its working: derived by the rules, then judged like an answer.

In: a question. Out: a Derivation whose result the judge has called right, or the problem. The two routes to a
derivative meet here: the rules of `calculus` make the formula, and the truth, which knows none of them, decides
whether anyone may see it.
"""

from __future__ import annotations

from collections.abc import Mapping

from tutor.calculus.derivation import Derivation
from tutor.calculus.derive import derive_judged
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.verdict import Correct
from tutor.problem import Problem


def reference(judge: Judge) -> Derivation | Problem:
    """The derivation for a judge's question; a Problem where there is none, or where it fails."""
    question = judge.question
    if question.wrt is None or question.kind == "shape":
        return Problem("no-form", "This question asks for no derivative.")
    return derive_judged(
        question.of,
        question.wrt,
        lambda formula: isinstance(judge.judge(formula), Correct),
        question.layout,
        kind=question.kind,
        scope=question.scope,
    )


def derive(
    formula: str,
    *,
    wrt: str,
    variables: Mapping[str, str] | None = None,
    define: Mapping[str, str] | None = None,
    layout: str = "numerator",
    kind: str = "derivative",
) -> Derivation | Problem:
    """Derive a formula: `derive("‖x‖^2", wrt="x", variables={"x": "vector n"}).result` is 2xᵀ.

    `kind` is derivative, gradient, hessian or entry. The result is proved or tested before it is given;
    where a rule is missing, the Problem names the operation.
    """
    ask = {kind: formula, "wrt": wrt}
    request = {"variables": variables, "define": define, "ask": ask, "layout": layout}
    question = Question.from_request(request)
    return question if isinstance(question, Problem) else reference(Judge(question))
