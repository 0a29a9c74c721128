"""Derivation: a derivative with its working, as a value.

In: what `derive` found out, step by step. Out: Steps that a screen, a hint or a smaller question can read. A
step speaks of the parts by their names (u, v, e, … and the lesson's own); each name is a `Defined`, so that
every expression of a step can be evaluated, judged and shown as it stands.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.calculus.rule import Rule
from tutor.language.expr import Expr


@dataclass(frozen=True)
class Local:
    """The local derivative of a part by one of its arguments: `by` is the argument, `form` the derivative.

    `change` is the rule with the argument's own names: by how much the part changes when `by` changes by `Δ…`.
    Where `is_jacobian` is false, `form` is such a change as well, by `d…`.
    """

    by: Expr
    rule: Rule
    form: Expr
    change: Expr
    is_jacobian: bool


@dataclass(frozen=True)
class Step:
    """One line of the working.

    `kind` is `part` (the derivative of a part, `of`, by the variable; in reverse the gradient by the part),
    `whole` (the derivative that was asked for, before it is laid out) or `rewrite` (named rewrites of the line
    before). `name` is the part's name, where it has one; `product` what the chain rule gives, before the
    `rewrites` that make it the `result`.
    """

    kind: str
    rule: str
    sentence: str
    of: Expr
    result: Expr
    locals: tuple[Local, ...] = ()
    name: Expr | None = None
    source: str = ""
    product: Expr | None = None
    rewrites: tuple[str, ...] = ()

    @property
    def rules(self) -> tuple[Rule, ...]:
        """The rows that the step used."""
        return tuple(local.rule for local in self.locals)


@dataclass(frozen=True)
class Derivation:
    """∂of/∂wrt: the steps in the order of a person's working, and the result.

    `way` says how: `forward` (Jacobians from the inside out), `reverse` (gradients from the outside in), `along`
    (changes along a scalar or one entry) or `partial` (one entry of the variable after the other).
    """

    of: Expr
    wrt: Expr
    kind: str
    layout: str
    way: str
    steps: tuple[Step, ...]
    result: Expr

    @property
    def parts(self) -> tuple[Step, ...]:
        """The steps that differentiate, without the rewrites."""
        return tuple(step for step in self.steps if step.kind != "rewrite")

    @property
    def rules(self) -> tuple[Rule, ...]:
        """Each row that was used, once, in the order of the working."""
        return tuple(dict.fromkeys(rule for step in self.steps for rule in step.rules))
