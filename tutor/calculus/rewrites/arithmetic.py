"""The operations of arithmetic and of matrices, each as terms."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from tutor.calculus import build
from tutor.calculus.build import apply, is_apply, is_filled
from tutor.calculus.rewrites import chains, collect, scalars
from tutor.calculus.term import Scalars, Term, chained, merged, with_numbers
from tutor.language import expr as e
from tutor.language.expr import Expr

if TYPE_CHECKING:
    from tutor.calculus.tidy import Tidy


_ROOT = Fraction(1, 2)


def add(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    return [*tidy.terms(a), *tidy.terms(b)]


def subtract(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    return [*tidy.terms(a), *(term.scaled(Fraction(-1)) for term in tidy.terms(b))]


def negative(tidy: Tidy, a: Expr) -> list[Term]:
    return [term.scaled(Fraction(-1)) for term in tidy.terms(a)]


def times(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    return chains.product(tidy, a, b)


def dot(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    return (
        chains.product(tidy, build.transposed(a), b)
        if a.shape.is_column
        else chains.product(tidy, a, build.transposed(b))
    )


def divide(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    below = powered(tidy, b, Fraction(-1))
    return [scalars.multiplied(tidy, term, below) for term in chains.operand(tidy, a)]


def powered(tidy: Tidy, base: Expr, exponent: Fraction) -> Term:
    """A scalar to a power."""
    terms = tidy.terms(base)
    if not terms:
        return Term(scalars=((build.ZERO, exponent),))
    term = collect.factor(tidy, terms, base.shape)
    if exponent.denominator == 1:
        c, s = with_numbers(
            term.coefficient**exponent.numerator, tuple((b, x * exponent) for b, x in merged(term.scalars))
        )
        return Term(c, s)
    if term.is_number and term.coefficient > 0:
        c, s = with_numbers(Fraction(1), ((build.number(term.coefficient), exponent),))
        return Term(c, s)
    if term.coefficient > 0 and all(isinstance(b, e.Size) or is_apply(b, "pi") for b, _ in term.scalars):
        number: Scalars = ((build.number(term.coefficient), exponent),) if term.coefficient != 1 else ()
        c, s = with_numbers(Fraction(1), (*number, *((b, x * exponent) for b, x in term.scalars)))
        return Term(c, s)
    return Term(scalars=((tidy.whole(terms, base.shape), exponent),))


def power(tidy: Tidy, base: Expr, exponent: Expr) -> list[Term]:
    if not base.shape.is_scalar:
        return _matrix_power(tidy, base, exponent)
    settled = tidy.form(exponent)
    if isinstance(settled, e.Number) and abs(settled.value) <= 1000:
        if settled.value == 0:
            return [Term()]
        return [powered(tidy, base, settled.value)]
    return tidy.atom(apply("power", base, settled))


def _matrix_power(tidy: Tidy, base: Expr, exponent: Expr) -> list[Term]:
    count = exponent.value.numerator if isinstance(exponent, e.Number) else 0
    if not 1 <= count <= build.LARGEST_POWER:
        return tidy.atom(apply("power", base, exponent))
    return tidy.terms(build.product([base] * count))


def sqrt(tidy: Tidy, a: Expr) -> list[Term]:
    if not a.shape.is_scalar:
        return tidy.atom(apply("sqrt", a))
    return [powered(tidy, a, _ROOT)]


def transpose(tidy: Tidy, a: Expr) -> list[Term]:
    if not a.shape.is_scalar:
        tidy.note("transposes")
    return [chains.turned(tidy, term) for term in tidy.terms(a)]


def kron(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    if a.shape.is_scalar or b.shape.is_scalar:
        return chains.product(tidy, a, b)
    first, second = tidy.terms(a), tidy.terms(b)
    if not first or not second:
        return []
    left, right = collect.factor(tidy, first, a.shape), collect.factor(tidy, second, b.shape)
    front = scalars.multiplied(tidy, replace(left, chain=()), replace(right, chain=()))
    p, q = chained(left.chain), chained(right.chain)
    if is_filled(p, "eye") and is_filled(q, "eye"):
        return [replace(front, chain=(build.identity(p.shape.rows * q.shape.rows),))]
    if (p.shape.is_column and q.shape.is_row) or (p.shape.is_row and q.shape.is_column):
        pair = (p, q) if p.shape.is_column else (q, p)
        return [scalars.multiplied(tidy, front, t) for t in chains.product(tidy, *pair)]
    return [scalars.multiplied(tidy, front, t) for t in tidy.atom(apply("kron", p, q))]


def outer(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    return chains.product(tidy, build.as_column(a), build.transposed(build.as_column(b)))


def vec(tidy: Tidy, a: Expr) -> list[Term]:
    if a.shape.is_column:
        return tidy.terms(a)
    terms = tidy.terms(a)
    if not terms:
        return []
    whole = collect.factor(tidy, terms, a.shape)
    if a.shape.is_row:
        return [chains.turned(tidy, whole)]
    return [replace(whole, chain=(tidy.named(apply("vec", chained(whole.chain))),))]


def inverse(tidy: Tidy, a: Expr) -> list[Term]:
    if a.shape.is_scalar:
        return [powered(tidy, a, Fraction(-1))]
    whole = collect.factor(tidy, tidy.terms(a), a.shape)
    if not whole.coefficient:
        return tidy.atom(apply("inverse", a))
    front = Term(1 / whole.coefficient, tuple((b, -x) for b, x in whole.scalars))
    chain = whole.chain
    if len(chain) == 1 and is_filled(chain[0], "eye"):
        return [replace(front, chain=chain)]
    if len(chain) == 1 and (found := chains.inverse_of(tidy, chain[0])) is not None:
        return [replace(front, chain=(found,))]
    return [replace(front, chain=chains.inverted(tidy, chain))]


def cases(tidy: Tidy, node: e.Cases) -> list[Term]:
    branches = tuple((tidy.form(value), condition) for value, condition in node.branches)
    otherwise = None if node.otherwise is None else tidy.form(node.otherwise)
    values = [value for value, _ in branches]
    if otherwise is not None:
        values.append(otherwise)
        if all(build.is_zero(value) for value in values):
            return []
        if all(value == values[0] for value in values):
            return tidy.terms(values[0])
    return tidy.atom(replace(node, branches=branches, otherwise=otherwise))
