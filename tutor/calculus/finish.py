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
        return _as_two_cases(expr, tidy)
    (term,) = terms
    conditions = [base for base, _ in term.scalars if is_condition(base) and not is_apply(base, "delta")]
    if not conditions:
        return _as_two_cases(expr, tidy)
    tidy.note("as cases")
    rest = replace(term, scalars=tuple((b, x) for b, x in term.scalars if b not in conditions))
    value = tidy.whole([rest], expr.shape)
    both = reduce(lambda a, b: apply("and", a, b), conditions)
    return e.Cases(((value, both),), build.zeros(expr.shape), shape=expr.shape)


def _as_two_cases(expr: Expr, tidy: Tidy) -> Expr:
    """[p > q] u + [q > p] v as `u if p > q else v`: a maximum of two that both move."""
    terms = tidy.spread(expr)
    conditions = [[base for base, _ in term.scalars if is_apply(base, "gt", "lt")] for term in terms]
    if len(terms) != 2 or any(len(found) != 1 for found in conditions):
        return expr
    (first,), (second,) = conditions
    if not is_apply(first, *[n for n in ("gt", "lt") if is_apply(second, n)]) or not first.shape.is_scalar:
        return expr
    if arguments(first) != arguments(second)[::-1]:
        return expr
    tidy.note("as cases")
    values = []
    for term, condition in zip(terms, (first, second), strict=True):
        rest = replace(term, scalars=tuple((b, x) for b, x in term.scalars if b != condition))
        values.append(tidy.whole([rest], expr.shape))
    return e.Cases(((values[0], first),), values[1], shape=expr.shape)


def _steps(expr: Expr) -> Expr:
    """A condition on two matrices has no spelling; a step has."""
    if isinstance(expr, e.Defined):
        return expr
    made = build.same(expr, _steps)
    if is_apply(made, "gt", "lt") and not build.is_vector(made.shape):
        a, b = arguments(made) if is_apply(made, "gt") else arguments(made)[::-1]
        if not (a.shape.is_scalar or b.shape.is_scalar):
            return apply("step", a if build.is_zero(b) else apply("subtract", a, b))
    return made
