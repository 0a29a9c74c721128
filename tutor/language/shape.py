"""Shapes with symbolic sizes: what a size is, when two meet, and how they are written.

In: declared sizes (`n`, `3`) and sizes not known yet, as in `I` or `1'`. Out: shapes that agree, or `None`.
A size is a polynomial with integer coefficients in size names, so that `vec(A)` has m·n rows. A size not
known yet is a name that begins with `?`; `Sizes` keeps what has been found out about those, and can take
it back, which is how a reading is tried and given up.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

Monomial = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dim:
    """A size: the terms of a polynomial, from a sorted tuple of names to a coefficient that is not 0."""

    terms: tuple[tuple[Monomial, int], ...]

    @classmethod
    def of(cls, value: int | str) -> Dim:
        if isinstance(value, str):
            return cls((((value,), 1),))
        return cls((((), value),) if value else ())

    @classmethod
    def _from(cls, terms: Mapping[Monomial, int]) -> Dim:
        return cls(tuple(sorted((m, c) for m, c in terms.items() if c)))

    def __add__(self, other: Dim) -> Dim:
        terms = dict(self.terms)
        for monomial, coefficient in other.terms:
            terms[monomial] = terms.get(monomial, 0) + coefficient
        return Dim._from(terms)

    def __neg__(self) -> Dim:
        return Dim(tuple((m, -c) for m, c in self.terms))

    def __sub__(self, other: Dim) -> Dim:
        return self + -other

    def __mul__(self, other: Dim) -> Dim:
        terms: dict[Monomial, int] = {}
        for a, p in self.terms:
            for b, q in other.terms:
                key = tuple(sorted(a + b))
                terms[key] = terms.get(key, 0) + p * q
        return Dim._from(terms)

    @property
    def constant(self) -> int | None:
        """The number that this size is, or None where it has a name in it."""
        if not self.terms:
            return 0
        (monomial, coefficient), *more = self.terms
        return coefficient if not more and not monomial else None

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for monomial, _ in self.terms for name in monomial)

    @property
    def lone(self) -> str | None:
        """The name that this size is, where it is nothing else."""
        match self.terms:
            case (((name,), 1),):
                return name
        return None

    def at(self, sizes: Mapping[str, int]) -> int:
        """The number for given sizes; raises KeyError for a name that has none."""
        total = 0
        for monomial, coefficient in self.terms:
            for name in monomial:
                coefficient *= sizes[name]
            total += coefficient
        return total

    def divided(self, divisor: Dim) -> Dim | None:
        """The quotient where `divisor` has one term and divides every term of this size."""
        if len(divisor.terms) != 1:
            return None
        ((by, number),) = divisor.terms
        terms: dict[Monomial, int] = {}
        for monomial, coefficient in self.terms:
            rest = list(monomial)
            for name in by:
                if name not in rest:
                    return None
                rest.remove(name)
            if coefficient % number:
                return None
            terms[tuple(rest)] = coefficient // number
        return Dim._from(terms)

    def __str__(self) -> str:
        if not self.terms:
            return "0"
        text = ""
        # The constant stands last: n + 1.
        for monomial, coefficient in sorted(self.terms, key=lambda term: (not term[0], term)):
            factor = "·".join(monomial)
            size = str(abs(coefficient)) if not factor or abs(coefficient) != 1 else ""
            sign = " − " if coefficient < 0 else " + "
            text += (sign if text else "−" if coefficient < 0 else "") + size + factor
        return text


ONE = Dim.of(1)


@dataclass(frozen=True, slots=True)
class Shape:
    """Rows and columns. A scalar is 1×1, a column n×1, a row 1×n."""

    rows: Dim
    columns: Dim

    @property
    def is_scalar(self) -> bool:
        return self.rows == ONE and self.columns == ONE

    @property
    def is_column(self) -> bool:
        return self.columns == ONE

    @property
    def is_row(self) -> bool:
        return self.rows == ONE

    @property
    def transposed(self) -> Shape:
        return Shape(self.columns, self.rows)

    @property
    def dims(self) -> tuple[Dim, Dim]:
        return self.rows, self.columns

    def at(self, sizes: Mapping[str, int]) -> tuple[int, int]:
        return self.rows.at(sizes), self.columns.at(sizes)

    def __str__(self) -> str:
        return f"{_factor(self.rows)}×{_factor(self.columns)}"

    @property
    def described(self) -> str:
        """The shape in words: `a column (n×1)`."""
        if self.is_scalar:
            return "a scalar"
        kind = "column" if self.is_column else "row" if self.is_row else "matrix"
        return f"a {kind} ({self})"


@dataclass(frozen=True, slots=True)
class Axes:
    """The sizes along any number of axes: two of a matrix, four of a matrix by a matrix."""

    dims: tuple[Dim, ...]

    @property
    def turned(self) -> Axes:
        return Axes(self.dims[::-1])

    def __str__(self) -> str:
        return f"({', '.join(map(str, self.dims))})"


def _factor(dim: Dim) -> str:
    return str(dim) if len(dim.terms) < 2 else f"({dim})"


SCALAR = Shape(ONE, ONE)


class Sizes:
    """What is known of the sizes that a text leaves open. `mark` and `undo` take a trial back."""

    def __init__(self) -> None:
        self._found: dict[str, Dim] = {}
        self._trail: list[str] = []
        self._count = 0
        self._least: dict[str, int] = {}

    def fresh(self, least: int = 1) -> Dim:
        """A size not known yet, and the least that it may turn out to be."""
        self._count += 1
        name = f"?{self._count}"
        self._least[name] = least
        return Dim.of(name)

    @property
    def has_open(self) -> bool:
        """Whether any size was left open at all."""
        return self._count > 0

    def mark(self) -> int:
        return len(self._trail)

    def undo(self, mark: int) -> None:
        while len(self._trail) > mark:
            del self._found[self._trail.pop()]

    def __call__(self, dim: Dim) -> Dim:
        """The size with everything put in that is known by now."""
        if not any(name in self._found for name in dim.names):
            return dim
        total = Dim(())
        for monomial, coefficient in dim.terms:
            term = Dim.of(coefficient)
            for name in monomial:
                term = term * (self(self._found[name]) if name in self._found else Dim.of(name))
            total = total + term
        return total

    def shape(self, shape: Shape) -> Shape:
        return Shape(self(shape.rows), self(shape.columns))

    def meet(self, a: Dim, b: Dim) -> bool:
        """Make two sizes one, by what is still open in them; False where that cannot be."""
        a, b = self(a), self(b)
        if a == b:
            return True
        gap = a - b
        for name in sorted(name for name in gap.names if name.startswith("?")):
            with_name = Dim(tuple((m, c) for m, c in gap.terms if name in m))
            if any(m.count(name) > 1 for m, _ in with_name.terms):
                continue
            without = gap - with_name
            factor = with_name.divided(Dim.of(name))
            value = (-without).divided(factor) if factor is not None else None
            # A size cannot be 0 or less, whatever the equation says; nor is an `I` left open meant as a 1×1.
            if value is not None and (value.constant is None or value.constant >= self._least.get(name, 1)):
                self._found[name] = value
                self._trail.append(name)
                return True
        return False

    def meet_shapes(self, a: Shape, b: Shape) -> bool:
        mark = self.mark()
        if self.meet(a.rows, b.rows) and self.meet(a.columns, b.columns):
            return True
        self.undo(mark)
        return False

    def is_open(self, dim: Dim) -> bool:
        return any(name.startswith("?") for name in self(dim).names)

