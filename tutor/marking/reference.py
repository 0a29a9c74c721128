"""The tutor's own formula for a question, with its working: derived by the rules, then judged like an answer.

In: a question. Out: a Derivation whose result the judge has called right, or the problem. The two routes to a
derivative meet here: the rules of `calculus` make the formula, and the truth, which knows none of them, decides
whether anyone may see it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.calculus.derivation import Derivation
from tutor.calculus.derive import derive_judged
from tutor.language.infer import inferred
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


def with_types(request: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, str]] | Problem:
    """A request in which every name has a type: the ones that are not declared are inferred, and told apart."""
    ask = request["ask"]
    kind, formula = next((kind, str(text)) for kind, text in ask.items() if kind != "wrt")
    declared = dict(request.get("variables") or {})
    found = inferred(formula, str(ask.get("wrt", "")), declared, request.get("define"), kind)
    return found if isinstance(found, Problem) else ({**request, "variables": {**found, **declared}}, found)


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

    `kind` is derivative, gradient, hessian or entry. The types of names that `variables` leaves out are inferred
    (`tutor.language.infer`). The result is proved or tested before it is given; where a rule is missing, the
    Problem names the operation.
    """
    ask = {kind: formula, "wrt": wrt}
    typed = with_types({"variables": variables, "define": define, "ask": ask, "layout": layout})
    question = typed if isinstance(typed, Problem) else Question.from_request(typed[0])
    return question if isinstance(question, Problem) else reference(Judge(question))
