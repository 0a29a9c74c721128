"""Rule: the type of a row of the rules table, and how its formula is filled in.

In: a formula in the notation, in which `a` and `b` are the arguments, `y` the result and `d` a small change of
the argument that the row is about. Out: the change of the result, with the expressions at hand put in. A row
is a linear form in `d`, because Jacobians, adjoints and derivatives by a scalar can all be read off one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tutor.calculus import build
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.language.shape import ONE, Dim, Shape
from tutor.problem import Problem

Key = tuple[str, int]


@dataclass(frozen=True)
class Rule:
    """One row: an operation, the number of an argument (from 1), the formula, its sentence and its source.

    `types` declares the names of the formula as a lesson would. An empty formula says that the result is
    constant but for jumps.
    """

    operation: str
    argument: int
    formula: str
    types: str
    sentence: str
    source: str

    @property
    def key(self) -> Key:
        return self.operation, self.argument

    @cached_property
    def scope(self) -> Scope:
        declared = dict(part.strip().split(": ") for part in self.types.split(","))
        scope = Scope.declare(declared)
        assert not isinstance(scope, Problem), (self, scope)
        return scope

    @cached_property
    def template(self) -> Expr:
        """The formula as it was read."""
        result = read(self.formula, self.scope)
        assert not isinstance(result, Problem), (self, result)
        return result

    def at(self, values: Mapping[str, Expr], function: tuple[str, int] | None = None) -> Expr:
        """The formula with expressions put in for its names; `function` is what `f` stands for, and its order."""
        sizes: dict[str, Dim] = {}
        for name, declared in self.scope.variables.items():
            if name in values:
                for dim, actual in zip(declared.shape.dims, values[name].shape.dims, strict=True):
                    if dim.lone:
                        sizes.setdefault(dim.lone, actual)
        return _filled(self.template, values, sizes, function)


def _filled(
    node: Expr, values: Mapping[str, Expr], sizes: Mapping[str, Dim], function: tuple[str, int] | None
) -> Expr:
    match node:
        case e.Variable(name=name):
            return values[name]
        case e.Size(dim=dim):
            return build.size(_dim(dim, sizes))
        case e.Filled(name=name, shape=shape):
            actual = Shape(_dim(shape.rows, sizes), _dim(shape.columns, sizes))
            return build.identity(actual.rows) if name == "eye" else build.ones(actual)
        case e.Function(name="f", order=order, argument=argument) if function is not None:
            inner = _filled(argument, values, sizes, function)
            return e.Function(function[0], function[1] + order, inner, shape=inner.shape)
    return _as_scalar(build.same(node, lambda part: _filled(part, values, sizes, function)))


_OF_SCALARS = {"hadamard": "times", "over": "divide", "powers": "power"}


def _as_scalar(node: Expr) -> Expr:
    """An operation entry by entry, in the plain spelling where there is one entry."""
    if isinstance(node, e.Apply) and node.shape.is_scalar and node.operation.name in _OF_SCALARS:
        return build.apply(_OF_SCALARS[node.operation.name], *node.arguments)
    return node


def _dim(dim: Dim, sizes: Mapping[str, Dim]) -> Dim:
    total = Dim(())
    for names, coefficient in dim.terms:
        term = Dim.of(coefficient)
        for name in names:
            term = term * sizes.get(name, ONE)
        total = total + term
    return total
