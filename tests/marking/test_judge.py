"""Verdicts with their evidence: what is looked at first, what counts at a kink, and what a witness shows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tutor import check
from tutor.language.expr import Expr
from tutor.marking.grade import Grader, grade
from tutor.marking.judge import KINK_NOTE, Judge
from tutor.marking.question import Question
from tutor.marking.reply import Reply

NEURON: dict[str, Any] = {
    "variables": {"w": "vector n", "x": "vector n", "b": "scalar"},
    "define": {"z": "w·x + b"},
    "ask": {"derivative": "max(0, z)", "wrt": "w"},
}


def neuron(answer: str, **more: Any) -> Reply:
    return grade({**NEURON, **more, "answer": answer})


def of_x(answer: str, formula: str, kind: str = "scalar") -> Reply:
    return check(answer, derivative=formula, wrt="x", variables={"x": kind})


# -- the four verdicts, and their order --------------------------------------------------------------------------------


def test_a_right_answer_is_proved() -> None:
    reply = neuron("x' if z > 0 else 0")
    assert (reply.verdict, reply.proof, reply.code, reply.witness) == ("correct", "exact", None, None)
    assert (reply.shape, reply.expected_shape) == ("1×n", "1×n")
    assert reply.read_as == "xᵀ if z > 0 else 0"


def test_a_wrong_answer_has_a_counterexample() -> None:
    reply = neuron("x'")
    assert (reply.verdict, reply.proof) == ("incorrect", "counterexample")
    assert reply.witness is not None


def test_an_unreadable_answer_has_its_place() -> None:
    reply = neuron("x' + w*x")
    assert (reply.verdict, reply.code) == ("unreadable", "shape-conflict")
    assert reply.span is not None
    assert "x' + w*x"[slice(*reply.span)] == "w*x"
    assert reply.witness is None


def test_what_cannot_be_worked_out_is_undecided() -> None:
    variables = {"A": "matrix 90 90", "B": "matrix 90 90"}
    reply = grade({"variables": variables, "ask": {"equals": "kron(A, B)"}, "answer": "kron(A, B) + 0 kron(A, B)"})
    assert (reply.verdict, reply.code) == ("undecided", None)
    assert "too large" in reply.message


def test_what_has_no_value_anywhere_is_undecided() -> None:
    reply = check("1/x", derivative="log(-x) + log(x)", wrt="x", variables={"x": "positive scalar"})
    assert reply.verdict == "undecided"


def test_a_broken_question_is_an_error() -> None:
    reply = check("x'", derivative="x·q", wrt="x", variables={"x": "vector n"})
    assert (reply.verdict, reply.code) == ("error", None)
    assert "q" in reply.message


def test_what_cannot_be_read_is_never_judged() -> None:
    """The reading comes first: a wrong answer with a slip is unreadable, and costs nothing."""
    assert neuron("3 w' +").verdict == "unreadable"
    assert neuron("x", using=["q"]).verdict == "incorrect"


def test_the_shape_is_told_before_the_value() -> None:
    reply = neuron("exp(w)")
    assert (reply.verdict, reply.code, reply.witness) == ("incorrect", "wrong-shape", None)
    told = "The shape should be 1×n, and this is n×1. A right answer depends on x and b, and this one does not."
    assert reply.message == told


def test_the_other_layout_is_named() -> None:
    reply = neuron("x if z > 0 else 0")
    assert (reply.code, reply.shape, reply.expected_shape) == ("other-layout", "n×1", "1×n")
    turned = neuron("x' if z > 0 else 0", layout="denominator")
    assert (turned.code, turned.expected_shape) == ("other-layout", "n×1")


def test_the_names_that_a_question_wants_are_looked_for() -> None:
    assert neuron("[z > 0] x'", using=["z"], avoid=["b"]).verdict == "correct"
    assert neuron("[w·x + b > 0] x'", using=["z"]).verdict == "incorrect"
    assert neuron("[w·x + b > 0] x'", avoid=["b"]).verdict == "incorrect"


def test_each_answer_is_judged_by_itself() -> None:
    """What a question keeps from one answer must not colour the next."""
    grader = Grader()
    answers = ["x'", "[z > 0] x'", "[z > 0.5] x'", "[z ≥ 0] x'", "x", "[z > 0] x'", "w*x", "x' if z > 0 else 0"]
    alone = [Grader()({**NEURON, "answer": a}).to_json() for a in answers]
    after = [grader({**NEURON, "answer": a}).to_json() for a in answers]
    timed = {"ms": 0, "diagnosis_ms": 0}
    assert [{**a, **timed} for a in alone] == [{**b, **timed} for b in after]


def test_the_same_request_gets_the_same_reply_twice() -> None:
    first, second = (Grader()({**NEURON, "answer": "w' if z > 0 else 0"}) for _ in range(2))
    assert first.witness == second.witness


@pytest.mark.parametrize(
    ("ask", "answer", "constant"),
    [
        ({"equals": "3 * 4"}, "13", True),
        ({"derivative": "3 b", "wrt": "b"}, "4", True),
        ({"derivative": "x", "wrt": "x"}, "2 I", True),
        ({"derivative": "b^2", "wrt": "b"}, "b", False),
        ({"derivative": "|b|", "wrt": "b"}, "1", False),
    ],
)
def test_a_witness_tells_whether_its_truth_is_the_answer(ask: dict[str, str], answer: str, constant: bool) -> None:
    reply = grade({"variables": {"b": "scalar", "x": "vector n"}, "ask": ask, "answer": answer})
    assert reply.witness is not None
    assert reply.witness["constant"] is constant


# -- the witness ----------------------------------------------------------------------------------------------------


def witness_of(reply: Reply) -> dict[str, Any]:
    assert reply.witness is not None, reply
    return reply.witness


def test_a_witness_shows_a_point_at_which_anyone_can_check() -> None:
    shown = witness_of(neuron("2x' if z > 0 else 0"))
    values = {item["name"]: item for item in shown["values"]}
    assert list(values) == ["w", "x", "b", "z"]
    assert values["w"]["shape"] == "3×1"
    w, x, b = (np.array(values[name]["value"]) for name in "wxb")
    assert values["z"]["value"] == pytest.approx(w @ x + b)
    expected = x if w @ x + b > 0 else 0 * x
    assert shown["true"] == [pytest.approx(list(expected))]
    assert shown["yours"] == [pytest.approx(list(2 * expected))]
    assert shown["shape"] == "1×3"
    assert any(shown["differs"][0])
    row, column = shown["entry"]
    assert shown["differs"][row - 1][column - 1]
    # Halves of small numbers, which a person can work with.
    assert all(float(2 * v).is_integer() and abs(v) <= 3 for v in [*w, *x, b])


def test_a_witness_shows_a_zero_without_what_rounding_left_of_it() -> None:
    variables = {"A": "invertible square n", "B": "square n", "t": "scalar"}
    shown = witness_of(check("B", derivative="(A + t B)^-1 (A + t B)", wrt="t", variables=variables))
    assert shown["true"] == [[0.0] * 3] * 3


def test_a_witness_marks_the_entries_that_differ() -> None:
    variables = {"A": "square n", "x": "vector n"}
    reply = check("A + A' - A_11 unit(1) unit(1)'", hessian="x'A x", wrt="x", variables=variables)
    differs = witness_of(reply)["differs"]
    assert differs == [[True, False, False], [False, False, False], [False, False, False]]
    assert witness_of(reply)["entry"] == [1, 1]


def test_a_witness_names_the_indices_of_an_entry() -> None:
    variables = {"x": "vector n", "a": "vector n"}
    reply = check("a_i", entry="y_i", wrt="x_j", variables=variables, define={"y": "a .* x"})
    shown = witness_of(reply)
    assert shown["indices"]["i"] != shown["indices"]["j"]
    assert shown["true"] == [[0.0]]
    values = {item["name"]: item["value"] for item in shown["values"]}
    assert shown["yours"] == [[values["a"][shown["indices"]["i"] - 1]]]


def test_a_witness_shows_the_items_of_a_list() -> None:
    variables = {"x": "list N of vector n", "w": "vector n"}
    shown = witness_of(check("x_1'", derivative="sum_i w·x_i", wrt="w", variables=variables))
    (items,) = [item for item in shown["values"] if item["name"] == "x"]
    assert np.allclose(np.sum(items["value"], axis=0), shown["true"][0])


def test_a_value_that_is_missing_is_null() -> None:
    reply = of_x("1/(2 sqrt(-x))", "sqrt(x)")
    assert (reply.code, witness_of(reply)["yours"]) == ("undefined", [[None]])


def test_a_difference_that_floats_cannot_show_is_told_in_words() -> None:
    reply = of_x("2x + 10^-20", "x^2")
    assert reply.verdict == "incorrect"
    assert "1e-20" in reply.message
    assert witness_of(reply)["differs"] == [[True]]


def test_rounding_is_never_held_against_an_answer() -> None:
    """Each of these differs from the truth in floats."""
    assert of_x("2 10^6", "(x + 10^6)^2 - x^2 - 10^12").verdict == "correct"
    assert of_x("(10^8 + x) - 10^8", "x^2/2").verdict == "correct"
    invertible = {"A": "invertible square n"}
    assert check("2 log(|det(A)|)", equals="logdet(A A')", variables=invertible).verdict == "correct"
    assert check("I", equals="A inv(A)", variables=invertible).verdict == "correct"


# -- kinks ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("value", ["-1", "-0.9", "0", "1/3", "1"])
def test_any_slope_between_the_two_sides_is_right_at_a_kink(value: str) -> None:
    assert of_x(f"cases(1, x > 0; {value}, x = 0; -1, x < 0)", "|x|").verdict == "correct"


@pytest.mark.parametrize("value", ["-1.01", "1.01", "2", "10^6"])
def test_a_value_outside_that_an_answer_says_of_the_kink_is_wrong(value: str) -> None:
    reply = of_x(f"cases(1, x > 0; {value}, x = 0; -1, x < 0)", "|x|")
    assert reply.verdict == "incorrect"
    (x,) = witness_of(reply)["values"]
    assert x["value"] == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("answer", ["[x > 0] - [x < 0] + 5 [x = 0]", "[x ≥ 0] - [x ≤ 0] + 2 [x ≥ 0][x ≤ 0]"])
def test_equal_and_at_least_speak_of_the_kink(answer: str) -> None:
    assert of_x(answer, "|x|").verdict == "incorrect"


def test_a_value_that_only_happens_to_fall_outside_is_right_with_a_note() -> None:
    variables = {"x": "scalar", "a": "positive scalar"}
    reply = check("[x > 0] + (1 + a)[x < 0]", derivative="(1 + a) x - a max(0, x)", wrt="x", variables=variables)
    assert (reply.verdict, reply.proof, reply.message) == ("correct", "exact", KINK_NOTE)
    assert of_x("[x > 0] - [x < 0]", "|x|").message == "Right."


def test_what_has_no_value_at_the_kink_alone_is_right() -> None:
    for answer in ("x/|x|", "|x|/x", "x/sqrt(x^2)", "cases(1, x > 0; -1, x < 0)"):
        assert of_x(answer, "|x|").verdict == "correct", answer


@pytest.mark.parametrize("shift", ["0.1", "-0.1", "0.001", "-0.001", "10^-6", "10^-9", "10^-20", "-10^-100"])
def test_a_boundary_that_is_moved_is_wrong_however_little(shift: str) -> None:
    assert neuron(f"x' if z > {shift} else 0").verdict == "incorrect"
    assert of_x(f"sign(x + {shift})", "|x|").verdict == "incorrect"


def test_a_kink_of_the_answer_alone_is_found() -> None:
    assert of_x("2x + [x > 2.5] - [x > 2.5001]", "x^2").verdict == "incorrect"
    assert of_x("2x + |x - 2.5| - |2.5 - x|", "x^2").verdict == "correct"


def test_ties_of_three_are_no_two_sided_kink() -> None:
    assert of_x("[x = max(x)]'", "max(x)", "vector n").verdict == "correct"
    assert of_x("[x > mean(x)]'", "max(x)", "vector n").verdict == "incorrect"


def test_many_digits_are_asked_beside_the_kinks_and_not_on_them() -> None:
    asked = {"variables": {"X": "matrix N n", "Y": "matrix N n"}, "ask": {"gradient": "sum(max(X, Y))", "wrt": "X"}}
    question = Question.from_request(asked)
    assert isinstance(question, Question)
    answer = question.read("step(X - Y)")
    assert isinstance(answer, Expr)
    refuter = Judge(question).refuters[0]
    ties = refuter.points.values["X"] == refuter.points.values["Y"]
    on_a_kink = {int(k) for k in np.flatnonzero(ties.any(axis=(1, 2)))}
    assert on_a_kink
    assert not on_a_kink & set(refuter.varied(answer, 12))


def test_a_derivative_by_a_name_is_proved_whatever_stands_behind_the_name() -> None:
    variables = {"X": "matrix N n", "W": "matrix n h", "V": "matrix h m", "Y": "matrix N m"}
    define = {"O": "max(0, X W) V", "C": "‖O - Y‖^2/(2N)"}
    asked = {"variables": variables, "define": define, "ask": {"gradient": "C", "wrt": "O"}}
    assert grade({**asked, "answer": "(O - Y)/N"}).proof == "exact"
    entry = {**asked, "ask": {"entry": "C", "wrt": "O_ij"}}
    assert grade({**entry, "answer": "(O_ij - Y_ij)/N"}).proof == "exact"


# -- where an answer has no value -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer",
    ["2 exp(log(x))", "2x [x > 0]/[x > 0]", "2x + 0/(x - x)", "2x + 0 log(x - 3)", "cases(2x, x > 0; 2x, x < -1)"],
)
def test_an_answer_without_a_value_on_an_open_part_is_undefined(answer: str) -> None:
    reply = of_x(answer, "x^2")
    assert (reply.verdict, reply.code) == ("incorrect", "undefined")
    assert None in witness_of(reply)["yours"][0]


@pytest.mark.parametrize(
    "answer", ["2x^2/x", "2x (x - 1/2)/(x - 1/2)", "2x (x^2 - 1)/((x - 1)(x + 1))", "2x sin(x)/sin(x)"]
)
def test_isolated_points_without_a_value_do_not_matter(answer: str) -> None:
    assert of_x(answer, "x^2").verdict == "correct"


def test_only_where_the_truth_has_a_value_does_an_answer_need_one() -> None:
    assert of_x("1/x + 0 sqrt(x)", "log(x)").verdict == "correct"
    assert of_x("1/x", "log(x)").verdict == "correct"


# -- sizes ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("variables", "ask", "answer"),
    [
        ({"A": "square n"}, {"equals": "A A"}, "tr(A) A - det(A) I"),
        ({"A": "square n"}, {"derivative": "det(A)", "wrt": "A"}, "tr(A) I - A"),
        ({"A": "square n"}, {"equals": "A^3"}, "tr(A) A^2 - (tr(A)^2 - tr(A^2))/2 A + det(A) I"),
        ({"x": "vector n"}, {"equals": "sum(x)"}, "x_1 + x_2 + x_3"),
        ({"x": "vector n"}, {"equals": "n"}, "3"),
        ({"x": "vector n"}, {"equals": "n"}, "4"),
        ({"x": "list N of vector n"}, {"equals": "1/N sum_i x_i"}, "1/3 sum_i x_i"),
        ({"x": "list N of vector n"}, {"equals": "1/N sum_i x_i"}, "1/n sum_i x_i"),
    ],
)
def test_what_holds_for_some_sizes_only_is_refuted(variables: Any, ask: Any, answer: str) -> None:
    assert grade({"variables": variables, "ask": ask, "answer": answer}).verdict in {"incorrect", "unreadable"}


def test_what_holds_for_symmetric_matrices_only_is_refuted() -> None:
    for kind, verdict in (("square n", "incorrect"), ("symmetric n", "correct"), ("positive definite n", "correct")):
        reply = check("2 A x", gradient="x'A x", wrt="x", variables={"A": kind, "x": "vector n"})
        assert reply.verdict == verdict, kind


def test_sizes_differ_from_each_other_and_between_the_two_choices() -> None:
    variables = {"A": "matrix m n", "B": "matrix n 3", "x": "list N of vector p"}
    question = Question.from_request({"variables": variables, "ask": {"equals": "A B"}})
    assert isinstance(question, Question)
    first, second = (refuter.sizes for refuter in Judge(question).refuters)
    for sizes in (first, second):
        assert len({*sizes.values(), 3}) == 5
        assert min(sizes.values()) >= 3
    assert all(first[name] != second[name] for name in first)


# -- how sure --------------------------------------------------------------------------------------------------------

# What is right and accepted without a proof: each is a relation that the exact numbers do not have.
SAMPLED = [
    ({}, {"equals": "cos(pi/5)"}, "(1 + sqrt(5))/4"),
    ({"x": "scalar"}, {"derivative": "|x^3 - 2|", "wrt": "x"}, "3x^2 sign(x - 2^(1/3))"),
]  # fmt: skip


DEFINITE = [
    ({"P": "positive definite n", "x": "vector n"}, {"equals": "sqrt((x'P x)^2)"}, "x'P x"),
    ({"P": "positive definite n"}, {"equals": "sqrt(det(P)^2)"}, "det(P)"),
    ({"P": "positive definite n", "Q": "positive definite n"}, {"equals": "logdet(P Q)"}, "logdet(P) + logdet(Q)"),
]


@pytest.mark.parametrize(("variables", "ask", "answer"), DEFINITE)
def test_the_signs_of_a_definite_matrix_are_known(variables: Any, ask: Any, answer: str) -> None:
    reply = grade({"variables": variables, "ask": ask, "answer": answer})
    assert (reply.verdict, reply.proof) == ("correct", "exact")
    loose = {name: kind.replace("positive definite", "symmetric") for name, kind in variables.items()}
    assert grade({"variables": loose, "ask": ask, "answer": answer}).verdict == "incorrect"


@pytest.mark.parametrize(("variables", "ask", "answer"), SAMPLED)
def test_what_is_accepted_by_samples_alone(variables: Any, ask: Any, answer: str) -> None:
    reply = grade({"variables": variables, "ask": ask, "answer": answer})
    assert (reply.verdict, reply.proof) == ("correct", "sampled")


# -- from Python -----------------------------------------------------------------------------------------------------


def test_check_asks_every_kind_of_question() -> None:
    variables = {"A": "matrix m n", "x": "vector n", "S": "square n"}
    assert check("A", derivative="A x", wrt="x", variables=variables).verdict == "correct"
    assert check("A'", derivative="A x", wrt="x", variables=variables, layout="denominator").verdict == "correct"
    assert check("2x", gradient="x·x", wrt="x", variables=variables).verdict == "correct"
    assert check("S + S'", hessian="x'S x", wrt="x", variables=variables).verdict == "correct"
    assert check("A_ij", entry="y_i", wrt="x_j", variables=variables, define={"y": "A x"}).verdict == "correct"
    assert check("x'x", equals="‖x‖^2", variables=variables).verdict == "correct"
    assert check("(m, n)", shape="A x", wrt="x", variables=variables).verdict == "correct"


def test_a_shape_without_a_variable_is_that_of_the_expression_itself() -> None:
    variables = {"A": "matrix m n", "x": "vector n"}
    assert check("(m, 1)", shape="A x", variables=variables).verdict == "correct"
    assert check("(1, m)", shape="x'A'", variables=variables).verdict == "correct"
    turned = check("(1, m)", shape="A x", variables=variables)
    assert (turned.verdict, turned.code) == ("incorrect", "wrong-shape")


def test_a_shape_beyond_matrices_has_the_axes_of_what_comes_out_and_then_those_of_what_moves_turned() -> None:
    variables = {"X": "matrix n k", "A": "matrix m n", "B": "matrix k l", "c": "vector k", "x": "vector n"}
    shapes = {("A X B", "X"): "(m, l, k, n)", ("A X c", "X"): "(m, k, n)", ("A x c'", "x"): "(m, k, n)"}
    for (of, wrt), shape in shapes.items():
        turned = "(" + ", ".join(reversed(shape.strip("()").split(", "))) + ")"
        assert check(shape, shape=of, wrt=wrt, variables=variables).verdict == "correct"
        assert check(shape.replace(", ", "×"), shape=of, wrt=wrt, variables=variables).verdict == "correct"
        assert check(turned, shape=of, wrt=wrt, variables=variables).code == "other-layout"
        assert check(turned, shape=of, wrt=wrt, variables=variables, layout="denominator").verdict == "correct"
    assert check("(m, l, n, k)", shape="A X B", wrt="X", variables=variables).code == "wrong-shape"
    assert check("(m l, n k)", shape="A X B", wrt="X", variables=variables).message == (
        "This has 2 axes. How many are needed?"
    )
    assert check("(1, m, n)", shape="A x", wrt="x", variables=variables).code == "wrong-shape"
    assert check("A", derivative="A X B", wrt="X", variables=variables).verdict == "error"


def test_a_variable_that_nothing_asks_about_does_not_stand_in_the_way_of_a_proof() -> None:
    variables = {"x": "vector n", "U": "matrix k n", "V": "matrix m k", "y": "vector m"}
    define = {"p": "U x", "h": "relu(p)", "q": "V h", "e": "q - y", "C": "1/2 ‖e‖^2"}
    for more in ({}, {"S": "matrix m n"}):
        declared = {**variables, **more}
        reply = check("([p > 0] .* (V'e)) x'", gradient="C", wrt="U", variables=declared, define=define)
        assert reply.proof == "exact", more


def test_check_without_a_question_or_with_two_is_an_error() -> None:
    assert check("x").verdict == "error"
    assert check("1", derivative="x", gradient="x", wrt="x", variables={"x": "scalar"}).verdict == "error"


def test_an_index_of_the_question_is_not_the_one_that_a_sum_in_a_definition_binds() -> None:
    question = {
        "variables": {"w": "vector n", "x": "list N of vector n"},
        "define": {"f": "sum_i (w·x_i)^2"},
        "ask": {"entry": "f", "wrt": "w_i"},
    }
    assert grade({**question, "answer": "2 sum_k (w·x_k) x_ki"}).verdict == "correct"
    assert grade({**question, "answer": "2 sum_k (w·x_k)"}).verdict == "incorrect"
