"""Derivation → hints: what a person is told who is stuck, a little more each time.

In: a derivation. Out: words with maths between dollars. The decision owned here: the order. First the names of
the rules, then the rules with the learner's own names in them, then the local derivatives, and then the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from tutor.calculus.derivation import Derivation, Local, Step
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import OPERATIONS
from tutor.language.show import show

MOST_PARTS = 4
"""A hint speaks of so many parts at most: the last ones of the working, which are the outermost."""

# What a teacher calls the rule of an operation; any other is called by the operation's own name.
_CALLED: Mapping[str, str] = {
    **dict.fromkeys(("add", "subtract", "negative", "sum over an index"), "the sum rule"),
    **dict.fromkeys(("times", "hadamard", "outer", "kron"), "the product rule"),
    **dict.fromkeys(("divide", "over"), "the quotient rule"),
    **dict.fromkeys(("power", "powers"), "the power rule"),
    **dict.fromkeys(("maximum", "minimum", "relu", "abs", "cases"), "one case on each side of the kink"),
    "dot": "the dot product",
    "transpose": "the transpose",
    "inverse": "the inverse",
    "f": "the slope of the function at each entry",
    "squared norm": "the squared norm",
    "entry": "the entry",
    "blocks": "the parts in their places",
    "partial derivatives": "one variable after the other",
}


def hints_for(derivation: Derivation) -> tuple[str, str, str, str]:
    """Four hints: the rules by name, with the learner's own names, the local derivatives, the answer."""
    parts = derivation.parts
    known = pieces(derivation) or f"The answer has the shape {derivation.result.shape}."
    return rules_by_name(derivation), changes(parts), known, f"The answer: ${equation(derivation)}$."


def rules_by_name(derivation: Derivation) -> str:
    """Which rules are needed, in the order of the working, and what the last of them says."""
    parts = derivation.parts
    if not parts:
        return f"Does this change with ${show(derivation.wrt)}$ at all?"
    names = tuple(dict.fromkeys(called(step.rule) for step in parts))
    way = "From the outside in" if derivation.way == "reverse" else "From the inside out"
    said = parts[-1].sentence
    return said if len(names) == 1 else f"{way}: {', then '.join(names)}. {said}".rstrip()


def called(rule: str) -> str:
    """A rule's name for people: `the product rule`."""
    operation = OPERATIONS.get(rule)
    return _CALLED.get(rule) or (f"the derivative of {operation.sign.strip()}" if operation else f"the rule for {rule}")


def changes(parts: Iterable[Step]) -> str:
    """The rules of some steps with the names at hand: by how much each part changes with its arguments."""
    said = [_change(step, local) for step in parts for local in step.locals]
    said += [f"${_part(step)}$: {step.sentence}" for step in parts if not step.locals]
    return "\n".join(dict.fromkeys(said[-MOST_PARTS:])) or "Nothing in it changes."


def _change(step: Step, local: Local) -> str:
    by, moved = show(local.by), next((n for n in e.walk(local.change) if _is_step(n)), None)
    # From the outside in, a step is about what its part stands in.
    part = "what is made of it" if local.by in (step.of, step.name) else f"${_part(step)}$"
    if moved is None:
        return f"With ${by}$, {part} does not change but for jumps."
    return f"When ${by}$ changes by a little ${show(moved)}$, {part} changes by ${show(local.change)}$."


def _is_step(node: Expr) -> bool:
    return isinstance(node, e.Variable) and node.name.startswith("Δ") and node.item is None


def _part(step: Step) -> str:
    return show(step.of) if step.name is None else f"{show(step.name)} = {show(step.of)}"


def pieces(derivation: Derivation) -> str:
    """The derivatives that are multiplied: the local ones, or from the outside in the gradients by the parts.

    Empty where the working has none.
    """
    backward = derivation.way == "reverse"
    known = [text for step in derivation.parts for text in (_gradient(step) if backward else factors(step))]
    return f"The pieces: {', '.join(dict.fromkeys(known[-MOST_PARTS:]))}." if known else ""


def _gradient(step: Step) -> Iterator[str]:
    if step.kind != "whole" and step.name is not None:
        yield f"by ${show(step.name)}$ the gradient is ${show(step.result)}$"


def factors(step: Step) -> Iterator[str]:
    """The local derivatives of a step that are matrices or numbers: `∂v/∂u = 1`."""
    part = _bracketed(step.of) if step.name is None else show(step.name)
    for local in step.locals:
        if local.is_jacobian:
            yield f"$∂{part}/∂{_bracketed(local.by)} = {show(local.form)}$"


def _bracketed(expr: Expr) -> str:
    return show(expr) if isinstance(expr, e.Variable | e.Defined) else f"({show(expr)})"


def equation(derivation: Derivation) -> str:
    """The whole on one line: `∂z/∂w = xᵀ`; by what is no name itself, `J = …`, and `H = …` for a Hessian."""
    of, wrt, result = derivation.of, derivation.wrt, derivation.result
    # A condition's sign is no relation between two sides.
    value = f"({show(result)})" if isinstance(result, e.Cases) else show(result)
    if derivation.kind == "hessian" or not isinstance(wrt, e.Variable | e.Defined):
        return f"{'H' if derivation.kind == 'hessian' else 'J'} = {value}"
    return f"{show(e.Derivative(of, wrt, derivation.kind == 'gradient', shape=result.shape))} = {value}"
