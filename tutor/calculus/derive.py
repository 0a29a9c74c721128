"""Expr, variable, rules → Derivation.

In: a typed expression, the variable, the layout, the table of rules, and the Scope that says which matrices are
symmetric and what the names stand for. Out: a Derivation, or a Problem that names what it lacks. The decision
owned here: which way is gone. A derivative by a scalar or an entry is a change along it; a gradient, and
anything of a scalar by a matrix, goes in reverse; all else goes forward, by Jacobians.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from tutor.calculus import build
from tutor.calculus.build import DoesNotFit, apply
from tutor.calculus.derivation import Derivation, Step
from tutor.calculus.facts import Facts
from tutor.calculus.finish import finished
from tutor.calculus.forward import Calculus, Forward, Lacks, Part, is_leaf
from tutor.calculus.length import length
from tutor.calculus.linear import NoForm
from tutor.calculus.prepare import prepared
from tutor.calculus.reverse import Reverse
from tutor.calculus.rules import CONSTRUCTS, RULES, Rules
from tutor.calculus.tidy import Tidy
from tutor.calculus.working import working
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.layout import NUMERATOR, derivative_shape
from tutor.language.scope import Scope
from tutor.language.shape import ONE, Shape
from tutor.problem import Problem


def derive(
    of: Expr,
    wrt: Expr,
    layout: str = NUMERATOR,
    rules: Rules = RULES,
    kind: str = "derivative",
    scope: Scope | None = None,
) -> Derivation | Problem:
    """The derivative of an expression with its working.

    `kind` is `derivative`, `gradient`, `hessian` or `entry`. With a scope, declared symmetry is used and defined
    names stand in the result. Never raises; a Problem has the code `no-rule` or `no-form`.
    """
    try:
        return _Deriver(of, wrt, layout, rules, kind, scope).derivation()
    except Lacks as lack:
        return Problem("no-rule", f"There is no rule for {_called(lack)} here.", of.span)
    except NoForm as lack:
        return Problem("no-form", f"The notation has no short form for this derivative, which goes through "
                       f"{_called(lack)}: ask for an entry.", of.span)  # fmt: skip
    except (DoesNotFit, RecursionError) as error:
        return Problem("no-form", f"This derivative was not found ({error}).", of.span)


def formula(
    of: Expr,
    wrt: Expr,
    layout: str = NUMERATOR,
    rules: Rules = RULES,
    kind: str = "derivative",
    scope: Scope | None = None,
) -> Expr | Problem:
    """The result alone, sooner and not as short: for a formula that is compared and not read."""
    try:
        return _Deriver(of, wrt, layout, rules, kind, scope, is_quick=True).derivation().result
    except (Lacks, NoForm, DoesNotFit, RecursionError) as error:
        return Problem("no-form", f"This derivative was not found ({error}).", of.span)


def derive_judged(
    of: Expr,
    wrt: Expr,
    judge: Callable[[Expr], bool],
    layout: str = NUMERATOR,
    rules: Rules = RULES,
    kind: str = "derivative",
    scope: Scope | None = None,
) -> Derivation | Problem:
    """The same, where `judge` must find the result right before anyone sees it."""
    found = derive(of, wrt, layout, rules, kind, scope)
    if isinstance(found, Problem) or judge(found.result):
        return found
    return Problem("not-proved", "The formula that was found could not be proved, and is not shown.", of.span)


def _called(lack: Exception) -> str:
    return f"‘{lack.args[0]}’"


@dataclass(frozen=True)
class _Deriver:
    of: Expr
    wrt: Expr
    layout: str
    rules: Rules
    kind: str
    scope: Scope | None
    is_quick: bool = False

    def derivation(self) -> Derivation:
        taken = frozenset(n.name for part in (self.of, self.wrt) for n in _free_indices(part))
        facts = Facts.of(self.scope)
        if self.is_quick:
            facts = replace(facts, names=())
        by_name = any(isinstance(part, e.Defined) for part in e.walk(self.variable))
        if by_name:
            facts = replace(facts, names=())
        of = prepared(self.of, facts, taken, fold=not by_name)
        if self.kind == "hessian":
            return self._hessian(of, facts)
        if self.kind == "entry":
            return self._entry(of, facts)
        return self._first(of, facts)

    @property
    def variable(self) -> Expr:
        """The variable itself: without vec around it, or the one that an entry is taken of."""
        if isinstance(self.wrt, e.Apply):
            return self.wrt.arguments[0]
        return self.wrt.base if isinstance(self.wrt, e.Entry) else self.wrt

    def tidy(self, of: Expr, facts: Facts) -> Tidy:
        return Tidy(facts, _given(of), self.kind == "entry", self.is_quick)

    # -- first derivatives ----------------------------------------------------------------------------------------

    def _first(self, of: Expr, facts: Facts) -> Derivation:
        shape = self._shape(of)
        tries = self._ways(of)
        failure: Exception | None = None
        best: Derivation | None = None
        for way in tries:
            try:
                found = way(of, facts, shape)
            except (Lacks, NoForm, DoesNotFit) as error:
                failure = failure or error
                continue
            if best is None or length(found.result) < length(best.result):
                best = found
            if self.is_quick:
                break
        if best is None:
            assert failure is not None
            raise failure
        return best

    def _ways(self, of: Expr) -> list[Callable[[Expr, Facts, Shape], Derivation]]:
        if self.wrt.shape.is_scalar:
            return [self._along]
        if self._is_partial(of):
            return [self._partial]
        if of.shape.is_scalar and not isinstance(self.wrt, e.Apply):
            if not build.is_vector(self.wrt.shape):
                return [self._reverse]
            return [self._reverse, self._forward] if self.kind == "gradient" else [self._forward, self._reverse]
        return [self._forward]

    def _shape(self, of: Expr) -> Shape:
        if self.kind == "gradient":
            return self.wrt.shape
        shape = derivative_shape(of.shape, self.wrt.shape, self.layout)
        if shape is None:
            raise NoForm("more than two axes")
        return shape

    def _along(self, of: Expr, facts: Facts, shape: Shape) -> Derivation:
        tidy = self.tidy(of, facts)
        engine = Forward(self.wrt, build.ONE_NUMBER, self.rules, tidy)
        raw = engine.change(of)
        return self._made(of, facts, "along", engine, engine.parts, raw, shape)

    def _forward(self, of: Expr, facts: Facts, shape: Shape) -> Derivation:
        tidy = self.tidy(of, facts)
        variable = self.variable
        leaf = e.Variable(f"d{_plain_name(variable)}", shape=variable.shape)
        engine = Forward(variable, leaf, self.rules, tidy)
        raw = engine.jacobian(of)
        return self._made(of, facts, "forward", engine, engine.parts, raw, shape)

    def _reverse(self, of: Expr, facts: Facts, shape: Shape) -> Derivation:
        engine = Reverse(self.wrt, self.rules, self.tidy(of, facts))
        raw = engine.gradient(of)
        return self._made(of, facts, "reverse", engine, engine.parts, raw, shape)

    def _is_partial(self, of: Expr) -> bool:
        """Whether a short vector enters by its numbered entries alone."""
        size = build.entries(self.wrt.shape).constant
        if size is None or size > 6 or not isinstance(self.wrt, e.Variable) or not build.is_vector(self.wrt.shape):
            return False
        if not build.is_vector(of.shape) or build.entries(of.shape).constant is None:
            return False
        return any(is_leaf(node, self.wrt) for node in e.walk(of)) and _only_entries(of, self.wrt)

    def _partial(self, of: Expr, facts: Facts, shape: Shape) -> Derivation:
        """The partial derivative by each entry, side by side."""
        size = build.entries(self.wrt.shape).constant
        assert size is not None
        tidy = self.tidy(of, facts)
        column = build.as_column(of) if not of.shape.is_scalar else of
        made: list[Expr] = []
        engine: Forward | None = None
        for k in range(1, size + 1):
            index = build.number(k)
            unit = e.Unit(index, shape=Shape(build.entries(self.wrt.shape), ONE))
            leaf = build.transposed(unit) if self.wrt.shape.is_row else unit
            engine = Forward(self.wrt, leaf, self.rules, tidy)
            change = engine.change(column)
            made.append(change if change is not None else build.zeros(column.shape))
        assert engine is not None
        rows = tuple(tuple(_pick(d, r) for d in made) for r in range(_height(column)))
        raw = e.Blocks(rows, shape=Shape(column.shape.rows, build.entries(self.wrt.shape)))
        found = self._made(of, facts, "partial", engine, {}, raw, shape)
        sentence, source = CONSTRUCTS["partial derivatives"]
        steps = tuple(Step("part", "partial derivatives", sentence, of, d, source=source) for d in made)
        return replace(found, steps=steps + found.steps)

    def _made(
        self,
        of: Expr,
        facts: Facts,
        way: str,
        engine: Calculus,
        parts: Mapping[Expr, Part],
        raw: Expr | None,
        shape: Shape,
    ) -> Derivation:
        """The derivation: laid out, tidied once more, with its steps."""
        tidy = self.tidy(of, facts)
        laid = build.zeros(shape) if raw is None else self._laid_out(raw, way)
        if laid.shape != shape:
            raise DoesNotFit(f"{laid.shape} for {shape}")
        if self.is_quick:
            return Derivation(self.of, self.wrt, self.kind, self.layout, way, (), laid)
        result = finished(tidy(laid), tidy)
        steps = working(of, self.wrt, way, engine, parts, facts, laid, result, tuple(tidy.fired))
        return Derivation(self.of, self.wrt, self.kind, self.layout, way, steps, result)

    def _laid_out(self, raw: Expr, way: str) -> Expr:
        """A gradient has the variable's shape, a Jacobian is in numerator layout until here."""
        if way == "reverse":
            turns = self.kind == "derivative" and self.layout == NUMERATOR
        elif self.kind == "gradient":
            turns = raw.shape != self.wrt.shape
        else:
            turns = self.kind == "derivative" and self.layout != NUMERATOR
        return build.transposed(raw) if turns else raw

    # -- second derivatives and entries -----------------------------------------------------------------------------

    def _hessian(self, of: Expr, facts: Facts) -> Derivation:
        """The gradient's derivative."""
        first = replace(self, kind="gradient")._first(of, facts)
        column = build.as_column(first.result)
        size = build.entries(self.wrt.shape)
        ready = prepared(column, facts, frozenset())
        second = replace(self, of=column, kind="derivative", layout=NUMERATOR)._first(ready, facts)
        assert second.result.shape == Shape(size, size)
        steps = first.steps + second.steps
        return Derivation(self.of, self.wrt, "hessian", self.layout, second.way, steps, second.result)

    def _entry(self, of: Expr, facts: Facts) -> Derivation:
        """The change along one entry of the variable."""
        variable = self.variable
        leaf: Expr = build.ONE_NUMBER
        if isinstance(self.wrt, e.Entry):
            shape = variable.shape
            row = e.Unit(self.wrt.row, shape=Shape(shape.rows, ONE))
            column = build.transposed(e.Unit(self.wrt.column, shape=Shape(shape.columns, ONE)))
            leaf = row if shape.is_column else column if shape.is_row else apply("times", row, column)
        engine = Forward(variable, leaf, self.rules, self.tidy(of, facts))
        raw = engine.change(of)
        return self._made(of, facts, "along", engine, engine.parts, raw, build.ONE_NUMBER.shape)


def _plain_name(variable: Expr) -> str:
    return variable.name if isinstance(variable, e.Variable | e.Defined) else ""


def _free_indices(expr: Expr) -> list[e.Index]:
    bound = {node.index for node in e.walk(expr) if isinstance(node, e.Sum)}
    return [n for n in e.walk(expr) if isinstance(n, e.Index) and n.name not in bound] + [
        n for n in e.walk(expr) if isinstance(n, e.Index) and isinstance(expr, e.Entry)
    ]


def _given(of: Expr) -> frozenset[Expr]:
    """What the question itself writes, which is left as it is."""
    return frozenset(node for node in e.walk(of) if isinstance(node, e.Apply))


def _only_entries(node: Expr, wrt: Expr) -> bool:
    if isinstance(node, e.Entry) and is_leaf(node.base, wrt):
        return isinstance(node.row, e.Number) and isinstance(node.column, e.Number)
    if is_leaf(node, wrt):
        return False
    return all(_only_entries(part, wrt) for part in e.children(node))


def _height(column: Expr) -> int:
    rows = column.shape.rows.constant
    if rows is None:
        raise NoForm("entries")
    return rows


def _pick(column: Expr, row: int) -> Expr:
    if column.shape.is_scalar:
        return column
    if isinstance(column, e.Blocks) and len(column.rows[0]) == 1 and len(column.rows) > row:
        return column.rows[row][0]
    if build.is_zero(column):
        return build.ZERO
    return e.Entry(column, build.number(row + 1), build.ONE_NUMBER)
