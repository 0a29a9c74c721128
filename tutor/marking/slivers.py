"""Boundaries that lie closer together than floats can tell: `[z > 10^-20]` for `[z > 0]`.

In: a refuter, and an answer that it could not refute nor a proof accept. Out: a difference beside a boundary,
or None. Each place where a condition changes is found to 440 digits, more than a number may have; the answer
and the truth are compared on both sides of it, at distances from one part in 10^9 down to one in 10^410.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from tutor.language.expr import Expr
from tutor.language.numbers import Digits, Floats
from tutor.marking.refute import Difference, Refuter, margin_rows
from tutor.marking.sample import Points, exactly
from tutor.marking.truth import evaluation

_DIGITS = 460
_FOUND = 440  # a root is found when its margin is below 10^-440
_DISTANCES = (9, 15, 21, 30, 45, 70, 110, 170, 260, 410)
_MOST_LANES = 6
_MOST_STEPS = 120


def beside(refuter: Refuter, answer: Expr) -> Difference | None:
    """A difference close to a boundary of the question or of the answer."""
    digits = Digits(_DIGITS)
    for node in (refuter.question.of, answer):
        for lane in _lanes(refuter, node):
            place = _root(refuter, node, digits, *lane)
            found = None if place is None else _compared(refuter, answer, digits, lane, place)
            if found is not None:
                return found
    return None


_Lane = tuple[int, int, int]  # a row of the margins, a point where it is positive, one where it is negative


def _lanes(refuter: Refuter, node: Expr) -> Iterator[_Lane]:
    floats = Floats()
    refuter.value(node, floats, refuter.base)
    off = ~refuter.on_boundary[: refuter.base.count]  # a lane between points on a boundary may run along it
    count = 0
    for k, row in enumerate(margin_rows(floats.margins, refuter.base.count)):
        above, below = np.flatnonzero((row > 0) & off), np.flatnonzero((row < 0) & off)
        if len(above) and len(below) and count < _MOST_LANES:
            count += 1
            yield k, int(above[0]), int(below[0])


def _between(refuter: Refuter, digits: Digits, lane: _Lane, places: list[Any]) -> dict[str, Any]:
    """Values of many digits at some places on the way from the negative point, 0, to the positive one, 1."""
    _, high, low = lane
    t = np.array(places, dtype=object)[:, None, None]
    scope = refuter.question.scope
    a, b = (exactly(scope, refuter.base.at(end).values, digits.mp.mpf) for end in (low, high))
    return {name: a[name] + t * (b[name] - a[name]) for name in a}


def _root(refuter: Refuter, node: Expr, digits: Digits, row: int, high: int, low: int) -> Any:
    """Where the margin is 0, by the Illinois form of false position; None where it does not settle."""
    mp = digits.mp

    def margin(t: Any) -> Any:
        digits.margins.clear()
        # Two places, for one could be taken for no axis of points at all.
        values = _between(refuter, digits, (row, high, low), [t, t])
        evaluation(refuter.question, digits, refuter.sizes, values)(node)
        return margin_rows(digits.margins, 2)[row][0]

    a, b = mp.mpf(0), mp.mpf(1)
    fa, fb = margin(a), margin(b)
    below: bool | None = None
    for _ in range(_MOST_STEPS):
        if not (mp.isfinite(fa) and mp.isfinite(fb)) or fa >= 0 or fb <= 0:
            return None
        t = a - fa * (b - a) / (fb - fa)
        f = margin(t)
        if abs(f) < mp.mpf(10) ** -_FOUND:
            return t
        # An end that stays twice counts half, so that it does not stay for ever.
        again = below is not None and below == (f < 0)
        below = f < 0
        if below:
            a, fa, fb = t, f, fb / 2 if again else fb
        else:
            b, fb, fa = t, f, fa / 2 if again else fa
    return None


def _compared(refuter: Refuter, answer: Expr, digits: Digits, lane: _Lane, place: Any) -> Difference | None:
    mp = digits.mp
    for power in _DISTANCES:
        for side in (-1, 1):
            values = _between(refuter, digits, lane, [place + side * mp.mpf(10) ** -power])
            shown = {name: array.astype(float) for name, array in values.items()}
            points = Points(refuter.sizes, shown, 1)
            found = refuter.compared(answer, digits, values, points, 0)
            if found is not None:
                return found
    return None
