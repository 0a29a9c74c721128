"""How a chain of products is bracketed, which its shapes decide.

In: factors with the signs between them. Out: one expression. The decision owned here: a chain is read from
the left, juxtaposed factors first; where that has no shape, the one bracketing that has is taken; where
several differ in value, the chain is refused and the readings are offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

from tutor.language.expr import Expr
from tutor.language.operations import OPERATIONS
from tutor.language.refusal import Refused, refuse
from tutor.language.shape import Shape, Sizes
from tutor.source import Span

LONGEST_CHAIN = 500
LONGEST_SEARCH = 14
MOST_TIGHT = 2
_NAMES = {"": "times", "*": "times", "·": "times", ".*": "hadamard", "./": "over", "⊗": "kron", "/": "divide"}
# Only plain products may be bracketed anew: the others mean something else in another bracketing.
_FREE = frozenset({"", "*", "·", "/"})


@dataclass(frozen=True)
class Item:
    """A factor, the sign before it, and how it hangs together with its neighbours.

    `starts` counts the factors that are juxtaposed behind it; `open` marks a divisor that the `tight`
    factors right behind it may belong to.
    """

    sign: str
    node: Expr
    starts: int = 0
    open: bool = False
    tight: bool = False


class Elaborator(Protocol):
    """What bracketing needs of the elaborator."""

    sizes: Sizes
    # What has been found for a chain of these signs and shapes, as texts repeat themselves.
    bracketings: dict[tuple[tuple[str, Shape], ...], list[Any]]

    def apply(self, name: str, arguments: Sequence[Expr], span: Span) -> Expr: ...

    def shape(self, node: Expr) -> Shape: ...

    def source(self, node: Expr) -> str: ...


def bracket(make: Elaborator, items: list[Item], span: Span) -> Expr:
    """One expression from a chain; raises Refused."""
    if len(items) > LONGEST_CHAIN:
        refuse("too-large", f"A product may have at most {LONGEST_CHAIN} factors.", span)
    if sum(item.open and after.tight for item, after in pairwise(items)) > MOST_TIGHT:
        refuse("syntax", f"More than {MOST_TIGHT} of these divisors have factors right behind them: put parentheses "
               "where they are meant.", span)  # fmt: skip
    readings = _denominators(make, items)
    if len(readings) == 1:
        return _from_left(make, readings[0])
    made: list[list[Item]] = []
    failure: Refused | None = None
    for reading in readings:
        mark = make.sizes.mark()
        try:
            _from_left(make, reading)
            made.append(reading)
        except Refused as refused:
            failure = failure or refused
        make.sizes.undo(mark)
    if not made:
        assert failure is not None
        raise failure
    if len(made) > 1:
        divisor = next(k for k, item in enumerate(items) if item.open and k + 1 < len(items))
        above = make.source(items[divisor - 1].node)
        below = make.source(items[divisor].node)
        behind = make.source(items[divisor + 1].node)
        refuse("syntax", f"This can be read in two ways: is ‘{behind}’ below the line or behind it?", span,
               f"{above}/{below} {behind}", f"{above}/({below} {behind})")  # fmt: skip
    return _from_left(make, made[0])


def _denominators(make: Elaborator, items: list[Item]) -> list[list[Item]]:
    """The readings of a chain with divisors that have factors right behind them."""
    for k, item in enumerate(items):
        end = k + 1
        while item.open and end < len(items) and items[end].tight:
            end += 1
        if end == k + 1:
            continue
        factors = [Item("", i.node) for i in items[k + 1 : end]]
        readings = _denominators(make, [*items[:k], Item("/", item.node), *factors, *items[end:]])
        mark = make.sizes.mark()
        try:
            below = _group(make, [Item("", item.node), *factors])
        except Refused:
            make.sizes.undo(mark)
            return readings
        inside = [*items[:k], Item("/", below), *items[end:]]
        # Only a scalar can stand below the line: the other reading is then no reading.
        return [*readings, *(_denominators(make, inside) if make.shape(below).is_scalar else [])]
    return [items]


def _join(make: Elaborator, sign: str, left: Expr, right: Expr) -> Expr:
    name = _operation(sign, make.shape(left), make.shape(right))
    return make.apply(name, (left, right), left.span.to(right.span))


def _operation(sign: str, a: Shape, b: Shape) -> str:
    """The operation that a sign stands for between two shapes."""
    columns = a.is_column and b.is_column and not a.is_scalar and not b.is_scalar
    return "dot" if sign == "·" and columns else _NAMES[sign]


def _from_left(make: Elaborator, items: list[Item]) -> Expr:
    """Juxtaposed groups first, then the chain from the left; anew where that has no shape."""
    mark = make.sizes.mark()
    try:
        groups: list[Item] = []
        k = 0
        while k < len(items):
            head = items[k]
            group = items[k : k + head.starts + 1]
            groups.append(Item(head.sign, _group(make, group)))
            k += len(group)
        result = groups[0].node
        for group_item in groups[1:]:
            result = _join(make, group_item.sign, result, group_item.node)
        return result
    except Refused as refused:
        make.sizes.undo(mark)
        found = _anew(make, items)
        if found is None:
            raise refused from None
        return found


def _group(make: Elaborator, items: list[Item]) -> Expr:
    mark = make.sizes.mark()
    try:
        result = items[0].node
        for item in items[1:]:
            result = _join(make, item.sign, result, item.node)
        return result
    except Refused as refused:
        make.sizes.undo(mark)
        found = _anew(make, [Item("", items[0].node), *items[1:]])
        if found is None:
            raise refused from None
        return found


@dataclass(frozen=True, slots=True)
class _Part:
    """One bracketing of neighbouring factors, and its value as far as products are associative.

    The value is its scalar factors, sorted, and its matrix factors in order, each as a number. `cost` counts
    scalar factors inside dot products: `2 w·x x'` is 2 (w·x) x' rather than ((2 w)·x) x'.
    """

    shape: Shape
    scalars: tuple[int, ...]
    row: tuple[int, ...]
    cost: int
    made: tuple[str, _Part, _Part] | int  # the sign and the halves, or which factor it is

    @property
    def value(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        return self.scalars, self.row


class _Search:
    """All bracketings of a chain that have a shape. It works on shapes alone, as it must be quick."""

    def __init__(self, make: Elaborator, items: list[Item]) -> None:
        self.make, self.items = make, items
        self.numbers: dict[object, int] = {}
        self.shapes: dict[tuple[str, Shape, Shape], tuple[str, Shape] | None] = {}

    def number(self, factor: object) -> int:
        return self.numbers.setdefault(factor, len(self.numbers))

    def whole(self) -> list[_Part]:
        parts: dict[tuple[int, int], list[_Part]] = {}
        for k, item in enumerate(self.items):
            shape, key = self.make.shape(item.node), (self.number(k),)
            parts[k, k + 1] = [_Part(shape, key, (), 0, k) if shape.is_scalar else _Part(shape, (), key, 0, k)]
        for length in range(2, len(self.items) + 1):
            for start in range(len(self.items) - length + 1):
                end = start + length
                parts[start, end] = self.best(parts, start, end)
        return parts[0, len(self.items)]

    def best(self, parts: dict[tuple[int, int], list[_Part]], start: int, end: int) -> list[_Part]:
        """The cheapest bracketing of each value, and of each shape at most two values: more need no telling."""
        found: dict[tuple[tuple[int, ...], tuple[int, ...]], _Part] = {}
        values: dict[Shape, int] = {}
        for middle in range(end - 1, start, -1):
            sign = self.items[middle].sign
            if sign == "/" and end > middle + 1:
                continue
            for left in parts[start, middle]:
                for right in parts[middle, end]:
                    part = self.product(sign, left, right)
                    if part is None:
                        continue
                    known = found.get(part.value)
                    if known is None and values.get(part.shape, 0) < 2:
                        values[part.shape] = values.get(part.shape, 0) + 1
                        found[part.value] = part
                    elif known is not None and part.cost < known.cost:
                        found[part.value] = part
        return list(found.values())

    def product(self, sign: str, left: _Part, right: _Part) -> _Part | None:
        joined = self.joined(sign, left.shape, right.shape)
        if joined is None:
            return None
        name, shape = joined
        cost = left.cost + right.cost
        if name == "divide":
            scalars = (*left.scalars, self.number(("/", right.value)))
            return _Part(shape, tuple(sorted(scalars)), left.row, cost, (sign, left, right))
        if name == "dot":
            cost += len(left.scalars) + len(right.scalars)
            row: tuple[int, ...] = ()
            scalars = (*left.scalars, *right.scalars, self.number(("·", left.row, right.row)))
        else:
            row = (*left.row, *right.row)
            scalars = (*left.scalars, *right.scalars)
            if shape.is_scalar and row:
                scalars, row = (*scalars, self.number(row)), ()
        return _Part(shape, tuple(sorted(scalars)), row, cost, (sign, left, right))

    def joined(self, sign: str, a: Shape, b: Shape) -> tuple[str, Shape] | None:
        """The operation and the shape of its result, where the shapes meet."""
        key = sign, a, b
        if key not in self.shapes:
            sizes = self.make.sizes
            name = _operation(sign, a, b)
            mark = sizes.mark()
            found = OPERATIONS[name].shape(sizes, (a, b))
            sizes.undo(mark)
            self.shapes[key] = None if isinstance(found, str) else (name, found)
        return self.shapes[key]

    def build(self, part: _Part) -> Expr:
        """The expression of a bracketing; the sizes that it fixes stay fixed."""
        if isinstance(part.made, int):
            return self.items[part.made].node
        sign, left, right = part.made
        return _join(self.make, sign, self.build(left), self.build(right))

    def text(self, part: _Part, whole: bool = True) -> str:
        """The chain as it was written, with this bracketing's parentheses."""
        if isinstance(part.made, int):
            return self.make.source(self.items[part.made].node)
        sign, left, right = part.made
        text = self.text(left, False) + (sign.join("  ") if sign in {"*"} else sign or " ") + self.text(right, False)
        return text if whole else f"({text})"


def _anew(make: Elaborator, items: list[Item]) -> Expr | None:
    """The bracketing that has a shape; None where none has, refused where several differ in value."""
    if len(items) < 3 or len(items) > LONGEST_SEARCH or any(item.sign not in _FREE for item in items):
        return None
    search = _Search(make, items)
    key = tuple((item.sign, make.shape(item.node)) for item in items)
    if key not in make.bracketings:
        make.bracketings[key] = search.whole()
    whole = make.bracketings[key]
    if len(whole) > 1:
        span = items[0].node.span.to(items[-1].node.span)
        refuse("syntax", "This product can be bracketed in ways that differ: put parentheses where they are meant.",
               span, *dict.fromkeys(search.text(part) for part in whole[:2]))  # fmt: skip
    return search.build(whole[0]) if whole else None
