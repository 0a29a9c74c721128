"""Far points: `a + [a > 10^30]` for `a`, `a + 0 log(10^6 − b)`.

In: a refuter, and an answer that it could not refute nor a proof accept. Out: a difference far out or close to
0, or None. The values of one variable, or of all, are scaled by powers of ten; of the points where the truth has a
value only those are looked at where a condition of the answer, or the argument of a root or a logarithm, has a sign
that it had at none of the usual ones.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.numbers import Digits, Floats
from tutor.marking.refute import Difference, Refuter, margin_rows
from tutor.marking.sample import Points

_POWERS = (2, 3, 5, 8, 12, 20, 35, 60, 120, 250, 305, -3, -5, -8, -12, -20, -35, -60, -120, -250)
_DIGITS = 700
_MOST_POINTS = 6  # points that are scaled
_MOST_VARIABLES = 6
_MOST_TRIALS = 6


def afar(refuter: Refuter, answer: Expr) -> Difference | None:
    """A difference at a point where the answer turns out as it did at none of the usual ones."""
    wide = _wide(refuter, answer)
    seen, there = _signs(refuter, answer, refuter.points), _signs(refuter, answer, wide)
    if len(seen) != len(there):
        return None
    near, far = refuter.defined_at(refuter.points), refuter.defined_at(wide)
    tried: list[int] = []
    for usual, row in zip(seen, there, strict=True):
        fresh = np.flatnonzero(~np.isin(row, np.unique(usual[near])) & np.isfinite(row) & far)
        tried += [int(point) for point in fresh[:2]]
    digits = Digits(_DIGITS)
    for point in dict.fromkeys(tried[: 2 * _MOST_TRIALS]):
        found = refuter.confirm(answer, wide, point, digits)
        if found is not None:
            return found
    return None


def _signs(refuter: Refuter, answer: Expr, points: Points) -> Any:
    """The signs of all that conditions compare with 0, and of what roots and logarithms need to be positive."""
    floats = Floats()
    refuter.value(answer, floats, points)
    return np.sign(margin_rows([*floats.margins, *floats.domains], points.count))


def _wide(refuter: Refuter, answer: Expr) -> Points:
    """Scaled points: each variable of the answer alone, then all; weights of a simplex stay as they are."""
    declared = refuter.question.scope.variables
    scaled = {name for name in refuter.base.values if "simplex" not in declared[name].qualities}
    written = {node.name for node in e.walk(answer) if isinstance(node, e.Variable)}
    groups = [{name} for name in sorted(scaled & written)[:_MOST_VARIABLES]]
    groups += [scaled] if len(groups) != 1 else []
    chosen = refuter.base.at(range(refuter.base.short, min(refuter.base.short + _MOST_POINTS, refuter.base.count)))
    made: dict[str, list[Any]] = {name: [] for name in chosen.values}
    count = 0
    for group in groups:
        for power in _POWERS:
            for name, array in chosen.values.items():
                made[name].append(array * 10.0**power if name in group else array)
            count += chosen.count
    values = {name: np.concatenate(arrays, axis=-3) for name, arrays in made.items()}
    return Points(refuter.sizes, values, count)
