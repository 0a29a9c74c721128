"""A real element → a sum of rational multiples of basis elements: what exponents and angles are split into.

In: an element without indicators. Out: (basis key, basis element, coefficient) for each term.

Decides which basis. A term is a monomial over powers of denominators, reduced by each denominator's
leading term, so that x/(x + y) + y/(x + y) is 1 and tanh(u) + tanh(v) falls into what belongs to u and
what belongs to v. Terms in exp(it) are paired with their conjugates, for every basis element to be real.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from fractions import Fraction

from tutor.marking.exact import laurent
from tutor.marking.exact.field import NO_POWERS, Element, Field
from tutor.marking.exact.laurent import TooLarge
from tutor.marking.exact.parts import conjugate, real_denominators, settled

Over = tuple[tuple[int, int], ...]  # denominators: (factor, power)
Term = tuple[int, Over]
Coefficients = dict[Term, int | Fraction]
STEPS = 1500

Summand = tuple[Hashable, Element, Fraction]


@dataclass(frozen=True, slots=True)
class Rule:
    """How a term over a factor is reduced: leading → (factor - tail)/lead."""

    lift: int  # the monomial by which the factor is a polynomial without a common monomial
    top: list[tuple[int, int]]  # the exponents of the leading monomial then
    leading: int
    lead: int
    tail: list[tuple[int, int]]  # the other monomials over the leading one, and their coefficients


def summands(field: Field, a: Element) -> list[Summand]:
    a = settled(field, field.flat(a))
    if field.turning:
        a = real_denominators(field, a)
    terms = _reduced(field, a)
    if field.turning and any(field.mask_of(laurent.term(m)) & field.turning for m, _ in terms):
        return _real_summands(field, terms)
    return [((m, over), _basis(field, m, over), c) for (m, over), c in terms.items()]


def _basis(field: Field, m: int, over: Over) -> Element:
    mask, deg = 0, 0
    for g, e in laurent.exponents(m):
        mask |= 1 << g
        deg = max(deg, abs(e))
    powers = {f: -k for f, k in over} if over else NO_POWERS
    return Element(field, laurent.term(m), 1, powers, mask, deg)


def _reduced(field: Field, a: Element) -> dict[Term, Fraction]:
    if not a.powers:
        return {(m, ()): Fraction(c, a.den) for (m,), c in a.num.items()}
    over = tuple(sorted((f, -e) for f, e in a.powers.items()))
    rules = {f: _rule(field, f) for f, _ in over}
    work: Coefficients = {(m, over): c for (m,), c in a.num.items()}
    done: Coefficients = {}
    steps = 0
    while work:
        (m, over), c = work.popitem()
        if not c:
            continue
        lifted = m + sum(k * rules[f].lift for f, k in over)
        f = next((f for f, _ in over if _divides(rules[f].top, lifted)), None)
        if f is None or steps > STEPS:
            done[m, over] = done.get((m, over), 0) + c
            continue
        steps += 1
        # m/f = m/top·(f - tail)/lead/f, where m, over the polynomial that f is a unit away from, is a
        # multiple of that polynomial's leading monomial.
        rule = rules[f]
        c = c if rule.lead == 1 else Fraction(c) / rule.lead
        fewer = tuple((g, k - (g == f)) for g, k in over if g != f or k > 1)
        _gather(work, done, (m - rule.leading, fewer), c)
        for n, d in rule.tail:
            _gather(work, done, (m + n, over), -c * d)
    return {term: Fraction(c) / a.den for term, c in done.items() if c}


def _gather(work: Coefficients, done: Coefficients, term: Term, c: int | Fraction) -> None:
    work[term] = work.get(term, 0) + c + done.pop(term, 0)


def _rule(field: Field, f: int) -> Rule:
    poly = field.factors[f].poly
    leading = laurent.leading(poly)
    lift = -sum(laurent.unit(g, low) for g, (low, _) in laurent.support(poly).items())
    tail = [(n - leading, d) for (n,), d in poly.items() if n != leading]
    return Rule(lift, list(laurent.exponents(leading + lift)), leading, poly[(leading,)], tail)


def _divides(top: list[tuple[int, int]], m: int) -> bool:
    return all(laurent.exponent(m, g) >= e for g, e in top)


def _real_summands(field: Field, terms: dict[Term, Fraction]) -> list[Summand]:
    """Each pair c·M + c̄·M̄ as 2p·Re M - 2q·Im M."""
    i = field.ids.get("i")
    complexes: dict[Term, list[Fraction]] = {}
    for (m, over), c in terms.items():
        e = laurent.exponent(m, i) if i is not None else 0
        bare = m - e * laurent.unit(i) if i is not None else m
        complexes.setdefault((bare, over), [Fraction(0), Fraction(0)])[e % 2] += -c if e // 2 % 2 else c
    found: list[Summand] = []
    while complexes:
        (m, over), (p, q) = complexes.popitem()
        basis = _basis(field, m, over)
        if not basis.mask & field.turning:
            if q:
                raise TooLarge("the forms of a real number that are looked for")
            found.append(((m, over), basis, p))
            continue
        mirrored = conjugate(field, basis)
        (((n,), _),) = mirrored.num.items()
        if complexes.pop((n, over), None) != [p, -q]:
            raise TooLarge("the forms of a real number that are looked for")
        if n > m:
            m, basis, mirrored, q = n, mirrored, basis, -q
        if p:
            found.append((("re", m, over), (basis + mirrored) / 2, 2 * p))
        if q:
            from tutor.marking.exact import kernels

            found.append((("im", m, over), (mirrored - basis) * kernels.imaginary(field) / 2, -2 * q))
    return found
