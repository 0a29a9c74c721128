"""Names that stand for numbers: the number is put in their place, and arithmetic that it completes is done."""

from __future__ import annotations

import pytest

from tutor.language.expr import Expr
from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.language.show import show
from tutor.problem import Problem

VARIABLES = {"b": "scalar", "x": "vector k", "A": "square k", "y": "vector n"}
NUMBERS = {"k": "5", "c": "1/2", "m": "-3"}


def scope() -> Scope:
    made = Scope.declare(VARIABLES, {"z": "k b"}, numbers=NUMBERS)
    assert isinstance(made, Scope)
    return made


def shown(text: str) -> str:
    found = read(text, scope())
    assert isinstance(found, Expr), found
    return show(found)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("b^k", "b⁵"), ("k b^(k-1)", "5b⁴"), ("c k b", "5/2 b"), ("kb", "5b"), ("y_k", "y₅"), ("b - m", "b − (−3)"),
        ("sum_i y_i^k", "Σᵢ yᵢ⁵"), ("[3k, 4k]", "[15, 20]"), ("k*(k-1)*b", "20b"), ("m^2", "9"), ("(k+1)/2", "3"),
        ("b^m", "b⁻³"), ("1/(k b)", "1/(5b)"), ("ones(k)", "ones(5)"),
    ],
)  # fmt: skip
def test_a_number_stands_in_place_of_its_name(text: str, number: str) -> None:
    assert shown(text) == shown(number)
    assert "k" not in shown(text)


def test_arithmetic_of_the_learner_is_left_as_it_is() -> None:
    assert shown("2*3 b + k b") == "2(3b) + 5b"


def test_a_type_may_have_a_drawn_size() -> None:
    assert str(scope().variables["A"].shape) == "5×5"


def test_a_definition_sees_the_number() -> None:
    assert show(scope().definitions["z"].body) == "5b"


@pytest.mark.parametrize("number", ["", "x", "1e9", "2..9", "1/0x", "1+1"])
def test_what_is_no_number_is_refused(number: str) -> None:
    assert isinstance(Scope.declare({}, {}, numbers={"k": number}), Problem)


def test_a_number_cannot_have_the_name_of_a_variable() -> None:
    assert isinstance(Scope.declare({"k": "scalar"}, {}, numbers={"k": "2"}), Problem)
