"""What the engines noted → the steps of a working.

In: the parts that were differentiated, in order, and the result before and after the last rewrites. Out: Steps,
in which the parts have names. The decision owned here: a part gets a name (u, v, e, …) where it is an argument
of another part, is no name already, and is more than a power, a multiple or a sum of something named.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tutor.calculus import build
from tutor.calculus.build import DoesNotFit, apply
from tutor.calculus.derivation import Local, Step
from tutor.calculus.facts import Facts, Name, folded
from tutor.calculus.forward import Calculus, Change, Forward, Part
from tutor.calculus.linear import Jacobian, NoForm
from tutor.calculus.rules import CONSTRUCTS
from tutor.calculus.tidy import REWRITES, Tidy
from tutor.language import expr as e
from tutor.language.expr import Expr

_LETTERS = ("u", "v", "e", "p", "q", "r", "s", "t", "g", "h", "k", "l")
_UNNAMED = ("power", "divide", "negative", "transpose")


def working(
    of: Expr,
    wrt: Expr,
    way: str,
    engine: Calculus,
    parts: Mapping[Expr, Part],
    facts: Facts,
    raw: Expr,
    result: Expr,
    rewrites: tuple[str, ...],
) -> tuple[Step, ...]:
    """The steps, in the order in which a person takes them."""
    order = list(parts.values())
    inside_out = order[::-1] if way == "reverse" else order
    root = of.body if isinstance(of, e.Defined) else of
    names = _names(of, [part.node for part in inside_out], facts, root, engine)
    told = _Told(names, engine, way, Tidy(Facts(facts.symmetric, facts.simplex)))
    steps = [told.reverse(part, wrt) for part in order[1:]] if way == "reverse" else [
        told.forward(part, root) for part in order
    ]  # fmt: skip
    made = [step for step in steps if step is not None]
    before = order[-1].result if order else raw
    if before != result:
        said = rewrites if raw == before else ("layout", *rewrites)
        sentence = " ".join(REWRITES[name] for name in said)
        made.append(Step("rewrite", ", ".join(said), sentence, raw, result, rewrites=said))
    return tuple(made)


class _Told:
    """How the parts are told, with their names."""

    def __init__(self, names: tuple[Name, ...], engine: Calculus, way: str, tidy: Tidy) -> None:
        self.names, self.engine, self.way, self.tidy = names, engine, way, tidy

    def forward(self, part: Part, root: Expr) -> Step | None:
        node = part.node
        return self._step("whole" if node == root else "part", part, part.changes)

    def reverse(self, part: Part, wrt: Expr) -> Step | None:
        """The gradient by a part; what a name stands for has the name's own."""
        if (not part.changes or part.result == build.ONE_NUMBER) and part.node != wrt:
            return None
        return self._step("whole" if part.node == wrt else "part", part, part.changes)

    def _step(self, kind: str, part: Part, changes: Sequence[Change]) -> Step:
        node = part.node
        locals_ = tuple(self._local(change) for change in changes)
        rule, sentence, source = _said(node, locals_)
        named = folded(node, self.names)
        return Step(
            kind,
            rule,
            sentence,
            self._spelled(node),
            folded(part.result, self.names),
            locals_,
            named if isinstance(named, e.Defined) else None,
            source,
            folded(self._product(part, locals_, changes), self.names),
            part.rewrites,
        )

    def _product(self, part: Part, locals_: Sequence[Local], changes: Sequence[Change]) -> Expr:
        """What the chain rule gives: local derivatives times those of the arguments, before any rewriting."""
        if self.way != "forward" or not isinstance(self.engine, Forward) or not locals_:
            return _plain(part.raw)
        terms = []
        for local, change in zip(locals_, changes, strict=True):
            if not build.is_vector(change.by.shape):
                return _plain(part.raw)
            J = self.engine.jacobian(change.by)
            if J is None:
                continue
            try:
                terms.append(apply("times", local.form, J))
            except DoesNotFit:
                return _plain(part.raw)
        return _plain(build.total(terms)) if terms else part.raw

    def _spelled(self, node: Expr) -> Expr:
        """A part in the names of what is right below it."""
        if isinstance(node, e.Defined):
            node = node.body
        return e.rebuilt(node, lambda below: folded(below, self.names))

    def _local(self, change: Change) -> Local:
        """The local derivative: a matrix where there is one, else the change as a formula."""
        form: Expr | None = None
        if self.way != "along" and build.is_vector(change.by.shape):
            try:
                form = Jacobian(change.placeholder, build.identity(build.entries(change.by.shape)))(change.formula)
            except NoForm:
                form = None
        by = folded(change.by, self.names)
        moved = folded(_plain(_changed(change, by, "Δ")), self.names)
        is_jacobian = form is not None
        form = form if form is not None else _changed(change, by, "d")
        return Local(by, change.rule, folded(self.tidy(form), self.names), moved, is_jacobian)


def _changed(change: Change, by: Expr, sign: str) -> Expr:
    """A rule's formula, with a name for the argument's change."""
    name = by.name if isinstance(by, e.Variable | e.Defined) else ""
    return build.replaced(change.formula, change.placeholder, e.Variable(f"{sign}{name}", shape=by.shape))


def _plain(expr: Expr) -> Expr:
    """An expression without the factors 1 and I that a formula leaves behind."""
    made = expr if isinstance(expr, e.Defined) else build.same(expr, _plain)
    if build.is_apply(made, "times"):
        a, b = build.arguments(made)
        if _is_unit(a) and made.shape == b.shape:
            return b
        if _is_unit(b) and made.shape == a.shape:
            return a
    if build.is_apply(made, "transpose") and made.shape.is_scalar:
        return build.arguments(made)[0]
    if build.is_apply(made, "subtract"):
        a, b = build.arguments(made)
        if isinstance(a, e.Number) and isinstance(b, e.Number):
            return build.number(a.value - b.value)
    if build.is_apply(made, "power", "powers") and build.arguments(made)[1] == build.ONE_NUMBER:
        return build.arguments(made)[0]
    return made


def _is_unit(expr: Expr) -> bool:
    return expr == build.ONE_NUMBER or build.is_filled(expr, "eye")


def _names(of: Expr, nodes: list[Expr], facts: Facts, root: Expr, engine: Calculus) -> tuple[Name, ...]:
    taken = {n.name for n in e.walk(of) if isinstance(n, e.Variable | e.Defined | e.Index)}
    taken |= {n.name for n in e.walk(of) if isinstance(n, e.Function)}
    taken |= {n.operation.sign for n in e.walk(of) if isinstance(n, e.Apply)} | facts.taken
    taken |= {n.name for n in facts.names} | {n.index for n in e.walk(of) if isinstance(n, e.Sum)}
    taken |= {name for n in e.walk(of) for dim in n.shape.dims for name in dim.names}
    letters = [letter for letter in _LETTERS if letter not in taken]
    letters += [f"u{k}" for k in range(1, 200) if f"u{k}" not in taken]
    names: list[Name] = list(facts.names)
    for node in nodes:
        if node != root and _deserves_name(node, engine) and not isinstance(folded(node, tuple(names)), e.Defined):
            indices = _open_indices(node)
            if len(indices) < 2:
                names.append(Name(letters.pop(0), node, next(iter(indices), None)))
    return tuple(names)


def _deserves_name(node: Expr, engine: Calculus) -> bool:
    if not isinstance(node, e.Apply | e.Function):
        return False
    if build.is_apply(node, *_UNNAMED):
        return False
    if build.is_apply(node, "times"):
        return not any(part.shape.is_scalar and not engine.is_active(part) for part in build.arguments(node))
    return True


def _open_indices(node: Expr) -> set[str]:
    bound = {n.index for n in e.walk(node) if isinstance(n, e.Sum)}
    return {n.name for n in e.walk(node) if isinstance(n, e.Index)} - bound


def _said(node: Expr, locals_: tuple[Local, ...]) -> tuple[str, str, str]:
    """The rule's name, its sentence and its source."""
    construct = {e.Sum: "sum over an index", e.Cases: "cases", e.Blocks: "blocks", e.Entry: "entry"}.get(type(node))
    if construct is not None:
        sentence, source = CONSTRUCTS[construct]
        return construct, sentence, source
    rules = tuple(dict.fromkeys(local.rule for local in locals_))
    sentences = " ".join(dict.fromkeys(rule.sentence for rule in rules))
    sources = "; ".join(dict.fromkeys(rule.source for rule in rules))
    return rules[0].operation if rules else "constant", sentences, sources
