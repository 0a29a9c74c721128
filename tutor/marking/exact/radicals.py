"""Sums A + B·√q: their signs, their square roots without nesting, and which of A ± B·√q stands for both.

In: a polynomial that is linear in the square root of something positive. Out: its norm A² - B²·q and what
follows from it.

Decides three laws: A + B√q has the sign of A where the norm is positive and of B where it is negative; if
the norm is a square D², then A + B√q = (A + D + B√q)² / 2(A + D); if the norm is a monomial, |A - B√q| is
that monomial over |A + B√q|.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.marking.exact import laurent
from tutor.marking.exact.field import NO_POWERS, Element, Field, bits
from tutor.marking.exact.laurent import Poly


@dataclass(frozen=True, slots=True)
class Radical:
    """plain + factor·letter, the letter being the square root of something positive."""

    letter: int
    plain: Poly
    factor: Poly
    norm: Poly

    @property
    def mirrored(self) -> Poly:
        return self.plain - laurent.shift(self.factor, laurent.unit(self.letter))


def radical(field: Field, poly: Poly) -> Radical | None:
    """poly by its youngest square root, if it is linear in that."""
    from tutor.marking.exact.parts import known_sign, settled

    mask = field.mask_of(poly)
    square_roots = [g for g in bits(mask) if field.generators[g].kind == "root"]
    if not square_roots or len(poly) > 40:
        return None
    g = square_roots[-1]
    generator = field.generators[g]
    split = laurent.by_exponent(poly, g)
    if generator.degree != 2 or set(split) != {0, 1} or generator.base is None:
        return None
    if known_sign(field, generator.base) <= 0:
        return None
    plain, factor = (Element(field, split[k], 1, NO_POWERS, mask, field.degree_of(split[k])) for k in (0, 1))
    norm = plain * plain - factor * factor * field.letter_power(g, 2)
    norm = settled(field, norm)
    return None if norm.powers or not norm.num else Radical(g, split[0], split[1], norm.num)


def nested_square(found: Radical) -> tuple[Poly, Poly] | None:
    """(p, q) with the sum equal to p²/q."""
    root = None
    if found.norm[(laurent.leading(found.norm),)] > 0:
        root = laurent.root(found.norm, 2)
    if root is None:
        return None
    half = found.plain + root
    if not half:
        half = found.plain - root
    return half + laurent.shift(found.factor, laurent.unit(found.letter)), laurent.scale(half, 2)


def prefers_mirror(found: Radical, poly: Poly) -> bool:
    """Whether the base is to be A - B√q rather than A + B√q: the one with fewer minus signs, then any fixed one."""

    def rank(p: Poly) -> tuple[int, list[object]]:
        _, _, p = laurent.normalised(p)
        return sum(c < 0 for c in p.values()), sorted(p.items())

    return len(found.norm) == 1 and rank(found.mirrored) < rank(poly)
