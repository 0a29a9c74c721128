"""The exact numbers prove the relations they are made for, and never one that floats deny."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tutor.marking.exact import Element, Field, TooLarge, Undefined

Matrix = Any
HALF = Fraction(1, 2)


@pytest.fixture
def field() -> Field:
    return Field()


def equal(a: Element | int, b: Element | int) -> bool:
    field = a.field if isinstance(a, Element) else b.field if isinstance(b, Element) else Field()
    return field.is_zero(field.element(a) - b)


# ── rational functions ───────────────────────────────────────────────────────────────────────────────────


def test_polynomials_are_equal_when_expanded(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    assert equal((x + y) ** 3, x**3 + 3 * x * x * y + 3 * x * y * y + y**3)
    assert not equal((x + y) ** 3, x**3 + y**3)


def test_quotients_are_equal_over_any_denominators(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    assert equal((x * x - 1) / (x + 1), x - 1)
    assert equal(1 / x + 1 / y, (x + y) / (x * y))
    assert equal(1 / (x - y) + 1 / (y - x), 0)
    assert not equal(1 / (x - y) - 1 / (y - x), 0)


def test_integers_and_fractions_stand_on_either_side(field: Field) -> None:
    x = field.entry("x")
    assert equal(HALF * x + x / 2, x)
    assert equal(1 - (1 - x), x)
    assert equal(2 / (2 / x), x)
    assert equal(x**-2, 1 / (x * x))


def test_an_array_takes_the_operator_to_its_entries(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    doubled = x * np.array([x, y], dtype=object)
    assert equal(doubled[1], y * x)
    assert equal((np.array([x, y], dtype=object) / x)[0], 1)


def test_a_large_power_of_a_sum_is_compared_without_expanding_it(field: Field) -> None:
    x, a = field.entry("x"), field.entry("a")
    assert equal((x - a) ** 6000, (a - x) ** 6000)
    assert not equal((x - a) ** 5999, (a - x) ** 5999)


def test_the_bound_on_terms_is_named(field: Field) -> None:
    x, y, z = (field.entry(name) for name in "xyz")
    with pytest.raises(TooLarge, match="5000 terms"):
        (x + y + z) ** 1000 + 1


def test_the_bound_on_integers_is_named(field: Field) -> None:
    with pytest.raises(TooLarge, match="20000 bits"):
        field.number(2) ** 10**6


def test_division_by_zero_is_undefined(field: Field) -> None:
    x = field.entry("x")
    with pytest.raises(Undefined, match="division by zero"):
        1 / (x - x)
    root = field.sqrt(x * x + 1)
    with pytest.raises(Undefined):
        1 / (root * root - x * x - 1)


# ── exp and log ──────────────────────────────────────────────────────────────────────────────────────────


def test_exp_of_a_sum_is_a_product(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    assert equal(field.exp(x + 2 * y), field.exp(x) * field.exp(y) ** 2)
    assert equal(field.exp(x / 2) ** 2, field.exp(x))
    assert equal(field.exp(x / 11) ** 11, field.exp(x))
    assert equal(field.exp(-x) * field.exp(x), 1)
    assert equal(field.exp(x + 1), field.e * field.exp(x))


def test_exp_of_a_sum_of_quotients_is_a_product(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    assert equal(field.exp(x / (x + y)) * field.exp(y / (x + y)), field.e)
    assert equal(
        field.exp(field.tanh(x) + field.tanh(y)), field.exp(field.tanh(x)) * field.exp(field.tanh(y))
    )


def test_sigmoid_tanh_and_softplus_are_one_family(field: Field) -> None:
    x = field.entry("x")
    assert equal(field.sigmoid(x), (1 + field.tanh(x / 2)) / 2)
    assert equal(field.sigmoid(-x), 1 - field.sigmoid(x))
    assert equal(1 - field.tanh(x) ** 2, field.sech(x) ** 2)
    assert equal(field.cosh(x) ** 2 - field.sinh(x) ** 2, 1)
    assert equal(field.softplus(x) - field.softplus(-x), x)
    assert equal(field.exp(x - field.softplus(x)), field.sigmoid(x))


def test_log_of_a_product_is_a_sum_where_it_is_defined(field: Field) -> None:
    x, y, p = field.entry("x"), field.entry("y"), field.entry("p", "positive")
    assert equal(field.log(p * p / 8), 2 * field.log(p) - 3 * field.log(field.number(2)))
    assert equal(field.log(x * x), 2 * field.log(field.abs(x)))
    assert equal(field.log(x * y), field.log(field.abs(x)) + field.log(field.abs(y)))
    assert equal(field.log(x * x - 9), field.log(x - 3) + field.log(x + 3))
    assert not equal(field.log(p + 1), field.log(p))


def test_log_and_exp_undo_each_other(field: Field) -> None:
    x = field.entry("x")
    assert equal(field.log(field.exp(x)), x)
    assert equal(field.exp(field.log(x)), x)
    assert equal(field.exp(field.log(x) / 2) ** 2, x)
    assert equal(field.log(field.e), 1)


def test_log_of_what_is_never_positive_is_undefined(field: Field) -> None:
    x = field.entry("x")
    for argument in (x - x, field.number(-1), -x * x):
        with pytest.raises(Undefined):
            field.log(argument)


def test_a_logarithm_outside_its_domain_proves_nothing(field: Field) -> None:
    x = field.entry("x")
    nowhere = field.log(x) + field.log(-x)
    assert not field.is_zero(nowhere - 17)
    assert not field.is_zero(field.positive(x - 1) * field.log(x) - field.log(field.abs(x)))


def test_the_domain_of_a_formula_can_be_asked_for(field: Field) -> None:
    x = field.entry("x")
    assert equal(field.defined(field.log(x)), field.positive(x))
    assert equal(field.defined(field.exp(x)), 1)


# ── powers and roots ─────────────────────────────────────────────────────────────────────────────────────


def test_the_root_of_a_square_is_the_absolute_value(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    assert equal(field.sqrt(x * x), field.abs(x))
    assert not equal(field.sqrt(x * x), x)
    assert equal(field.sqrt((x + y) ** 2), field.abs(x + y))
    assert equal(field.sqrt(x) ** 2, x)


def test_numeric_roots_are_taken_apart_into_primes(field: Field) -> None:
    root = {n: field.sqrt(field.number(n)) for n in (2, 3, 6, 8, 12)}
    assert equal(root[8], 2 * root[2])
    assert equal(root[6], root[2] * root[3])
    assert equal(1 / (root[2] - 1), root[2] + 1)
    assert equal(field.sqrt(field.number(Fraction(2, 3))), root[6] / 3)


def test_numeric_roots_may_stand_in_denominators_of_arguments(field: Field) -> None:
    x, y, two = field.entry("x"), field.entry("y"), field.sqrt(field.number(2))
    assert equal(field.exp((x / two) ** 2), field.exp(x * x / 2))
    assert equal(field.positive(two * x + y), field.positive(x + y / two))
    assert equal(field.erf(x / two), field.erf(two * x / 2))


def test_nested_numeric_roots_are_denested(field: Field) -> None:
    two = field.sqrt(field.number(2))
    assert equal(field.sqrt(11 + 6 * two), 3 + two)
    assert equal(field.sqrt(3 - 2 * two), two - 1)


def test_a_norm_divided_by_its_square_is_its_inverse(field: Field) -> None:
    x = [field.entry(f"x{i}") for i in range(3)]
    square = sum((v * v for v in x), field.zero)
    norm = field.sqrt(square)
    assert equal(norm / square * norm, 1)
    assert equal(field.power(square, field.number(Fraction(-3, 2))), 1 / norm**3)


def test_roots_multiply_where_both_are_defined(field: Field) -> None:
    x, p, q = field.entry("x"), field.entry("p", "positive"), field.entry("q", "positive")
    assert equal(field.sqrt(p) * field.sqrt(q), field.sqrt(p * q))
    assert equal(field.sqrt(x - 3) * field.sqrt(x - 5), field.sqrt((x - 3) * (x - 5)))
    assert equal(field.sqrt(p / q) * field.sqrt(q / p), 1)


def test_odd_roots_of_negative_numbers_are_negative(field: Field) -> None:
    x = field.entry("x")
    third = field.number(Fraction(1, 3))
    assert equal(field.power(field.number(-8), third), -2)
    assert equal(field.power(x**3, third), x)
    assert equal(field.power(x, third) ** 3, x)


def test_powers_with_symbolic_exponents_obey_the_laws(field: Field) -> None:
    p, a, b = field.entry("p", "positive"), field.entry("a"), field.entry("b")
    assert equal(field.power(p, a + b), field.power(p, a) * field.power(p, b))
    assert equal(field.power(field.power(p, a), b), field.power(p, a * b))
    assert equal(field.power(p, a + 1), p * field.power(p, a))
    assert equal(field.power(field.e, a), field.exp(a))
    assert not equal(field.power(p, a), field.power(p, b))


# ── sine and cosine ──────────────────────────────────────────────────────────────────────────────────────


def test_sine_and_cosine_obey_the_addition_formulas(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    sin, cos = field.sin, field.cos
    assert equal(sin(x) ** 2 + cos(x) ** 2, 1)
    assert equal(cos(x + y), cos(x) * cos(y) - sin(x) * sin(y))
    assert not equal(cos(x + y), cos(x) * cos(y) + sin(x) * sin(y))
    assert equal(cos(2 * x), 2 * cos(x) ** 2 - 1)
    assert equal(sin(x / 2) * cos(x), sin(x / 2) / (1 + field.tan(x) * field.tan(x / 2)))
    assert equal(field.sec(x) ** 2 - field.tan(x) ** 2, 1)
    assert equal(field.csc(x) ** 2 - field.cot(x) ** 2, 1)


def test_multiples_of_a_twelfth_of_pi_are_known(field: Field) -> None:
    x, pi = field.entry("x"), field.pi
    assert equal(field.sin(3 * x + pi / 2), field.cos(3 * x))
    assert equal(field.cos(pi / 3), field.number(HALF))
    for k in range(-30, 31):
        tenfold = field.sin(pi * k / 12)
        assert equal(tenfold**2 + field.sin(pi * k / 12 + pi / 2) ** 2, 1)
    assert equal(4 * field.sin(pi / 12), field.sqrt(field.number(6)) - field.sqrt(field.number(2)))


def test_sine_of_a_sine_is_still_real(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    inner = field.sin(x)
    assert equal(field.sin(inner + y), field.sin(inner) * field.cos(y) + field.cos(inner) * field.sin(y))
    assert equal(field.exp(inner + y), field.exp(inner) * field.exp(y))
    assert equal(field.sqrt(1 - inner**2), field.abs(field.cos(x)))


def test_inverse_functions_are_undone(field: Field) -> None:
    x = field.entry("x")
    assert equal(field.sin(field.asin(x)), x)
    assert equal(field.cos(field.acos(x)), x)
    assert equal(field.tan(field.atan(x)), x)
    assert equal(field.asin(-x) + field.asin(x), 0)
    assert equal(field.atan(field.number(HALF)), field.pi / 2 - field.atan(field.number(2)))
    assert equal(field.acos(field.number(HALF)), field.pi / 3)


# ── opaque functions ─────────────────────────────────────────────────────────────────────────────────────


def test_an_opaque_function_is_equal_for_equal_arguments(field: Field) -> None:
    x = field.entry("x")
    assert equal(field.opaque("f", 0, field.sin(x) ** 2), field.opaque("f", 0, 1 - field.cos(x) ** 2))
    assert equal(field.opaque("f", 1, (x + 1) ** 2), field.opaque("f", 1, x * x + 2 * x + 1))
    assert not equal(field.opaque("f", 0, x), field.opaque("f", 1, x))
    assert not equal(field.opaque("f", 0, x), field.opaque("f", 0, -x))
    assert equal(field.erf(-x), -field.erf(x))


def test_an_opaque_function_of_cases_is_taken_case_by_case(field: Field) -> None:
    x = field.entry("x")
    on = field.positive(x)
    f = field.opaque
    assert equal(f("f", 0, field.abs(x)), on * f("f", 0, x) + (1 - on) * f("f", 0, -x))


# ── kinks ────────────────────────────────────────────────────────────────────────────────────────────────


def test_conditions_are_equal_up_to_a_positive_factor(field: Field) -> None:
    x, y, p = field.entry("x"), field.entry("y"), field.entry("p", "positive")
    on = field.positive(x)
    assert equal(field.positive(2 * x), on)
    assert equal(field.positive(x * field.exp(y)), on)
    assert equal(field.positive(x / p), on)
    assert equal(field.positive(x**3), on)
    assert equal(field.positive(-x), 1 - on)
    assert equal(field.positive(field.exp(x) - 1), on)
    assert equal(field.positive(field.tanh(x)), on)
    assert not equal(field.positive(x * y), on)


def test_what_is_known_to_be_positive_has_no_condition(field: Field) -> None:
    x, y, p = field.entry("x"), field.entry("y"), field.entry("p", "positive")
    for a in (p, p + x * x, field.exp(x) + 1, x * x - 2 * x * y + 2 * y * y, field.sqrt(x * x + 1) + x):
        assert equal(field.positive(a), 1)
        assert equal(field.positive(-a), 0)


def test_conditions_on_one_form_are_a_chain(field: Field) -> None:
    x = field.entry("x")
    assert equal(field.positive(x - 1) * field.positive(x - 2), field.positive(x - 2))
    assert equal(field.positive(2 * x - 3) * field.positive(1 - x), 0)
    assert equal(field.positive(x * x - 1), field.positive(field.abs(x) - 1))
    assert not equal(field.positive(x), field.positive(x - Fraction(1, 1000)))


def test_a_product_is_positive_when_its_factors_agree(field: Field) -> None:
    x, y = field.entry("x"), field.entry("y")
    h, k = field.positive(x), field.positive(y)
    assert equal(field.positive(x * y), h * k + (1 - h) * (1 - k))
    assert equal(field.abs(x * x - 4) / (field.abs(x - 2) * field.abs(x + 2)), 1)


def test_maximum_minimum_and_relu_agree(field: Field) -> None:
    x, y, z = (field.entry(name) for name in "xyz")
    assert equal(field.maximum(x, y) + field.minimum(x, y), x + y)
    assert equal(field.relu(x), (x + field.abs(x)) / 2)
    assert equal(field.maximum(field.maximum(x, y), z), field.maximum(x, field.maximum(y, z)))
    assert equal(field.sign(x) * field.abs(x), x)
    assert equal(field.step(x) * field.relu(x), field.relu(x))


def test_a_softmax_may_subtract_the_maximum(field: Field) -> None:
    x = [field.entry(f"x{i}") for i in range(3)]
    top = field.maximum(field.maximum(x[0], x[1]), x[2])
    plain = [field.exp(v) for v in x]
    stable = [field.exp(v - top) for v in x]
    assert equal(plain[0] / sum(plain, field.zero), stable[0] / sum(stable, field.zero))


def test_division_by_an_indicator_is_undefined_where_that_is_zero(field: Field) -> None:
    x = field.entry("x")
    for a, expected in ((field.positive(x), x), (field.relu(x), 1)):
        quotient = x / a
        assert equal(field.defined(quotient), field.positive(x))
        assert equal(field.positive(x) * quotient, field.positive(x) * expected)
        assert not field.is_defined_where(quotient, x)
    with pytest.raises(Undefined):
        x / (field.positive(x) * field.positive(-x))
    assert equal(x / field.abs(x), field.sign(x))


def test_vanishing_is_told_cell_by_cell(field: Field) -> None:
    x = field.entry("x")
    assert equal(field.vanishes(x), 0)
    assert equal(field.vanishes(x - x), 1)
    assert equal(field.vanishes(field.relu(x)), 1 - field.positive(x))


def test_a_form_that_may_be_zero_is_neither_positive_nor_not(field: Field) -> None:
    p = field.entry("p", "positive")
    zero = field.atan(p) + field.atan(1 / p) - field.pi / 2  # 0, which no relation in here says
    assert not equal(field.positive(zero) + field.positive(-zero), 1)
    assert not equal(field.vanishes(zero), 0)


# ── growing and forgetting ───────────────────────────────────────────────────────────────────────────────


def test_a_field_forgets_what_came_after_the_mark(field: Field) -> None:
    x = field.entry("x")
    truth = field.sigmoid(x) * field.relu(x)
    mark = field.mark()
    for _ in range(3):
        size = len(field.generators)
        answer = field.relu(x) / (1 + field.exp(-x))
        field.log(field.exp(x / 11) + field.sqrt(x * x + 7))
        assert equal(truth, answer)
        assert len(field.generators) > size
        field.reset(mark)
        assert len(field.generators) == size
    assert equal(truth, field.sigmoid(x) * field.positive(x) * x)


# ── the ten pairs of the specification ───────────────────────────────────────────────────────────────────


@dataclass
class Pair:
    truth: Matrix
    equals: list[Matrix]
    differs: list[Matrix]


def entries(field: Field, name: str, *shape: int) -> Matrix:
    array = np.empty(shape, dtype=object)
    for index in np.ndindex(*shape):
        array[index] = field.entry(f"{name}{index}")
    return array


def each(function: Callable[[Element], Element], array: Matrix) -> Matrix:
    return np.vectorize(function, otypes=[object])(array)


def identity(field: Field, n: int) -> Matrix:
    return np.array([[field.number(int(i == j)) for j in range(n)] for i in range(n)], dtype=object)


def inverse(X: Matrix) -> Matrix:
    """A 3×3 inverse by cofactors."""
    cofactors = np.empty((3, 3), dtype=object)
    for i in range(3):
        for j in range(3):
            (a, b), (c, d) = ([k for k in range(3) if k != s] for s in (i, j))
            cofactors[i, j] = (-1) ** (i + j) * (X[a, c] * X[b, d] - X[a, d] * X[b, c])
    return cofactors.T / (X[0] @ cofactors[0])


def neuron(field: Field) -> Pair:
    w, x, b = entries(field, "w", 3), entries(field, "x", 3), field.entry("b")
    z = w @ x + b
    return Pair(
        field.positive(z) * x,
        [x * field.step(2 * z), x - x * field.positive(-z)],
        [x, x * field.positive(z - Fraction(1, 1000))],
    )


def loss(field: Field) -> Pair:
    X, w, b, y = entries(field, "x", 2, 3), entries(field, "w", 3), field.entry("b"), entries(field, "y", 2)
    z = X @ w + b
    error = each(field.relu, z) - y
    return Pair(
        sum(-2 * (y[i] - field.maximum(field.zero, z[i])) * field.positive(z[i]) * X[i] for i in range(2))
        / 2,
        [
            sum(field.positive(z[i]) * (z[i] - y[i]) * X[i] for i in range(2)),
            X.T @ (error * each(field.step, z)),
        ],
        [X.T @ error, 2 * X.T @ (error * each(field.step, z))],
    )


def softmax(field: Field) -> Pair:
    x, unit = entries(field, "x", 3), identity(field, 3)
    grown = each(field.exp, x)
    total = sum(grown)
    p = grown / total
    shifted = each(field.exp, x - x[0])
    q = shifted / sum(shifted)
    return Pair(
        unit * p - np.outer(p, p),
        [(unit * grown * total - np.outer(grown, grown)) / total**2, unit * q - np.outer(q, p)],
        [unit * p, unit * p + np.outer(p, p)],
    )


def quadratic_form(field: Field) -> Pair:
    A, x = entries(field, "A", 3, 3), entries(field, "x", 3)
    return Pair(x @ (A + A.T), [x @ A + x @ A.T, (A + A.T) @ x], [2 * (x @ A), 2 * (A @ x)])


def transposed_inverse(field: Field) -> Pair:
    X = entries(field, "X", 3, 3)
    V = inverse(X)
    return Pair(V.T, [inverse(X.T), V.T @ X.T @ V.T], [V, -V.T])


def unit_vector(field: Field) -> Pair:
    x, unit = entries(field, "x", 3), identity(field, 3)
    square = x @ x
    norm = field.sqrt(square)
    return Pair(
        unit / norm - np.outer(x, x) / norm**3,
        [
            (unit - np.outer(x, x) / square) / norm,
            (unit * square - np.outer(x, x)) * field.power(square, -3 * field.one / 2),
        ],
        [unit / norm, unit / norm - np.outer(x, x) / square],
    )


def network(field: Field) -> Pair:
    W, x, b = entries(field, "W", 2, 3), entries(field, "x", 3), entries(field, "b", 2)
    v, c = entries(field, "v", 2), field.entry("c")
    z = W @ x + b
    a = each(field.tanh, z)
    u = v @ a + c
    s = field.sigmoid(u)
    return Pair(
        np.outer(s * (1 - s) * v * (1 - a * a), x),
        [
            np.outer(v * each(field.sech, z) ** 2 * field.sigmoid(u) * field.sigmoid(-u), x),
            np.outer(v / each(field.cosh, z) ** 2 * field.exp(-u) / (1 + field.exp(-u)) ** 2, x),
        ],
        [np.outer(s * v * (1 - a * a), x), np.outer(s * (1 - s) * v * (1 - a), x)],
    )


def logistic(field: Field) -> Pair:
    X, w, y = entries(field, "X", 2, 3), entries(field, "w", 3), entries(field, "y", 2)
    s = each(field.sigmoid, X @ w)
    return Pair(
        X.T @ (s - y),
        [X.T @ (s * (1 - y) - y * (1 - s)), X.T @ (1 / (1 + each(field.exp, -(X @ w))) - y)],
        [X.T @ (y - s), X.T @ (s * (1 - s) * (s - y))],
    )


def trace(field: Field) -> Pair:
    A, X, B, C = (
        entries(field, name, *shape)
        for name, shape in zip("AXBC", [(2, 3), (3, 2), (2, 2), (3, 2)], strict=True)
    )
    return Pair(
        A.T @ C.T @ X @ B.T + C @ A @ X @ B,
        [(B @ X.T @ C @ A + B.T @ X.T @ A.T @ C.T).T],
        [2 * C @ A @ X @ B, A.T @ C.T @ X @ B + C @ A @ X @ B],
    )


def layer_norm(field: Field) -> Pair:
    x, small, unit = entries(field, "x", 3), field.entry("ε", "positive"), identity(field, 3)
    centred = x - sum(x) / 3
    variance = centred @ centred / 3
    s = field.sqrt(variance + small)
    y = centred / s
    other = field.sqrt(x @ x / 3 - (sum(x) / 3) ** 2 + small)
    return Pair(
        (unit - Fraction(1, 3) - np.outer(y, y) / 3) / s,
        [(unit - Fraction(1, 3)) / other - np.outer(centred, centred) / (3 * (variance + small) * other)],
        [(unit - Fraction(1, 3)) / s, (unit - np.outer(y, y) / 3) / s],
    )


PAIRS = [
    neuron, loss, softmax, quadratic_form, transposed_inverse, unit_vector, network, logistic, trace, layer_norm
]  # fmt: skip


@pytest.mark.parametrize("make", PAIRS)
def test_equal_gradients_are_proved_and_unequal_ones_are_not(
    make: Callable[[Field], Pair], field: Field
) -> None:
    pair = make(field)
    for answer in pair.equals:
        assert all(field.is_zero(entry) for entry in np.ravel(pair.truth - answer))
    for answer in pair.differs:
        assert not all(field.is_zero(entry) for entry in np.ravel(pair.truth - answer))


# ── against floats ───────────────────────────────────────────────────────────────────────────────────────

Floats = NDArray[np.float64]
POINTS = 50


@dataclass
class Both:
    """One formula, in exact numbers and in floats, which are computed apart."""

    exact: Element
    floats: Floats
    text: str


def _root(x: Floats) -> Floats:
    return np.where(x >= 0, np.sqrt(np.abs(x)), np.nan)


def _log(x: Floats) -> Floats:
    return np.where(x > 0, np.log(np.abs(x)), np.nan)


def _inside(function: Callable[[Floats], Floats]) -> Callable[[Floats], Floats]:
    return lambda x: np.where(np.abs(x) <= 1, function(np.clip(x, -1, 1)), np.nan)


FUNCTIONS: dict[str, Callable[[Floats], Floats]] = {
    "exp": np.exp,
    "log": _log,
    "sqrt": _root,
    "sin": np.sin,
    "cos": np.cos,
    "tan": np.tan,
    "sinh": np.sinh,
    "tanh": np.tanh,
    "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softplus": lambda x: np.log1p(np.exp(x)),
    "abs": np.abs,
    "sign": np.sign,
    "relu": lambda x: np.maximum(x, 0),
    "step": lambda x: np.where(np.isnan(x), np.nan, x > 0),
    "asin": _inside(np.arcsin),
    "acos": _inside(np.arccos),
    "atan": np.arctan,
    "erf": lambda x: np.array([math.erf(v) if math.isfinite(v) else math.nan for v in x]),
}


class Garden:
    """Grows random formulas over two real letters and a positive one."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.field = Field(1500)
        draw = np.random.default_rng(seed)
        self.letters = [
            Both(self.field.entry("x"), draw.uniform(-3, 3, POINTS), "x"),
            Both(self.field.entry("y"), draw.uniform(-3, 3, POINTS), "y"),
            Both(self.field.entry("p", "positive"), draw.uniform(0.1, 3, POINTS), "p"),
        ]

    def leaf(self) -> Both:
        if self.dice.random() < 0.7:
            return self.dice.choice(self.letters)
        q = Fraction(self.dice.choice([1, 2, 3, -1, -2]), self.dice.choice([1, 1, 2, 3]))
        return Both(self.field.number(q), np.full(POINTS, float(q)), str(q))

    def grow(self, depth: int) -> Both:
        if depth == 0 or self.dice.random() < 0.15:
            return self.leaf()
        if self.dice.random() < 0.5:
            name = self.dice.choice(sorted(FUNCTIONS))
            a = self.grow(depth - 1)
            floats = np.where(np.isnan(a.floats), np.nan, FUNCTIONS[name](a.floats))
            return Both(getattr(self.field, name)(a.exact), floats, f"{name}({a.text})")
        return self.pair(self.grow(depth - 1), self.grow(depth - 1), self.dice.choice("+-*/^M?"))

    def pair(self, a: Both, b: Both, operator: str) -> Both:
        text = f"({a.text} {operator} {b.text})"
        if operator == "+":
            return Both(a.exact + b.exact, a.floats + b.floats, text)
        if operator == "-":
            return Both(a.exact - b.exact, a.floats - b.floats, text)
        if operator == "*":
            return Both(a.exact * b.exact, a.floats * b.floats, text)
        if operator == "/":
            return Both(a.exact / b.exact, a.floats / b.floats, text)
        if operator == "M":
            return Both(self.field.maximum(a.exact, b.exact), np.maximum(a.floats, b.floats), text)
        if operator == "?":
            c = self.leaf()
            on = self.field.positive(c.exact)
            floats = np.where(c.floats > 0, a.floats, b.floats)
            return Both(
                on * a.exact + (1 - on) * b.exact, floats, f"({a.text} if {c.text} > 0 else {b.text})"
            )
        n = self.dice.choice([-2, -1, 2, 3])
        return Both(a.exact**n, a.floats**n, f"{a.text}^{n}")

    def several(self, count: int) -> list[Both]:
        grown: list[Both] = []
        while len(grown) < count:
            try:
                a = self.grow(self.dice.choice([1, 2, 2, 3]))
                grown.append(a)
                grown.append(self.disguised(a))
            except (TooLarge, Undefined):
                continue
        return grown

    def disguised(self, a: Both) -> Both:
        """A formula that is equal to a, or to |a|."""
        field, e, v = self.field, a.exact, a.floats
        choices: list[Callable[[], Both]] = [
            lambda: Both(field.sqrt(e * e), np.abs(v), f"√({a.text})²"),
            lambda: Both(field.relu(e) - field.relu(-e), v, f"relu-({a.text})"),
            lambda: Both(field.exp(field.log(e)), np.where(v > 0, v, np.nan), f"exp log {a.text}"),
            lambda: Both(field.maximum(e, -e), np.abs(v), f"max±({a.text})"),
            lambda: Both(field.power(e**3, field.number(Fraction(1, 3))), v, f"∛({a.text})³"),
        ]
        return self.dice.choice(choices)()


def clearly_different(a: Floats, b: Floats) -> bool:
    known = np.isfinite(a) & np.isfinite(b)
    return bool((np.abs(a - b)[known] > 1e-6 * (1 + np.abs(a) + np.abs(b))[known]).any())


@pytest.mark.parametrize("seed", range(8))
def test_nothing_is_proved_that_floats_deny(seed: int) -> None:
    garden = Garden(seed)
    proved = 0
    with np.errstate(all="ignore"):
        grown = garden.several(60)
        for i, a in enumerate(grown):
            for b in grown[:i]:
                try:
                    zero = garden.field.is_zero(a.exact - b.exact)
                except (TooLarge, Undefined):
                    continue
                proved += zero
                assert not (zero and clearly_different(a.floats, b.floats)), f"{a.text} = {b.text}"
    assert proved >= 15


@pytest.mark.parametrize("seed", range(8))
def test_a_small_change_is_never_proved_to_be_none(seed: int) -> None:
    garden = Garden(100 + seed)
    small = Fraction(1, 1000)
    with np.errstate(all="ignore"):
        for a in garden.several(80):
            if not np.isfinite(a.floats).any():
                continue  # defined nowhere: any equality about it is empty
            assert not garden.field.is_zero(a.exact + small - a.exact), a.text
            assert not garden.field.is_zero(a.exact * (1 + small) - a.exact) or not np.nanmax(
                np.abs(a.floats)
            )
