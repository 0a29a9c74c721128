"""The scalars of a product: powers of one base, sigmoids, conditions that the others assume."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply
from tutor.calculus.rewrites import chains
from tutor.calculus.term import Scalars, Term, merged, with_numbers
from tutor.language import expr as e
from tutor.language.expr import Expr

if TYPE_CHECKING:
    from tutor.calculus.tidy import Tidy


def multiplied(tidy: Tidy, a: Term, b: Term) -> Term:
    if not a.coefficient or not b.coefficient:
        return Term(Fraction(0))
    coefficient, scalars = with_numbers(a.coefficient * b.coefficient, merged(a.scalars, b.scalars))
    scalars = _powers_of_one_base(tidy, _sigmoids(tidy, scalars))
    return chains.reduced(tidy, Term(coefficient, _assumed(tidy, scalars), a.chain + b.chain))


def _sigmoids(tidy: Tidy, scalars: Scalars) -> Scalars:
    """exp(u)/(1 + exp(u)) = σ(u); what is left of the denominator is σ(−u)."""
    powers = dict(scalars)
    for base, x in scalars:
        if not is_apply(base, "exp") or x != 1:
            continue
        below = _one_plus(tidy, base, powers)
        if below is None or powers[below] not in (-1, -2):
            continue
        (u,) = arguments(base)
        tidy.note("sigmoid")
        made = [(apply("sigmoid", u), Fraction(1))]
        if powers[below] == -2:
            made.append((apply("sigmoid", tidy.form(build.minus(u))), Fraction(1)))
        rest = tuple((b, y) for b, y in scalars if b not in (base, below))
        return merged(rest, tuple((tidy.named(b), y) for b, y in made))
    return scalars


def _powers_of_one_base(tidy: Tidy, scalars: Scalars) -> Scalars:
    """x · x^(k − 1) = x^k."""
    powers = dict(scalars)
    for base, x in scalars:
        if x != 1 or not is_apply(base, "power"):
            continue
        inner, exponent = arguments(base)
        if inner in powers and powers[inner].denominator == 1:
            more = apply("add", exponent, build.number(powers[inner]))
            rest = tuple((b, y) for b, y in scalars if b not in (base, inner))
            return merged(rest, ((tidy.named(apply("power", inner, tidy.form(more))), Fraction(1)),))
    return scalars


def _one_plus(tidy: Tidy, base: Expr, powers: dict[Expr, Fraction]) -> Expr | None:
    sums = (apply("add", *pair) for pair in ((build.ONE_NUMBER, base), (base, build.ONE_NUMBER)))
    return next((made for made in sums if made in powers), None)


def _assumed(tidy: Tidy, scalars: Scalars) -> Scalars:
    """Where p > q, max(p, q) is p."""
    for base, _ in scalars:
        if not is_apply(base, "gt"):
            continue
        p, q = arguments(base)

        def put(part: Expr, p: Expr = p, q: Expr = q) -> Expr:
            both = is_apply(part, "maximum") and set(arguments(part)) == {p, q}
            relu = is_apply(part, "relu") and arguments(part)[0] == p and build.is_zero(q)
            return p if both or relu else part if isinstance(part, e.Defined) else build.same(part, put)

        made = tuple((other if other is base else put(other), x) for other, x in scalars)
        if made != scalars:
            tidy.note("cases")
            return merged(*(_power_terms(tidy, tidy.terms(other), other, x) for other, x in made))
    return scalars


def _power_terms(tidy: Tidy, terms: list[Term], base: Expr, exponent: Fraction) -> Scalars:
    if len(terms) == 1 and terms[0].coefficient == 1 and not terms[0].chain:
        return tuple((b, x * exponent) for b, x in terms[0].scalars)
    return ((tidy.whole(terms, base.shape), exponent),)
