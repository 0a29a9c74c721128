"""What is shown can be read back, and nothing that is typed can break the reader."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.language.expr import Expr
from tutor.language.read import read
from tutor.language.show import show
from tutor.language.typeset import latex, typeset
from tutor.problem import Problem

from .expressions import SCOPE, of_tokens, scope_of, well_shaped


def meaning(text: str) -> Expr:
    expr = read(text, SCOPE)
    assert not isinstance(expr, Problem), f"{text!r}: {expr.message}"
    return expr


@given(well_shaped())
def test_what_is_shown_reads_back_as_the_same_tree(text: str) -> None:
    expr = meaning(text)
    assert read(show(expr, SCOPE), SCOPE) == expr


@given(well_shaped())
def test_latex_reads_back_as_the_same_tree(text: str) -> None:
    expr = meaning(text)
    assert read(latex(expr, SCOPE), SCOPE) == expr


@given(of_tokens())
def test_whatever_can_be_read_reads_back(text: str) -> None:
    expr = read(text, SCOPE)
    if isinstance(expr, Expr):
        assert read(show(expr, SCOPE), SCOPE) == expr
        assert read(latex(expr, SCOPE), SCOPE) == expr


@given(st.one_of(st.text(max_size=60), of_tokens(40), st.text(alphabet="([{|‖<x_^'+-*/·if else;,}])", max_size=60)))
def test_no_text_makes_reading_raise(text: str) -> None:
    found = read(text, SCOPE)
    assert isinstance(found, Expr | Problem)
    if isinstance(found, Problem):
        assert found.message
        assert found.span is not None
        assert 0 <= found.span.start <= found.span.end <= len(text)


@given(well_shaped(), st.integers(0, 60))
def test_a_block_has_lines_of_one_width_and_no_control_characters(text: str, width: int) -> None:
    expr = meaning(text)
    for block in (typeset(expr), typeset(expr, width), typeset(expr, ascii=True)):
        assert 0 <= block.baseline < block.height
        assert {len(line) for line in block.lines} == {block.width}
        assert not [c for line in block.lines for c in line if unicodedata.category(c).startswith("C")]


@given(well_shaped())
def test_an_ascii_block_is_ascii(text: str) -> None:
    assert str(typeset(meaning(text), ascii=True)).isascii()


@pytest.mark.parametrize(
    "text",
    [
        "(" * 2000 + "x" + ")" * 2000,
        "[" * 100 + "x" + "]" * 100,
        "x[" * 40 + "a > 0" + "]" * 40,
        "-" * 3000 + "x",
        "not " * 900 + "a > 0",
        "x" + "'" * 3000,
        "a" + "^a" * 1500,
        "sum_i " * 600 + "x_i",
        "√" * 3000 + "a",
        "a if z > 0 else " * 200 + "b",
        "if(z > 0, a, " * 200 + "b" + ")" * 200,
        "\\frac{" * 500,
        "\\begin{bmatrix}" * 200,
        "a+" * 1500 + "a",
        "w·x " * 800,
        "a/b" * 300,
        "1/Nx' " * 300,
        "|" * 3000,
        "∂" * 900 + "a/∂z",
        "9" * 3000,
        "9^9^9^9^9^9",
        "1e400^1e400",
        "ones(" * 300,
        "x_{" * 300,
        "A^999999999999",
        "\x00\x1b[31mx\x07",
        "x" * 5000,
    ],
    ids=lambda text: text[:12].encode("unicode_escape").decode(),
)
def test_deep_long_and_huge_texts_are_refused_with_a_bound_or_read(text: str) -> None:
    found = read(text, SCOPE)
    assert isinstance(found, Expr) or found.message


def test_the_longest_sums_and_products_read_back() -> None:
    for text in (" + ".join("x" * 150), " ".join("a" * 300), "(" + " + ".join("a" * 120) + ")" + " + b" * 100):
        expr = meaning(text)
        assert show(meaning(show(expr))) == show(expr)


def test_names_that_shadow_signs_are_shown_so_that_they_read_back() -> None:
    scope = scope_of({"σ": "positive scalar", "Σ": "square n", "I": "square n", "δ": "vector n", "x": "vector n",
                      "x1": "scalar", "z": "scalar"})  # fmt: skip
    for text in ("sigmoid(z)", "sum_i x_i", "Σ x", "∑_i x_i δ_i", "eye(n) x", "I x", "(x)_1 + x1", "σ z"):
        expr = read(text, scope)
        assert isinstance(expr, Expr), text
        assert read(show(expr, scope), scope) == expr
        assert read(latex(expr, scope), scope) == expr
