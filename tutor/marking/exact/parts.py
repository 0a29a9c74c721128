"""A real element without indicators → sign · Π |base|^power: what logarithms, roots and signs work with.

In: an element. Out: `Parts`.

Decides what counts as one base: a prime, a generator, or a factor of a polynomial; in the last a monomial of
real generators is never left, so that the bases of x - 1 and of 1 - 1/x are the same polynomial.
"""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as dataclass_field
from fractions import Fraction

from tutor.marking.exact import laurent
from tutor.marking.exact.factor import factor
from tutor.marking.exact.field import BITS, FINENESS, NO_POWERS, Base, Element, Factor, Field, bits
from tutor.marking.exact.laurent import Poly, TooLarge
from tutor.marking.exact.radicals import Radical, nested_square, prefers_mirror, radical


@dataclass(slots=True)
class Parts:
    """sign · Π σ(base)^count · Π |base|^power. A root is positive: it has a power, and no count of signs."""

    sign: int = 1
    bases: dict[Base, Fraction] = dataclass_field(default_factory=dict)
    signs: dict[Base, int] = dataclass_field(default_factory=dict)

    def put(self, base: Base, power: Fraction, signed: bool = True) -> None:
        total = self.bases.get(base, Fraction(0)) + power
        if total:
            self.bases[base] = total
        else:
            self.bases.pop(base, None)
        if signed:
            self.signs[base] = self.signs.get(base, 0) + int(power)

    def take(self, other: Parts, times: int) -> None:
        """Multiply by other^times."""
        if times % 2:
            self.sign *= other.sign
        for base, power in other.bases.items():
            self.put(base, power * times, signed=False)
        for base, count in other.signs.items():
            self.signs[base] = self.signs.get(base, 0) + count * times


def parts(field: Field, a: Element) -> Parts:
    """The multiplicative parts of a real element without indicators; of zero, sign 0."""
    a = settled(field, field.flat(a))
    if not a.num or not field.normal(a.num, a.mask):
        return Parts(0)
    if field.turning:
        a = real_denominators(field, a)
    found = Parts()
    found.take(_of_poly(field, a.num, a.mask, a.deg), 1)
    _of_integer(a.den, -1, found)
    for f, e in a.powers.items():
        piece = field.factors[f]
        found.take(_of_poly(field, piece.poly, piece.mask, piece.deg), e)
    return found


def _of_integer(n: int, e: int, found: Parts) -> None:
    p = 2
    while n > 1 and p < 2000:
        times = 0
        while n % p == 0:
            n //= p
            times += 1
        if times:
            found.put(("prime", p), Fraction(e * times), signed=False)
        p += 1 if p == 2 else 2
        if p * p > n:
            break
    if n > 1:
        for k in (2, 3, 5, 7):
            r = laurent.integer_root(n, k)
            if r is not None:
                _of_integer(r, e * k, found)
                return
        found.put(("prime", n), Fraction(e), signed=False)


def _of_poly(field: Field, poly: Poly, mask: int, deg: int) -> Parts:
    key = ("parts", laurent.key(poly))
    known: Parts | None = field.ids.get(key)
    if known is None:
        known = Parts()
        if mask & field.turning and field.mask_of(poly) & field.turning:
            _split_turning(field, poly, mask, deg, known)
        else:
            _split(field, poly, mask, deg, known)
        field.remember(key, known)
    return known


def _split(field: Field, poly: Poly, mask: int, deg: int, found: Parts) -> None:
    for g in numeric_roots(field, mask):
        poly = _rational_lead(field, poly, mask, g, found)
    c, m, rest = laurent.normalised(poly)
    _of_integer(abs(c), 1, found)
    if len(rest) > 1:
        for piece, times in factor(rest, lambda g: _step(field, g)):
            found.take(_of_irreducible(field, piece, mask, deg), times)
    _of_monomial(field, m, found)
    if c < 0:
        found.sign = -found.sign


def _rational_lead(field: Field, poly: Poly, mask: int, g: int, found: Parts) -> Poly:
    """poly times a power of √p, so that √2·x + y and 2x + √2·y become one; what it was is kept in `found`."""
    generator = field.generators[g]
    if generator.base is None:
        return poly
    terms = [(m - e * laurent.unit(g), e) for (m,) in poly for e in (laurent.exponent(m, g),)]
    top = max(bare for bare, _ in terms)
    leads = [e for bare, e in terms if bare == top]
    lowest = min(e for _, e in terms)
    up = -lowest if lowest < 0 else 0
    if len(leads) == 1:
        up += -(leads[0] + up) % generator.degree
    if not up:
        return poly
    found.put(generator.base, Fraction(-up, generator.degree), signed=False)
    return field.tidy(laurent.shift(poly, laurent.unit(g, up)), mask)[0]


def _of_irreducible(field: Field, poly: Poly, mask: int, deg: int, denest: bool = True) -> Parts:
    found = Parts()
    low, base = polynomial_base(field, poly, mask, deg)
    if field.eager | field.roots:
        sum_of_two = radical(field, field.bases[base[1]].poly)
        square = nested_square(sum_of_two) if sum_of_two is not None and denest else None
        if square is not None:
            found.take(_of_square(field, square[0], mask, deg), 2)
            found.take(_of_poly(field, square[1], field.mask_of(square[1]), field.degree_of(square[1])), -1)
            _of_monomial(field, low, found)
            return found
        if sum_of_two is not None and prefers_mirror(sum_of_two, field.bases[base[1]].poly):
            return _by_mirror(field, sum_of_two, low, mask, deg)
    found.put(base, Fraction(1))
    _of_monomial(field, low, found)
    return found


def _of_square(field: Field, poly: Poly, mask: int, deg: int) -> Parts:
    """The parts of the sum whose square was found, which is not taken apart again."""
    c, m, rest = laurent.normalised(poly)
    found = Parts() if len(rest) == 1 else _of_irreducible(field, rest, mask, deg, denest=False)
    _of_integer(abs(c), 1, found)
    _of_monomial(field, m, found)
    return found


def _by_mirror(field: Field, sum_of_two: Radical, low: int, mask: int, deg: int) -> Parts:
    """|A + B√q| as |norm|/|A - B√q|, with the sign of the product."""
    c, m, rest = laurent.normalised(sum_of_two.mirrored)
    mirrored = Parts()
    inner_low, base = polynomial_base(field, rest, mask, 4 * deg)
    mirrored.put(base, Fraction(1))
    _of_integer(abs(c), 1, mirrored)
    _of_monomial(field, m + inner_low, mirrored)
    if c < 0:
        mirrored.sign = -1
    found = Parts()
    norm = sum_of_two.norm
    found.take(_of_poly(field, norm, field.mask_of(norm), field.degree_of(norm)), 1)
    found.take(mirrored, -1)
    _of_monomial(field, low, found)
    return found


def _split_turning(field: Field, poly: Poly, mask: int, deg: int, found: Parts) -> None:
    """A real polynomial in exp(i·…): a perfect square is seen, no other factor."""
    c = laurent.content(poly)
    if poly[(laurent.leading(poly),)] < 0:
        c = -c
    poly = laurent.divide_ground(poly, c)
    _of_integer(abs(c), 1, found)
    sign, times = (1 if c > 0 else -1), 1
    for candidate, outer in ((poly, 1), (-poly, -1)):
        r = laurent.root(candidate, 2) if candidate[(laurent.leading(candidate),)] > 0 else None
        if r is None:
            continue
        mirrored = conjugate(field, Element(field, r, 1, NO_POWERS, mask, deg)).num
        if mirrored == -r:
            r, outer = _times_i(field, r, mask), -outer
        elif mirrored != r:
            continue
        sign, times, poly = sign * outer, 2, r
        break
    low = _real_minimum(field, poly)
    _of_monomial(field, low * times, found)
    poly = laurent.shift(poly, -low)
    if poly[(laurent.leading(poly),)] < 0:
        poly, sign = -poly, sign * (-1) ** times
    found.put(_base_id(field, poly, field.mask_of(poly), deg), Fraction(times))
    found.sign = sign


def _times_i(field: Field, poly: Poly, mask: int) -> Poly:
    g = field.ids["i"]
    return field.tidy(laurent.shift(poly, laurent.unit(g)), mask | 1 << g)[0]


def _step(field: Field, g: int) -> int:
    return FINENESS if field.generators[g].kind in ("exp", "turn") else 1


def _of_monomial(field: Field, monomial: int, found: Parts) -> None:
    for g, e in laurent.exponents(monomial):
        generator = field.generators[g]
        if generator.kind == "root" and generator.base is not None:
            found.put(generator.base, Fraction(e, generator.degree), signed=False)
        else:
            found.put(("generator", g), Fraction(e))


def _real_minimum(field: Field, poly: Poly) -> int:
    """The greatest common monomial, in the real generators."""
    low = 0
    for g, (least, _) in laurent.support(poly).items():
        if not field.turning >> g & 1:
            low += laurent.unit(g, least)
    return low


def polynomial_base(field: Field, poly: Poly, mask: int, deg: int) -> tuple[int, Base]:
    """A normalised real polynomial as monomial · base."""
    low = _real_minimum(field, poly)
    poly = laurent.shift(poly, -low)
    return low, _base_id(field, poly, mask, 2 * deg)


def _base_id(field: Field, poly: Poly, mask: int, deg: int) -> Base:
    key = ("base", laurent.key(poly))
    k = field.ids.get(key)
    if k is None:
        k = field.remember(key, len(field.bases))
        field.bases.append(Factor(poly, mask, deg))
    return ("poly", int(k))


def base_element(field: Field, base: Base) -> Element:
    kind, k = base
    if kind == "prime":
        return field.number(k)
    if kind == "generator":
        return field.letter_power(k, 1)
    piece = field.bases[k]
    return Element(field, piece.poly, 1, NO_POWERS, piece.mask, piece.deg)


def numeric_roots(field: Field, mask: int) -> list[int]:
    """The letters √2, ∛2, √3, … of a mask."""
    letters = bits(mask & field.eager & ~field.indicators & ~field.turning & ~field.aliases)
    return [g for g in letters if field.generators[g].kind == "root"]


def settled(field: Field, a: Element) -> Element:
    """a with the powers of its roots between 0 and the degree, for its form to be looked at."""
    from tutor.marking.exact import kernels

    if a.mask & field.aliases:
        num, mask = field.tidy(a.num, a.mask)
        a = Element(field, num, a.den, a.powers, mask, field.degree_of(num), a.facts)
    for g in numeric_roots(field, a.mask):
        generator = field.generators[g]
        low = min((laurent.exponent(m, g) // generator.degree for (m,) in a.num), default=0)
        if low < 0 and generator.base is not None:
            if -low * generator.base[1].bit_length() > BITS:
                raise TooLarge(f"an integer of more than {BITS} bits")
            raised = laurent.shift(a.num, laurent.unit(g, -low * generator.degree))
            num, mask = field.tidy(raised, a.mask)
            den = a.den * generator.base[1] ** -low
            a = Element(field, num, den, a.powers, mask, field.degree_of(num), a.facts)
    for g in reversed(list(bits(a.mask & field.roots & ~field.aliases))):
        generator = field.generators[g]
        split = {laurent.exponent(m, g) // generator.degree for (m,) in a.num}
        if split <= {0}:
            continue
        assert generator.base is not None
        low = min(split)
        raised = field.multiply(
            Element(field, a.num, a.den, a.powers, a.mask, a.deg, a.facts),
            field.letter_power(g, -low * generator.degree),
        )
        num, mask = field.lower_root(raised.num, raised.mask, g)
        a = Element(field, num, raised.den, raised.powers, mask, field.degree_of(num), raised.facts)
        if low:
            a = field.multiply(a, field.integer_power(kernels.modulus(field, generator.base), low))
        a = field.flat(a)
    return a


# ── complex form ─────────────────────────────────────────────────────────────────────────────────────────


def conjugate(field: Field, a: Element) -> Element:
    """i ↦ -i, exp(it) ↦ exp(-it); every other generator is real."""
    mask = a.mask & field.turning
    num = a.num
    for g in bits(mask):
        if field.generators[g].kind == "i":
            num = laurent.make_sum((m, -c if laurent.exponent(m, g) % 2 else c) for (m,), c in num.items())
        else:
            num = laurent.make_sum((m - 2 * laurent.exponent(m, g) * laurent.unit(g), c) for (m,), c in num.items())
    num, tidied = field.tidy(num, a.mask)
    result = Element(field, num, a.den, NO_POWERS, tidied, a.deg, a.facts)
    for f, e in a.powers.items():
        piece = field.factors[f]
        if piece.mask & field.turning:
            mirrored = conjugate(field, Element(field, piece.poly, 1, NO_POWERS, piece.mask, piece.deg))
            result = result * mirrored**e
        else:
            result = result * Element(field, laurent.term(0), 1, {f: e}, 0, 0)
    return result


def real_denominators(field: Field, a: Element) -> Element:
    """a with each complex factor of its denominator made real: by a unit where one does it, else 1/p = p̄/|p|²."""
    turning = [f for f in a.powers if field.factors[f].mask & field.turning]
    if not turning:
        return a
    real = {f: e for f, e in a.powers.items() if f not in turning}
    result = Element(field, a.num, a.den, real, a.mask, a.deg, a.facts)
    for f in turning:
        e = a.powers[f]
        piece = field.factors[f]
        whole = Element(field, piece.poly, 1, NO_POWERS, piece.mask, piece.deg)
        unit = _real_unit(field, whole)
        if unit is None:
            unit = conjugate(field, whole)
        made_real = whole * unit
        result = field.flat(result * field.integer_power(unit, -e))
        if len(made_real.num) == 1:
            result = result * field.integer_power(made_real, e)
            continue
        # Not normalised, as a factor of a denominator is: dividing by its leading term would undo it.
        g = field.intern(made_real.num, made_real.mask, made_real.deg)
        powers = dict(result.powers)
        powers[g] = powers.get(g, 0) + e
        result = Element(field, result.num, result.den, powers, result.mask, result.deg, result.facts)
    return result


def _real_unit(field: Field, whole: Element) -> Element | None:
    """A power of i times powers of exp(it) that makes whole real, if there is one: p̄ = v²·p for this v."""
    mirrored = conjugate(field, whole)
    c, m, rest = laurent.normalised(mirrored.num)
    _, n, same = laurent.normalised(whole.num)
    i = field.ids.get("i")
    if rest != same or abs(c) != 1 or i is None:
        return None
    unit = field.one
    for g, e in laurent.exponents(m - n):
        if e % 2 or not field.turning >> g & 1 or g == i:
            return None
        unit = unit * field.letter_power(g, e // 2)
    if c < 0:
        unit = unit * field.letter_power(i, 1)
    made_real = whole * unit
    return unit if conjugate(field, made_real).num == made_real.num else None


def known_sign(field: Field, base: Base) -> int:
    """1 or -1 if the base is known to have that sign almost everywhere, else 0."""
    kind, k = base
    if kind == "prime":
        return 1
    if kind == "generator":
        return 1 if field.generators[k].positive else 0
    piece = field.bases[k]
    key = ("sign", laurent.key(piece.poly))
    known = field.ids.get(key)
    if known is None:
        known = field.remember(key, _sign_of_poly(field, piece.poly))
    return int(known)


def _sign_of_poly(field: Field, poly: Poly) -> int:
    from tutor.marking.exact import samples

    for sign in (1, -1):
        signed = laurent.scale(poly, sign)
        if all(c > 0 and _is_square(field, m) for (m,), c in signed.items()):
            return sign
        if _sum_of_squares(field, signed) and samples.is_nonzero(field, poly):
            return sign
    return samples.constant_sign(field, poly) or _sign_of_radical(field, poly)


def _sign_of_radical(field: Field, poly: Poly) -> int:
    """A + B√q has the sign of A where A² - B²q is positive, and of B where that is negative."""
    found = radical(field, poly)
    norm_sign = 0 if found is None else _sign_of_whole(field, found.norm)
    if found is None or norm_sign == 0:
        return 0
    return _sign_of_whole(field, found.plain if norm_sign > 0 else found.factor)


def _sign_of_whole(field: Field, poly: Poly) -> int:
    """The sign of a polynomial, all of whose parts have known ones; else 0."""
    found = _of_poly(field, poly, field.mask_of(poly), field.degree_of(poly))
    sign = found.sign
    for base, count in found.signs.items():
        if count % 2:
            sign *= known_sign(field, base)
    return sign


def _is_square(field: Field, m: int) -> bool:
    """Whether a monomial is at least 0 everywhere."""
    for g, e in laurent.exponents(m):
        if field.turning >> g & 1:
            return False
        if e % 2 and not field.generators[g].positive:
            return False
    return True


def _sum_of_squares(field: Field, poly: Poly) -> bool:
    """Whether poly is a sum of squares of monomials' combinations, not all zero: by completing squares.

    The Gram matrix over the roots of the square monomials is eliminated; positive semidefinite is enough,
    since a polynomial that is not the zero polynomial vanishes on a set of measure zero only.
    """
    squares = {m: c for (m,), c in poly.items() if _is_square(field, m)}
    if any(c < 0 for c in squares.values()):
        return False
    if len(squares) > 16:
        return False
    # Doubled monomials stand for the roots: the pair (m, n) makes the cross term whose double is m + n.
    members = list(squares)
    where: dict[int, tuple[int, int]] = {}
    for i, m in enumerate(members):
        for j in range(i):
            where.setdefault(m + members[j], (i, j))
    gram = [[Fraction(0)] * len(members) for _ in members]
    for i, m in enumerate(members):
        gram[i][i] = Fraction(squares[m])
    for (m,), c in poly.items():
        if m in squares:
            continue
        pair = where.get(2 * m)
        if pair is None:
            return False
        i, j = pair
        gram[i][j] = gram[j][i] = Fraction(c, 2)
    return _semidefinite(gram)


def _semidefinite(gram: list[list[Fraction]]) -> bool:
    size = len(gram)
    for k in range(size):
        pivot = gram[k][k]
        if pivot < 0:
            return False
        if pivot == 0:
            if any(gram[k][j] for j in range(k + 1, size)):
                return False
            continue
        for i in range(k + 1, size):
            if gram[i][k]:
                ratio = gram[i][k] / pivot
                for j in range(k + 1, size):
                    gram[i][j] -= ratio * gram[k][j]
    return True
