"""Products entry by entry, and diagonals."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import reduce
from typing import TYPE_CHECKING

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply, is_filled, is_ones
from tutor.calculus.rewrites import arithmetic, chains, collect, scalars
from tutor.calculus.term import (
    Term,
    chained,
    expression,
    is_condition,
    raised,
    reciprocal,
)
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.shape import ONE, Shape

if TYPE_CHECKING:
    from tutor.calculus.tidy import Tidy


def hadamard(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    if a.shape.is_scalar or b.shape.is_scalar:
        return chains.product(tidy, a, b)
    return _entries_multiplied(tidy, [(a, Fraction(1)), (b, Fraction(1))])


def over(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    if b.shape.is_scalar:
        return arithmetic.divide(tidy, a, b)
    if a.shape.is_scalar:
        term = chains.single(tidy, tidy.terms(a))
        return [scalars.multiplied(tidy, term, t) for t in _entries_multiplied(tidy, [(b, Fraction(-1))])]
    return _entries_multiplied(tidy, [(a, Fraction(1)), (b, Fraction(-1))])


def powers(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    settled = tidy.form(b) if b.shape.is_scalar else b
    if a.shape.is_scalar and b.shape.is_scalar:
        return arithmetic.power(tidy, a, settled)
    if isinstance(settled, e.Number) and settled.value.denominator == 1:
        if settled.value == 0:
            return tidy.terms(build.ones(a.shape))
        return _entries_multiplied(tidy, [(a, settled.value)])
    return tidy.atom(apply("powers", a, settled))


def _entries_multiplied(tidy: Tidy, parts: Sequence[tuple[Expr, Fraction]]) -> list[Term]:
    shape = parts[0][0].shape
    if tidy._expand and all(x == 1 for _, x in parts):
        for k, (part, _) in enumerate(parts):
            terms = tidy.terms(part)
            spread = any(not t.chain for t in terms)
            if len(terms) > 1 and not spread and part not in tidy.given:
                made: list[Term] = []
                for term in terms:
                    again = [*parts[:k], (expression(term), Fraction(1)), *parts[k + 1 :]]
                    made += _entries_multiplied(tidy, again)
                return made
    if shape.is_row:
        columns = [(tidy.form(build.transposed(part)), x) for part, x in parts]
        return [chains.turned(tidy, t) for t in _entries_multiplied(tidy, columns)]
    front, factors = entrywise(tidy, parts)
    if not front.coefficient:
        return []
    made_expr = built(tidy, factors, shape)
    if is_apply(made_expr, "hadamard", "over", "powers"):
        return [scalars.multiplied(tidy, front, t) for t in tidy.atom(made_expr)]
    return [scalars.multiplied(tidy, front, t) for t in chains.operand(tidy, made_expr)]


def entrywise(tidy: Tidy, parts: Iterable[tuple[Expr, Fraction]]) -> tuple[Term, list[tuple[Expr, Fraction]]]:
    """The numbers and scalars in front of an entrywise product, and its factors with exponents."""
    front = Term()
    exponents: dict[Expr, Fraction] = {}
    for part, exponent in parts:
        for base, x in _entry_factors(tidy, part):
            if isinstance(base, Term):
                front = scalars.multiplied(tidy, front, raised(base, exponent))
                continue
            if is_ones(base):
                tidy.note("entrywise")
                continue
            exponents[base] = exponents.get(base, Fraction(0)) + x * exponent
            if is_condition(base) and exponents[base] > 1:
                exponents[base] = Fraction(1)
    return front, [(base, x) for base, x in exponents.items() if x]


def _entry_factors(tidy: Tidy, part: Expr) -> list[tuple[Expr | Term, Fraction]]:
    if part.shape.is_scalar:
        return [(chains.single(tidy, tidy.terms(part)), Fraction(1))]
    if is_apply(part, "hadamard"):
        return [f for argument in arguments(part) for f in _entry_factors(tidy, argument)]
    if is_apply(part, "over"):
        above, below = arguments(part)
        under = [(base, -x) if not isinstance(base, Term) else (reciprocal(base), x)
                 for base, x in _entry_factors(tidy, below)]  # fmt: skip
        return [*_entry_factors(tidy, above), *under]
    if is_apply(part, "powers") and isinstance(exponent := arguments(part)[1], e.Number):
        base = arguments(part)[0]
        if not base.shape.is_scalar and exponent.value.denominator == 1:
            return [(b, x * exponent.value) if not isinstance(b, Term) else (raised(b, exponent.value), x)
                    for b, x in _entry_factors(tidy, base)]  # fmt: skip
    terms = tidy.terms(part)
    if not terms:
        return [(Term(Fraction(0)), Fraction(1))]
    term = collect.factor(tidy, terms, part.shape)
    if not term.chain:
        return [(term, Fraction(1))]
    front = replace(term, chain=())
    core = chained(term.chain)
    found: list[tuple[Expr | Term, Fraction]] = [(front, Fraction(1))] if front != Term() else []
    if len(term.chain) == 1 and core != part and is_apply(core, "hadamard", "over", "powers"):
        return [*found, *_entry_factors(tidy, core)]
    return [*found, (core, Fraction(1))]


def built(tidy: Tidy, factors: Sequence[tuple[Expr, Fraction]], shape: Shape) -> Expr:
    above = [base if x == 1 else apply("powers", base, build.number(x)) for base, x in factors if x > 0]
    below = [base if x == -1 else apply("powers", base, build.number(-x)) for base, x in factors if x < 0]
    if not above and not below:
        return build.ones(shape)
    top = reduce(lambda a, b: apply("hadamard", a, b), above) if above else build.ONE_NUMBER
    if not below:
        return top
    return apply("over", top, reduce(lambda a, b: apply("hadamard", a, b), below))


def diag(tidy: Tidy, a: Expr) -> list[Term]:
    terms = tidy.terms(a)
    if not build.is_vector(a.shape):
        return [t for term in terms for t in _diagonal_of(tidy, term)]
    if a.shape.is_row:
        return diag(tidy, tidy.form(build.transposed(a)))
    if not terms:
        return []
    spread = any(not term.chain for term in terms)
    if tidy._expand and not spread and a not in tidy.given:
        return [_diag_term(tidy, term) for term in terms]
    return [_diag_term(tidy, collect.factor(tidy, terms, a.shape))]


def _diag_term(tidy: Tidy, term: Term) -> Term:
    core = chained(term.chain)
    if is_ones(core):
        tidy.note("diagonals")
        return replace(term, chain=(build.identity(core.shape.rows),))
    if is_apply(core, "diag"):
        return replace(term, chain=(arguments(core)[0],))
    return replace(term, chain=(tidy.named(apply("diag", core)),))


def _diagonal_of(tidy: Tidy, term: Term) -> list[Term]:
    """The diagonal of a matrix, as a column."""
    core = chained(term.chain)
    front = replace(term, chain=())
    if is_filled(core, "eye"):
        return [replace(front, chain=(build.ones(Shape(core.shape.rows, ONE)),))]
    if is_apply(core, "diag"):
        return [replace(front, chain=(arguments(core)[0],))]
    for k in range(1, len(term.chain)):
        if term.chain[k].shape.rows == ONE:
            left, right = (
                chained(term.chain[:k]),
                chained(chains.turned(tidy, Term(chain=term.chain[k:])).chain),
            )
            tidy.note("diagonals")
            return [scalars.multiplied(tidy, front, t) for t in hadamard(tidy, left, right)]
    return [replace(front, chain=(apply("diag", core),))]
