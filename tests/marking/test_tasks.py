"""Tasks beyond a formula: what is right, what is wrong, what cannot be read, and what is told."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from tests.hostile.texts import text
from tutor.marking.grade import Grader
from tutor.marking.grid import cells_in
from tutor.marking.kinds import TASKS
from tutor.marking.reply import Reply
from tutor.marking.request import TASKS as NAMES

GRADER = Grader()
VARIABLES = {
    "w": "vector n", "x": "vector n", "b": "scalar", "u": "vector 2", "r": "row n", "A": "square n",
    "B": "square n", "W": "matrix m n", "v": "vector m", "X": "list N of vector n", "y": "list N of scalar",
}  # fmt: skip
DEFINE = {"z": "w·x + b"}


def reply(ask: dict[str, Any], answer: str, **more: Any) -> Reply:
    return GRADER({"variables": VARIABLES, "define": DEFINE, "ask": ask, "answer": answer, **more})


def test_every_kind_that_a_request_may_have_can_be_made() -> None:
    assert tuple(TASKS) == NAMES


# Choosing and ordering -----------------------------------------------------------------------------------------

ONE = {"choose": ["a", "b", "c"], "right": [2]}
TWO = {"choose": ["a", "b", "c"], "right": [1, 3]}
TURNED = {"order": ["v", "x'", "W'"], "product": "x' W' v"}
SQUARES = {"order": ["A", "B", "A'"], "product": "B A A'"}
POWERS = {"order": ["A", "A", "B"], "product": "A B A"}


@pytest.mark.parametrize(
    ("ask", "answer", "verdict"),
    [
        (ONE, "2", "correct"), (ONE, " 2 ", "correct"), (ONE, "1", "incorrect"), (ONE, "1, 2", "incorrect"),
        (ONE, "4", "unreadable"), (ONE, "0", "unreadable"), (ONE, "b", "unreadable"), (ONE, "", "unreadable"),
        (ONE, "0" * 5000 + "2", "unreadable"), (ONE, "2" * 5000, "unreadable"),
        (TWO, "1, 3", "correct"), (TWO, "3 1", "correct"), (TWO, "1", "incorrect"), (TWO, "1,2,3", "incorrect"),
        (TURNED, "2, 3, 1", "correct"), (TURNED, "2 3", "unreadable"), (TURNED, "2, 2, 1", "unreadable"),
        (TURNED, "3, 2, 1", "unreadable"), (TURNED, "1, 2, 3", "incorrect"),
        (SQUARES, "2, 1, 3", "correct"), (SQUARES, "1, 2, 3", "incorrect"),
        (POWERS, "1, 3, 2", "correct"), (POWERS, "2, 3, 1", "correct"), (POWERS, "3, 1, 2", "incorrect"),
    ],
)  # fmt: skip
def test_what_is_listed_is_chosen_and_ordered_by_number(ask: dict[str, Any], answer: str, verdict: str) -> None:
    assert reply(ask, answer).verdict == verdict


def test_factors_that_meet_in_another_order_have_their_own_code() -> None:
    said = reply(SQUARES, "1, 2, 3")
    assert said.code == "chain-order"
    assert said.witness is not None


def test_factors_that_do_not_meet_are_told_with_their_shapes() -> None:
    said = reply(TURNED, "3, 2, 1")
    assert "n×m" in said.message
    assert said.span is None


# Values ----------------------------------------------------------------------------------------------------------

AT = {"w": "[1, 2]", "x": "[3, 4]", "b": "0"}
VALUE = {"value": "z", "at": AT}
THIRD = {"value": "b/3", "at": {"b": 1}}
SLOPE = {"value": "z", "wrt": "w", "at": AT}
UNIT = {"value": "w/‖w‖", "at": {"w": "[1; 1]"}}
LISTED = {"value": "1/N sum_i (w·X_i - y_i)^2", "at": {"w": "[1, 2]", "X": "[1, 0; 0, 1; 1, 1]", "y": "[0, 0, 1]"}}


@pytest.mark.parametrize(
    ("ask", "answer", "verdict"),
    [
        (VALUE, "11", "correct"), (VALUE, "3 + 2*4", "correct"), (VALUE, "11.1", "incorrect"),
        (VALUE, "z", "unreadable"),
        (THIRD, "1/3", "correct"), (THIRD, "0.333", "correct"), (THIRD, "0.33", "incorrect"),
        ({**THIRD, "tolerance": 0.01}, "0.33", "correct"), ({**THIRD, "tolerance": "0.001"}, "0.33", "incorrect"),
        (SLOPE, "[3, 4]", "correct"), (SLOPE, "[3; 4]", "incorrect"), (SLOPE, "3", "incorrect"),
        (UNIT, "[1/sqrt(2), 0.7071]", "correct"), (UNIT, "[0.7071; 0.7071]", "correct"), (UNIT, "[1, 1]", "incorrect"),
        (LISTED, "3", "correct"), (LISTED, "1/0", "unreadable"), (LISTED, "log(0)", "unreadable"),
    ],
)  # fmt: skip
def test_a_value_is_a_number_or_an_expression_of_numbers(ask: dict[str, Any], answer: str, verdict: str) -> None:
    assert reply(ask, answer).verdict == verdict


def test_a_wrong_value_is_told_without_the_right_one() -> None:
    said = reply(VALUE, "-11")
    assert (said.code, said.witness, said.reference) == ("sign", None, None)
    assert "11" not in said.message
    assert reply(SLOPE, "[3; 4]").code == "other-layout"
    assert reply(SLOPE, "[3, 5]").cells == [["correct", "incorrect"]]


def test_a_value_in_the_other_layout_is_right_there() -> None:
    assert reply(SLOPE, "[3; 4]", layout="denominator").verdict == "correct"


# Entries -----------------------------------------------------------------------------------------------------------

JACOBIAN = {"entries": "u.^2", "wrt": "u"}
OUTER = {"entries": "u u'"}


@pytest.mark.parametrize(
    ("answer", "cells"),
    [
        ("[2u_1, 0; 0, 2u_2]", "✓✓✓✓"), ("[[2u_1, 0], [0, 2u_2]]", "✓✓✓✓"), ("2u_1, 0; 0, 2u_2", "✓✓✓✓"),
        ("[2u_1, 0\n0, 2u_2]", "✓✓✓✓"), ("[2u_1, 1; 0, 2u_1]", "✓✗✓✗"), ("[u_1 + u_1, 0; u_2 - u_2, 2u_2]", "✓✓✓✓"),
    ],
)  # fmt: skip
def test_each_entry_is_judged_by_itself(answer: str, cells: str) -> None:
    said = reply(JACOBIAN, answer)
    marks = {"correct": "✓", "incorrect": "✗"}
    assert "".join(marks[cell] for row in said.cells or () for cell in row) == cells
    assert said.verdict == ("correct" if "✗" not in cells else "incorrect")


def test_a_matrix_may_be_given_as_a_whole() -> None:
    assert reply(JACOBIAN, "2 diag(u)").verdict == "correct"
    assert reply(OUTER, "[u_1^2, u_1 u_2; u_1 u_2, u_2^2]").proof == "exact"


@pytest.mark.parametrize("answer", ["[2u_1, ; 0, 2u_2]", "[2u_1, 0; 0, q]", "[2u_1, 0; 0, u]", "[2u_1, 0; 0]"])
def test_what_is_missing_or_unreadable_in_a_grid_costs_nothing(answer: str) -> None:
    said = reply(JACOBIAN, answer)
    assert said.verdict == "unreadable"
    assert said.span is not None


def test_the_place_of_an_unreadable_entry_is_that_in_the_whole_answer() -> None:
    answer = "[2u_1, 0; 0, 2 q]"
    said = reply(JACOBIAN, answer)
    assert said.span is not None
    assert answer[slice(*said.span)] == "q"


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("[a, b; c, d]", [["a", "b"], ["c", "d"]]),
        ("[[a, b], [c, d]]", [["a", "b"], ["c", "d"]]),
        ("[[u_1 > 0], 0]", [["[u_1 > 0]", "0"]]),
        ("[max(a, b), ; , ]", [["max(a, b)", ""], ["", ""]]),
        ("", [[""]]),
    ],
)
def test_cells_are_parted_where_no_bracket_is_open(text: str, cells: list[list[str]]) -> None:
    assert [[text[cell.start : cell.end] for cell in row] for row in cells_in(text)] == cells


# Lines -----------------------------------------------------------------------------------------------------------

QUADRATIC = {"line": "x'A x", "wrt": "x", "until": "x'(A + A')"}
SUM = {"line": "sum_i w_i x_i", "wrt": "w", "until": "x'"}
PLAIN = {"line": "(A B)' x", "until": "B'A'x"}


@pytest.mark.parametrize(
    ("ask", "lines", "verdict"),
    [
        (QUADRATIC, ["x'(A + A')"], "correct"),
        (QUADRATIC, ["∂(x'A x)/∂x"], "follows"),
        (QUADRATIC, ["= ∂(x'A x)/∂x", "= x'A + (A x)'", "= x'(A + A')"], "correct"),
        (QUADRATIC, ["x'A + (A x)' + x'A - x'A"], "follows"),
        (QUADRATIC, ["x'A + x'A"], "incorrect"),
        (QUADRATIC, ["A x"], "incorrect"),
        (QUADRATIC, ["x'A +"], "unreadable"),
        (QUADRATIC, [""], "unreadable"),
        (SUM, ["∂(sum_i w_i x_i)/∂w"], "follows"),
        (SUM, ["sum_i x_i unit(i)'"], "follows"),
        (SUM, ["sum_i x_i unit(i)'", "x'"], "correct"),
        (PLAIN, ["B'A'x"], "correct"),
        (PLAIN, ["A'B'x"], "incorrect"),
    ],
)
def test_lines_follow_until_the_answer_stands_there(ask: dict[str, Any], lines: list[str], verdict: str) -> None:
    said = reply(ask, "\n".join(lines))
    assert said.verdict == verdict


def test_the_first_line_that_does_not_follow_is_the_one_that_is_told() -> None:
    said = reply(QUADRATIC, "x'A + (A x)'\nx'A + A x\nx'(A + A')")
    assert (said.verdict, said.line) == ("unreadable", 2)
    said = reply(QUADRATIC, "x'A + (A x)'\nx'A - x'A'\nx'(A + A')")
    assert (said.verdict, said.line) == ("incorrect", 2)
    assert said.witness is not None


def test_a_part_that_differs_is_named_with_what_stands_above_it() -> None:
    said = reply(QUADRATIC, "(A x)' + x'A\nx'A + x'A")
    assert "‘(A x)ᵀ’ above, ‘xᵀA’ in this one" in said.message
    said = reply(QUADRATIC, "(A x)' + x'A\n(A x)' - x'A")
    assert "‘xᵀA’ above, ‘−xᵀA’ in this one" in said.message


@pytest.mark.parametrize(
    ("ask", "answer", "code"),
    [
        (QUADRATIC, "(A x)' + x'A\nx'A + x'A", "symmetry-assumed"),
        (QUADRATIC, "(A x)' + x'A\n(A x)' - x'A", "sign"),
        (QUADRATIC, "x'A", "missing-term"),
        (JACOBIAN, "[2u_1, 0; 0, u_2]", "constant-factor"),
    ],
)
def test_a_wrong_line_or_entry_has_the_code_of_its_mistake(ask: dict[str, Any], answer: str, code: str) -> None:
    assert reply(ask, answer).code == code


def test_using_and_form_hold_for_the_last_line_only() -> None:
    ask = {"line": "w·w", "wrt": "w", "until": "2w'"}
    assert reply(ask, "∂(sum_i w_i^2)/∂w", form="matrix").verdict == "follows"
    assert reply(ask, "∂(sum_i w_i^2)/∂w\n2w'", form="matrix").verdict == "correct"


# Broken tasks ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ask", "told"),
    [
        ({"choose": ["a"], "right": [1]}, "‘choose’"), ({"choose": "ab", "right": [1]}, "‘choose’"),
        ({"choose": ["a", "b"], "right": [3]}, "‘right’"), ({"choose": ["a", "b"]}, "‘right’"),
        ({"order": ["A", "B"]}, "‘product’"), ({"order": ["A"], "product": "A"}, "‘order’"),
        ({"order": ["A", "q"], "product": "A"}, "‘q’"), ({"order": ["A", 3], "product": "A"}, "‘order’"),
        ({"value": "z", "at": {"w": "[1, 2]"}}, "b, x"), ({"value": "z", "at": {**AT, "q": "1"}}, "q"),
        ({"value": "z", "at": {**AT, "x": "[1, 2, 3]"}}, "does not fit"), ({"value": "z", "at": "w"}, "‘at’"),
        ({"value": "z", "at": {**AT, "b": "c"}}, "‘at: b"), ({"value": "log(b)", "at": {"b": "-1"}}, "no value"),
        ({"value": "z", "at": AT, "tolerance": -1}, "‘tolerance’"),
        ({"value": "z", "at": AT, "tolerance": "inf"}, "‘tolerance’"),
        ({"entries": "w.^2", "wrt": "w"}, "numbers"), ({"entries": "b"}, "2 to"), ({"entries": "q"}, "q"),
        ({"line": "z", "wrt": "q"}, "q"), ({"line": "z", "until": "q"}, "‘until"),
        ({"line": "z", "value": "z"}, "needs one of"), ({"line": ["z"]}, "must be a text"),
    ],
)  # fmt: skip
def test_a_broken_task_is_an_error_that_names_the_fault(ask: dict[str, Any], told: str) -> None:
    said = reply(ask, "1")
    assert said.verdict == "error"
    assert told in said.message


# What is hostile ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ask", [TWO, TURNED, SLOPE, JACOBIAN, QUADRATIC], ids=list(TASKS))
def test_no_text_is_too_much_for_a_task(ask: dict[str, Any]) -> None:
    dice = Random(20260301)
    for _ in range(40):
        said = reply(ask, text(dice))
        assert said.verdict in {"incorrect", "unreadable", "undecided", "follows"}
