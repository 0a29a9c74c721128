"""How the time of a verdict grows: with the size n of the exact proof, and with the length of an answer.

    python benchmarks/growth.py

The proof is made here at n = 2…8 for typical questions, the truth's own work apart from an answer's; the judge
itself proves at 2 or 3. A dash stands for a proof that was not found, for a bound was met.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from tutor.language.expr import Expr
from tutor.marking.grade import Grader
from tutor.marking.prove import Prover
from tutor.marking.question import Question

VECTORS = {"w": "vector n", "x": "vector n", "b": "scalar", "y": "scalar"}
ASKED: list[tuple[str, dict[str, str], dict[str, str], str]] = [
    ("neuron", VECTORS, {"derivative": "max(0, w·x + b)", "wrt": "w"}, "[w·x + b > 0] x'"),
    ("loss", VECTORS, {"gradient": "(max(0, w·x + b) - y)^2", "wrt": "w"}, "2 (w·x + b - y) x if w·x + b > 0 else 0"),
    ("quadratic form", {"A": "square n", "x": "vector n"}, {"derivative": "x'A x", "wrt": "x"}, "x'(A + A')"),
    ("softmax", {"x": "vector n"}, {"derivative": "softmax(x)", "wrt": "x"},
     "diag(softmax(x)) - softmax(x) softmax(x)'"),
    ("norm", {"x": "vector n"}, {"derivative": "x/‖x‖", "wrt": "x"}, "I/‖x‖ - x x'/‖x‖^3"),
    ("trace", {"A": "square n", "X": "square n"}, {"gradient": "tr(X'A X)", "wrt": "X"}, "(A + A') X"),
]  # fmt: skip
LENGTHS = (1, 4, 16, 64, 140)


def best(run: Any, times: int = 3) -> float:
    """Milliseconds, the least of some runs."""
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        run()
        taken.append((time.perf_counter() - start) * 1000)
    return min(taken)


def by_size() -> None:
    print("milliseconds of a proof at size n: the question's own work, once + each answer's")
    print(f"{'':16}" + "".join(f"{f'n = {n}':>15}" for n in range(2, 9)))
    for name, variables, ask, answer in ASKED:
        question = Question.from_request({"variables": variables, "ask": ask})
        assert isinstance(question, Question)
        read = question.read(answer)
        assert isinstance(read, Expr)
        cells = []
        for n in range(2, 9):
            prover = Prover(question, {"n": n})
            truth = best(lambda p=prover: p.truth, 1)
            proved = prover.proves(read)
            decided = best(lambda p=prover, a=read: p.proves(a))
            cells.append(f"{truth:.1f} + {decided:.1f}" if proved else "—")
        print(f"{name:16}" + "".join(f"{cell:>15}" for cell in cells))


def by_length() -> None:
    print("\nmilliseconds of a verdict on an answer of so many terms, for ∂(w·x + b)/∂w")
    grader = Grader()
    grader.warm_up()
    asked = {"variables": VECTORS, "ask": {"derivative": "w·x + b", "wrt": "w"}}
    for count in LENGTHS:
        right = "x'" + " + b w' - w' b" * (count // 2)
        wrong = right + " + w'"
        row = [best(lambda a=answer: grader({**asked, "answer": a})) for answer in (right, wrong)]
        verdicts = [grader({**asked, "answer": answer}).verdict for answer in (right, wrong)]
        print(f"{len(right):5} characters, {count:3} terms: {verdicts[0]} {row[0]:6.2f}, {verdicts[1]} {row[1]:6.2f}")


if __name__ == "__main__":
    by_size()
    by_length()
