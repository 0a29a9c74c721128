"""The grammar, rule by rule: which texts are one tree, and which are not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tutor.language.expr import Expr
from tutor.language.read import read
from tutor.language.shape import ONE, Dim, Shape
from tutor.problem import Problem

from .expressions import scope_of

SCOPE = scope_of(
    {"a": "scalar", "b": "scalar", "c": "scalar", "z": "scalar", "λ": "scalar", "α2": "scalar", "w": "vector n",
     "x": "vector n", "y": "vector m", "r": "vector N", "A": "matrix m n", "B": "matrix n p", "S": "square n",
     "Z": "matrix N n", "W1": "matrix m n", "f": "function", "xs": "list N of vector n", "t": "list N of scalar"},
    {"q": "w·x + b", "e_i": "w·xs_i - t_i"},
)  # fmt: skip
ROW, COLUMN = Shape(ONE, Dim.of("n")), Shape(Dim.of("n"), ONE)

# Each line: texts that are one tree, told by the first.
RULES: dict[str, list[list[str]]] = {
    "products are spelled in many ways": [
        ["A x", "A*x", "A@x", "A × x", "Ax", "(A)(x)", "(A) (x)", "A \\times x"],
        ["2 x", "2x", "2*x", "2·x", "2 ⋅ x"],
        ["w·x", "w⋅x", "dot(w, x)", "⟨w, x⟩", "w \\cdot x", "np.dot(w, x)"],
        ["w .* x", "w ⊙ x", "w∘x", "w \\odot x"],
        ["w ./ x", "w ⊘ x", "w \\oslash x"],
        ["S ⊗ A", "kron(S, A)", "S \\otimes A"],
    ],
    "a dot between scalars is a plain product": [["a b", "a·b", "a*b"], ["a x", "a·x"]],
    "transposes and inverses are spelled in many ways": [
        ["x'", "x^T", "xᵀ", "x^⊤", "x.T", "transpose(x)", "x′", "x’", "x^{T}", "x^{\\top}", "x^\\top", "x.'", "x^'"],
        ["S^-1", "S⁻¹", "inv(S)", "S^{-1}", "S^(-1)", "np.linalg.inv(S)"],
        ["(S^-1)'", "S^-T", "S⁻ᵀ", "S^{-T}", "S^{-\\top}", "inv(S)'"],
        ["z^2", "z²", "z**2", "z^{2}"],
    ],
    "postfix binds tighter than factors side by side, and these tighter than a minus": [
        ["(2 x') S", "2x'S"],
        ["-(z^2)", "-z^2", "−z²"],
        ["-(a b)", "-a b"],
        ["a - (b c)", "a - b c", "a − b*c"],
        ["a + (b/c)", "a + b/c"],
        ["-a·b", "(-a)·b"],
    ],
    "a power of a power is read from the right": [["a^(b^c)", "a^b^c", "a**b**c", "a^{b^c}"]],
    "unary plus says nothing": [["a", "+a"], ["a + b", "a + +b"], ["-a", "+-a"]],
    "a fraction of two numbers is one number": [
        ["(1/2) ‖r‖^2", "1/2‖r‖^2", "1/2 ‖r‖^2", "\\frac{1}{2} \\lVert r \\rVert^2", "1/2||r||^2", "1/2 norm(r)²"],
        ["1/2 r'", "1/2r'"],
    ],
    "a quotient ends at a space": [
        ["(2/N) (Z' r)", "2/N Z'r", "2/N Z' r"],
        ["(a/b) c", "a/b c", "a/b * c"],
        ["a/(b c)", "\\frac{a}{b c}"],
        ["(a/b)/c", "a/b/c"],
    ],
    "without a space a quotient is read the one way that has a shape": [
        ["1/N x'", "1/Nx'"],
        ["(2/N) Z' r", "2/NZ'r", "\\frac{2}{N} Z' r"],
        ["a/(x'x)", "a/x'x"],
    ],
    "a function or a sum in a denominator keeps its operand": [
        ["exp(a)/(sum_k exp(t_k))", "exp(a)/sum_k exp(t_k)", "exp(a) / Σ_k exp(t_k)"],
        ["a/exp(b) c", "(a/exp(b)) c"],
    ],
    "a sum takes in the product that follows and not a later plus": [
        ["(sum_i (w_i x_i)) + b", "sum_i w_i x_i + b"],
        ["sum_i (w_i/n)", "sum_i w_i / n"],
        ["a (sum_i x_i)", "a sum_i x_i", "a*sum_i x_i"],
        ["sum_i (xs_i (w·xs_i))", "sum_i xs_i (w·xs_i)"],
    ],
    "sums over an index are spelled in many ways": [
        ["sum_i w_i x_i", "sum(i, w_i x_i)", "Σ_i w_i x_i", "∑_i w_i x_i", "Σᵢ wᵢ xᵢ", "sum_{i=1}^n w_i x_i",
         "\\sum_{i=1}^{n} w_i x_i", "sum_{i} w_i x_i", "sum(i, 1, n, w_i x_i)", "\\sum\\limits_{i=1}^n w_{i}x_{i}"],
        ["sum_i sum_j A_ij", "sum_{i,j} A_ij", "sum_ij A_ij"],
    ],
    "an index stands for its number too": [["sum_{i=1}^n i x_i", "sum_i i x_i"]],
    "a chain is read from the left, or in the one bracketing that has a shape": [
        ["(A B) y_1", "A B y_1"],
        ["Z (w'x)", "Z w'x"],
        ["2 (w·x) x'", "2 w·x x'"],
        ["(x x') x", "x x'x"],
    ],
    "entries are spelled in many ways": [
        ["x_2", "x[2]", "x2", "x₂", "x_{2}", "(x)_2"],
        ["A_{1,2}", "A_12", "A12", "A₁₂", "A[1,2]", "A[1, 2]", "A_{12}", "A_{1 2}"],
        ["xs_1", "xs[1]", "xs₁"],
        ["(xs_1)_2", "xs_{1,2}", "xs[1,2]"],
    ],
    "names with digits are one name however they are spelled": [
        ["W1", "W_1", "W₁", "W_{1}"],
        ["α2", "alpha2", "α_2", "α₂", "\\alpha_2"],
        ["λ", "lambda", "\\lambda"],
    ],
    "undeclared runs of letters are split where each part is declared": [
        ["A x", "Ax"], ["a b c", "abc"], ["λ I_n", "λI_n"], ["x' S x", "x'Sx"],
    ],
    "numbers are exact": [["0.1", "1e-1", ".1"], ["5.1e-2", "0.051"], ["1.50", "1.5"]],
    "e is a number until it is declared": [["exp(2)", "exp(2)"]],
    "functions may do without parentheses": [
        ["sin(z)", "sin z"],
        ["log(det(S))", "log det(S)", "ln det(S)"],
        ["tanh(z)^2", "tanh^2(z)", "tanh²(z)"],
        ["sqrt(z)", "√z", "\\sqrt{z}", "√(z)"],
        ["sigmoid(z)", "σ(z)", "\\sigma(z)", "sigma(z)"],
        ["exp(-z)", "\\exp(-z)", "np.exp(-z)", "\\exp\\left(-z\\right)"],
    ],
    "a prime behind a function is its derivative": [["f'(z)", "f′(z)"], ["σ'(z)", "sigmoid'(z)", "\\sigma'(z)"]],
    "a name before a parenthesis is a product unless it names a function": [
        ["a (b + c)", "a(b + c)"], ["x_1 (a + b)", "x_1(a + b)"], ["x' (x + w)", "x'(x + w)"],
    ],
    "indicators are spelled in many ways": [
        ["[z > 0]", "1[z > 0]", "1(z > 0)", "1{z > 0}", "𝟙(z > 0)", "𝟙[z > 0]", "\\mathbb{1}[z > 0]", "(z > 0)"],
        ["[z > 0] x'", "(z > 0) x'", "1[z > 0] x'"],
        ["x_1 [z = b]", "x_1*[z == b]"],
        ["[z ≥ 0]", "[z >= 0]", "[z \\ge 0]", "[z \\geq 0]"],
        ["[z ≠ 0]", "[z != 0]", "[z \\neq 0]"],
        ["[z > 0 and b > 0]", "[z > 0 ∧ b > 0]", "[z > 0 && b > 0]", "[z > 0 \\land b > 0]"],
        ["[a < b and b < c]", "[a < b < c]"],
        ["[A > 0]", "1[A > 0]", "(A > 0)"],
    ],
    "cases are spelled in many ways": [
        ["x' if z > 0 else 0", "if(z > 0, x', 0)", "{x' if z > 0; 0 otherwise}", "{x', z > 0; 0, otherwise}",
         "cases(x', z > 0; 0, otherwise)", "Piecewise((x', z > 0), (0, True))", "np.where(z > 0, x', 0)",
         "where(z > 0, x', 0)", "(x' if z > 0 else 0)", "x' if (z > 0) else zeros(1, n)",
         "\\begin{cases} x^T & \\text{if } z > 0 \\\\ 0 & \\text{otherwise} \\end{cases}",
         "\\begin{cases} x^\\top, & z > 0 \\\\ 0, & \\text{otherwise} \\end{cases}"],
        ["a if z > 0 else b if z < 0 else c", "{a if z > 0; b if z < 0; c otherwise}",
         "cases(a, z > 0; b, z < 0; c, otherwise)"],
    ],
    "matrices are spelled in many ways": [
        ["[a, b; c, z]", "[[a, b], [c, z]]", "\\begin{bmatrix} a & b \\\\ c & z \\end{bmatrix}", "[a,b;c,z]",
         "\\begin{pmatrix} a & b \\\\ c & z \\end{pmatrix}"],
        ["[a; b]", "[[a], [b]]"],
        ["S", "[S]", "[[S]]"],
    ],
    "norms and absolute values are spelled in many ways": [
        ["norm(x)", "‖x‖", "||x||", "\\lVert x \\rVert", "\\|x\\|", "norm(x, 2)", "np.linalg.norm(x)"],
        ["abs(z)", "|z|", "\\lvert z \\rvert", "∣z∣"],
        ["|a| |b|", "|a||b|"],
        ["‖x‖ ‖w‖", "||x||·||w||", "‖x‖‖w‖"],
    ],
    "constants are spelled in many ways": [
        ["I_n x", "I x", "eye(n) x", "np.eye(n) x"],
        ["ones(n)' x", "𝟏_n' x", "\\mathbf{1}_n^T x", "1' x", "𝟏'x"],
        ["π", "pi", "\\pi"],
    ],
    "derivatives are spelled in many ways": [
        ["∂q/∂w", "D(q, w)", "d(q)/d(w)", "dq/dw", "\\frac{∂q}{∂w}", "\\frac{\\partial q}{\\partial w}", "∂(q)/∂w",
         "∂/∂w q"],
        ["∇_w q", "∇_{w} q", "\\nabla_w q"],
        ["(∂f(q)/∂q) (∂q/∂w)", "∂f(q)/∂q ∂q/∂w", "∂f(q)/∂q · ∂q/∂w"],
    ],
    "fonts say nothing": [["x", "\\mathbf{x}", "\\boldsymbol x", "𝐱", "\\mathrm{x}"]],
}  # fmt: skip


@pytest.mark.parametrize(("rule", "texts"), [(rule, texts) for rule, lines in RULES.items() for texts in lines])
def test_texts_are_one_tree(rule: str, texts: list[str]) -> None:
    trees = [read(text, SCOPE) for text in texts]
    first = trees[0]
    assert isinstance(first, Expr), f"{texts[0]!r}: {first}"
    for text, tree in zip(texts, trees, strict=True):
        assert not isinstance(tree, Problem), f"{text!r}: {tree}"
        assert tree == first, text


@pytest.mark.parametrize(
    ("text", "other"),
    [("a/b c", "a/(b c)"), ("x.^2", "x .* x"), ("f'(z)", "f(z)"), ("-z^2", "(-z)^2"), ("2e-1", "2·exp(1) - 1")],
)
def test_texts_are_two_trees(text: str, other: str) -> None:
    assert read(text, SCOPE) != read(other, SCOPE)


@pytest.mark.parametrize(
    ("text", "code"),
    [("1/bc", "syntax"), ("x/y", "shape-conflict"), ("x^2", "shape-conflict"), ("Ay", "shape-conflict"),
     ("x_i", "unknown-name"), ("sum_i A_ii", "shape-conflict"), ("x(1)", "syntax"), ("x[0]", "shape-conflict"),
     ("|A|", "shape-conflict"), ("[2x_1 4x_2]", "syntax"), ("z > 0", "syntax"), ("a = b", "other-equation")],
)  # fmt: skip
def test_what_has_two_meanings_or_none_is_refused(text: str, code: str) -> None:
    found = read(text, SCOPE)
    assert isinstance(found, Problem)
    assert found.code == code


def test_a_derivative_is_refused_where_a_step_does_not_allow_it() -> None:
    found = read("∂q/∂w", replace(SCOPE, allow_derivatives=False))
    assert isinstance(found, Problem)
    assert found.code == "derivative-not-allowed"


@pytest.mark.parametrize(
    ("text", "shape"), [("0", ROW), ("1'", ROW), ("𝟏", COLUMN), ("unit(2)", COLUMN), ("zeros(n)", COLUMN)]
)
def test_a_size_that_nothing_fixes_is_taken_from_what_is_asked_for(text: str, shape: Shape) -> None:
    expr = read(text, SCOPE, shape)
    assert isinstance(expr, Expr)
    assert expr.shape == shape


def test_a_declared_name_wins_over_an_index_a_constant_and_a_function() -> None:
    declared = {"e": "vector n", "i": "scalar", "sin": "scalar", "I": "square n", "x": "vector n", "x1": "scalar"}
    scope = scope_of(declared)
    shapes = {"e'x": "1×1", "i x": "n×1", "sin x": "n×1", "I x": "n×1", "x_1": "1×1", "x1 x": "n×1"}
    for text, shape in shapes.items():
        expr = read(text, scope)
        assert isinstance(expr, Expr), text
        assert str(expr.shape) == shape


def test_an_index_of_the_question_may_stand_free() -> None:
    scope = SCOPE.binding({"i": Dim.of("n"), "j": Dim.of("n")})
    for text in ("x_i", "δ_ij", "S_ij w_j", "[i = j] x_i", "sum_k S_ik w_k"):
        assert isinstance(read(text, scope), Expr), text
    refused = read("y_i", scope)
    assert isinstance(refused, Problem)
    assert refused.code == "shape-conflict"


def test_a_problem_points_at_what_was_typed() -> None:
    parts = {"w + λ w*x": "λ w*x", "sin(z) + wqu": "wqu", "a + (b": "(", "x' if z else 0": "z", "2 ∂q": "∂q"}
    for text, part in parts.items():
        found = read(text, SCOPE)
        assert isinstance(found, Problem)
        assert found.span is not None
        assert text[found.span.start : found.span.end] == part
