"""The true answer, from the function itself.

In: a question, a number system, sizes and values. Out: the array of the true answer. The function is
evaluated on dual numbers over the system at hand: over floats to refute, over exact elements to prove.
Nothing here, and nothing it calls, knows a rule of matrix calculus.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation, Slot, arranged, depth, seed
from tutor.language.expr import Expr
from tutor.language.numbers import Array, Dual, Duals, Numbers, linear, plain
from tutor.marking.question import Question


def slots(question: Question, sizes: Mapping[str, int]) -> dict[str, Slot]:
    """An axis for each index that the question leaves free."""
    return {name: Slot(-4 - k, range(1, reach.at(sizes) + 1)) for k, (name, reach) in enumerate(question.free.items())}


def evaluation(
    question: Question, numbers: Numbers, sizes: Mapping[str, int], values: Mapping[str, Array]
) -> Evaluation:
    """An evaluation in which the question's own indices are bound."""
    bound = slots(question, sizes)
    return Evaluation(numbers, sizes, values, bound, len(bound))


def true_value(question: Question, numbers: Numbers, sizes: Mapping[str, int], values: Mapping[str, Array]) -> Array:
    """The array that a right answer has."""
    if question.kind == "equals":
        return evaluation(question, numbers, sizes, values)(question.of)
    assert question.wrt is not None
    if question.kind == "hessian":
        return _hessian(question, numbers, sizes, values)
    inside = seeded(question, numbers, sizes, values)
    return laid_out(question, inside(question.of), inside)


def seeded(question: Question, numbers: Numbers, sizes: Mapping[str, int], values: Mapping[str, Array]) -> Evaluation:
    """An evaluation on dual numbers in which the question's variable varies, in a direction for each entry."""
    assert question.wrt is not None
    name, target, by_columns = _target(question.wrt)
    rows, columns = target.shape.at(sizes)
    value = evaluation(question, numbers, sizes, values)(target)
    varying = seed(numbers, value, rows, columns, depth(question.of) + len(question.free), by_columns)
    return evaluation(question, Duals(numbers), sizes, {**values, name: varying})


def laid_out(question: Question, result: Array, inside: Evaluation) -> Array:
    """The derivatives in a dual as the question wants them: a matrix in its layout, or one entry."""
    assert question.wrt is not None
    if isinstance(result, Dual):
        # Where a function has no value it has no derivative: 1/x is that of log(x) for positive x only.
        result = Dual(result.value, result.tangent + (plain(result) - plain(result)))
    if question.kind == "entry":
        return _entry(question, result, inside, _target(question.wrt)[1].shape.at(inside.sizes)[1])
    return arranged(
        result, question.of, question.wrt, inside.sizes,
        gradient=question.kind == "gradient", denominator=question.layout == "denominator",
    )  # fmt: skip


def _target(wrt: Expr) -> tuple[str, Expr, bool]:
    """The name that varies, its expression, and whether its entries are counted column by column."""
    if isinstance(wrt, e.Apply):
        (inner,) = wrt.arguments
        assert isinstance(inner, e.Variable | e.Defined)
        return inner.name, inner, True
    base = wrt.base if isinstance(wrt, e.Entry) else wrt
    assert isinstance(base, e.Variable | e.Defined)
    return base.name, base, False


def _entry(question: Question, result: Array, inside: Evaluation, columns: int) -> Array:
    """The derivative along the direction that the question's indices name."""
    if not isinstance(result, Dual):
        return result * 0
    if not isinstance(question.wrt, e.Entry):
        return linear(lambda t: t[0], result.tangent)
    row, column = inside.place(question.wrt.row), inside.place(question.wrt.column)
    direction = (row - 1) * columns + column - 1

    def pick(t: Any) -> Any:
        place = direction.reshape(*[1] * (t.ndim - 1 - direction.ndim), *direction.shape)
        lead = np.broadcast_shapes(t.shape[1:], place.shape)
        spread = np.broadcast_to(t, (t.shape[0], *lead))
        return np.take_along_axis(spread, np.broadcast_to(place, lead)[None], axis=0)[0]

    return linear(pick, result.tangent)


def _hessian(question: Question, numbers: Numbers, sizes: Mapping[str, int], values: Mapping[str, Array]) -> Array:
    """Duals over duals: the second derivatives are the tangent of the tangent."""
    assert question.wrt is not None
    name, target, _ = _target(question.wrt)
    rows, columns = target.shape.at(sizes)
    axes = depth(question.of)
    once = seed(numbers, evaluation(question, numbers, sizes, values)(target), rows, columns, axes)
    twice = Dual(once, seed(numbers, once, rows, columns, axes + 1).tangent)
    result = evaluation(question, Duals(Duals(numbers)), sizes, {**values, name: twice})(question.of)
    count = rows * columns
    second = result.tangent if isinstance(result, Dual) else None
    if not isinstance(second, Dual):
        return numbers.filled(np.zeros((count, count), dtype=int))
    # (first directions, second directions, …, points, 1, 1) → (…, points, count, count)
    tangent = second.tangent + (plain(result) - plain(result))
    grid = np.broadcast_to(tangent, (count, count, *tangent.shape[2:]))[..., 0, 0]
    return np.moveaxis(grid, (0, 1), (-2, -1))
