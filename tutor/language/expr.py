"""The typed tree: frozen nodes, each with a shape and the place that it was read from.

Two expressions are equal when they have the same structure; spans do not count. A name that a lesson
defines is a node that holds its definition, so that nothing below has to look names up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, replace
from fractions import Fraction
from operator import is_
from typing import Any

from tutor.language.operation import Operation
from tutor.language.shape import SCALAR, Dim, Shape
from tutor.source import Span

NOWHERE = Span(0, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Expr:
    shape: Shape = SCALAR
    span: Span = field(default=NOWHERE, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Number(Expr):
    """An exact number."""

    value: Fraction


@dataclass(frozen=True, slots=True)
class Size(Expr):
    """A size as a number: the N of 1/N."""

    dim: Dim


@dataclass(frozen=True, slots=True)
class Index(Expr):
    """An index as a number, or at its place in `x_i`. `range` is what it runs up to, where that is known."""

    name: str
    range: Dim | None


@dataclass(frozen=True, slots=True)
class Variable(Expr):
    """A declared variable, or with `item` one item of a declared list."""

    name: str
    item: Expr | None = None


@dataclass(frozen=True, slots=True)
class Defined(Expr):
    """A name that the lesson defines, with what it stands for; `item` where the definition has an index."""

    name: str
    body: Expr
    item: Expr | None = None


@dataclass(frozen=True, slots=True)
class Filled(Expr):
    """A constant of a given shape: `ones`, `zeros` or `eye`."""

    name: str


@dataclass(frozen=True, slots=True)
class Unit(Expr):
    """The i-th basis column."""

    index: Expr


@dataclass(frozen=True, slots=True)
class Apply(Expr):
    """An operation of the table with its arguments."""

    operation: Operation
    arguments: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class Function(Expr):
    """A declared function, or its derivative of some order, at each entry of the argument."""

    name: str
    order: int
    argument: Expr


@dataclass(frozen=True, slots=True)
class Entry(Expr):
    """One entry of a matrix; of a column or a row the other index is the number 1."""

    base: Expr
    row: Expr
    column: Expr


@dataclass(frozen=True, slots=True)
class Sum(Expr):
    """A sum over an index from `lower` to `upper`, both scalars without that index."""

    index: str
    lower: Expr
    upper: Expr
    body: Expr


@dataclass(frozen=True, slots=True)
class Cases(Expr):
    """The value of the first branch whose condition holds; without `otherwise` it has none beyond them."""

    branches: tuple[tuple[Expr, Expr], ...]
    otherwise: Expr | None


@dataclass(frozen=True, slots=True)
class Blocks(Expr):
    """A matrix made of blocks."""

    rows: tuple[tuple[Expr, ...], ...]


@dataclass(frozen=True, slots=True)
class Derivative(Expr):
    """∂of/∂wrt in a layout, where a step allows it to be written."""

    of: Expr
    wrt: Expr
    gradient: bool = False
    denominator: bool = False


def children(expr: Expr) -> Iterator[Expr]:
    """The expressions right below a node, a definition's body among them."""
    match expr:
        case Apply(arguments=parts):
            yield from parts
        case Cases(branches=branches, otherwise=otherwise):
            for value, condition in branches:
                yield value
                yield condition
            if otherwise is not None:
                yield otherwise
        case Blocks(rows=rows):
            for row in rows:
                yield from row
        case _:
            for f in fields(expr):
                part = getattr(expr, f.name)
                if isinstance(part, Expr):
                    yield part


def walk(expr: Expr, below: Callable[[Expr], Iterable[Expr]] = children) -> Iterator[Expr]:
    """Every node, each node object once, the root first; `below` gives what stands under a node."""
    seen: set[int] = set()
    rest = [expr]
    while rest:
        node = rest.pop()
        if id(node) not in seen:
            seen.add(id(node))
            yield node
            rest.extend(below(node))


def walk_written(expr: Expr) -> Iterator[Expr]:
    """The nodes that were written themselves: what a defined name stands for is not among them."""
    rest = [expr]
    while rest:
        node = rest.pop()
        yield node
        if isinstance(node, Defined):
            rest.extend([] if node.item is None else [node.item])
        else:
            rest.extend(children(node))


def rebuilt(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The node with `change` applied to each expression right below it; the node itself where nothing changes."""
    match expr:
        case Apply(arguments=parts):
            new = tuple(map(change, parts))
            return expr if all(map(is_, new, parts)) else replace(expr, arguments=new)
        case Cases(branches=branches, otherwise=otherwise):
            return replace(
                expr,
                branches=tuple((change(value), change(condition)) for value, condition in branches),
                otherwise=None if otherwise is None else change(otherwise),
            )
        case Blocks(rows=rows):
            return replace(expr, rows=tuple(tuple(map(change, row)) for row in rows))
        case _:
            values = {f.name: getattr(expr, f.name) for f in fields(expr)}
            below = {name: change(part) for name, part in values.items() if isinstance(part, Expr)}
            changed: dict[str, Any] = {name: part for name, part in below.items() if part is not values[name]}
            return replace(expr, **changed) if changed else expr
