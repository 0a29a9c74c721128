"""The number systems that formulas are evaluated in: floats, many digits, exact elements, and duals of each.

A value is an array whose last two axes are rows and columns; whatever stands before them (points, indices)
broadcasts. Every function here takes and gives such arrays, of floats, of objects, or `Dual`s of either, so
that the meaning of an operation is written once. The decision owned here: a derivative is a dual number,
with the elementary derivatives in `_SLOPES` and nowhere else; tests hold that table against SymPy's `diff`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from itertools import combinations
from typing import Any, Protocol

import numpy as np

Array = Any  # np.ndarray of floats or of objects, or Dual

LARGEST_DETERMINANT = 8  # by entries; the work doubles with each row


class Numbers(Protocol):
    """What an evaluation needs of a number system."""

    def number(self, value: Fraction) -> Array: ...

    def call(self, name: str, a: Array) -> Array:
        """An elementwise function of one argument."""

    def power(self, base: Array, exponent: Array) -> Array: ...

    def positive(self, a: Array) -> Array:
        """[a > 0], entry by entry."""

    def vanishes(self, a: Array) -> Array:
        """[a = 0], entry by entry."""

    def select(self, condition: Array, yes: Array, no: Array) -> Array: ...

    def undefined(self) -> Array:
        """The value where a formula has none."""

    def function(self, name: str, order: int, a: Array) -> Array:
        """A declared function's derivative of the given order."""

    def inverse(self, a: Array) -> Array: ...

    def filled(self, values: np.ndarray) -> Array:
        """An array of this system from one of whole numbers."""

    def whole(self, a: Array) -> int:
        """The whole number that a 1×1 without variables is, such as the exponent of a matrix."""


# -- arrays of any system ---------------------------------------------------------------------------------


class Dual:
    """A value and its derivatives along K directions, which are the first axis of `tangent`.

    Axes before the last two are aligned from the right, so the direction's axis stands before all that a
    value may have.
    """

    __slots__ = ("tangent", "value")
    __array_ufunc__ = None

    def __init__(self, value: Array, tangent: Array) -> None:
        self.value = value
        self.tangent = tangent

    def __add__(self, other: Array) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value + other.value, self.tangent + other.tangent)
        # The sum's tangent must have the sum's shape: a scalar's stands for every entry.
        return Dual(self.value + other, self.tangent + zeros_like(other))

    __radd__ = __add__

    def __neg__(self) -> Dual:
        return Dual(-self.value, -self.tangent)

    def __sub__(self, other: Array) -> Dual:
        return self.__add__(-other)

    def __rsub__(self, other: Array) -> Dual:
        return (-self).__add__(other)

    def __mul__(self, other: Array) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value * other.value, self.tangent * other.value + other.tangent * self.value)
        return Dual(self.value * other, self.tangent * other)

    __rmul__ = __mul__

    def __truediv__(self, other: Array) -> Dual:
        if isinstance(other, Dual):
            quotient = self.value / other.value
            return Dual(quotient, (self.tangent - other.tangent * quotient) / other.value)
        return Dual(self.value / other, self.tangent / other)

    def __rtruediv__(self, other: Array) -> Dual:
        quotient = other / self.value
        return Dual(quotient, -(self.tangent * quotient) / self.value)

    def __matmul__(self, other: Array) -> Dual:
        if isinstance(other, Dual):
            return Dual(self.value @ other.value, self.tangent @ other.value + self.value @ other.tangent)
        return Dual(self.value @ other, self.tangent @ other)

    def __rmatmul__(self, other: Array) -> Dual:
        return Dual(other @ self.value, other @ self.tangent)

    @property
    def shape(self) -> tuple[int, ...]:
        return tuple(self.value.shape)


def zeros_like(a: Array) -> Array:
    return a * 0


def linear(f: Callable[..., Any], a: Array, *more: Any) -> Array:
    """Apply a linear map of arrays, written with axes counted from the right."""
    if isinstance(a, Dual):
        return Dual(linear(f, a.value, *more), linear(f, a.tangent, *more))
    return f(a, *more)


def plain(a: Array) -> Any:
    """The values alone, without derivatives."""
    while isinstance(a, Dual):
        a = a.value
    return a


def _transposed(a: Any) -> Any:
    return a.swapaxes(-1, -2)


def transpose(a: Array) -> Array:
    return linear(_transposed, a)


def total(a: Array) -> Array:
    """The sum of all entries, as a 1×1."""
    return linear(lambda x: x.sum(axis=(-2, -1), keepdims=True), a)


def diagonal(a: Array) -> Array:
    """A matrix's diagonal as a column."""
    return linear(lambda x: np.diagonal(x, axis1=-2, axis2=-1)[..., None], a)


def trace(a: Array) -> Array:
    return total(diagonal(a))


def on_diagonal(a: Array) -> Array:
    """A column (or a row) on the diagonal of a matrix."""
    column = a if a.shape[-1] == 1 else transpose(a)
    return linear(lambda x: x * np.eye(x.shape[-2], dtype=int), column)


def vec(a: Array) -> Array:
    """The columns of a matrix on top of each other."""
    return linear(lambda x: _transposed(x).reshape(*x.shape[:-2], -1, 1), a)


def kron(a: Array, b: Array) -> Array:
    (p, q), (r, s) = a.shape[-2:], b.shape[-2:]
    spread_a = linear(lambda x: x.repeat(r, axis=-2).repeat(s, axis=-1), a)
    spread_b = linear(lambda x: np.concatenate([np.concatenate([x] * q, axis=-1)] * p, axis=-2), b)
    return spread_a * spread_b


def piece(a: Array, row: int, column: int) -> Array:
    """One entry, counted from 0, as a 1×1."""
    return linear(lambda x: x[..., row : row + 1, column : column + 1], a)


def joined(parts: Sequence[Array], axis: int) -> Array:
    """Arrays side by side (axis −1) or on top of each other (axis −2)."""
    if any(isinstance(part, Dual) for part in parts):
        duals = [part if isinstance(part, Dual) else Dual(part, zeros_like(part)) for part in parts]
        return Dual(joined([d.value for d in duals], axis), joined([d.tangent for d in duals], axis))
    lead = np.broadcast_shapes(*(part.shape[:-2] for part in parts))
    return np.concatenate([np.broadcast_to(part, (*lead, *part.shape[-2:])) for part in parts], axis=axis)


def determinant(a: Array) -> Array:
    """By cofactors, each minor worked out once: exact in every system, and never a division."""
    n = a.shape[-1]
    if isinstance(a, np.ndarray) and a.dtype == float:
        return np.linalg.det(a)[..., None, None]
    if n > LARGEST_DETERMINANT:
        largest = f"{LARGEST_DETERMINANT}×{LARGEST_DETERMINANT}"
        raise OverflowError(f"a determinant is worked out by entries up to {largest}")
    # The minors of the last rows, by the columns that they take.
    minors: dict[tuple[int, ...], Array] = {(column,): piece(a, n - 1, column) for column in range(n)}
    for row in range(n - 2, -1, -1):
        entries = [piece(a, row, column) for column in range(n)]
        below, minors = minors, {}
        for columns in combinations(range(n), n - row):
            rest = [below[columns[:k] + columns[k + 1 :]] for k in range(n - row)]
            minors[columns] = _expanded([entries[c] for c in columns], rest)
    return minors[tuple(range(n))]


def _expanded(entries: list[Array], minors: list[Array]) -> Array:
    """The sum of entries times minors with alternating signs."""
    result = entries[0] * minors[0]
    for k in range(1, len(entries)):
        term = entries[k] * minors[k]
        result = result - term if k % 2 else result + term
    return result


def _minor(a: Array, row: int, column: int) -> Array:
    rows = [k for k in range(a.shape[-2]) if k != row]
    columns = [k for k in range(a.shape[-1]) if k != column]
    return linear(lambda x: x[..., rows, :][..., :, columns], a)


def inverse_by_entries(a: Any) -> Any:
    """The adjugate over the determinant."""
    n = a.shape[-1]
    if n == 1:
        return 1 / a
    rows = []
    for i in range(n):
        row = [determinant(_minor(a, j, i)) * (-1) ** (i + j) for j in range(n)]
        rows.append(joined(row, -1))
    return joined(rows, -2) / determinant(a)


# -- derivatives of the elementwise functions -----------------------------------------------------------------

# name → the derivative, from the system, the argument x and the value y.
_SLOPES: dict[str, Callable[[Any, Array, Array], Array]] = {
    "exp": lambda N, x, y: y,
    "log": lambda N, x, y: 1 / x,
    "sqrt": lambda N, x, y: 1 / (2 * y),
    "sin": lambda N, x, y: N.call("cos", x),
    "cos": lambda N, x, y: -N.call("sin", x),
    "tan": lambda N, x, y: 1 + y * y,
    "sec": lambda N, x, y: y * N.call("tan", x),
    "csc": lambda N, x, y: -y * N.call("cot", x),
    "cot": lambda N, x, y: -1 - y * y,
    "sinh": lambda N, x, y: N.call("cosh", x),
    "cosh": lambda N, x, y: N.call("sinh", x),
    "tanh": lambda N, x, y: 1 - y * y,
    "sech": lambda N, x, y: -y * N.call("tanh", x),
    "asin": lambda N, x, y: 1 / N.call("sqrt", 1 - x * x),
    "acos": lambda N, x, y: -1 / N.call("sqrt", 1 - x * x),
    "atan": lambda N, x, y: 1 / (1 + x * x),
    "abs": lambda N, x, y: N.call("sign", x),
    "sign": lambda N, x, y: zeros_like(x),
    "relu": lambda N, x, y: N.call("step", x),
    "step": lambda N, x, y: zeros_like(x),
    "sigmoid": lambda N, x, y: y * (1 - y),
    "softplus": lambda N, x, y: N.call("sigmoid", x),
    "erf": lambda N, x, y: 2 * N.call("exp", -x * x) / N.call("sqrt", N.call("pi", plain(x))),
}  # fmt: skip
ELEMENTWISE = tuple(_SLOPES)
_KINKED = frozenset({"abs", "sign", "relu", "step"})


class Duals:
    """Duals over another system."""

    def __init__(self, base: Numbers) -> None:
        self.base = base

    def number(self, value: Fraction) -> Array:
        return self.base.number(value)

    def filled(self, values: np.ndarray) -> Array:
        return self.base.filled(values)

    def whole(self, a: Array) -> int:
        return self.base.whole(plain(a))

    def call(self, name: str, a: Array) -> Array:
        if not isinstance(a, Dual):
            return self.base.call(name, a)
        # The inner system may itself be one of duals: its values then carry derivatives of their own.
        y = self.base.call(name, a.value)
        return Dual(y, _SLOPES[name](self.base, a.value, y) * a.tangent)

    def power(self, base: Array, exponent: Array) -> Array:
        if isinstance(exponent, Dual):
            return self.call("exp", exponent * self.call("log", base))
        if not isinstance(base, Dual):
            return self.base.power(base, exponent)
        y = self.base.power(base.value, exponent)
        return Dual(y, exponent * self.base.power(base.value, exponent - 1) * base.tangent)

    def positive(self, a: Array) -> Array:
        return self.base.positive(a.value if isinstance(a, Dual) else a)

    def vanishes(self, a: Array) -> Array:
        return self.base.vanishes(a.value if isinstance(a, Dual) else a)

    def select(self, condition: Array, yes: Array, no: Array) -> Array:
        condition = condition.value if isinstance(condition, Dual) else condition
        if not isinstance(yes, Dual) and not isinstance(no, Dual):
            return self.base.select(condition, yes, no)
        yes = yes if isinstance(yes, Dual) else Dual(yes, zeros_like(yes))
        no = no if isinstance(no, Dual) else Dual(no, zeros_like(no))
        return Dual(
            self.base.select(condition, yes.value, no.value), self.base.select(condition, yes.tangent, no.tangent)
        )

    def undefined(self) -> Array:
        return self.base.undefined()

    def function(self, name: str, order: int, a: Array) -> Array:
        if not isinstance(a, Dual):
            return self.base.function(name, order, a)
        y = self.base.function(name, order, a.value)
        return Dual(y, self.base.function(name, order + 1, a.value) * a.tangent)

    def inverse(self, a: Array) -> Array:
        if not isinstance(a, Dual):
            return self.base.inverse(a)
        y = self.base.inverse(a.value)
        return Dual(y, -(y @ a.tangent @ y))


# -- floats -------------------------------------------------------------------------------------------------

_erf = np.frompyfunc(math.erf, 1, 1)


def _sigmoid(x: Any) -> Any:
    return 0.5 * (1 + np.tanh(0.5 * x))


_FLOATS: dict[str, Callable[[Any], Any]] = {
    "exp": np.exp, "log": np.log, "sqrt": np.sqrt, "sin": np.sin, "cos": np.cos, "tan": np.tan,
    "sec": lambda x: 1 / np.cos(x), "csc": lambda x: 1 / np.sin(x), "cot": lambda x: 1 / np.tan(x),
    "sinh": np.sinh, "cosh": np.cosh, "tanh": np.tanh, "sech": lambda x: 1 / np.cosh(x), "asin": np.arcsin,
    "acos": np.arccos, "atan": np.arctan, "sigmoid": _sigmoid, "softplus": lambda x: np.logaddexp(0, x),
    "erf": lambda x: _erf(x).astype(float), "pi": lambda x: np.full((1, 1), np.pi),
}  # fmt: skip


# What must be positive for a function to have a value.
_PARTIAL: dict[str, Callable[[Any], Any]] = {
    "log": lambda x: x, "sqrt": lambda x: x, "asin": lambda x: 1 - x * x, "acos": lambda x: 1 - x * x,
}  # fmt: skip


class Floats:
    """Machine numbers at many points. `margins` keeps what every condition compared with 0, `domains` what a root
    or a logarithm needs to be positive.

    A declared function is a fixed smooth function of its own; `seed` chooses it.
    """

    def __init__(self, seed: int = 0) -> None:
        self.margins: list[Any] = []
        self.domains: list[Any] = []
        self.seed = seed

    def number(self, value: Fraction) -> Array:
        try:
            return np.full((1, 1), float(value))
        except OverflowError:
            return np.full((1, 1), math.copysign(math.inf, value))

    def filled(self, values: np.ndarray) -> Array:
        return values.astype(float)

    def whole(self, a: Array) -> int:
        return round(float(a.flat[0]))

    def call(self, name: str, a: Array) -> Array:
        if name in _KINKED:
            self.margins.append(a)
            kinked: dict[str, Callable[[Any], Any]] = {
                "abs": np.abs,
                "sign": np.sign,
                "relu": lambda x: np.maximum(x, 0),
                "step": lambda x: x > 0,
            }
            return kinked[name](a).astype(float)
        if name in _PARTIAL:
            self.domains.append(_PARTIAL[name](a))
        return _FLOATS[name](a)

    def power(self, base: Array, exponent: Array) -> Array:
        if np.any(exponent != np.round(exponent)):
            self.domains.append(base + 0 * exponent)
        return np.power(base, exponent)

    def positive(self, a: Array) -> Array:
        self.margins.append(a)
        return (a > 0).astype(float)

    def vanishes(self, a: Array) -> Array:
        self.margins.append(a)
        return (a == 0).astype(float)

    def select(self, condition: Array, yes: Array, no: Array) -> Array:
        return np.where(condition != 0, yes, no)

    def undefined(self) -> Array:
        return np.full((1, 1), np.nan)

    def function(self, name: str, order: int, a: Array) -> Array:
        rate, shift, bend = _character(name, self.seed)
        wave = rate**order * np.sin(rate * a + shift + order * np.pi / 2)
        return wave + bend * (a * a, 2 * a, 2 + 0 * a)[order] if order < 3 else wave

    def inverse(self, a: Array) -> Array:
        try:
            return np.linalg.inv(a)
        except np.linalg.LinAlgError:
            # One singular point must not spoil the others.
            flat = a.reshape(-1, *a.shape[-2:])
            out = [np.linalg.inv(m) if np.linalg.matrix_rank(m) == len(m) else np.full(m.shape, np.nan) for m in flat]
            return np.array(out).reshape(a.shape)


def _character(name: str, seed: int) -> tuple[float, float, float]:
    """Rate, shift and bend of the function that stands in for a declared one."""
    code = sum((k + 1) * ord(c) for k, c in enumerate(name)) + 17 * seed
    return 0.9 + 0.13 * (code % 7), 0.3 + 0.21 * (code % 11), 0.01 + 0.01 * (code % 3)


# -- many digits ----------------------------------------------------------------------------------------------


@cache
def _context(digits: int) -> Any:
    """mpmath at a precision of so many digits, with x/0 = nan; kept, since a context is never freed.

    Such a quotient has no value among floats either, and does not raise: the branch that it stands in may not be taken.
    A context has a type of numbers of its own, so that nothing else is changed.
    """
    import mpmath

    context = mpmath.MPContext()
    context.dps = digits
    number = context.mpf
    over, under = number.__truediv__, number.__rtruediv__

    def divided(a: Any, b: Any) -> Any:
        return context.nan if b == 0 else over(a, b)

    def dividing(b: Any, a: Any) -> Any:
        return context.nan if b == 0 else under(b, a)

    number.__truediv__, number.__rtruediv__ = divided, dividing
    return context


class Digits:
    """Numbers of many digits (mpmath), one at a time: slow, and beyond doubt where floats are not.

    `margins` keeps what every condition compared with 0, as for floats.
    """

    def __init__(self, digits: int = 60, seed: int = 0) -> None:
        self.mp = _context(digits)
        self.seed = seed
        self.margins: list[Any] = []

    def element(self, value: Any) -> Any:
        if isinstance(value, Fraction):
            return self.mp.mpf(value.numerator) / value.denominator
        return self.mp.mpf(value)

    def _each(self, f: Callable[[Any], Any], a: Any) -> Any:
        def safe(x: Any) -> Any:
            if self.mp.isnan(x):
                return x
            try:
                y = f(x)
            except (ValueError, ZeroDivisionError, OverflowError):
                return self.mp.nan
            # log(0) has no value, and exp of it none either.
            return y if isinstance(y, self.mp.mpf) and self.mp.isfinite(y) else self.mp.nan

        return np.frompyfunc(safe, 1, 1)(a)

    def number(self, value: Fraction) -> Array:
        return np.array([[self.element(value)]], dtype=object)

    def filled(self, values: np.ndarray) -> Array:
        return np.frompyfunc(self.mp.mpf, 1, 1)(values.astype(object))

    def whole(self, a: Array) -> int:
        return int(a.flat[0])

    def call(self, name: str, a: Array) -> Array:
        mp = self.mp
        if name in _KINKED:
            self.margins.append(a)
        functions: dict[str, Callable[[Any], Any]] = {
            "log": mp.ln, "abs": abs, "sign": mp.sign, "relu": lambda x: max(x, mp.zero),
            "step": lambda x: mp.one if x > 0 else mp.zero, "sigmoid": lambda x: 1 / (1 + mp.exp(-x)),
            "softplus": lambda x: mp.ln(1 + mp.exp(x)), "pi": lambda x: +mp.pi,
        }  # fmt: skip
        return self._each(functions.get(name) or getattr(mp, name), a)

    def power(self, base: Array, exponent: Array) -> Array:
        def power(x: Any, y: Any) -> Any:
            try:
                # The number of a large power has as many digits as its exponent says.
                z = x ** (int(y) if abs(y) < 10**15 and y == int(y) else y)
            except (ValueError, ZeroDivisionError, OverflowError):
                return self.mp.nan
            return z if isinstance(z, self.mp.mpf) else self.mp.nan

        return np.frompyfunc(power, 2, 1)(base, exponent)

    def positive(self, a: Array) -> Array:
        self.margins.append(a)
        return self._each(lambda x: self.mp.one if x > 0 else self.mp.zero, a)

    def vanishes(self, a: Array) -> Array:
        self.margins.append(a)
        return self._each(lambda x: self.mp.one if x == 0 else self.mp.zero, a)

    def select(self, condition: Array, yes: Array, no: Array) -> Array:
        return np.where(condition != 0, yes, no)

    def undefined(self) -> Array:
        return np.array([[self.mp.nan]], dtype=object)

    def function(self, name: str, order: int, a: Array) -> Array:
        rate, shift, bend = map(self.mp.mpf, _character(name, self.seed))

        def f(x: Any) -> Any:
            wave = rate**order * self.mp.sin(rate * x + shift + order * self.mp.pi / 2)
            return wave + bend * (x * x, 2 * x, 2)[order] if order < 3 else wave

        return self._each(f, a)

    def inverse(self, a: Array) -> Array:
        flat = a.reshape(-1, *a.shape[-2:])
        return np.array([self._inverse(matrix) for matrix in flat], dtype=object).reshape(a.shape)

    def _inverse(self, matrix: Any) -> Any:
        try:
            return (self.mp.matrix(matrix.tolist()) ** -1).tolist()
        except (ZeroDivisionError, ValueError, TypeError):
            # TypeError is what mpmath's elimination ends in where an entry is no number.
            return matrix * self.mp.nan


# -- exact elements -----------------------------------------------------------------------------------------


class Exact:
    """Elements of a field in which zero can be proved; see `marking/exact.py` for such a field."""

    def __init__(self, field: Any) -> None:
        self.field = field
        self._nothing: Any = None

    def number(self, value: Fraction) -> Array:
        return np.array([[self.field.number(value)]], dtype=object)

    def filled(self, values: np.ndarray) -> Array:
        return np.frompyfunc(lambda v: self.field.number(int(v)), 1, 1)(values)

    def whole(self, a: Array) -> int:
        return int(str(a.flat[0]))

    def call(self, name: str, a: Array) -> Array:
        if name == "pi":
            return np.array([[self.field.pi]], dtype=object)
        return np.frompyfunc(getattr(self.field, name), 1, 1)(a)

    def power(self, base: Array, exponent: Array) -> Array:
        return np.frompyfunc(self.field.power, 2, 1)(base, exponent)

    def positive(self, a: Array) -> Array:
        return np.frompyfunc(self.field.positive, 1, 1)(a)

    def vanishes(self, a: Array) -> Array:
        return np.frompyfunc(self.field.vanishes, 1, 1)(a)

    def select(self, condition: Array, yes: Array, no: Array) -> Array:
        return np.frompyfunc(self.field.select, 3, 1)(condition, yes, no)

    def undefined(self) -> Array:
        # An element that nothing is known of: where it has any weight, nothing can be proved.
        if self._nothing is None:
            self._nothing = self.field.entry("undefined")
        return np.array([[self._nothing]], dtype=object)

    def function(self, name: str, order: int, a: Array) -> Array:
        return np.frompyfunc(lambda x: self.field.opaque(name, order, x), 1, 1)(a)

    def inverse(self, a: Array) -> Array:
        return inverse_by_entries(a)
