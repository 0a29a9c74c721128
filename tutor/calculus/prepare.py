"""A question's function, made ready for the rules.

In: an Expr. Out: an equal Expr in which the lesson's names stand wherever they can, powers of matrices are
products, functions of rows are turned to columns, Kronecker products and small determinants are taken apart, and no
two sums use one index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from tutor.calculus import build
from tutor.calculus.build import apply
from tutor.calculus.facts import Facts, folded
from tutor.language import expr as e
from tutor.language.expr import Expr

_OF_COLUMNS = frozenset({"softmax", "logsumexp", "largest", "smallest", "outer", "diag"})
_LETTERS = "ijklpqrstuv"


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
    if name in _OF_PARTS and (apart := _OF_PARTS[name](parts)) is not None:
        return apart
    if name in _OF_COLUMNS and any(p.shape.is_row and not p.shape.is_scalar for p in parts):
        turned = apply(name, *(build.as_column(p) if p.shape.is_row else p for p in parts))
        return build.transposed(turned) if turned.shape != made.shape else turned
    return made


def _of_kron(name: str) -> Callable[[Sequence[Expr]], Expr | None]:
    """What a Kronecker product leaves apart: its trace, its sum and its norm are those of the factors, multiplied."""

    def apart(parts: Sequence[Expr]) -> Expr | None:
        if not build.is_apply(parts[0], "kron"):
            return None
        a, b = build.arguments(parts[0])
        if name == "trace" and (a.shape.rows != a.shape.columns or b.shape.rows != b.shape.columns):
            return None
        return apply("times", apply(name, a), apply(name, b))

    return apart


def _det_of_parts(parts: Sequence[Expr]) -> Expr | None:
    """The determinant of two by two numbers, and of a power."""
    match parts[0]:
        case e.Blocks(rows=((a, b), (c, d))) if all(part.shape.is_scalar for part in (a, b, c, d)):
            return apply("subtract", apply("times", a, d), apply("times", b, c))
    factors = _factors(parts[0])
    if len(factors) > 1 and all(factor == factors[0] for factor in factors):
        return apply("power", apply("det", factors[0]), build.number(len(factors)))
    return None


def _mixed_product(parts: Sequence[Expr]) -> Expr | None:
    """(A ⊗ B)(C ⊗ D) = (A C) ⊗ (B D), where these products meet."""
    if not all(build.is_apply(part, "kron") for part in parts):
        return None
    (a, b), (c, d) = (build.arguments(part) for part in parts)
    meets = a.shape.columns == c.shape.rows and b.shape.columns == d.shape.rows
    return apply("kron", apply("times", a, c), apply("times", b, d)) if meets else None


def _factors(expr: Expr) -> list[Expr]:
    if build.is_apply(expr, "times"):
        return [factor for part in build.arguments(expr) for factor in _factors(part)]
    return [expr]


# What an operation is of a Kronecker product or of parts: simpler to differentiate, and equal.
_OF_PARTS: Mapping[str, Callable[[Sequence[Expr]], Expr | None]] = {
    "trace": _of_kron("trace"),
    "sum": _of_kron("sum"),
    "norm": _of_kron("norm"),
    "det": _det_of_parts,
    "times": _mixed_product,
}


def _matrix_power(base: Expr, times: int) -> Expr | None:
    if times < 0:
        base, times = apply("inverse", base), -times
    if times == 0:
        return build.identity(base.shape.rows)
    return build.product([base] * times) if times <= build.LARGEST_POWER else None


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
