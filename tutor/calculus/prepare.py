"""A question's function, made ready for the rules.

In: an Expr. Out: an equal Expr in which the lesson's names stand wherever they can, powers of matrices are
products, functions of rows are turned to columns, and no two sums use one index.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.calculus import build
from tutor.calculus.build import apply
from tutor.calculus.facts import Facts, folded
from tutor.language import expr as e
from tutor.language.expr import Expr

_OF_COLUMNS = frozenset({"softmax", "logsumexp", "largest", "smallest", "outer", "diag"})
_LETTERS = "ijklpqrstuv"
_LARGEST_POWER = 12


def prepared(expr: Expr, facts: Facts, taken: frozenset[str], fold: bool = True) -> Expr:
    """`taken` are the indices that the question itself binds."""
    if fold:
        expr = folded(expr, facts.names)
    return _plain(_apart(expr, taken))


def _plain(node: Expr) -> Expr:
    if isinstance(node, e.Defined):
        body = _plain(node.body)
        return node if body is node.body else e.Defined(node.name, body, node.item, shape=node.shape)
    made = build.same(node, _plain)
    if not isinstance(made, e.Apply):
        return made
    name, parts = made.operation.name, made.arguments
    if name == "power" and not made.shape.is_scalar and isinstance(parts[1], e.Number):
        return _matrix_power(parts[0], parts[1].value.numerator) or made
    if name in _OF_COLUMNS and any(p.shape.is_row and not p.shape.is_scalar for p in parts):
        turned = apply(name, *(build.as_column(p) if p.shape.is_row else p for p in parts))
        return build.transposed(turned) if turned.shape != made.shape else turned
    return made


def _matrix_power(base: Expr, times: int) -> Expr | None:
    if times < 0:
        base, times = apply("inverse", base), -times
    if times == 0:
        return build.identity(base.shape.rows)
    return build.product([base] * times) if times <= _LARGEST_POWER else None


def _apart(node: Expr, taken: frozenset[str]) -> Expr:
    """The sums inside each other, and those beside a free index, with letters of their own."""
    if isinstance(node, e.Defined):
        body = _apart(node.body, taken)
        return node if body is node.body else e.Defined(node.name, body, node.item, shape=node.shape)
    if isinstance(node, e.Sum):
        if node.index in taken:
            letter = next(_free(node, taken))
            old = node.index
            reach = next((n.range for n in e.walk(node.body) if isinstance(n, e.Index) and n.name == old), None)
            body = build.put_index(node.body, old, e.Index(letter, reach))
            node = e.Sum(letter, node.lower, node.upper, body, shape=node.shape, span=node.span)
        inside = _apart(node.body, taken | {node.index})
        return node if inside is node.body else e.Sum(node.index, node.lower, node.upper, inside, shape=node.shape)
    return build.same(node, lambda part: _apart(part, taken))


def _free(node: Expr, taken: frozenset[str]) -> Iterator[str]:
    used = taken | {n.name for n in e.walk(node) if isinstance(n, e.Index | e.Variable | e.Defined)}
    used |= {n.index for n in e.walk(node) if isinstance(n, e.Sum)}
    return (letter for letter in _LETTERS if letter not in used)
