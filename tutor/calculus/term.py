"""Term: a product, sorted into a number, scalars with exponents, and a chain of matrix factors in their order.

In: terms that were taken apart. Out: products, like terms added up, and the expression that shows a term as a
person writes it: the number and the sizes in front, the rest of the scalars, then the chain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import gcd

from tutor.calculus import build
from tutor.calculus.build import apply
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.writer import LINE

Scalars = tuple[tuple[Expr, Fraction], ...]


@dataclass(frozen=True)
class Term:
    """coefficient · Π scalarᵏ · chain; without a chain it is a scalar, or stands for every entry."""

    coefficient: Fraction = Fraction(1)
    scalars: Scalars = ()
    chain: tuple[Expr, ...] = ()

    def scaled(self, by: Fraction) -> Term:
        return replace(self, coefficient=self.coefficient * by)

    @property
    def is_number(self) -> bool:
        return not self.scalars and not self.chain


def is_condition(expr: Expr) -> bool:
    return isinstance(expr, e.Apply) and (expr.operation.is_condition or expr.operation.name == "delta")


def merged(*groups: Scalars) -> Scalars:
    """Scalars multiplied: equal bases have their exponents added, an indicator is its own square."""
    powers: dict[Expr, Fraction] = {}
    for group in groups:
        for base, exponent in group:
            powers[base] = powers.get(base, Fraction(0)) + exponent
            if is_condition(base) and powers[base] > 1:
                powers[base] = Fraction(1)
    return tuple((base, exponent) for base, exponent in powers.items() if exponent)


def with_numbers(coefficient: Fraction, scalars: Scalars) -> tuple[Fraction, Scalars]:
    """Roots of whole numbers cleared: 2/√2 is √2."""
    kept: list[tuple[Expr, Fraction]] = []
    for base, exponent in scalars:
        if isinstance(base, e.Number) and base.value > 0:
            whole = exponent.numerator // exponent.denominator  # the floor
            coefficient *= base.value**whole
            rest = exponent - whole
            if rest == Fraction(1, 2) and coefficient and (coefficient / base.value).denominator == 1:
                pass
            elif rest == Fraction(1, 2) and coefficient.denominator % base.value == 0:
                coefficient, rest = coefficient * base.value, -rest
            if rest:
                kept.append((base, rest))
        else:
            kept.append((base, exponent))
    return coefficient, tuple(kept)


def gathered(terms: Iterable[Term]) -> list[Term]:
    """Like terms added up; those that cancel are gone."""
    found: dict[tuple[frozenset[tuple[Expr, Fraction]], tuple[Expr, ...]], Term] = {}
    for term in terms:
        key = frozenset(term.scalars), term.chain
        known = found.get(key)
        found[key] = term if known is None else replace(known, coefficient=known.coefficient + term.coefficient)
    return [term for term in found.values() if term.coefficient]


# -- showing ------------------------------------------------------------------------------------------------


def expression(term: Term) -> Expr:
    """A term as it is written, without its sign's being pulled out of a negative coefficient."""
    coefficient, scalars = abs(term.coefficient), sorted(term.scalars, key=_rank)
    above = [_power(base, exponent) for base, exponent in scalars if exponent > 0]
    below = [_power(base, -exponent) for base, exponent in scalars if exponent < 0]
    if coefficient.denominator != 1:
        below.insert(0, build.number(coefficient.denominator))
    number = [build.number(coefficient.numerator)] if coefficient.numerator != 1 else []
    made = _fraction(number, above, _factors(term.chain), below)
    return _negative(made) if term.coefficient < 0 else made


def _negative(expr: Expr) -> Expr:
    """A minus in front, at the numerator of a quotient: −1/N Σ, not −(1/N Σ)."""
    if build.is_apply(expr, "divide"):
        above, below = build.arguments(expr)
        if not LINE.piece(above).spaced:
            return apply("divide", build.minus(above), below)
    if build.is_apply(expr, "times") and build.is_apply(build.arguments(expr)[0], "divide"):
        first, rest = build.arguments(expr)
        return apply("times", _negative(first), rest)
    return build.minus(expr)


def _fraction(number: list[Expr], above: list[Expr], chain: list[Expr], below: list[Expr]) -> Expr:
    factors = [*number, *above, *chain]
    if not below:
        return build.product(factors) if factors else build.ONE_NUMBER
    under = build.product(below)
    if not factors:
        return apply("divide", build.ONE_NUMBER, under)
    whole = build.product(factors)
    if number and len(factors) > 1 and (chain or LINE.piece(whole).spaced):
        return apply("times", apply("divide", number[0], under), build.product(factors[1:]))
    if isinstance(factors[-1], e.Sum) or (len(factors) > 1 and LINE.piece(whole).spaced):
        return apply("times", apply("divide", build.ONE_NUMBER, under), whole)  # above a bar it needs parentheses
    return apply("divide", whole, under)


def _rank(scalar: tuple[Expr, Fraction]) -> int:
    base = scalar[0]
    if isinstance(base, e.Size | e.Number):
        return 0
    if is_condition(base):
        return 1
    if isinstance(base, e.Variable | e.Defined | e.Entry):
        return 2
    return 4 if isinstance(base, e.Sum | e.Cases) else 3


def _power(base: Expr, exponent: Fraction) -> Expr:
    if exponent == 1:
        return base
    if exponent == Fraction(1, 2):
        return apply("sqrt", base)
    return apply("power", base, build.number(exponent))


def _factors(chain: Sequence[Expr]) -> list[Expr]:
    """The factors of a chain, equal neighbours as a power."""
    factors: list[Expr] = []
    k = 0
    while k < len(chain):
        run = 1
        while k + run < len(chain) and chain[k + run] == chain[k]:
            run += 1
        factors.append(chain[k] if run == 1 else apply("power", chain[k], build.number(run)))
        k += run
    return factors


def summed(terms: Sequence[Term]) -> Expr:
    """Terms as a sum, a positive one first where there is one."""
    ordered = list(terms)
    first = next((k for k, term in enumerate(ordered) if term.coefficient > 0), 0)
    ordered.insert(0, ordered.pop(first))
    result = expression(ordered[0])
    for term in ordered[1:]:
        if term.coefficient < 0:
            result = apply("subtract", result, expression(term.scaled(Fraction(-1))))
        else:
            result = apply("add", result, expression(term))
    return result


def content(terms: Sequence[Term]) -> tuple[Fraction, Scalars]:
    """The number and the scalars that all terms have as factors."""
    top, bottom = 0, 1
    for term in terms:
        top = gcd(top, term.coefficient.numerator)
        bottom = bottom * term.coefficient.denominator // gcd(bottom, term.coefficient.denominator)
    shared: dict[Expr, Fraction] = dict(terms[0].scalars) if terms else {}
    for term in terms[1:]:
        powers = dict(term.scalars)
        kept = {}
        for base, x in shared.items():
            y = powers.get(base, Fraction(0))
            if x * y > 0:
                kept[base] = min(x, y) if x > 0 else max(x, y)
        shared = kept
    return Fraction(top or 1, bottom), tuple(shared.items())


def without(term: Term, coefficient: Fraction, scalars: Scalars) -> Term:
    left = divided(term.scalars, scalars)
    return replace(term, coefficient=term.coefficient / coefficient, scalars=left)


def divided(scalars: Scalars, by: Scalars) -> Scalars:
    taken = dict(by)
    made = ((base, x - taken.get(base, Fraction(0))) for base, x in scalars)
    return tuple((base, x) for base, x in made if x)


def reciprocal(term: Term) -> Term:
    return raised(term, Fraction(-1))


def raised(term: Term, exponent: Fraction) -> Term:
    if not term.coefficient and exponent < 0:
        return Term(scalars=((build.ZERO, exponent),))  # it has no value, and must not get one
    return Term(term.coefficient**exponent.numerator, tuple((b, x * exponent) for b, x in term.scalars))


def chained(chain: Sequence[Expr]) -> Expr:
    """The product of a chain."""
    return expression(Term(chain=tuple(chain)))
