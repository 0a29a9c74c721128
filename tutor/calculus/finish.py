"""The last touches on a result: conditions as cases, steps for conditions on matrices.

In: a tidy Expr. Out: an equal one as the paper writes it: `xᵀ if z > 0 else 0`, not `[z > 0] xᵀ`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply
from tutor.calculus.term import is_condition
from tutor.calculus.tidy import Tidy
from tutor.language import expr as e
from tutor.language.expr import Expr


def finished(expr: Expr, tidy: Tidy) -> Expr:
    return _steps(_as_cases(expr, tidy))


def _as_cases(expr: Expr, tidy: Tidy) -> Expr:
    """A product with conditions as cases, the zero last."""
    terms = tidy.terms(expr)
    if len(terms) != 1:
        return expr
    (term,) = terms
    conditions = [base for base, _ in term.scalars if is_condition(base) and not is_apply(base, "delta")]
    if not conditions:
        return expr
    tidy.note("as cases")
    rest = replace(term, scalars=tuple((b, x) for b, x in term.scalars if b not in conditions))
    value = tidy.whole([rest], expr.shape)
    both = reduce(lambda a, b: apply("and", a, b), conditions)
    return e.Cases(((value, both),), build.zeros(expr.shape), shape=expr.shape)


def _steps(expr: Expr) -> Expr:
    """A condition on a matrix has no spelling; a step has."""
    if isinstance(expr, e.Defined):
        return expr
    made = build.same(expr, _steps)
    if is_apply(made, "gt", "lt") and not build.is_vector(made.shape):
        a, b = arguments(made)
        a, b = (a, b) if is_apply(made, "gt") else (b, a)
        return apply("step", a if build.is_zero(b) else apply("subtract", a, b))
    return made
