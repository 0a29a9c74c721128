"""Points at which formulas are compared: sizes for the size names, values for the declared variables.

In: a scope and dice. Out: arrays with an axis of points before rows and columns (and an axis of items first,
for a list). The decision owned here: which sizes and which values. Sizes differ from each other and from
every number that is declared, so that a wrong shape can never look right; values keep their qualities, the
first points are short numbers that a person can check, and later ones reach far out and close to 0.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.scope import Declared, Scope

# Kinds of points: how many, and how the values of a point are drawn.
_PLAN = (("short", 8), ("plain", 5), ("positive", 2), ("far", 2), ("large", 2), ("huge", 1), ("small", 2))
_SCALES = {"plain": 1.0, "positive": 2.0, "far": 8.0, "large": 10.0, "huge": 100.0, "small": 0.01}
# Powers of variable exponents can differ at whole and half exponents alone: many more short numbers are tried.
_MORE_SHORT = 40


@dataclass(frozen=True)
class Points:
    """Values of every variable at some points, at one choice of sizes."""

    sizes: Mapping[str, int]
    values: Mapping[str, Any]
    count: int
    short: int = 0  # how many of the first points are short numbers, which may lie on poles and boundaries

    def at(self, chosen: Any) -> Points:
        """Some of the points, by number."""
        chosen = np.atleast_1d(chosen)
        return Points(self.sizes, {k: v[..., chosen, :, :] for k, v in self.values.items()}, len(chosen))

    def between(self, other: Points, t: Any) -> Points:
        """Points on the way from these to the others, one for each of these."""
        t = np.asarray(t)[:, None, None]
        values = {k: v + t * (other.values[k] - v) for k, v in self.values.items()}
        return Points(self.sizes, values, self.count)

    def with_more(self, other: Points) -> Points:
        values = {k: np.concatenate([v, other.values[k]], axis=-3) for k, v in self.values.items()}
        return Points(self.sizes, values, self.count + other.count, self.short)


def least_sizes(*parts: Expr | None) -> dict[str, int]:
    """How large each size must be for the numbered entries in some expressions to exist."""
    least: dict[str, int] = {}

    def need(dim: Any, index: Expr) -> None:
        if isinstance(index, e.Number) and dim.lone:
            least[dim.lone] = max(least.get(dim.lone, 0), int(index.value))

    for part in parts:
        for node in e.walk(part) if part is not None else ():
            if isinstance(node, e.Entry):
                need(node.base.shape.rows, node.row)
                need(node.base.shape.columns, node.column)
            elif isinstance(node, e.Unit):
                need(node.shape.rows, node.index)
    return least


def choose_sizes(scope: Scope, least: Mapping[str, int]) -> tuple[dict[str, int], dict[str, int]]:
    """Two choices of sizes, all different from each other and from the sizes that are declared as numbers."""
    names = sorted(scope.sizes)
    taken = {c for d in scope.variables.values() for dim in d.shape.dims if (c := dim.constant) is not None}
    free = [k for k in range(3, 4 * len(names) + 40) if k not in taken]
    first: dict[str, int] = {}
    second: dict[str, int] = {}
    for k, name in enumerate(names):
        first[name] = next(s for s in free[k:] if s >= least.get(name, 0) and s not in first.values())
    for k, name in enumerate(names):
        able = (s for s in [*free[len(names) - k :], *free] if s >= least.get(name, 0))
        second[name] = next(s for s in able if s not in second.values() and s != first[name])
    return first, second


def exact_sizes(scope: Scope, least: Mapping[str, int], asked: Collection[str]) -> dict[str, int]:
    """Sizes for a proof: small, and all different, so that no difference of two sizes is 0 in it.

    The size that shapes are made of most often is the smallest; of the variables, only those `asked` about count.
    """
    sizes: dict[str, int] = {}
    used = [dim.lone for name, declared in scope.variables.items() if name in asked for dim in declared.shape.dims]
    for name in sorted(scope.sizes, key=lambda name: (-used.count(name), name)):
        free = (k for k in range(max(2, least.get(name, 0)), 1000) if k not in sizes.values())
        sizes[name] = next(free)
    return sizes


def draw(scope: Scope, sizes: Mapping[str, int], dice: np.random.Generator, variable_exponents: bool = False) -> Points:
    """Points for all declared variables."""
    values = {}
    plan = [(kind, count + _MORE_SHORT * (kind == "short" and variable_exponents)) for kind, count in _PLAN]
    for name, declared in scope.variables.items():
        if declared.is_function:
            continue
        rows, columns = declared.shape.at(sizes)
        items = None if declared.items is None else declared.items.at(sizes)
        drawn = [_values(declared, kind, count, items or 1, rows, columns, dice) for kind, count in plan]
        array = np.concatenate(drawn, axis=1)
        values[name] = array if items is not None else array[0]
    return Points(sizes, values, sum(count for _, count in plan), plan[0][1])


def _values(
    declared: Declared, kind: str, count: int, items: int, rows: int, columns: int, dice: np.random.Generator
) -> Any:
    shape = (items, count, rows, columns)
    if kind == "short":
        raw = dice.integers(-6, 7, shape) / 2.0
        # Zeros hide mistakes, and a repeated entry hides others.
        raw = np.where(raw == 0, dice.choice([-1.0, 1.0, 2.0, -0.5], shape), raw)
    else:
        raw = dice.normal(size=shape) * _SCALES[kind]
        if kind in {"positive", "far"}:
            raw = np.abs(raw) + _SCALES[kind] / 2
    return _qualified(raw, declared.qualities, kind, dice)


def _qualified(raw: Any, qualities: frozenset[str], kind: str, dice: np.random.Generator) -> Any:
    if "simplex" in qualities:
        weights = np.abs(raw) + 1e-3 * (kind != "short") + 0.5 * (kind == "short")
        raw = weights / weights.sum(axis=(-2, -1), keepdims=True)
    if "positive" in qualities:
        raw = np.abs(raw) + np.where(np.abs(raw) < 1e-9, 0.5, 0.0)
    if "nonnegative" in qualities:
        raw = np.abs(raw)
    if "positive definite" in qualities:
        n = raw.shape[-1]
        raw = raw @ raw.swapaxes(-1, -2) + np.eye(n) * (0.5 + np.abs(raw).mean(axis=(-2, -1), keepdims=True))
    if "symmetric" in qualities:
        raw = (raw + raw.swapaxes(-1, -2)) / 2
    return raw


def exactly(scope: Scope, values: Mapping[str, Any], element: Any) -> dict[str, Any]:
    """Values of floats as numbers of another kind, which keep what rounding spoils: weights that add up to 1."""
    convert = np.frompyfunc(element, 1, 1)
    exact = {name: convert(array) for name, array in values.items()}
    for name, array in exact.items():
        if "simplex" in scope.variables[name].qualities:
            flat = array.reshape(*array.shape[:-2], -1)
            flat[..., -1] = 1 - flat[..., :-1].sum(axis=-1)
            exact[name] = flat.reshape(array.shape)
    return exact


def entries(scope: Scope, sizes: Mapping[str, int], field: Any) -> dict[str, Any]:
    """An exact element for each entry of each variable; qualities become relations or signs."""
    values: dict[str, Any] = {}
    for name, declared in scope.variables.items():
        if declared.is_function:
            continue
        rows, columns = declared.shape.at(sizes)
        items = 1 if declared.items is None else declared.items.at(sizes)
        array = np.empty((items, 1, rows, columns), dtype=object)
        for i, r, c in _places(items, rows, columns):
            if "symmetric" in declared.qualities and c < r:
                array[i, 0, r, c] = array[i, 0, c, r]
            else:
                array[i, 0, r, c] = field.entry(f"{name}[{i},{r},{c}]", _sign(declared, rows * columns))
        if "simplex" in declared.qualities:
            for i in range(items):
                flat = array[i, 0].reshape(-1)
                # Weights over their sum, one of them 1: so each is known to be positive, and they add up to 1.
                flat[-1] = field.zero + 1
                flat[:] = flat / sum(flat, field.zero)
        if "positive definite" in declared.qualities:
            for i in range(items):
                array[i, 0] = _definite(field, f"{name}[{i}]", rows)
        values[name] = array if declared.items is not None else array[0]
    return values


def _definite(field: Any, name: str, size: int) -> Any:
    """A positive definite matrix by its root: L L', the diagonal of L positive, so that its sign is known."""
    root = np.empty((size, size), dtype=object)
    for r in range(size):
        for c in range(size):
            sign = "positive" if r == c else "any"
            root[r, c] = field.zero if c > r else field.entry(f"{name} root [{r},{c}]", sign)
    return root @ root.T


def _places(items: int, rows: int, columns: int) -> Iterator[tuple[int, int, int]]:
    for i in range(items):
        for r in range(rows):
            for c in range(columns):
                yield i, r, c


def _sign(declared: Declared, count: int) -> str:
    if "positive" in declared.qualities:
        return "positive"
    if "nonnegative" in declared.qualities or "simplex" in declared.qualities:
        return "nonnegative"
    return "nonzero" if "nonzero" in declared.qualities and count == 1 else "any"
