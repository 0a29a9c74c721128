"""The reader and the filter take any text; `benchmarks/fuzz.py` does the same for longer."""

from __future__ import annotations

import io
import json
from random import Random

import pytest

from tests.language.expressions import SCOPE
from tutor.language.expr import Expr
from tutor.language.read import read
from tutor.language.show import show
from tutor.marking.filter import grade_lines
from tutor.marking.grade import Grader
from tutor.problem import Problem

from .texts import line, spoiled, text

RIGHT = (
    "∂z/∂w = x'",
    "[w·x + b > 0] x'",
    "sum_i w_i x_i",
    "x' if z > 0 else 0",
    "A'(A x - y)/‖x‖^2",
    "\\frac{a}{b} x^T",
)


@pytest.mark.parametrize("seed", range(4))
def test_reader_gives_an_expression_or_a_problem_with_its_place(seed: int) -> None:
    dice = Random(seed)
    for k in range(500):
        answer = spoiled(dice, dice.choice(RIGHT)) if k % 2 else text(dice)
        found = read(answer, SCOPE)
        if isinstance(found, Expr):
            again = read(show(found), SCOPE)
            assert again == found, (answer, show(found))
        else:
            assert isinstance(found, Problem)
            assert found.span is not None
            assert 0 <= found.span.start <= found.span.end <= len(answer)


@pytest.mark.parametrize("seed", range(2))
def test_filter_answers_every_line(seed: int) -> None:
    dice = Random(seed)
    lines = [
        line(dice, spoiled(dice, dice.choice(RIGHT)) if dice.random() < 0.5 else text(dice, 40)) for _ in range(200)
    ]
    replies = list(grade_lines(io.BytesIO(b"\n".join(lines) + b"\n"), Grader()))
    assert len(replies) == len([made for made in lines if made.strip()])
    verdicts = {json.loads(reply)["verdict"] for reply in replies}
    assert verdicts <= {"correct", "incorrect", "unreadable", "undecided", "error"}
