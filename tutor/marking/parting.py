"""Where two lines of a derivation part: the smallest parts of them that differ in value.

In: two expressions, the second of which does not equal the first. Out: the two parts, or None where the lines are
built so differently that no part can be named. The decision owned here: trees are compared from the root
down; terms of a sum and scalar factors may stand in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import OPERATIONS
from tutor.marking.entries import same_meaning
from tutor.marking.judge import Judge

Same = Callable[[Expr, Expr], bool]


def parting(above: Expr, below: Expr, judge: Judge) -> tuple[Expr, Expr] | None:
    """The parts in which the line below departs from the one above; None where it is the line as a whole."""

    def same(a: Expr, b: Expr) -> bool:
        return same_meaning(a, b) or (a.shape == b.shape and judge.agree(a, b))

    found = _parts(above, below, same)
    return None if found == (above, below) else found


def _parts(above: Expr, below: Expr, same: Same) -> tuple[Expr, Expr]:
    for children in (_terms, _below):
        ours, theirs = list(children(above)), list(children(below))
        if len(ours) < 2 and children is _terms:
            continue
        if children is _below and not _alike(above, below):
            continue
        left, right = _unmatched(ours, theirs, same, in_order=children is _below)
        if len(left) == len(right) == 1:
            return _parts(left[0], right[0], same)
    return above, below


def _terms(node: Expr, is_taken_away: bool = False) -> Iterator[Expr]:
    """The terms of a sum, each with its sign."""
    if isinstance(node, e.Apply) and node.operation.name in {"add", "subtract"}:
        first, second = node.arguments
        yield from _terms(first, is_taken_away)
        yield from _terms(second, is_taken_away != (node.operation.name == "subtract"))
    elif is_taken_away:
        yield e.Apply(OPERATIONS["negative"], (node,), shape=node.shape, span=node.span)
    else:
        yield node


def _below(node: Expr) -> Iterator[Expr]:
    # An index means something only inside its sum, and a derivative's variable is no value.
    if isinstance(node, e.Apply):
        yield from node.arguments


def _alike(a: Expr, b: Expr) -> bool:
    return (
        isinstance(a, e.Apply)
        and isinstance(b, e.Apply)
        and a.operation is b.operation
        and len(a.arguments) == len(b.arguments)
    )


def _unmatched(
    ours: Sequence[Expr], theirs: Sequence[Expr], same: Same, in_order: bool
) -> tuple[list[Expr], list[Expr]]:
    """What is left of two lists of parts once those that are equal are taken out."""
    if in_order:
        differ = [(a, b) for a, b in zip(ours, theirs, strict=True) if not same(a, b)]
        return [a for a, _ in differ], [b for _, b in differ]
    left, right = list(ours), list(theirs)
    for a in ours:
        match = next((b for b in right if same(a, b)), None)
        if match is not None:
            left.remove(a)
            right.remove(match)
    return left, right
