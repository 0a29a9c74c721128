"""TABLE 3: what each mistake does to a right answer, its code, and what to tell.

These rows are changes of the whole result: they need only the values of the answer and of the truth at some
points. In: an answer that is wrong, and the points at which it was tried. Out: a code and a sentence that
never gives the answer away. A row that would also explain a right answer is a defect; where no row fits, the
code is `other` and nothing is claimed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.language.expr import Expr
from tutor.language.numbers import Floats, plain
from tutor.marking.question import Question
from tutor.marking.refute import Refuter
from tutor.marking.truth import evaluation

# yours, true, and the values of the function that is asked about → whether this is what happened
Test = Callable[[Any, Any, Any], bool]


@dataclass(frozen=True)
class Misconception:
    """A row: its code, what to tell, and how it shows in the values."""

    code: str
    says: str
    shows: Test


def _equal(a: Any, b: Any) -> bool:
    try:
        a, b = np.broadcast_arrays(a, b)
    except ValueError:
        return False
    known = np.isfinite(a) & np.isfinite(b)
    scale = np.maximum(np.abs(a[known]), np.abs(b[known]))
    return bool(known.any() and np.isfinite(a).any() and (np.abs(a[known] - b[known]) <= 1e-8 * scale + 1e-12).all())


def _factor(yours: Any, true: Any, of: Any) -> bool:
    """One constant factor at every point, neither 1 nor −1 nor 0."""
    with np.errstate(all="ignore"):
        ratios = (yours / true)[np.isfinite(true) & (np.abs(true) > 1e-9) & np.isfinite(yours)]
    if len(ratios) < 4 or abs(ratios[0]) < 1e-9:
        return False
    constant = bool(np.allclose(ratios, ratios[0], rtol=1e-8))
    return constant and _equal(yours, ratios[0] * true)


ROWS = (
    Misconception(
        "other-layout",
        "The entries are right, and stand the other way round: this is the transpose of the answer.",
        lambda yours, true, of: true.shape[-1] == true.shape[-2] > 1 and _equal(yours, true.swapaxes(-1, -2)),
    ),
    Misconception(
        "sign",
        "Everything is right but the sign. Where does a minus come in, or go out?",
        lambda yours, true, of: _equal(yours, -true),
    ),
    Misconception(
        "constant-factor",
        "Right up to a constant factor. Which constant comes down, or is there already?",
        _factor,
    ),
    Misconception(
        "undifferentiated",
        "This is the function itself. What is its derivative?",
        lambda yours, true, of: of is not None and _equal(yours, of),
    ),
)  # fmt: skip


AT_BOUNDARY = "Right at most points, wrong at a boundary of the cases. Where exactly does one case end?"
ONE_SIDED = "Right on one side of a kink, wrong on the other. What holds on the other side?"


def _one_sided(refuter: Refuter, yours: Any, true: Any) -> bool:
    """Whether the points at which an answer is right are those on one side of the question's kinks."""
    if true.ndim < 3 or refuter.margins.shape[1:] != (true.shape[-3],):
        return False
    axes = tuple(k for k in range(true.ndim) if k != true.ndim - 3)
    known = np.isfinite(true).all(axis=axes) & (refuter.margins != 0).all(axis=0)
    with np.errstate(all="ignore"):
        scale = np.maximum(np.abs(yours), np.abs(true))
        right = (np.abs(yours - true) <= 1e-8 * scale + 1e-12).all(axis=axes)[known]
    above = refuter.margins[:, known] > 0
    sides = [*above, *~above, above.all(axis=0), (~above).all(axis=0)] if len(above) else []
    return any((right == side).all() and 1 < side.sum() < len(side) - 1 for side in sides)


def named_by_values(question: Question, answer: Expr, refuter: Refuter) -> tuple[str, str]:
    """The first row that explains a wrong answer, as its code and sentence; `other` where none does."""
    points = refuter.base
    with np.errstate(all="ignore"):
        yours = refuter.value(answer, Floats(), points)
        true = refuter.truth[..., : points.count, :, :] if refuter.truth.ndim >= 3 else refuter.truth
        if refuter.truth.ndim >= 3 and refuter.truth.shape[-3] == 1:
            true = refuter.truth
        of = None
        if question.kind != "equals" and question.of.shape == question.expected:
            of = plain(evaluation(question, Floats(), points.sizes, points.values)(question.of))
        yours, true = np.broadcast_arrays(yours, true)
        if _equal(yours, true):
            return "missing-case", AT_BOUNDARY
        for row in ROWS:
            if row.shows(yours, true, of):
                return row.code, row.says
        if _one_sided(refuter, yours, true):
            return "missing-case", ONE_SIDED
    return "other", "This is not equal to the answer: here is a point where the two differ."
