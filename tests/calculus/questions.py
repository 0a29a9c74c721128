"""How the tests of this room ask: a question from declarations, its derivation, and the judge's word on it."""

from __future__ import annotations

from collections.abc import Mapping

from tutor.calculus.derivation import Derivation
from tutor.calculus.derive import derive
from tutor.calculus.rules import RULES, Rules
from tutor.language.expr import Expr
from tutor.language.show import show
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.verdict import Correct
from tutor.problem import Problem


def asking(
    types: Mapping[str, str],
    of: str,
    wrt: str,
    kind: str = "derivative",
    layout: str = "numerator",
    define: Mapping[str, str] | None = None,
) -> Question | Problem:
    """The question, or why there is none."""
    return Question.from_request(
        {"variables": types, "define": define or {}, "ask": {kind: of, "wrt": wrt}, "layout": layout}
    )


def question(
    types: Mapping[str, str],
    of: str,
    wrt: str,
    kind: str = "derivative",
    layout: str = "numerator",
    define: Mapping[str, str] | None = None,
) -> Question:
    made = asking(types, of, wrt, kind, layout, define)
    assert not isinstance(made, Problem), made
    return made


def derived(asked: Question, rules: Rules = RULES) -> Derivation:
    found = derivation(asked, rules)
    assert not isinstance(found, Problem), found.message
    return found


def derivation(asked: Question, rules: Rules = RULES) -> Derivation | Problem:
    assert asked.wrt is not None
    return derive(asked.of, asked.wrt, asked.layout, rules, asked.kind, asked.scope)


def is_right(asked: Question, answer: Expr) -> bool:
    return isinstance(Judge(asked).judge(answer), Correct)


def shown(
    types: Mapping[str, str],
    of: str,
    wrt: str,
    kind: str = "derivative",
    layout: str = "numerator",
    define: Mapping[str, str] | None = None,
) -> str:
    """The derivative on a line, once the judge has found it right."""
    asked = question(types, of, wrt, kind, layout, define)
    found = derived(asked)
    assert is_right(asked, found.result), show(found.result, asked.scope)
    return show(found.result, asked.scope)
