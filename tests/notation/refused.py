"""What is not accepted, with the code of the refusal and what is suggested; names as in cells.DECLARED."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Refused:
    cell: str
    text: str
    code: str
    suggests: tuple[str, ...] = ()
    says: tuple[str, ...] = ()  # words of the message


REFUSED = [
    # -- the column "not accepted, and what is suggested" ---------------------------------------------------------
    Refused("w*x of two columns", "w*x", "shape-conflict", ("w·x", "w .* x", "w x'")),
    Refused("w x of two columns", "w x", "shape-conflict", ("w·x", "w .* x", "w x'")),
    Refused("w @ x of two columns", "w @ x", "shape-conflict", ("w·x", "w .* x", "w x'")),
    Refused("x^2 of a vector", "x^2", "shape-conflict", ("x.^2",)),
    Refused("x**2 of a vector", "x**2", "shape-conflict", ("x.^2",)),
    Refused("x/y of vectors", "x/w", "shape-conflict", ("x ./ w",)),
    Refused("1/x of a vector", "1/x", "shape-conflict", ("1 ./ x",)),
    Refused("a column plus a row", "x + w'", "shape-conflict", ("x + w", "x' + w'"), ("n×1", "1×n")),
    Refused("a row minus a column", "r - x", "shape-conflict", ("r - x'",), ("1×n", "n×1")),
    Refused("columns of two sizes", "x + y", "shape-conflict", (), ("n×1", "m×1")),
    # -- declarations and sizes ------------------------------------------------------------------------------------
    Refused("two ranges for one index", "sum_i w_i y_i", "shape-conflict", (), ("n", "m")),
    Refused("a list without its index", "X", "shape-conflict", ("X_i",)),
    Refused("an indexed definition without its index", "g", "shape-conflict", ("g_i",)),
    Refused("a function without its argument", "f", "syntax", ("f(x)",)),
    # -- shapes ------------------------------------------------------------------------------------------------------
    Refused("a product that does not meet", "A y", "shape-conflict", ("A' y",), ("m×n", "m×1")),
    Refused("a product of two matrices that does not meet", "A B", "shape-conflict", ("A' B", "A B'")),
    Refused("a dot product of two sizes", "w·y", "shape-conflict", (), ("n×1", "m×1")),
    Refused("powers of a matrix that is not square", "A^2", "shape-conflict"),
    Refused("the inverse of a matrix that is not square", "inv(A)", "shape-conflict"),
    Refused("det of a matrix that is not square", "det(A)", "shape-conflict"),
    Refused("the trace of a vector", "tr(x)", "shape-conflict"),
    Refused("softmax of a matrix", "softmax(A)", "shape-conflict"),
    Refused("outer of matrices", "outer(A, B)", "shape-conflict"),
    Refused("max of two shapes", "max(x, y)", "shape-conflict"),
    Refused("cases of two shapes", "x' if z > 0 else w", "shape-conflict", ("w'",)),
    Refused("blocks of two heights", "[A, x]", "shape-conflict"),
    Refused("rows of two lengths", "[a, b; z]", "shape-conflict"),
    Refused("a size that nothing fixes", "sum(1')", "shape-conflict"),
    # -- precedence -------------------------------------------------------------------------------------------------
    Refused("a divisor with factors right behind it", "a/bλ", "syntax", ("a/b λ", "a/(b λ)")),
    Refused("bars inside bars", "| |a| |", "syntax", ("abs(…)",)),
    # -- names and numbers -------------------------------------------------------------------------------------------
    Refused("a run of letters of which one is not declared", "xyh", "unknown-name"),
    Refused("an unknown name, the other case", "W x", "unknown-name", ("w",)),
    Refused("an index that nothing binds", "x_i", "unknown-name", ("sum_i",)),
    Refused("an index that nothing binds, beside one that is bound", "sum_i S_ij", "unknown-name", ("sum_j",)),
    Refused("x(1)", "x(1)", "syntax", ("x_1",)),
    Refused("x[0]", "x[0]", "shape-conflict", ("x_1",)),
    Refused("commas between entries", "[2a 4b]", "syntax", ("[2, a, 4, b]",)),
    Refused("|A| of a matrix", "|S|", "shape-conflict", ("det(S)", "abs(S)")),
    Refused("an entry out of range", "v_4", "shape-conflict", (), ("4", "3")),
    Refused("an entry of a matrix out of range", "(v v')[4, 1]", "shape-conflict"),
    Refused("entries of a scalar", "a_1", "shape-conflict"),
    Refused("three indices", "A_{1,2,3}", "shape-conflict"),
    Refused("a broken index", "x_{1.5}", "shape-conflict"),
    Refused("any other equation", "a = b", "other-equation"),
    Refused("members that are not equal", "q = a = b", "other-equation"),
    Refused("a condition is no value", "a > b", "syntax"),
    Refused("a value is no condition", "a if b else z", "syntax"),
    Refused("derivatives, where a step does not allow them", "∂q/∂w", "derivative-not-allowed"),
    Refused("d(a)/d(z)", "d(q)/d(w)", "derivative-not-allowed"),
    Refused("D(a, z)", "D(q, w)", "derivative-not-allowed"),
    Refused("∇_w C", "∇_w q", "derivative-not-allowed"),
    # -- syntax ------------------------------------------------------------------------------------------------------
    Refused("nothing", "", "syntax"),
    Refused("spaces", "  \t ", "syntax"),
    Refused("a bracket that is never closed", "(a + b", "syntax", ("add ‘)’",)),
    Refused("a bracket that was never opened", "a + b)", "syntax"),
    Refused("brackets that do not match", "(a + b]", "syntax"),
    Refused("an operator without its right side", "a +", "syntax"),
    Refused("an operator without its left side", "* a", "syntax"),
    Refused("a case without its else", "a if z > 0", "syntax"),
    Refused("cases with two arguments", "if(z > 0, a)", "syntax"),
    Refused("a sum without its upper bound", "sum_{i=1} x_i", "syntax", ("sum_{i=1}^n",)),
    Refused("a sum of nothing", "Σ", "syntax", ("sum_i x_i", "sum(x)")),
    Refused("another norm", "norm(x, 3)", "syntax"),
    Refused("too few arguments", "kron(A)", "syntax", ("kron(a, b)",)),
    Refused("too many arguments", "tanh(a, b)", "syntax"),
    Refused("a command of LaTeX that is not read", "\\foo{a}", "syntax"),
    Refused("a factorial", "a!", "syntax"),
    # -- bounds ------------------------------------------------------------------------------------------------------
    Refused("length", "a" + " + a" * 1500, "too-large", (), ("4,000",)),
    Refused("depth", "(" * 60 + "a" + ")" * 60, "too-large", (), ("40",)),
    Refused("terms", "a" + "+a" * 200, "too-large", (), ("150",)),
    Refused("exponents", "a^1000001", "too-large", (), ("1,000,000",)),
    Refused("exponents of a matrix", "S^65", "too-large", (), ("64",)),
    Refused("sizes", "sum(ones(101))", "too-large", (), ("100",)),
    Refused("digits", "1e401", "too-large", (), ("400",)),
    Refused("bits", "9^99999", "too-large", (), ("20,000",)),
    Refused("signs", "a" + "-" * 20 + "b", "too-large", (), ("8",)),
]
