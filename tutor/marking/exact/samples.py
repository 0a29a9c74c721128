"""Elements at a few fixed points, in floats: for telling that something is *not* zero.

In: a polynomial of the tower. Out: whether it is clearly away from zero at every sample point where it has
a value; the sign of a constant.

Decides what floats may decide: never that two things are equal. A form that floats cannot tell from zero is
treated as one that may be zero.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from tutor.marking.exact import laurent
from tutor.marking.exact.field import Element, Field, bits
from tutor.marking.exact.laurent import Poly

if TYPE_CHECKING:
    from tutor.marking.exact.field import Generator

POINTS = 24
CLEAR = 1e-9
Values = NDArray[np.complex128]

_PLAIN = ("entry", "pi")


def is_nonzero(field: Field, poly: Poly) -> bool:
    """Whether poly, which is not the zero polynomial, is certainly not zero on any open set."""
    mask = field.mask_of(poly)
    if all(field.generators[g].kind in _PLAIN for g in bits(mask)):
        return True
    return bool(_clear(field, poly).all())


def constant_sign(field: Field, poly: Poly) -> int:
    if not is_constant(field, poly):
        return 0
    values, sizes = _evaluate(field, poly)
    value, size = values[0].real, sizes[0]
    if not np.isfinite(value) or not np.isfinite(size) or abs(value) <= CLEAR * size:
        return 0
    return 1 if value > 0 else -1


def is_constant(field: Field, poly: Poly) -> bool:
    return all(_constant(field, g) for g in bits(field.mask_of(poly)))


def _constant(field: Field, g: int) -> bool:
    from tutor.marking.exact.parts import base_element

    generator = field.generators[g]
    if generator.kind in ("pi", "i"):
        return True
    if generator.kind in ("entry", "indicator") or generator.name[:1] == "?":
        return False
    inner = base_element(field, generator.base) if generator.base is not None else generator.argument
    if inner is None:
        return generator.name == "ζ"
    masks = [field.mask_of(inner.num), *(field.mask_of(field.factors[f].poly) for f in inner.powers)]
    return all(_constant(field, h) for mask in masks for h in bits(mask))


def _clear(field: Field, poly: Poly) -> NDArray[np.bool_]:
    """At the points where poly has a value: is it clearly not zero? All False where there are too few."""
    values, sizes = _evaluate(field, poly)
    with np.errstate(all="ignore"):
        known = np.isfinite(values) & np.isfinite(sizes)
        clear: NDArray[np.bool_] = np.abs(values) > CLEAR * sizes
    return clear[known] if known.sum() >= 3 else np.zeros(1, dtype=np.bool_)


def differ(field: Field, a: Element, b: Element) -> bool:
    """Whether two elements clearly differ at some sample point."""
    with np.errstate(all="ignore"):
        u, v = element_values(field, a), element_values(field, b)
        known = np.isfinite(u) & np.isfinite(v)
        return bool((np.abs(u - v)[known] > 1e-6 * (1 + np.abs(u) + np.abs(v))[known]).any())


def element_values(field: Field, a: Element) -> Values:
    with np.errstate(all="ignore"):
        values, _ = _evaluate(field, a.num)
        values = values / float(a.den) if a.den.bit_length() < 1000 else values * np.nan
        for f, e in a.powers.items():
            values = values * _evaluate(field, field.factors[f].poly)[0] ** e
    return values


def _evaluate(field: Field, poly: Poly) -> tuple[Values, NDArray[np.float64]]:
    """poly at the points, and the sum of its terms' sizes there."""
    values = np.zeros(POINTS, dtype=np.complex128)
    sizes = np.zeros(POINTS)
    with np.errstate(all="ignore"):
        for (m,), c in poly.items():
            if c.bit_length() > 1000:
                return values * np.nan, sizes
            one = np.full(POINTS, float(c), dtype=np.complex128)
            for g, e in laurent.exponents(m):
                one = one * _power(field, g, e)
            values += one
            sizes += np.abs(one)
    return values, sizes


def _power(field: Field, g: int, e: int) -> Values:
    """generator^e; an exponential's large power is taken in the exponent."""
    generator = field.generators[g]
    if generator.kind in ("exp", "turn"):
        exponent = _exponent(field, generator) * (e / generator.degree)
        return np.exp(exponent * 1j if generator.kind == "turn" else exponent)
    if generator.sampled is None:
        generator.sampled = _sample(field, g, generator)
    result: Values = generator.sampled**e
    return result


def _exponent(field: Field, generator: Generator) -> Values:
    if generator.sampled is None:
        if generator.argument is None:
            generator.sampled = np.full(POINTS, math.pi, dtype=np.complex128)
        else:
            generator.sampled = element_values(field, generator.argument)
    result: Values = generator.sampled
    return result


def _sample(field: Field, g: int, generator: Generator) -> Any:
    from tutor.marking.exact.parts import base_element

    if generator.kind == "pi":
        return np.full(POINTS, math.pi, dtype=np.complex128)
    if generator.kind == "i":
        return np.full(POINTS, 1j)
    if generator.kind == "entry":
        drawn = np.random.default_rng(1000 + g).uniform(0.2, 2.2, POINTS)
        signs = np.random.default_rng(5000 + g).choice([-1.0, 1.0], POINTS)
        return (drawn if generator.positive else drawn * signs).astype(np.complex128)
    if generator.base is not None:
        values, sizes = _evaluate(field, base_element(field, generator.base).num)
        # What has lost its digits to cancellation must not look precise from here on.
        size = np.where(np.abs(values) > 1e-6 * sizes, np.abs(values), np.nan).astype(np.complex128)
        if generator.kind == "log":
            return np.log(size)
        return size ** (1 / generator.degree)
    if generator.kind == "indicator" or generator.argument is None:
        return np.full(POINTS, np.nan, dtype=np.complex128)
    return _opaque(generator.name, element_values(field, generator.argument).real)


def _opaque(name: str, x: NDArray[np.float64]) -> Values:
    if name == "erf":
        return np.array([math.erf(v) if math.isfinite(v) else math.nan for v in x], dtype=np.complex128)
    if name in ("asin", "atan"):
        return (np.arcsin(x) if name == "asin" else np.arctan(x)).astype(np.complex128)
    # Any smooth function will do for one of which nothing is known.
    phase = sum(map(ord, name)) % 7
    return np.sin(1.3 * x + 0.4 + phase).astype(np.complex128) + 1.7
