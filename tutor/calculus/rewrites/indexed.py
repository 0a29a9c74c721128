"""Sums over an index, Kronecker deltas and entries."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply
from tutor.calculus.rewrites import chains, scalars
from tutor.calculus.term import (
    Term,
    chained,
    content,
    expression,
    without,
)
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import ELEMENTWISE
from tutor.language.shape import ONE, Shape

if TYPE_CHECKING:
    from tutor.calculus.tidy import Tidy


def delta(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    if a == b:
        return [Term()]
    if isinstance(a, e.Number) and isinstance(b, e.Number):
        return []
    return tidy.atom(apply("delta", a, b))


def index_sum(tidy: Tidy, node: e.Sum) -> list[Term]:
    """Contracts what an index only picks out, and pulls the rest's common factors to the front."""
    done: list[Term] = []
    rest: list[Term] = []
    for term in tidy.terms(node.body):
        found = _contracted(tidy, node, term)
        if found is None:
            rest.append(term)
        else:
            done += found
    if not rest:
        return done
    coefficient, common = content(rest)
    outside = tuple((base, x) for base, x in common if not build.has_index(base, node.index))
    if len(rest) == 1:
        outside = tuple((b, x) for b, x in rest[0].scalars if not build.has_index(b, node.index))
    inner = [without(term, coefficient, outside) for term in rest]
    if len(inner) == 1 and inner[0].coefficient < 0:
        coefficient, inner = -coefficient, [inner[0].scaled(Fraction(-1))]
    if outside:
        tidy.note("sum over an index")
    shown = tidy.shown(inner[0]) if len(inner) == 1 else None
    if len(inner) == 1 and shown is not None and coefficient < 0:
        flipped = tidy.shown(inner[0].scaled(Fraction(-1)))
        if flipped.coefficient > 0:
            coefficient, inner = -coefficient, [flipped]
    body = tidy.whole(inner, node.body.shape)
    if is_apply(body, "negative"):
        coefficient, body = -coefficient, arguments(body)[0]
    made = e.Sum(node.index, node.lower, node.upper, body, shape=body.shape)
    return [*done, *(scalars.multiplied(tidy, Term(coefficient, outside), t) for t in tidy.atom(made))]


def _contracted(tidy: Tidy, node: e.Sum, term: Term) -> list[Term] | None:
    """A term of the sum without the sum, where there is one."""
    index = node.index
    active = [base for base, _ in term.scalars if build.has_index(base, index)]
    factors = [factor for factor in term.chain if build.has_index(factor, index)]
    whole = node.lower == build.ONE_NUMBER
    if not active and not factors and whole:
        return [scalars.multiplied(tidy, term, t) for t in tidy.terms(node.upper)]
    for k, (base, x) in enumerate(term.scalars):
        if is_apply(base, "delta") and x == 1 and whole:
            a, b = arguments(base)
            other = b if a == e.Index(index, getattr(a, "range", None)) else a
            mine = a if other is b else b
            if isinstance(mine, e.Index) and mine.name == index and not build.has_index(other, index):
                if not _fits_range(other, node.upper):
                    continue
                tidy.note("deltas")
                left = replace(term, scalars=term.scalars[:k] + term.scalars[k + 1 :])
                return tidy.terms(build.put_index(expression(left), index, other))
    if len(factors) == 1 and whole:
        return _stacked(tidy, node, term, factors[0])
    return None


def _stacked(tidy: Tidy, node: e.Sum, term: Term, factor: Expr) -> list[Term] | None:
    """Σ_i v_i unit(i) = v."""
    turned = is_apply(factor, "transpose")
    core = arguments(factor)[0] if turned else factor
    if not (isinstance(core, e.Unit) and isinstance(core.index, e.Index) and core.index.name == node.index):
        return None
    if not (isinstance(node.upper, e.Size | e.Number) and build.size(core.shape.rows) == node.upper):
        return None
    inside = tuple((b, x) for b, x in term.scalars if build.has_index(b, node.index))
    outside = tuple((b, x) for b, x in term.scalars if not build.has_index(b, node.index))
    column = stacked(expression(Term(scalars=inside)), node.index, core.shape)
    if column is None:
        return None
    tidy.note("deltas")
    if column.shape.is_scalar:
        column = apply("times", column, build.ones(core.shape))
    column = build.transposed(column) if turned else column
    place = term.chain.index(factor)
    before, after = term.chain[:place], term.chain[place + 1 :]
    made = build.product([*before, column, *after])
    return [scalars.multiplied(tidy, Term(term.coefficient, outside), t) for t in chains.operand(tidy, made)]


def entry(tidy: Tidy, node: e.Entry) -> list[Term]:
    base = node.base
    if isinstance(base, e.Variable | e.Defined) and not tidy.by_entries:
        return tidy.atom(node)
    if base.shape.is_column:
        return entry_of(tidy, base, None, node.row)
    if base.shape.is_row:
        return entry_of(tidy, tidy.form(build.transposed(base)), None, node.column)
    return _matrix_entry(tidy, base, node.row, node.column)


def entry_of(tidy: Tidy, column: Expr, unit: Expr | None, row: Expr) -> list[Term]:
    """An entry of a column; the row's number, or the unit vector that picks it out."""
    place = unit.index if isinstance(unit, e.Unit) else row
    return _matrix_entry(tidy, column, place, build.ONE_NUMBER)


def _matrix_entry(tidy: Tidy, base: Expr, row: Expr, column: Expr) -> list[Term]:
    made: list[Term] = []
    for term in tidy.terms(base):
        front = replace(term, chain=())
        if not term.chain:
            made.append(front)
            continue
        for t in _chain_entry(tidy, term.chain, row, column):
            made.append(scalars.multiplied(tidy, front, t))
    return made


def _chain_entry(tidy: Tidy, chain: tuple[Expr, ...], row: Expr, column: Expr) -> list[Term]:
    for k in range(1, len(chain)):
        if chain[k].shape.rows == ONE:
            left = _chain_entry(tidy, chain[:k], row, build.ONE_NUMBER)
            right = _chain_entry(tidy, chain[k:], build.ONE_NUMBER, column)
            return [scalars.multiplied(tidy, a, b) for a in left for b in right]
    if len(chain) == 1:
        return _factor_entry(tidy, chain[0], row, column)
    tidy.note("entries")
    first, last = chain[0], chain[-1]
    if is_apply(first, "diag") and build.is_wide(first):
        front = _factor_entry(tidy, arguments(first)[0], row, build.ONE_NUMBER)
        return [scalars.multiplied(tidy, a, b) for a in front for b in _chain_entry(tidy, chain[1:], row, column)]
    if is_apply(last, "diag") and build.is_wide(last):
        front = _factor_entry(tidy, arguments(last)[0], column, build.ONE_NUMBER)
        return [scalars.multiplied(tidy, a, b) for a in _chain_entry(tidy, chain[:-1], row, column) for b in front]
    if isinstance(last, e.Unit):
        return _chain_entry(tidy, chain[:-1], row, last.index)
    if is_apply(first, "transpose") and isinstance(unit := arguments(first)[0], e.Unit):
        return _chain_entry(tidy, chain[1:], unit.index, column)
    return tidy.atom(e.Entry(chained(chain), row, column))


def _factor_entry(tidy: Tidy, factor: Expr, row: Expr, column: Expr) -> list[Term]:
    match factor:
        case e.Unit(index=index):
            return delta(tidy, row, index)
        case e.Filled(name=name):
            return [Term()] if name == "ones" else delta(tidy, row, column)
        case e.Blocks(rows=table) if _is_table(table):
            if isinstance(row, e.Number) and isinstance(column, e.Number):
                return tidy.terms(table[int(row.value) - 1][int(column.value) - 1])
        case e.Function(name=name, order=order, argument=argument) if tidy.by_entries:
            inner = _argument_entry(tidy, argument, row, column)
            return tidy.atom(e.Function(name, order, inner, shape=inner.shape))
        case e.Apply(operation=operation, arguments=parts):
            name = operation.name
            if name == "transpose":
                return _factor_entry(tidy, parts[0], column, row)
            if name == "diag" and build.is_wide(factor):
                front = _factor_entry(tidy, parts[0], row, build.ONE_NUMBER)
                return [scalars.multiplied(tidy, a, b) for a in front for b in delta(tidy, row, column)]
            if name in {"hadamard", "over", "powers", "add", "subtract", "negative", "maximum", "minimum"} or (
                name in ELEMENTWISE and tidy.by_entries
            ):
                if not tidy.by_entries and name in {"maximum", "minimum"}:
                    return tidy.atom(e.Entry(factor, row, column))
                return tidy.terms(apply(name, *(_argument_entry(tidy, p, row, column) for p in parts)))
            if operation.is_condition and tidy.by_entries:
                return tidy.atom(apply(name, *(_argument_entry(tidy, p, row, column) for p in parts)))
    return tidy.atom(e.Entry(factor, row, column))


def _argument_entry(tidy: Tidy, part: Expr, row: Expr, column: Expr) -> Expr:
    if part.shape.is_scalar:
        return part
    return tidy.whole(_matrix_entry(tidy, part, row, column), build.ONE_NUMBER.shape)


def _is_table(rows: tuple[tuple[Expr, ...], ...]) -> bool:
    """Whether every part of a matrix of parts is one entry."""
    return all(part.shape.is_scalar for row in rows for part in row)


def _fits_range(index: Expr, upper: Expr) -> bool:
    if isinstance(index, e.Index):
        return index.range is not None and build.size(index.range) == upper
    return isinstance(index, e.Number)


_BY_ENTRIES = frozenset({"add", "subtract", "negative", "hadamard", "over", "powers", "maximum", "minimum"})


def stacked(expr: Expr, index: str, shape: Shape) -> Expr | None:
    """The column whose i-th entry an expression in i is, or None where it cannot be written as one."""
    if not build.has_index(expr, index):
        return expr
    match expr:
        case e.Entry(base=base, row=e.Index(name=name), column=e.Number()) if name == index and base.shape == shape:
            return None if build.has_index(base, index) else base
        case e.Entry(base=base, row=row, column=e.Index(name=name)) if name == index:
            if build.has_index(base, index) or build.has_index(row, index) or base.shape.columns != shape.rows:
                return None
            if base.shape.is_row:
                return build.transposed(base)
            return apply("times", build.transposed(base), e.Unit(row, shape=Shape(base.shape.rows, ONE)))
        case e.Entry(base=base, row=e.Index(name=name), column=column) if name == index:
            if build.has_index(base, index) or build.has_index(column, index) or base.shape.rows != shape.rows:
                return None
            return apply("times", base, e.Unit(column, shape=Shape(base.shape.columns, ONE)))
        case e.Sum(index=other, body=body) if shape.is_column:
            return _stacked_sum(expr, other, body, index, shape)
        case e.Function(name=name, order=order, argument=argument):
            inner = stacked(argument, index, shape)
            return None if inner is None else e.Function(name, order, inner, shape=inner.shape)
        case e.Apply(operation=operation, arguments=parts):
            name = {"times": "hadamard", "divide": "over", "power": "powers"}.get(operation.name, operation.name)
            if name == "dot" or (name not in _BY_ENTRIES and name not in ELEMENTWISE and not operation.is_condition):
                return None
            made = [stacked(part, index, shape) for part in parts]
            if any(part is None or part.shape not in (shape, build.ONE_NUMBER.shape) for part in made):
                return None
            return apply(name, *(part for part in made if part is not None))
    return None


def _stacked_sum(node: e.Sum, j: str, body: Expr, i: str, shape: Shape) -> Expr | None:
    """Σ_j A_ij v_j, for each i, is A v."""
    if node.lower != build.ONE_NUMBER:
        return None
    factors = _flat(body)
    both = [f for f in factors if build.has_index(f, i) and build.has_index(f, j)]
    if len(both) != 1 or not isinstance(both[0], e.Entry):
        return None
    one_entry = both[0]
    places = [p.name if isinstance(p, e.Index) else "" for p in (one_entry.row, one_entry.column)]
    if sorted(places) != sorted((i, j)) or build.has_index(one_entry.base, i) or build.has_index(one_entry.base, j):
        return None
    matrix = one_entry.base if places == [i, j] else build.transposed(one_entry.base)
    if matrix.shape.rows != shape.rows or build.size(matrix.shape.columns) != node.upper:
        return None
    rest = [f for f in factors if f is not one_entry]
    along = [f for f in rest if build.has_index(f, j)]
    width = Shape(matrix.shape.columns, ONE)
    column = stacked(build.product(along), j, width) if along else build.ones(width)
    if column is None:
        return None
    made = apply("times", matrix, column if not column.shape.is_scalar else apply("times", column, build.ones(width)))
    for factor in (f for f in rest if not build.has_index(f, j)):
        front = stacked(factor, i, shape)
        if front is None:
            return None
        made = apply("hadamard", front, made)
    return made


def _flat(expr: Expr) -> list[Expr]:
    """The factors of a product."""
    if is_apply(expr, "times"):
        return [f for part in arguments(expr) for f in _flat(part)]
    return [expr]
