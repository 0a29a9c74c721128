"""A difference → the point at which an answer is wrong, as it is told.

In: a question, and where an answer to it differs from the truth. Out: a Witness. Decided here: which entries count as
different, and what is rounding beside the numbers that it is compared with.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from tutor.language.numbers import Floats
from tutor.marking.question import Question
from tutor.marking.refute import Difference
from tutor.marking.truth import evaluation
from tutor.marking.verdict import Witness

_NOISE = 1e-13  # what rounding leaves of a zero, beside numbers of the size of one


def witness(question: Question, difference: Difference, is_constant: bool) -> Witness:
    """The point of a difference; `is_constant` says that the truth is the same at every point."""
    yours, true, indices = _matrix(question, difference)
    differs = [[not is_close(a, b) for a, b in zip(x, y, strict=True)] for x, y in zip(yours, true, strict=True)]
    if not any(map(any, differs)) and difference.gap is not None and difference.gap.shape == true.shape:
        differs = [[bool(gap) for gap in row] for row in difference.gap]
    first = next(((i, j) for i, row in enumerate(differs) for j, d in enumerate(row) if d), (0, 0))
    shape = f"{len(true)}×{len(true[0])}"
    return Witness(
        tuple(_values(question, difference)),
        shape,
        _rows(yours, beside=true),
        _rows(true, beside=yours),
        differs,
        (first[0] + 1, first[1] + 1),
        tuple(indices.items()),
        is_constant,
    )


def _matrix(question: Question, difference: Difference) -> tuple[Any, Any, dict[str, int]]:
    """The two matrices at the point; for free indices, at the first choice of them that differs."""
    yours, true = np.broadcast_arrays(difference.yours, difference.true)
    if yours.ndim == 2:
        return yours, true, {}
    flat_yours = yours.reshape(-1, *yours.shape[-2:])
    flat_true = true.reshape(-1, *true.shape[-2:])
    wrong = [
        not all(is_close(a, b) for a, b in zip(x.flat, y.flat, strict=True))
        for x, y in zip(flat_yours, flat_true, strict=True)
    ]
    chosen = wrong.index(True) if True in wrong else 0
    place = np.unravel_index(chosen, yours.shape[:-2])
    names = list(question.free)
    # The free index k stands at axis −3 − k here, the axis of points being gone.
    indices = {name: int(place[len(place) - 1 - k]) + 1 for k, name in enumerate(names) if len(place) > k}
    return flat_yours[chosen], flat_true[chosen], indices


def _values(question: Question, difference: Difference) -> list[tuple[str, Any, str]]:
    """Each variable and each definition: its name, its value, its shape."""
    told: list[tuple[str, Any, str]] = []
    point = difference.points.at(difference.point)
    for name, array in point.values.items():
        declared = question.scope.variables[name]
        if declared.items is not None:
            items = array[..., 0, :, :]
            shape = f"{items.shape[0]} items of {items.shape[1]}×{items.shape[2]}"
            told.append((name, [_plain_value(item) for item in items], shape))
        else:
            matrix = array[0]
            told.append((name, _plain_value(matrix), f"{matrix.shape[0]}×{matrix.shape[1]}"))
    for name, definition in question.scope.definitions.items():
        if definition.index is None:
            with np.errstate(all="ignore"):
                value = evaluation(question, Floats(), point.sizes, point.values)(definition.body)
            matrix = value.reshape(value.shape[-2:])
            told.append((name, _plain_value(matrix), f"{matrix.shape[0]}×{matrix.shape[1]}"))
    return told


def is_close(a: Any, b: Any) -> bool:
    """Whether floats do not tell two entries apart, or the true one, `b`, has no value."""
    return bool(abs(a - b) <= 1e-9 * max(abs(a), abs(b), 1e-12)) or (np.isnan(b))


def _number(value: Any) -> float | None:
    number = float(value)
    return number if np.isfinite(number) else None


def _rows(matrix: Any, beside: Any) -> list[list[float | None]]:
    """The entries; what rounding left of a zero, seen beside the matrix that it is compared with, is 0."""
    sizes = np.abs(np.concatenate([np.ravel(matrix), np.ravel(beside)]).astype(float))
    noise = _NOISE * min(1.0, np.max(sizes, initial=0.0, where=np.isfinite(sizes)))
    return [[0.0 if abs(float(x)) < noise else _number(x) for x in row] for row in matrix]


def _plain_value(matrix: Any) -> Any:
    """A number, a list for a column or a row, a list of rows for a matrix."""
    rows = [[_number(x) for x in row] for row in matrix]
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    if len(rows) == 1 or len(rows[0]) == 1:
        return [x for row in rows for x in row]
    return rows
