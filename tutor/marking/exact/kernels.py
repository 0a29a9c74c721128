"""exp, log, roots, powers, sine and cosine, and the functions that stay opaque.

In: elements. Out: elements over generators for the kernels that are met first.

Decides how a kernel is made of generators such that the laws of the functions become laws of monomials:
exp of a sum a product, log of a product a sum, roots and powers of the absolute values of parts.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from fractions import Fraction
from math import lcm

from tutor.marking.exact import laurent, samples
from tutor.marking.exact.field import (
    FINENESS,
    Base,
    Element,
    Field,
    Generator,
    Number,
    Undefined,
)
from tutor.marking.exact.kinks import base_sign, by_cells, cellwise, positive
from tutor.marking.exact.laurent import TooLarge
from tutor.marking.exact.linear import summands
from tutor.marking.exact.parts import base_element, conjugate, known_sign, parts, settled


def letter_once(field: Field, key: Hashable, generator: Callable[[], Generator]) -> Element:
    """The generator that is kept under this key."""
    g = field.ids.get(key)
    if g is None:
        g = field.remember(key, len(field.generators))
        return field.letter(generator())
    return field.letter_power(g, 1)


def imaginary(field: Field) -> Element:
    return letter_once(field, "i", lambda: Generator("i", "i", False, degree=2))


def fine_power(field: Field, key: Hashable, make: Callable[[int], Generator], q: Fraction, degree: int) -> Element:
    """(the number whose `degree`-th root is the generator under this key)^q; refined where q asks for it."""
    g = field.ids.get(key)
    if g is not None:
        degree = field.generators[g].degree
    if (q * degree).denominator != 1 or g is None:
        finer = lcm(degree, q.denominator)
        if finer.bit_length() > 50:
            raise TooLarge("a denominator of an exponent of more than 50 bits")
        new = len(field.generators)
        field.letter(make(finer))
        if g is not None:
            field.remember(("alias", g), (new, finer // degree))
            field.aliases |= 1 << g
        field.remember(key, new)
        g, degree = new, finer
    return field.letter_power(g, int(q * degree))


# ── exp and log ──────────────────────────────────────────────────────────────────────────────────────────


def exponential(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _exponential(field, cell))


def _exponential(field: Field, a: Element) -> Element:
    result = _product(field, "exp of", a, _exp_of_multiple)
    return field.with_facts(result, a)


def _product(
    field: Field, name: str, a: Element, kernel: Callable[[Field, Hashable, Element, Fraction], Element]
) -> Element:
    """The product of the kernel's values at a's summands; for an argument that was met before, as it was."""
    known = (name, laurent.key(a.num), a.den, frozenset(a.powers.items()))
    result: Element | None = field.ids.get(known)
    if result is None:
        result = field.one
        for key, basis, q in summands(field, a):
            result = result * kernel(field, key, basis, q)
        field.remember(known, result)
    return result


def _exp_of_multiple(field: Field, key: Hashable, basis: Element, q: Fraction) -> Element:
    log = _as_letter(field, basis, "log")
    if log is not None and log.base is not None:
        return modulus_power(field, log.base, q)

    def make(degree: int) -> Generator:
        return Generator(f"exp({field.describe(basis)}/{degree})", "exp", True, degree=degree, argument=basis)

    return fine_power(field, ("exp", key), make, q, FINENESS)


def _as_letter(field: Field, basis: Element, kind: str) -> Generator | None:
    """The generator, if the basis element is one of this kind to the power 1."""
    if basis.powers or len(basis.num) != 1:
        return None
    (((m,), _),) = basis.num.items()
    letters = list(laurent.exponents(m))
    if len(letters) != 1 or letters[0][1] != 1:
        return None
    generator = field.generators[letters[0][0]]
    return generator if generator.kind == kind else None


def logarithm(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _logarithm(field, cell))


def _logarithm(field: Field, a: Element) -> Element:
    found = parts(field, a)
    if found.sign == 0:
        raise Undefined("the logarithm of zero")
    result = field.zero
    for base, q in found.bases.items():
        result = result + log_modulus(field, base) * q
    return _where_positive(field, result, a, "the logarithm of a negative number")


def _where_positive(field: Field, result: Element, a: Element, what: str) -> Element:
    fact = positive(field, a)
    if not fact.num:
        raise Undefined(what)
    return field.with_facts(field.under(result, fact), a)


def log_modulus(field: Field, base: Base) -> Element:
    """log |base|."""
    if base[0] == "generator":
        generator = field.generators[base[1]]
        if generator.kind == "exp":
            assert generator.argument is not None
            return generator.argument / generator.degree

    def make() -> Generator:
        name = f"log|{field.describe(base_element(field, base))}|"
        return Generator(name, "log", base[0] == "prime" or base == _pi(field), base=base)

    return letter_once(field, ("log", base), make)


def _pi(field: Field) -> Base | None:
    g = field.ids.get("pi")
    return None if g is None else ("generator", g)


# ── powers and roots ─────────────────────────────────────────────────────────────────────────────────────


def modulus(field: Field, base: Base) -> Element:
    """|base|."""
    return base_element(field, base) * base_sign(field, base)


def modulus_power(field: Field, base: Base, q: Fraction) -> Element:
    """|base|^q."""
    if q.denominator == 1:
        n = q.numerator
        signed = field.integer_power(base_element(field, base), n)
        return signed * base_sign(field, base) if n % 2 else signed
    if base[0] == "generator" and field.generators[base[1]].kind == "exp":
        return exponential(field, log_modulus(field, base) * q)

    def make(degree: int) -> Generator:
        name = f"|{field.describe(base_element(field, base))}|^(1/{degree})"
        return Generator(name, "root", True, degree=degree, base=base)

    return fine_power(field, ("root", base), make, q, q.denominator)


def square_root(field: Field, a: Element) -> Element:
    return rational_power(field, a, Fraction(1, 2))


def rational_power(field: Field, a: Element, q: Fraction) -> Element:
    if q.denominator == 1:
        return field.integer_power(a, q.numerator)
    return cellwise(field, a, lambda cell: _rational_power(field, cell, q))


def _rational_power(field: Field, a: Element, q: Fraction) -> Element:
    found = parts(field, a)
    if found.sign == 0:
        if q > 0:
            return field.zero
        raise Undefined("a negative power of zero")
    result = field.one
    for base, times in found.bases.items():
        result = result * modulus_power(field, base, times * q)
    if q.denominator % 2:
        if q.numerator % 2:
            result = result * found.sign
            for base, count in found.signs.items():
                if count % 2:
                    result = result * base_sign(field, base)
        return field.with_facts(result, a)
    return _where_positive(field, result, a, "an even root of a negative number")


def general_power(field: Field, base: Element, exponent: Element) -> Element:
    q = rational(field, exponent)
    if q is not None:
        return rational_power(field, base, q)
    if exponent.mask & field.indicators:
        return by_cells(field, exponent, lambda cell: general_power(field, base, cell))
    if field.is_zero(base):
        if field.is_zero(positive(field, exponent) - 1):
            return field.zero
        raise Undefined("a power of zero")
    if field.is_zero(base - 1):
        return field.one
    return exponential(field, exponent * logarithm(field, base))


def rational(field: Field, a: Element) -> Fraction | None:
    """The rational number that a visibly is."""
    if a.facts:
        return None
    if a.mask or a.powers:
        a = settled(field, field.flat(a))
    if a.powers or len(a.num) > 1 or (a.num and (0,) not in a.num):
        return None
    return Fraction(a.num.get((0,), 0), a.den)


# ── sine and cosine ──────────────────────────────────────────────────────────────────────────────────────


def sine(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _sine(field, cell))


def _sine(field: Field, a: Element) -> Element:
    turned = turn(field, a)
    half = (conjugate(field, turned) - turned) * imaginary(field) / 2
    return field.with_facts(half, a)


def cosine(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _cosine(field, cell))


def _cosine(field: Field, a: Element) -> Element:
    turned = turn(field, a)
    return field.with_facts((turned + conjugate(field, turned)) / 2, a)


def turn(field: Field, a: Element) -> Element:
    """exp(i·a)."""
    return _product(field, "turn of", a, _turn_of_multiple)


def _turn_of_multiple(field: Field, key: Hashable, basis: Element, q: Fraction) -> Element:
    if _as_letter(field, basis, "pi") is not None:
        return _turn_of_pi(field, q)
    arc = _as_letter(field, basis, "opaque")
    if arc is not None and arc.argument is not None and q.denominator == 1 and abs(q) <= 8:
        u, i = arc.argument, imaginary(field)
        if arc.name == "asin":
            return field.integer_power(rational_power(field, 1 - u * u, Fraction(1, 2)) + i * u, int(q))
        if arc.name == "atan":
            long = rational_power(field, 1 + u * u, Fraction(1, 2))
            return field.integer_power((1 + i * u) / long, int(q))

    def make(degree: int) -> Generator:
        name = f"exp(i·({field.describe(basis)})/{degree})"
        return Generator(name, "turn", False, degree=degree, argument=basis)

    return fine_power(field, ("turn", key), make, q, FINENESS)


def _turn_of_pi(field: Field, q: Fraction) -> Element:
    """exp(iπq): multiples of π/12 by √2 and √3, others as a power of ζ, with ζ^degree = -1."""
    q %= 2
    twelfths = q * 12
    if twelfths.denominator == 1:
        n = int(twelfths)
        cosine_part = _cosine_of_twelfths(field, n)
        return cosine_part + imaginary(field) * _cosine_of_twelfths(field, n - 6)
    return fine_power(field, "ζ", lambda degree: Generator("ζ", "turn", False, degree=degree), q, q.denominator)


def _cosine_of_twelfths(field: Field, n: int) -> Element:
    n %= 24
    if n > 12:
        n = 24 - n
    if n > 6:
        return -_cosine_of_twelfths(field, 12 - n)
    half = Fraction(1, 2)
    if n in (0, 4, 6):
        return field.number({0: Fraction(1), 4: half, 6: Fraction(0)}[n])
    root_2, root_3 = (modulus_power(field, ("prime", p), half) for p in (2, 3))
    if n == 2:
        return root_3 / 2
    if n == 3:
        return root_2 / 2
    return root_2 * (root_3 + (1 if n == 1 else -1)) / 4


# ── opaque functions ─────────────────────────────────────────────────────────────────────────────────────


def opaque(field: Field, name: str, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _opaque(field, name, cell))


def _opaque(field: Field, name: str, a: Element) -> Element:
    bare = Element(field, a.num, a.den, a.powers, a.mask, a.deg)
    key = (name, laurent.key(bare.num), bare.den, frozenset(bare.powers.items()))
    g = field.ids.get(key)
    if g is None:
        g = _equal_argument(field, name, bare)
        if g is None:
            g = len(field.generators)
            field.letter(Generator(name, "opaque", False, argument=bare))
            field.remember(("all", name), (*field.ids.get(("all", name), ()), g))
        field.remember(key, g)
    return field.with_facts(field.letter_power(g, 1), a)


def _equal_argument(field: Field, name: str, a: Element) -> int | None:
    """The generator of this function whose argument is provably equal."""
    for g in field.ids.get(("all", name), ()):
        argument = field.generators[g].argument
        if argument is None or samples.differ(field, a, argument):
            continue
        try:
            if field.is_zero(a - argument):
                return int(g)
        except TooLarge:
            continue
    return None


def _odd(field: Field, name: str, a: Element) -> Element:
    """An odd function: of the argument whose leading coefficient is positive, with the sign outside."""
    if not a.num:
        return field.zero
    if a.num[(laurent.leading(a.num),)] < 0:
        return -_opaque(field, name, -a)
    return _opaque(field, name, a)


def error_function(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _odd(field, "erf", cell))


def _table(field: Field, a: Element, rows: list[tuple[Number | Element, Fraction]]) -> Element | None:
    """±π·fraction where a is ± one of the values."""
    if not samples.is_constant(field, a.num):
        return None
    for value, of_pi in rows:
        for sign in (1, -1):
            if field.is_zero(a - sign * field.element(value)):
                return field.pi * (sign * of_pi)
    return None


def arcsine(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _arcsine(field, cell))


def _arcsine(field: Field, a: Element) -> Element:
    half = Fraction(1, 2)
    root_2, root_3 = (modulus_power(field, ("prime", p), half) for p in (2, 3))
    rows: list[tuple[Number | Element, Fraction]] = [
        (0, Fraction(0)),
        (half, Fraction(1, 6)),
        (root_2 / 2, Fraction(1, 4)),
        (root_3 / 2, Fraction(1, 3)),
        (1, half),
    ]
    known = _table(field, a, rows)
    if known is not None:
        return known
    inside = positive(field, 1 - a * a)
    if not inside.num:
        raise Undefined("the arcsine of a number beyond 1")
    return field.under(_odd(field, "asin", a), inside)


def arctangent(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _arctangent(field, cell))


def _arctangent(field: Field, a: Element) -> Element:
    root_3 = modulus_power(field, ("prime", 3), Fraction(1, 2))
    rows: list[tuple[Number | Element, Fraction]] = [
        (0, Fraction(0)),
        (root_3 / 3, Fraction(1, 6)),
        (1, Fraction(1, 4)),
        (root_3, Fraction(1, 3)),
    ]
    known = _table(field, a, rows)
    if known is not None:
        return known
    q = rational(field, a)
    if q is not None and abs(q) > 1:
        return field.pi / (2 if q > 0 else -2) - arctangent(field, field.number(1 / q))
    return _odd(field, "atan", a)


__all__ = ["arcsine", "arctangent", "exponential", "known_sign", "logarithm", "modulus", "opaque"]
