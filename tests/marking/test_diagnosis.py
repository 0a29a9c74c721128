"""What a wrong answer is told: each code by examples, each with a near one that must not get it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.marking.rows import files, questions
from tutor.marking.bends import BENDS
from tutor.marking.edits import mending, spoiling
from tutor.marking.feedback import AGAIN
from tutor.marking.grade import Grader
from tutor.marking.misconceptions import ROWS
from tutor.marking.reply import Reply

GRADER = Grader()


def question(variables: str, **ask: str) -> dict[str, Any]:
    declared = dict(part.split(": ") for part in variables.split(", "))
    layout = ask.pop("layout", "numerator")
    return {"variables": declared, "ask": ask, "layout": layout}


CHAIN = question("x: scalar", derivative="sin(x^2)", wrt="x")
PRODUCT = question("A: matrix m n, B: matrix m n, x: vector n", derivative="(A x) .* (B x)", wrt="x")
QUADRATIC = question("A: square n, b: vector n, x: vector n", gradient="x'A x + b·x", wrt="x")
LAYER = question("W: square n, x: vector n", derivative="tanh(W x)", wrt="x")
DISTANCE = question("w: vector n, x: vector n", derivative="|w·x|", wrt="w")
BILINEAR = question("A: square n, x: vector n, y: vector n", derivative="x'A y", wrt="x")
CUBE = question("x: vector n", derivative="sum(x)^3", wrt="x")
FOURTH = question("w: vector n, x: vector n", derivative="(w·x)^4", wrt="w")
SCALED = question("t: scalar, z: scalar, x: vector n", derivative="t z^2 x", wrt="z")
PLANE = question("w: vector n, x: vector n, b: scalar", derivative="exp(w·x) + b", wrt="w")
MATRICES = question("A: square n, B: square n", equals="A B + A")
SOFT = question("x: vector n, c: vector n", derivative="c·softmax(x)", wrt="x")
RIDGE = question("X: matrix N n, w: vector n, λ: positive scalar", hessian="‖X w‖^2 + λ‖w‖^2", wrt="w")
LISTS = question("x: list N of vector n, w: vector n", derivative="1/N sum_i tanh(w·x_i)", wrt="w")

TOLD = (
    # code, question, answers that get it, answers that must not
    ("sign", CHAIN, ["-2x cos(x^2)"], ["2x cos(x)", "-cos(x^2)"]),
    ("sign", PRODUCT, ["diag(B x) A - diag(A x) B", "-diag(B x) A - diag(A x) B"], ["diag(B x) A"]),
    ("sign", QUADRATIC, ["(A + A')x - b"], ["(A - 2A')x - b"]),
    ("constant-factor", CHAIN, ["x cos(x^2)", "6x cos(x^2)"], ["2x cos(2 x^2)"]),
    ("constant-factor", QUADRATIC, ["1/2 (A + A') x + b", "(A + A') x + n b"], ["2 A x + b"]),
    ("missing-inner-derivative", CHAIN, ["cos(x^2)"], ["sin(x^2)"]),
    ("missing-inner-derivative", LAYER, ["diag(1 - tanh(W x).^2)", "W"], ["I_n"]),
    ("missing-inner-derivative", LISTS, ["1/N sum_i (1 - tanh(w·x_i)^2)"], ["0'"]),
    ("undifferentiated", CHAIN, ["sin(x^2)", "2x sin(x^2)"], ["2 sin(x)"]),
    ("undifferentiated", LAYER, ["diag(tanh(W x)) W"], ["diag(x) W"]),
    ("missing-term", PRODUCT, ["diag(B x) A", "diag(A x) B"], ["diag(A x) A"]),
    ("missing-term", QUADRATIC, ["(A + A') x", "A x + b", "A'x + b"], ["x + b"]),
    ("symmetry-assumed", PRODUCT, ["2 diag(B x) A"], ["2 diag(B x) B"]),
    ("symmetry-assumed", QUADRATIC, ["2 A x + b", "2 A'x + b"], ["3 A x + b"]),
    ("wrong-variable", BILINEAR, ["x'A"], ["(x + y)'A"]),
    ("wrong-variable", PLANE, ["exp(w·x) w'"], ["w' x w' + w'"]),
    ("chain-order", LAYER, ["W diag(1 - tanh(W x).^2)"], ["W W"]),
    ("missing-transpose", BILINEAR, ["y'A"], ["y'A A"]),
    ("missing-transpose", LAYER, ["diag(1 - tanh(W x).^2) W'"], ["diag(1 - tanh(x).^2) W'"]),
    ("missing-diag", LAYER, ["W'(1 - tanh(W x).^2)"], ["W x"]),
    ("missing-diag", LAYER, ["(1 - tanh(W x).^2) 𝟏' W"], ["x 𝟏' W"]),
    ("scalar-for-vector", CUBE, ["3 sum(x)^2"], ["3 sum(x)^2 ones(n)"]),
    ("scalar-for-vector", RIDGE, ["2 X'X + 2λ"], ["2 X'X"]),
    ("missing-case", DISTANCE, ["x'", "[w·x > 0] x'"], ["sign(w·x) w'"]),
    ("power-rule", FOURTH, ["4 (w·x)^4 x'", "4 (w·x) x'"], ["4 (w·x)^3 w'"]),
    ("function-derivative", LAYER, ["diag(1 - tanh(W x)) W"], ["diag(1 + x) W"]),
    ("function-derivative", SOFT, ["c'(I - 𝟏 softmax(x)')"], ["c' + x'"]),
    ("missing-factor", SCALED, ["2 z x"], ["2 t z"]),
    ("extra-term", PLANE, ["exp(w·x) x' + w'"], ["exp(w·x) w'"]),
    ("extra-factor", CHAIN, ["2x cos(x^2) exp(x)"], ["2x exp(x)"]),
    ("elementwise-for-matrix-product", MATRICES, ["A .* B + A"], ["A .* A + A"]),
    ("other-layout", PRODUCT, ["A' diag(B x) + B' diag(A x)"], ["A' diag(B x)"]),
)  # fmt: skip


def told(asked: dict[str, Any], answer: str) -> Reply:
    return GRADER({**asked, "answer": answer})


@pytest.mark.parametrize(("code", "asked", "answers", "others"), TOLD, ids=[f"{row[0]}: {row[2][0]}" for row in TOLD])
def test_a_mistake_gets_its_code_and_a_near_one_does_not(
    code: str, asked: dict[str, Any], answers: list[str], others: list[str]
) -> None:
    assert {answer: told(asked, answer).code for answer in answers} == dict.fromkeys(answers, code)
    for other in others:
        reply = told(asked, other)
        assert reply.verdict == "incorrect", other
        assert reply.code != code, (other, reply.message)


def test_every_code_has_an_example() -> None:
    assert {row.code for row in ROWS.values()} == {code for code, *_ in TOLD}


def test_every_mistake_is_in_the_table_and_every_row_is_a_sentence_and_a_question() -> None:
    edits = (*spoiling(frozenset(), frozenset()), *mending("x"))
    assert {edit.name for edit in edits} | {bend.name for bends in BENDS.values() for bend in bends} <= set(ROWS)
    for row in ROWS.values():
        assert row.does.endswith(".")
        assert row.asks.endswith(("?", "."))


@pytest.mark.parametrize("bend", [bend for bends in BENDS.values() for bend in bends], ids=str)
def test_every_bent_rule_can_be_read(bend: Any) -> None:
    assert (bend.template is not None) == (bend.instead is not None)
    assert [template is None for template in bend.templates] == [formula in {None, "0"} for formula in bend.formulas]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_nothing_is_said_of_a_right_answer(path: Path) -> None:
    """Neither by the filter, nor by the diagnosis itself, were it asked."""
    for _, asked, rows in questions(path):
        for row in rows:
            if row.verdict == "correct":
                reply = told(asked, row.answer)
                assert (reply.code, reply.diagnosis_ms) == (None, None), row


def test_the_shape_is_told_first_then_what_was_done_then_what_to_look_at() -> None:
    told_of = ROWS["negated"]
    assert told(PRODUCT, "-diag(B x) A - diag(A x) B").message == f"Your shape is right, m×n. {told_of.says}"
    assert told(CUBE, "3 sum(x)^2").message.startswith("The shape should be 1×n, and this is 1×1. ")
    assert told(CHAIN, "x cos(x^2)").message == ROWS["scaled"].says


def test_where_nothing_is_differentiated_nothing_is_said_of_derivatives() -> None:
    for answer in ("A B - A", "A .* B + A", "A' B + A", "B + A", "2 A B + A"):
        reply = told(MATRICES, answer)
        assert reply.code != "other"
        assert reply.message.endswith(AGAIN), reply.message
    square = question("x: scalar", equals="sin(x)^2")
    assert told(square, "cos(x)^2").code == "other"
    assert told(square, "sin(x)^3").code == "power-rule"


def test_two_mistakes_are_told_as_the_first_of_them() -> None:
    assert told(PRODUCT, "A' diag(B x)").code == "missing-term"
    assert told(QUADRATIC, "-(A + A')x").code == "missing-term"


def test_what_nothing_explains_is_other() -> None:
    for asked, answer in ((CHAIN, "x^7 exp(x)"), (LAYER, "exp(x) x'"), (QUADRATIC, "tanh(x)")):
        assert told(asked, answer).code == "other", answer


def test_what_only_cancels_out_explains_nothing() -> None:
    asked = question("w: vector n, x: vector n", derivative="[w > x]", wrt="w")
    assert GRADER({**asked, "answer": "diag([w > x])"}).code == "other"


def test_no_number_is_taken_for_a_symmetric_matrix() -> None:
    assert told(question("x: scalar", derivative="x^2 exp(3x)", wrt="x"), "6x exp(3x)").code == "missing-term"
    assert told(question("A: square n, x: vector n", derivative="x'A x", wrt="x"), "2x'A").code == "symmetry-assumed"


def test_the_same_answer_is_told_the_same_whatever_came_before() -> None:
    answers = ["cos(x^2)", "x cos(x^2)", "2x sin(x^2)", "-2x cos(x^2)"]
    one_after_the_other = [told(CHAIN, answer).code for answer in answers]
    assert one_after_the_other == [Grader()({**CHAIN, "answer": answer}).code for answer in answers]
