"""Fractions over the tower of kernels, and the test for zero.

In: entries and operations. Out: elements.

Decides the form of an element, numerator / (integer · product of powers of interned factors), without any
gcd, and where it is defined: an element is a function that is total almost everywhere (a root or a
logarithm takes the absolute value of its argument) together with the facts, indicators that are 1, under
which it is what the formula means.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from numbers import Rational
from typing import Any, Literal

from tutor.marking.exact import laurent
from tutor.marking.exact.laurent import Monomial, Poly, TooLarge

BITS = 20_000
# exp(x) is kept as the 5040th power of one generator, so that exp(x/2), exp(x/3)… are powers of it too.
FINENESS = 5040

Kind = Literal["entry", "pi", "i", "exp", "turn", "log", "root", "opaque", "indicator"]
Base = tuple[Literal["prime", "generator", "poly"], int]
Number = int | Fraction
Powers = dict[int, int]

NO_POWERS: Powers = {}
NO_FACTS: frozenset[int] = frozenset()


class Undefined(Exception):  # noqa: N818
    """The formula has no value on an open set, such as a division by zero or a logarithm of -1."""


@dataclass(slots=True)
class Generator:
    """One letter of the ring: an entry, or a kernel with what is known of it."""

    name: str
    kind: Kind
    positive: bool
    degree: int = 0  # exp, turn: the exponent is argument/degree; root: the degree of the root
    base: Base | None = None  # log, root: of the absolute value of what
    argument: Element | None = None  # exp, turn, opaque, indicator
    sampled: Any = None  # its float values at the sample points, when they have been asked for


@dataclass(slots=True)
class Factor:
    """An interned polynomial; as a factor its leading term is a positive integer."""

    poly: Poly
    mask: int
    deg: int


class Element:
    """num / den · Π factor^power, a real function of the entries; made by `Field`, never by hand."""

    __hash__ = None  # type: ignore[assignment]
    __slots__ = ("deg", "den", "facts", "field", "mask", "num", "powers")

    def __init__(
        self,
        field: Field,
        num: Poly,
        den: int,
        powers: Powers,
        mask: int,
        deg: int,
        facts: frozenset[int] = NO_FACTS,
    ) -> None:
        self.field = field
        self.num = num
        self.den = den
        self.powers = powers
        self.mask = mask  # a bit for each generator that may occur in num
        self.deg = deg  # no exponent in num is larger in absolute value
        self.facts = facts

    def __add__(self, other: Element | Number) -> Element:
        b = self.field.operand(other)
        return NotImplemented if b is None else self.field.add(self, b)

    __radd__ = __add__

    def __sub__(self, other: Element | Number) -> Element:
        b = self.field.operand(other)
        return NotImplemented if b is None else self.field.add(self, -b)

    def __rsub__(self, other: Element | Number) -> Element:
        b = self.field.operand(other)
        return NotImplemented if b is None else self.field.add(b, -self)

    def __mul__(self, other: Element | Number) -> Element:
        b = self.field.operand(other)
        return NotImplemented if b is None else self.field.multiply(self, b)

    __rmul__ = __mul__

    def __truediv__(self, other: Element | Number) -> Element:
        b = self.field.operand(other)
        return NotImplemented if b is None else self.field.multiply(self, self.field.inverse(b))

    def __rtruediv__(self, other: Element | Number) -> Element:
        b = self.field.operand(other)
        return NotImplemented if b is None else self.field.multiply(b, self.field.inverse(self))

    def __neg__(self) -> Element:
        return Element(self.field, -self.num, self.den, self.powers, self.mask, self.deg, self.facts)

    def __pos__(self) -> Element:
        return self

    def __abs__(self) -> Element:
        return self.field.abs(self)

    def __pow__(self, exponent: Element | Number) -> Element:
        if isinstance(exponent, int):
            return self.field.integer_power(self, exponent)
        b = self.field.operand(exponent)
        return NotImplemented if b is None else self.field.power(self, b)

    def __rpow__(self, base: Element | Number) -> Element:
        b = self.field.operand(base)
        return NotImplemented if b is None else self.field.power(b, self)

    def __repr__(self) -> str:
        return self.field.describe(self)


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a field had grown."""

    journal: int
    generators: int
    factors: int
    bases: int
    facts: int
    indicators: int
    eager: int
    roots: int
    turning: int
    aliases: int


def bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low


class Field:
    """The numbers of one question: it grows with every kernel that is met, and can forget."""

    def __init__(self, terms: int = 5000) -> None:
        self.limit = terms
        self.strict = False  # whether 0 times something without a value has none either
        self.generators: list[Generator] = []
        self.factors: list[Factor] = []
        self.bases: list[Factor] = []
        self.facts: list[Element] = []
        self.ids: dict[Any, Any] = {}  # every table: factors, bases, kernels, chains, cached splittings
        self.journal: list[tuple[Any, Any]] = []
        self.indicators = 0
        self.eager = 0  # generators whose relation is applied to every product: i, √2, indicators
        self.roots = 0  # generators whose relation waits for `normal`: it makes more terms
        self.turning = 0  # i and exp(i·…): not real
        self.aliases = 0  # generators that became powers of a finer one
        self.zero = Element(self, laurent.ZERO, 1, NO_POWERS, 0, 0)
        self.one = self.number(1)

    # ── making elements ──────────────────────────────────────────────────────────────────────────────────

    def entry(self, name: str, sign: Literal["any", "positive", "nonnegative", "nonzero"] = "any") -> Element:
        """A fresh real variable. Nonnegative is positive here: what is equal where it is positive is equal."""
        return self.letter(Generator(name, "entry", sign in ("positive", "nonnegative")))

    def number(self, q: Number) -> Element:
        q = Fraction(q)
        if q.numerator.bit_length() + q.denominator.bit_length() > BITS:
            raise TooLarge(f"an integer of more than {BITS} bits")
        return Element(self, laurent.term(0, q.numerator), q.denominator, NO_POWERS, 0, 0)

    def element(self, value: Element | Number) -> Element:
        return value if isinstance(value, Element) else self.number(value)

    def operand(self, value: object) -> Element | None:
        """A value beside an operator as an element; None for an array, which takes the operator to its entries."""
        if isinstance(value, Element):
            return value
        if type(value) is int and value.bit_length() <= BITS:
            return Element(self, laurent.term(0, value), 1, NO_POWERS, 0, 0)
        return self.number(Fraction(value)) if isinstance(value, Rational) else None

    @property
    def pi(self) -> Element:
        from tutor.marking.exact import kernels

        return kernels.letter_once(self, "pi", lambda: Generator("π", "pi", True))

    @property
    def e(self) -> Element:
        return self.exp(self.one)

    def letter(self, generator: Generator) -> Element:
        """A new generator as an element."""
        g = len(self.generators)
        self.generators.append(generator)
        bit = 1 << g
        if generator.kind == "indicator":
            self.indicators |= bit
            self.eager |= bit
        elif generator.kind == "root":
            if generator.base is not None and generator.base[0] == "prime":
                self.eager |= bit
            else:
                self.roots |= bit
        elif generator.kind in ("i", "turn"):
            self.turning |= bit
            if generator.kind == "i" or generator.name == "ζ":
                self.eager |= bit
        return self.letter_power(g, 1)

    def letter_power(self, g: int, e: int) -> Element:
        if abs(e) >= laurent.EXPONENT_LIMIT:
            raise TooLarge("an exponent of more than 60 bits")
        return Element(self, laurent.term(laurent.unit(g, e)), 1, NO_POWERS, 1 << g, abs(e))

    def remember(self, key: Any, value: Any) -> Any:
        self.journal.append((key, self.ids.get(key)))
        self.ids[key] = value
        return value

    def mark(self) -> Mark:
        """The present size, for `reset`."""
        return Mark(
            len(self.journal),
            len(self.generators),
            len(self.factors),
            len(self.bases),
            len(self.facts),
            self.indicators,
            self.eager,
            self.roots,
            self.turning,
            self.aliases,
        )

    def reset(self, mark: Mark) -> None:
        """Forget every kernel since the mark. Elements made before stay valid, later ones must not be used."""
        while len(self.journal) > mark.journal:
            key, old = self.journal.pop()
            if old is None:
                del self.ids[key]
            else:
                self.ids[key] = old
        del self.generators[mark.generators :]
        del self.factors[mark.factors :]
        del self.bases[mark.bases :]
        del self.facts[mark.facts :]
        self.indicators, self.eager, self.roots = mark.indicators, mark.eager, mark.roots
        self.turning, self.aliases = mark.turning, mark.aliases

    # ── arithmetic ───────────────────────────────────────────────────────────────────────────────────────

    def add(self, a: Element, b: Element) -> Element:
        if not a.num and not a.facts:
            return b
        if not b.num and not b.facts:
            return a
        facts = a.facts | b.facts if a.facts or b.facts else NO_FACTS
        if a.powers == b.powers:
            powers, na, nb = a.powers, a.num, b.num
            mask, deg = a.mask | b.mask, max(a.deg, b.deg)
        else:
            powers = {}
            for f in a.powers.keys() | b.powers.keys():
                low = min(a.powers.get(f, 0), b.powers.get(f, 0))
                if low:
                    powers[f] = low
            na, mask_a, deg_a = self._expand(a, powers)
            nb, mask_b, deg_b = self._expand(b, powers)
            mask, deg = mask_a | mask_b, max(deg_a, deg_b)
        if a.den == b.den:
            den, num = a.den, na + nb
        else:
            g = gcd(a.den, b.den)
            den = a.den // g * b.den
            num = laurent.scale(na, den // a.den) + laurent.scale(nb, den // b.den)
        if mask & self.aliases:
            num, mask = self.tidy(num, mask)
            deg = self.degree_of(num)
        if len(num) > self.limit:
            raise TooLarge(f"more than {self.limit} terms")
        return self._lowered(num, den, powers, mask, deg, facts)

    def multiply(self, a: Element, b: Element) -> Element:
        facts = self._facts_of_product(a, b) if a.facts or b.facts else NO_FACTS
        num = laurent.multiply(a.num, b.num, self.limit)
        mask, deg = a.mask | b.mask, a.deg + b.deg
        if deg >= laurent.EXPONENT_LIMIT:
            deg = self.degree_of(num)
        if mask & (self.eager | self.aliases) and self._interact(a.mask, b.mask):
            num, mask = self.tidy(num, mask)
            deg = self.degree_of(num)
        powers = a.powers or b.powers
        if a.powers and b.powers:
            powers = dict(a.powers)
            for f, e in b.powers.items():
                e += powers.get(f, 0)
                if e:
                    powers[f] = e
                else:
                    del powers[f]
        return self._lowered(num, a.den * b.den, powers, mask, deg, facts)

    def _interact(self, mask: int, other: int) -> bool:
        if (mask | other) & self.aliases or mask & other & self.eager:
            return True
        return bool(mask & self.indicators and other & self.indicators)

    def degree_of(self, num: Poly) -> int:
        deg = max((abs(e) for (m,) in num for _, e in laurent.exponents(m)), default=0)
        if deg >= laurent.EXPONENT_LIMIT:
            raise TooLarge("an exponent of more than 60 bits")
        return deg

    def _lowered(self, num: Poly, den: int, powers: Powers, mask: int, deg: int, facts: frozenset[int]) -> Element:
        """The element, with what cancels at a glance cancelled: integers, and a numerator that is a factor."""
        if not num:
            return Element(self, num, 1, NO_POWERS, 0, 0, facts)
        if den != 1 and (len(num) < 8 or den.bit_length() > 64):
            g = gcd(laurent.content(num), den)
            if g != 1:
                num, den = laurent.divide_ground(num, g), den // g
        if den.bit_length() > BITS or abs(next(iter(num.values()))).bit_length() > BITS:
            raise TooLarge(f"an integer of more than {BITS} bits")
        if powers and len(num) > 1:
            size = len(num)
            for f, e in powers.items():
                factor = self.factors[f]
                if e < 0 and len(factor.poly) == size:
                    c, m, rest = laurent.normalised(num)
                    if rest == factor.poly:
                        powers = {g: k + (g == f) for g, k in powers.items() if g != f or k != -1}
                        return self._lowered(laurent.term(m, c), den, powers, mask, deg + factor.deg, facts)
        return Element(self, num, den, powers, mask, deg, facts)

    def _expand(self, a: Element, powers: Powers) -> tuple[Poly, int, int]:
        """a's numerator, when only `powers` are to be left outside."""
        num, mask, deg = a.num, a.mask, a.deg
        for f in a.powers.keys() | powers.keys():
            e = a.powers.get(f, 0) - powers.get(f, 0)
            if e:
                factor = self.factors[f]
                if deg + e * factor.deg >= laurent.EXPONENT_LIMIT:
                    raise TooLarge("an exponent of more than 60 bits")
                more = laurent.power(factor.poly, e, self.limit)
                if e > 1 and factor.mask & self.eager:
                    more, _ = self.tidy(more, factor.mask)
                num = laurent.multiply(num, more, self.limit)
                touch = self._interact(mask, factor.mask)
                mask, deg = mask | factor.mask, deg + e * factor.deg
                if touch:
                    num, mask = self.tidy(num, mask)
                    deg = self.degree_of(num)
        return num, mask, deg

    def flat(self, a: Element) -> Element:
        """a with its factors of positive power multiplied into the numerator."""
        if all(e < 0 for e in a.powers.values()):
            return a
        powers = {f: e for f, e in a.powers.items() if e < 0}
        num, mask, deg = self._expand(a, powers)
        return Element(self, num, a.den, powers, mask, deg, a.facts)

    def inverse(self, a: Element) -> Element:
        """1/a; raises `Undefined` where a is zero."""
        if not a.num:
            raise Undefined("division by zero")
        if a.mask & self.indicators:
            from tutor.marking.exact import kinks

            return kinks.by_cells(self, a, self.inverse)
        powers = {f: -e for f, e in a.powers.items()}
        if len(a.num) == 1:
            (((m,), c),) = a.num.items()
            num = laurent.term(-m, a.den if c > 0 else -a.den)
            mask, deg = a.mask, a.deg
            if mask & (self.eager | self.aliases):
                num, mask = self.tidy(num, mask)
                deg = self.degree_of(num)
            return self._lowered(num, abs(c), powers, mask, deg, a.facts)
        if a.mask & (self.roots | self.eager) and not self.normal(a.num, a.mask):
            raise Undefined("division by zero")
        c, m, rest = laurent.normalised(a.num)
        f = self.intern(rest, a.mask, 2 * a.deg)
        e = powers.get(f, 0) - 1
        if e:
            powers[f] = e
        else:
            del powers[f]
        num, mask, deg = laurent.term(-m, a.den if c > 0 else -a.den), a.mask, a.deg
        if mask & (self.eager | self.aliases):
            num, mask = self.tidy(num, mask)
            deg = self.degree_of(num)
        return self._lowered(num, abs(c), powers, mask, deg, a.facts)

    def intern(self, poly: Poly, mask: int, deg: int) -> int:
        key = ("factor", laurent.key(poly))
        f = self.ids.get(key)
        if f is None:
            f = self.remember(key, len(self.factors))
            self.factors.append(Factor(poly, mask, deg))
        return int(f)

    def integer_power(self, a: Element, n: int) -> Element:
        if n < 0:
            return self.inverse(self.integer_power(a, -n))
        if n == 0:
            return self.one
        if n == 1 or not a.num:
            return a
        if a.mask & self.indicators and n > 3:
            from tutor.marking.exact import kinks

            return kinks.by_cells(self, a, lambda cell: self.integer_power(cell, n))
        if (len(a.num) == 1 and not a.mask & self.indicators) or (n > 3 and n * len(a.num) > 24):
            return self._factored_power(a, n)
        result = self.multiply(a, a)
        for _ in range(n - 2):
            result = self.multiply(result, a)
        return result

    def _factored_power(self, a: Element, n: int) -> Element:
        """a^n, a large power of a sum being left as a factor."""
        c, m, rest = laurent.normalised(a.num)
        if max(c.bit_length(), a.den.bit_length()) * n > BITS:
            raise TooLarge(f"an integer of more than {BITS} bits")
        deg = a.deg * n
        if max(deg, n) >= laurent.EXPONENT_LIMIT:
            raise TooLarge("an exponent of more than 60 bits")
        powers = {f: e * n for f, e in a.powers.items()}
        if len(rest) > 1:
            f = self.intern(rest, a.mask, 2 * a.deg)
            powers[f] = powers.get(f, 0) + n
            if not powers[f]:
                del powers[f]
        num, mask = laurent.term(m * n, c**n), a.mask
        if mask & (self.eager | self.aliases):
            num, mask = self.tidy(num, mask)
            deg = self.degree_of(num)
        return self._lowered(num, a.den**n, powers, mask, deg, a.facts)

    # ── relations ────────────────────────────────────────────────────────────────────────────────────────

    def tidy(self, num: Poly, mask: int) -> tuple[Poly, int]:
        """The relations that never make more terms: i² = -1, √2² = 2, h² = h, a chain of conditions."""
        while mask & self.aliases:
            for g in bits(mask & self.aliases):
                finer, times = self.ids["alias", g]
                if times * self.degree_of(num) >= laurent.EXPONENT_LIMIT:
                    raise TooLarge("an exponent of more than 60 bits")
                swap = laurent.unit(finer, times) - laurent.unit(g)
                num = laurent.make_sum((m + laurent.exponent(m, g) * swap, c) for (m,), c in num.items())
                mask = mask & ~(1 << g) | 1 << finer
        for g in bits(mask & self.eager & ~self.indicators):
            num = self._tidy_letter(num, g)
        if mask & self.indicators:
            num = self._tidy_indicators(num, mask)
        return num, mask

    def _tidy_letter(self, num: Poly, g: int) -> Poly:
        """One letter with letter^degree = an integer."""
        generator = self.generators[g]
        value = -1 if generator.base is None else generator.base[1]
        one = laurent.unit(g)
        out: list[tuple[Monomial, int]] = []
        lowest = 0
        for (m,) in num:
            k, e = divmod(laurent.exponent(m, g), generator.degree)
            if k < 0 and value != -1:
                lowest = min(lowest, k)
            out.append((m + (e - laurent.exponent(m, g)) * one, k))
        if lowest:
            # √2^-1 stays as it is, for a half would not be an integer: only what is too high is lowered.
            out = []
            for (m,), _ in num.items():
                k = max(0, laurent.exponent(m, g) // generator.degree)
                out.append((m - k * generator.degree * one, k))
        if max((abs(k) for _, k in out), default=0) * abs(value).bit_length() > BITS and value != -1:
            raise TooLarge(f"an integer of more than {BITS} bits")
        coefficients = num.values()
        return laurent.make_sum((m, c * (value ** abs(k))) for (m, k), c in zip(out, coefficients, strict=True))

    def _tidy_indicators(self, num: Poly, mask: int) -> Poly:
        letters = list(bits(mask & self.indicators))
        # The bias makes every exponent positive, so that none borrows from the next while bits are looked at.
        bias = (1 << (laurent.WIDTH * (len(self.generators) + 1))) // laurent.MASK << (laurent.WIDTH - 1)
        units = [laurent.unit(g) for g in letters]
        high = sum((laurent.EXPONENT_LIMIT - 2) * one for one in units)
        chains = self._chains(letters, mask) if len(letters) > 1 else []
        out = []
        for (m,), c in num.items():
            if (m + bias) & high:
                for g, one in zip(letters, units, strict=True):
                    m -= max(0, laurent.exponent(m, g) - 1) * one
            if chains:
                seen = m + bias
                for weak, strong in chains:
                    if seen & weak and seen & strong:
                        m -= weak
                        seen -= weak
            out.append((m, c))
        return laurent.make_sum(out)

    def _chains(self, letters: list[int], mask: int) -> list[tuple[Monomial, Monomial]]:
        """The pairs among these indicators of which the second implies the first."""
        return [
            (laurent.unit(weak), laurent.unit(strong))
            for weak in letters
            for strong in self.ids.get(("stronger", weak), ())
            if mask >> strong & 1
        ]

    def normal(self, num: Poly, mask: int) -> Poly:
        """num up to a unit, with every relation applied: zero if these prove it zero."""
        num, mask = self.tidy(num, mask)
        pending = list(bits(mask & self.roots & ~self.aliases))
        while num and pending:
            lowered, new_mask = self.lower_root(num, mask, pending.pop())
            if lowered is not num:
                num, mask = lowered, new_mask
                pending = list(bits(mask & self.roots & ~self.aliases))
        for g in bits(mask & self.eager & ~self.indicators):
            low = min((laurent.exponent(m, g) for (m,) in num), default=0)
            if low < 0 and self.generators[g].base is not None:
                degree = self.generators[g].degree
                num = self._tidy_letter(laurent.shift(num, laurent.unit(g, -(low // degree) * degree)), g)
        return num

    def lower_root(self, num: Poly, mask: int, g: int) -> tuple[Poly, int]:
        """t^degree replaced by the absolute value of its base, after multiplying by a power of t^degree."""
        generator = self.generators[g]
        degree = generator.degree
        parts: dict[int, list[tuple[Monomial, int]]] = {}
        one = laurent.unit(g)
        for (m,), c in num.items():
            k = laurent.exponent(m, g) // degree
            parts.setdefault(k, []).append((m - k * degree * one, c))
        if set(parts) == {0}:
            return num, mask
        low = min(parts)
        modulus = self._modulus(generator)
        if self.degree_of(num) + (max(parts) - low) * modulus.deg >= laurent.EXPONENT_LIMIT:
            raise TooLarge("an exponent of more than 60 bits")
        pieces = []
        for k, terms in parts.items():
            more = laurent.power(modulus.num, k - low, self.limit)
            if (k - low > 1) and modulus.mask & self.eager:
                more, _ = self.tidy(more, modulus.mask)
            pieces.append(laurent.multiply(laurent.make(dict(terms)), more, self.limit))
        return self.tidy(laurent.total(pieces), mask | modulus.mask)

    def _modulus(self, generator: Generator) -> Element:
        """|base| of a root, as a polynomial in earlier generators and one indicator."""
        from tutor.marking.exact import kernels

        assert generator.base is not None
        return kernels.modulus(self, generator.base)

    def is_zero(self, a: Element) -> bool:
        """Whether a is proved to be 0 almost everywhere where it is defined."""
        if not a.num:
            return True
        facts = [self.facts[k] for k in a.facts]
        special = a.mask & (self.eager | self.roots | self.aliases)
        if not special and not facts:
            return False
        num = self.normal(a.num, a.mask)
        if not num:
            return True
        if not facts and not self.mask_of(num) & self.indicators:
            return False
        from tutor.marking.exact import kinks

        return kinks.zero_in_every_cell(self, num, facts)

    def mask_of(self, num: Poly) -> int:
        mask = 0
        for (m,) in num:
            for g, _ in laurent.exponents(m):
                mask |= 1 << g
        return mask

    # ── facts ────────────────────────────────────────────────────────────────────────────────────────────

    def under(self, a: Element, fact: Element) -> Element:
        """a, meant only where the indicator `fact` is 1."""
        if not fact.mask & self.indicators:
            return a
        key = ("fact", laurent.key(fact.num))
        k = self.ids.get(key)
        if k is None:
            k = self.remember(key, len(self.facts))
            self.facts.append(fact)
        return Element(self, a.num, a.den, a.powers, a.mask, a.deg, a.facts | {k} | fact.facts)

    def with_facts(self, result: Element, a: Element) -> Element:
        """result, defined where a is."""
        if not a.facts:
            return result
        facts = result.facts | a.facts
        return Element(self, result.num, result.den, result.powers, result.mask, result.deg, facts)

    def _facts_of_product(self, a: Element, b: Element) -> frozenset[int]:
        """A fact about one factor falls away where the other is 0 unless it holds: [x > 0]·log x is total."""
        kept = {k for k in a.facts if not self._vanishes_without(b, k)}
        kept |= {k for k in b.facts if not self._vanishes_without(a, k)}
        return frozenset(kept)

    def _vanishes_without(self, a: Element, k: int) -> bool:
        if not a.num:
            return not self.strict
        fact = self.facts[k]
        if not a.mask & self.indicators:
            return False
        rest, _ = self.tidy(a.num * (fact.num - laurent.term(0)), a.mask | fact.mask)
        return not rest

    def defined(self, a: Element) -> Element:
        """The indicator of where a has a value, as far as roots, logarithms and arcs restrict it."""
        result = self.one
        for k in a.facts:
            result = self.multiply(result, self.facts[k])
        return result

    def is_defined_where(self, a: Element, b: Element) -> bool:
        """Whether a is proved to have a value wherever b has one, as far as facts say."""
        missing = a.facts - b.facts
        if not missing:
            return True
        domain = self.defined(b)
        return all(self.is_zero(domain * (1 - self.facts[k])) for k in missing)

    def select(self, condition: Element | Number, yes: Element | Number, no: Element | Number) -> Element:
        """yes where the condition is 1, no where it is 0; what is not chosen need not have a value."""
        c, y, n = (self.element(part) for part in (condition, yes, no))
        rest = 1 - c
        if not c.num or not rest.num:
            return self.with_facts(y if c.num else n, c)
        return c * y + rest * n

    # ── functions ────────────────────────────────────────────────────────────────────────────────────────

    def _kernel(self, name: str, a: Element | Number) -> Element:
        from tutor.marking.exact import kernels

        function: Callable[[Field, Element], Element] = getattr(kernels, name)
        return function(self, self.element(a))

    def exp(self, a: Element) -> Element:
        return self._kernel("exponential", a)

    def log(self, a: Element) -> Element:
        return self._kernel("logarithm", a)

    def sqrt(self, a: Element) -> Element:
        return self._kernel("square_root", a)

    def sin(self, a: Element) -> Element:
        return self._kernel("sine", a)

    def cos(self, a: Element) -> Element:
        return self._kernel("cosine", a)

    def tan(self, a: Element) -> Element:
        return self.sin(a) / self.cos(a)

    def cot(self, a: Element) -> Element:
        return self.cos(a) / self.sin(a)

    def sec(self, a: Element) -> Element:
        return self.inverse(self.cos(a))

    def csc(self, a: Element) -> Element:
        return self.inverse(self.sin(a))

    def sinh(self, a: Element) -> Element:
        return (self.exp(a) - self.exp(-a)) / 2

    def cosh(self, a: Element) -> Element:
        return (self.exp(a) + self.exp(-a)) / 2

    def tanh(self, a: Element) -> Element:
        twice = self.exp(2 * a)
        return (twice - 1) / (twice + 1)

    def sech(self, a: Element) -> Element:
        return self.inverse(self.cosh(a))

    def sigmoid(self, a: Element) -> Element:
        grown = self.exp(a)
        return grown / (grown + 1)

    def softplus(self, a: Element) -> Element:
        return self.log(1 + self.exp(a))

    def asin(self, a: Element) -> Element:
        return self._kernel("arcsine", a)

    def acos(self, a: Element) -> Element:
        return self.pi / 2 - self.asin(a)

    def atan(self, a: Element) -> Element:
        return self._kernel("arctangent", a)

    def erf(self, a: Element) -> Element:
        return self._kernel("error_function", a)

    def power(self, base: Element, exponent: Element) -> Element:
        """base^exponent over the reals: an odd root of a negative number is negative, as in (-8)^(1/3) = -2."""
        from tutor.marking.exact import kernels

        return kernels.general_power(self, self.element(base), self.element(exponent))

    def opaque(self, name: str, order: int, argument: Element) -> Element:
        """A function of which nothing is known, or one of its derivatives; equal for equal arguments."""
        from tutor.marking.exact import kernels

        return kernels.opaque(self, name + "'" * order, self.element(argument))

    def positive(self, a: Element) -> Element:
        """[a > 0], up to a set of measure zero."""
        from tutor.marking.exact import kinks

        return kinks.positive(self, self.element(a))

    def vanishes(self, a: Element) -> Element:
        """[a = 0]: 1 in the cells in which a is identically zero, 0 in the others."""
        from tutor.marking.exact import kinks

        return kinks.vanishes(self, self.element(a))

    def abs(self, a: Element) -> Element:
        from tutor.marking.exact import kinks

        return kinks.sign(self, self.element(a)) * a

    def sign(self, a: Element) -> Element:
        from tutor.marking.exact import kinks

        return kinks.sign(self, self.element(a))

    def step(self, a: Element) -> Element:
        return self.positive(a)

    def relu(self, a: Element) -> Element:
        return self.positive(a) * a

    def maximum(self, a: Element, b: Element) -> Element:
        return b + self.positive(a - b) * (a - b)

    def minimum(self, a: Element, b: Element) -> Element:
        return a - self.positive(a - b) * (a - b)

    # ── for people ───────────────────────────────────────────────────────────────────────────────────────

    def describe(self, a: Element) -> str:
        text = self._describe_poly(a.num)
        if a.den != 1:
            text = f"({text})/{a.den}"
        for f, e in a.powers.items():
            text = f"({text})·({self._describe_poly(self.factors[f].poly)})^{e}"
        return text

    def _describe_poly(self, poly: Poly) -> str:
        pieces = []
        for (m,), c in poly.items():
            letters = [self.generators[g].name + (f"^{e}" if e != 1 else "") for g, e in laurent.exponents(m)]
            pieces.append("·".join([str(c), *letters]) if c != 1 or not letters else "·".join(letters))
        return " + ".join(pieces) or "0"
