"""Changes of a formula: how a right formula is spoiled, and how a wrong one is put right.

In: a formula. Out: formulas that differ from it in one place, each with the name of a row of the misconceptions
table. The decision owned here: one table serves both directions. What turns the tutor's formula into the answer
explains it, and so does what turns the answer, however it is written, into something that is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import combinations, permutations

from tutor.calculus import build
from tutor.calculus.build import DoesNotFit, apply, arguments, is_apply
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.numbers import ELEMENTWISE
from tutor.language.shape import ONE

_WHOLE = e.Defined | e.Entry | e.Unit | e.Variable | e.Derivative  # nothing inside them is changed
Change = Callable[[Expr], Iterator[Expr]]


@dataclass(frozen=True)
class Edit:
    """A row: the misconception that it shows, and what may stand in the place of a node."""

    name: str
    change: Change


def edited(expr: Expr, edits: Sequence[Edit]) -> Iterator[tuple[str, Expr]]:
    """Every formula that differs in one place by one of the edits."""
    for edit in edits:
        try:
            for made in edit.change(expr):
                yield edit.name, made
        except DoesNotFit:
            continue
    if isinstance(expr, _WHOLE):
        return
    for k, part in enumerate(_parts(expr)):
        for name, made in edited(part, edits):
            whole = _put(expr, k, made)
            if whole is not None:
                # A scalar that is added to every entry stands for a vector, whatever became of the vector.
                spread = made.shape.is_scalar and not part.shape.is_scalar and is_apply(expr, "add", "subtract")
                yield ("summed up" if spread else name), whole


def edited_everywhere(expr: Expr, edits: Sequence[Edit]) -> Iterator[tuple[str, Expr]]:
    """Every formula in which one edit was made at each node that it fits."""
    for edit in edits:
        count = 0

        def change(node: Expr, edit: Edit = edit) -> Expr:
            nonlocal count
            with suppress(DoesNotFit):
                for made in edit.change(node):
                    count += 1
                    return made
            return node if isinstance(node, _WHOLE) else build.same(node, change)

        with suppress(DoesNotFit):
            made = change(expr)
            if count > 1:
                yield edit.name, made


def _parts(expr: Expr) -> list[Expr]:
    """The parts of a node that an edit may change: not the bounds of a sum."""
    return [expr.body] if isinstance(expr, e.Sum) else list(e.children(expr))


def _put(expr: Expr, place: int, part: Expr) -> Expr | None:
    """The node with one part replaced; None where it has no shape then."""
    count = iter(range(10**6))
    if isinstance(expr, e.Sum):
        return e.Sum(expr.index, expr.lower, expr.upper, part, shape=part.shape)
    if isinstance(expr, e.Apply):
        parts = list(expr.arguments)
        same = parts[place].shape == part.shape
        parts[place] = part
        if same:
            return e.Apply(expr.operation, tuple(parts), shape=expr.shape)
        if expr.operation.name == "kron" and part.shape.is_scalar:
            return None
        try:
            return apply(expr.operation.name, *parts)
        except DoesNotFit:
            return None
    if isinstance(expr, e.Blocks) and part.shape != _parts(expr)[place].shape:
        return None
    try:
        return build.same(expr, lambda old: part if next(count) == place else old)
    except DoesNotFit:
        return None


# -- signs and terms --------------------------------------------------------------------------------------------


def _other_sign(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "add", "subtract"):
        a, b = arguments(node)
        yield apply("subtract" if is_apply(node, "add") else "add", a, b)
        if is_apply(node, "add"):
            yield apply("subtract", b, a)
        else:
            yield apply("subtract", build.minus(a), b)
    if is_apply(node, "negative"):
        yield arguments(node)[0]
    if isinstance(node, e.Blocks):
        for k, item in enumerate(_parts(node)):
            made = _put(node, k, build.minus(item))
            if made is not None:
                yield made
    if isinstance(node, e.Cases):
        for k, item in enumerate(_parts(node)):
            if not (isinstance(item, e.Apply) and item.operation.is_condition):
                made = _put(node, k, build.minus(item))
                if made is not None:
                    yield made


def _absolute(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "abs"):
        yield arguments(node)[0]


def _drop_term(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "add", "subtract"):
        a, b = arguments(node)
        for kept in (a, b if is_apply(node, "add") else build.minus(b)):
            if kept.shape == node.shape:
                yield kept
    if isinstance(node, e.Blocks):
        for k, item in enumerate(_parts(node)):
            if not build.is_zero(item):
                made = _put(node, k, build.zeros(item.shape))
                if made is not None:
                    yield made
    if isinstance(node, e.Sum) and node.shape == node.body.shape:
        first = build.put_index(node.body, node.index, build.ONE_NUMBER)
        yield first


# -- factors ----------------------------------------------------------------------------------------------------------


def factors(node: Expr) -> list[Expr]:
    """The factors of a product, from the left."""
    if is_apply(node, "times"):
        return [factor for part in arguments(node) for factor in factors(part)]
    return [node]


def _without(node: Expr, wanted: Callable[[Expr], bool]) -> Iterator[Expr]:
    if is_apply(node, "times"):
        chain = factors(node)
        for k, factor in enumerate(chain):
            if wanted(factor):
                rest = chain[:k] + chain[k + 1 :]
                try:
                    yield build.product(rest)
                except DoesNotFit:
                    continue
    if is_apply(node, "hadamard", "dot"):
        a, b = arguments(node)
        for dropped, kept in ((a, b), (b, a)):
            if wanted(dropped):
                yield kept
    if is_apply(node, "divide", "over"):
        a, b = arguments(node)
        if wanted(b):
            yield a
        if wanted(a) and not _is_one(a):
            one = build.ONE_NUMBER if a.shape.is_scalar else None
            if one is not None:
                yield apply(node.operation.name, one, b)


def _is_one(node: Expr) -> bool:
    return isinstance(node, e.Number) and node.value == 1


def _is_leaf(node: Expr) -> bool:
    return isinstance(node, e.Variable | e.Entry)


def _drop_constant(node: Expr, constants: frozenset[str]) -> Iterator[Expr]:
    """A number, a size or a scalar that a question holds fixed and calls positive or the like."""

    def wanted(factor: Expr) -> bool:
        return factor.shape.is_scalar and all(
            isinstance(part, e.Number | e.Size | e.Apply) or (isinstance(part, e.Variable) and part.name in constants)
            for part in e.walk(factor)
        )

    yield from _without(node, wanted)


def _drop_scalar(node: Expr) -> Iterator[Expr]:
    yield from _without(node, lambda factor: factor.shape.is_scalar and _is_leaf(factor))


def _drop_part(node: Expr) -> Iterator[Expr]:
    """A scalar that is worked out, or a vector or a matrix without which the rest keeps its shape."""


    def wanted(factor: Expr) -> bool:
        return not ((_is_leaf(factor) and factor.shape.is_scalar) or _is_plain(factor) or is_apply(factor, "delta"))

    for made in _without(node, wanted):
        if made.shape == node.shape:
            yield made


def _drop_link(node: Expr) -> Iterator[Expr]:
    """A vector or a matrix without which the rest has another shape."""
    for made in _without(node, lambda factor: not (factor.shape.is_scalar or _is_plain(factor))):
        if made.shape != node.shape:
            yield made


def _is_plain(node: Expr) -> bool:
    """Whether a node is a number or a size, an identity or ones."""
    return isinstance(node, e.Filled) or build.is_ones(node) or all(
        isinstance(part, e.Number | e.Size | e.Apply) for part in e.walk(node)
    )


def _drop_run(node: Expr) -> Iterator[Expr]:
    """Several factors beside each other dropped."""
    if is_apply(node, "times"):
        chain = factors(node)
        for i, j in combinations(range(len(chain) + 1), 2):
            if 2 <= j - i < len(chain):
                try:
                    yield build.product(chain[:i] + chain[j:])
                except DoesNotFit:
                    continue


def _reorder(node: Expr) -> Iterator[Expr]:
    """The matrix factors of a product in every other order."""
    if not is_apply(node, "times"):
        return
    chain = factors(node)
    matrices = [factor for factor in chain if not factor.shape.is_scalar]
    if not 2 <= len(matrices) <= 4:
        return
    scalars = [factor for factor in chain if factor.shape.is_scalar]
    for order in permutations(matrices):
        if list(order) != matrices:
            try:
                made = build.product([*scalars, *order])
            except DoesNotFit:
                continue
            if made.shape.is_scalar == node.shape.is_scalar:
                yield made


def _swap_kron(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "kron"):
        a, b = arguments(node)
        yield apply("kron", b, a)


# -- transposes, diagonals, shapes ------------------------------------------------------------------------------------


def _is_square(node: Expr) -> bool:
    return not node.shape.is_scalar and node.shape.rows == node.shape.columns


def _turn(node: Expr) -> Iterator[Expr]:
    if _is_square(node) and not isinstance(node, e.Filled) and not is_apply(node, "diag", "add", "subtract"):
        yield build.transposed(node)


def _turn_parts(node: Expr) -> Iterator[Expr]:
    """Some of the square factors of a product turned, two or more."""
    if not is_apply(node, "times", "kron"):
        return
    chain = factors(node) if is_apply(node, "times") else list(arguments(node))
    able = [k for k, factor in enumerate(chain) if _is_square(factor) and not isinstance(factor, e.Filled)]
    if len(able) > 4:
        return
    for count in range(2, len(able) + 1):
        for chosen in combinations(able, count):
            turned = [build.transposed(f) if k in chosen else f for k, f in enumerate(chain)]
            yield build.product(turned) if is_apply(node, "times") else apply("kron", *turned)


def _turn_vectors(node: Expr) -> Iterator[Expr]:
    """u vᵀ turned into v uᵀ, where both have one size."""
    if is_apply(node, "times"):
        a, b = arguments(node)
        if a.shape.is_column and b.shape.is_row and a.shape.rows == b.shape.columns and not a.shape.is_scalar:
            yield apply("times", build.transposed(b), build.transposed(a))


def _is_vector(node: Expr) -> bool:
    return build.is_vector(node.shape) and not node.shape.is_scalar


def _on_diagonal(node: Expr) -> Iterator[Expr]:
    if _is_vector(node):
        yield apply("diag", node)


def _off_diagonal(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "diag"):
        (v,) = arguments(node)
        if _is_vector(v):
            yield v
            yield build.transposed(v)
        else:
            yield v


def _full(node: Expr) -> Iterator[Expr]:
    """diag(v) as a full matrix."""
    if is_apply(node, "diag"):
        (v,) = arguments(node)
        if _is_vector(v):
            column = build.as_column(v)
            one = build.ones(column.shape)
            yield apply("times", column, build.transposed(one))
            yield apply("times", one, build.transposed(column))
            yield apply("times", column, build.transposed(column))
            if is_apply(column, "hadamard"):
                a, b = arguments(column)
                if not a.shape.is_scalar and not b.shape.is_scalar:
                    yield apply("times", a, build.transposed(b))
                    yield apply("times", b, build.transposed(a))
    if isinstance(node, e.Filled) and node.name == "eye":
        yield e.Filled("ones", shape=node.shape)
    for made in _without(node, lambda factor: is_apply(factor, "delta")):
        yield made
        indices = {index.name: index for index in e.walk(node) if isinstance(index, e.Index)}
        for name, other in permutations(sorted(indices), 2):  # beside δ_ij it was all one which of them stands there
            yield build.put_index(made, name, indices[other])


def _thinned(node: Expr) -> Iterator[Expr]:
    """A full matrix with its diagonal alone."""
    if _is_square(node) and not isinstance(node, e.Filled) and not is_apply(node, "diag"):
        yield apply("diag", apply("diag", node))
    if is_apply(node, "times"):
        chain = factors(node)
        for k in range(len(chain) - 1):
            a, b = chain[k], chain[k + 1]
            if a.shape.is_column and b.shape.is_row and a.shape.rows == b.shape.columns and not a.shape.is_scalar:
                column = apply("hadamard", a, build.transposed(b))
                made = apply("diag", column)
                yield build.product([*chain[:k], made, *chain[k + 2 :]])
    if isinstance(node, e.Filled) and node.name == "ones" and node.shape.rows == node.shape.columns:
        yield build.identity(node.shape.rows)


def _entrywise(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "times"):
        a, b = arguments(node)
        if a.shape == b.shape and not a.shape.is_scalar:
            yield apply("hadamard", a, b)
    if is_apply(node, "inverse"):
        yield apply("over", build.ONE_NUMBER, arguments(node)[0])


def _matrix_product(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "hadamard"):
        a, b = arguments(node)
        if not a.shape.is_scalar and not b.shape.is_scalar:
            for one, two in ((a, b), (b, a)):
                for second in (two, build.transposed(two)):
                    try:
                        yield apply("times", one, second)
                    except DoesNotFit:
                        continue
    if is_apply(node, "over"):
        a, b = arguments(node)
        if _is_square(b):
            yield apply("inverse", b) if _is_one(a) else apply("times", apply("inverse", b), a)


def _to_scalar(node: Expr) -> Iterator[Expr]:
    """A vector or a matrix turned into a scalar."""
    if isinstance(node, e.Filled) and node.name in {"ones", "eye"}:
        yield build.ONE_NUMBER
        yield build.size(node.shape.rows if not node.shape.is_row else node.shape.columns)
    if not node.shape.is_scalar and not isinstance(node, e.Filled):
        yield apply("sum", node)
        if _is_vector(node):
            yield apply("norm", node)
            yield build.ONE_NUMBER
        if _is_square(node):
            yield apply("trace", node)
            yield apply("times", apply("trace", node), build.identity(node.shape.rows))
    if is_apply(node, "times"):
        chain = factors(node)
        for k in range(len(chain) - 1):
            a, b = chain[k], chain[k + 1]
            if a.shape.is_column and b.shape.is_row and a.shape.rows == b.shape.columns and not a.shape.is_scalar:
                made = apply("times", build.transposed(a), build.transposed(b))
                yield build.product([*chain[:k], made, *chain[k + 2 :]])
                yield build.product([*chain[:k], made, build.identity(a.shape.rows), *chain[k + 2 :]])
    if is_apply(node, "diag") and is_apply(arguments(node)[0], "hadamard"):
        a, b = arguments(arguments(node)[0])
        if _is_vector(a) and _is_vector(b):
            yield apply("dot", build.as_column(a), build.as_column(b))
    if is_apply(node, "hadamard") and _is_vector(node):
        a, b = (build.as_column(part) for part in arguments(node))
        if _is_vector(a) and _is_vector(b):
            yield apply("dot", a, b)


def _to_ones(node: Expr) -> Iterator[Expr]:
    """A vector replaced by its sum or its norm in every entry."""
    if _is_vector(node) and not build.is_ones(node):
        yield apply("times", apply("sum", node), build.ones(node.shape))
        yield apply("times", apply("norm", node), build.ones(node.shape))


def _ones_for(node: Expr, k: int) -> Iterator[Expr]:
    """One part of a node replaced by ones, where it is a vector or a matrix."""
    part = arguments(node)[k]
    if not (part.shape.is_scalar or _is_plain(part)):
        made = _put(node, k, build.ones(part.shape))
        if made is not None:
            yield made


def _is_scaling(node: Expr) -> bool:
    return is_apply(node, "times") and any(part.shape.is_scalar for part in arguments(node))


def _factor_as_ones(node: Expr) -> Iterator[Expr]:
    """A factor beside another vector or matrix."""
    if is_apply(node, "times", "hadamard", "dot") and not _is_scaling(node):
        yield from (made for k in (0, 1) for made in _ones_for(node, k))


def _term_as_ones(node: Expr) -> Iterator[Expr]:
    """A term, or what a scalar stands in front of."""
    if is_apply(node, "add", "subtract") or _is_scaling(node):
        yield from (made for k in (0, 1) for made in _ones_for(node, k))


def _from_scalar(node: Expr) -> Iterator[Expr]:
    """A scalar turned into the vector or the matrix that it was made of."""
    if is_apply(node, "sum", "trace", "norm", "mean"):
        (inner,) = arguments(node)
        yield inner
        if _is_vector(inner):
            yield build.transposed(inner)
            yield apply("diag", inner)
    if is_apply(node, "dot"):
        a, b = arguments(node)
        yield apply("times", a, build.transposed(b))
        yield apply("times", b, build.transposed(a))
        yield apply("hadamard", a, b)
        yield apply("diag", apply("hadamard", a, b))
    if is_apply(node, "times") and node.shape.is_scalar:
        a, b = arguments(node)
        if a.shape.is_row and b.shape.is_column and not a.shape.is_scalar:
            a, b = build.transposed(a), build.transposed(b)
            yield apply("times", a, b)
            yield apply("times", build.transposed(b), build.transposed(a))
            yield apply("diag", apply("hadamard", a, build.transposed(b)))
    if is_apply(node, "times"):
        chain = factors(node)
        for k, factor in enumerate(chain):  # tr(M) I, sum(v) 𝟏ᵀ
            if is_apply(factor, "sum", "trace", "norm"):
                (inner,) = arguments(factor)
                for j, other in enumerate(chain):
                    if j != k and (isinstance(other, e.Filled) or build.is_ones(other)):
                        rest = [f for i, f in enumerate(chain) if i not in {j, k}]
                        for one in (inner, build.transposed(inner)):
                            if one.shape == other.shape:
                                yield build.product([*rest, one]) if rest else one
            if factor.shape.is_scalar and is_apply(factor, "dot", "times"):
                for j, other in enumerate(chain):
                    if j != k and isinstance(other, e.Filled) and other.name == "eye":
                        rest = [f for i, f in enumerate(chain) if i not in {j, k}]
                        a, b = (build.as_column(part) for part in arguments(factor))
                        for u, v in ((a, b), (b, a)):
                            if u.shape == v.shape and not u.shape.is_scalar:
                                yield build.product([*rest, apply("times", u, build.transposed(v))])


def _spread_scalar(node: Expr) -> Iterator[Expr]:
    """A scalar term beside a matrix: it is meant on the diagonal, or in the row or the column."""
    if is_apply(node, "add", "subtract"):
        a, b = arguments(node)
        for k, (one, other) in enumerate(((a, b), (b, a))):
            if one.shape.is_scalar and _is_square(other):
                made = apply("times", one, build.identity(other.shape.rows))
                yield apply(node.operation.name, *((made, other) if k == 0 else (other, made)))


def _gather_identity(node: Expr) -> Iterator[Expr]:
    """c I beside a matrix written as c, and c 𝟏 beside a vector."""
    if is_apply(node, "times"):
        chain = factors(node)
        if any(isinstance(f, e.Filled) or build.is_ones(f) for f in chain):
            scalars = [f for f in chain if f.shape.is_scalar]
            if len(scalars) == len(chain) - 1:
                yield build.product(scalars)


# -- cases, powers, functions, names ----------------------------------------------------------------------------------

_FLIPPED = {"gt": "lt", "lt": "gt", "ge": "le", "le": "ge", "eq": "ne", "ne": "eq"}


def _flip(node: Expr) -> Iterator[Expr]:
    if is_apply(node, *_FLIPPED):
        yield apply(_FLIPPED[node.operation.name], *arguments(node))
    if is_apply(node, "step", "sign"):
        yield apply("step" if is_apply(node, "step") else "sign", build.minus(arguments(node)[0]))


def _decide(node: Expr) -> Iterator[Expr]:
    """A condition taken as true, or as false; a sign as 1; a larger of two as one of them."""
    if isinstance(node, e.Cases):
        for value, _ in node.branches:
            if value.shape == node.shape:
                yield value
        if node.otherwise is not None and node.otherwise.shape == node.shape:
            yield node.otherwise
        for k, part in enumerate(_parts(node)):
            if not (isinstance(part, e.Apply) and part.operation.is_condition):
                made = _put(node, k, build.zeros(part.shape))
                if made is not None:
                    yield made
    if is_apply(node, *_FLIPPED, "step", "sign"):
        yield build.ones(node.shape)
    if is_apply(node, "sign"):
        yield apply("step", arguments(node)[0])
    if is_apply(node, "maximum", "minimum"):
        yield from (part for part in arguments(node) if part.shape == node.shape)
    if is_apply(node, "relu", "abs"):
        yield arguments(node)[0]


def _never(node: Expr) -> Iterator[Expr]:
    """A condition taken as false."""
    if is_apply(node, *_FLIPPED, "step", "sign"):
        yield build.zeros(node.shape)


def _outside_sum(node: Expr) -> Iterator[Expr]:
    """One condition on a sum where each item has its own."""
    if isinstance(node, e.Sum):
        chain = factors(node.body)
        for k, factor in enumerate(chain):
            if is_apply(factor, "gt", "lt"):
                a, b = arguments(factor)
                rest = build.product(chain[:k] + chain[k + 1 :]) if len(chain) > 1 else build.ONE_NUMBER

                def summed(part: Expr, node: e.Sum = node) -> Expr:
                    return part if build.is_zero(part) else build.summed_over(node, part)

                condition = apply(factor.operation.name, summed(a), summed(b))
                yield apply("times", condition, build.summed_over(node, rest))


def _move_condition(node: Expr) -> Iterator[Expr]:
    """A condition with a part left out: [w·x > 0] for [w·x + b > 0]; or a part of it negated."""
    if is_apply(node, *_FLIPPED):
        a, b = arguments(node)
        for k, side in enumerate((a, b)):
            for made in [*_drop_term(side), *_without(side, lambda factor: factor.shape.is_scalar), *_other_sign(side)]:
                sides = (made, b) if k == 0 else (a, made)
                try:
                    yield apply(node.operation.name, *sides)
                except DoesNotFit:
                    continue


def _exponent(node: Expr) -> Iterator[Expr]:
    if is_apply(node, "power", "powers"):
        base, exponent = arguments(node)
        if isinstance(exponent, e.Number) and (node.operation.name == "powers" or base.shape.is_scalar):
            for by in (1, -1):
                value = exponent.value + by
                yield base if value == 1 else apply(node.operation.name, base, build.number(value))
    elif (
        (node.shape.is_scalar
        and isinstance(node, e.Variable | e.Defined | e.Entry))
        or is_apply(node, "norm", "sum", "det", "dot")
    ):
        yield apply("power", node, build.TWO)
    elif _is_vector(node) and isinstance(node, e.Variable | e.Defined):
        yield apply("powers", node, build.TWO)
    if is_apply(node, "inverse") and arguments(node)[0].shape.rows != ONE:
        yield apply("times", node, node)
        yield arguments(node)[0]


_LIKE = (
    ("sin", "cos", "exp", "tan"), ("tanh", "sigmoid", "sech"), ("sinh", "cosh"), ("exp", "log"), ("sign", "abs"),
    ("sigmoid", "softplus", "exp", "step"), ("relu", "step"),
)  # fmt: skip


def _other_function(node: Expr) -> Iterator[Expr]:
    if isinstance(node, e.Apply) and node.operation.name in ELEMENTWISE:
        for group in _LIKE:
            if node.operation.name in group:
                for name in group:
                    if name != node.operation.name:
                        yield apply(name, *node.arguments)
        yield node.arguments[0]
    if isinstance(node, e.Function) and node.name not in ELEMENTWISE:
        for order in (node.order - 1, node.order + 1):
            if order >= 0:
                yield e.Function(node.name, order, node.argument, shape=node.shape)


def spoiling(constants: frozenset[str], inner: frozenset[str]) -> tuple[Edit, ...]:
    """How a right formula is spoiled.

    `constants` are the scalars that count as constant factors, and `inner` the variables that stand inside a
    function that is not linear: what is left out of them was left out of the chain rule.
    """

    def inside(change: Change, wanted: bool) -> Change:
        def chosen(node: Expr) -> Iterator[Expr]:
            for made in change(node):
                gone = {name for name, _ in _names(node) - _names(made)}
                if (bool(gone) and gone <= inner) == wanted:
                    yield made

        return chosen

    return (
        Edit("constant dropped", partial(_drop_constant, constants=constants)),
        Edit("factor dropped", inside(_drop_scalar, False)),
        Edit("held factor dropped", inside(_drop_part, False)),
        Edit("held factor dropped", inside(_factor_as_ones, False)),
        *(Edit("chain factor dropped", inside(drop, True)) for drop in (_drop_scalar, _drop_part, _factor_as_ones)),
        *_SPOILING,
    )


def _names(node: Expr) -> frozenset[tuple[str, int]]:
    """The names of the variables that are written, each numbered as often as it stands there."""
    used = [part.name for part in e.walk_written(node) if isinstance(part, e.Variable)]
    return frozenset((name, k) for name in set(used) for k in range(used.count(name)))


# Changes that are a mistake in a right formula, and the mending of one in a wrong answer.
_EITHER = (
    Edit("negated term", _other_sign),
    Edit("chain reordered", _reorder),
    Edit("chain reordered", _swap_kron),
    Edit("transpose changed", _turn),
    Edit("transpose changed", _turn_vectors),
    Edit("transposes changed", _turn_parts),
    Edit("diag left out", _off_diagonal),
    Edit("diag left out", _on_diagonal),
    Edit("full for diagonal", _thinned),
    Edit("elementwise", _entrywise),
    Edit("elementwise", _matrix_product),
    Edit("summed up", _from_scalar),
    Edit("cases swapped", _flip),
    Edit("condition changed", _move_condition),
    Edit("exponent off", _exponent),
)

_SPOILING = (
    *_EITHER,
    Edit("term dropped", _drop_term),
    Edit("chain factor dropped", _drop_link),
    Edit("chain factor dropped", _drop_run),
    Edit("full for diagonal", _full),
    Edit("summed up", _to_scalar),
    Edit("summed up", _to_ones),
    Edit("summed up", _term_as_ones),
    Edit("summed up", _gather_identity),
    Edit("case dropped", _decide),
    Edit("case without change", _never),
    Edit("condition changed", _outside_sum),
)


def mending(variable: str) -> tuple[Edit, ...]:
    """How a wrong answer is mended; `variable` is what the question differentiates by."""

    def is_variable(factor: Expr) -> bool:
        base = factor.base if isinstance(factor, e.Entry) else factor
        return isinstance(base, e.Variable | e.Defined) and base.name == variable

    def dropping(wanted: Callable[[Expr], bool]) -> Change:
        def change(node: Expr) -> Iterator[Expr]:
            return (made for made in _without(node, wanted) if made.shape == node.shape)

        return change

    kept = Edit("variable kept", dropping(is_variable))
    other = Edit("extra factor", dropping(lambda factor: not (is_variable(factor) or _is_plain(factor))))
    return kept, other, *_MENDING


_MENDING = (
    *_EITHER,
    Edit("negated term", _absolute),
    Edit("extra term", _drop_term),
    Edit("summed up", _spread_scalar),
    Edit("function swapped", _other_function),
)
