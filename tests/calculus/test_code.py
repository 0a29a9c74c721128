"""The NumPy code of a derivation is run: its derivative must be that of its value."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tutor.calculus.code import numpy_function
from tutor.language.numpy_code import TEXTS
from tutor.language.operations import OPERATIONS
from tutor.marking.question import Question
from tutor.problem import Problem

from ..marking.rows import files, questions
from .identities import IDENTITIES, Identity
from .numerically import agrees
from .questions import derivation, question

BY = {"derivative", "gradient", "hessian", "entry"}
NEURON = {"w": "vector n", "x": "vector n", "b": "scalar"}


def code(types: Mapping[str, str], of: str, wrt: str, kind: str = "derivative") -> str:
    asked = question(types, of, wrt, kind)
    found = derivation(asked)
    assert not isinstance(found, Problem), found.message
    text = numpy_function(found, asked.scope)
    assert isinstance(text, str)
    assert agrees(asked, text), text
    return text


def test_every_operation_has_its_code() -> None:
    assert set(TEXTS) == set(OPERATIONS)


ROWS = [
    pytest.param(asked, id=name)
    for path in files()
    for name, asked, _ in questions(path)
    if BY & set(asked["ask"]) and not asked.get("allow_derivatives")
]


@pytest.mark.parametrize("asked", ROWS)
def test_the_code_of_a_row_agrees_with_finite_differences(asked: Mapping[str, object]) -> None:
    _agrees(asked)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda i: f"{i.source}: {i.kind} of {i.of} by {i.wrt}")
def test_the_code_of_an_identity_agrees_with_finite_differences(identity: Identity) -> None:
    _agrees(identity.request)


def _agrees(request: Mapping[str, object]) -> None:
    asked = Question.from_request(request)
    assert not isinstance(asked, Problem)
    found = derivation(asked)
    if isinstance(found, Problem):
        assert found.code == "no-form"  # it says what is lacking
        return
    text = numpy_function(found, asked.scope)
    assert isinstance(text, str)
    assert agrees(asked, text), text


def test_a_wrong_derivative_is_seen() -> None:
    asked = question(NEURON, "exp(w·x)", "w")
    text = code(NEURON, "exp(w·x)", "w")
    assert agrees(asked, text.replace("derivative = ", "derivative = 2 * ")) is False
    assert agrees(asked, text.replace("derivative = ", "derivative = 0 * ")) is False


def test_vectors_have_one_axis_and_items_come_first() -> None:
    types = {"w": "vector n", "x": "list N of vector n", "y": "list N of scalar"}
    text = code(types, "1/N sum_i (y_i - w·x_i)^2", "w", "gradient")
    assert "def value_and_gradient(w, x, y):" in text
    assert "x: an array (N, n)" in text
    assert "N = len(x)" in text
    assert "w @ x[i]" in text


def test_a_product_of_a_column_and_a_row_is_an_outer_product() -> None:
    assert "np.outer(" in code({"x": "vector n"}, "softmax(x)", "x")


def test_names_that_python_keeps_get_an_underscore() -> None:
    text = code({"lambda": "scalar", "len": "vector n", "is": "vector n"}, "lambda len·is", "len")
    assert "def value_and_derivative(λ, len_, is_):" in text


def test_a_declared_function_is_passed_with_its_slopes() -> None:
    text = code({"g": "function", "x": "vector n"}, "sum(g(x))", "x", "hessian")
    assert "def value_and_hessian(g, d2g, x):" in text


def test_a_size_that_no_array_tells_is_passed() -> None:
    text = code({"x": "scalar", "c": "vector n"}, "n x^2", "x")
    assert "def value_and_derivative(x, n):" in text


def test_a_defined_name_is_worked_out_once_unless_it_is_the_variable() -> None:
    define = {"z": "w·x + b"}
    by_w, by_z = question(NEURON, "max(0, z)", "w", define=define), question(NEURON, "max(0, z)", "z", define=define)
    for asked, line in ((by_w, "    z = w @ x + b"), (by_z, "def value_and_derivative(z):")):
        found = derivation(asked)
        assert not isinstance(found, Problem)
        text = numpy_function(found, asked.scope)
        assert isinstance(text, str)
        assert line in text.split("\n")
        assert agrees(asked, text)
