"""Types of names that nobody declared: those that a reader of the formula would take them for."""

from __future__ import annotations

import pytest

from tutor.language.infer import in_words, inferred
from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.problem import Problem

FORMULAS = (
    # formula, variable, types
    ("max(0, w·x + b)", "w", "w: vector n, x: vector n, b: scalar"),
    ("1/N sum_i (y_i - w·x_i - b)^2", "w", "y: list N of scalar, w: vector n, x: list N of vector n, b: scalar"),
    ("1/N ‖X w - y‖^2", "w", "X: matrix N n, w: vector n, y: vector N"),
    ("1/N ‖Xw - y‖^2", "w", "w: vector n, y: vector N, X: matrix N n"),
    ("x'A x", "x", "x: vector n, A: square n"),
    ("x^2 + 3x", "x", "x: scalar"),
    ("softmax(W x + b)", "x", "W: matrix m n, x: vector n, b: vector m"),
    ("λ/2 ‖w‖^2 + sum_i y_i (w·x_i)", "w", "λ: scalar, w: vector n, y: list N of scalar, x: list N of vector n"),
    ("sum_i w_i x_i", "w", "w: vector n, x: vector n"),
    ("sum_i sum_j A_ij x_i x_j", "x", "A: square n, x: vector n"),
    ("tr(A X B)", "X", "A: matrix k n, X: matrix n m, B: matrix m k"),
    ("vec(A X B)", "vec(X)", "A: matrix p n, X: matrix n m, B: matrix m k"),
    ("logdet(X)", "X", "X: square n"),
    ("f(w·x)^2", "w", "w: vector n, x: vector n, f: function"),
    ("x_1^2 x_2", "x", "x: vector n"),
    ("W_2 relu(W_1 x)", "x", "W2: matrix m k, W1: matrix k n, x: vector n"),
    ("y_i x_j", "x_j", "y: vector m, x: vector n"),
    ("sum(x)/n", "x", "x: vector n"),
    ("a x + b", "x", "a: scalar, x: scalar, b: scalar"),
    ("x1^2 x2", "x", "x: vector n"),
    ("sum_{i=1}^{n-1} x_i^2", "x", "x: vector n"),
    ("‖X w - ones(N)‖^2", "w", "X: matrix N n, w: vector n"),
)


@pytest.mark.parametrize(("formula", "wrt", "types"), FORMULAS)
def test_a_formula_shows_its_types(formula: str, wrt: str, types: str) -> None:
    found = inferred(formula, wrt)
    assert not isinstance(found, Problem), found.message
    assert dict(found) == dict(part.split(": ") for part in types.split(", "))


CLOSED = [(formula, wrt) for formula, wrt, _ in FORMULAS if formula != "y_i x_j"]


@pytest.mark.parametrize(("formula", "wrt"), CLOSED)
def test_a_formula_can_be_read_with_the_types_that_it_shows(formula: str, wrt: str) -> None:
    found = inferred(formula, wrt)
    assert not isinstance(found, Problem)
    scope = Scope.declare(found)
    assert not isinstance(scope, Problem)
    assert not isinstance(read(formula, scope), Problem)


def test_what_is_declared_stands_and_what_is_not_is_fitted_to_it() -> None:
    assert inferred("A x + b", "x", {"x": "vector 3"}) == {"A": "matrix n 3", "b": "vector n"}
    assert inferred("w·x + b", "w", {"w": "vector k", "b": "scalar"}) == {"x": "vector k"}
    assert inferred("w·x", "w", {"w": "vector k", "x": "vector k"}) == {}


def test_what_is_asked_decides_where_the_formula_does_not() -> None:
    assert inferred("exp(q'W k)", "W", kind="derivative") == {"q": "vector n", "W": "matrix n m", "k": "vector m"}
    assert inferred("vec(X^2)", "vec(X)", kind="derivative") == {"X": "square n"}
    gradient = inferred("(A x)'(A x)", "x", {"A": "matrix m n"}, kind="gradient")
    assert gradient == {"x": "vector n"}


def test_names_in_definitions_are_inferred_too() -> None:
    found = inferred("max(0, z)", "w", {}, {"z": "w·x + b"})
    assert found == {"w": "vector n", "x": "vector n", "b": "scalar"}


def test_a_size_takes_no_name_that_a_variable_has() -> None:
    assert inferred("n (w·x)", "w", {"n": "scalar"}) == {"w": "vector d", "x": "vector d"}


def test_shapes_that_never_meet_are_told() -> None:
    found = inferred("w x + det(w)", "w", {"w": "vector n", "x": "vector n"})
    assert isinstance(found, Problem)
    assert found.code == "shape-conflict"


def test_a_text_that_is_no_formula_is_told() -> None:
    found = inferred("w·", "w")
    assert isinstance(found, Problem)
    assert found.code == "syntax"


def test_inferred_types_are_said_in_words() -> None:
    vectors = {"w": "vector n", "x": "list N of vector n", "v": "vector n"}
    types = {**vectors, "b": "scalar", "A": "matrix m n", "B": "square n"}
    assert in_words(types) == (
        "w, v vectors of n; x a list of N vectors of n; b a scalar; A a matrix of m×n; B a square matrix of n"
    )
