"""Sizes at which an answer that speaks of sizes is tried too: `x'x + [n = 100]`, `‖x‖² + (n − 3)(n − 4)`.

In: a question's choice of sizes, and an answer. Out: more choices, and whether some condition turns where no
sizes are tried. The decision owned here: an answer with a size as a number in it is tried at one more choice;
one with a condition on sizes or indices alone, at sizes on either side of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation, Slot
from tutor.language.expr import Expr
from tutor.language.numbers import Floats
from tutor.language.operations import COMPARISONS

_NEAR = (*range(1, 41), 50, 64)  # sizes that can be tried
_FAR = (99, 100, 101, 128, 256, 1000, 1024, 10**4, 10**5, 10**6, 10**9, 10**12)
_LONGEST = 200  # an index is followed so far
_FRESH = 7
_MOST = 6
_TURNING = frozenset(COMPARISONS.values()) | {"maximum", "minimum", "abs", "sign", "relu", "step", "delta"}
_Signs = list[frozenset[float]]


@dataclass(frozen=True)
class MoreSizes:
    """Choices of sizes to try, and whether a condition turns beyond all that can be tried."""

    choices: tuple[dict[str, int], ...] = ()
    turns_beyond: bool = False


def more_sizes(answer: Expr, first: Mapping[str, int], least: Mapping[str, int]) -> MoreSizes:
    """The choices that an answer asks for by speaking of sizes or indices; none for an answer that does not."""
    spoken = list(_spoken(answer))
    conditions = [node for node in spoken if _turns_on_sizes(node)]
    if not first or not (conditions or any(isinstance(node, e.Size) for node in spoken)):
        return MoreSizes()
    choices = [{name: max(_FRESH + k, least.get(name, 0)) for k, name in enumerate(sorted(first))}]
    beyond = False
    for condition in conditions:
        seen = _signs(condition, first)
        for choice in _assignments(first, least, _NEAR):
            signs = _signs(condition, choice)
            if _is_new(signs, seen):
                choices.append(choice)
                seen = [a | b for a, b in zip(signs, seen, strict=True)]
        beyond |= any(_is_new(_signs(condition, c), seen) for c in _assignments(first, least, _FAR))
    return MoreSizes(tuple(choices[:_MOST]), beyond)


def _assignments(
    first: Mapping[str, int], least: Mapping[str, int], values: tuple[int, ...]
) -> Iterator[dict[str, int]]:
    """One size varied, or all at once, at each of some values."""
    for value in values:
        for name in first:
            if value >= least.get(name, 0):
                yield {**first, name: value}
        if len(first) > 1 and value >= max(least.values(), default=0):
            yield dict.fromkeys(first, value)


def _spoken(expr: Expr) -> Iterator[Expr]:
    """The nodes of an expression, without the bounds of its sums, which only say what is summed."""
    return e.walk(expr, lambda node: [node.body] if isinstance(node, e.Sum) else e.children(node))


def _turns_on_sizes(node: Expr) -> bool:
    """Whether a node is a condition, or a kink, that sizes or indices decide together with numbers."""
    if not isinstance(node, e.Apply) or node.operation.name not in _TURNING:
        return False
    parts = list(e.walk(node))
    if not any(isinstance(part, e.Size | e.Index) for part in parts):
        return False
    if all(isinstance(part, e.Index) for part in parts if part is not node):
        return False  # i = j turns out both ways at any sizes
    return all(isinstance(part, e.Size | e.Index | e.Number | e.Apply | e.Cases | e.Function) for part in parts)


def _signs(condition: Expr, sizes: Mapping[str, int]) -> _Signs:
    """Which signs each thing that is compared with 0 takes at some sizes, over all values of the indices."""
    slots: dict[str, Slot] = {}
    for node in e.walk(condition):
        if isinstance(node, e.Index):
            reach = max(sizes.values()) if node.range is None else node.range.at(sizes)
            slots.setdefault(node.name, Slot(-4 - len(slots), range(1, min(reach, _LONGEST) + 1)))
    floats = Floats()
    with np.errstate(all="ignore"):
        Evaluation(floats, sizes, {}, slots, len(slots))(condition)
    return [frozenset(np.sign(margin).flat) for margin in floats.margins]


def _is_new(signs: _Signs, usual: _Signs) -> bool:
    return any(not there <= here for there, here in zip(signs, usual, strict=True))
