"""To work out: the value of an expression, or of its derivative, at given values of its names.

In: a question, values for its names, a tolerance. Out: whether an answer, a number or a vector of numbers, is that
value. The decision owned here: the truth is worked out from the values, as for every question; an answer may
be any expression of numbers; three right digits are enough unless the tolerance says otherwise.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation, OutOfRange, TooLargeToEvaluate
from tutor.language.expr import Expr
from tutor.language.lexicon import canonical
from tutor.language.numbers import Floats, plain
from tutor.language.read import read
from tutor.language.scope import LARGEST_SIZE, Declared, Scope
from tutor.language.shape import Dim, Shape
from tutor.language.show import show
from tutor.marking.choice import unreadable
from tutor.marking.question import Question
from tutor.marking.reply import Reply
from tutor.marking.task import Tell, base, wrong
from tutor.marking.truth import true_value
from tutor.problem import Problem

DIGITS = 0.002
"""The part of a number by which an answer may miss it: 0.333 is a third, and 0.33 is not."""

NEARLY = 0.05
_FAILS = (OutOfRange, TooLargeToEvaluate, OverflowError, ZeroDivisionError, MemoryError)


@dataclass(frozen=True)
class Value:
    """A question at values: arrays for its names, numbers for its sizes. Without a `tolerance`, three digits count."""

    question: Question
    sizes: Mapping[str, int]
    values: Mapping[str, Any]
    tolerance: float | None

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Value | Problem:
        ask = request["ask"]
        at, tolerance = ask.get("at") or {}, ask.get("tolerance")
        if not isinstance(at, Mapping) or not all(isinstance(v, str | int | float) for v in at.values()):
            return wrong("‘at’ must map names to numbers, vectors and matrices, as texts.")
        if tolerance is not None and not (_is_number(tolerance) and float(tolerance) > 0):
            return wrong("‘tolerance’ must be a number above 0.")
        question = base(request, ask["value"], ask.get("wrt"))
        if isinstance(question, Problem):
            return question
        given = _given(question, {canonical(str(name)): str(text) for name, text in at.items()})
        if isinstance(given, Problem):
            return given
        made = cls(question, *given, None if tolerance is None else float(tolerance))
        return wrong("This has no value there.") if made.truth is None else made

    @cached_property
    def truth(self) -> Any:
        """The true matrix of numbers; None where there is no value at this point."""
        try:
            with np.errstate(all="ignore"):
                value = plain(true_value(self.question, Floats(), self.sizes, self.values))
        except _FAILS:
            return None
        rows, columns = self.question.expected.at(self.sizes)
        found = np.broadcast_to(value.reshape(value.shape[-2:]), (rows, columns))
        return found if np.isfinite(found).all() else None

    @property
    def reference(self) -> str:
        """The value, with six digits, as one would type it."""
        rows = "; ".join(", ".join(f"{float(number):.6g}" for number in row) for row in self.truth)
        return rows if self.truth.size == 1 else f"[{rows}]"

    @property
    def expected(self) -> Shape:
        """The shape of the value, in numbers."""
        rows, columns = self.question.expected.at(self.sizes)
        return Shape(Dim.of(rows), Dim.of(columns))

    def read(self, answer: str) -> Expr | Problem | None:
        return read(answer, Scope(numbers=self.question.scope.numbers), self.expected)

    def judge(self, answer: str, tell: Tell) -> Reply:
        found = self.read(answer)
        if found is None or isinstance(found, Problem):
            return unreadable(found or Problem("syntax", "A number is missing here."))
        yours = number_rows(found)
        if yours is None:
            return unreadable(Problem("syntax", "This has no value.", found.span))
        expected = self.expected
        told: dict[str, Any] = {"read_as": show(found), "shape": str(found.shape), "expected_shape": str(expected)}
        if expected.is_column and yours.shape == self.truth.T.shape:
            yours = yours.T  # a column of numbers is mostly written on one line
            told["shape"] = told["expected_shape"]
        if yours.shape != self.truth.shape:
            if yours.shape == self.truth.T.shape and self._is_right(yours.T).all():
                message = "The numbers are right, and lie the other way."
                return Reply("incorrect", code="other-layout", message=message, **told)
            message = f"The shape should be {expected}, and this is {found.shape}."
            return Reply("incorrect", code="wrong-shape", message=message, **told)
        right = self._is_right(yours)
        if right.all():
            return Reply("correct", message="Right.", **told)
        cells = [["correct" if entry else "incorrect" for entry in row] for row in right]
        code, message = self._mistake(yours)
        return Reply("incorrect", code=code, message=message, cells=cells if right.size > 1 else None, **told)

    def _is_right(self, yours: Any) -> Any:
        slack = DIGITS * np.abs(self.truth) + 1e-9 if self.tolerance is None else self.tolerance * (1 + 1e-9)
        return np.abs(yours - self.truth) <= slack

    def _mistake(self, yours: Any) -> tuple[str, str]:
        if self._is_right(-yours).all():
            return "sign", "Right but for the sign."
        if (np.abs(yours - self.truth) <= NEARLY * np.abs(self.truth)).all():
            return "other", "Close, and not close enough: give more digits, or the number itself, such as 1/3."
        return "other", "This is another number." if yours.size == 1 else "Not all of these numbers are right."


def number_rows(found: Expr) -> Any:
    """The matrix of an expression of numbers; None where it has no value."""
    try:
        with np.errstate(all="ignore"):
            value = plain(Evaluation(Floats(), {}, {})(found))
    except _FAILS:
        return None
    rows, columns = found.shape.at({})
    matrix = np.broadcast_to(value.reshape(value.shape[-2:]), (rows, columns)).astype(float)
    return matrix if np.isfinite(matrix).all() else None


def _given(question: Question, at: Mapping[str, str]) -> tuple[dict[str, int], dict[str, Any]] | Problem:
    """The sizes and the arrays that `at` gives, or what is wrong with it."""
    variables = question.scope.variables
    sizes: dict[str, int] = {}
    values: dict[str, Any] = {}
    for name, text in at.items():
        found = read(text, Scope(numbers=question.scope.numbers))
        matrix = None if isinstance(found, Problem) else number_rows(found)
        if matrix is None:
            return wrong(f"In ‘at: {name}: {text[:60]}’: this should be a number, a vector [1, 2] or a matrix.")
        if name in question.scope.sizes and name not in variables:
            if matrix.shape != (1, 1) or matrix[0, 0] != int(matrix[0, 0]) or not 1 <= matrix[0, 0] <= LARGEST_SIZE:
                return wrong(f"‘at’ gives the size {name} as {text[:20]}: a size is a whole number from 1.")
            met = _meet(Dim.of(name), int(matrix[0, 0]), sizes)
        elif name not in variables or variables[name].is_function:
            return wrong(f"‘at’ gives a value to {name}, which is no declared variable.")
        else:
            values[name], met = _fitted(matrix, variables[name], sizes)
        if not met:
            return wrong(f"‘at’ gives {name} a shape that does not fit its declaration or the other values.")
    missing = sorted(set(_needed(question)) - {*values, *sizes})
    if missing:
        return wrong(f"‘at’ gives no value for {', '.join(missing)}.")
    return sizes, values


def _fitted(matrix: Any, declared: Declared, sizes: dict[str, int]) -> tuple[Any, bool]:
    """The values of a variable with the axes that evaluation wants, and whether they fit; sizes are noted."""
    rows, columns = declared.shape.dims
    if declared.items is not None:
        items = matrix.T if declared.shape.is_scalar and matrix.shape[0] == 1 else matrix
        flat = columns if declared.shape.is_row else rows
        fits = _meet(declared.items, items.shape[0], sizes) and _meet(flat, items.shape[1], sizes)
        stacked = items[:, None, None, :] if declared.shape.is_row else items[:, None, :, None]
        return stacked, fits and (declared.shape.is_row or declared.shape.is_column)
    if declared.shape.is_column and matrix.shape[0] == 1:
        matrix = matrix.T  # [1, 2] for a vector, as everyone writes it
    return matrix[None], _meet(rows, matrix.shape[0], sizes) and _meet(columns, matrix.shape[1], sizes)


def _meet(dim: Dim, count: int, sizes: dict[str, int]) -> bool:
    """Whether a size can be this number, given the others; a new name is noted."""
    if dim.lone and dim.lone not in sizes:
        sizes[dim.lone] = count
    return dim.names <= sizes.keys() and dim.at(sizes) == count


def _needed(question: Question) -> Iterator[str]:
    """The variables and sizes without which the question has no value."""
    for part in (question.of, question.wrt):
        for node in e.walk(part) if part is not None else ():
            if isinstance(node, e.Variable):
                yield node.name
            elif isinstance(node, e.Size):
                yield from node.dim.names
    yield from question.expected.rows.names | question.expected.columns.names


def _is_number(value: object) -> bool:
    if isinstance(value, bool):
        return False
    try:
        return bool(np.isfinite(float(value)))  # type: ignore[arg-type]
    except (TypeError, ValueError):
        return False
