"""What the engines noted → the steps of a working.

In: the parts that were differentiated, in order, and the result before and after the rewrites. Out: Steps, in
which the parts have names. The decision owned here: a part gets a name (u, v, e, …) where it is an argument of
another part and not a name already.
"""

from __future__ import annotations

from collections.abc import Mapping

from tutor.calculus import build
from tutor.calculus.derivation import Local, Step
from tutor.calculus.facts import Facts, Name, folded
from tutor.calculus.forward import Calculus, Change, Part
from tutor.calculus.linear import Jacobian, NoForm
from tutor.calculus.rules import CONSTRUCTS
from tutor.calculus.tidy import REWRITES, Tidy
from tutor.language import expr as e
from tutor.language.expr import Expr

_LETTERS = ("u", "v", "e", "p", "q", "r", "s", "t", "g", "h", "k", "l")


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
    root = of.body if isinstance(of, e.Defined) else of
    order = [part for part in parts.values() if not isinstance(part.node, e.Variable)]
    if way == "reverse":
        order = order[::-1]
    names = _names(of, wrt, order, facts, root)
    tidy = Tidy(Facts(facts.symmetric, facts.simplex))
    steps = []
    for part in order:
        if isinstance(part.node, e.Defined):
            continue
        whole = part.node == root
        spelled = folded(part.node, tuple(n for n in names if n.body != part.node))
        locals_ = tuple(_local(change, names, tidy, way) for change in _changes(engine, part))
        rule, sentence, source = _said(part.node, locals_)
        steps.append(
            Step(
                "whole" if whole else "part",
                rule,
                sentence,
                spelled,
                folded(part.result, names),
                locals_,
                next((n.name for n in names if n.body == part.node), ""),
                source,
            )
        )
    if raw != result:
        sentence = " ".join(REWRITES[name] for name in rewrites)
        steps.append(Step("rewrite", ", ".join(rewrites), sentence, raw, result))
    return tuple(steps)


def _changes(engine: Calculus, part: Part) -> tuple[Change, ...]:
    if isinstance(part.node, e.Apply | e.Function | e.Entry):
        return tuple(engine.changes(part.node))
    return ()


def _local(change: Change, names: tuple[Name, ...], tidy: Tidy, way: str) -> Local:
    """The local derivative: a matrix where there is one, else the change as a formula."""
    form: Expr | None = None
    if way == "forward" or way == "reverse":
        try:
            size = build.entries(change.by.shape)
            if build.is_vector(change.by.shape):
                form = Jacobian(change.placeholder, build.identity(size))(change.formula)
        except NoForm:
            form = None
    if form is None:
        named = e.Variable(_change_name(change.by, names), shape=change.by.shape)
        form = build.replaced(change.formula, change.placeholder, named)
    return Local(folded(change.by, names), change.rule, folded(tidy(form), names))


def _change_name(by: Expr, names: tuple[Name, ...]) -> str:
    if isinstance(by, e.Variable | e.Defined):
        return f"d{by.name}"
    return next((f"d{n.name}" for n in names if n.body == by), "d")


def _names(of: Expr, wrt: Expr, order: list[Part], facts: Facts, root: Expr) -> tuple[Name, ...]:
    taken = {n.name for n in e.walk(of) if isinstance(n, e.Variable | e.Defined | e.Index)}
    taken |= {n.name for n in facts.names} | {n.index for n in e.walk(of) if isinstance(n, e.Sum)}
    letters = [letter for letter in _LETTERS if letter not in taken]
    letters += [f"u{k}" for k in range(1, 60) if f"u{k}" not in taken]
    defined = {n.body: n.name for n in e.walk(of) if isinstance(n, e.Defined)}
    names: list[Name] = []
    for part in order:
        node = part.node
        if node == root or node in defined or isinstance(node, e.Defined | e.Entry):
            continue
        if build.is_apply(node, "transpose", "negative") and isinstance(build.arguments(node)[0], e.Variable):
            continue
        names.append(Name(letters.pop(0), folded(node, tuple(names))))
    return (*facts.names, *names)


def _said(node: Expr, locals_: tuple[Local, ...]) -> tuple[str, str, str]:
    """The rule's name, its sentence and its source."""
    construct = {e.Sum: "sum over an index", e.Cases: "cases", e.Blocks: "blocks", e.Entry: "entry"}.get(type(node))
    if construct is not None:
        sentence, source = CONSTRUCTS[construct]
        return construct, sentence, source
    rules = tuple(dict.fromkeys(local.rule for local in locals_))
    sentences = " ".join(dict.fromkeys(rule.sentence for rule in rules))
    sources = "; ".join(dict.fromkeys(rule.source for rule in rules))
    name = rules[0].operation if rules else "constant"
    return name, sentences, sources
