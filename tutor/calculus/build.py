"""Expressions made in code: each operation's shape comes from its row of the operations table.

In: parts that fit. Out: an Expr. Raises `DoesNotFit` where a row's shape rule refuses the parts, which for a
formula of our own is a fault of the tutor.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce
from typing import TypeGuard

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import OPERATIONS
from tutor.language.shape import ONE, SCALAR, Dim, Shape, Sizes


class DoesNotFit(Exception):  # noqa: N818 - what happened, not what broke
    """The shapes of some parts do not fit the operation."""


def apply(name: str, *arguments: Expr) -> Expr:
    operation = OPERATIONS[name]
    shape = operation.shape(Sizes(), [a.shape for a in arguments])
    if isinstance(shape, str):
        raise DoesNotFit(f"{name}: {shape}")
    return e.Apply(operation, arguments, shape=shape)


def number(value: int | Fraction) -> Expr:
    return e.Number(Fraction(value))


ZERO, ONE_NUMBER, TWO = number(0), number(1), number(2)
LARGEST_POWER = 12
"""A matrix to a higher power is not taken apart: its derivative has as many terms as there are factors."""


def size(dim: Dim) -> Expr:
    """A size as a number."""
    return e.Size(dim) if dim.constant is None else number(dim.constant)


def identity(dim: Dim) -> Expr:
    return ONE_NUMBER if dim == ONE else e.Filled("eye", shape=Shape(dim, dim))


def zeros(shape: Shape) -> Expr:
    return ZERO if shape.is_scalar else e.Filled("zeros", shape=shape)


def ones(shape: Shape) -> Expr:
    """Ones of a shape; a row of them is a transposed column, `𝟏ᵀ`."""
    if shape.is_scalar:
        return ONE_NUMBER
    if shape.is_row:
        return apply("transpose", e.Filled("ones", shape=shape.transposed))
    return e.Filled("ones", shape=shape)


def product(factors: Sequence[Expr]) -> Expr:
    """The product from the left."""
    return reduce(lambda a, b: apply("times", a, b), factors)


def total(terms: Sequence[Expr]) -> Expr:
    return reduce(lambda a, b: apply("add", a, b), terms)


def summed_over(node: e.Sum, body: Expr) -> Expr:
    """The same sum, of something else."""
    return e.Sum(node.index, node.lower, node.upper, body, shape=body.shape)


def transposed(expr: Expr) -> Expr:
    if expr.shape.is_scalar:
        return expr
    if is_apply(expr, "transpose"):
        return arguments(expr)[0]
    return apply("transpose", expr)


def minus(expr: Expr) -> Expr:
    return number(-expr.value) if isinstance(expr, e.Number) else apply("negative", expr)


def as_column(expr: Expr) -> Expr:
    """A column as it is, a row turned; the vec of a matrix."""
    if expr.shape.is_column:
        return expr
    return transposed(expr) if expr.shape.is_row else apply("vec", expr)


def is_vector(shape: Shape) -> bool:
    return shape.is_column or shape.is_row


def entries(shape: Shape) -> Dim:
    return shape.rows * shape.columns


def is_apply(expr: Expr, *names: str) -> TypeGuard[e.Apply]:
    return isinstance(expr, e.Apply) and expr.operation.name in names


def arguments(expr: Expr) -> tuple[Expr, ...]:
    assert isinstance(expr, e.Apply)
    return expr.arguments


def is_filled(expr: Expr, name: str) -> bool:
    return isinstance(expr, e.Filled) and expr.name == name


def is_ones(expr: Expr) -> bool:
    return is_filled(expr, "ones") or (is_apply(expr, "transpose") and is_filled(arguments(expr)[0], "ones"))


def is_zero(expr: Expr) -> bool:
    return (isinstance(expr, e.Number) and expr.value == 0) or is_filled(expr, "zeros")


def same(expr: Expr, change: Callable[[Expr], Expr]) -> Expr:
    """The node with its parts changed and the shapes worked out again."""
    new = e.rebuilt(expr, change)
    if new is expr:
        return expr
    if isinstance(new, e.Apply):
        return apply(new.operation.name, *new.arguments)
    if isinstance(new, e.Function):
        return e.Function(new.name, new.order, new.argument, shape=new.argument.shape)
    if isinstance(new, e.Sum):
        return e.Sum(new.index, new.lower, new.upper, new.body, shape=new.body.shape)
    if isinstance(new, e.Cases):
        values = [value for value, _ in new.branches] + ([new.otherwise] if new.otherwise is not None else [])
        shape = next((v.shape for v in values if not v.shape.is_scalar), SCALAR)
        return e.Cases(new.branches, new.otherwise, shape=shape)
    return new


def replaced(expr: Expr, old: Expr, new: Expr) -> Expr:
    """The expression with every part that equals `old` replaced, those inside definitions left alone."""
    if expr == old:
        return new
    if isinstance(expr, e.Defined):
        return expr
    return same(expr, lambda part: replaced(part, old, new))


def put_index(expr: Expr, name: str, value: Expr) -> Expr:
    """The expression with a value in place of an index, inside definitions too."""
    if isinstance(expr, e.Index) and expr.name == name:
        return value
    return e.rebuilt(expr, lambda part: put_index(part, name, value))


def has_index(expr: Expr, name: str) -> bool:
    return any(isinstance(node, e.Index) and node.name == name for node in e.walk(expr))


def is_wide(factor: Expr) -> bool:
    """Whether a diag makes a matrix of a vector."""
    return not factor.shape.is_column
