"""How a chain of products is bracketed, which its shapes decide.

In: factors with the signs between them. Out: one expression. The decision owned here: a chain is read from
the left, juxtaposed factors first; where that has no shape, the one bracketing that has is taken; where
several differ in value, the chain is refused and the readings are offered.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol

from tutor.language.expr import Apply, Expr
from tutor.language.refusal import Refused, refuse
from tutor.language.shape import Shape, Sizes
from tutor.source import Span

LONGEST_CHAIN = 500
LONGEST_SEARCH = 24
MOST_TIGHT = 3
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
    made: list[Expr] = []
    failure: Refused | None = None
    for reading in readings:
        mark = make.sizes.mark()
        try:
            made.append(_from_left(make, reading))
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
    return _from_left(make, next(r for r in readings if _has_shape(make, r)))


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


def _has_shape(make: Elaborator, items: list[Item]) -> bool:
    mark = make.sizes.mark()
    try:
        _from_left(make, items)
    except Refused:
        return False
    finally:
        make.sizes.undo(mark)
    return True


def _join(make: Elaborator, sign: str, left: Expr, right: Expr) -> Expr:
    name = _NAMES[sign]
    if sign == "·":
        a, b = make.shape(left), make.shape(right)
        if a.is_column and b.is_column and not a.is_scalar and not b.is_scalar:
            name = "dot"
    return make.apply(name, (left, right), left.span.to(right.span))


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


# A value up to the associativity of products: its scalar factors, and its matrix factors in order.
_Form = tuple[tuple[object, ...], tuple[object, ...]]


@dataclass(frozen=True)
class _Part:
    node: Expr
    form: _Form


def _anew(make: Elaborator, items: list[Item]) -> Expr | None:
    """The bracketing that has a shape; None where none has, refused where several differ in value."""
    if len(items) < 3 or len(items) > LONGEST_SEARCH or any(item.sign not in _FREE for item in items):
        return None
    parts: dict[tuple[int, int], list[_Part]] = {}
    for k, item in enumerate(items):
        key = (k,)
        scalar = make.shape(item.node).is_scalar
        parts[k, k + 1] = [_Part(item.node, ((key,), ()) if scalar else ((), (key,)))]
    for length in range(2, len(items) + 1):
        for start in range(len(items) - length + 1):
            end = start + length
            found: dict[_Form, _Part] = {}
            for middle in range(end - 1, start, -1):
                sign = items[middle].sign
                if sign == "/" and end > middle + 1:
                    continue
                for left in parts[start, middle]:
                    for right in parts[middle, end]:
                        part = _product(make, sign, left, right)
                        if part is not None:
                            found.setdefault(part.form, part)
            parts[start, end] = list(found.values())
    whole = parts[0, len(items)]
    if len(whole) > 1:
        span = items[0].node.span.to(items[-1].node.span)
        refuse("syntax", "This product can be bracketed in ways that differ: put parentheses where they are meant.",
               span, *dict.fromkeys(_bracketed(make, part.node) for part in whole[:2]))  # fmt: skip
    if not whole:
        return None
    return _again(make, whole[0].node)


def _product(make: Elaborator, sign: str, left: _Part, right: _Part) -> _Part | None:
    mark = make.sizes.mark()
    try:
        node = _join(make, sign, left.node, right.node)
    except Refused:
        return None
    finally:
        make.sizes.undo(mark)
    (scalars_a, row_a), (scalars_b, row_b) = left.form, right.form
    if sign == "/":
        return _Part(node, ((*scalars_a, ("/", right.form)), row_a))
    scalars = tuple(sorted((*scalars_a, *scalars_b), key=repr))
    assert isinstance(node, Apply)
    if node.operation.name == "dot":
        return _Part(node, ((*scalars, ("·", row_a, row_b)), ()))
    row = (*row_a, *row_b)
    if node.shape.is_scalar and row:
        return _Part(node, (tuple(sorted((*scalars, row), key=repr)), ()))
    return _Part(node, (scalars, row))


def _again(make: Elaborator, node: Expr) -> Expr:
    """The same tree, built once more so that the sizes it fixes stay fixed."""
    return node if not isinstance(node, Apply) else _rebuild(make, node)


def _rebuild(make: Elaborator, node: Expr) -> Expr:
    if isinstance(node, Apply) and node.operation.name in {"times", "dot", "divide"}:
        left, right = (_rebuild(make, a) for a in node.arguments)
        return make.apply(node.operation.name, (left, right), node.span)
    return node


def _bracketed(make: Elaborator, node: Expr) -> str:
    if isinstance(node, Apply) and node.operation.name in {"times", "dot", "divide"}:
        left, right = node.arguments
        sign = {"times": " ", "dot": "·", "divide": "/"}[node.operation.name]
        parts = [_bracketed(make, part) for part in (left, right)]
        shown = [f"({text})" if isinstance(part, Apply) and " " in text and text != make.source(part) else text
                 for part, text in zip((left, right), parts, strict=True)]  # fmt: skip
        return sign.join(shown)
    return make.source(node)
