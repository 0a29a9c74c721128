"""Counterexamples: points at which an answer differs from the truth.

In: a question, and answers to it one after the other. Out: a place where an answer is wrong, or None. The
decision owned here: where to look, and when a difference counts. Points are drawn once for a question; for
every condition in the question or in an answer there are pairs close to its boundary, on both sides. A
difference of floats counts only where it is far above what rounding can do; else 60 digits decide.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation
from tutor.language.expr import Expr
from tutor.language.numbers import Array, Digits, Floats, plain
from tutor.marking.question import Question
from tutor.marking.sample import Points, draw, exactly
from tutor.marking.truth import evaluation, true_value

_NEAR = 1e-6  # how close to a boundary, as a part of the way between two points
_TOLERANCE = 1e-9
_CLEAR = 1e-6  # a difference above this part of the largest number on the way needs no more digits
_ROUNDING = 1e-12  # a difference below this part of it is taken as rounding
_AGREEING = 35  # so many digits of 60 and more must agree
_SPARE = 25  # so many are left for rounding, where a difference may be smaller than that
_MOST_DIGITS = 2000
_DIGIT_STEP = 100  # so that few precisions are in use: mpmath keeps what it made for each
_SEEN = 1e-25  # a part of an answer that is smaller than this is not seen among 60 digits
_MOST_BOUNDARIES = 48
_MOST_TRIALS = 3
_WIDESPREAD = 4  # so many points with a clear difference need no more digits
_PLAIN = 7  # of the points behind the short ones, those of a moderate size


@dataclass(frozen=True)
class Difference:
    """A point at which an answer and the truth differ; `undefined` where the answer has no value there.

    `gap` holds the differences where many digits gave them: floats may not show them.
    """

    points: Points
    point: int
    yours: Any  # (…, rows, columns) at that point
    true: Any
    undefined: bool = False
    gap: Any = None


@dataclass
class Boundaries:
    """Pairs of points close to where conditions change, and the points on the boundary itself."""

    near: Points
    on: Points
    count: int


class _Snapped(Floats):
    """Floats that take what is within reach of 0 as 0: the values on a boundary."""

    def positive(self, a: Array) -> Array:
        return (a > 1e-7).astype(float)

    def vanishes(self, a: Array) -> Array:
        return (np.abs(a) <= 1e-7).astype(float)

    def call(self, name: str, a: Array) -> Array:
        if name in {"abs", "sign", "relu", "step"}:
            a = np.where(np.abs(a) <= 1e-7, 0.0, a)
        return super().call(name, a)


@dataclass
class _Watched(Evaluation):
    """An evaluation that keeps the largest number on the way, for each point."""

    largest: list[Any] = field(default_factory=lambda: [0.0])

    def __call__(self, node: Expr) -> Array:
        result = super().__call__(node)
        values = np.abs(plain(result))
        if values.ndim >= 3:
            values = values.max(axis=tuple(k for k in range(values.ndim) if k != values.ndim - 3))
        self.largest[0] = np.fmax(self.largest[0], values if values.ndim == 1 else values.max(initial=0.0))
        return result


@dataclass
class _Smallest(Evaluation):
    """An evaluation that keeps the smallest number on the way that is not 0."""

    smallest: list[Any] = field(default_factory=lambda: [1.0])

    def __call__(self, node: Expr) -> Array:
        result = super().__call__(node)
        saturates = isinstance(node, e.Apply) and node.operation.name in {"tanh", "erf", "sigmoid"}
        for value in np.asarray(plain(result)).flat:
            if value != 0:
                self.smallest[0] = min(self.smallest[0], abs(value))
            if saturates:
                self.smallest[0] = min(self.smallest[0], abs(1 - abs(value)))
        return result


@dataclass
class Refuter:
    """The search for counterexamples at one choice of sizes."""

    question: Question
    sizes: dict[str, int]
    seed: int
    _dice: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._dice = np.random.default_rng(self.seed)

    # -- the question, once ---------------------------------------------------------------------------------

    @cached_property
    def base(self) -> Points:
        return draw(self.question.scope, self.sizes, self._dice, _has_variable_exponents(self.question.of))

    @cached_property
    def margins(self) -> Any:
        """What the question's own conditions compare with 0, a row each, at the base points."""
        floats = Floats()
        with np.errstate(all="ignore"):
            evaluation(self.question, floats, self.base.sizes, self.base.values)(self.question.of)
        return margin_rows(floats.margins, self.base.count)

    @cached_property
    def boundaries(self) -> Boundaries | None:
        return self._boundaries(self.question.of, self.margins)

    @cached_property
    def points(self) -> Points:
        """The base points, then those near the boundaries of the question."""
        return self.base if self.boundaries is None else self.base.with_more(self.boundaries.near)

    @cached_property
    def truth(self) -> Any:
        return self.true_at(self.points)

    def true_at(self, points: Points) -> Any:
        with np.errstate(all="ignore"):
            return plain(true_value(self.question, Floats(), points.sizes, points.values))

    def defined_at(self, points: Points) -> Any:
        """At which of the points the truth has a value throughout."""
        with np.errstate(all="ignore"):
            finite = np.isfinite(self.true_at(points).astype(float))
        finite = np.broadcast_to(finite, np.broadcast_shapes(finite.shape, (points.count, 1, 1)))
        return finite.all(axis=tuple(k for k in range(finite.ndim) if k != finite.ndim - 3))

    @cached_property
    def on_boundary(self) -> Any:
        """Which of the points happen to lie on a boundary, where either side's value is right."""
        rest = np.zeros(self.points.count - self.base.count, dtype=bool)
        return np.concatenate([_on_boundary(self.margins, self.base), rest])

    @cached_property
    def is_constant(self) -> bool:
        """Whether the truth is the same at every point, wherever it has a value."""
        true = self.truth.astype(float)
        if true.ndim < 3 or true.shape[-3] == 1:
            return True
        known = true[..., np.isfinite(true).all(axis=tuple(k for k in range(true.ndim) if k != true.ndim - 3)), :, :]
        return bool(np.allclose(known, known[..., :1, :, :], rtol=1e-9, atol=1e-12))

    @property
    def is_defined(self) -> bool:
        """Whether the truth has a value at some point."""
        return bool(np.isfinite(self.truth.astype(float)).any())

    # -- an answer ------------------------------------------------------------------------------------------

    def refute(self, answer: Expr) -> Difference | None:
        """A place where the answer differs from the truth; raises what an evaluation raises."""
        floats = Floats()
        yours = self.value(answer, floats, self.points)
        rows = margin_rows(floats.margins, self.points.count)
        skipped = _on_boundary(rows, self.points) | self.on_boundary
        found = self._difference(answer, self.points, yours, self.truth, skipped)
        if found is not None:
            return found
        if not len(rows):
            return None
        fresh = _fresh(rows[:, : self.base.count], self.margins)
        own = self._boundaries(answer, fresh) if len(fresh) else None
        if own is not None:
            yours = self.value(answer, Floats(), own.near)
            found = self._difference(answer, own.near, yours, self.true_at(own.near))
            if found is not None:
                return found
        if _speaks_of_boundary(answer):
            for boundaries in (self.boundaries, own):
                if boundaries is not None and (found := self._outside(answer, boundaries)) is not None:
                    return found
        return None

    def is_outside_at_kink(self, answer: Expr) -> bool:
        """Whether a right answer has, at a kink itself, a value that lies outside the slopes on its sides."""
        return self.boundaries is not None and self._outside(answer, self.boundaries) is not None

    def value(self, answer: Expr, floats: Floats, points: Points) -> Any:
        with np.errstate(all="ignore"):
            return plain(evaluation(self.question, floats, points.sizes, points.values)(answer))

    # -- differences ------------------------------------------------------------------------------------------

    def _difference(
        self, answer: Expr, points: Points, yours: Any, true: Any, skipped: Any = False
    ) -> Difference | None:
        shape = np.broadcast_shapes(yours.shape, true.shape, (points.count, 1, 1))
        yours, true = np.broadcast_to(yours, shape), np.broadcast_to(true, shape)
        with np.errstate(all="ignore"):
            known = np.isfinite(true)
            scale = np.maximum(np.abs(yours), np.abs(true))
            wrong = known & ~(np.isfinite(yours) & (np.abs(yours - true) <= _TOLERANCE * scale))
            # Short numbers may be poles; an answer is undefined only where it is so on an open part.
            wrong[..., : points.short, :, :] &= np.isfinite(yours[..., : points.short, :, :])
        axes = tuple(k for k in range(wrong.ndim) if k != wrong.ndim - 3)
        # The short numbers come first: they make the better witness.
        places = np.flatnonzero(wrong.any(axis=axes) & ~np.asarray(skipped))
        # Rounding can spoil single points, near poles and singular matrices; it does not spoil many at once.
        widespread = points is self.points and int((places < points.short + _PLAIN).sum()) >= _WIDESPREAD
        for point in places[:_MOST_TRIALS]:
            found = self._confirmed(answer, points, int(point), _one(yours, point), _one(true, point), widespread)
            if found is not None:
                return found
        return None

    def _confirmed(
        self, answer: Expr, points: Points, point: int, yours: Any, true: Any, widespread: bool
    ) -> Difference | None:
        """The difference at one point where it is more than rounding, else what 60 digits say."""
        undefined = not np.isfinite(yours[np.isfinite(true)]).all()
        if not undefined and np.isfinite(yours).all():
            gap = np.nanmax(np.where(np.isfinite(true), np.abs(yours - true), 0.0))
            theirs = self._largest_of_question[point] if points is self.points else np.max(np.abs(true))
            largest = max(self._largest(answer, points.at(point))[0], theirs)
            if widespread and gap > _CLEAR * largest:
                return Difference(points, point, yours, true)
            if gap < _ROUNDING * largest:
                return None  # what rounding does; a true difference as small as this is left to the proof
        return self.confirm(answer, points, point)

    def _largest(self, node: Expr, points: Points) -> Any:
        """The largest number on the way to the value of an expression, for each point."""
        base = evaluation(self.question, Floats(), points.sizes, points.values)
        watched = _Watched(base.numbers, base.sizes, base.values, base.slots, base.axes)
        with np.errstate(all="ignore"):
            watched(node)
        return np.broadcast_to(watched.largest[0], (points.count,))

    @cached_property
    def _largest_of_question(self) -> Any:
        return self._largest(self.question.of, self.points)

    def varied(self, answer: Expr, most: int) -> list[int]:
        """Some of the points beside the boundaries: one for each way in which the conditions turn out, then others,
        evenly spread."""
        floats = Floats()
        self.value(answer, floats, self.points)
        self.value(self.question.of, floats, self.points)
        rows = margin_rows(floats.margins, self.points.count)
        # On a boundary either side's value is right, however many digits they differ in.
        places = np.flatnonzero(~(_on_boundary(rows, self.points) | self.on_boundary))
        _, first = np.unique(rows[:, places] > 0, axis=1, return_index=True)
        chosen = [int(places[k]) for k in sorted(first)[:most]]
        spread = [int(k) for k in places[:: max(1, len(places) // 6)] if k not in chosen]
        return chosen + spread[: max(0, most - len(chosen))]

    def confirm(self, answer: Expr, points: Points, point: int, digits: Digits | None = None) -> Difference | None:
        """What 60 digits, or more, say of an answer at a point."""
        digits = digits or Digits()
        values = exactly(self.question.scope, points.at(point).values, digits.mp.mpf)
        return self.compared(answer, digits, values, points, point, digits.mp.dps - _SPARE)

    def compared(
        self,
        answer: Expr,
        digits: Digits,
        values: dict[str, Any],
        points: Points,
        point: int,
        agreeing: int = _AGREEING,
    ) -> Difference | None:
        """The same for values of many digits, of which `points` shows floats, and so many must agree."""
        try:
            true = np.asarray(plain(true_value(self.question, digits, self.sizes, values)))
        except ZeroDivisionError:
            return None  # a pole of the truth: this point says nothing
        try:
            yours = np.asarray(plain(evaluation(self.question, digits, self.sizes, values)(answer)))
        except ZeroDivisionError:
            yours = np.full((1, 1, 1), digits.mp.nan, dtype=object)
        shape = np.broadcast_shapes(yours.shape, true.shape, (1, 1, 1))
        yours, true = np.broadcast_to(yours, shape), np.broadcast_to(true, shape)
        mp = digits.mp
        undefined = differs = False
        gaps = np.zeros(yours.size)
        tolerance = mp.mpf(10) ** -agreeing
        for k, (a, b) in enumerate(zip(yours.reshape(-1), true.reshape(-1), strict=True)):
            a, b = mp.mpf(a), mp.mpf(b)
            if not mp.isfinite(b):
                continue
            if not mp.isfinite(a):
                undefined = point >= points.short
            elif abs(a - b) > tolerance * max(1, abs(a), abs(b)):
                differs = True
                gaps[k] = _to_float(abs(a - b))
        if not (undefined or differs):
            return None
        as_floats = [np.array([_to_float(v) for v in x.reshape(-1)]).reshape(x.shape) for x in (yours, true)]
        gap = _one(gaps.reshape(yours.shape), 0)
        return Difference(points, point, _one(as_floats[0], 0), _one(as_floats[1], 0), undefined and not differs, gap)

    def leaves_out(self, answer: Expr) -> bool:
        """Whether the answer has a condition that held at all points, or at none: a side of it was never seen."""
        floats = Floats()
        self.value(answer, floats, self.points)
        rows = margin_rows(floats.margins, self.points.count)
        return any((row > 0).all() or (row < 0).all() for row in rows)

    def tells(self, answer: Expr, point: int) -> bool:
        """Whether agreement at a point is evidence: no part of the answer is too small there to be seen.

        `b + exp(-10^6 b^2)` agrees with `b` to any number of digits, wherever one looks but close to 0.
        """
        return bool(self._smallest(answer, point) > _SEEN)

    def digits_for(self, answer: Expr) -> Digits:
        """So many digits that no number in an answer is too long or too small to be seen among them."""
        longest = max(
            (len(str(part)) for node in e.walk(answer) if isinstance(node, e.Number) for part in _parts(node.value)),
            default=1,
        )
        smallest = self._smallest(answer, self.points.short)
        small = 0 if not smallest else min(_MOST_DIGITS, -int(Digits().mp.log10(smallest)))
        wanted = max(60, 2 * longest + 2 * _SPARE, small + 2 * _SPARE)
        return Digits(60 if wanted <= 60 else min(_MOST_DIGITS, _DIGIT_STEP * -(-wanted // _DIGIT_STEP)))

    def _smallest(self, answer: Expr, point: int) -> Any:
        """The smallest number on the way to an answer's value; 0 where it has none."""
        digits = Digits(digits=400)  # so that what is small does not vanish beside 1
        here = self.points.at(point)
        values = exactly(self.question.scope, here.values, digits.mp.mpf)
        base = evaluation(self.question, digits, here.sizes, values)
        watched = _Smallest(base.numbers, base.sizes, base.values, base.slots, base.axes)
        try:
            watched(answer)
        except ZeroDivisionError:
            return 0
        return watched.smallest[0]

    # -- boundaries -------------------------------------------------------------------------------------------

    def _boundaries(self, node: Expr, rows: Any) -> Boundaries | None:
        """Points around the places where conditions of an expression change, for some rows of its margins."""
        lanes: list[tuple[Any, int, int]] = []
        off = ~_on_boundary(self.margins, self.base)  # a lane between points on a boundary may run along it
        for row in rows:
            inside, outside = np.flatnonzero((row > 0) & off), np.flatnonzero((row < 0) & off)
            if len(inside) and len(outside):
                lanes.append((row, int(inside[0]), int(outside[0])))
        if not lanes or len(lanes) > _MOST_BOUNDARIES:
            lanes = lanes[:_MOST_BOUNDARIES]
        if not lanes:
            return None
        if len(lanes) == 1:
            lanes *= 2  # one point could be taken for no axis of points at all
        high = self.base.at([p for _, p, _ in lanes])
        low = self.base.at([q for _, _, q in lanes])
        wanted = [self._which(node, row) for row, _, _ in lanes]
        a, b = np.zeros(len(lanes)), np.ones(len(lanes))
        fa = np.array([row[q] for row, _, q in lanes])
        fb = np.array([row[p] for row, p, _ in lanes])
        lane = np.arange(len(lanes))

        def margin(t: Any) -> Any:
            floats = Floats()
            self.value(node, floats, low.between(high, t))
            return margin_rows(floats.margins, len(lanes))[wanted, lane]

        for k in range(40):
            # Regula falsi is quick where the margin is nearly straight, halving sure where it is not.
            with np.errstate(all="ignore"):
                t = (a + b) / 2 if k % 3 == 2 else a - fa * (b - a) / (fb - fa)
            t = np.where(np.isfinite(t), np.clip(t, a, b), (a + b) / 2)
            ft = margin(t)
            below = ft < 0
            a, fa = np.where(below, t, a), np.where(below, ft, fa)
            b, fb = np.where(below, b, t), np.where(below, fb, ft)
            if k >= 8 and (np.abs(ft) < 1e-12).all():
                break
        root = np.where(np.abs(fa) < np.abs(fb), a, b)
        near = low.between(high, np.clip(root - _NEAR, 0, 1)).with_more(low.between(high, np.clip(root + _NEAR, 0, 1)))
        return Boundaries(near, low.between(high, root), len(lanes))

    def _which(self, node: Expr, row: Any) -> int:
        """The number of a row among all margins of an expression."""
        floats = Floats()
        self.value(node, floats, self.base)
        rows = margin_rows(floats.margins, self.base.count)
        return int(np.argmin([np.nan_to_num(np.abs(r - row), nan=0.0).sum() for r in rows]))

    def _outside(self, answer: Expr, boundaries: Boundaries) -> Difference | None:
        """A boundary at which the answer is not between the truth's values on the two sides."""
        at = self.value(answer, _Snapped(), boundaries.on)
        sides = self.true_at(boundaries.near)
        n = boundaries.count
        # A constant has no axis of points.
        sides = np.broadcast_to(sides, np.broadcast_shapes(sides.shape, (2 * n, 1, 1)))
        shape = np.broadcast_shapes(at.shape, sides[..., :n, :, :].shape, (n, 1, 1))
        at = np.broadcast_to(at, shape)
        one = np.broadcast_to(sides[..., :n, :, :], shape)
        other = np.broadcast_to(sides[..., n:, :, :], shape)
        low, high = np.minimum(one, other), np.maximum(one, other)
        with np.errstate(all="ignore"):
            slack = 1e-4 * np.maximum(1.0, np.maximum(np.abs(low), np.abs(high)))
            # No value at all at one point is no matter, and neither is a pole.
            known = np.isfinite(low) & np.isfinite(high) & np.isfinite(at)
            wrong = known & ~((at >= low - slack) & (at <= high + slack))
        axes = tuple(k for k in range(wrong.ndim) if k != wrong.ndim - 3)
        for point in np.flatnonzero(wrong.any(axis=axes)):
            return Difference(boundaries.on, int(point), _one(at, point), _one(one, point))
        return None


def margin_rows(margins: list[Any], count: int) -> Any:
    """What conditions compared with 0, a row for each comparison of each entry, a column for each point."""
    rows = []
    for margin in margins:
        if margin.ndim < 3 or margin.shape[-3] != count:
            continue
        rows.append(np.moveaxis(margin, -3, -1).reshape(-1, count))
    return np.concatenate(rows) if rows else np.zeros((0, count))


def _on_boundary(rows: Any, points: Points) -> Any:
    """Which of the points, short numbers all, happen to lie on a boundary.

    A margin that is 0 at other points too, such as the x_i − max(x) of the largest entry, is no boundary there.
    """
    on = np.zeros(rows.shape[1], dtype=bool)
    thin = (rows[:, points.short :] != 0).all(axis=1)
    on[: points.short] = (rows[thin, : points.short] == 0).any(axis=0)
    return on


def _fresh(rows: Any, known: Any) -> Any:
    """The rows that change their sign elsewhere than the known ones."""
    kept: list[Any] = []

    def unit(row: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.nan_to_num(row / np.max(np.abs(row)))

    seen = [unit(row) for row in known]
    for row in rows:
        u = unit(row)
        if not any(np.allclose(u, s, atol=1e-9) or np.allclose(u, -s, atol=1e-9) for s in seen):
            seen.append(u)
            kept.append(row)
    return np.array(kept) if kept else np.zeros((0, rows.shape[1] if rows.ndim == 2 else 0))


def _speaks_of_boundary(answer: Expr) -> bool:
    """Whether an answer says what holds on a boundary: by =, ≤ or ≥, or by a case for what is left over."""
    for node in e.walk(answer):
        compares = isinstance(node, e.Apply) and node.operation.name in {"eq", "ne", "ge", "le"}
        if compares and not all(map(_is_whole, e.children(node))):
            return True
        if isinstance(node, e.Cases) and len(node.branches) > 1:
            return True
    return False


def _has_variable_exponents(node: Expr) -> bool:
    return any(
        isinstance(part, e.Apply)
        and part.operation.name in {"power", "powers"}
        and any(isinstance(inner, e.Variable) for inner in e.walk(part.arguments[1]))
        for part in e.walk(node)
    )


def _parts(value: Fraction) -> tuple[int, int]:
    return value.numerator, value.denominator


def _is_whole(node: Expr) -> bool:
    return isinstance(node, e.Number | e.Size | e.Index)


def _one(array: Any, point: Any) -> Any:
    return array[..., point, :, :]


def _to_float(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, OverflowError, ValueError):
        return float("nan")
