"""Chains of matrices: products, transposes, inverses beside what they undo, rows that meet columns."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import TYPE_CHECKING

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply, is_filled, is_ones
from tutor.calculus.length import length
from tutor.calculus.rewrites import arithmetic, collect, entrywise, indexed, reductions, scalars
from tutor.calculus.term import Term, chained, gathered, merged, with_numbers
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.shape import ONE, Shape

if TYPE_CHECKING:
    from tutor.calculus.tidy import Tidy


def product(tidy: Tidy, a: Expr, b: Expr) -> list[Term]:
    """The terms of a product; a sum is multiplied out or held together."""
    left, right = operand(tidy, a), operand(tidy, b)
    return [scalars.multiplied(tidy, x, y) for x in left for y in right]


def operand(tidy: Tidy, expr: Expr) -> list[Term]:
    terms = tidy.terms(expr)
    if len(terms) < 2:
        return terms
    spreads = not expr.shape.is_scalar and any(not term.chain for term in terms)
    core = arguments(expr)[0] if is_apply(expr, "transpose") else expr
    if tidy._expand and not spreads and core not in tidy.given:
        return terms
    return [collect.factor(tidy, terms, expr.shape)]


def reduced(tidy: Tidy, term: Term) -> Term:
    """The chain with everything taken together that belongs together."""
    result = term
    while True:
        if not result.coefficient:
            return result
        step = _scalar_parts(tidy, result) or _neighbours(tidy, result)
        if step is None:
            return result
        result = step


def _scalar_parts(tidy: Tidy, term: Term) -> Term | None:
    """A part of the chain that is a scalar goes in front."""
    chain = term.chain
    cuts = [0, *(k for k in range(1, len(chain)) if chain[k].shape.rows == ONE), len(chain)]
    for start, end in pairwise(cuts):
        part = chain[start:end]
        if part and part[0].shape.is_row and part[-1].shape.is_column:
            tidy.note("scalars")
            rest = replace(term, chain=chain[:start] + chain[end:])
            scalar = _scalar(tidy, part)
            result = Term(Fraction(0))
            if scalar.coefficient:
                merged_scalars = merged(rest.scalars, scalar.scalars)
                c, s = with_numbers(rest.coefficient * scalar.coefficient, merged_scalars)
                result = Term(c, s, rest.chain)
            return result
    return None


def _scalar(tidy: Tidy, chain: tuple[Expr, ...]) -> Term:
    """A row times a column as a scalar term."""
    first, last = chain[0], chain[-1]
    if len(chain) == 2 and is_apply(first, "transpose"):
        return inner(tidy, arguments(first)[0], last)
    if is_ones(first):
        return single(tidy, reductions.sum_of(tidy, chained(chain[1:])))
    if is_ones(last):
        return single(tidy, reductions.sum_of(tidy, build.transposed(chained(chain[:-1]))))
    if is_apply(first, "transpose") and isinstance(arguments(first)[0], e.Unit):
        place = indexed.entry_of(tidy, chained(chain[1:]), arguments(first)[0], build.ONE_NUMBER)
        return single(tidy, place)
    made = chained(chain)
    flipped = chained([t for x in reversed(chain) for t in turned_factor(tidy, x)])
    if (length(flipped), repr(flipped)) < (length(made), repr(made)):
        made = flipped
    return Term(scalars=((tidy.named(made), Fraction(1)),))


def single(tidy: Tidy, terms: list[Term]) -> Term:
    if not terms:
        return Term(Fraction(0))
    return collect.factor(tidy, terms, build.ONE_NUMBER.shape)


def inner(tidy: Tidy, u: Expr, v: Expr) -> Term:
    """A dot product, in the form that says most."""
    for a, b in ((u, v), (v, u)):
        if is_filled(a, "ones"):
            return single(tidy, reductions.sum_of(tidy, b))
        if isinstance(a, e.Unit):
            return single(tidy, indexed.entry_of(tidy, b, a, build.ONE_NUMBER))
    if u == v:
        return Term(scalars=((tidy.named(apply("norm", u)), Fraction(2)),))
    if any(x < 0 for part in (u, v) for _, x in entrywise.entrywise(tidy, [(part, Fraction(1))])[1]):
        front, factors = entrywise.entrywise(tidy, [(u, Fraction(1)), (v, Fraction(1))])
        made = entrywise.built(tidy, factors, u.shape)
        if length(made) < length(u) + length(v):
            return scalars.multiplied(tidy, front, single(tidy, reductions.sum_of(tidy, made)))
    if (length(u), repr(u)) > (length(v), repr(v)) and not _is_given(tidy, apply("dot", u, v)):
        u, v = v, u
    return Term(scalars=((tidy.named(apply("dot", u, v)), Fraction(1)),))


def _is_given(tidy: Tidy, expr: Expr) -> bool:
    return expr in tidy.given


def _neighbours(tidy: Tidy, term: Term) -> Term | None:
    chain = term.chain
    for k, factor in enumerate(chain):
        if is_filled(factor, "eye") and len(chain) > 1:
            tidy.note("identity")
            return replace(term, chain=chain[:k] + chain[k + 1 :])
    for k in range(len(chain) - 1):
        pair = _pair(tidy, chain[k], chain[k + 1])
        if pair is not None:
            rest = replace(term, chain=chain[:k])
            for part in pair:
                coefficient = rest.coefficient * part.coefficient
                rest = Term(coefficient, merged(rest.scalars, part.scalars), rest.chain + part.chain)
            return replace(rest, chain=rest.chain + chain[k + 2 :])
    return None


def _pair(tidy: Tidy, a: Expr, b: Expr) -> list[Term] | None:
    """What two neighbours of a chain are together, or None."""
    if is_apply(a, "diag") and is_apply(b, "diag") and build.is_wide(a) and build.is_wide(b):
        tidy.note("diagonals")
        return [
            collect.factor(tidy, entrywise.diag(tidy, apply("hadamard", arguments(a)[0], arguments(b)[0])), a.shape)
        ]
    if is_apply(a, "diag") and build.is_wide(a) and b.shape.is_column:
        tidy.note("diagonals")
        return [collect.factor(tidy, entrywise.hadamard(tidy, arguments(a)[0], b), b.shape)]
    if is_apply(b, "diag") and build.is_wide(b) and a.shape.is_row:
        tidy.note("diagonals")
        column = collect.factor(
            tidy, entrywise.hadamard(tidy, build.transposed(a), arguments(b)[0]), a.shape.transposed
        )
        return [turned(tidy, column)]
    if is_apply(a, "kron") and is_apply(b, "kron"):
        (p, q), (r, s) = arguments(a), arguments(b)
        if p.shape.columns == r.shape.rows and q.shape.columns == s.shape.rows:
            tidy.note("Kronecker")
            made = arithmetic.kron(tidy, apply("times", p, r), apply("times", q, s))
            return [collect.factor(tidy, made, apply("times", a, b).shape)]
    if inverse_of(tidy, a) == b or inverse_of(tidy, b) == a:
        tidy.note("inverses")
        return [Term(chain=(build.identity(a.shape.rows),))]
    if isinstance(a, e.Blocks) and isinstance(b, e.Blocks) and len(a.rows) == 1 == len(b.rows[0]):
        blocks = _blocks_multiplied(tidy, a, b)
        if blocks is not None:
            return blocks
    return _beside_inverse(tidy, a, b)


def _blocks_multiplied(tidy: Tidy, a: e.Blocks, b: e.Blocks) -> list[Term] | None:
    """A row of parts times a column of parts is the sum of their products."""
    pairs = list(zip(a.rows[0], (row[0] for row in b.rows), strict=False))
    if len(a.rows[0]) != len(b.rows) or any(p.shape.columns != q.shape.rows for p, q in pairs):
        return None
    tidy.note("blocks")
    terms = gathered(t for p, q in pairs for t in product(tidy, p, q))
    shape = Shape(a.shape.rows, b.shape.columns)
    return [collect.factor(tidy, terms, shape)] if terms else [Term(Fraction(0))]


def inverse_of(tidy: Tidy, factor: Expr) -> Expr | None:
    """The matrix that a factor is the inverse of."""
    if is_apply(factor, "inverse"):
        return arguments(factor)[0]
    if is_apply(factor, "transpose") and is_apply(arguments(factor)[0], "inverse"):
        flipped = turned_factor(tidy, arguments(arguments(factor)[0])[0])
        return flipped[0] if len(flipped) == 1 else None
    return None


def _inside(tidy: Tidy, factor: Expr) -> tuple[tuple[Expr, ...], bool] | None:
    """The square factors of an inverse of a product, and whether it stands transposed."""
    flipped = is_apply(factor, "transpose")
    core = arguments(factor)[0] if flipped else factor
    if not is_apply(core, "inverse"):
        return None
    (term, *more) = tidy.terms(arguments(core)[0])
    square = all(f.shape.rows == f.shape.columns for f in term.chain)
    if more or term.scalars or term.coefficient != 1 or len(term.chain) < 2 or not square:
        return None
    chain = term.chain
    if flipped:
        chain = tuple(t for x in reversed(chain) for t in turned_factor(tidy, x))
    return chain, flipped


def _beside_inverse(tidy: Tidy, a: Expr, b: Expr) -> list[Term] | None:
    """B (A X B)⁻¹ = (A X)⁻¹."""
    found = _inside(tidy, b)
    if found is not None and found[0][-1] == a:
        tidy.note("inverses")
        return [Term(chain=inverted(tidy, found[0][:-1]))]
    found = _inside(tidy, a)
    if found is not None and found[0][0] == b:
        tidy.note("inverses")
        return [Term(chain=inverted(tidy, found[0][1:]))]
    return None


def inverted(tidy: Tidy, chain: tuple[Expr, ...]) -> tuple[Expr, ...]:
    flipped = [is_apply(factor, "transpose") for factor in chain]
    if all(flipped):  # X⁻ᵀ, not (Xᵀ)⁻¹
        back = tuple(t for x in reversed(chain) for t in turned_factor(tidy, x))
        return (apply("transpose", apply("inverse", chained(back))),)
    return (apply("inverse", chained(chain)),)


def turned(tidy: Tidy, term: Term) -> Term:
    return replace(term, chain=tuple(t for factor in reversed(term.chain) for t in turned_factor(tidy, factor)))


def turned_factor(tidy: Tidy, factor: Expr) -> tuple[Expr, ...]:
    if is_apply(factor, "transpose"):
        return (arguments(factor)[0],)
    if is_symmetric(tidy, factor):
        return (factor,)
    if is_filled(factor, "ones") and not build.is_vector(factor.shape):
        return (e.Filled("ones", shape=factor.shape.transposed),)
    if is_apply(factor, "kron"):
        p, q = arguments(factor)
        return (apply("kron", tidy.form(build.transposed(p)), tidy.form(build.transposed(q))),)
    if isinstance(factor, e.Sum):
        body = tidy.whole([turned(tidy, t) for t in tidy.terms(factor.body)], factor.body.shape.transposed)
        return (replace(factor, body=body, shape=body.shape),)
    if isinstance(factor, e.Cases):
        branches = tuple((turned_expr(tidy, value), condition) for value, condition in factor.branches)
        rest = None if factor.otherwise is None else turned_expr(tidy, factor.otherwise)
        return (replace(factor, branches=branches, otherwise=rest, shape=factor.shape.transposed),)
    if isinstance(factor, e.Blocks):
        rows = tuple(zip(*factor.rows, strict=True))
        made = tuple(tuple(turned_expr(tidy, part) for part in row) for row in rows)
        return (replace(factor, rows=made, shape=factor.shape.transposed),)
    if is_apply(factor, "add", "subtract") and not build.is_vector(factor.shape):
        flipped = turned_expr(tidy, factor)
        if length(flipped) <= length(factor):
            return (flipped,)
    return (apply("transpose", factor),)


def turned_expr(tidy: Tidy, expr: Expr) -> Expr:
    return tidy.whole([turned(tidy, t) for t in tidy.terms(expr)], expr.shape.transposed)


def is_symmetric(tidy: Tidy, factor: Expr) -> bool:
    if is_filled(factor, "eye") or (is_apply(factor, "diag") and build.is_wide(factor)):
        return True
    if isinstance(factor, e.Variable):
        return factor.name in tidy.facts.symmetric
    if factor.shape.rows != factor.shape.columns or isinstance(factor, e.Blocks | e.Cases | e.Sum | e.Filled):
        return is_filled(factor, "ones") and factor.shape.rows == factor.shape.columns
    if isinstance(factor, e.Defined):
        return _is_symmetric_sum(tidy, factor.body)
    if is_apply(factor, "inverse"):
        return _is_symmetric_sum(tidy, arguments(factor)[0])
    if is_apply(factor, "add", "subtract", "times"):
        return _is_symmetric_sum(tidy, factor)
    return False


def _is_symmetric_sum(tidy: Tidy, expr: Expr) -> bool:
    if isinstance(expr, e.Variable | e.Defined):
        return is_symmetric(tidy, expr)
    known = tidy.terms(expr)
    if any(len(t.chain) == 1 and t.chain[0] == expr for t in known):
        return False
    return set(gathered(turned(tidy, t) for t in known)) == set(known)
