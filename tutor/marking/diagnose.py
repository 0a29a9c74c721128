"""A wrong answer → the misconception that explains it, or none.

In: a question, its refuters, and an answer that was refuted. Out: a row of the misconceptions table. An explanation is
a claim, and is judged by values: the derivative with the mistake in it equals the answer, or the answer with
the mistake mended equals the truth, at points of two choices of sizes. The decision owned here: of several
explanations the one of least cost is told, and none where two of one cost have different codes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property, partial
from itertools import chain
from typing import Any

import numpy as np

from tutor.calculus import build
from tutor.calculus.build import DoesNotFit
from tutor.calculus.derive import formula
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.layout import LAYOUTS, NUMERATOR
from tutor.language.numbers import ELEMENTWISE
from tutor.marking.bends import BENDS
from tutor.marking.edits import Edit, edited, edited_everywhere, mending, spoiling
from tutor.marking.misconceptions import ROWS, Misconception
from tutor.marking.question import Question
from tutor.marking.refute import Refuter
from tutor.marking.trial import CLOSE, FAILS, Path, Trial, equal
from tutor.problem import Problem

_TURNED = 0.3  # what it costs that an answer has the other layout too
_AND_SCALED = 1.6  # … a constant factor too
_OF_EACH = frozenset({*ELEMENTWISE, "power", "powers", "softmax", "norm"})
# Mistakes that are none where nothing is differentiated.
_OF_DERIVATIVES = frozenset({"undifferentiated", "function-derivative", "missing-inner-derivative", "symmetry-assumed"})
_PRODUCTS = ("times", "dot", "hadamard", "outer", "kron")
_CONDITIONS = ("gt", "lt", "ge", "le", "step")
_MOST_PARTS = 60  # of a question's function
_MOST = 600  # mistakes that are tried, for a question and for an answer

Make = Callable[[Trial], Any]


@dataclass(frozen=True)
class Spoiled:
    """The truth with a mistake in it: which mistake, and its values at the points of a trial."""

    row: Misconception
    make: Make


@dataclass(frozen=True)
class Explanation:
    row: Misconception
    cost: float
    holds: Callable[[Trial], bool]  # at other points


class Diagnoser:
    """The mistakes that can be made at one question, with their values."""

    def __init__(self, question: Question, refuters: tuple[Refuter, Refuter]) -> None:
        self.question = _once(question)
        self._refuters = refuters

    @cached_property
    def _first(self) -> Trial:
        return Trial(self.question, self._refuters[0])

    @cached_property
    def _second(self) -> Trial:
        return Trial(self.question, self._refuters[1])

    @property
    def trials(self) -> tuple[Trial, Trial]:
        return self._first, self._second

    def names(self, answer: Expr) -> tuple[list[str], list[str]]:
        """The variables on which the truth depends and this answer does not; and the reverse."""
        written = {node.name for node in e.walk(answer) if isinstance(node, e.Variable)}
        needed = self._needed
        lacking = [name for name in self.question.scope.variables if name in needed and name not in written]
        trial = self._first
        try:
            needless = [n for n in sorted(written & set(trial.points.values) - needed) if trial.depends(answer, n)]
        except FAILS:
            needless = []
        finally:
            trial.forget()
        return lacking, needless

    @cached_property
    def _needed(self) -> frozenset[str]:
        """The variables on which the truth depends."""
        return frozenset(name for name in self._first.points.values if self._first.depends(None, name))

    # -- what can go wrong at this question --------------------------------------------------------------------------

    @cached_property
    def _spoiled(self) -> dict[tuple[int, ...], tuple[Any, list[tuple[Spoiled, bool]]]]:
        """Signatures of the truth with each mistake, by shape, as they are and turned."""
        found: dict[tuple[int, ...], tuple[list[Any], list[tuple[Spoiled, bool]]]] = {}
        trial = self._first
        own = trial.signature(trial.true)
        seen = 0
        with np.errstate(all="ignore"):
            for spoiled in self._mistakes():
                seen += 1
                if seen > _MOST:
                    break
                try:
                    value = spoiled.make(trial)
                    signature = trial.signature(value)
                except FAILS:
                    continue
                if not np.isfinite(signature).any() or not (signature.any() or spoiled.row.code == "missing-case"):
                    continue
                if value.shape == trial.true.shape and _same(signature, own):
                    continue
                for turned in (False, True) if value.shape[-1] * value.shape[-2] > 1 else (False,):
                    if turned:
                        value = value.swapaxes(-1, -2)
                        signature = trial.signature(value)
                    signatures, rows = found.setdefault(value.shape[-2:], ([], []))
                    signatures.append(signature)
                    rows.append((spoiled, turned))
        return {shape: (np.array(signatures), rows) for shape, (signatures, rows) in found.items()}

    def _mistakes(self) -> Iterator[Spoiled]:
        question = self.question
        if question.kind != "equals":
            yield from self._wholes()
            if question.kind != "hessian":
                yield from self._bent()
        for right in self._right:
            for name, made in chain(edited(right, self._spoiling), edited_everywhere(right, self._spoiling)):
                if question.kind == "equals" and name == "chain factor dropped":
                    name = "factor dropped"
                yield Spoiled(ROWS[name], partial(Trial.value, expr=made))

    def _formulas(self) -> Iterator[Expr]:
        """Right formulas, from which mistakes are made."""
        question = self.question
        if question.kind == "equals":
            yield _worked_out(question.of, question)
            return
        assert question.wrt is not None
        found = formula(question.of, question.wrt, question.layout, kind=question.kind, scope=question.scope)
        if not isinstance(found, Problem):
            yield found

    @cached_property
    def _spoiling(self) -> tuple[Edit, ...]:
        scope = self.question.scope
        constants = (n for n, declared in scope.variables.items() if declared.shape.is_scalar and declared.qualities)
        return spoiling(frozenset(constants), self._inner_names)

    @cached_property
    def _mending(self) -> tuple[Edit, ...]:
        wrt = self.question.wrt
        base = wrt.base if isinstance(wrt, e.Entry) else wrt.arguments[0] if isinstance(wrt, e.Apply) else wrt
        return mending(base.name if isinstance(base, e.Variable | e.Defined) else "")

    @property
    def _inner_names(self) -> frozenset[str]:
        """The variables inside functions that are not linear; where the function is one chain of linear maps, all."""
        if self.question.kind == "equals":
            return frozenset()
        paths = self._paths
        active = {id(path[-1]) for path in paths}
        outer = [path[-1] for path in paths if _is_curved(path[-1])]
        for path in paths:
            if build.is_apply(path[-1], *_PRODUCTS) and all(id(part) in active for part in e.children(path[-1])):
                # A square of something: what stands inside that was differentiated by the chain rule.
                outer += [n for n in e.walk(path[-1]) if id(n) in active and build.is_apply(n, "add", "subtract")]
        leaves = [path for path in paths if isinstance(path[-1], e.Variable)]
        if not outer and len(leaves) == 1:
            outer = [self.question.of]
        return frozenset(n.name for node in outer for n in e.walk(node) if isinstance(n, e.Variable))

    def _wholes(self) -> Iterator[Spoiled]:
        question = self.question
        of, wrt = question.of, question.wrt
        assert wrt is not None
        yield Spoiled(ROWS["function itself"], lambda trial: trial.value(of))
        if of.shape.is_scalar and question.kind != "entry":
            yield Spoiled(ROWS["function times"], lambda trial: trial.value(of) * trial.true)
        if build.is_vector(wrt.shape) and question.kind != "entry" and not isinstance(wrt, e.Apply):
            yield Spoiled(ROWS["variable kept"], lambda trial: _times_variable(trial, wrt))
        for other in self._others():
            yield Spoiled(ROWS["other variable"], partial(Trial.by_other, wrt=other))
        inner = [path for path in self._paths if len(path) > 1 and not isinstance(path[-1], e.Variable)]
        for path in inner:
            if self._holds_all(path[-1]):
                widened = question.expected.is_scalar and not path[-1].shape.is_scalar
                row = ROWS["scalar for all" if widened else "by the inside"]
                yield Spoiled(row, partial(Trial.by_part, path=path))
            if path[-1].shape == wrt.shape:
                yield Spoiled(ROWS["inside not changed"], partial(Trial.unchanged, paths=[path]))
        for path in self._paths_of(_composed(of)) if _composed(of) is not of else ():
            if len(path) > 1 and not isinstance(path[-1], e.Variable) and self._holds_all(path[-1]):
                yield Spoiled(ROWS["by the inside"], partial(Trial.by_part, path=path))
        arguments = [path for path in inner if _is_function(path[-2])]
        if len(arguments) > 1:
            yield Spoiled(ROWS["inside not changed"], lambda trial: trial.unchanged(arguments))
        for path in self._terms:
            yield Spoiled(ROWS["term kept"], partial(Trial.kept, path=path))

    def _others(self) -> Iterator[Expr]:
        """What else one might differentiate by."""
        question = self.question
        assert question.wrt is not None
        base = question.wrt.arguments[0] if isinstance(question.wrt, e.Apply) else question.wrt
        if question.kind == "entry":
            return
        seen = {getattr(base, "name", "")}
        for node in e.walk(question.of):
            if isinstance(node, e.Variable) and node.item is None and node.name not in seen:
                seen.add(node.name)
                if question.scope.variables[node.name].items is None:
                    yield build.apply("vec", node) if isinstance(question.wrt, e.Apply) else node

    def _bent(self) -> Iterator[Spoiled]:
        by_name: dict[str, list[Path]] = {}
        for path in self._paths:
            node = path[-1]
            name = node.operation.name if isinstance(node, e.Apply) else "f" if isinstance(node, e.Function) else ""
            by_name.setdefault(name, []).append(path)
        for name, paths in by_name.items():
            for bend in BENDS.get(name, ()):
                those = paths if bend.with_numbers else [path for path in paths if not _is_of_numbers(path[-1])]
                for some in [*([path] for path in those), *([those] if len(those) > 1 else [])]:
                    yield Spoiled(ROWS[bend.name], partial(Trial.bent, paths=some, bend=bend))

    def _holds_all(self, part: Expr) -> bool:
        """Whether the variable stands in this part of the function alone, and under some operation."""
        inside = {id(node) for node in e.walk(part)}
        leaves = [path[-1] for path in self._paths if isinstance(path[-1], e.Variable | e.Entry)]
        return not build.is_apply(part, "transpose", "vec") and all(id(leaf) in inside for leaf in leaves)

    @property
    def _terms(self) -> Iterator[Path]:
        """The way to each term of a sum in the function."""
        for path in self._paths:
            if build.is_apply(path[-1], "add", "subtract") or isinstance(path[-1], e.Blocks):
                yield from ((*path, part) for part in e.children(path[-1]))

    @cached_property
    def _paths(self) -> list[Path]:
        """The way to each part of the function that depends on the variable."""
        return self._paths_of(self.question.of)

    def _paths_of(self, of: Expr) -> list[Path]:
        question = self.question
        assert question.wrt is not None
        found: list[Path] = []
        seen: set[int] = set()
        active = _active(of, question.wrt)

        def visit(node: Expr, path: Path) -> None:
            if id(node) in seen or id(node) not in active or len(found) > _MOST_PARTS:
                return
            seen.add(id(node))
            here = (*path, node)
            found.append(here)
            for part in e.children(node):
                visit(part, here)

        visit(of, ())
        return found

    # -- what went wrong in an answer --------------------------------------------------------------------------------

    def __call__(self, answer: Expr) -> Misconception | None:
        """The row that explains a wrong answer, or None."""
        with np.errstate(all="ignore"):
            found: list[Explanation] = []
            try:
                found.extend(self._explanations(answer))
            except FAILS:
                pass  # what was found before stands
            finally:
                self._first.forget()
            if self.question.kind == "equals":
                found = [explanation for explanation in found if explanation.row.code not in _OF_DERIVATIVES]
            found.sort(key=lambda explanation: explanation.cost)
            sure: list[Explanation] = []
            for explanation in found:
                if sure and explanation.cost > sure[0].cost:
                    break
                try:
                    if explanation.holds(self._second):
                        sure.append(explanation)
                except FAILS:
                    continue
                finally:
                    self._second.forget()
        if len({explanation.row.code for explanation in sure}) != 1:
            return None
        return sure[0].row

    def _explanations(self, answer: Expr) -> Iterator[Explanation]:
        trial = self._first
        yours = trial.value(answer)
        own = trial.signature(yours)
        true = trial.true
        if equal(yours, true):
            yield from self._unseen(answer)
            return
        yield from self._whole(answer, yours, true)
        yield from self._known(answer, yours, own)
        yield from self._mended(answer, true)
        yield from self._scaled_terms(answer, yours, true)

    def _unseen(self, answer: Expr) -> Iterator[Explanation]:
        """An answer that is right at the points of the first trial: wrong at a boundary, or at other sizes."""
        second = self._second
        if equal(second.value(answer), second.true):
            yield Explanation(ROWS["at the boundary"], 0.0, lambda t: True)
        elif _constant_ratio(second.value(answer), second.true):
            yield Explanation(ROWS["scaled"], 0.0, lambda t: True)

    def _whole(self, answer: Expr, yours: Any, true: Any) -> Iterator[Explanation]:
        if yours.shape[-2:] == true.shape[-2:]:
            if equal(yours, -true):
                yield Explanation(ROWS["negated"], ROWS["negated"].cost, lambda t: equal(t.value(answer), -t.true))
            elif _constant_ratio(yours, true):
                row = ROWS["scaled"]
                yield Explanation(row, row.cost, lambda t: _constant_ratio(t.value(answer), t.true))
        if yours.shape[-2:] == (1, 1) != true.shape[-2:] and equal(np.broadcast_to(yours, true.shape), true):
            row = ROWS["one for all"]
            yield Explanation(row, row.cost, lambda t: equal(np.broadcast_to(t.value(answer), t.true.shape), t.true))
        if yours.shape[-2:] == true.shape[:-3:-1] and yours.shape[-2:] != (1, 1):
            turned = true.swapaxes(-1, -2)
            if equal(yours, turned):
                row = ROWS["transposed"]
                yield Explanation(row, row.cost, lambda t: equal(t.value(answer), t.true.swapaxes(-1, -2)))
            elif equal(yours, -turned):
                row = ROWS["negated"]
                yield Explanation(row, row.cost + _TURNED, lambda t: equal(t.value(answer), -t.true.swapaxes(-1, -2)))
            elif _constant_ratio(yours, turned):
                row = ROWS["scaled"]
                yield Explanation(
                    row, row.cost + _TURNED, lambda t: _constant_ratio(t.value(answer), t.true.swapaxes(-1, -2))
                )

    def _known(self, answer: Expr, yours: Any, own: Any) -> Iterator[Explanation]:
        """Mistakes whose result the answer is, or a multiple of it."""
        signatures, rows = self._spoiled.get(yours.shape[-2:], (np.empty((0, 0)), []))
        if not rows:
            return
        gap = np.abs(signatures - own) <= CLOSE * np.maximum(np.abs(signatures), np.abs(own)) + 1e-12
        known = np.isfinite(signatures) & np.isfinite(own)
        alike = (gap | ~known).all(axis=1) & (known.sum(axis=1) > 4)
        ratios = own / signatures
        middle = np.take_along_axis(ratios, known.argmax(axis=1)[:, None], axis=1)
        scaled = (np.abs(ratios - middle) <= CLOSE * np.abs(middle)) | ~known
        multiple = scaled.all(axis=1) & (known.sum(axis=1) > 4) & (np.abs(middle[:, 0]) > 1e-9)
        for k in np.flatnonzero(alike | multiple):
            spoiled, turned = rows[k]
            cost = spoiled.row.cost + _TURNED * turned + (0 if alike[k] else _AND_SCALED)
            test = equal if alike[k] else _constant_ratio

            def holds(trial: Trial, spoiled: Spoiled = spoiled, turned: bool = turned, test: Any = test) -> bool:
                value = spoiled.make(trial)
                return bool(test(trial.value(answer), value.swapaxes(-1, -2) if turned else value))

            yield Explanation(spoiled.row, cost, holds)

    def _mended(self, answer: Expr, true: Any) -> Iterator[Explanation]:
        """Mistakes in the answer that can be mended."""
        if not np.any(true):
            return  # Whatever cancels out would mend it, such as `[w > w]` for `[w > x]`: that explains nothing.
        trial = self._first
        own = trial.signature(true)
        turned = trial.signature(true.swapaxes(-1, -2))
        tried = 0
        for name, mended in self._edits_of(answer):
            tried += 1
            if tried > _MOST:
                return
            try:
                value = trial.value(mended)
            except FAILS:
                continue
            row = ROWS[name]
            signature = trial.signature(value)
            if value.shape == true.shape and _same(signature, own):
                yield Explanation(row, row.cost, partial(_gives, formula=mended))
            elif value.shape[-2:] == true.shape[:-3:-1] and _same(signature, turned):
                yield Explanation(row, row.cost + _TURNED, partial(_gives, formula=mended, turned=True))

    def _edits_of(self, answer: Expr) -> Iterator[tuple[str, Expr]]:
        edits = (*self._mending, Edit("variable swapped", self._other_leaf))
        yield from edited(answer, edits)
        yield from edited_everywhere(answer, self._mending)
        yield from (("variable swapped", made) for made in self._renamed(answer))
        yield from (("transposes changed", made) for made in _turned(answer))
        yield from (("condition changed", made) for made in self._under_conditions(answer))

    @cached_property
    def _leaves(self) -> list[Expr]:
        """The variables and items that the function is made of."""
        found = {node for node in e.walk(self.question.of) if isinstance(node, e.Variable)}
        found |= {e.Variable(n, shape=d.shape) for n, d in self.question.scope.variables.items()
                  if d.items is None and not d.is_function}  # fmt: skip
        return sorted(found, key=str)

    def _other_leaf(self, node: Expr) -> Iterator[Expr]:
        """Other variables of the same shape, or of the transposed one."""
        if not isinstance(node, e.Variable):
            return
        for other in self._leaves:
            if other == node:
                continue
            if other.shape == node.shape:
                yield other
            elif other.shape.transposed == node.shape:
                yield build.transposed(other)

    def _renamed(self, answer: Expr) -> Iterator[Expr]:
        """The answer with one variable in the place of another throughout."""
        for variable in _repeated(answer):
            for other in self._other_leaf(variable):
                with suppress(*FAILS):
                    yield build.replaced(answer, variable, other)

    def _under_conditions(self, answer: Expr) -> Iterator[Expr]:
        """The answer with one condition in it replaced by one of a right formula."""
        mine = {node for node in e.walk_written(answer) if build.is_apply(node, *_CONDITIONS)}
        if not mine:
            return
        theirs = {node for right in self._right for node in e.walk(right) if build.is_apply(node, *_CONDITIONS)}
        for old in mine:
            for new in theirs:
                if old.shape == new.shape and old != new:
                    with suppress(*FAILS):
                        yield build.replaced(answer, old, new)

    @cached_property
    def _right(self) -> list[Expr]:
        return list(self._formulas())

    def _scaled_terms(self, answer: Expr, yours: Any, true: Any) -> Iterator[Explanation]:
        """A term that is off by a constant factor, or does not belong there."""
        if yours.shape != true.shape:
            return
        trial = self._first
        for doubled, scaled in _terms_scaled(answer):
            try:
                change = trial.value(doubled) - yours
            except FAILS:
                continue
            ratio = _ratio(true - yours, change)
            if ratio is None or abs(ratio) < 1e-9:
                continue
            factor = 1 + ratio
            if abs(factor) < 1e-9:
                name = "extra term"
            elif abs(factor + 1) < 1e-9:
                name = "negated term"
            else:
                name = "scaled term"

            def holds(t: Trial, doubled: Expr = doubled, factor: float = factor, scaled: Any = scaled) -> bool:
                here = t.value(answer)
                other = _ratio(t.true - here, t.value(doubled) - here)
                if other is None:
                    return False
                near = Fraction(1 + other).limit_denominator(60)
                return abs(1 + other) < 1e-9 or equal(t.value(scaled(near)), t.true)

            yield Explanation(ROWS[name], ROWS[name].cost, holds)


def _is_of_numbers(node: Expr) -> bool:
    """Whether an operation takes nothing but numbers."""
    return all(part.shape.is_scalar for part in e.children(node))


def _once(question: Question) -> Question:
    """The question with equal parts of its function made one, and a Hessian as the derivative of the gradient."""
    if question.kind == "hessian" and question.wrt is not None:
        found = formula(question.of, question.wrt, kind="gradient", scope=question.scope)
        if not isinstance(found, Problem):
            question = replace(question, kind="derivative", of=build.as_column(found), layout=NUMERATOR)
    return replace(question, of=_shared(question.of, {}))


def _shared(node: Expr, known: dict[Expr, Expr]) -> Expr:
    """The expression in which equal parts are one object; each leaf stays its own, so that they can be counted."""
    made = e.rebuilt(node, lambda part: _shared(part, known))
    return made if isinstance(made, e.Variable | e.Entry) else known.setdefault(made, made)


def _repeated(answer: Expr) -> list[Expr]:
    """The variables that stand in an answer more than once."""
    written = list(e.walk_written(answer))
    if any(isinstance(node, e.Derivative) for node in written):
        return []
    used = [node for node in written if isinstance(node, e.Variable)]
    return sorted({node for node in used if used.count(node) > 1}, key=str)


def _turned(answer: Expr) -> Iterator[Expr]:
    """The answer with a square matrix turned wherever it stands."""
    for variable in _repeated(answer):
        if variable.shape.rows == variable.shape.columns and not variable.shape.is_scalar:
            with suppress(*FAILS):
                yield build.replaced(answer, variable, build.transposed(variable))


def _terms_scaled(expr: Expr) -> Iterator[tuple[Expr, Callable[[Fraction], Expr]]]:
    """For each term of an answer: the answer with that term doubled, and with it scaled by any number."""

    def ways(node: Expr, put: Callable[[Expr], Expr], is_term: bool) -> Iterator[tuple[Expr, Callable[[Expr], Expr]]]:
        if is_term:
            yield node, put
        if isinstance(node, e.Defined):
            return
        sums = isinstance(node, e.Blocks) or build.is_apply(node, "add", "subtract") or isinstance(node, e.Cases)
        parts = list(e.children(node)) if not isinstance(node, e.Sum) else [node.body]
        for k, part in enumerate(parts):
            if isinstance(part, e.Apply) and part.operation.is_condition:
                continue

            def inner(made: Expr, k: int = k) -> Expr:
                count = iter(range(1000))
                if isinstance(node, e.Sum):
                    return put(e.Sum(node.index, node.lower, node.upper, made, shape=made.shape))
                return put(build.same(node, lambda old: made if next(count) == k else old))

            yield from ways(part, inner, sums)

    for node, put in ways(expr, lambda made: made, False):

        def scaled(by: Fraction, node: Expr = node, put: Callable[[Expr], Expr] = put) -> Expr:
            return put(build.apply("times", build.number(by), node))

        with suppress(*FAILS):
            yield scaled(Fraction(2)), scaled


def _worked_out(expr: Expr, question: Question) -> Expr:
    """An expression in which each derivative that is written is replaced by what it is."""
    if isinstance(expr, e.Derivative):
        kind, layout = ("gradient" if expr.gradient else "derivative"), (LAYOUTS[1] if expr.denominator else NUMERATOR)
        found = formula(expr.of, expr.wrt, layout, kind=kind, scope=question.scope)
        return expr if isinstance(found, Problem) else found
    if isinstance(expr, e.Defined):
        return expr
    try:
        return build.same(expr, lambda part: _worked_out(part, question))
    except DoesNotFit:
        return expr


def _gives(trial: Trial, formula: Expr, turned: bool = False) -> bool:
    """Whether a formula has the true values, or those of the other layout."""
    return equal(trial.value(formula), trial.true.swapaxes(-1, -2) if turned else trial.true)


_CURVED = frozenset({"inverse", "logsumexp", "maximum", "minimum", "norm1", *_OF_EACH})


def _is_curved(node: Expr) -> bool:
    return isinstance(node, e.Function) or (isinstance(node, e.Apply) and node.operation.name in _CURVED)


def _is_function(node: Expr) -> bool:
    return isinstance(node, e.Function) or (
        isinstance(node, e.Apply) and node.operation.name in _OF_EACH
    )


def _times_variable(trial: Trial, wrt: Expr) -> Any:
    """The truth with every entry times that of the variable that it is the derivative by."""
    value = trial.value(wrt)
    if trial.question.kind == "gradient":
        return trial.true * value
    row = value.swapaxes(-1, -2) if wrt.shape.is_column else value
    return trial.true * (row if trial.question.layout == NUMERATOR else row.swapaxes(-1, -2))


_MADE_OF: dict[str, Callable[[Expr], Expr]] = {
    "logdet": lambda a: build.apply("log", build.apply("det", a)),
    "logsumexp": lambda a: build.apply("log", build.apply("sum", build.apply("exp", a))),
    "norm": lambda a: build.apply("sqrt", build.apply("sum", build.apply("powers", a, build.TWO))),
}


def _composed(node: Expr) -> Expr:
    """The function with log det, log sum exp and norms written as the chains that they are."""
    made = build.same(node, _composed)
    if isinstance(made, e.Apply) and made.operation.name in _MADE_OF:
        return _MADE_OF[made.operation.name](made.arguments[0])
    return made


def _active(of: Expr, wrt: Expr) -> set[int]:
    """The nodes that depend on the variable, by identity."""
    base = wrt.base if isinstance(wrt, e.Entry) else wrt.arguments[0] if isinstance(wrt, e.Apply) else wrt
    name = getattr(base, "name", "")
    found: set[int] = set()
    known: dict[int, bool] = {}

    def visit(node: Expr) -> bool:
        if id(node) not in known:
            known[id(node)] = False
            own = isinstance(node, e.Variable | e.Defined) and node.name == name
            below = [visit(part) for part in e.children(node)]
            known[id(node)] = own or any(below)
            if known[id(node)]:
                found.add(id(node))
        return known[id(node)]

    visit(of)
    return found


def _same(a: Any, b: Any) -> bool:
    known = np.isfinite(a) & np.isfinite(b)
    if known.sum() < 4:
        return False
    return bool((np.abs(a - b)[known] <= (CLOSE * np.maximum(np.abs(a), np.abs(b)) + 1e-12)[known]).all())


def _ratio(a: Any, b: Any) -> float | None:
    """The constant c for which a = c b everywhere."""
    if a.shape[-2:] != b.shape[-2:]:
        return None
    known = np.isfinite(a) & np.isfinite(b) & (np.abs(b) > 1e-9 * (1 + np.abs(a)))
    if known.sum() < 4:
        return None
    ratio = float(np.median((a / np.where(known, b, 1))[known]))
    return ratio if equal(a, ratio * b) else None


def _constant_ratio(a: Any, b: Any) -> bool:
    """Whether one is a constant multiple of the other, neither equal nor 0."""
    ratio = _ratio(a, b)
    return ratio is not None and abs(ratio) > 1e-9 and abs(ratio - 1) > 1e-9
