"""Identity by residues: formulas with determinants and inverses, which an exact field finds dear.

In: entries as random residues modulo the prime 2¹²⁷ − 1. Out: elements that the evaluator works with. Two
rational formulas of degree d that differ agree at a random point with a probability of at most d/2¹²⁷
(Schwartz 1980, Zippel 1979); functions such as exp and log are opaque, a random residue for each argument, so
that agreement holds whatever they are. Conditions have no sign here and are not decided.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np

from tutor.language.numbers import Array, inverse_by_entries

PRIME = 2**127 - 1
_KINKED = frozenset({"abs", "sign", "relu", "step"})


class NoSignature(Exception):  # noqa: N818 - a limit of the method
    """The formula has a condition, or a power that is no whole number."""


class Residue:
    """A whole number modulo PRIME."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value

    def __add__(self, other: Residue | int) -> Residue:
        return Residue((self.value + _int(other)) % PRIME)

    __radd__ = __add__

    def __sub__(self, other: Residue | int) -> Residue:
        return Residue((self.value - _int(other)) % PRIME)

    def __rsub__(self, other: Residue | int) -> Residue:
        return Residue((_int(other) - self.value) % PRIME)

    def __mul__(self, other: Residue | int) -> Residue:
        return Residue(self.value * _int(other) % PRIME)

    __rmul__ = __mul__

    def __neg__(self) -> Residue:
        return Residue(-self.value % PRIME)

    def __truediv__(self, other: Residue | int) -> Residue:
        return Residue(self.value * _inverse(_int(other)) % PRIME)

    def __rtruediv__(self, other: Residue | int) -> Residue:
        return Residue(_int(other) * _inverse(self.value) % PRIME)


def _int(value: Residue | int) -> int:
    return value.value if isinstance(value, Residue) else int(value)


def _signed(value: Residue | int) -> int:
    """The whole number closest to 0 with this residue."""
    number = _int(value) % PRIME
    return number - PRIME * (number > PRIME // 2)


def _inverse(value: int) -> int:
    if value % PRIME == 0:
        raise ZeroDivisionError
    return pow(value, -1, PRIME)


class Residues:
    """The number system; `dice` draws whole numbers below its argument."""

    def __init__(self, dice: Callable[[int], int]) -> None:
        self._dice = dice
        self.zero = Residue(0)
        self.met_opaque = False
        self._opaque: dict[tuple[str, int, int], Residue] = {}

    def entry(self, name: str, sign: str = "any") -> Residue:
        """A random residue for an entry of a variable; signs mean nothing here."""
        return Residue(self._dice(PRIME))

    def number(self, value: Fraction) -> Array:
        return np.array([[Residue(value.numerator * _inverse(value.denominator) % PRIME)]], dtype=object)

    def filled(self, values: Any) -> Array:
        return np.frompyfunc(lambda v: Residue(int(v) % PRIME), 1, 1)(values)

    def whole(self, a: Array) -> int:
        return _signed(a.flat[0])

    def call(self, name: str, a: Array) -> Array:
        if name in _KINKED:
            raise NoSignature
        return self.function(name, 0, a)

    def function(self, name: str, order: int, a: Array) -> Array:
        self.met_opaque = True

        def opaque(x: Residue | int) -> Residue:
            key = name, order, _int(x)
            if key not in self._opaque:
                self._opaque[key] = Residue(self._dice(PRIME))
            return self._opaque[key]

        return np.frompyfunc(opaque, 1, 1)(a)

    def power(self, base: Array, exponent: Array) -> Array:
        def power(x: Residue | int, y: Residue | int) -> Residue:
            times = _signed(y)
            # A whole exponent is a small one; anything else is a fraction, or a variable.
            if abs(times) > 10**6:
                raise NoSignature
            x = _int(x)
            return Residue(pow(x if times >= 0 else _inverse(x), abs(times), PRIME))

        return np.frompyfunc(power, 2, 1)(base, exponent)

    def positive(self, a: Array) -> Array:
        raise NoSignature

    def vanishes(self, a: Array) -> Array:
        return np.frompyfunc(lambda x: Residue(int(_int(x) % PRIME == 0)), 1, 1)(a)

    def select(self, condition: Array, yes: Array, no: Array) -> Array:
        return condition * yes + (1 - condition) * no

    def undefined(self) -> Array:
        raise NoSignature

    def inverse(self, a: Array) -> Array:
        """By elimination, which is quick where every number is one machine word or two."""
        flat = a.reshape(-1, *a.shape[-2:])
        return np.array([_eliminated(matrix) for matrix in flat], dtype=object).reshape(a.shape)


def _eliminated(matrix: Any) -> Any:
    n = matrix.shape[-1]
    if n <= 2:
        return inverse_by_entries(matrix)
    rows = [[_int(x) for x in row] + [int(i == j) for j in range(n)] for i, row in enumerate(matrix)]
    for k in range(n):
        pivot = next((i for i in range(k, n) if rows[i][k] % PRIME), None)
        if pivot is None:
            raise ZeroDivisionError
        rows[k], rows[pivot] = rows[pivot], rows[k]
        scale = _inverse(rows[k][k])
        rows[k] = [x * scale % PRIME for x in rows[k]]
        for i in range(n):
            if i != k and (factor := rows[i][k]):
                rows[i] = [(x - factor * y) % PRIME for x, y in zip(rows[i], rows[k], strict=True)]
    return [[Residue(x) for x in row[n:]] for row in rows]
