"""How long an expression is, in the words and signs that a line of it takes.

In: an Expr. Out: a number of tokens, as near as its structure tells; what is shorter is easier to read.
"""

from __future__ import annotations

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operation import Form, Level


def length(expr: Expr) -> int:
    return _length(expr)


def _length(expr: Expr) -> int:
    match expr:
        case e.Number(value=value):
            return 1 + 2 * (value.denominator != 1) + (value < 0)
        case e.Size(dim=dim):
            return max(1, 2 * len(dim.terms) - 1)
        case e.Variable(item=item) | e.Defined(item=item):
            return 1 if item is None else 2
        case e.Index():
            return 1
        case e.Filled(shape=shape):
            return 1 if expr.name == "eye" or shape.is_column else 6
        case e.Unit():
            return 6
        case e.Entry(base=base):
            return _factor(base) + 1
        case e.Function(argument=argument):
            return 4 + _length(argument)
        case e.Sum(body=body):
            return 2 + _factor(body)
        case e.Cases(branches=branches, otherwise=otherwise):
            inner = sum(_length(v) + _length(c) + 1 for v, c in branches)
            return inner + (1 + _length(otherwise) if otherwise is not None else 1)
        case e.Blocks(rows=rows):
            return 1 + sum(1 + _length(part) for row in rows for part in row)
        case e.Apply(operation=operation, arguments=parts):
            return _applied(operation.name, operation.form, operation.level, parts)
    return 1 + sum(_length(part) for part in e.children(expr))


def _applied(name: str, form: Form, level: Level, parts: tuple[Expr, ...]) -> int:
    if name == "times":
        return sum(_factor(p) for p in parts)
    if name == "dot":
        return 1 + sum(_factor(p) for p in parts)
    if form is Form.INFIX and level is Level.SUM:
        return 1 + sum(_length(p) for p in parts)
    if form is Form.INFIX or form is Form.FRACTION:
        return 1 + sum(_factor(p) for p in parts)
    if form is Form.POWER:
        return 1 + sum(_factor(p) for p in parts)
    if form is Form.POSTFIX:
        return 1 + (_factor(parts[0]) if not _is_product(parts[0]) else 2 + _length(parts[0]))
    if form is Form.PREFIX:
        return 1 + _factor(parts[0])
    if form is Form.BARS:
        return 2 + _length(parts[0])
    return 2 + sum(1 + _length(p) for p in parts)


def _is_product(expr: Expr) -> bool:
    return isinstance(expr, e.Apply) and expr.operation.name == "times"


def _factor(expr: Expr) -> int:
    """The length as a factor, with the parentheses that a sum or a dot product needs there."""
    loose = isinstance(expr, e.Apply) and expr.operation.form is Form.INFIX and expr.operation.name != "times"
    return _length(expr) + 2 * (loose or isinstance(expr, e.Cases))
