"""Milliseconds per answer by the judge, and how many times longer `sympy.simplify` of the differences takes.

    python benchmarks/answers.py [FILE …] [--pairs 25 | --all] [--seed 1] [--limit 20]

In: files of questions with answers, one question a line (the project's own rows, unless others are given). Out:
p50 and p99 of the judge over all answers, the work for a question spread over its answers; and for a sample of pairs of
truth and answer, SymPy's time for the same entries at the same small sizes, in a process of its own with a limit: for
all entries, and until the first of them that is not 0, which is as far as a verdict needs it.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import statistics
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random
from typing import Any

import numpy as np

from tutor.language.expr import Expr
from tutor.language.numbers import inverse_by_entries, plain
from tutor.marking.grade import Grader
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.sample import entries
from tutor.marking.truth import evaluation, true_value

ROWS = Path(__file__).parent.parent / "tests" / "rows"
QUESTION = ("variables", "define", "ask", "layout", "allow_derivatives", "using", "avoid")
Pair = tuple[dict[str, Any], str]


def pairs(paths: list[Path]) -> Iterator[Pair]:
    """Every question with each of its answers."""
    for path in paths:
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            asked = {k: row[k] for k in QUESTION if k in row}
            answers = [row["answer"]] if "answer" in row else []
            answers += [item["answer"] for kind in ("correct", "wrong", "unreadable") for item in row.get(kind, [])]
            yield from ((asked, answer) for answer in answers)


def judged(todo: list[Pair]) -> tuple[list[float], dict[str, list[float]]]:
    """Milliseconds for each pair in turn, and again by verdict."""
    grader = Grader()
    grader.warm_up()
    times, by_verdict = [], dict[str, list[float]]()
    for asked, answer in todo:
        reply = grader({**asked, "answer": answer})
        times.append(reply.ms)
        by_verdict.setdefault(reply.verdict, []).append(reply.ms)
    return times, by_verdict


# -- SymPy --------------------------------------------------------------------------------------------------------


class Symbols:
    """SymPy's expressions as a number system."""

    def __init__(self) -> None:
        import sympy

        self.sympy = sympy
        self.zero = sympy.Integer(0)

    def entry(self, name: str, sign: str = "any") -> Any:
        known = {"positive": {"positive": True}, "nonnegative": {"nonnegative": True}, "nonzero": {"nonzero": True}}
        return self.sympy.Symbol(name, real=True, **known.get(sign, {}))

    def number(self, value: Any) -> Any:
        return np.array([[self.sympy.Rational(value.numerator, value.denominator)]], dtype=object)

    def filled(self, values: Any) -> Any:
        return np.frompyfunc(lambda v: self.sympy.Integer(int(v)), 1, 1)(values)

    def whole(self, a: Any) -> int:
        return int(a.flat[0])

    def call(self, name: str, a: Any) -> Any:
        sp = self.sympy
        functions = {
            "abs": sp.Abs, "relu": lambda x: sp.Max(0, x), "step": lambda x: sp.Piecewise((1, x > 0), (0, True)),
            "sigmoid": lambda x: 1 / (1 + sp.exp(-x)), "softplus": lambda x: sp.log(1 + sp.exp(x)),
            "pi": lambda x: sp.pi,
        }  # fmt: skip
        return np.frompyfunc(functions.get(name) or getattr(sp, name), 1, 1)(a)

    def power(self, base: Any, exponent: Any) -> Any:
        return np.frompyfunc(self.sympy.Pow, 2, 1)(base, exponent)

    def positive(self, a: Any) -> Any:
        return np.frompyfunc(lambda x: self.sympy.Piecewise((1, x > 0), (0, True)), 1, 1)(a)

    def vanishes(self, a: Any) -> Any:
        return np.frompyfunc(lambda x: self.sympy.Piecewise((1, self.sympy.Eq(x, 0)), (0, True)), 1, 1)(a)

    def select(self, condition: Any, yes: Any, no: Any) -> Any:
        return condition * yes + (1 - condition) * no

    def undefined(self) -> Any:
        return np.array([[self.sympy.nan]], dtype=object)

    def function(self, name: str, order: int, a: Any) -> Any:
        return np.frompyfunc(self.sympy.Function(name + "′" * order, real=True), 1, 1)(a)

    def inverse(self, a: Any) -> Any:
        return inverse_by_entries(a)


def differences(asked: dict[str, Any], answer: str) -> list[Any]:
    """The entries of answer minus truth at the judge's own small sizes, as SymPy's expressions."""
    question = Question.from_request(asked)
    assert isinstance(question, Question)
    read, sizes, symbols = question.read(answer), Judge(question).prover.sizes, Symbols()
    assert isinstance(read, Expr)
    values = entries(question.scope, sizes, symbols)
    true = plain(true_value(question, symbols, sizes, values))
    yours = plain(evaluation(question, symbols, sizes, values)(read))
    yours, true = np.broadcast_arrays(yours, true)
    return [symbols.sympy.sympify(a) - b for a, b in zip(yours.flat, true.flat, strict=True)]


def _simplified(asked: dict[str, Any], answer: str, said: Connection) -> None:
    """In a child: make the entries, say so, then time `simplify` of each: until one is not 0, and of all."""
    import sympy

    sys.setrecursionlimit(20_000)
    try:
        made = differences(asked, answer)
        said.send(None)
        start = time.perf_counter()
        decided = None
        for entry in made:
            if sympy.simplify(entry) != 0 and decided is None:
                decided = time.perf_counter()
        end = time.perf_counter()
        said.send((1000 * (end - start), 1000 * ((decided or end) - start), decided is None))
    except Exception as error:  # what SymPy raises is its answer
        said.send((None, None, type(error).__name__))


def by_sympy(asked: dict[str, Any], answer: str, limit: float) -> tuple[float | None, float | None, object]:
    """SymPy's milliseconds for all entries, and until its verdict, and what that is.

    The limit's and `timeout` where it takes longer; None where it cannot.
    """
    ours, theirs = multiprocessing.Pipe(duplex=False)
    child = multiprocessing.get_context("fork").Process(target=_simplified, args=(asked, answer, theirs))
    child.start()
    try:
        if not ours.poll(3 * limit):
            return None, None, "no entries"
        first = ours.recv()
        if first is not None:
            return first  # type: ignore[no-any-return]
        return ours.recv() if ours.poll(limit) else (1000 * limit, 1000 * limit, "timeout")
    finally:
        child.kill()
        child.join()


def compared(sample: list[Pair], limit: float) -> None:
    """Print the ratios of SymPy's time to the judge's, the question's work included in neither."""
    times, said = list[tuple[float, float, float]](), dict[object, int]()
    for asked, answer in sample:
        grader = Grader()
        first = grader({**asked, "answer": answer})
        if first.verdict not in {"correct", "incorrect"} or first.shape != first.expected_shape:
            continue
        ms = grader({**asked, "answer": f"({answer})"}).ms  # once more: the work for the question is done
        of_all, to_verdict, result = by_sympy(asked, answer, limit)
        agreed = result == (first.verdict == "correct")
        label = "agrees" if agreed else "says no" if result is False else "says yes" if result is True else result
        said[label] = said.get(label, 0) + 1
        if of_all is not None and to_verdict is not None:
            times.append((max(ms, 0.01), of_all, to_verdict))
    print(f"sympy.simplify on {len(times)} pairs: {', '.join(f'{label} {n}' for label, n in said.items())}")
    for k, what in enumerate(("all entries", "until the first that is not 0"), 1) if times else ():
        median = statistics.median(row[k] / row[0] for row in times)
        total = sum(row[k] for row in times) / sum(row[0] for row in times)
        print(f"SymPy's time over the judge's, {what}: median pair {median:.0f}, sum {total:.0f}")


def percentile(values: list[float], part: float) -> float:
    return sorted(values)[int(part * (len(values) - 1))]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="*", type=Path, help="files of questions (default: the project's own rows)")
    parser.add_argument("--pairs", type=int, default=25, help="how many pairs SymPy gets")
    parser.add_argument("--all", action="store_true", help="give SymPy every pair")
    parser.add_argument("--limit", type=float, default=20.0, help="seconds for one pair")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.setrecursionlimit(20_000)  # as the commands do: a long product is a deep tree
    todo = list(pairs(options.file or sorted(ROWS.glob("*.jsonl"))))
    times, by_verdict = judged(todo)
    print(f"{len(times)} answers: p50 {percentile(times, 0.5):.2f} ms, p99 {percentile(times, 0.99):.2f} ms, "
          f"largest {max(times):.1f} ms")  # fmt: skip
    for verdict, ms in sorted(by_verdict.items()):
        print(f"  {verdict:10} {len(ms):5}: p50 {percentile(ms, 0.5):.2f} ms, p99 {percentile(ms, 0.99):.2f} ms")
    asked_shape = [pair for pair in todo if "shape" not in pair[0]["ask"]]
    some = min(options.pairs, len(asked_shape))
    compared(asked_shape if options.all else Random(options.seed).sample(asked_shape, some), options.limit)


if __name__ == "__main__":
    main()
