"""Derivatives from the inside out: Jacobians of columns and scalars, changes of matrices.

In: an expression and what the variable changes by. Out: the change of the expression, or its Jacobian, with a
note of each part on the way. A part that is a column or a scalar has a Jacobian; one that is a matrix has a
change, a formula that is linear in the variable's own change.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tutor.calculus import build
from tutor.calculus.build import apply
from tutor.calculus.linear import Jacobian
from tutor.calculus.rule import Rule
from tutor.calculus.rules import Rules
from tutor.calculus.tidy import Tidy
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.shape import Shape


class Lacks(Exception):  # noqa: N818 - what happened, not what broke
    """An operation that there is no rule for; the argument is its name."""


@dataclass(frozen=True)
class Change:
    """How an argument of a part enters: its rule's formula, in a placeholder for the argument's change."""

    by: Expr
    rule: Rule
    formula: Expr
    placeholder: Expr


@dataclass(frozen=True)
class Part:
    """A part of the expression that was differentiated: how, and the derivative before and after tidying."""

    node: Expr
    changes: tuple[Change, ...]
    raw: Expr
    result: Expr
    rewrites: tuple[str, ...] = ()


def is_leaf(node: Expr, wrt: Expr) -> bool:
    return (
        isinstance(node, e.Variable | e.Defined)
        and isinstance(wrt, e.Variable | e.Defined)
        and node.name == wrt.name
        and node.item is None
    )


class Calculus:
    """What forward and reverse share: the rules, which parts depend on the variable, and each part's changes."""

    def __init__(self, wrt: Expr, rules: Rules, tidied: Tidy) -> None:
        self.wrt, self.rules, self.tidied = wrt, rules, tidied
        self.named: dict[Expr, Expr] = {}
        self.parts: dict[Expr, Part] = {}
        self._active: dict[Expr, bool] = {}

    def noted(self, node: Expr, changes: tuple[Change, ...], raw: Expr) -> Expr:
        """The tidy form of a part's derivative; the part is kept for the working."""
        self.tidied.fired.clear()
        result = self.tidied(raw)
        self.parts.pop(node, None)
        self.parts[node] = Part(node, changes, raw, result, tuple(self.tidied.fired))
        return result

    def is_active(self, node: Expr) -> bool:
        if node not in self._active:
            leaf = is_leaf(node, self.wrt)
            self._active[node] = leaf or any(self.is_active(part) for part in e.children(node))
        return self._active[node]

    def changes(self, node: Expr) -> Iterator[Change]:
        """A change for each argument that depends on the variable."""
        match node:
            case e.Apply() if is_squared_norm(node):
                yield from self._change(node, "squared norm", 0, build.arguments(build.arguments(node)[0]))
            case e.Apply(operation=operation, arguments=parts):
                for k, part in enumerate(parts):
                    if self.is_active(part):
                        yield from self._change(node, operation.name, k, parts)
            case e.Function(argument=argument, name=name, order=order):
                rule = self._rule("f", 1)
                d = _placeholder(argument.shape)
                formula = rule.at({"a": argument, "b": argument, "y": node, "d": d}, (name, order))
                yield Change(argument, rule, formula, d)
            case e.Entry(base=base, row=row, column=column):
                d = _placeholder(base.shape)
                yield Change(base, _ENTRY, e.Entry(d, row, column), d)
            case _:
                raise Lacks(type(node).__name__.lower())

    def _rule(self, name: str, argument: int) -> Rule:
        rule = self.rules.get((name, argument))
        if rule is None:
            raise Lacks(name)
        return rule

    def _change(self, node: Expr, name: str, k: int, parts: tuple[Expr, ...]) -> Iterator[Change]:
        rule = self._rule(name, k + 1)
        if not rule.formula:
            return
        if name == "power" and not node.shape.is_scalar:
            raise Lacks(f"a power of a matrix above {build.LARGEST_POWER}")
        d = _placeholder(parts[k].shape)
        values = {"a": parts[0], "b": parts[-1], "y": self.named.get(node, node), "d": d}
        formula = rule.at(values)
        if formula.shape.is_scalar and not node.shape.is_scalar:
            formula = apply("times", build.ones(node.shape), formula)
        yield Change(parts[k], rule, formula, d)


def is_squared_norm(node: Expr) -> bool:
    """‖x‖², which has a rule of its own: by the power rule it would have no derivative at 0."""
    if not build.is_apply(node, "power"):
        return False
    base, exponent = build.arguments(node)
    return build.is_apply(base, "norm") and exponent == build.TWO


def _placeholder(shape: Shape) -> Expr:
    return e.Variable("·", shape=shape)


_ENTRY = Rule(
    "entry", 1, "unit(1)'d", "d: vector 1",
    "An entry's derivative is a 1 at its place: a row of the identity.", "MC 2",
)  # fmt: skip


class Forward(Calculus):
    """`leaf` is what the variable changes by: 1 for a scalar, a unit vector, or a name for any change."""

    def __init__(self, wrt: Expr, leaf: Expr, rules: Rules, tidied: Tidy) -> None:
        super().__init__(wrt, rules, tidied)
        self.leaf = leaf
        self._changes: dict[Expr, Expr | None] = {}
        self._jacobians: dict[Expr, Expr | None] = {}

    # -- changes ------------------------------------------------------------------------------------------------

    def change(self, node: Expr) -> Expr | None:
        """By how much a part changes; None where it does not."""
        if node not in self._changes:
            self._changes[node] = self._changed(node)
        return self._changes[node]

    def _changed(self, node: Expr) -> Expr | None:
        if is_leaf(node, self.wrt):
            return self.leaf
        if not self.is_active(node):
            return None
        if isinstance(node, e.Defined):
            self.named[node.body] = node
            return self.change(node.body)
        changes: tuple[Change, ...] = ()
        raw: Expr | None
        match node:
            case e.Sum(body=body):
                inner = self.change(body)
                raw = None if inner is None else build.summed_over(node, inner)
            case e.Cases():
                raw = self._cases(node, self.change)
            case e.Blocks():
                raw = self._blocks(node)
            case _:
                changes = tuple(self.changes(node))
                terms = [build.replaced(c.formula, c.placeholder, d) for c in changes if (d := self.change(c.by))]
                raw = build.total(terms) if terms else None
        return None if raw is None else self._noted(node, changes, raw)

    def _noted(self, node: Expr, changes: tuple[Change, ...], raw: Expr) -> Expr | None:
        result = self.noted(node, changes, raw)
        return None if build.is_zero(result) else result

    def _cases(self, node: e.Cases, derivative: Callable[[Expr], Expr | None]) -> Expr | None:
        made = [(derivative(value), condition) for value, condition in node.branches]
        last = None if node.otherwise is None else derivative(node.otherwise)
        known = next((d for d in [*(d for d, _ in made), last] if d is not None), None)
        if known is None:
            return None
        zero = build.zeros(known.shape)
        branches = tuple((d if d is not None else zero, condition) for d, condition in made)
        rest = None if node.otherwise is None else (last if last is not None else zero)
        return e.Cases(branches, rest, shape=known.shape)

    def _blocks(self, node: e.Blocks) -> Expr:
        rows = tuple(tuple(self.change(part) or build.zeros(part.shape) for part in row) for row in node.rows)
        return e.Blocks(rows, shape=node.shape)

    # -- Jacobians ----------------------------------------------------------------------------------------------

    @property
    def width(self) -> Shape:
        size = build.entries(self.leaf.shape)
        return Shape(size, size)

    def jacobian(self, node: Expr) -> Expr | None:
        """The Jacobian of vec(node) by vec of the variable; None where it is 0."""
        if node not in self._jacobians:
            self._jacobians[node] = self._jacobian(node)
        return self._jacobians[node]

    def _jacobian(self, node: Expr) -> Expr | None:
        if is_leaf(node, self.wrt):
            return build.identity(self.width.rows)
        if not self.is_active(node):
            return None
        if isinstance(node, e.Defined):
            self.named[node.body] = node
            return self.jacobian(node.body)
        changes: tuple[Change, ...] = ()
        raw: Expr | None
        match node:
            case e.Sum(body=body):
                inner = self.jacobian(body)
                raw = None if inner is None else build.summed_over(node, inner)
            case e.Cases():
                raw = self._cases(node, lambda value: self._spread(value, node.shape))
            case e.Blocks():
                raw = self._stacked(node)
            case _:
                changes = tuple(self.changes(node))
                terms = [J for c in changes if (J := self._through(c)) is not None]
                raw = build.total(terms) if terms else None
        return None if raw is None else self._noted(node, changes, raw)

    def _through(self, change: Change) -> Expr | None:
        """The chain rule for one argument."""
        by = change.by
        if build.is_vector(by.shape) and not _is_formal(by, self.wrt):
            J = self.jacobian(by)
            return None if J is None else Jacobian(change.placeholder, J)(change.formula)
        d = self.formal(by)
        if d is None:
            return None
        whole = self.tidied(build.replaced(change.formula, change.placeholder, d))
        return Jacobian(self.leaf, build.identity(self.width.rows))(whole)

    def formal(self, node: Expr) -> Expr | None:
        """A part's change by way of its Jacobian, where it has one."""
        if is_leaf(node, self.wrt):
            return self.leaf
        if not build.is_vector(node.shape):
            return self._formal_change(node)
        J = self.jacobian(node)
        if J is None:
            return None
        made = apply("times", J, build.as_column(self.leaf))
        return build.transposed(made) if node.shape.is_row and not node.shape.is_scalar else made

    def _formal_change(self, node: Expr) -> Expr | None:
        if not self.is_active(node):
            return None
        if isinstance(node, e.Defined):
            self.named[node.body] = node
            return self._formal_change(node.body)
        changes: tuple[Change, ...] = ()
        raw: Expr | None
        match node:
            case e.Sum(body=body):
                inner = self.formal(body)
                raw = None if inner is None else build.summed_over(node, inner)
            case e.Cases():
                raw = self._cases(node, self.formal)
            case e.Blocks(rows=rows):
                made = tuple(tuple(self.formal(part) or build.zeros(part.shape) for part in row) for row in rows)
                raw = e.Blocks(made, shape=node.shape)
            case _:
                changes = tuple(self.changes(node))
                terms = [build.replaced(c.formula, c.placeholder, d) for c in changes if (d := self.formal(c.by))]
                raw = build.total(terms) if terms else None
        return None if raw is None else self._noted(node, changes, raw)

    def _spread(self, part: Expr, shape: Shape) -> Expr | None:
        J = self.jacobian(part)
        if J is None or shape.is_scalar or not part.shape.is_scalar:
            return J
        return apply("times", build.as_column(build.ones(shape)), J)

    def _stacked(self, node: e.Blocks) -> Expr:
        if len(node.rows) > 1 and not node.shape.is_column:  # vec goes column by column
            raise Lacks("a matrix of parts")
        made: list[tuple[Expr, ...]] = []
        for part in (item for row in node.rows for item in row):
            J = self.jacobian(part)
            zero = build.zeros(Shape(build.entries(part.shape), self.width.columns))
            made.append((J if J is not None else zero,))
        height = sum((row[0].shape.rows for row in made[1:]), made[0][0].shape.rows)
        return e.Blocks(tuple(made), shape=Shape(height, self.width.columns))


def _is_formal(node: Expr, wrt: Expr) -> bool:
    """The variable itself, where it is a matrix that a rule takes as it is."""
    return is_leaf(node, wrt) and not build.is_vector(wrt.shape)
