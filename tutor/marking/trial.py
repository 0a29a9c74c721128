"""A question at some points, with whatever was evaluated there kept: where explanations of a mistake are tried.

In: a question, and the points of a refuter. Out: the values there of formulas, of the derivative with one rule bent,
and of the derivative by a part. The decision owned here: many formulas that differ in one place are evaluated,
so that the values of every part are kept, and only what lies above a change is worked out again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, reduce
from typing import Any

import numpy as np

from tutor.calculus.build import DoesNotFit
from tutor.language import expr as e
from tutor.language.evaluate import Evaluation, OutOfRange, TooLargeToEvaluate, arranged, depth, seed
from tutor.language.expr import Expr
from tutor.language.numbers import Array, Dual, Duals, Floats, plain
from tutor.marking.bends import Bend
from tutor.marking.question import Question
from tutor.marking.refute import Refuter
from tutor.marking.sample import draw
from tutor.marking.truth import evaluation, laid_out, seeded, true_value

# Of a refuter's points: the plain ones, the positive ones and the small ones. The short numbers among them may lie on
# boundaries, where either side's value is right, and the large ones drown small terms.
_DRAWS = 2
CLOSE = 1e-8  # a part of two numbers by which they may differ
_FEW = 4  # so many numbers must be known at least
_TRIED = (8, 9, 10, 11, 12, 13, 14, 15, 16, -2, -1)
Path = tuple[Expr, ...]  # from a question's function down to a part of it
_ONES: Mapping[str, int] = dict.fromkeys("kmnpq", 1)  # the sizes of a rule's formula, whose arrays have their own


@dataclass
class _Kept(Evaluation):
    """An evaluation that keeps the value of every node, as long as the node is held."""

    kept: dict[Any, tuple[Expr, Array]] = field(default_factory=dict)

    def __call__(self, node: Expr) -> Array:
        key = (id(node), tuple(self.slots.items())) if self.slots else id(node)
        found = self.kept.get(key)
        if found is None:
            found = self.kept[key] = node, super().__call__(node)
        return found[1]


@dataclass
class _Bent(_Kept):
    """One in which something else happens at one node, and nothing above that node is taken from what was kept."""

    above: frozenset[int] = frozenset()
    at: frozenset[int] = frozenset()
    bend: Any = None  # what happens there: from this evaluation and the node to a value

    def __call__(self, node: Expr) -> Array:
        if id(node) in self.at:
            return self.bend(self, node)
        if id(node) in self.above:
            return Evaluation.__call__(self, node)
        return super().__call__(node)

    def defined(self, node: e.Defined) -> Array:
        if node.item is None and node.name in self.values:
            return self.values[node.name]
        return self(node.body)


FAILS = (
    DoesNotFit, OutOfRange, TooLargeToEvaluate, OverflowError, ZeroDivisionError, ValueError, KeyError, TypeError,
    IndexError, np.linalg.LinAlgError, AttributeError,
)  # fmt: skip
"""What an explanation may end in that is none: it has no shape, or no value."""


def equal(a: Any, b: Any) -> bool:
    """Whether two values of one shape are equal wherever both are known."""
    if a.shape[-2:] != b.shape[-2:]:
        return False
    a, b = np.broadcast_arrays(a, b)
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < _FEW:
        return False
    scale = np.maximum(np.abs(a), np.abs(b))
    return bool((np.abs(a - b) <= CLOSE * scale + 1e-11)[known].all())


class Trial:
    """A question at the points of one refuter."""

    def __init__(self, question: Question, refuter: Refuter) -> None:
        self.question = question
        self.sizes = refuter.sizes
        dice = np.random.default_rng(refuter.seed)
        drawn = [draw(question.scope, self.sizes, dice) for _ in range(_DRAWS)]
        first, *more = [points.at([k % points.count for k in _TRIED]) for points in drawn]
        self.points = reduce(lambda some, others: some.with_more(others), more, first)
        self._weights: dict[tuple[int, ...], Any] = {}
        lead = [reach.at(self.sizes) for reach in question.free.values()]
        self.lead = tuple(reversed(lead))

    # -- values -----------------------------------------------------------------------------------------------------

    @cached_property
    def _floats(self) -> _Kept:
        base = evaluation(self.question, Floats(), self.points.sizes, self.points.values)
        return _Kept(base.numbers, base.sizes, base.values, base.slots, base.axes)

    def value(self, expr: Expr) -> Any:
        """The value of a formula, (…, points, rows, columns); raises what an evaluation raises."""
        shape = expr.shape.at(self.sizes)
        return self.full(plain(self._floats(expr)), shape)

    def full(self, value: Any, shape: tuple[int, int]) -> Any:
        """The value with an axis for each free index, and for the points, at its full size."""
        while value.ndim > 3 + len(self.lead):  # what is left of the axes of sums
            value = value[0]
        return np.broadcast_to(value, (*self.lead, self.points.count, *shape))

    def forget(self) -> None:
        """Drop the values of formulas, which are kept for one answer at a time."""
        self._floats.kept.clear()

    def signature(self, value: Any) -> Any:
        """One number for each point that stands for all entries: equal values have equal ones."""
        weights = self._weights.get(value.shape)
        if weights is None:
            dice = np.random.default_rng(len(value.shape) + sum(value.shape))
            weights = dice.uniform(0.5, 1.5, (*value.shape[:-3], 1, *value.shape[-2:]))
            self._weights[value.shape] = weights
        axes = tuple(k for k in range(value.ndim) if k != value.ndim - 3)
        return (value * weights).sum(axis=axes)

    # -- derivatives ------------------------------------------------------------------------------------------------

    @cached_property
    def _duals(self) -> _Kept:
        base = seeded(self.question, Floats(), self.points.sizes, self.points.values)
        return _Kept(base.numbers, base.sizes, base.values, base.slots, base.axes)

    @cached_property
    def true(self) -> Any:
        return self.derivative(self.question.of)

    def derivative(self, of: Expr) -> Any:
        """The derivative as it is asked for, of the question's function or of one of its shape."""
        question = self.question
        if question.kind == "equals":
            return self.value(of)
        result = plain(laid_out(question, self._duals(of), self._duals))
        return self.full(result, question.expected.at(self.sizes))

    def bent(self, paths: Sequence[Path], bend: Bend) -> Any:
        """The derivative with a bent rule at the end of each path from the question's function downwards."""
        return self.changed(paths, lambda inside, node: _mistaken(inside, node, bend))

    def kept(self, path: Path) -> Any:
        """The derivative with a part standing in the place of its own derivative."""

        def itself(inside: Evaluation, node: Expr) -> Array:
            value = plain(Evaluation.__call__(inside, node))
            assert isinstance(self._variable, Dual)
            directions = self._variable.tangent
            one = np.ones((directions.shape[0], *[1] * (directions.ndim - 1)))
            return Dual(value, value * one)

        return self.changed([path], itself)

    @cached_property
    def _variable(self) -> Array:
        assert self.question.wrt is not None
        return self._duals(self.question.wrt)

    def unchanged(self, paths: Sequence[Path]) -> Any:
        """The derivative with the derivative of a part taken as 1, entry by entry: the part as the variable itself."""

        def as_variable(inside: Evaluation, node: Expr) -> Array:
            assert isinstance(self._variable, Dual)
            return Dual(plain(Evaluation.__call__(inside, node)), self._variable.tangent)

        return self.changed(paths, as_variable)

    def with_value(self, paths: Sequence[Path], formula: Expr) -> Any:
        """What the question asks for, with a formula in the place of some parts of its function."""
        return self.changed(paths, lambda inside, node: inside(formula))

    def changed(self, paths: Sequence[Path], bend: Callable[[Evaluation, Expr], Array]) -> Any:
        """What the question asks for, where something else happens at the end of each path."""
        question = self.question
        base = self._floats_of_question if question.kind == "equals" else self._duals
        at = frozenset(id(path[-1]) for path in paths)
        above = frozenset(id(node) for path in paths for node in path[:-1])
        inside = _Bent(base.numbers, base.sizes, base.values, base.slots, base.axes, {}, base.kept, above, at, bend)
        if question.kind == "equals":
            return self.full(plain(inside(question.of)), question.expected.at(self.sizes))
        result = plain(laid_out(question, inside(question.of), inside))
        return self.full(result, question.expected.at(self.sizes))

    def by_part(self, path: Path) -> Any:
        """The derivative by a part of the function, as if it were the variable."""
        question, part = self.question, path[-1]
        rows, columns = part.shape.at(self.sizes)
        base = evaluation(question, Duals(Floats()), self.points.sizes, self.points.values)

        def varying(inside: Evaluation, node: Expr) -> Array:
            value = plain(Evaluation.__call__(inside, node))
            return seed(Floats(), value, rows, columns, depth(question.of) + len(question.free))

        inside = _Bent(
            base.numbers, base.sizes, base.values, base.slots, base.axes, {}, self._floats_of_question.kept,
            frozenset(map(id, path[:-1])), frozenset({id(part)}), varying,
        )  # fmt: skip
        result = inside(path[0])
        value = arranged(
            result, question.of, part, self.sizes,
            gradient=question.kind == "gradient", denominator=question.layout == "denominator",
        )  # fmt: skip
        value = plain(value)
        return self.full(value, value.shape[-2:])

    @cached_property
    def _floats_of_question(self) -> _Kept:
        base = self._floats
        return _Kept(base.numbers, base.sizes, base.values, base.slots, base.axes)

    def depends(self, formula: Expr | None, name: str) -> bool:
        """Whether a formula's value depends on a variable; None for the true answer."""
        with np.errstate(all="ignore"):
            values = {**self.points.values, name: np.roll(self.points.values[name], 1, axis=-3)}
            if formula is None:
                here, there = self.true, true_value(self.question, Floats(), self.sizes, values)
            else:
                here = self.value(formula)
                there = evaluation(self.question, Floats(), self.sizes, values)(formula)
            shape = here.shape[-2:]
            return not equal(here, self.full(plain(there), (int(shape[0]), int(shape[1]))))

    def by_other(self, wrt: Expr) -> Any:
        """The derivative by another variable, in the layout that the question has."""
        other = replace(self.question, wrt=wrt, expected=wrt.shape)
        inside = seeded(other, Floats(), self.points.sizes, self.points.values)
        value = plain(laid_out(other, inside(other.of), inside))
        return self.full(value, value.shape[-2:])


def _mistaken(inside: Evaluation, node: Expr, bend: Bend) -> Array:
    """The value of an operation with its derivative by a bent rule."""
    assert isinstance(node, e.Apply | e.Function)
    arguments = [inside(part) for part in (node.arguments if isinstance(node, e.Apply) else (node.argument,))]
    names = ("a", "b")
    if bend.template is not None:
        values = dict(zip(names, arguments, strict=False))
        return Evaluation(Duals(Floats()), _ONES, values)(bend.template)
    if bend.name == "doubled" and not all(isinstance(argument, Dual) for argument in arguments):
        raise ValueError("one factor alone varies")
    values = {name: plain(argument) for name, argument in zip(names, arguments, strict=False)}
    numbers = Duals(Floats())
    y = _result(numbers, node, [plain(argument) for argument in arguments])
    tangent: Any = 0.0 * y[None]
    for k, argument in enumerate(arguments):
        if not isinstance(argument, Dual):
            continue
        formula, template = bend.formulas[k], bend.templates[k]
        if formula is None:
            alone = [argument if j == k else plain(other) for j, other in enumerate(arguments)]
            part = _result(numbers, node, alone)
            tangent = tangent + (part.tangent if isinstance(part, Dual) else 0.0)
        elif template is not None:
            template = _named(template, node)
            given = {**values, "y": y, "d": argument.tangent}
            tangent = tangent + Evaluation(Floats(), _ONES, given)(template)
    return Dual(y, tangent)


def _result(numbers: Duals, node: Expr, arguments: list[Array]) -> Array:
    if isinstance(node, e.Apply):
        return node.operation.meaning(numbers, *arguments)
    assert isinstance(node, e.Function)
    return numbers.function(node.name, node.order, arguments[0])


def _named(template: Expr, node: Expr) -> Expr:
    """The formula of a rule for `f` with the function that stands there."""
    if not isinstance(node, e.Function):
        return template
    if isinstance(template, e.Function):
        return e.Function(node.name, node.order + template.order, template.argument, shape=template.shape)
    return e.rebuilt(template, lambda part: _named(part, node))
