"""Indicators [a > 0] and what is made of them: sign, |a|, max, cases.

In: elements. Out: elements in which each condition is a generator h with h² = h.

Decides when two conditions are one. A condition is split into the signs of its parts; a polynomial part is
the form of its non-constant terms against a threshold, so that [x > 1] and [2x > 3] know of each other.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tutor.marking.exact import laurent, samples
from tutor.marking.exact.field import NO_POWERS, Base, Element, Field, Generator, Undefined, bits
from tutor.marking.exact.laurent import Poly, TooLarge
from tutor.marking.exact.parts import base_element, known_sign, parts, settled

MOST_KINKS = 10
Row = dict[int, Fraction]


def by_cells(field: Field, a: Element, function: Callable[[Element], Element]) -> Element:
    """function(a), where a may contain indicators: Σ [cell]·function(a in the cell)."""
    return _by_cells(field, field.flat(a), function, [], field.one)


def cellwise(field: Field, a: Element, function: Callable[[Element], Element]) -> Element:
    """function(a) for a function that wants an argument in settled form, without indicators.

    Settling may bring indicators in, for √x·√x is |x| = (2[x > 0] - 1)·x.
    """
    a = settled(field, field.flat(a))
    if a.mask & field.indicators:
        return by_cells(field, a, lambda cell: cellwise(field, cell, function))
    return function(a)


def _by_cells(
    field: Field, a: Element, function: Callable[[Element], Element], cell: list[tuple[int, int]], whole: Element
) -> Element:
    """[cell]·function(a in the cell), `whole` being the indicator of the cell.

    It is multiplied in at once, not letter by letter: what the function needs may hold in the whole cell alone.
    A function that has no value in one cell, as 1/max(0, x) has none below 0, has one outside of it.
    """
    h = _first_indicator(field, a)
    if h is None:
        mask = a.mask & ~field.indicators
        try:
            return whole * function(Element(field, a.num, a.den, a.powers, mask, a.deg, a.facts))
        except Undefined:
            outside = 1 - whole
            if not outside.num:
                raise
            return field.under(field.zero, outside)
    if len(cell) >= MOST_KINKS:
        raise TooLarge(f"a function of more than {MOST_KINKS} conditions")
    letter = field.letter_power(h, 1)
    result = field.zero
    for value, weight in ((1, letter), (0, 1 - letter)):
        here = [*cell, (h, value)]
        part = whole * weight
        if part.num and is_possible(field, here):
            result = result + _by_cells(field, assume(field, a, h, value), function, here, part)
    return result


def _first_indicator(field: Field, a: Element) -> int | None:
    """The oldest indicator in a, so that cells are split in one order everywhere."""
    if not a.mask & field.indicators:
        return None
    present = field.mask_of(a.num) & field.indicators
    return next(bits(present), None)


def assume(field: Field, a: Element, h: int, value: int) -> Element:
    """a where the indicator h is 0 or 1, and with it those of its chain that follow."""
    num = _assume(field, a.num, h, value)
    return Element(field, num, a.den, a.powers, a.mask & ~(1 << h), a.deg, a.facts)


def _assume(field: Field, num: Poly, h: int, value: int) -> Poly:
    fixed = [h, *field.ids.get(("weaker" if value else "stronger", h), ())]
    units = [laurent.unit(g) for g in fixed]
    terms = []
    for (m,), c in num.items():
        for g, one in zip(fixed, units, strict=True):
            if laurent.exponent(m, g):
                if not value:
                    break
                m -= one
        else:
            terms.append((m, c))
    return laurent.make_sum(terms)


# ── signs ────────────────────────────────────────────────────────────────────────────────────────────────


def sign(field: Field, a: Element) -> Element:
    """-1, 0 or 1; 0 only where a is identically zero."""
    return cellwise(field, a, lambda cell: _sign(field, cell))


def _sign(field: Field, a: Element) -> Element:
    found = parts(field, a)
    if not all(_certain(field, base) for base in found.bases):
        return _doubtful(field, "positive", a) - _doubtful(field, "positive", -a)
    result = field.number(found.sign)
    for base, count in found.signs.items():
        if count % 2:
            result = result * base_sign(field, base)
    return field.with_facts(result, a)


def positive(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _positive(field, cell))


def _positive(field: Field, a: Element) -> Element:
    found = parts(field, a)
    if found.sign == 0:
        return Element(field, laurent.ZERO, 1, NO_POWERS, 0, 0, a.facts)
    if not all(_certain(field, base) for base in found.bases):
        return _doubtful(field, "positive", a)
    return (_sign(field, a) + 1) / 2


def vanishes(field: Field, a: Element) -> Element:
    return cellwise(field, a, lambda cell: _vanishes(field, cell))


def _vanishes(field: Field, a: Element) -> Element:
    found = parts(field, a)
    if found.sign == 0:
        return field.one
    if all(_certain(field, base) for base in found.bases):
        return field.zero
    return _doubtful(field, "vanishes", a)


def _certain(field: Field, base: Base) -> bool:
    """Whether the base is certainly not zero on any open set."""
    if base[0] != "poly":
        return True
    key = ("certain", base[1])
    known = field.ids.get(key)
    if known is None:
        known = field.remember(key, samples.is_nonzero(field, field.bases[base[1]].poly))
    return bool(known)


def _doubtful(field: Field, what: str, a: Element) -> Element:
    """The indicator of a form that may be zero everywhere, for all that floats can tell: a letter of its own."""
    key = (what, laurent.key(a.num), a.den, frozenset(a.powers.items()))
    g = field.ids.get(key)
    if g is None:
        g = field.remember(key, len(field.generators))
        field.letter(Generator(f"?{what}", "indicator", True))
    return field.letter_power(g, 1)


def base_sign(field: Field, base: Base) -> Element:
    known = known_sign(field, base)
    if known:
        return field.number(known)
    same = _same_sign(field, base)
    if same is not None:
        return sign(field, same)
    if not _certain(field, base):
        positive_part = _doubtful(field, "positive", base_element(field, base))
        return positive_part - _doubtful(field, "positive", -base_element(field, base))
    return 2 * indicator(field, base) - 1


def _same_sign(field: Field, base: Base) -> Element | None:
    """Something simpler that has the sign of the base: u for atan(u), p - 1 for log p, u for exp(u) - 1."""
    kind, k = base
    if kind == "poly":
        return _exponent_of_quotient(field, field.bases[k].poly)
    generator = field.generators[k]
    if generator.kind == "log" and generator.base is not None and known_sign(field, generator.base) > 0:
        return base_element(field, generator.base) - 1
    return generator.argument if generator.name in ("asin", "atan", "erf") else None


def _exponent_of_quotient(field: Field, poly: Poly) -> Element | None:
    """For exp(u) - exp(v), u - v."""
    if sorted(poly.values()) != [-1, 1]:
        return None
    result = field.zero
    for (m,), c in poly.items():
        for g, e in laurent.exponents(m):
            generator = field.generators[g]
            if generator.kind != "exp" or generator.argument is None:
                return None
            result = result + generator.argument * Fraction(c * e, generator.degree)
    return result


def indicator(field: Field, base: Base) -> Element:
    """[base > 0] as a generator, put into the chain of its form."""
    key = ("indicator", base)
    g = field.ids.get(key)
    if g is None:
        g = field.remember(key, len(field.generators))
        whole = base_element(field, base)
        field.letter(Generator(f"[{field.describe(whole)} > 0]", "indicator", True, argument=whole))
        _chain(field, g, whole.num)
    return field.letter_power(g, 1)


def _chain(field: Field, g: int, poly: Poly) -> None:
    """[R > c] for the same R: the greater c implies the smaller."""
    constant = poly.get((0,), 0)
    form = poly - laurent.term(0, constant) if constant else poly
    common = laurent.content(form)
    form = laurent.divide_ground(form, common)
    threshold = Fraction(-constant, common)
    key = ("chain", laurent.key(form))
    others: tuple[tuple[Fraction, int], ...] = field.ids.get(key, ())
    stronger = tuple(h for c, h in others if c > threshold)
    weaker = tuple(h for c, h in others if c < threshold)
    for h in stronger:
        field.remember(("weaker", h), (*field.ids.get(("weaker", h), ()), g))
    for h in weaker:
        field.remember(("stronger", h), (*field.ids.get(("stronger", h), ()), g))
    field.remember(("stronger", g), stronger)
    field.remember(("weaker", g), weaker)
    field.remember(key, (*others, (threshold, g)))


# ── cells ────────────────────────────────────────────────────────────────────────────────────────────────


def zero_in_every_cell(field: Field, num: Poly, facts: list[Element]) -> bool:
    """Whether num is zero wherever all the facts hold, cell by cell; never so if they cannot hold at all."""
    domain, mask = laurent.term(0), 0
    for fact in facts:
        domain, mask = field.tidy(domain * fact.num, mask | fact.mask)
    if not domain:
        return False
    if facts:
        num = field.normal(laurent.multiply(num, domain, field.limit), mask | field.mask_of(num))
    return not num or _zero_cell(field, num, [])


def _zero_cell(field: Field, num: Poly, cell: list[tuple[int, int]]) -> bool:
    if not num:
        return True
    h = next(bits(field.mask_of(num) & field.indicators), None)
    if h is None:
        return bool(cell) and not is_possible(field, cell)
    if len(cell) >= MOST_KINKS:
        return False
    for value in (1, 0):
        here = [*cell, (h, value)]
        rest = _assume(field, num, h, value)
        if rest and not _zero_cell(field, field.normal(rest, field.mask_of(rest)), here):
            return False
    return True


def is_possible(field: Field, cell: list[tuple[int, int]]) -> bool:
    """False only if the conditions of the cell contradict each other: a sum of them, with weights, is ≤ 0."""
    rows = []
    for g, value in cell:
        argument = field.generators[g].argument
        if argument is not None:
            rows.append({m: Fraction(c if value else -c) for (m,), c in argument.num.items()})
    if len(rows) < 2:
        return True
    key = ("possible", frozenset(cell))
    known = field.ids.get(key)
    if known is None:
        known = field.remember(key, not _contradict(field, rows))
    return bool(known)


def _contradict(field: Field, rows: list[Row]) -> bool:
    """Fourier–Motzkin over the monomials as if these were independent, which only loses contradictions.

    Each row is a form that is positive almost everywhere in the cell, so a positive combination of rows that
    is zero, or is minus a sum of what cannot be negative, contradicts.
    """
    monomials = {m for row in rows for m in row}
    at_least_zero = {m for m in monomials if _at_least_zero(field, m)}
    for m in sorted(monomials - at_least_zero, reverse=True):
        others = [row for row in rows if m not in row]
        pairs = _eliminated(rows, m)
        if pairs is None:
            return False
        rows = others + pairs
    for m in sorted(at_least_zero):
        # A row with a negative multiple of m is true without it too, and is kept as it is.
        kept = [row for row in rows if row.get(m, 0) <= 0]
        pairs = _eliminated(rows, m)
        if pairs is None:
            return False
        rows = kept + pairs
    return any(all(c <= 0 for c in row.values()) for row in rows)


def _at_least_zero(field: Field, m: int) -> bool:
    return all(
        not field.turning >> g & 1 and (e % 2 == 0 or field.generators[g].positive) for g, e in laurent.exponents(m)
    )


def _eliminated(rows: list[Row], m: int) -> list[Row] | None:
    """The sums of two rows in which m cancels; None where there are too many."""
    up = [row for row in rows if row.get(m, 0) > 0]
    down = [row for row in rows if row.get(m, 0) < 0]
    if len(up) * len(down) > 60:
        return None
    return [_combine(above, below, m) for above in up for below in down]


def _combine(up: Row, down: Row, m: int) -> Row:
    a, b = up[m], -down[m]
    combined = {k: b * c for k, c in up.items()}
    for k, c in down.items():
        combined[k] = combined.get(k, Fraction(0)) + a * c
    return {k: c for k, c in combined.items() if c}
