"""What `derive` finds: how much of it is proved, how long its formulas are, and how long it takes.

    python benchmarks/derive.py [FILE …] [--code]

In: files of questions with right answers, one question a line (the project's own rows, unless others are given). Out:
of the questions by `derivative`, `gradient`, `hessian` and `entry`, how many are derived and found right; the length
of the formulas in tokens beside the shortest right answer of the file; the times, from the question to the typeset
formula, without and with the judge; the gradient of the neuron's loss by itself, after the start. With --code also how
often the NumPy code agrees with finite differences. What is not derived is told with what it lacks.
"""

from __future__ import annotations

import argparse
import json
import statistics
import time
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tutor.calculus.derivation import Derivation
from tutor.calculus.derive import derive
from tutor.language.show import show
from tutor.language.tokens import tokenise
from tutor.language.typeset import typeset
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.verdict import Correct
from tutor.problem import Problem

ROWS = Path(__file__).parent.parent / "tests" / "rows"
ASKED = ("variables", "define", "ask", "layout")
KINDS = {"derivative", "gradient", "hessian", "entry"}
LIMIT = 1.5
LOSS = {
    "variables": {"w": "vector n", "b": "scalar", "x": "list N of vector n", "y": "list N of scalar"},
    "ask": {"derivative": "1/N sum_i (y_i - max(0, w·x_i + b))^2", "wrt": "w"},
}


@dataclass(frozen=True)
class Found:
    """One question: seconds to the typeset formula, and with the judge; tokens beside the shortest right answer."""

    name: str
    seconds: float
    judged: float
    tokens: int = 0
    shortest: int | None = None
    lacks: str = ""
    proof: str = ""
    agrees: bool | None = None


def rows(paths: list[Path]) -> Iterator[dict[str, Any]]:
    """Each question once, with its right answers."""
    seen = set()
    for path in paths:
        for line in filter(str.strip, path.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            asked = {k: row[k] for k in ASKED if k in row}
            key = json.dumps(asked, sort_keys=True)
            if KINDS & set(row.get("ask", ())) and not row.get("allow_derivatives") and key not in seen:
                seen.add(key)
                yield row


def found(row: dict[str, Any], with_code: bool) -> Found | None:
    """What becomes of a row; None where its question is broken."""
    start = time.perf_counter()
    question = Question.from_request({k: row[k] for k in ASKED if k in row})
    if isinstance(question, Problem) or question.wrt is None:
        return None
    name = f"{question.kind} of {question.text[0]} by {question.text[1]}"
    made = derive(question.of, question.wrt, question.layout, kind=question.kind, scope=question.scope)
    if isinstance(made, Problem):
        seconds = time.perf_counter() - start
        return Found(name, seconds, seconds, lacks=made.message)
    typeset(made.result)
    seconds = time.perf_counter() - start
    verdict = Judge(question).judge(made.result)
    judged = time.perf_counter() - start
    proof = verdict.proof if isinstance(verdict, Correct) else "refuted"
    answers = [item["answer"] for item in row.get("correct", ())]
    lengths = [n for answer in answers if (n := _length(answer, question)) is not None]
    return Found(
        name, seconds, judged, _length(show(made.result, question.scope), question) or 0, min(lengths, default=None),
        proof=proof, agrees=_agrees(question, made) if with_code else None,
    )  # fmt: skip


def _length(text: str, question: Question) -> int | None:
    """The tokens of an answer; None for a text that cannot be read as one."""
    if isinstance(question.read(text), Problem):
        return None
    return len(tokenise(text, question.scope.lexicon)) - 1  # the last one is the stop


def _agrees(question: Question, derivation: Derivation) -> bool | None:
    from tests.calculus.numerically import agrees
    from tutor.calculus.code import numpy_function

    code = numpy_function(derivation, question.scope)
    return False if isinstance(code, Problem) else agrees(question, code)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("file", nargs="*", type=Path)
    parser.add_argument("--code", action="store_true", help="run the NumPy code as well")
    options = parser.parse_args()
    warnings.filterwarnings("ignore")
    # What is imported on first use is part of the start.
    found({**LOSS, "correct": []}, options.code)
    loss = found({**LOSS, "correct": []}, False)
    assert loss is not None
    print(f"the loss gradient: {1000 * loss.seconds:.0f} ms to the typeset formula, {1000 * loss.judged:.0f} ms judged")
    every = [one for row in rows(options.file or sorted(ROWS.glob("*.jsonl"))) if (one := found(row, options.code))]
    right = [one for one in every if one.proof in ("exact", "sampled")]
    exact = sum(one.proof == "exact" for one in every)
    print(f"{len(every)} questions: {len(right)} derived and found right ({exact} of them proved exactly)")
    for one in every:
        if one not in right:
            print(f"  not: {one.name}: {one.lacks or one.proof}")
    short = [one for one in right if one.shortest]
    ratios = [one.tokens / one.shortest for one in short if one.shortest]
    if ratios:
        within = sum(ratio <= LIMIT for ratio in ratios)
        print(
            f"length beside the shortest right answer: at most {LIMIT} times for {within} of {len(ratios)}, "
            f"the median {statistics.median(ratios):.2f} times, the longest {max(ratios):.2f} times"
        )
        for one in short:
            if one.shortest and one.tokens > LIMIT * one.shortest:
                print(f"  long: {one.name}: {one.tokens} tokens, {one.shortest} would do")
    for what, times in (("derive and typeset", [one.seconds for one in every]), ("judged", [o.judged for o in every])):
        times = sorted(times)
        print(f"{what}: median {1000 * statistics.median(times):.0f} ms, the slowest {1000 * times[-1]:.0f} ms")
    if options.code:
        agree = sum(one.agrees is True for one in right)
        print(f"code: {agree} of {len(right)} agree with finite differences")
        for one in right:
            if not one.agrees:
                print(f"  code: {one.name}: {'no value at any point' if one.agrees is None else 'differs'}")


if __name__ == "__main__":
    main()
