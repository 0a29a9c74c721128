"""What is known of the names in a formula: which matrices are symmetric, and what the lesson's names stand for.

In: a Scope, where there is one. Out: Facts, that the rewrites ask.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.calculus import build
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.scope import Scope


@dataclass(frozen=True)
class Name:
    """A defined name, with its index where it has one."""

    name: str
    body: Expr
    index: str | None = None

    def at(self, item: Expr | None) -> Expr:
        body = self.body if item is None or self.index is None else build.put_index(self.body, self.index, item)
        return e.Defined(self.name, body, item, shape=body.shape)


@dataclass(frozen=True)
class Facts:
    """`taken` are the declared names, in use or not: nothing else may be called so."""

    symmetric: frozenset[str] = frozenset()
    simplex: frozenset[str] = frozenset()
    names: tuple[Name, ...] = ()
    taken: frozenset[str] = frozenset()

    @classmethod
    def of(cls, scope: Scope | None) -> Facts:
        if scope is None:
            return cls()

        def having(quality: str) -> frozenset[str]:
            return frozenset(n for n, declared in scope.variables.items() if quality in declared.qualities)

        names = tuple(Name(n, d.body, d.index) for n, d in scope.definitions.items())
        return cls(having("symmetric"), having("simplex"), names, scope.names)


def folded(expr: Expr, names: tuple[Name, ...]) -> Expr:
    """The expression with every part that a defined name stands for replaced by the name, the largest first."""
    for name in reversed(names):
        found = _matched(name, expr)
        if found is not None:
            return found
    if isinstance(expr, e.Defined):
        return expr
    return e.rebuilt(expr, lambda part: folded(part, names))


def _matched(name: Name, expr: Expr) -> Expr | None:
    if name.index is None:
        return name.at(None) if expr == name.body else None
    if expr.shape != name.body.shape or type(expr) is not type(name.body):
        return None
    found: list[Expr] = []
    if not _fits(name.body, expr, name.index, found) or not found:
        return None
    return name.at(found[0])


def _fits(pattern: Expr, expr: Expr, index: str, found: list[Expr]) -> bool:
    """Whether an expression is a pattern with one value in place of the pattern's index."""
    if isinstance(pattern, e.Index) and pattern.name == index:
        found.append(expr)
        return all(value == found[0] for value in found)
    below, others = list(e.children(pattern)), list(e.children(expr))
    if type(pattern) is not type(expr) or len(below) != len(others):
        return False
    if not below:
        return pattern == expr
    if isinstance(pattern, e.Apply) and isinstance(expr, e.Apply) and pattern.operation is not expr.operation:
        return False
    if getattr(pattern, "name", None) != getattr(expr, "name", None):
        return False
    return all(_fits(p, x, index, found) for p, x in zip(below, others, strict=True))


def unfolded(expr: Expr, keep: frozenset[str]) -> Expr:
    """The expression with the names spelled out that are not among those to keep."""
    if isinstance(expr, e.Defined):
        return expr if expr.name in keep else unfolded(expr.body, keep)
    return build.same(expr, lambda part: unfolded(part, keep))
