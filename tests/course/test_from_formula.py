"""A formula becomes a lesson that an author could have written: it is true, and the lint has nothing to say."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tutor.course.from_formula import lesson_for, smaller
from tutor.course.lesson import Lesson
from tutor.course.lint import lint_lesson
from tutor.marking.grade import grade
from tutor.problem import Problem

NEURON = {"w": "vector n", "x": "vector n", "b": "scalar", "y": "scalar"}
LOSS = {"w": "vector n", "b": "scalar", "x": "list N of vector n", "y": "list N of scalar"}
SQUARES = {"X": "matrix N n", "w": "vector n", "y": "vector N"}
FORM = {"A": "square n", "x": "vector n"}

FORMULAS: tuple[tuple[str, str, Mapping[str, str], str], ...] = (
    ("max(0, w·x + b)", "w", NEURON, "derivative"),
    ("1/N sum_i (y_i - max(0, w·x_i + b))^2", "w", LOSS, "derivative"),
    ("1/N sum_t (y_t - max(0, w·x_t + b))^2", "b", LOSS, "derivative"),
    ("1/N ‖X w - y‖^2", "w", SQUARES, "gradient"),
    ("softmax(x)", "x", NEURON, "derivative"),
    ("-y log(σ(w·x)) - (1 - y) log(1 - σ(w·x))", "w", NEURON, "derivative"),
    ("logsumexp(X w)", "w", SQUARES, "derivative"),
    ("tr(A X B)", "X", {"A": "matrix m n", "X": "matrix n k", "B": "matrix k m"}, "gradient"),
    ("vec(A X B)", "vec(X)", {"A": "matrix m n", "X": "matrix n k", "B": "matrix k m"}, "derivative"),
    ("x'A x", "x", FORM, "derivative"),
    ("exp(x'A x)", "x", FORM, "hessian"),
    ("logdet(X)", "X", {"X": "invertible square n"}, "gradient"),
    ("t^3 + exp(2t)", "t", {"t": "scalar"}, "derivative"),
    ("[x_1 x_2; sin(x_1)]", "x", {"x": "vector 2"}, "derivative"),
    ("g(w·x)", "w", {**NEURON, "g": "function"}, "derivative"),
    ("w_i x_i^2", "x_j", NEURON, "entry"),
)


def made(of: str, wrt: str, types: Mapping[str, str], kind: str = "derivative", layout: str = "numerator") -> Lesson:
    lesson = lesson_for({"variables": types, "define": {}, "ask": {kind: of, "wrt": wrt}, "layout": layout})
    assert isinstance(lesson, Lesson), lesson
    return lesson


@pytest.mark.parametrize(("of", "wrt", "types", "kind"), FORMULAS)
def test_the_lint_has_nothing_to_say(of: str, wrt: str, types: Mapping[str, str], kind: str) -> None:
    lesson = made(of, wrt, types, kind)
    found = list(lint_lesson(lesson, grade, {}))
    assert not found, (found, lesson.text.text)


@pytest.mark.parametrize(("of", "wrt", "types", "kind"), FORMULAS)
def test_smaller_questions_are_true_and_are_not_the_question_itself(
    of: str, wrt: str, types: Mapping[str, str], kind: str
) -> None:
    request = {"variables": types, "define": {}, "ask": {kind: of, "wrt": wrt}, "layout": "numerator"}
    lesson = smaller(request)
    if isinstance(lesson, Problem):
        assert lesson.code == "no-questions"
        return
    assert not list(lint_lesson(lesson, grade, {}))
    whole = lesson_for(request)
    assert isinstance(whole, Lesson)
    assert lesson.fingerprint(lesson.steps[-1]) != whole.fingerprint(whole.steps[-1])


def test_a_neuron_is_asked_for_as_the_paper_derives_it() -> None:
    lesson = made("max(0, w·x + b)", "w", NEURON)
    assert dict(lesson.define) == {"u": "w·x", "v": "u + b", "f": "max(0, v)"}
    asked = [(step.ask.of, step.ask.wrt, step.ask.answer) for step in lesson.steps if step.ask is not None]
    assert asked == [("u", "w", "xᵀ"), ("v", "u", "1"), ("f", "w", "xᵀ if v > 0 else 0")]


def test_parts_take_no_name_that_is_declared() -> None:
    types = {"u": "vector n", "v": "vector n", "f": "scalar", "g": "function"}
    lesson = made("g(u·v)^2", "u", types)
    assert not set(lesson.define) & set(types)
    assert not list(lint_lesson(lesson, grade, {}))


def test_a_part_through_which_all_goes_is_what_the_next_is_asked_by() -> None:
    lesson = made("-(y log(σ(w·x)) + (1 - y) log(1 - σ(w·x)))", "w", NEURON)
    by = {step.ask.of: step.ask.wrt for step in lesson.steps if step.ask is not None}
    sigmoid = next(name for name, text in lesson.define.items() if text.startswith("σ"))
    both = [name for name in lesson.define if by.get(name) == sigmoid]
    assert len(both) >= 3  # a logarithm, 1 minus it, and the sum of both logarithms


def test_a_matrix_that_moves_with_a_number_is_asked_for_by_that_number() -> None:
    lesson = made("(A + t B)^-1", "t", {"A": "invertible square n", "B": "square n", "t": "scalar"})
    asks = [(step.ask.wrt, step.ask.answer) for step in lesson.steps if step.ask is not None]
    assert asks == [("t", "B"), ("t", "B"), ("t", "−f B f")]


def test_with_matrices_the_gradient_is_asked_for_from_the_outside_in() -> None:
    lesson = made("tr(A X B)", "X", {"A": "matrix m n", "X": "matrix n k", "B": "matrix k m"}, "gradient")
    assert [step.ask.answer for step in lesson.steps if step.ask is not None] == ["Iₘ", "Bᵀ", "AᵀBᵀ"]


def test_in_denominator_layout_the_chain_goes_from_right_to_left() -> None:
    def push(layout: str) -> str:
        ask = made("logsumexp(X w)", "w", SQUARES, layout=layout).steps[-1].ask
        assert ask is not None
        return ask.hints[0]

    assert "$∂f/∂u$, $∂u/∂w$" in push("numerator")
    assert "$∂u/∂w$, $∂f/∂u$" in push("denominator")


def test_the_names_of_a_lesson_are_used_where_they_are_right() -> None:
    ask, define = {"derivative": "max(0, w·x + b)^2", "wrt": "w"}, {"z": "w·x + b"}
    lesson = lesson_for({"variables": NEURON, "define": define, "ask": ask})
    assert isinstance(lesson, Lesson)
    assert next(iter(lesson.define)) == "z"
    assert any("z" in text for name, text in lesson.define.items() if name != "z")
    assert not list(lint_lesson(lesson, grade, {}))


def test_a_formula_that_cannot_be_derived_says_what_is_wrong() -> None:
    types = {"w": "vector n", "A": "matrix m n"}
    problem = lesson_for({"variables": types, "ask": {"derivative": "w + A", "wrt": "w"}})
    assert isinstance(problem, Problem)
    assert problem.message
