"""A judge is itself judged: mutants of right answers, decided apart from it.

Right answers from the rows are changed by one or two small edits of their trees: a term dropped, two factors
swapped, a sign, a transpose, a factor, a boundary shifted. Each mutant is decided by values at random points of
two choices of sizes and at points on both sides of every condition, with many digits, the true derivative being a
finite difference of the function itself. Where the judge says otherwise, the mutant is printed.

    python benchmarks/mutants.py --number 2000 --seed 7 [--points 200] [--only neuron,kinks] [FILE …]
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from fractions import Fraction
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation, OutOfRange, Slot, TooLargeToEvaluate
from tutor.language.expr import Expr
from tutor.language.numbers import ELEMENTWISE, Digits, Floats, Numbers
from tutor.language.operations import COMPARISONS, OPERATIONS
from tutor.language.shape import SCALAR
from tutor.language.show import show
from tutor.marking.grade import Grader
from tutor.marking.question import Question

ROWS = Path(__file__).parent.parent / "tests" / "rows"
ASKED = ("variables", "define", "ask", "layout", "allow_derivatives")
DIGITS, STEP, SAME = 160, 40, 50  # digits of all numbers; the step 10⁻⁴⁰, whose square is the error; equal: 10⁻⁵⁰

# -- mutants ------------------------------------------------------------------------------------------------------

_TWINS = {"add": "subtract", "subtract": "add", "times": "hadamard", "hadamard": "times", "divide": "times",
          "dot": "times", "gt": "lt", "lt": "gt", "ge": "gt", "le": "lt", "sum": "mean", "maximum": "minimum",
          "minimum": "maximum", "norm": "norm1", "trace": "sum", "kron": "times", "and": "or", "or": "and",
          "det": "trace"}  # fmt: skip


def _apply(name: str, *arguments: Expr) -> Expr:
    return e.Apply(OPERATIONS[name], arguments, shape=arguments[0].shape)


def _number(value: Fraction | int) -> Expr:
    return e.Number(Fraction(value), shape=SCALAR)


_FACTORS = (Fraction(2), Fraction(3), Fraction(1, 2), Fraction(999, 1000))
_SLIVERS = (Fraction(1, 1000), Fraction(-1, 10**4), Fraction(1, 10**5))
_SHIFTS = (Fraction(1, 10**20), Fraction(1), Fraction(-1, 1000))


def _as_it_is(node: Expr, dice: Random) -> Expr:
    return node


def changes(node: Expr, names: list[Expr], tiny: bool) -> Iterator[tuple[str, Callable[[Random], Expr]]]:
    """What may become of one node."""
    yield "negate", lambda dice: _apply("negative", node)
    yield "scale", lambda dice: _apply("times", _number(dice.choice(_FACTORS)), node)
    yield "shift", lambda dice: _apply("add", node, _number(dice.choice(_SHIFTS if tiny else _SHIFTS[1:])))
    yield "transpose", lambda dice: _apply("transpose", node)
    match node:
        case e.Apply(operation=operation, arguments=parts):
            if parts:
                yield "drop", lambda dice: dice.choice(parts)
            if len(parts) == 2:
                yield "swap", lambda dice: _apply(operation.name, *reversed(parts))
            if operation.name in _TWINS:
                yield "twin", lambda dice: _apply(_TWINS[operation.name], *parts)
            if operation.name in COMPARISONS.values():
                left, right = parts
                for by in _SLIVERS:
                    moved = _apply(operation.name, left, _apply("add", right, _number(by)))
                    yield "boundary", partial(_as_it_is, moved)
            if operation.name in ELEMENTWISE:
                yield "function", lambda dice: _apply(dice.choice(ELEMENTWISE), *parts)
        case e.Number(value=value):
            yield "number", lambda dice: _number(dice.choice([value + 1, value - 1, -value, 2 * value, Fraction(1, 3)]))
        case e.Variable() | e.Defined() | e.Size():
            yield "name", lambda dice: dice.choice(names)
        case e.Cases(branches=branches, otherwise=otherwise):
            values = [value for value, _ in branches] + ([otherwise] if otherwise is not None else [])
            yield "one case", lambda dice: dice.choice(values)
            turned = [*values[1:], values[0]]
            last = turned[-1] if otherwise is not None else None
            yield "cases", lambda dice: e.Cases(
                tuple((v, c) for v, (_, c) in zip(turned, branches, strict=False)), last, shape=node.shape
            )
        case e.Function(name=name, order=order, argument=argument):
            yield "prime", lambda dice: e.Function(name, abs(order + dice.choice([1, -1])), argument, shape=node.shape)
            yield "drop", lambda dice: argument
        case e.Filled(name=name):
            yield "constant", lambda dice: e.Filled(dice.choice(["ones", "eye", "zeros"]), shape=node.shape)
        case e.Sum(index=index, upper=upper, body=body):
            yield "bounds", lambda dice: e.Sum(index, _number(2), upper, body, shape=node.shape)
        case e.Entry(base=base, row=row, column=column):
            yield "indices", lambda dice: e.Entry(base, column, row, shape=node.shape)


def places(tree: Expr) -> list[Expr]:
    """The nodes that may be changed: not what stands for an index."""
    found: list[Expr] = []

    def visit(node: Expr) -> None:
        found.append(node)
        if isinstance(node, e.Entry):
            visit(node.base)
        elif isinstance(node, e.Sum):
            visit(node.body)
        elif not isinstance(node, e.Defined | e.Unit | e.Variable):
            for child in e.children(node):
                visit(child)

    visit(tree)
    return found


def mutant(tree: Expr, names: list[Expr], dice: Random) -> tuple[str, Expr]:
    """The tree with one change, and the change's name."""
    target = dice.choice(places(tree))
    # What is moved by very little inside a condition is wrong in a sliver that no random point can hit.
    name, make = dice.choice(list(changes(target, names, tiny=not speaks_of_kink(tree, every=True))))
    new = make(dice)

    def change(node: Expr) -> Expr:
        return new if node is target else e.rebuilt(node, change)

    return name, change(tree)


# -- values, apart from the judge's ---------------------------------------------------------------------------------


class Undecidable(Exception):  # noqa: N818
    """The truth cannot be had here."""


def drawn(question: Question, sizes: dict[str, int], count: int, dice: np.random.Generator) -> dict[str, Any]:
    """Values of all variables at random points; their qualities are kept."""
    values = {}
    for name, declared in question.scope.variables.items():
        if declared.is_function:
            continue
        rows, columns = declared.shape.at(sizes)
        items = () if declared.items is None else (declared.items.at(sizes),)
        scale = dice.choice([0.3, 1.0, 3.0], (count, 1, 1))
        raw = dice.normal(size=(*items, count, rows, columns)) * scale
        quality = declared.qualities
        if quality & {"positive", "nonnegative", "simplex"}:
            raw = np.abs(raw) + 1e-3
        if "simplex" in quality:
            raw = raw / raw.sum(axis=(-2, -1), keepdims=True)
            # The sum is 1 to the last digit, not only to the last bit.
        if "positive definite" in quality:
            raw = raw @ raw.swapaxes(-1, -2) + np.eye(rows) * 0.2
        if "symmetric" in quality:
            raw = (raw + raw.swapaxes(-1, -2)) / 2
        values[name] = raw
    return values


class Decider:
    """The truth of one question at points of its own, at one choice of sizes."""

    def __init__(self, question: Question, sizes: dict[str, int], points: int, seed: int) -> None:
        self.question, self.sizes = question, sizes
        self.digits = Digits(DIGITS)
        self.mp = self.digits.mp
        dice = np.random.default_rng(seed)
        self.values = drawn(question, sizes, points, dice)
        near = self._near(question.of)
        if near is not None:
            self.values = {k: np.concatenate([v, near[k]], axis=-3) for k, v in self.values.items()}
        self.true = self._truth(self.values)

    def evaluated(self, node: Expr, numbers: Numbers, values: dict[str, Any]) -> Any:
        slots = {
            name: Slot(-4 - k, range(1, reach.at(self.sizes) + 1))
            for k, (name, reach) in enumerate(self.question.free.items())
        }
        with np.errstate(all="ignore"):
            return Evaluation(numbers, self.sizes, values, slots, len(slots))(node)

    def exactly(self, values: dict[str, Any]) -> dict[str, Any]:
        lifted = {k: np.frompyfunc(self.mp.mpf, 1, 1)(v) for k, v in values.items()}
        for name, declared in self.question.scope.variables.items():
            if "simplex" in declared.qualities:
                lifted[name] = lifted[name] / lifted[name].sum(axis=(-2, -1), keepdims=True)
        return lifted

    # -- the truth, by differences of the function -----------------------------------------------------------------

    def _truth(self, values: dict[str, Any]) -> Any:
        q, exact = self.question, self.exactly(values)
        if q.kind == "equals":
            return self.evaluated(q.of, self.digits, exact)
        base = q.wrt.arguments[0] if isinstance(q.wrt, e.Apply) else q.wrt.base if isinstance(q.wrt, e.Entry) else q.wrt
        if not isinstance(base, e.Variable):
            raise Undecidable("by a defined name")
        (p, r), (rows, columns) = q.of.shape.at(self.sizes), base.shape.at(self.sizes)
        step = self.mp.mpf(10) ** -STEP
        slopes: dict[tuple[int, int], Any] = {}

        def moved(at: dict[str, Any], place: tuple[int, int], by: Any) -> dict[str, Any]:
            array = at[base.name].copy()
            array[..., place[0], place[1]] += by
            return {**at, base.name: array}

        def slope(f: Callable[[dict[str, Any]], Any], at: dict[str, Any], place: tuple[int, int]) -> Any:
            return (f(moved(at, place, step)) - f(moved(at, place, -step))) / (2 * step)

        def value(at: dict[str, Any]) -> Any:
            made = self.evaluated(q.of, self.digits, at)
            return np.broadcast_to(made, (*made.shape[:-2], p, r))

        all_places = [(i, j) for j in range(columns) for i in range(rows)]
        if q.kind == "hessian":
            grid = [[self._second(value, slope, exact, a, b)[..., 0, 0] for b in all_places] for a in all_places]
            return np.moveaxis(np.array(grid, dtype=object), (0, 1), (-2, -1))
        slopes = {place: slope(value, exact, place) for place in all_places}
        if q.kind == "entry":
            return self._entry(slopes)
        flat = [slopes[place].swapaxes(-1, -2).reshape(*slopes[place].shape[:-2], p * r) for place in all_places]
        jacobian = np.stack(np.broadcast_arrays(*flat), axis=-1)  # vec of the function by vec of the variable
        lead = jacobian.shape[:-2]
        turned = q.layout == "denominator"
        if q.kind == "gradient" or (p * r == 1 and not isinstance(q.wrt, e.Apply)):
            grid_of = jacobian.reshape(*lead, columns, rows).swapaxes(-1, -2)
            return grid_of if q.kind == "gradient" or turned else grid_of.swapaxes(-1, -2)
        if rows * columns == 1 and r > 1:
            by_number = jacobian[..., 0].reshape(*lead, r, p).swapaxes(-1, -2)
            return by_number.swapaxes(-1, -2) if turned else by_number
        return jacobian.swapaxes(-1, -2) if turned else jacobian

    @staticmethod
    def _second(value: Any, slope: Any, at: dict[str, Any], a: tuple[int, int], b: tuple[int, int]) -> Any:
        return slope(lambda here: slope(value, here, b), at, a)

    def _entry(self, slopes: dict[tuple[int, int], Any]) -> Any:
        wrt = self.question.wrt
        if not isinstance(wrt, e.Entry):
            return slopes[0, 0]
        slots = {
            name: Slot(-4 - k, range(1, reach.at(self.sizes) + 1))
            for k, (name, reach) in enumerate(self.question.free.items())
        }
        place = Evaluation(self.digits, self.sizes, {}, slots, len(slots)).place
        row, column = place(wrt.row), place(wrt.column)
        return sum(((row == i + 1) & (column == j + 1)).astype(int) * d for (i, j), d in slopes.items())

    # -- both sides of every condition ------------------------------------------------------------------------

    def _near(self, node: Expr, most: int = 12) -> dict[str, Any] | None:
        """Points close to where a condition changes, on lines between points on its two sides."""
        count = next((v.shape[-3] for v in self.values.values()), 0)
        found = []
        signs = self._margins(node, self.values)
        for row in signs[:most]:
            above, below = np.flatnonzero(row > 0), np.flatnonzero(row < 0)
            for p, q in list(zip(above, below[::-1], strict=False))[:2] if len(row) == count else []:
                a, b = ({k: v[..., n : n + 1, :, :] for k, v in self.values.items()} for n in (p, q))
                found += self._beside(node, a, b)
        if not found:
            return None
        return {k: np.concatenate([f[k] for f in found], axis=-3) for k in self.values}

    def _beside(self, node: Expr, a: dict[str, Any], b: dict[str, Any]) -> list[dict[str, Any]]:
        """Both sides of every condition that changes between two points."""
        found = []

        def margins(t: float) -> Any:
            floats = Floats()
            self.evaluated(node, floats, self._between(a, b, t))
            return np.concatenate([np.ravel(m) for m in floats.margins]) if floats.margins else np.zeros(0)

        low, high = margins(0.0), margins(1.0)
        for k in np.flatnonzero((low > 0) != (high > 0))[:6]:
            left, right = 0.0, 1.0
            for _ in range(50):
                middle = (left + right) / 2
                left, right = (middle, right) if (margins(middle)[k] > 0) == (low[k] > 0) else (left, middle)
            found += [self._between(a, b, t) for t in (left - 1e-6, right + 1e-6, left - 1e-4, right + 1e-4)]
        return found

    def _margins(self, node: Expr, values: dict[str, Any]) -> list[Any]:
        """What conditions compare with 0, and what roots need to be positive, a value for each point."""
        floats = Floats()
        self.evaluated(node, floats, values)
        rows: list[Any] = []
        for margin in [*floats.margins, *floats.domains]:
            if margin.ndim >= 3 and margin.shape[-3] > 1:
                rows += list(np.moveaxis(margin, -3, -1).reshape(-1, margin.shape[-3]))
        return rows

    @staticmethod
    def _between(a: dict[str, Any], b: dict[str, Any], t: float) -> dict[str, Any]:
        return {k: a[k] * (1 - t) + b[k] * t for k in a}

    def is_one_sided(self, answer: Expr) -> bool:
        """Whether a condition of either side, or what a root needs, is the same wherever there is a truth."""
        finite: Any = np.isfinite(self.true.astype(float))
        finite = np.broadcast_to(finite, np.broadcast_shapes(finite.shape, (1, 1, 1)))
        known = finite.all(axis=tuple(k for k in range(finite.ndim) if k != finite.ndim - 3))
        margins = self._margins(answer, self.values) + self._margins(self.question.of, self.values)
        rows = [row[known] for row in margins if len(row) == len(known)]
        return any((row > 0).all() or (row < 0).all() for row in rows)

    # -- the decision ------------------------------------------------------------------------------------------------

    def is_equal(self, answer: Expr) -> bool:
        """Whether an answer has the true value at every point; not so where it has none."""
        if not self._agrees(answer, self.values, self.true):
            return False
        near = self._near(answer)
        return near is None or self._agrees(answer, near, self._truth(near))

    def _agrees(self, answer: Expr, values: dict[str, Any], true: Any) -> bool:
        quick = self._clear_difference(answer, values, true)
        if quick is not None:
            values, true = self._at(values, quick), self._one(true, quick)
        yours, true = np.broadcast_arrays(self.evaluated(answer, self.digits, self.exactly(values)), true)
        return all(self._same(a, b) for a, b in zip(yours.flat, true.flat, strict=True))

    def _clear_difference(self, answer: Expr, values: dict[str, Any], true: Any) -> int | None:
        """A point at which floats see a difference: one point of many digits then decides."""
        yours = self.evaluated(answer, Floats(), values)
        try:
            known = np.asarray(true).astype(float)
            yours, known = np.broadcast_arrays(yours, known)
        except (TypeError, ValueError, OverflowError):
            return None
        if yours.ndim < 3 or yours.shape[-3] == 1:
            return None
        with np.errstate(all="ignore"):
            wrong = np.isfinite(known) & ~(np.abs(yours - known) <= 1e-4 * np.maximum(1, np.abs(known)))
        places = np.flatnonzero(wrong.any(axis=tuple(k for k in range(wrong.ndim) if k != wrong.ndim - 3)))
        return int(places[0]) if len(places) else None

    @staticmethod
    def _at(values: dict[str, Any], point: int) -> dict[str, Any]:
        return {k: v[..., point : point + 1, :, :] for k, v in values.items()}

    @staticmethod
    def _one(array: Any, point: int) -> Any:
        return array if array.ndim < 3 or array.shape[-3] == 1 else array[..., point : point + 1, :, :]

    def _same(self, a: Any, b: Any) -> bool:
        mp = self.mp
        a, b = mp.mpf(a), mp.mpf(b)
        if not mp.isfinite(b):
            return True  # the truth has no value here
        return bool(mp.isfinite(a)) and abs(a - b) <= mp.mpf(10) ** -SAME * max(1, abs(a), abs(b))


def deciders(question: Question, points: int, seed: int) -> list[Decider]:
    """The truth at two choices of sizes, which are not the judge's."""
    names = sorted(question.scope.sizes)
    made = []
    for turn in (0, 1):
        sizes = {name: 2 + (k + turn * (1 + len(names) // 2)) % (len(names) + 2) for k, name in enumerate(names)}
        made.append(Decider(question, sizes, points, seed + turn))
    return made


_CONDITIONS = frozenset(
    {"gt", "lt", "abs", "sign", "relu", "step", "maximum", "minimum", "largest", "smallest", "norm1"}
)


def speaks_of_kink(answer: Expr, every: bool = False) -> bool:
    """Whether an answer may be wrong at a boundary alone, where no random point lies; `every`: has boundaries."""
    found = {"eq", "ne", "ge", "le"} | (_CONDITIONS if every else set())
    return any(
        isinstance(n, e.Cases)
        or (isinstance(n, e.Apply) and n.operation.name in found)
        or (isinstance(n, e.Function) and n.name in found)
        for n in e.walk(answer)
    )


# -- the run ----------------------------------------------------------------------------------------------------------


def rights(paths: list[Path], only: set[str]) -> Iterator[tuple[str, dict[str, Any], list[str]]]:
    for path in paths:
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            # Beside boundaries that are moved by 10⁻²⁰ no point of ours lies.
            able = "correct" in row and "shape" not in row["ask"] and "sliver" not in row["id"]
            if able and (not only or only & {path.stem, row["id"]}):
                yield row["id"], {k: row[k] for k in ASKED if k in row}, [a["answer"] for a in row["correct"]]


def names_of(question: Question) -> list[Expr]:
    """What may stand in for a name: every declared one."""
    found: list[Expr] = []
    for name, declared in question.scope.variables.items():
        if declared.items is None and not declared.is_function:
            found.append(e.Variable(name, shape=declared.shape))
    return found or [_number(1)]


def run(options: argparse.Namespace) -> int:
    paths = options.file or sorted(ROWS.glob("*.jsonl"))
    dice, grader, counts = Random(options.seed), Grader(), Counter[str]()
    todo = list(rights(paths, set(filter(None, options.only.split(",")))))
    if options.number < len(todo):
        todo = dice.sample(todo, max(1, options.number // 5))
    share = max(1, options.number // len(todo))
    start = time.perf_counter()
    for name, asked, answers in todo:
        question = Question.from_request(asked)
        assert isinstance(question, Question)
        try:
            truth = deciders(question, options.points, options.seed)
        except (Undecidable, OutOfRange, TooLargeToEvaluate, ZeroDivisionError, IndexError) as error:
            counts["questions left out"] += 1
            print(f"left out: {name}: {error!r}"[:120], file=sys.stderr)
            continue
        names = names_of(question)
        seen: set[str] = set(answers)
        for _ in range(share * 6):
            if counts[name] >= share:
                break
            tree = question.read(dice.choice(answers))
            if not isinstance(tree, Expr):
                continue
            kind, changed = mutant(tree, names, dice)
            if dice.random() < 0.2:
                kind, changed = mutant(changed, names, dice)
            text = show(changed)
            read = question.read(text) if text not in seen else None
            seen.add(text)
            if not isinstance(read, Expr) or read.shape != question.expected:
                continue
            counts[name] += 1
            judge(name, asked, kind, text, read, truth, grader, counts)
    told = {k: v for k, v in counts.items() if "/" not in k}
    print(f"{told}  in {time.perf_counter() - start:.0f} s")
    return 1 if counts["DISAGREE"] else 0


def judge(
    name: str,
    asked: dict[str, Any],
    kind: str,
    text: str,
    read: Expr,
    truth: list[Decider],
    grader: Grader,
    counts: Counter[str],
) -> None:
    """Compare the judge's verdict on one mutant with the decision."""
    reply = grader({**asked, "answer": text})
    if reply.verdict == "unreadable":  # an index that leaves its range at some size
        counts["unreadable"] += 1
        return
    try:
        equal = all(decider.is_equal(read) for decider in truth)
    except (OutOfRange, TooLargeToEvaluate, OverflowError, ZeroDivisionError, MemoryError, IndexError) as error:
        counts[f"not decided ({type(error).__name__})"] += 1
        return
    counts["equal" if equal else "wrong"] += 1
    if reply.verdict == ("correct" if equal else "incorrect"):
        if reply.verdict == "correct" and reply.proof != "exact":
            counts["sampled"] += 1
            print(f"sampled   {name} [{kind}] {text}")
        return
    if equal and reply.verdict == "incorrect" and speaks_of_kink(read):
        counts["at a kink"] += 1
        return
    if equal and any(decider.is_one_sided(read) for decider in truth):
        counts["not decided (one side only)"] += 1
        return
    counts["DISAGREE"] += 1
    decided = "equal" if equal else "wrong"
    print(f"DISAGREE  {name} [{kind}] {text!r}: decided {decided}, judged {reply.verdict} {reply.code} {reply.proof}\n"
          f"          {reply.message}")  # fmt: skip


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="*", type=Path, help="files of rows (default: the project's own)")
    parser.add_argument("--number", type=int, default=2000, help="how many mutants")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--points", type=int, default=200, help="random points for each choice of sizes")
    parser.add_argument("--only", default="", help="only these files or questions, comma-separated")
    return run(parser.parse_args())


if __name__ == "__main__":
    sys.exit(main())
