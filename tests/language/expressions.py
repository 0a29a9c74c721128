"""Strategies: texts of the notation that have a meaning, and texts that may have none.

A well-shaped text is built from the shape that it is to have, each operand in parentheses; one of tokens
is just strung together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from hypothesis import strategies as st

from tutor.language.operations import OPERATIONS
from tutor.language.scope import Scope
from tutor.problem import Problem

VARIABLES = {
    "a": "scalar", "b": "scalar", "z": "scalar", "λ": "positive scalar", "x": "vector n", "w": "vector n",
    "w_new": "vector n", "y": "vector m", "r": "row n", "A": "matrix m n", "W1": "matrix m n", "S": "square n",
    "P": "symmetric n", "v": "vector 3", "X": "list N of vector n", "t": "list N of scalar",
    "M": "list N of matrix m n", "f": "function", "x2": "scalar",
}  # fmt: skip
DEFINITIONS = {"q": "w·x + b", "g_i": "w·X_i - t_i", "h": "max(0, A x)"}


def scope_of(variables: dict[str, str], define: dict[str, str] | None = None) -> Scope:
    """A scope in which derivatives may be written."""
    scope = Scope.declare(variables, define or {})
    assert not isinstance(scope, Problem), scope
    return replace(scope, allow_derivatives=True)


SCOPE = scope_of(VARIABLES, DEFINITIONS)

Shape = tuple[str, str]
Draw = Callable[..., object]
SCALAR: Shape = ("1", "1")
SIZES = ("1", "n", "m")
_LEAVES: dict[Shape, tuple[str, ...]] = {
    SCALAR: ("a", "b", "z", "λ", "q", "x2", "n", "N", "2", "0.5", "13", "π", "e", "v_3", "A_{1,2}", "x_1", "X_{1,2}"),
    ("n", "1"): ("x", "w", "w_new", "X_1", "ones(n)", "zeros(n)", "unit(2, n)"),
    ("m", "1"): ("y", "h", "ones(m)", "unit(1, m)"),
    ("1", "n"): ("r", "ones(1, n)", "zeros(1, n)"),
    ("1", "m"): ("y'", "zeros(1, m)"),
    ("m", "n"): ("A", "W1", "M_2", "ones(m, n)", "zeros(m, n)"),
    ("n", "m"): ("A'", "zeros(n, m)"),
    ("n", "n"): ("S", "P", "I_n"),
    ("m", "m"): ("I_m", "A A'"),
}
_ENTRYWISE = sorted(name for name, row in OPERATIONS.items() if row.spellings and name in {
    "exp", "log", "sqrt", "sin", "tanh", "sigmoid", "relu", "sign", "softplus",
})  # fmt: skip
# What binds an index to the range that it has.
_BINDERS = {"n": "x_{i}", "m": "y_{i}", "N": "t_{i}"}


@st.composite
def well_shaped(draw: Draw, depth: int = 4) -> str:
    """A text that has a meaning in SCOPE."""
    rows, columns = draw(st.sampled_from(SIZES)), draw(st.sampled_from(SIZES))
    return _Builder(draw).text((str(rows), str(columns)), depth, {})


class _Builder:
    def __init__(self, draw: Draw) -> None:
        self.draw = draw

    def pick(self, *choices: str) -> str:
        return str(self.draw(st.sampled_from(choices)))

    def whole(self, most: int) -> int:
        number = self.draw(st.integers(0, most))
        assert isinstance(number, int)
        return number

    def text(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        if depth == 0 or self.whole(5) == 0:
            return self.leaf(shape, bound)
        rows, columns = shape
        kinds = ["sum", "product", "entrywise", "scaled", "transposed", "cases", "chosen"]
        kinds += ["scalar", "scalar", "power", "entry", "big sum"] if shape == SCALAR else ["blocks", "scalar added"]
        kinds += ["square"] if rows == columns != "1" else []
        part = _PARTS[self.pick(*kinds)]
        return part(self, shape, depth - 1, bound)

    def leaf(self, shape: Shape, bound: dict[str, str]) -> str:
        options = list(_LEAVES[shape])
        if shape == SCALAR:
            for index, size in bound.items():
                options += {"n": [f"x_{index}", f"r_{index}", f"S_{{{index},1}}", f"X_{{3,{index}}}"],
                            "m": [f"y_{index}", f"A_{{{index},2}}"], "N": [f"t_{index}", f"g_{index}"]}[size]
                options += [index, f"x_{{{index}+1}}"]
            pairs = [(i, j) for i in bound for j in bound if i != j and bound[i] == bound[j]]
            options += [f"δ_{i}{j}" for i, j in pairs] + [f"[{i} = {j}]" for i, j in pairs]
        if shape == ("n", "1"):
            options += [f"X_{index}" for index, size in bound.items() if size == "N"]
            options += [f"unit({index}, n)" for index, size in bound.items() if size == "n"]
        return self.pick(*options)

    def pair(self, first: Shape, second: Shape, depth: int, bound: dict[str, str]) -> tuple[str, str]:
        return self.text(first, depth, bound), self.text(second, depth, bound)

    def sum(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        left, right = self.pair(shape, shape, depth, bound)
        return self.pick(f"({left}) + ({right})", f"({left}) - ({right})")

    def scalar_added(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        left, right = self.pair(shape, SCALAR, depth, bound)
        return self.pick(f"({left}) + ({right})", f"({right}) - ({left})")

    def product(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        inner = self.pick(*SIZES)
        left, right = self.pair((shape[0], inner), (inner, shape[1]), depth, bound)
        return f"({left}) * ({right})"

    def entrywise(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        left, right = self.pair(shape, shape, depth, bound)
        name = self.pick(*_ENTRYWISE)
        return self.pick(f"({left}) .* ({right})", f"({left}) ./ ({right})", f"max({left}, {right})",
                         f"min({left}, 0, {right})", f"{name}({left})", f"f'({left})", f"f({left})", f"{name}'({left})",
                         f"abs({left})", f"({left}).^({right})", f"({left}).^2")  # fmt: skip

    def scaled(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        left, right = self.pair(SCALAR, shape, depth, bound)
        return self.pick(f"({left}) * ({right})", f"({right}) * ({left})", f"({right}) / ({left})", f"-({right})",
                         f"-2 * ({right})", f"3 * ({right})", f"({left}) / n * ({right})",
                         f"kron({left}, {right})")  # fmt: skip

    def transposed(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        return f"({self.text((shape[1], shape[0]), depth, bound)})'"

    def condition(self, depth: int, bound: dict[str, str]) -> str:
        left, right = self.pair(SCALAR, SCALAR, max(depth - 1, 0), bound)
        plain = f"({left}) {self.pick('<', '<=', '>', '>=', '=', '!=')} ({right})"
        return self.pick(plain, f"{plain} and z > 0", f"not {plain}", f"a < b or {plain}",
                         f"(z > 0 or a = b) and {plain}")  # fmt: skip

    def cases(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        left, right = self.pair(shape, shape, depth, bound)
        condition = self.condition(depth, bound)
        return self.pick(f"({left}) if {condition} else ({right})", f"{{({left}) if {condition}; ({right}) if z = 0}}",
                         f"({left}) if {condition} else 0",
                         f"0 if z < 0 else ({left}) if {condition} else ({right})")  # fmt: skip

    def indicator(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        return f"[{self.condition(depth, bound)}] * ({self.text(shape, depth, bound)})"

    def scalar(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        size = self.pick("n", "m")
        left, right = self.pair((size, "1"), (size, "1"), depth, bound)
        matrix = self.text(("n", "n"), max(depth - 1, 0), bound)
        return self.pick(f"({left})·({right})", f"norm({left})", f"sum({left})", f"max({left})", f"norm({left}, 1)",
                         f"tr({matrix})", f"det({matrix})", f"({left})' * ({right})", f"‖{matrix}‖",
                         f"∂({left})_1/∂x2", f"dot({matrix}, S)", f"∇_z ({left})_1")  # fmt: skip

    def power(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        base, exponent = self.pair(SCALAR, SCALAR, depth, bound)
        return f"({base})^({self.pick('2', '-1', '0.5', 'n', '-z', exponent)})"

    def entry(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        column, matrix = self.pair(("n", "1"), ("m", "n"), depth, bound)
        return self.pick(f"({column})_2", f"({matrix})_{{1,2}}", f"(({column})')_1")

    def big_sum(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        index = self.pick(*(letter for letter in "ijkpl" if letter not in bound))
        size = self.pick("n", "m", "N")
        body = self.text(SCALAR, depth, {**bound, index: size})
        place = _BINDERS[size].replace("i", index)
        return self.pick(f"sum_{index} ({place}) * ({body})", f"sum_{{{index}=1}}^{size} ({body})",
                         f"sum_{{{index}=2}}^{{{size}+1}} ({body})", f"sum({index}, {place} ({body}))")  # fmt: skip

    def blocks(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        """Blocks, with what cuts them down to the shape again."""
        left, right = self.pair(shape, shape, max(depth - 1, 0), bound)
        rows, columns = shape
        above = f"[eye({rows}), zeros({rows}, {rows})] * [{left}; {right}]"
        aside = f"[{left}, {right}] * [eye({columns}); 0]"
        return self.pick(above, aside, f"[[{left}]]", f"({left}) * det([S, x; r, [z > 0]])",
                         f"({left}) * sum([a, 0; {columns}, b])")  # fmt: skip

    def square(self, shape: Shape, depth: int, bound: dict[str, str]) -> str:
        matrix = self.text(shape, depth, bound)
        vector = self.text((shape[0], "1"), depth, bound)
        return self.pick(f"inv({matrix})", f"({matrix})^2", f"({matrix})^-3", f"diag({vector})",
                         f"outer({vector}, {vector})", f"inv({matrix})'")  # fmt: skip


_PARTS: dict[str, Callable[[_Builder, Shape, int, dict[str, str]], str]] = {
    "sum": _Builder.sum, "product": _Builder.product, "entrywise": _Builder.entrywise, "scaled": _Builder.scaled,
    "transposed": _Builder.transposed, "cases": _Builder.cases, "chosen": _Builder.indicator,
    "scalar": _Builder.scalar, "power": _Builder.power, "entry": _Builder.entry, "big sum": _Builder.big_sum,
    "blocks": _Builder.blocks, "scalar added": _Builder.scalar_added, "square": _Builder.square,
}  # fmt: skip

TOKENS = (
    *VARIABLES, *"ijkpnmNeIπδσ1203(()))[]{},;_^'·+-*/=<>|‖&", "e", "0.5", "1e3", "²", "ᵀ", "⁻¹", "ᵢ", "₁", " ", "  ",
    "_i", "_{i,j}",
    "^T", "^-1", "^2", ".^", ".*", "./", "⊗", "sum_i", "sum_{i=1}^n", "Σ", "∂", "∇", "√", "exp", "sin ", "max(",
    "diag(", "norm(", "tr(", "ones(", "f(", "f'(", "vec(", "if", "else", "otherwise", "and", "or", "not", "if(",
    "cases(",
    "Piecewise((", "[z > 0]", "x' ", "A x", "\\frac{", "\\begin{bmatrix}", "\\end{bmatrix}", "\\begin{cases}",
    "\\end{cases}", "\\\\", "\\sum_{i=1}^{n}", "\\lambda", "\\mathbf{x}", "\\left(", "\\right)", "\\top", "\\text{if }",
    "np.", "𝟏", "𝟙", "1'", "≥", "≠", "⟨", "⟩", "||", "d(", "D(", "dz", "w·x", "q", "g_i", "h", "(x)(1)", "2x", "x'A'",
)  # fmt: skip


def of_tokens(longest: int = 14) -> st.SearchStrategy[str]:
    """Tokens strung together, which mostly mean nothing."""
    return st.lists(st.sampled_from(TOKENS), min_size=1, max_size=longest).map("".join)
