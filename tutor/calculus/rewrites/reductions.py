"""Sums of entries, means and traces."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply, is_filled, is_ones
from tutor.calculus.rewrites import chains, collect, scalars
from tutor.calculus.term import Term, chained
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.shape import ONE

if TYPE_CHECKING:
    from tutor.calculus.tidy import Tidy


def linearly(tidy: Tidy, a: Expr, settle: Callable[[Term], list[Term]]) -> list[Term]:
    """A linear operation on each term, or on the sum as one."""
    terms = tidy.terms(a)
    done: list[Term] = []
    rest: list[tuple[Term, list[Term]]] = []
    for term in terms:
        whole = term
        if not term.chain and not a.shape.is_scalar:  # stands for every entry
            whole = replace(term, chain=tidy.terms(build.ones(a.shape))[0].chain)
        found = settle(whole)
        plain = len(found) == 1 and any(is_apply(base, "sum", "trace", "mean") for base, _ in found[0].scalars)
        if plain and len(terms) > 1:
            rest.append((term, found))
        else:
            done += found
    if len(rest) > 1:
        return [*done, *settle(collect.factor(tidy, [term for term, _ in rest], a.shape))]
    return [*done, *(t for _, found in rest for t in found)]


def total(tidy: Tidy, a: Expr) -> list[Term]:
    return sum_of(tidy, a)


def sum_of(tidy: Tidy, a: Expr) -> list[Term]:
    if a.shape.is_scalar:
        return tidy.terms(a)
    if _is_deviation(tidy, a):
        tidy.note("deviations")
        return []
    return linearly(tidy, a, lambda term: _summed(tidy, term))


def _is_deviation(tidy: Tidy, a: Expr) -> bool:
    """Whether this is x − mean(x)."""
    core = a.body if isinstance(a, e.Defined) else a
    if is_apply(core, "transpose"):
        return _is_deviation(tidy, arguments(core)[0])
    if not is_apply(core, "subtract"):
        return False
    for x, average in (arguments(core), arguments(core)[::-1]):
        average = average.body if isinstance(average, e.Defined) else average
        if is_apply(average, "mean") and arguments(average)[0] in (x, build.transposed(x)):
            return True
    return False


def _summed(tidy: Tidy, term: Term) -> list[Term]:
    if not term.chain:
        return [term]
    front, core = replace(term, chain=()), chained(term.chain)
    if _is_deviation(tidy, core):
        return []
    if is_ones(core) or is_filled(core, "ones"):
        tidy.note("sums of ones")
        count = tidy.terms(build.size(build.entries(core.shape)))
        return [scalars.multiplied(tidy, front, t) for t in count]
    if is_filled(core, "eye"):
        return [scalars.multiplied(tidy, front, t) for t in tidy.terms(build.size(core.shape.rows))]
    if _is_weights(tidy, core):
        tidy.note("weights")
        return [front]
    if is_apply(core, "diag") and build.is_wide(core):
        return [scalars.multiplied(tidy, front, t) for t in sum_of(tidy, arguments(core)[0])]
    if is_apply(core, "transpose"):
        return [scalars.multiplied(tidy, front, t) for t in sum_of(tidy, arguments(core)[0])]
    if is_apply(core, "hadamard") and core.shape.is_column:
        return [scalars.multiplied(tidy, front, chains.inner(tidy, *arguments(core)))]
    if is_apply(core, "powers") and arguments(core)[1] == build.TWO and core.shape.is_column:
        base = arguments(core)[0]
        return [scalars.multiplied(tidy, front, chains.inner(tidy, base, base))]
    for k in range(1, len(term.chain)):
        if term.chain[k].shape.rows == ONE:
            left = chains.single(tidy, sum_of(tidy, chained(term.chain[:k])))
            right = chains.single(tidy, sum_of(tidy, chained(term.chain[k:])))
            return [scalars.multiplied(tidy, front, scalars.multiplied(tidy, left, right))]
    return [scalars.multiplied(tidy, front, t) for t in tidy.atom(apply("sum", core))]


def _is_weights(tidy: Tidy, core: Expr) -> bool:
    core = core.body if isinstance(core, e.Defined) else core
    if isinstance(core, e.Variable):
        return core.name in tidy.facts.simplex
    return is_apply(core, "softmax")


def mean(tidy: Tidy, a: Expr) -> list[Term]:
    terms = tidy.terms(a)
    if a.shape.is_scalar:
        return terms
    if not terms:
        return []
    whole = collect.factor(tidy, terms, a.shape)
    if not whole.chain:
        return [whole]
    front, core = replace(whole, chain=()), chained(whole.chain)
    if is_ones(core):
        return [front]
    return [scalars.multiplied(tidy, front, t) for t in tidy.atom(apply("mean", core))]


def trace(tidy: Tidy, a: Expr) -> list[Term]:
    return linearly(tidy, a, lambda term: _traced(tidy, term))


def _traced(tidy: Tidy, term: Term) -> list[Term]:
    if not term.chain:
        return [term]
    front, core = replace(term, chain=()), chained(term.chain)
    if is_filled(core, "eye"):
        return [scalars.multiplied(tidy, front, t) for t in tidy.terms(build.size(core.shape.rows))]
    for k in range(1, len(term.chain)):
        if term.chain[k].shape.rows == ONE:
            tidy.note("traces")
            turned = chains.reduced(tidy, Term(chain=term.chain[k:] + term.chain[:k]))
            return [scalars.multiplied(tidy, front, turned)]
    if is_apply(core, "transpose"):
        core = arguments(core)[0]
    return [scalars.multiplied(tidy, front, t) for t in tidy.atom(apply("trace", core))]
