"""A row for every pair of shapes and layout of the Questions table, and for left sides, chains and forms."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

VARIABLES = {
    "a": "scalar", "b": "scalar", "z": "scalar", "w": "vector n", "x": "vector n", "y": "vector m", "u": "vector m",
    "r": "row m", "A": "matrix m n", "B": "matrix n p", "S": "square n", "X": "list N of vector n",
          "t": "list N of scalar",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    cell: str
    ask: dict[str, str]
    answer: str
    verdict: str = "correct"
    code: str | None = None
    shape: str | None = None  # the shape that is expected
    more: dict[str, Any] = field(default_factory=dict)


def both_layouts(cell: str, of: str, wrt: str, numerator: str, shape: str, turned: str) -> list[Asked]:
    """The numerator layout's answer with its shape, then its transpose in denominator layout, then the wrong way."""
    ask, other = {"derivative": of, "wrt": wrt}, {"layout": "denominator"}
    transpose = f"({numerator})'"
    rows = [
        Asked(f"{cell}: numerator", ask, numerator, shape=shape),
        Asked(f"{cell}: denominator", ask, transpose, shape=turned, more=other),
    ]
    if shape != turned:
        rows += [
            Asked(f"{cell}: the other layout", ask, transpose, "incorrect", "other-layout"),
            Asked(f"{cell}: the other layout of it", ask, numerator, "incorrect", "other-layout", more=other),
        ]
    return rows


def asked(cell: str, ask: dict[str, str], *answers: str, **more: Any) -> list[Asked]:
    return [Asked(cell, ask, answer, more=more) for answer in answers]


def wrong(cell: str, ask: dict[str, str], code: str | None, *answers: str, **more: Any) -> list[Asked]:
    return [Asked(cell, ask, answer, "incorrect", code, more=more) for answer in answers]


def refused(cell: str, ask: dict[str, str], code: str, *answers: str, **more: Any) -> list[Asked]:
    return [Asked(cell, ask, answer, "unreadable", code, more=more) for answer in answers]


_Z = {"define": {"z1": "w·x + b"}}
_Y = {"define": {"h": "A x"}}
_JACOBIAN = {"derivative": "A x", "wrt": "x"}
_SLOPE = {"derivative": "max(0, z)", "wrt": "z"}
_NEURON = {"derivative": "z1", "wrt": "w"}

QUESTIONS: list[Asked] = [
    # -- the table ---------------------------------------------------------------------------------------------------
    *both_layouts("scalar by scalar", "a^2 b", "a", "2 a b", "1×1", "1×1"),
    *both_layouts("scalar by vector", "w·x", "w", "x'", "1×n", "n×1"),
    *both_layouts("scalar by row", "r y", "r", "y", "m×1", "1×m"),
    *both_layouts("vector by scalar", "a^2 y", "a", "2 a y", "m×1", "1×m"),
    *both_layouts("vector by vector", "A x", "x", "A", "m×n", "n×m"),
    *both_layouts("row by vector", "x'A'", "x", "A", "m×n", "n×m"),
    *both_layouts("scalar by matrix", "y'A x", "A", "x y'", "n×m", "m×n"),
    *both_layouts("matrix by scalar", "a^2 A", "a", "2 a A", "m×n", "n×m"),
    *both_layouts("vec by vec", "vec(A B)", "vec(A)", "kron(B', eye(m))", "m·p×m·n", "m·n×m·p"),
    *asked("gradient by a vector", {"gradient": "w·x", "wrt": "w"}, "x", "1 x"),
    *asked("gradient, in both layouts", {"gradient": "y'A x", "wrt": "A"}, "y x'"),
    *asked("gradient, in both layouts", {"gradient": "y'A x", "wrt": "A"}, "y x'", layout="denominator"),
    *wrong("gradient in the wrong shape", {"gradient": "w·x", "wrt": "w"}, "other-layout", "x'"),
    *asked("hessian", {"hessian": "x'S x", "wrt": "x"}, "S + S'"),
    *asked("hessian", {"hessian": "x'S x", "wrt": "x"}, "S + S'", layout="denominator"),
    *asked("entry: y_i by x_j", {"entry": "h_i", "wrt": "x_j"}, "A_ij", "A[i, j]", "A_{i,j}", **_Y),
    *wrong("entry: the other entry", {"entry": "w_i^2", "wrt": "w_j"}, None, "2 w_i", "2 w_j"),
    *asked("entry: y_i by x_j, δ", {"entry": "w_i^2", "wrt": "w_j"}, "2 w_i δ_ij", "2 w_j [i = j]",
          "2 w_i delta(i, j)"),
    *asked("entry: Y_ij by X_kl", {"entry": "H_ij", "wrt": "A_kl"}, "δ_ik B_lj", "B_lj [k = i]", define={"H": "A B"}),
    *asked("equals", {"equals": "(A B)'"}, "B'A'", "(A B)'"),
    *asked("shape", {"shape": "A x", "wrt": "x"}, "(m, n)", "m×n", "m x n", "[m, n]", "m × n", " (m,n) "),
    *asked("shape, denominator layout", {"shape": "A x", "wrt": "x"}, "(n, m)", "n×m", layout="denominator"),
    *wrong("shape", {"shape": "A x", "wrt": "x"}, "other-layout", "(n, m)"),
    *wrong("shape", {"shape": "A x", "wrt": "x"}, "wrong-shape", "(m, 1)", "(m, m)"),
    *refused("shape", {"shape": "A x", "wrt": "x"}, "syntax", "m", "(m, n", "m n p"),
    # -- answers by entries ------------------------------------------------------------------------------------------
    *asked("J_ij = …", _JACOBIAN, "J_ij = A_ij", "J_ij = sum_k A_ik δ_kj", "J_{i,j} = A_{i,j}", "J_kl = A_kl"),
    *wrong("J_ij = …", _JACOBIAN, None, "J_ij = A_ij + 1", "J_ij = 2 A_ij"),
    *refused("J_ij = …, the indices swapped", _JACOBIAN, "shape-conflict", "J_ij = A_ji"),
    *asked("∂y_i/∂x_j = …", {"derivative": "h", "wrt": "x"}, "∂h_i/∂x_j = A_ij", "dh_i/dx_j = A_ij",
           "\\frac{\\partial h_i}{\\partial x_j} = A_{ij}", **_Y),
    *asked("∂y_i/∂x_j = …, denominator layout", {"derivative": "h", "wrt": "x"}, "∂h_i/∂x_j = A_ij",
          **_Y, layout="denominator"),
    *asked("∂f/∂x_j = …", {"derivative": "w·x", "wrt": "x"}, "∂(w·x)/∂x_j = w_j", "J_j = w_j"),
    *asked("∂f/∂X_ij = …", {"derivative": "y'A x", "wrt": "A"}, "∂(y'A x)/∂A_ij = y_i x_j"),
    *asked("a gradient by entries", {"gradient": "y'A x", "wrt": "A"}, "∂(y'A x)/∂A_ij = y_i x_j"),
    *asked("a Hessian by entries", {"hessian": "x'S x", "wrt": "x"}, "H_ij = S_ij + S_ji"),
    # -- left sides and chains ---------------------------------------------------------------------------------------
    *asked("a left side that restates the question", _NEURON, "∂z1/∂w = x'", "dz1/dw = x'", "d(z1)/d(w) = x'", "J = x'",
           "\\frac{\\partial z1}{\\partial w} = x^T", "∂z_1/∂w = x'", "D(z1, w) = x'", "∂(w·x + b)/∂w = x'", **_Z),
    *asked("a left side: ∇", {"gradient": "z1", "wrt": "w"}, "∇_w z1 = x", "∇_w (w·x + b) = x", **_Z),
    *asked("a chain with equal members", _NEURON, "∂z1/∂w = 1 x' = x'", "J = x' + 0' = x'", **_Z),
    *refused("a chain with members that differ", _NEURON, "other-equation", "∂z1/∂w = 2 x' = x'", "J = w' = x'", **_Z),
    *refused("any other equation", _NEURON, "other-equation", "x' = x'", "∂z1/∂x = x'", "w = x'", "K = x'", **_Z),
    # -- definitions, derivatives ------------------------------------------------------------------------------------
    *asked("definitions stand for what they are", {"derivative": "z1^2", "wrt": "w"}, "2 z1 x'", "2 (w·x + b) x'",
          **_Z),
    *asked("by a defined name", {"derivative": "max(0, z1)", "wrt": "z1"}, "[z1 > 0]", "[w·x + b > 0]", **_Z),
    *asked("derivatives, where a step allows them", {"derivative": "z1^2", "wrt": "w"}, "2 z1 ∂z1/∂w", "2 z1 D(z1, w)",
           "2 z1 d(z1)/d(w)", "2 z1 (∇_w z1)'", **_Z, allow_derivatives=True),
    *refused("derivatives, where a step does not", {"derivative": "z1^2", "wrt": "w"}, "derivative-not-allowed",
          "2 z1 ∂z1/∂w", **_Z),
    *asked("a matrix by a matrix is asked by entry", {"entry": "H_ij", "wrt": "A_kl"}, "[i = k] B_lj",
          define={"H": "A B"}),
    # -- kinks -------------------------------------------------------------------------------------------------------
    *asked("any value between the slopes is right at a kink", _SLOPE, "[z > 0]", "[z >= 0]", "step(z)",
          "1 if z > 0 else 0",
           "0.5 if z = 0 else [z > 0]", "{1 if z > 0; 1/3 if z = 0; 0 otherwise}", "(1 + sign(z))/2"),
    *wrong("one that speaks of the kink and gives a value outside", _SLOPE, None, "2 if z = 0 else [z > 0]",
          "[z >= 0] + [z <= 0] - [z < 0]",
           "-1 if z = 0 else [z > 0]"),
    *asked("one that only happens to fall outside is right, with a note", {"derivative": "max(z, a z)", "wrt": "z"},
           "[(1 - a) z > 0] + a [(1 - a) z < 0]"),
    *asked("|x|", {"derivative": "|z|", "wrt": "z"}, "sign(z)", "z/|z|", "[z > 0] - [z < 0]", "1 if z >= 0 else -1"),
    *wrong("missing cases", _SLOPE, "missing-case", "1"),
    *wrong("cases swapped", _SLOPE, None, "[z < 0]"),
    # -- undefined ---------------------------------------------------------------------------------------------------
    *wrong("no value on an open part", {"equals": "z"}, "undefined", "exp(log(z))", "sqrt(z)^2", "z/[a > 0]",
          "z + 0 log(a)"),
    *asked("isolated points do not matter", {"equals": "z"}, "z^2/z", "z a/a", "(z^2 - a z)/(z - a)"),
    # -- using, avoid, form ------------------------------------------------------------------------------------------
    *asked("using: as written", {"derivative": "z1^2", "wrt": "w"}, "2 z1 x'", **_Z, using=["z1"]),
    *wrong("using: z is not w", {"derivative": "z1^2", "wrt": "w"}, "other", "2 (w·x + b) x'", **_Z, using=["z1"]),
    *asked("avoid: z is not w", {"derivative": "z1^2", "wrt": "w"}, "2 z1 x'", **_Z, avoid=["w"]),
    *wrong("avoid: as written", {"derivative": "z1^2", "wrt": "w"}, "other", "2 (w·x + b) x'", **_Z, avoid=["w"]),
    *asked("using: one spelling of a name is any", {"equals": "a W1"}, "a W_1",
          using=["W_1"], variables={"a": "scalar", "W1": "scalar"}),
    *asked("form: any", {"equals": "w·x"}, "1 w·x + 0", "sum_i w_i x_i", form="any"),
    *asked("form: matrix", {"equals": "w·x"}, "w·x", "w'x", "sum(w .* x)", form="matrix"),
    *wrong("form: matrix", {"equals": "w·x"}, "other", "sum_i w_i x_i", "sum_i unit(i)'w x_i", form="matrix"),
    *wrong("form: matrix, δ", {"entry": "w_i", "wrt": "w_j"}, "other", "δ_ij", form="matrix"),
    *asked("form: index", {"equals": "w·x"}, "sum_i w_i x_i", "sum(i, x_i w_i)", form="index"),
    *wrong("form: index", {"equals": "w·x"}, "other", "w·x", "w'x", "dot(w, x)", form="index"),
    *asked("form: index, a whole matrix", _JACOBIAN, "J_ij = A_ij", form="index"),
    *asked("form: simplified", {"equals": "2 a x/4"}, "a x/2", "1/2 a x", "0.5 a x", "a/2 x", form="simplified"),
    *wrong("form: simplified", {"equals": "2 a x/4"}, "other", "1 a x/2", "a x/2 + 0", "(a x/2)''", "--a x/2",
          "2 a x/4", "a x 1/2",
           "(1/4 + 1/4) a x", "I a x/2", "a^1 x/2", "2/2^2 a x", form="simplified"),
]  # fmt: skip
