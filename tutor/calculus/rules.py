"""TABLE 2: the rules of differentiation, a row for each operation and each of its arguments.

A row's formula says by how much the result changes when one argument changes a little: `a` and `b` are the
arguments, `y` the result, `d` the change of the argument that the row is about. Its sentence is what a learner
reads, its source where it can be looked up. To differentiate a new operation is to add its rows.

Sources: MC is Petersen and Pedersen, The Matrix Cookbook (2012), by equation, or by section (2, 2.6); PH is Parr and
Howard, The Matrix Calculus You Need For Deep Learning (2018), by section; DLMF is the NIST Digital Library of
Mathematical Functions, by section; GBC is Goodfellow, Bengio and Courville, Deep Learning (2016), by section.
"""

# ruff: noqa: E501 - the rows of a table lie in columns.

from __future__ import annotations

from collections.abc import Mapping

from tutor.calculus.rule import Key, Rule

Rules = Mapping[Key, Rule]

# The shapes that a row is read with; sizes of 1 are among them, so that a row holds for scalars too.
_E = "a: vector n, b: vector n, y: vector n, d: vector n, f: function"  # entry by entry
_P = "a: matrix m k, b: matrix k n, y: matrix m n, d: matrix m k"  # a product, by its left side
_Q = "a: matrix m k, b: matrix k n, y: matrix m n, d: matrix k n"  # and by its right side
_M = "a: matrix m n, y: scalar, d: matrix m n"
_N = "a: square n, y: scalar, d: square n"
_I = "a: square n, y: square n, d: square n"
_V = "a: vector n, y: scalar, d: vector n"
_D = "a: vector n, b: vector n, y: scalar, d: vector n"
_S = "a: matrix m n, b: scalar, y: matrix m n, d: matrix m n"
_T = "a: matrix m n, b: scalar, y: matrix m n, d: scalar"
_C = "a: scalar, b: scalar, y: scalar, d: scalar"
_K = "a: matrix m n, b: matrix p q, d: matrix m n"
_L = "a: matrix m n, b: matrix p q, d: matrix p q"
_O = "a: vector m, b: vector n, d: vector m"
_R = "a: vector m, b: vector n, d: vector n"

# fmt: off
_ROWS = (
    # operation, argument, formula, shapes, sentence, source
    Rule("add",       1, "d",                    _E, "A sum changes by as much as its terms do.", "MC 35"),
    Rule("add",       2, "d",                    _E, "A sum changes by as much as its terms do.", "MC 35"),
    Rule("subtract",  1, "d",                    _E, "A difference changes with its first term.", "MC 35"),
    Rule("subtract",  2, "-d",                   _E, "A difference changes against its second term.", "MC 35"),
    Rule("negative",  1, "-d",                   _E, "A minus stays in front of the derivative.", "MC 34"),
    Rule("times",     1, "d b",                  _P, "In a product the left factor changes and the right one stays: its place is kept.", "MC 37"),
    Rule("times",     2, "a d",                  _Q, "In a product the right factor changes and the left one stays: its place is kept.", "MC 37"),
    Rule("dot",       1, "b·d",                  _D, "A dot product's derivative by one side is the other side, as a row.", "PH 4.5; MC 69"),
    Rule("dot",       2, "a·d",                  _D, "A dot product's derivative by one side is the other side, as a row.", "PH 4.5; MC 69"),
    Rule("hadamard",  1, "b .* d",               _E, "Entry by entry, one factor's derivative is the other factor, on a diagonal.", "PH 4.2; MC 38"),
    Rule("hadamard",  2, "a .* d",               _E, "Entry by entry, one factor's derivative is the other factor, on a diagonal.", "PH 4.2; MC 38"),
    Rule("divide",    1, "d/b",                  _S, "A quotient's numerator changes and is still divided.", "PH 2"),
    Rule("divide",    2, "-a d/b^2",             _T, "A quotient by its denominator: minus the numerator over the square of the denominator.", "PH 2"),
    Rule("over",      1, "d ./ b",               _E, "Entry by entry, the numerator's derivative is 1 over the denominator, on a diagonal.", "PH 4.2"),
    Rule("over",      2, "-(a ./ b.^2) .* d",    _E, "Entry by entry, the denominator's derivative is minus the numerator over its square.", "PH 4.2"),
    Rule("kron",      1, "kron(d, b)",           _K, "In a Kronecker product one factor changes and the other stays.", "MC 39"),
    Rule("kron",      2, "kron(a, d)",           _L, "In a Kronecker product one factor changes and the other stays.", "MC 39"),
    Rule("outer",     1, "outer(d, b)",          _O, "In an outer product one factor changes and the other stays.", "MC 37"),
    Rule("outer",     2, "outer(a, d)",          _R, "In an outer product one factor changes and the other stays.", "MC 37"),
    Rule("power",     1, "b a^(b - 1) d",        _C, "A power: the exponent comes down as a factor and is one less.", "PH 2"),
    Rule("power",     2, "log(a) y d",           _C, "By the exponent, a power is itself times the logarithm of its base.", "DLMF 4.7"),
    Rule("powers",    1, "b .* a.^(b - 1) .* d", _E, "A power of each entry: the exponent comes down as a factor and is one less.", "PH 2; PH 4.2"),
    Rule("powers",    2, "log(a) .* y .* d",     _E, "By the exponent, a power is itself times the logarithm of its base.", "DLMF 4.7"),
    Rule("transpose", 1, "d'",                   _M, "The transpose changes by the transpose of the change.", "MC 44"),
    Rule("inverse",   1, "-y d y",               _I, "The inverse changes by minus itself, the change, and itself again.", "MC 40"),
    Rule("trace",     1, "tr(d)",                _N, "The trace is linear: it changes by the trace of the change.", "MC 36"),
    Rule("det",       1, "y tr(a^-1 d)",         _N, "The determinant changes by itself times the trace of the inverse times the change.", "MC 42"),
    Rule("logdet",    1, "tr(a^-1 d)",           _N, "The log of the determinant changes by the trace of the inverse times the change.", "MC 43"),
    Rule("diag",      1, "diag(d)",              _I, "diag is linear: the change goes where the entries go.", "MC 34; MC 35"),
    Rule("vec",       1, "vec(d)",               _M, "vec is linear: it changes by vec of the change.", "MC 34; MC 35"),
    Rule("sum",       1, "sum(d)",               _M, "A sum of entries has a 1 for each entry: the row 𝟏ᵀ.", "PH 4.4"),
    Rule("mean",      1, "mean(d)",              _M, "A mean has the same share, 1 over their number, for each entry.", "PH 4.4"),
    Rule("prod",      1, "y sum(d ./ a)",        _M, "A product of entries changes by itself over each entry.", "PH 2"),
    Rule("norm",      1, "sum(a .* d)/y",        _M, "A norm's derivative is the vector over its norm, as a row.", "MC 2.6"),
    Rule("squared norm", 1, "2 sum(a .* d)",     _M, "A squared norm's derivative is twice the vector, as a row.", "MC 2.6"),
    Rule("norm1",     1, "sum(sign(a) .* d)",    _M, "The sum of absolute values has the sign of each entry.", "PH 4.4"),
    Rule("largest",   1, "[a = y]·d/sum([a = y])", _V, "The largest entry changes with the entry that is the largest; equal ones share.", "PH 4.2"),
    Rule("smallest",  1, "[a = y]·d/sum([a = y])", _V, "The smallest entry changes with the entry that is the smallest; equal ones share.", "PH 4.2"),
    Rule("softmax",   1, "y .* d - y (y·d)",     "a: vector n, y: vector n, d: vector n", "Softmax: a diagonal of the weights, minus the weights times themselves as a row.", "GBC 6.2.2.3"),
    Rule("logsumexp", 1, "softmax(a)·d",         _V, "logsumexp has the softmax as its derivative, as a row.", "GBC 6.2.2.3"),
    Rule("maximum",   1, "[a > b] .* d",         _E, "The larger of two changes with this side where this side is the larger.", "PH 4.2; PH 5"),
    Rule("maximum",   2, "[b > a] .* d",         _E, "The larger of two changes with this side where this side is the larger.", "PH 4.2; PH 5"),
    Rule("minimum",   1, "[a < b] .* d",         _E, "The smaller of two changes with this side where this side is the smaller.", "PH 4.2"),
    Rule("minimum",   2, "[b < a] .* d",         _E, "The smaller of two changes with this side where this side is the smaller.", "PH 4.2"),
    Rule("f",         1, "f'(a) .* d",           _E, "A function of each entry has its slope at that entry, on a diagonal.", "PH 4.2"),
    Rule("exp",       1, "y .* d",               _E, "The exponential is its own derivative.", "DLMF 4.7"),
    Rule("log",       1, "d ./ a",               _E, "The logarithm's derivative is 1 over its argument.", "DLMF 4.7"),
    Rule("sqrt",      1, "d ./ (2 y)",           _E, "A root's derivative is 1 over twice the root.", "PH 2"),
    Rule("abs",       1, "sign(a) .* d",         _E, "The absolute value's derivative is the sign.", "PH 4.2"),
    Rule("sin",       1, "cos(a) .* d",          _E, "The sine's derivative is the cosine.", "DLMF 4.20"),
    Rule("cos",       1, "-sin(a) .* d",         _E, "The cosine's derivative is minus the sine.", "DLMF 4.20"),
    Rule("tan",       1, "sec(a).^2 .* d",       _E, "The tangent's derivative is the square of the secant.", "DLMF 4.20"),
    Rule("sec",       1, "y .* tan(a) .* d",     _E, "The secant's derivative is the secant times the tangent.", "DLMF 4.20"),
    Rule("csc",       1, "-y .* cot(a) .* d",    _E, "The cosecant's derivative is minus the cosecant times the cotangent.", "DLMF 4.20"),
    Rule("cot",       1, "-csc(a).^2 .* d",      _E, "The cotangent's derivative is minus the square of the cosecant.", "DLMF 4.20"),
    Rule("sinh",      1, "cosh(a) .* d",         _E, "The hyperbolic sine's derivative is the hyperbolic cosine.", "DLMF 4.34"),
    Rule("cosh",      1, "sinh(a) .* d",         _E, "The hyperbolic cosine's derivative is the hyperbolic sine.", "DLMF 4.34"),
    Rule("tanh",      1, "(1 - y.^2) .* d",      _E, "The hyperbolic tangent's derivative is 1 minus its square.", "GBC 6.3.2"),
    Rule("sech",      1, "-y .* tanh(a) .* d",   _E, "The hyperbolic secant's derivative is minus itself times the hyperbolic tangent.", "DLMF 4.34"),
    Rule("asin",      1, "d ./ sqrt(1 - a.^2)",  _E, "The arcsine's derivative is 1 over the root of 1 minus the square.", "DLMF 4.24"),
    Rule("acos",      1, "-d ./ sqrt(1 - a.^2)", _E, "The arccosine's derivative is minus 1 over the root of 1 minus the square.", "DLMF 4.24"),
    Rule("atan",      1, "d ./ (1 + a.^2)",      _E, "The arctangent's derivative is 1 over 1 plus the square.", "DLMF 4.24"),
    Rule("sigmoid",   1, "y .* (1 - y) .* d",    _E, "The sigmoid's derivative is itself times 1 minus itself.", "GBC 3.10"),
    Rule("softplus",  1, "sigmoid(a) .* d",      _E, "Softplus has the sigmoid as its derivative.", "GBC 3.10"),
    Rule("relu",      1, "[a > 0] .* d",         _E, "relu changes with its argument where that is positive, and not elsewhere.", "PH 5"),
    Rule("erf",       1, "2/sqrt(pi) exp(-a.^2) .* d", _E, "The error function's derivative is the bell curve 2/√π exp(−t²).", "DLMF 7.10"),
    # What is constant but for jumps.
    Rule("sign",      1, "",                     _E, "The sign is constant on either side of 0.", "PH 4.2"),
    Rule("step",      1, "",                     _E, "A step is constant on either side of its jump.", "PH 5"),
    *(Rule(name, k,   "",                        _E, "A condition is constant but where it changes over.", "PH 5")
      for name in ("gt", "lt", "ge", "le", "eq", "ne", "and", "or") for k in (1, 2)),
    Rule("not",       1, "",                     _E, "A condition is constant but where it changes over.", "PH 5"),
    *(Rule("delta", k, "",                       _C, "The Kronecker delta of two indices is constant.", "PH 4.2") for k in (1, 2)),
)
# fmt: on

RULES: Rules = {row.key: row for row in _ROWS}

# The constructs that are no operations of the table, and what is said of them.
CONSTRUCTS: Mapping[str, tuple[str, str]] = {
    "sum over an index": ("The derivative of a sum over an index is the sum of the derivatives.", "PH 4.4"),
    "cases": ("Each case has its own derivative; the conditions stay.", "PH 5"),
    "blocks": ("A matrix of parts has the derivatives of the parts, in the same places.", "PH 3"),
    "entry": ("An entry's derivative is a 1 at its place: a row of the identity.", "MC 2"),
    "partial derivatives": ("Each entry of the variable is a variable of its own.", "PH 3"),
    "definition": ("A defined name has the derivative of what it stands for.", "PH 4.5"),
}


def bent(rules: Rules, rule: Rule) -> Rules:
    """The table with one row replaced."""
    return {**rules, rule.key: rule}
