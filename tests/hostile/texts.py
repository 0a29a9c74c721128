"""Random texts and lines for the reader and the filter, from dice that are given."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from tests.language.expressions import TOKENS, VARIABLES

_UNICODE = [chr(c) for c in (*range(1, 1000), *range(8190, 8980), 0x1D7CF, 0x1D7D9, 0xD800, 0xFEFF, 0x1F600)]
_PIECES = {
    "characters": [chr(c) for c in range(32, 127)],
    "Unicode": _UNICODE,
    "tokens": [*TOKENS],
    "LaTeX": ["\\frac", "{", "}", "\\sum", "_", "^", "\\top", "\\begin{bmatrix}", "&", "\\\\", "\\end{bmatrix}", "x",
    "A", "\\left", "\\right", "("],
    "products": ["x", "x'", "A", "A'", " ", "·", "r", "a", "2", "/", "N", "(", ")", "+"],
    "conditions": ["if", " else ", "a", ">", "[", "]", "z", " and ", "not ", "(", ")", ",", "{", "}", ";", "=", "0"],
}  # fmt: skip


def text(dice: Random, longest: int = 200) -> str:
    """A text of pieces of one family, now and then with a few pieces over and over."""
    pieces = _PIECES[dice.choice(list(_PIECES))]
    if dice.random() < 0.3:
        pieces = dice.choices(pieces, k=dice.randint(1, 4))
        return ("".join(pieces) * longest)[: dice.randint(1, longest)]
    return "".join(dice.choices(pieces, k=dice.randint(1, longest)))[:longest]


def spoiled(dice: Random, good: str) -> str:
    """A right text with a few characters changed, doubled or taken out."""
    letters = list(good)
    for _ in range(dice.randint(1, 4)):
        k = dice.randrange(len(letters) + 1)
        letters[k : k + dice.randint(0, 2)] = dice.choice(("", *"()[]{}'^_*+-/|,;=", "ᵀ", "²", "x", "0", " "))
    return "".join(letters)


def request(dice: Random, answer: str) -> dict[str, Any]:
    """A question with this answer; the question itself may be a random text too."""
    of = dice.choice(("a", "w·x + b", "A x", "S", "x'", "sum(x)", "max(0, w·x)", "x .* w", text(dice, 30)))
    kind = dice.choice(("equals", "equals", "derivative", "gradient", "hessian", "shape"))
    ask = {kind: of} if kind == "equals" else {kind: of, "wrt": dice.choice(("x", "w", "a", "A"))}
    return {"variables": VARIABLES, "ask": ask, "layout": dice.choice(("numerator", "denominator")), "answer": answer}


def line(dice: Random, answer: str) -> bytes:
    """A line for the filter: a request, or one that was broken."""
    made = json.dumps(request(dice, answer)).encode()
    if dice.random() < 0.7:
        return made
    k = dice.randrange(len(made))
    return (made[:k] + dice.randbytes(dice.randint(0, 3)) + made[k + dice.randint(0, 5) :]).replace(b"\n", b" ")
