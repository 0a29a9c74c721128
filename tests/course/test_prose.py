"""Maths is found in words."""

from __future__ import annotations

import pytest

from tutor.course.prose import lonely_dollars, maths_in, sides
from tutor.source import Span


def found(text: str) -> list[str]:
    return [text[span.start : span.end] for span in maths_in(text)]


def parts(text: str) -> list[str]:
    return [text[span.start : span.end] for span in sides(text, Span(0, len(text)))]


@pytest.mark.parametrize(
    ("text", "maths"),
    [
        ("How does $z$ change with $w_j$?", ["z", "w_j"]),
        ("So\n\n$$a = max(0, z)$$\n\nholds.", ["a = max(0, z)"]),
        ("$$a\n= b$$ and $c$", ["a\n= b", "c"]),
        (r"It costs \$5 and \$6.", []),
        ("Write `$z$` or\n\n```\n$w$\n```\n\nand $x$.", ["x"]),
        ("``a ` $z$``, $x$", ["x"]),
        ("Nothing here.", []),
    ],
)
def test_maths_stands_between_dollars_but_not_in_code(text: str, maths: list[str]) -> None:
    assert found(text) == maths


def test_a_dollar_without_its_like_is_found() -> None:
    text = r"$z$ costs \$3 or 4$, `$`"
    assert [span.start for span in lonely_dollars(text)] == [text.index("4$") + 1]


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("x'", ["x'"]),
        ("a = max(0, z)", ["a", "max(0, z)"]),
        ("i = 1, …, n", ["i", "1", "n"]),
        ("[i = j] ≠ sum_{i=1}^n x_i", ["[i = j]", "sum_{i=1}^n x_i"]),
        ("x >= 0", ["x", "0"]),
        ("x != 0", ["x", "0"]),
    ],
)
def test_a_relation_has_sides_but_not_inside_of_brackets(formula: str, expected: list[str]) -> None:
    assert parts(formula) == expected
