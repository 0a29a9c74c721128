"""A derivation → what is shown of it, as plain values that a pipe can carry.

In: a derivation. Out: a Working: its lines, each with what it is about, the equation and the rule; as JSON and
back. Decided here: how a line of the working reads: what the part stands for, then its derivative as the chain rule
gives it and as it is tidied.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

from tutor.session.maths import EQUALS, beside, formula
from tutor.session.shown import Formula, WorkedLine, Working

if TYPE_CHECKING:
    from tutor.calculus.derivation import Derivation, Step
    from tutor.language.expr import Expr

LONGEST = 40
"""Characters of a part without a name, at most, that stand above the line of its derivative."""


def worked(derivation: Derivation) -> Working:
    """The working of a derivation, line by line, and its result."""
    from tutor.calculus.hints import equation

    lines = tuple(_line(derivation, step) for step in derivation.steps)
    return Working(lines, _sides(_whole(derivation), [derivation.result]), equation(derivation))


def to_json(working: Working) -> dict[str, Any]:
    return asdict(working)


def from_json(data: Mapping[str, Any]) -> Working:
    lines = tuple(
        WorkedLine(
            None if line["part"] is None else formula_of(line["part"]),
            formula_of(line["equation"]),
            line["rule"],
            line["sentence"],
            line["source"],
        )
        for line in data["lines"]
    )
    return Working(lines, formula_of(data["result"]), data["equation"])


def formula_of(data: Mapping[str, Any]) -> Formula:
    """A formula that was written down as JSON."""
    return Formula(str(data["text"]), tuple(map(str, data["lines"])), int(data["baseline"]), str(data["shape"]))


def _line(derivation: Derivation, step: Step) -> WorkedLine:
    from tutor.calculus.hints import called

    if step.kind == "rewrite":
        return WorkedLine(None, _sides(_whole(derivation), [step.result]), "in short", step.sentence, step.source)
    backward = derivation.way == "reverse"
    part = None if step.name is None else _sides(_formula(step.name), [step.of])
    left = _derivative(step.of if step.name is None else step.name, derivation.wrt, False)
    if backward:
        # From the outside in, what is known on the way is the gradient of the whole by each part.
        left = beside((_words("gradient by "), _formula(step.of if step.name is None else step.name)))
    values = [step.result] if step.product in (None, step.result) else [step.product, step.result]
    equation = _sides(left, [value for value in values if value is not None])
    return WorkedLine(part, equation, called(step.rule), step.sentence, step.source)


def _whole(derivation: Derivation) -> Formula:
    """The left side of the result."""
    if derivation.kind == "hessian":
        return _words("H")
    return _derivative(derivation.of, derivation.wrt, derivation.kind == "gradient")


def _derivative(of: Expr, wrt: Expr, gradient: bool) -> Formula:
    """The left side: set as a fraction where the part is short, else on one line."""
    from tutor.language import expr as e
    from tutor.language.show import show

    if isinstance(of, e.Variable | e.Defined) and isinstance(wrt, e.Variable | e.Defined):
        return _formula(e.Derivative(of, wrt, gradient, shape=wrt.shape))
    name = show(of) if isinstance(of, e.Variable | e.Defined) else f"({show(of)})"
    if len(name) > LONGEST:
        name = "(…)"
    by = show(wrt) if isinstance(wrt, e.Variable | e.Defined) else f"({show(wrt)})"
    return _words(f"∇_{by} {name}" if gradient else f"∂{name}/∂{by}")


def _sides(left: Formula, values: list[Expr]) -> Formula:
    """`left = value = value`, with the shape of the last."""
    sides = [left]
    for value in values:
        sides += [EQUALS, _formula(value)]
    return replace(beside(sides), shape=str(values[-1].shape))


def _words(text: str) -> Formula:
    return Formula(text, (text,), 0)


def _formula(expr: Expr) -> Formula:
    found = formula(expr)
    assert found is not None  # it is no problem
    return found
