"""How expressions look: as a person would write them, with no parentheses more than reading needs."""

from __future__ import annotations

from fractions import Fraction

import pytest

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import OPERATIONS
from tutor.language.read import read
from tutor.language.shape import ONE, Dim, Shape
from tutor.language.show import show
from tutor.language.typeset import latex, typeset
from tutor.problem import Problem

from .expressions import scope_of

SCOPE = scope_of(
    {"w": "vector n", "x": "vector n", "y": "vector m", "b": "scalar", "c": "scalar", "z": "scalar", "λ": "scalar",
     "A": "matrix m n", "X": "matrix N n", "r": "vector N", "S": "square n", "f": "function", "W1": "matrix m n",
     "xs": "list K of vector n", "w_new": "vector n"},
    {"a": "max(0, z)"},
)  # fmt: skip


def meaning(text: str) -> Expr:
    expr = read(text, SCOPE)
    assert not isinstance(expr, Problem), f"{text!r}: {expr.message}"
    return expr


LINES = {
    "w'x + b": "wᵀx + b",
    "dot(w, x) + b": "w·x + b",
    "2x'A'": "2xᵀAᵀ",
    "-x^T": "−xᵀ",
    "-2/N X' r": "−2/N Xᵀr",
    "2/N X'(X w - r)": "2/N Xᵀ(X w − r)",
    "(2/N) X' r": "(2/N) Xᵀr",
    "x' if z > 0 else 0": "xᵀ if z > 0 else 0",
    "if(z > 0, x', 0)": "xᵀ if z > 0 else 0",
    "{x' if z > 0; w' if z < 0}": "{xᵀ if z > 0; wᵀ if z < 0}",
    "1(z >= 0) x'": "[z ≥ 0] xᵀ",
    "sum(i, w_i x_i)": "Σᵢ wᵢ xᵢ",
    "sum_{i=1}^n x_i^2": "Σᵢ xᵢ²",
    "sum_{i=2}^{n+1} i": "Σ_{i=2}^{n + 1} i",
    "(sum_i x_i)^2": "(Σᵢ xᵢ)²",
    "inv(S)' x": "S⁻ᵀx",
    "S^-2": "S⁻²",
    "x .* w ./ x": "(x ⊙ w) ⊘ x",
    "x.^2": "x.^2",
    "kron(S, A)": "S ⊗ A",
    "outer(w, x)": "outer(w, x)",
    "exp(b)^2 + e^2": "exp(b)² + exp(2)",
    "sqrt(c) + sqrt(b + c)": "√c + sqrt(b + c)",
    "b^c + b^n + b^(c+1)": "b^c + bⁿ + b^(c + 1)",
    "0.10 b": "0.1b",
    "b - (c - z)": "b − (c − z)",
    "b + -2": "b + (−2)",
    "-(-b)": "−(−b)",
    "b*2": "b·2",
    "-2*x": "−2·x",
    "(-b) c": "(−b) c",
    "norm(x)^2/2": "‖x‖²/2",
    "norm(abs(x)) + abs(abs(b) - c)": "‖|x|‖ + abs(|b| − c)",
    "f'(z) sigmoid'(z)": "f'(z) σ'(z)",
    "W_1' y": "W₁ᵀy",
    "sum_i W_1[2, i]": "Σᵢ W1₂ᵢ",
    "w_new' x": "w_newᵀx",
    "sum_k xs_k2": "Σₖ xsₖ₂",
    "A_12 + A_{3,10}": "A₁₂ + A_{3,10}",
    "I_n x + eye(n) x": "Iₙ x + Iₙ x",
    "1'x": "𝟏ₙᵀx",
    "zeros(m, n) x": "zeros(m, n) x",
    "unit(2, n)": "unit(2, n)",
    "[b, c; 0, 1]": "[b, c; 0, 1]",
    "[A, 0; 0, S]": "[A, 0; 0, S]",
    "max(b, c, 0)": "max(b, c, 0)",
    "2 w·x x'": "2(w·x) xᵀ",
    "(b/sum_i x_i) (b c)": "(b/Σᵢ xᵢ) (b c)",
    "[b = c and not z > 0]": "[b = c and not z > 0]",
    "D(a, z) D(z, b)": "∂a/∂z ∂z/∂b",
    "∇_w (w·x)": "∇_w (w·x)",
    "\\frac{b}{c + 1} x": "b/(c + 1) x",
}  # fmt: skip


@pytest.mark.parametrize("text", LINES)
def test_a_line_looks_as_a_person_writes_it(text: str) -> None:
    expr = meaning(text)
    assert show(expr) == LINES[text]
    assert meaning(show(expr)) == expr


def test_a_third_is_shown_as_a_quotient() -> None:
    assert show(e.Number(Fraction(1, 3))) == "1/3"
    assert show(e.Number(Fraction(-5, 4))) == "−1.25"


def test_a_zero_of_a_shape_says_its_shape() -> None:
    assert show(e.Filled("zeros", shape=Shape(ONE, Dim.of("n")))) == "zeros(1, n)"


def test_every_row_of_the_table_can_be_shown_and_typeset() -> None:
    operands = [meaning("x"), meaning("w")]
    for row in OPERATIONS.values():
        expr = e.Apply(row, tuple(operands[: row.arity[0]]), shape=operands[0].shape)
        assert show(expr)
        assert typeset(expr).width
        assert latex(expr)


BLOCKS = {
    "b/(c + 1) x": [
        "  b    ",
        "───── x",
        "c + 1  ",
    ],
    "2/N X'r": [
        "2    ",
        "─ Xᵀr",
        "N    ",
    ],
    "-(b/c)": [
        "  b",
        "− ─",
        "  c",
    ],
    "sum_i w_i x_i": [
        " n       ",
        " Σ  wᵢ xᵢ",
        "i=1      ",
    ],
    "x' if z > 0 else 0": [
        "⎧ xᵀ   z > 0    ",
        "⎨               ",
        "⎩ 0    otherwise",
    ],
    "x if z > 0 else w if z < 0 else 0": [
        "⎧ x   z > 0    ",
        "⎨ w   z < 0    ",
        "⎩ 0   otherwise",
    ],
    "[b, c; 10, z]": [
        "⎡b   c⎤",
        "⎣10  z⎦",
    ],
    "(b/c)^2": [
        "⎛b⎞²",
        "⎜─⎟ ",
        "⎝c⎠ ",
    ],
    "(b/c)/(1 + z/2)": [
        "  b  ",
        "  ─  ",
        "  c  ",
        "─────",
        "    z",
        "1 + ─",
        "    2",
    ],
    "sqrt(b + c)": [
        " _____",
        "√b + c",
    ],
    "b^(c + z)": [
        " c + z",
        "b     ",
    ],
    "b^(n + 1) x_2": ["bⁿ⁺¹ x₂"],
    "∂a/∂z ∂z/∂b": [
        "∂a ∂z",
        "── ──",
        "∂z ∂b",
    ],
    "‖x/b‖": [
        "‖x‖",
        "‖─‖",
        "‖b‖",
    ],
}  # fmt: skip


@pytest.mark.parametrize("text", BLOCKS)
def test_a_block_looks_as_on_a_blackboard(text: str) -> None:
    assert list(typeset(meaning(text)).lines) == BLOCKS[text]


def test_a_block_that_is_too_wide_becomes_a_line() -> None:
    expr = meaning("(b + c)/(c + z) + sum_i x_i")
    assert typeset(expr, 80).height == 3
    assert typeset(expr, 10).lines == (show(expr),)


def test_a_block_in_ascii_has_words_for_signs() -> None:
    assert str(typeset(meaning("λ x' .* w'"), ascii=True)) == "(lambda x') .* w'"
    assert typeset(meaning("sum_i x_i^2"), ascii=True).lines == (" n       ", "sum x_i^2", "i=1      ")


LATEX = {
    "2/N X'r": r"\frac{2}{N} \left(X^{\top}r\right)",
    "sum_i w_i x_i": r"\sum_{i=1}^{n} w_{i} x_{i}",
    "x' if z > 0 else 0": r"\begin{cases} x^{\top} & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}",
    "λ S^-T": r"\lambda S^{-\top}",
    "diag(x.^2)": r"\operatorname{diag}\left(x^{\circ 2}\right)",
    "w_new·x": r"w_{\mathrm{new}} \cdot x",
    "∂a/∂z": r"\frac{\partial a}{\partial z}",
}


@pytest.mark.parametrize("text", LATEX)
def test_latex_is_what_people_write(text: str) -> None:
    expr = meaning(text)
    assert latex(expr) == LATEX[text]
    assert meaning(latex(expr)) == expr
