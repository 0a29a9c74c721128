"""How long reading takes: the slowest of many random texts of 200 characters, and of the lessons' own.

    python benchmarks/read.py [how many] [seed]

Prints milliseconds: the median, the 99th percentile, the slowest texts. The aim is 50 ms at most for any text
of 200 characters, and 5 ms for what people write.
"""

from __future__ import annotations

import random
import sys
import time

from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.language.tokens import SYMBOLS
from tutor.problem import Problem

LENGTH = 200
VARIABLES = {
    "a": "scalar", "b": "scalar", "z": "scalar", "x": "vector n", "w": "vector n", "y": "vector m", "r": "row n",
    "A": "matrix m n", "S": "square n", "X": "list N of vector n", "f": "function",
}  # fmt: skip
TOKENS = (
    *VARIABLES, *SYMBOLS.values(), *"ijkNeI1203()[]{},;_^'·+-*/=<>|&", " ", "_i", "^T", "^-1", ".*", "./", "sum_i ",
    "sum_{i=1}^n ",
    "exp", "sin ", "max(", "diag(", "norm(", "tr(", "ones(", "f(", "f'(", "if ", " else ", "and", "or", "not ", "if(",
    "cases(", "Piecewise((", "[z > 0]", "\\frac{", "\\begin{bmatrix}", "\\end{bmatrix}", "\\left(", "\\right)", "||",
    "d(", "D(", "dz",
)  # fmt: skip
# Pieces that have a value are likelier to be strung into something deep than signs are.
VALUES = ("x", "A", "S", "a", "w·x", "x'", "y'", "A'", "r", "X_1", "[z > 0]", "exp(", "(", ")", "2", "/", " ", "^2",
          "sum_i x_i")  # fmt: skip
FAMILIES = {
    "any characters": [chr(c) for c in range(32, 127)],
    "unicode": [chr(c) for c in (*range(32, 127), *range(160, 1000), *range(8200, 8900))],
    "tokens": list(TOKENS),
    "values": list(VALUES),
    "products": ["x", "x'", "A", "A'", " ", " ", "·", "r", "a", "2"],
    "quotients": ["a", "b", "/", "/", " ", "x", "x'", "N", "1", "(", ")"],
    "brackets": list("(([[{{|‖))]]}}xa0,; >"),
    "conditions": ["if(", "if ", " else ", "a", " > ", "x[", "z", " and ", "not ", *"[](),{};"],
}


SCOPE = Scope.declare(VARIABLES, {"q": "w·x + b", "g_i": "w·X_i"})
assert not isinstance(SCOPE, Problem)


def text_of(dice: random.Random, pieces: list[str]) -> str:
    text = ""
    while len(text) < LENGTH:
        text += dice.choice(pieces)
    return text[:LENGTH]


def shuffled(dice: random.Random, pieces: list[str]) -> str:
    """A few pieces over and over, which is what makes a slow reader slow."""
    few = "".join(dice.choices(pieces, k=dice.randint(1, 4)))
    return (few * LENGTH)[:LENGTH]


def milliseconds(text: str) -> float:
    start = time.perf_counter()
    assert isinstance(SCOPE, Scope)
    read(text, SCOPE)
    return 1000 * (time.perf_counter() - start)


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    dice = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    milliseconds("x' + 1")
    found = []
    for k in range(count):
        family = list(FAMILIES)[k // 2 % len(FAMILIES)]
        text = (text_of if k % 2 else shuffled)(dice, FAMILIES[family])
        found.append((milliseconds(text), family, text))
    # The machine may have paused: what is slow is tried again.
    slowest = sorted(found)[-40:]
    slow = sorted(((min(ms, milliseconds(text)), family, text) for ms, family, text in slowest), reverse=True)
    times = sorted(ms for ms, _, _ in found)
    middle, high = times[count // 2], times[count * 99 // 100]
    print(f"{count} texts of {LENGTH} characters: median {middle:.2f} ms, p99 {high:.2f} ms")
    for ms, family, text in slow[:8]:
        print(f"{ms:8.2f} ms  {family}: {text[:90]!r}")


if __name__ == "__main__":
    main()
