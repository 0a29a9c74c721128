"""Laurent polynomials in as many generators as turn up: SymPy's sparse ring under Kronecker's substitution.

In: generator numbers, exponents, integers. Out: elements of SymPy's ring ℤ[u], in which generator g is
u^(2^(WIDTH·g)), so that a monomial is one Python integer and a product of monomials one addition.

Decides how a polynomial is kept. A ring with a tuple entry for each generator was rejected: every new
kernel makes its tuples longer (or the ring rebuilt), and a product of terms was three times slower at 40
generators. Negative exponents are allowed, so that monomials never stand in a denominator.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import gcd, isqrt
from typing import Any

from sympy.polys.domains import ZZ
from sympy.polys.rings import ring

WIDTH = 64
_HALF = 1 << (WIDTH - 1)
_FULL = 1 << WIDTH
MASK = _FULL - 1
EXPONENT_LIMIT = 1 << (WIDTH - 3)

Poly = Any  # a PolyElement: SymPy has no types
Monomial = int

RING: Any = ring("u", ZZ)[0]
ZERO: Poly = RING.zero
_make = RING.zero.new


class TooLarge(Exception):  # noqa: N818
    """A bound on the size of an exact computation was passed; the message names the bound."""


def make(terms: dict[Monomial, int]) -> Poly:
    return _make({(m,): c for m, c in terms.items() if c})


def term(monomial: Monomial, coefficient: int = 1) -> Poly:
    return _make({(monomial,): coefficient} if coefficient else {})


def unit(generator: int, exponent: int = 1) -> Monomial:
    return exponent << (WIDTH * generator)


def exponents(monomial: Monomial) -> Iterator[tuple[int, int]]:
    """(generator, exponent) of each generator of a monomial, first to last."""
    base = 0
    while monomial:
        skip = ((monomial & -monomial).bit_length() - 1) // WIDTH
        monomial >>= WIDTH * skip
        base += skip
        e = monomial & MASK
        if e >= _HALF:
            e -= _FULL
        yield base, e
        monomial = (monomial - e) >> WIDTH
        base += 1


def exponent(monomial: Monomial, generator: int) -> int:
    """The exponent of one generator; what lower generators borrow from it is given back."""
    shift = WIDTH * generator
    if shift:
        monomial += _HALF << (shift - WIDTH)
    e = (monomial >> shift) & MASK
    return e - _FULL if e >= _HALF else e


def support(poly: Poly) -> dict[int, tuple[int, int]]:
    """The least and greatest exponent of each generator that occurs."""
    found: dict[int, tuple[int, int]] = {}
    seen: dict[int, int] = {}
    for (m,) in poly:
        for g, e in exponents(m):
            seen[g] = seen.get(g, 0) + 1
            low, high = found.get(g, (e, e))
            found[g] = (min(low, e), max(high, e))
    for g, count in seen.items():
        if count < len(poly):
            low, high = found[g]
            found[g] = (min(low, 0), max(high, 0))
    return found


def shift(poly: Poly, monomial: Monomial) -> Poly:
    if not monomial:
        return poly
    return _make({(m + monomial,): c for (m,), c in poly.items()})


def scale(poly: Poly, factor: int) -> Poly:
    return poly if factor == 1 else _make({m: c * factor for m, c in poly.items()})


def divide_ground(poly: Poly, factor: int) -> Poly:
    return poly if factor == 1 else _make({m: c // factor for m, c in poly.items()})


def content(poly: Poly) -> int:
    found = 0
    for c in poly.values():
        found = gcd(found, c)
        if found == 1:
            break
    return found


def leading(poly: Poly) -> Monomial:
    return int(max(poly)[0])


def power(poly: Poly, n: int, limit: int) -> Poly:
    if n == 0:
        return term(0)
    if len(poly) == 1:
        (((m,), c),) = poly.items()
        return term(m * n, c**n)
    estimate = 1
    for k in range(1, len(poly)):
        estimate = estimate * (n + k) // k
        if estimate > 4 * limit:
            raise TooLarge(f"a power of a sum with more than {limit} terms")
    result, square = None, poly
    while n:
        if n & 1:
            result = square if result is None else multiply(result, square, limit)
        n >>= 1
        if n:
            square = multiply(square, square, limit)
    return result


def multiply(p: Poly, q: Poly, limit: int) -> Poly:
    if len(p) == 1:
        p, q = q, p
    if len(q) == 1:
        (((m,), c),) = q.items()
        return shift(p, m) if c == 1 else _make({(k + m,): d * c for (k,), d in p.items()})
    if len(p) * len(q) > 40 * limit:
        raise TooLarge(f"a product of sums with more than {limit} terms")
    product = p * q
    if len(product) > limit:
        raise TooLarge(f"more than {limit} terms")
    return product


def normalised(poly: Poly) -> tuple[int, Monomial, Poly]:
    """poly = content · monomial · rest, where rest is primitive and its leading term a positive integer."""
    top = leading(poly)
    c = content(poly)
    if poly[(top,)] < 0:
        c = -c
    if c == 1:
        return 1, top, shift(poly, -top)
    return c, top, _make({(m - top,): d // c for (m,), d in poly.items()})


def exact_quotient(p: Poly, q: Poly) -> Poly | None:
    """p/q if it is a Laurent polynomial with integer coefficients, else None."""
    top_q, low_q = leading(q), min(q)[0]
    lead = q[(top_q,)]
    floor = min(p)[0] - low_q
    rest = dict(p)
    tail = [(m, c) for (m,), c in q.items() if m != top_q]
    result: dict[Monomial, int] = {}
    while rest:
        top = max(rest)[0]
        m = top - top_q
        c, remainder = divmod(rest.pop((top,)), lead)
        if remainder or m < floor or len(result) > 200:
            return None
        result[m] = c
        for n, d in tail:
            key = (m + n,)
            value = rest.get(key, 0) - c * d
            if value:
                rest[key] = value
            else:
                rest.pop(key, None)
    return make(result)


def integer_root(n: int, k: int) -> int | None:
    """The positive k-th root of n > 0 if it is an integer."""
    if k == 2:
        r = isqrt(n)
    else:
        r = 1 << -(-n.bit_length() // k)
        while True:
            better = ((k - 1) * r + n // r ** (k - 1)) // k
            if better >= r:
                break
            r = better
    return r if r**k == n else None


def _monomial_root(m: Monomial, k: int) -> Monomial | None:
    if m % k:
        return None
    r = m // k
    return r if all(e % k == 0 for _, e in exponents(m)) else None


def root(poly: Poly, k: int) -> Poly | None:
    """r with r^k = poly and a positive leading coefficient, if there is one."""
    top = leading(poly)
    m, c = _monomial_root(top, k), poly[(top,)]
    lead = integer_root(c, k) if c > 0 else None
    if m is None or lead is None:
        return None
    if len(poly) == 1:
        return term(m, lead)
    found = {m: lead}
    lowest = min(poly)[0]
    slope = k * lead ** (k - 1)
    rest = poly - term(top, c)
    # Newton's way down from the leading term; a square root of n terms has at least 2n - 1 terms only
    # without cancellation, so the number of steps is bounded apart from it.
    for _ in range(60):
        if not rest:
            return make(found)
        high = leading(rest)
        n = high - (k - 1) * m
        d, remainder = divmod(rest[(high,)], slope)
        if remainder or n >= min(found) or k * n < lowest:
            return None
        if k == 2:
            new = {(a + n,): 2 * b * d for a, b in found.items()}
            new[(2 * n,)] = new.get((2 * n,), 0) + d * d
            rest = rest - _make(new)
            found[n] = d
        else:
            found[n] = d
            rest = poly - power(make(found), k, 20000)
    return None


def by_exponent(poly: Poly, generator: int) -> dict[int, Poly]:
    """The coefficients of the powers of one generator."""
    one = unit(generator)
    parts: dict[int, dict[tuple[int], int]] = {}
    for (m,), c in poly.items():
        e = exponent(m, generator)
        parts.setdefault(e, {})[(m - e * one,)] = c
    return {e: _make(p) for e, p in parts.items()}


def total(polys: Iterable[Poly]) -> Poly:
    result = RING.zero
    for p in polys:
        for m, c in p.items():
            value = result.get(m, 0) + c
            if value:
                result[m] = value
            else:
                result.pop(m, None)
    return result


def key(poly: Poly) -> frozenset[Any]:
    return frozenset(poly.items())


def make_sum(terms: Iterable[tuple[Monomial, int]]) -> Poly:
    """The polynomial with these terms, of which several may have one monomial."""
    found: dict[Monomial, int] = {}
    for m, c in terms:
        found[m] = found.get(m, 0) + c
    return make(found)
