"""Derivatives as a person would write them; each is judged before it is compared."""

from __future__ import annotations

import pytest

from tutor.calculus.derive import derive, derive_judged, formula
from tutor.language.show import show
from tutor.problem import Problem

from .questions import derivation, derived, is_right, question, shown

NEURON = {"w": "vector n", "x": "vector n", "b": "scalar"}
LOSS = {"w": "vector n", "b": "scalar", "x": "list N of vector n", "y": "list N of scalar"}
SQUARES = {"X": "matrix N n", "w": "vector n", "y": "vector N"}


def test_a_neuron_has_its_input_as_a_row_where_it_fires() -> None:
    assert shown(NEURON, "max(0, z)", "w", define={"z": "w·x + b"}) == "xᵀ if z > 0 else 0"
    assert shown(NEURON, "max(0, w·x + b)", "b", define={"z": "w·x + b"}) == "1 if z > 0 else 0"


def test_the_neurons_loss_by_its_weights() -> None:
    of = "1/N sum(i, (y_i - max(0, w·x_i + b))^2)"
    assert shown(LOSS, of, "w", define={"z_i": "w·x_i + b"}) == "2/N Σᵢ [zᵢ > 0] (zᵢ − yᵢ) xᵢᵀ"
    assert shown(LOSS, of, "b", define={"z_i": "w·x_i + b"}) == "2/N Σᵢ [zᵢ > 0] (zᵢ − yᵢ)"


def test_least_squares() -> None:
    assert shown(SQUARES, "1/N ‖X w - y‖^2", "w") == "2/N (X w − y)ᵀX"
    assert shown(SQUARES, "1/N ‖X w - y‖^2", "w", "gradient") == "2/N Xᵀ(X w − y)"
    assert shown(SQUARES, "‖y - X w‖^2", "w") == "2(X w − y)ᵀX"


def test_a_layer_lets_through_where_it_is_active_a_whole_batch_at_a_time() -> None:
    batch = {"X": "matrix N n", "W": "matrix n m", "Y": "matrix N m"}
    assert shown(batch, "sum(max(0, X W))", "W", "gradient", define={"Z": "X W"}) == "Xᵀ [Z > 0]"
    assert shown(batch, "sum(max(Y, X W))", "W", "gradient", define={"Z": "X W"}) == "Xᵀstep(Z − Y)"


def test_softmax_with_and_without_a_name() -> None:
    assert shown({"x": "vector n"}, "softmax(x)", "x", define={"s": "softmax(x)"}) == "diag(s) − s sᵀ"
    assert shown({"x": "vector n"}, "softmax(x)", "x") == "diag(softmax(x)) − softmax(x) softmax(x)ᵀ"


def test_logistic_regression_has_the_error_times_the_input() -> None:
    types = {**NEURON, "y": "scalar"}
    assert shown(types, "softplus(z) - y z", "w", define={"z": "w·x + b"}) == "(σ(z) − y) xᵀ"
    assert shown(types, "-y log(σ(z)) - (1 - y) log(1 - σ(z))", "w", define={"z": "w·x + b"}) == "(σ(z) − y) xᵀ"


def test_a_quadratic_form_uses_symmetry_only_where_it_is_declared() -> None:
    assert shown({"A": "square n", "x": "vector n"}, "x'A x", "x") == "xᵀ(A + Aᵀ)"
    assert shown({"A": "symmetric n", "x": "vector n"}, "x'A x", "x") == "2xᵀA"


def test_a_norm() -> None:
    assert shown({"x": "nonzero vector n"}, "‖x‖", "x") == "xᵀ/‖x‖"


def test_matrix_arguments_go_through_the_trace() -> None:
    types = {"A": "matrix p m", "X": "matrix m n", "B": "square n", "C": "matrix m p"}
    assert shown(types, "tr(A X B X' C)", "X", "gradient") == "C A X B + AᵀCᵀX Bᵀ"
    inverse = {"X": "invertible square n", "A": "square n"}
    assert shown(inverse, "logdet(X)", "X") == "X⁻¹"
    assert shown(inverse, "det(X)", "X", "gradient") == "det(X) X⁻ᵀ"
    assert shown(inverse, "tr(X^-1 A)", "X", "gradient") == "−X⁻ᵀAᵀX⁻ᵀ"


def test_vec_by_vec_is_a_kronecker_product() -> None:
    types = {"A": "matrix p m", "X": "matrix m n", "B": "matrix n r"}
    assert shown(types, "vec(A X B)", "vec(X)") == "Bᵀ ⊗ A"


def test_a_square_matrix_is_laid_out_as_asked() -> None:
    types = {"X": "invertible square n"}
    assert shown(types, "logdet(X)", "X", layout="denominator") == "X⁻ᵀ"
    assert shown(types, "logdet(X)", "X", "gradient", layout="denominator") == "X⁻ᵀ"
    assert shown({"A": "square n", "x": "vector n"}, "A x", "x", layout="denominator") == "Aᵀ"


def test_along_a_scalar() -> None:
    types = {"A": "square n", "B": "square n", "t": "scalar"}
    assert shown(types, "M^-1", "t", define={"M": "A + t B"}) == "−M⁻¹B M⁻¹"


def test_entries_by_entries() -> None:
    types = {"W": "matrix m n", "x": "vector n", "f": "function"}
    assert shown(types, "(W x)_k", "W_ij", "entry") == "δₖᵢ xⱼ"
    assert shown({"x": "vector n"}, "softmax(x)_i", "x_j", "entry", define={"s": "softmax(x)"}) == "sᵢ (δᵢⱼ − sⱼ)"
    assert shown({"x": "vector n"}, "sum_j x_j^2", "x_j", "entry") == "2xⱼ"


def test_few_entries_are_taken_one_by_one() -> None:
    assert shown({"x": "vector 2"}, "[3x1^2 x2; 2x1 + x2^8]", "x") == "[6x₁ x₂, 3x₁²; 2, 8x₂⁷]"


def test_a_hessian_is_the_gradients_derivative() -> None:
    types = {**SQUARES, "λ": "positive scalar"}
    of = "sum(softplus(X w)) - y·(X w) + λ/2 ‖w‖^2"
    assert shown(types, of, "w", "hessian", define={"p": "sigmoid(X w)"}) == "λ Iₙ + Xᵀdiag(p ⊙ (1 − p)) X"


def test_what_does_not_depend_on_the_variable_has_a_zero_of_the_shape() -> None:
    assert shown({"a": "vector m", "x": "vector n"}, "a", "x") == "zeros(m, n)"
    assert shown({"a": "scalar", "x": "scalar"}, "a", "x") == "0"


def test_a_defined_variable_varies_by_itself() -> None:
    assert shown(NEURON, "max(0, z)", "z", define={"z": "w·x + b"}) == "1 if z > 0 else 0"


def test_cases_are_kept() -> None:
    types = {"w": "vector n", "x": "vector n", "y": "scalar"}
    of = "r^2/2 if |r| <= 1 else |r| - 1/2"
    assert shown(types, of, "w", define={"r": "w·x - y"}) == "r xᵀ if |r| ≤ 1 else sign(r) xᵀ"


@pytest.mark.parametrize("inner", ["A + t B", "A"])
def test_a_name_inside_a_name_is_followed(inner: str) -> None:
    types = {"A": "square n", "B": "square n", "t": "scalar", "x": "vector n"}
    asked = question(types, "v'v", "t", define={"M": inner, "v": "M x"})
    assert is_right(asked, derived(asked).result)


def test_a_transpose_inside_vec_is_a_matrix_of_unit_matrices() -> None:
    asked = question({"X": "matrix m n"}, "vec(X')", "vec(X)")
    result = derived(asked).result
    assert is_right(asked, result)
    assert show(result) == "Σᵢ Σⱼ (unit(i, m) unit(j, n)ᵀ) ⊗ (unit(j, n) unit(i, m)ᵀ)"
    product = question({"X": "matrix m n"}, "vec(X'X)", "vec(X)")
    assert is_right(product, derived(product).result)


def test_a_column_is_turned_over_rather_than_its_matrix() -> None:
    assert shown({"X": "matrix m n", "a": "vector m"}, "X'a", "vec(X)") == "Iₙ ⊗ aᵀ"


def test_a_kronecker_product_is_taken_apart_where_a_number_is_made_of_it() -> None:
    types = {"C": "square n", "D": "square m", "E": "square m", "X": "matrix m n"}
    assert shown(types, "tr(kron(C, D))", "C", "gradient") == "tr(D) Iₙ"
    assert shown(types, "sum(kron(X, D))", "X", "gradient") == "sum(D) ones(m, n)"
    assert shown(types, "‖kron(X, D)‖^2", "X", "gradient") == "2‖D‖²X"
    assert shown(types, "tr(kron(C, D) kron(C, E))", "C", "gradient") == "2tr(D E) Cᵀ"


def test_small_determinants_are_written_out() -> None:
    assert shown({"x": "vector 2", "t": "scalar"}, "det([x_1, t; t, x_2])", "t") == "−2t"
    types = {"Y": "invertible square n"}
    assert shown(types, "det(Y^3)", "Y", "gradient") == "3det(Y)³Y⁻ᵀ"
    assert shown(types, "tr(Y^12)", "Y", "gradient") == "12(Yᵀ)¹¹"


def test_what_is_lacking_is_named() -> None:
    lacks = {
        "tr(C^20)": "a power of a matrix above 12",
        "det([C, x; x', t])": "a matrix of parts",
        "x'kron(C, A) x": "kron",
    }
    types = {"C": "square n", "x": "vector n", "t": "scalar", "A": "square 1"}
    for of, what in lacks.items():
        found = derivation(question(types, of, "C", "gradient"))
        assert isinstance(found, Problem), of
        assert f"‘{what}’" in found.message


def test_a_formula_that_the_judge_rejects_is_not_shown() -> None:
    asked = question({"x": "scalar"}, "x^2", "x")
    assert asked.wrt is not None
    refused = derive_judged(asked.of, asked.wrt, lambda result: False)
    assert isinstance(refused, Problem)
    assert refused.code == "not-proved"
    accepted = derive_judged(asked.of, asked.wrt, lambda result: is_right(asked, result))
    assert not isinstance(accepted, Problem)
    assert show(accepted.result) == "2x"


def test_a_formula_that_is_not_read_is_right_too() -> None:
    asked = question(LOSS, "1/N sum(i, (y_i - max(0, w·x_i + b))^2)", "w")
    assert asked.wrt is not None
    found = formula(asked.of, asked.wrt)
    assert not isinstance(found, Problem)
    assert is_right(asked, found)


def test_the_same_question_has_the_same_derivation_twice() -> None:
    asked = question(LOSS, "sum_i (w·x_i + b - y_i)^2", "w")
    assert asked.wrt is not None
    assert derive(asked.of, asked.wrt) == derive(asked.of, asked.wrt)
