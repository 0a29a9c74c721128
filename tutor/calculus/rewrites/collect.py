"""Sums of terms: what they have in common stands in front, and equal terms are one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply
from tutor.calculus.length import length
from tutor.calculus.rewrites import chains, entrywise
from tutor.calculus.term import (
    Scalars,
    Term,
    content,
    expression,
    gathered,
    merged,
    summed,
    without,
)
from tutor.language.expr import Expr
from tutor.language.shape import Shape

if TYPE_CHECKING:
    from tutor.calculus.tidy import Tidy


def group(tidy: Tidy, terms: Sequence[Term], shape: Shape) -> tuple[Fraction, Scalars, Expr]:
    """A sum as one factor: its content in front, and what is left."""
    terms = gathered(terms)
    coefficient, scalars = content(terms)
    inner = [without(term, coefficient, scalars) for term in terms]
    inner = collected(tidy, inner)
    if len(inner) == 2 and length(expression(inner[1])) < length(expression(inner[0])):
        inner = inner[::-1] if inner[0] == chains.turned(tidy, inner[1]) else inner
    if len(inner) == 1 and not inner[0].chain and not shape.is_scalar:
        return coefficient, scalars, tidy.whole(inner, shape)
    negative = [term.coefficient < 0 for term in inner]
    if negative and (all(negative) or (2 * sum(negative) == len(negative) and _leads(tidy, inner))):
        coefficient, inner = -coefficient, [term.scaled(Fraction(-1)) for term in inner]
    made = summed([tidy.shown(t) for t in inner])
    if not shape.is_scalar and not shape.is_column:
        turned = summed([tidy.shown(chains.turned(tidy, t)) for t in inner])
        if length(turned) + 3 < length(made) + 2:
            return coefficient, scalars, apply("transpose", tidy.named(turned))
    return coefficient, scalars, tidy.named(made)


def _leads(tidy: Tidy, terms: Sequence[Term]) -> bool:
    """Of two orientations of a difference one is kept, whichever way it came."""
    first = min(terms, key=lambda t: repr(chains.turned(tidy, t).chain) + repr(t.scalars))
    return first.coefficient < 0


def factor(tidy: Tidy, terms: Sequence[Term], shape: Shape) -> Term:
    """A sum as a term of its own, with the sum as its only factor."""
    if len(terms) < 2:
        return terms[0] if terms else Term(Fraction(0))
    coefficient, scalars, made = group(tidy, terms, shape)
    if build.is_zero(made):
        return Term(Fraction(0))
    if made.shape.is_scalar:
        return Term(coefficient, merged(scalars, ((made, Fraction(1)),)))
    return Term(coefficient, scalars, (made,))


def collected(tidy: Tidy, terms: list[Term]) -> list[Term]:
    """Equal factors taken out of a sum, as long as that makes it no longer."""
    while len(terms) > 1 and not tidy.is_quick:
        best: tuple[int, int, int, Term] | None = None
        for i in range(len(terms)):
            for j in range(i + 1, len(terms)):
                found = _collect(tidy, terms[i], terms[j])
                if found is not None and (best is None or found[0] > best[0]):
                    best = (found[0], i, j, found[1])
        if best is None:
            return terms
        _, i, j, term = best
        terms = gathered([*terms[:i], term, *terms[i + 1 : j], *terms[j + 1 :]])
        tidy.note("collecting")
    return terms


def _collect(tidy: Tidy, a: Term, b: Term) -> tuple[int, Term] | None:
    """One term for two, with how much shorter it is."""
    if bool(a.chain) != bool(b.chain):
        return None
    if (both := _one_diagonal(tidy, a, b)) is not None:
        return both
    if (both := _common_entries(tidy, a, b)) is not None:
        return both
    left = _common(a.chain, b.chain)
    rest = min(len(a.chain), len(b.chain)) - left
    right = min(rest, _common(a.chain[::-1], b.chain[::-1]))
    coefficient, scalars = content([replace(a, chain=()), replace(b, chain=())])
    if not left and not right and not scalars:
        return None
    middle = [t.chain[left : len(t.chain) - right] for t in (a, b)]
    ends = a.chain[:left], a.chain[len(a.chain) - right :]
    hole = _hole(tidy, ends, middle)
    if hole is None:
        return None
    parts = []
    for term, chain in zip((a, b), middle, strict=True):
        inner = without(replace(term, chain=()), coefficient, scalars)
        parts.append(replace(inner, chain=chain or _filling(tidy, hole)))
    symmetric = all(middle) and set(parts) == {chains.turned(tidy, part) for part in parts}
    own, more, made = group(tidy, parts, hole)
    shared = Term(coefficient * own, merged(scalars, more), ())
    if made.shape.is_scalar:
        shared = replace(shared, scalars=merged(shared.scalars, ((made, Fraction(1)),)))
        whole = replace(shared, chain=(*ends[0], *ends[1]))
    else:
        whole = replace(shared, chain=(*ends[0], made, *ends[1]))
    saved = length(expression(a)) + length(expression(b)) + 1 - length(expression(whole))
    least = -1 if symmetric else 0 if (left or right) and not hole.is_scalar else 1
    return (saved, whole) if saved >= least else None


def _one_diagonal(tidy: Tidy, a: Term, b: Term) -> tuple[int, Term] | None:
    """diag(u) + diag(v) = diag(u + v)."""
    if any(len(t.chain) != 1 or not is_apply(t.chain[0], "diag") or not build.is_wide(t.chain[0]) for t in (a, b)):
        return None
    inner = [replace(t, chain=(arguments(t.chain[0])[0],)) for t in (a, b)]
    coefficient, scalars, made = group(tidy, inner, arguments(a.chain[0])[0].shape)
    whole = Term(coefficient, scalars, (apply("diag", made),))
    saved = length(expression(a)) + length(expression(b)) + 1 - length(expression(whole))
    return (saved, whole) if saved > 0 else None


def _common_entries(tidy: Tidy, a: Term, b: Term) -> tuple[int, Term] | None:
    """u ⊙ w + v ⊙ w = (u + v) ⊙ w."""
    if any(len(t.chain) != 1 or not is_apply(t.chain[0], "hadamard") for t in (a, b)):
        return None
    shape = a.chain[0].shape
    split = [entrywise.entrywise(tidy, [(t.chain[0], Fraction(1))]) for t in (a, b)]
    if any(front != Term() for front, _ in split):
        return None
    shared = [factor for factor in split[0][1] if factor in split[1][1]]
    if not shared:
        return None
    parts = []
    for term, (_, factors) in zip((a, b), split, strict=True):
        rest = entrywise.built(tidy, [f for f in factors if f not in shared], shape)
        parts.append(replace(term, chain=(rest,)))
    own, scalars, made = group(tidy, parts, shape)
    whole = Term(own, scalars, (entrywise.built(tidy, [(made, Fraction(1)), *shared], shape),))
    saved = length(expression(a)) + length(expression(b)) + 1 - length(expression(whole))
    return (saved, whole) if saved > 0 else None


def _hole(tidy: Tidy, ends: tuple[Sequence[Expr], Sequence[Expr]], middle: list[tuple[Expr, ...]]) -> Shape | None:
    """The shape of what is left between common ends; a square hole may hold I."""
    for chain in middle:
        if chain:
            shape = Shape(chain[0].shape.rows, chain[-1].shape.columns)
            if not all(middle) and shape.rows != shape.columns:
                return None
            return shape
    return build.ONE_NUMBER.shape


def _filling(tidy: Tidy, hole: Shape) -> tuple[Expr, ...]:
    return () if hole.is_scalar else (build.identity(hole.rows),)


def _common(a: Sequence[Expr], b: Sequence[Expr]) -> int:
    count = 0
    while count < min(len(a), len(b)) and a[count] == b[count]:
        count += 1
    return count
