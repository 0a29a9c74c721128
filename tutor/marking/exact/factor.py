"""A normalised polynomial → its factors, where they are cheap to find.

In: a polynomial as `laurent.normalised` leaves it (primitive, leading monomial 1). Out: normalised
factors with their multiplicities, whose product is the polynomial.

Decides how hard we look. Finding too few factors only leaves an equality unproved, so quadratics and
perfect powers are split here in microseconds, and SymPy's factorisation is asked for small ones alone.
"""

from __future__ import annotations

from collections.abc import Callable
from math import gcd

from sympy.polys.domains import ZZ
from sympy.polys.rings import ring

from tutor.marking.exact import laurent
from tutor.marking.exact.laurent import Poly

Factors = list[tuple[Poly, int]]
Step = Callable[[int], int]


def factor(poly: Poly, step: Step) -> Factors:
    """`step(g)`: the exponent that counts as degree 1 in generator g (that of exp(x) for an exponential)."""
    found: dict[frozenset[object], tuple[Poly, int]] = {}
    for piece, times in _split(poly, step, 0):
        k = laurent.key(piece)
        found[k] = (piece, times + (found[k][1] if k in found else 0))
    return list(found.values())


def _again(piece: Poly, step: Step, depth: int) -> Factors:
    if len(piece) == 1:
        return []
    return _split(laurent.normalised(piece)[2], step, depth + 1)


def _split(poly: Poly, step: Step, depth: int) -> Factors:
    if depth > 8 or len(poly) > 120:
        return [(poly, 1)]
    span = _degrees(poly, step)
    if any(degree == 1 for degree, _ in span.values()):
        return _linear(poly, span, step, depth)
    for k in (2, 3, 5):
        if all(degree % k == 0 for degree, _ in span.values()):
            r = laurent.root(poly, k)
            if r is not None:
                return [(p, k * e) for p, e in _again(r, step, depth)]
    for g, (degree, unit) in span.items():
        if degree == 2:
            split = _quadratic(poly, g, unit, step, depth)
            if split is not None:
                return split
    return _sympy(poly, span)


def _degrees(poly: Poly, step: Step) -> dict[int, tuple[int, int]]:
    """Each generator's degree, and the exponent that counts as degree 1."""
    exps: dict[int, set[int]] = {}
    for (m,) in poly:
        for g, e in laurent.exponents(m):
            exps.setdefault(g, set()).add(e)
    result = {}
    for g, es in exps.items():
        if sum(1 for (m,) in poly if laurent.exponent(m, g)) < len(poly):
            es.add(0)
        low = min(es)
        unit = step(g)
        for e in es:
            unit = gcd(unit, e - low)
        if len(es) > 1:
            result[g] = ((max(es) - low) // unit, unit)
    return result


def _coefficients(poly: Poly, g: int) -> list[tuple[int, Poly]]:
    return sorted(laurent.by_exponent(poly, g).items())


def _linear(poly: Poly, span: dict[int, tuple[int, int]], step: Step, depth: int) -> Factors:
    """A·v + B is irreducible unless A and B share a factor: tried is A itself, and B."""
    for g, (degree, _) in span.items():
        if degree != 1:
            continue
        (_, low), (_, high) = _coefficients(poly, g)
        small, big = sorted((low, high), key=len)
        if len(small) > 1:
            common = laurent.normalised(small)[2]
            if laurent.exact_quotient(big, common) is not None:
                rest: Poly = laurent.exact_quotient(poly, common)
                return _again(common, step, depth) + _again(rest, step, depth)
    return [(poly, 1)]


def _quadratic(poly: Poly, g: int, unit: int, step: Step, depth: int) -> Factors | None:
    """A·v² + B·v + C with a monomial A, by its discriminant; with a larger A, what A divides is taken out."""
    parts = laurent.by_exponent(poly, g)
    low = min(parts)
    a, b, c = (parts.get(low + k * unit) or laurent.ZERO for k in (2, 1, 0))
    if len(a) > 1:
        common = laurent.normalised(a)[2]
        rest = laurent.exact_quotient(poly, common)
        return None if rest is None else _again(common, step, depth) + _again(rest, step, depth)
    r = laurent.root(b * b - 4 * a * c, 2) if b or c else None
    if r is None:
        return [(poly, 1)]
    line = laurent.shift(2 * a, laurent.unit(g, unit))
    first, second = (laurent.normalised(line + b + sign * r)[2] for sign in (1, -1))
    if laurent.normalised(first * second)[2] != poly:
        return None
    return _again(first, step, depth) + _again(second, step, depth)


def _sympy(poly: Poly, span: dict[int, tuple[int, int]]) -> Factors:
    degrees = [degree for degree, _ in span.values()]
    if not span or len(span) > 4 or max(degrees) > 12 or len(poly) > 40 or sum(degrees) > 16:
        return [(poly, 1)]
    generators = list(span)
    lows = {g: low for g, (low, _) in laurent.support(poly).items()}
    tuples = {}
    for (m,), c in poly.items():
        tuples[tuple((laurent.exponent(m, g) - lows[g]) // span[g][1] for g in generators)] = c
    if len(tuples) < len(poly):
        return [(poly, 1)]
    wide = ring([f"v{k}" for k in range(len(generators))], ZZ)[0]
    _, pieces = wide.from_dict(tuples).factor_list()
    found = []
    for piece, times in pieces:
        terms = {
            sum(laurent.unit(g, e * span[g][1]) for g, e in zip(generators, es, strict=True)): int(c)
            for es, c in piece.items()
        }
        found.append((laurent.normalised(laurent.make(terms))[2], times))
    product = laurent.term(0)
    for piece, times in found:
        product = product * laurent.power(piece, times, 5000)
    return found if product == poly else [(poly, 1)]
