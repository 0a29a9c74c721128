"""Every row of the rules table, held against the truth; the truth knows no rule."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.calculus.rule import Rule
from tutor.calculus.rules import RULES, bent
from tutor.language.operations import OPERATIONS
from tutor.language.shape import SCALAR, Dim, Shape, Sizes
from tutor.problem import Problem

from .questions import asking, derivation, derived, is_right, question

_N, _M, _K = Dim.of("n"), Dim.of("m"), Dim.of("k")
_SHAPES = {
    "scalar": SCALAR, "vector n": Shape(_N, SCALAR.rows), "vector m": Shape(_M, SCALAR.rows),
    "row n": Shape(SCALAR.rows, _N), "matrix m n": Shape(_M, _N), "matrix n k": Shape(_N, _K),
    "square n": Shape(_N, _N),
}  # fmt: skip
# Rows of what is no operation of the table by that name: how they are written here.
_WRITTEN = {"f": "f(a)", "squared norm": "‖a‖^2", "norm1": "norm(a, 1)", "largest": "max(a)", "smallest": "min(a)"}
_DOMAIN = {"log": "positive", "sqrt": "positive", "norm": "nonzero", "prod": "nonzero", "power": "positive",
           "powers": "positive", "over": "nonzero", "divide": "nonzero", "inverse": "invertible",
           "det": "invertible", "logdet": "invertible"}  # fmt: skip


def _texts(rule: Rule) -> list[tuple[dict[str, str], str]]:
    """The row's operation at every choice of shapes that it takes."""
    name = rule.operation
    if name in {"f", "squared norm"}:
        names = ["scalar", "vector n", "row n", "matrix m n"] if name == "f" else ["vector n", "matrix m n"]
        return [({"a": shape, "f": "function"}, _WRITTEN[name]) for shape in names]
    operation = OPERATIONS[name]
    quality = _DOMAIN.get(name, "")
    found = []
    for first in _SHAPES:
        for second in _SHAPES if operation.arity[1] == 2 else ("",):
            shapes = [_SHAPES[s] for s in (first, second) if s]
            if isinstance(operation.shape(Sizes(), shapes), str):
                continue
            if quality == "invertible" and first != "square n":
                continue
            types = {"a": f"{quality} {first}".strip(), "b": f"{quality} {second}".strip()}
            found.append((types if second else {"a": types["a"]}, _text(name)))
    return found


def _text(name: str) -> str:
    operation = OPERATIONS[name]
    signs = {"dot": "dot(a, b)", "hadamard": "a .* b", "over": "a ./ b", "kron": "kron(a, b)", "divide": "a/b",
             "power": "a^b", "powers": "a.^b", "transpose": "a'", "times": "a b", "add": "a + b", "subtract": "a - b",
             "negative": "-a", "norm": "norm(a)", "abs": "abs(a)", **_WRITTEN}  # fmt: skip
    if name in signs:
        return signs[name]
    if operation.is_condition:
        sign = {"gt": "[a > b]", "lt": "[a < b]", "ge": "[a >= b]", "le": "[a <= b]", "eq": "[a = b]", "ne": "[a != b]",
                "and": "[a > 0 and b > 0]", "or": "[a > 0 or b > 0]", "not": "[not a > 0]"}  # fmt: skip
        return sign[name]
    return f"{operation.spellings[0]}({', '.join('ab'[: operation.arity[1]])})"



_ROWS = [rule for rule in RULES.values() if rule.operation not in {"delta", "and", "or", "not", "squared norm"}]


@pytest.mark.parametrize("rule", _ROWS, ids=lambda rule: f"{rule.operation}-{rule.argument}")
def test_a_row_gives_the_true_derivative_at_every_shape(rule: Rule) -> None:
    wrt = "ab"[rule.argument - 1]
    proved = 0
    for types, text in _texts(rule):
        if wrt not in types:
            continue
        for kind, of in (("gradient", f"sum({text})"), ("gradient", f"sum(exp({text}))"), ("derivative", text)):
            asked = asking(types, of, wrt, kind)
            if isinstance(asked, Problem):
                continue  # no such question: more than two axes, or a comparison of matrices
            found = derivation(asked)
            if isinstance(found, Problem):
                assert found.code == "no-form", found
                continue
            assert is_right(asked, found.result), (types, of, wrt, found.result)
            proved += 1
    assert proved


def test_the_square_of_a_norm_has_a_derivative_at_0_too() -> None:
    for shape in ("vector n", "matrix m n"):
        asked = question({"a": shape}, "‖a‖^2", "a", "gradient")
        assert is_right(asked, derived(asked).result)


def test_every_operation_has_a_row_for_each_argument() -> None:
    wanted = {(name, k + 1) for name, row in OPERATIONS.items() for k in range(row.arity[1])}
    assert wanted - RULES.keys() == set()


def test_every_row_is_about_an_operation() -> None:
    assert {rule.operation for rule in RULES.values()} - OPERATIONS.keys() == {"f", "squared norm"}


@pytest.mark.parametrize("rule", list(RULES.values()), ids=lambda rule: f"{rule.operation}-{rule.argument}")
def test_a_row_says_a_sentence_and_names_its_source(rule: Rule) -> None:
    assert rule.sentence.endswith(".")
    assert rule.source
    assert not rule.formula or rule.template is not None


def test_a_bent_row_bends_the_derivative() -> None:
    wrong = replace(RULES["log", 1], formula="d")
    asked = question({"x": "positive scalar"}, "x log(x)", "x")
    found = derived(asked, bent(RULES, wrong))
    assert not is_right(asked, found.result)
    assert is_right(asked, derived(asked).result)


def test_without_a_row_the_problem_names_the_operation() -> None:
    rules = {key: rule for key, rule in RULES.items() if key != ("erf", 1)}
    found = derivation(question({"x": "scalar"}, "erf(x)", "x"), rules)
    assert isinstance(found, Problem)
    assert found.code == "no-rule"
    assert "erf" in found.message
