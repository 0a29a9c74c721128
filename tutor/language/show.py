"""Typed expression → a line of text, in the notation's Unicode spelling.

In: an Expr, and the scope that it will be read in, where that is known. Out: a line without a line end that
looks as a person would write it, with `read(show(e, scope), scope) == e`. How it is spelled and where
parentheses stand is decided in `writer.py`.
"""

from __future__ import annotations

from tutor.language import expr as e
from tutor.language.expr import Expr, walk
from tutor.language.scope import Scope
from tutor.language.writer import LineWriter


def show(expr: Expr, scope: Scope | None = None) -> str:
    """The expression on one line. A scope matters where it declares what else is spelled so: σ, Σ, I, `x1`."""
    return LineWriter(names_of(expr) if scope is None else scope.names).whole(expr)


def names_of(expr: Expr) -> frozenset[str]:
    """The declared names that stand in an expression, those inside definitions too."""
    return frozenset(node.name for node in walk(expr) if isinstance(node, e.Variable | e.Defined))
