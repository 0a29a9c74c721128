"""Answers by entries: `J_ij = δ_ij`, `∂y_i/∂x_j = …` give a whole matrix.

In: a question and the two sides of an equation. Out: the matrix, as a sum over basis matrices; a problem; or
None where the left side does not name an entry.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from tutor.language import expr as e
from tutor.language import syntax as s
from tutor.language.expr import Expr
from tutor.language.layout import NUMERATOR
from tutor.language.operations import OPERATIONS
from tutor.language.read import read_syntax
from tutor.language.shape import ONE, SCALAR, Shape
from tutor.problem import Problem
from tutor.source import Span

if TYPE_CHECKING:
    from tutor.marking.question import Question

_MATRICES = frozenset({"J", "H", "G"})


def by_entries(question: Question, left: s.Node, right: s.Node, answer: str) -> Expr | Problem | None:
    """The matrix whose entry on the left has the value on the right."""
    if question.expected.is_scalar or question.kind in {"entry", "equals"}:
        return None
    place = _named_entry(question, left) or _partial_entry(question, left, answer)
    if place is None:
        return None
    row, column = place
    rows, columns = question.expected.dims
    ranges = {name: reach for name, reach in ((row, rows), (column, columns)) if name is not None}
    scope = question.scope.binding(ranges)
    body = read_syntax(right, answer, scope, SCALAR)
    if isinstance(body, Problem):
        return body
    if not body.shape.is_scalar:
        return Problem("shape-conflict", f"One entry is a scalar, and this is {body.shape.described}.", right.span)
    return _matrix(body, row, column, question.expected, left.span.to(right.span))


def _named_entry(question: Question, left: s.Node) -> tuple[str | None, str | None] | None:
    """The indices of `J_ij`; of a row or a column one index is enough."""
    if not isinstance(left, s.Subscript) or not isinstance(left.base, s.Name):
        return None
    if left.base.text not in _MATRICES or left.base.text in question.scope.names:
        return None
    names = _letters(question, left)
    if names is None:
        return None
    if len(names) == 2:
        return names[0], names[1]
    if len(names) == 1 and question.expected.is_row:
        return None, names[0]
    return (names[0], None) if len(names) == 1 and question.expected.is_column else None


def _partial_entry(question: Question, left: s.Node, answer: str) -> tuple[str | None, str | None] | None:
    """The row and the column that `∂y_i/∂x_j` stands in."""
    if not isinstance(left, s.Derivative) or question.wrt is None:
        return None
    of = _indices(question, left.of, question.of, answer)
    by = _indices(question, left.wrt, question.wrt, answer)
    if of is None or by is None or not (of or by):
        return None
    if len(of) <= 1 and len(by) <= 1:
        row, column = (of[0] if of else None), (by[0] if by else None)
    elif not of and len(by) == 2:
        # A scalar by a matrix lies transposed in numerator layout.
        column, row = by
    elif len(of) == 2 and not by:
        row, column = of
    else:
        return None
    if question.kind == "gradient":
        return column, row
    return (row, column) if question.layout == NUMERATOR else (column, row)


def _indices(question: Question, node: s.Node, meant: Expr, answer: str) -> list[str] | None:
    """The index letters below a part of the question; None where it is no part of it."""
    base = node.base if isinstance(node, s.Subscript) else node
    value = read_syntax(base, answer, question.scope)
    if isinstance(value, Problem) or not same_meaning(value, meant):
        return None
    return _letters(question, node) if isinstance(node, s.Subscript) else []


def same_meaning(a: Expr, b: Expr) -> bool:
    """Whether two expressions are one, a defined name counting as what it stands for."""
    while isinstance(a, e.Defined) and not isinstance(b, e.Defined):
        a = a.body
    while isinstance(b, e.Defined) and not isinstance(a, e.Defined):
        b = b.body
    return a == b


def _letters(question: Question, node: s.Subscript) -> list[str] | None:
    names = [i.text for i in node.indices if isinstance(i, s.Name) and i.text not in question.scope.variables]
    return names if len(names) == len(node.indices) and len(set(names)) == len(names) else None


def _matrix(body: Expr, row: str | None, column: str | None, shape: Shape, span: Span) -> Expr:
    """Σ_i Σ_j body · unit(i) unit(j)ᵀ."""
    times, transpose = OPERATIONS["times"], OPERATIONS["transpose"]
    result = body
    for name, reach, lies in ((column, shape.columns, True), (row, shape.rows, False)):
        if name is None:
            continue
        unit: Expr = e.Unit(e.Index(name, reach, span=span), shape=Shape(reach, ONE), span=span)
        if lies:
            unit = e.Apply(transpose, (unit,), shape=Shape(ONE, reach), span=span)
            made = Shape(ONE, reach)
            result = e.Apply(times, (result, unit), shape=made, span=span)
        else:
            made = Shape(reach, result.shape.columns)
            result = e.Apply(times, (unit, result), shape=made, span=span)
    for name, reach in ((column, shape.columns), (row, shape.rows)):
        if name is not None:
            lower = e.Number(Fraction(1), span=span)
            result = e.Sum(name, lower, e.Size(reach, span=span), result, shape=result.shape, span=span)
    return result
