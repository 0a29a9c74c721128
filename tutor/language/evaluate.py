"""Expr + arrays of one number system → array.

In: an expression, concrete sizes, a value for each variable, a number system. Out: an array whose last two
axes are the expression's shape; before them stands an axis of points, and before that one axis for each
index that is bound (by the question or by a sum around the place), the innermost leftmost. An index is
thus an axis, and a sum over it is a sum along the axis.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from math import isqrt, prod
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.numbers import ELEMENTWISE, Array, Dual, Duals, Numbers, joined, linear, plain, zeros_like
from tutor.language.operations import OPERATIONS

MOST_ENTRIES = 200_000  # of one intermediate result, at one point
MOST_DIRECTIONS = 1_000_000  # the square of how many entries one differentiates by


class TooLargeToEvaluate(Exception):  # noqa: N818 - a bound that was met
    """An intermediate result has more entries than are worked out."""


class OutOfRange(Exception):  # noqa: N818 - what a learner wrote
    """An index leaves its range at these sizes."""


@dataclass(frozen=True)
class Slot:
    """The axis of a bound index, counted from the right, and the values that it takes."""

    axis: int
    values: range


@dataclass
class Evaluation:
    """One evaluation at given sizes and values.

    `values` holds an array for each variable, with a leading axis of items for a list; a defined name that
    is put there is taken from there, as when one differentiates by it.
    """

    numbers: Numbers
    sizes: Mapping[str, int]
    values: Mapping[str, Array]
    slots: Mapping[str, Slot] = field(default_factory=dict)
    axes: int = 0  # how many index axes are taken
    known: dict[int, tuple[e.Expr, Array]] = field(default_factory=dict)

    def __call__(self, node: e.Expr) -> Array:
        return _METHODS[type(node)](self, node)

    # -- leaves ---------------------------------------------------------------------------------------------

    def number(self, node: e.Number) -> Array:
        return self.numbers.number(node.value)

    def size(self, node: e.Size) -> Array:
        return self.whole(np.array([[node.dim.at(self.sizes)]]))

    def whole(self, values: Any) -> Array:
        return self.numbers.filled(values)

    def index(self, node: e.Index) -> Array:
        return self.whole(self.place(node))

    def variable(self, node: e.Variable) -> Array:
        value = self.values[node.name]
        return value if node.item is None else self.item(value, node.item)

    def item(self, value: Array, index: e.Expr) -> Array:
        """Items of a list, along the axis of the index."""
        place = self.place(index)
        count = _plain_shape(value)[0]
        self.check(place, count)
        flat = place.reshape(-1) - 1

        def take(array: Any) -> Any:
            # A dual's directions stand before the items; put them in front again.
            lead = array.ndim - 4
            items = np.take(array, flat, axis=lead)
            return items.reshape(*array.shape[:lead], *place.shape[:-3], *array.shape[lead + 1 :])

        return linear(take, value)

    def defined(self, node: e.Defined) -> Array:
        if node.item is None and node.name in self.values:
            return self.values[node.name]
        known = self.known.get(id(node.body)) if node.item is None else None
        if known is None:
            known = node.body, self(node.body)
            if node.item is None:
                self.known[id(node.body)] = known
        return known[1]

    def filled(self, node: e.Filled) -> Array:
        rows, columns = node.shape.at(self.sizes)
        if min(rows, columns) < 0:
            raise OutOfRange(f"there is no matrix of {rows}×{columns} entries")
        self.bound(rows * columns)
        made = {"ones": np.ones, "zeros": np.zeros}.get(node.name)
        return self.whole(made((rows, columns), dtype=int) if made else np.eye(rows, columns, dtype=int))

    def unit(self, node: e.Unit) -> Array:
        size = node.shape.rows.at(self.sizes)
        place = self.place(node.index)
        self.check(place, size)
        return self.whole((np.arange(1, size + 1)[:, None] == place).astype(int))

    # -- entries and sums ------------------------------------------------------------------------------------

    def place(self, index: e.Expr) -> Any:
        """The whole numbers that an index expression takes, along the axes of its indices."""
        match index:
            case e.Number(value=value):
                return np.array([[[int(value)]]])
            case e.Size(dim=dim):
                return np.array([[[dim.at(self.sizes)]]])
            case e.Index(name=name):
                slot = self.slots[name]
                return np.array(slot.values, dtype=int).reshape(-1, *[1] * (-slot.axis - 1))
            case e.Apply(operation=operation, arguments=(left, right)):
                a, b = self.place(left), self.place(right)
                return a + b if operation.name == "add" else a - b if operation.name == "subtract" else a * b
            case e.Defined(body=body):
                return self.place(body)
        raise TypeError(f"no index: {index}")

    def check(self, place: Any, count: int) -> None:
        if place.min() < 1 or place.max() > count:
            raise OutOfRange(f"an index takes values from {place.min()} to {place.max()}, and there are {count}")

    def entry(self, node: e.Entry) -> Array:
        base = self(node.base)
        rows, columns = node.base.shape.at(self.sizes)
        for index, axis, count in ((node.row, -2, rows), (node.column, -1, columns)):
            place = self.place(index)
            self.check(place, count)
            base = linear(_taken, base, place - 1, axis, count)
        return base

    def sum(self, node: e.Sum) -> Array:
        low, high = int(self.place(node.lower).flat[0]), int(self.place(node.upper).flat[0])
        if high < low:
            return self.whole(np.zeros(node.shape.at(self.sizes), dtype=int))
        axis = -4 - self.axes
        slots = {**self.slots, node.index: Slot(axis, range(low, high + 1))}
        inside = replace(self, slots=slots, axes=self.axes + 1)
        body = inside(node.body)
        self.bound(_entries(body))
        return linear(_summed, body, axis, high - low + 1)

    # -- operations -------------------------------------------------------------------------------------------

    def apply(self, node: e.Apply) -> Array:
        rows, columns = node.shape.at(self.sizes)
        self.bound(rows * columns)
        arguments = [self(a) for a in node.arguments]
        self.bound(rows * columns * max(map(_copies, arguments), default=1))
        return node.operation.meaning(self.numbers, *arguments)

    def bound(self, entries: int) -> None:
        if entries > MOST_ENTRIES:
            many = f"{entries:,}" if entries < 10**15 else "far more"
            raise TooLargeToEvaluate(f"a result has {many} entries; at most {MOST_ENTRIES:,} are worked out")

    def function(self, node: e.Function) -> Array:
        argument = self(node.argument)
        if node.name not in ELEMENTWISE:
            return self.numbers.function(node.name, node.order, argument)
        return _slope(self.numbers, node.name, node.order, argument)

    def cases(self, node: e.Cases) -> Array:
        N = self.numbers
        result = N.undefined() if node.otherwise is None else self(node.otherwise)
        rows, columns = node.shape.at(self.sizes)
        for value, condition in reversed(node.branches):
            result = N.select(self(condition), self(value), result)
        return result if tuple(result.shape[-2:]) == (rows, columns) else _spread(result, rows, columns)

    def blocks(self, node: e.Blocks) -> Array:
        return joined([joined([self(item) for item in row], -1) for row in node.rows], -2)

    # -- derivatives --------------------------------------------------------------------------------------------

    def derivative(self, node: e.Derivative) -> Array:
        wrt = node.wrt
        assert isinstance(wrt, e.Variable | e.Defined)
        if wrt.item is not None:
            raise TooLargeToEvaluate("a derivative by one item of a list is not worked out in an answer")
        rows, columns = wrt.shape.at(self.sizes)
        # A derivative inside another: its directions stand before those of the other, and what varies with
        # the other alone does not vary with this one.
        taken = max((_deepest(v).ndim - 3 for v in self.values.values() if isinstance(v, Dual)), default=0)
        axes = max(self.axes + depth(node.of), taken)
        seeded = seed(self.numbers, self(wrt), rows, columns, axes)
        lifted = {name: _lifted(v, axes) for name, v in self.values.items() if isinstance(v, Dual)}
        values = {**self.values, **lifted, wrt.name: seeded}
        inside = Evaluation(Duals(self.numbers), self.sizes, values, self.slots, self.axes)
        return arranged(inside(node.of), node.of, wrt, self.sizes, gradient=node.gradient, denominator=node.denominator)


def depth(node: e.Expr) -> int:
    """How many index axes the sums in an expression take, one inside the other."""
    known: dict[int, int] = {}  # a definition may be used many times over

    def below(part: e.Expr) -> int:
        if id(part) not in known:
            known[id(part)] = max(map(below, e.children(part)), default=0) + isinstance(part, e.Sum)
        return known[id(part)]

    return below(node)


def _deepest(a: Array) -> Any:
    """The tangent of the tangent, and so on: the array with all axes of directions."""
    while isinstance(a, Dual):
        a = a.tangent
    return a


def _copies(a: Array) -> int:
    """How often an array holds its rows and columns at one point: for each index, and each direction."""
    return prod(_deepest(a).shape[:-3])


def _lifted(a: Dual, depth: int) -> Dual:
    """A dual over one more system, in whose directions it does not vary."""
    zero = plain(a) * 0
    return Dual(a, zero.reshape(*[1] * (depth + 4 - zero.ndim), *zero.shape))


def _plain_shape(a: Array) -> tuple[int, ...]:
    while isinstance(a, Dual):
        a = a.value
    return tuple(a.shape)


def _entries(a: Array) -> int:
    size = a.tangent.size if isinstance(a, Dual) and not isinstance(a.tangent, Dual) else 0
    return int(size or np.prod(_plain_shape(a)))


def _spread(a: Array, rows: int, columns: int) -> Array:
    return linear(lambda x: np.broadcast_to(x, (*x.shape[:-2], rows, columns)), a)


def _taken(x: Any, place: Any, axis: int, count: int) -> Any:
    """Entries along an axis, chosen by whole numbers that may vary along index axes."""
    if x.shape[axis] == 1 and count > 1:
        return x  # one number that stands for every entry
    if place.size == 1:
        k = int(place.flat[0])
        return x[..., k : k + 1, :] if axis == -2 else x[..., k : k + 1]
    dims = max(x.ndim, place.ndim)
    x = x.reshape(*[1] * (dims - x.ndim), *x.shape)
    place = place.reshape(*[1] * (dims - place.ndim), *place.shape)
    lead = np.broadcast_shapes(x.shape[:-2], place.shape[:-2])
    x = np.broadcast_to(x, (*lead, *x.shape[-2:]))
    chosen = np.broadcast_to(place, (*lead, *((1, x.shape[-1]) if axis == -2 else (x.shape[-2], 1))))
    return np.take_along_axis(x, chosen, axis=axis)


def _summed(x: Any, axis: int, count: int) -> Any:
    """The sum along an index's axis; an array without that axis is the same for each of its values."""
    if x.ndim < -axis or x.shape[axis] == 1:
        return x * count
    return x.sum(axis=axis, keepdims=True)


def _slope(numbers: Numbers, name: str, order: int, argument: Array) -> Array:
    """A derivative of an elementwise function, by duals over the system at hand."""
    if order == 0:
        return OPERATIONS[name].meaning(numbers, argument)
    one = zeros_like(argument) + 1
    lifted = Dual(argument, linear(lambda x: x[None], one) if not isinstance(one, Dual) else one)
    result = _slope(Duals(numbers), name, order - 1, lifted)
    tangent = result.tangent
    return linear(lambda x: x[0], tangent) if not isinstance(one, Dual) else tangent


# -- derivatives of whole functions --------------------------------------------------------------------------


def seed(numbers: Numbers, value: Array, rows: int, columns: int, depth: int, by_columns: bool = False) -> Dual:
    """A variable's value with one direction for each of its entries, row by row or column by column.

    The directions' axis stands `depth` places before the last three axes.
    """
    count = rows * columns
    if count * count > MOST_DIRECTIONS:
        most = isqrt(MOST_DIRECTIONS)
        raise TooLargeToEvaluate(f"a derivative by {count:,} entries; at most {most:,} are worked out")
    unit = np.zeros((count, rows, columns), dtype=int)
    for k in range(count):
        place = (k % rows, k // rows) if by_columns else divmod(k, columns)
        unit[(k, *place)] = 1
    directions = numbers.filled(unit.reshape(count, *[1] * (depth + 1), rows, columns))
    return Dual(value, directions)


def arranged(
    of_value: Array,
    of: e.Expr,
    wrt: e.Expr,
    sizes: Mapping[str, int],
    *,
    gradient: bool = False,
    denominator: bool = False,
) -> Array:
    """The matrix of derivatives from a dual: numerator or denominator layout, or the shape of `wrt`."""
    (p, q), (r, s) = of.shape.at(sizes), wrt.shape.at(sizes)
    if not isinstance(of_value, Dual):
        of_value = Dual(of_value, linear(lambda x: (x * 0)[None], of_value))
    of_value = _full(of_value, p, q)

    def arrange(t: Any) -> Any:
        # t: (directions, …, points, p, q) → (…, points, rows, columns)
        count = r * s
        t = np.broadcast_to(t, (count, *t.shape[1:])) if t.shape[0] == 1 else t
        if p * q == 1:
            columns = np.moveaxis(t[..., 0, 0], 0, -1)  # (…, points, count)
            grid = columns.reshape(*columns.shape[:-1], r, s)
            return grid if gradient or denominator else grid.swapaxes(-1, -2)
        if r * s == 1:
            return t[0].swapaxes(-1, -2) if denominator else t[0]
        flat = t.reshape(*t.shape[:-2], p * q)
        matrix = np.moveaxis(flat, 0, -1)  # (…, points, p·q, count)
        return matrix.swapaxes(-1, -2) if denominator else matrix

    return linear(arrange, of_value.tangent)


def _full(value: Dual, rows: int, columns: int) -> Dual:
    """A dual whose tangent has every entry of its shape, and a direction axis of its own."""
    tangent = linear(lambda x: np.broadcast_to(x, (*x.shape[:-2], rows, columns)), value.tangent)
    return Dual(value.value, tangent)


_METHODS: dict[type[e.Expr], Callable[[Any, Any], Array]] = {
    e.Number: Evaluation.number, e.Size: Evaluation.size, e.Index: Evaluation.index, e.Variable: Evaluation.variable,
    e.Defined: Evaluation.defined, e.Filled: Evaluation.filled, e.Unit: Evaluation.unit, e.Apply: Evaluation.apply,
    e.Function: Evaluation.function, e.Entry: Evaluation.entry, e.Sum: Evaluation.sum, e.Cases: Evaluation.cases,
    e.Blocks: Evaluation.blocks, e.Derivative: Evaluation.derivative,
}  # fmt: skip
