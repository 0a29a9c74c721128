"""TABLE 1: the operations of the notation, a row each.

A row says how an operation is spelled, which shapes it takes and gives, what it means over arrays of any
number system, and how it is shown. Reading, evaluating, typesetting and the manual walk this table; to add
an operation is to add a row (and, for a new elementwise function, its slope in `numbers.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import reduce

import numpy as np

from tutor.language import numbers as n
from tutor.language.numbers import Array, Numbers
from tutor.language.operation import Form, Level, Meaning, Operation, ShapeRule
from tutor.language.shape import ONE, SCALAR, Shape, Sizes

# -- shape rules --------------------------------------------------------------------------------------------


def _entrywise(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    """One shape, or scalars that stand for every entry."""
    result = SCALAR
    for shape in shapes:
        if shape.is_scalar:
            continue
        if result.is_scalar:
            result = shape
        elif not sizes.meet_shapes(result, shape):
            return f"{sizes.shape(result).described} and {sizes.shape(shape).described} do not have one shape"
    return result


def _times(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    a, b = shapes
    if a.is_scalar or b.is_scalar:
        return b if a.is_scalar else a
    if not sizes.meet(a.columns, b.rows):
        return (
            f"{sizes.shape(a).described} times {sizes.shape(b).described} does not meet: "
            f"{sizes(a.columns)} columns, {sizes(b.rows)} rows"
        )
    return Shape(a.rows, b.columns)


def _dot(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    a, b = shapes
    if (a.is_column or a.is_row) and sizes.meet_shapes(a, b):
        return SCALAR
    return f"a dot product needs two columns of one size, not {sizes.shape(a).described} and {sizes.shape(b).described}"


def _by_scalar(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    a, b = shapes
    if not b.is_scalar:
        return f"one can divide by a scalar, not by {sizes.shape(b).described}"
    return a


def _kron(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    a, b = shapes
    return Shape(a.rows * b.rows, a.columns * b.columns)


def _power(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    base, exponent = shapes
    if not exponent.is_scalar:
        return f"an exponent must be a scalar, not {sizes.shape(exponent).described}"
    if base.is_scalar:
        return base
    return _square(sizes, [base])


def _square(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    (a,) = shapes
    if not sizes.meet(a.rows, a.columns):
        return f"this needs a square matrix, not {sizes.shape(a).described}"
    return a


def _of_square(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    shape = _square(sizes, shapes)
    return shape if isinstance(shape, str) else SCALAR


def _diag(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    (a,) = shapes
    if a.is_scalar:
        return "diag needs a vector or a matrix, not a scalar"
    if a.is_column or a.is_row:
        size = a.rows if a.is_column else a.columns
        return Shape(size, size)
    shape = _square(sizes, shapes)
    return shape if isinstance(shape, str) else Shape(a.rows, ONE)


def _outer(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    for shape in shapes:
        if not (shape.is_column or shape.is_row):
            return f"outer needs two vectors, not {sizes.shape(shape).described}"
    a, b = shapes
    return Shape(a.rows * a.columns, b.rows * b.columns)


def _of_vector(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    (a,) = shapes
    if a.is_scalar or not (a.is_column or a.is_row):
        return f"this needs a vector, not {sizes.shape(a).described}"
    return a


def _of_vector_to_scalar(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    shape = _of_vector(sizes, shapes)
    return shape if isinstance(shape, str) else SCALAR


def _to_scalar(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    return SCALAR


def _same(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    return shapes[0]


def _all_scalars(sizes: Sizes, shapes: Sequence[Shape]) -> Shape | str:
    for shape in shapes:
        if not shape.is_scalar:
            return f"two indices are compared here, not {sizes.shape(shape).described}"
    return SCALAR


# -- meanings ----------------------------------------------------------------------------------------------


def _is_scalar(a: Array) -> bool:
    return tuple(a.shape[-2:]) == (1, 1)


def _multiply(N: Numbers, a: Array, b: Array) -> Array:
    return a * b if _is_scalar(a) or _is_scalar(b) else a @ b


def _column(a: Array) -> Array:
    return a if a.shape[-1] == 1 else n.transpose(a)


def _raise(N: Numbers, base: Array, exponent: Array) -> Array:
    if _is_scalar(base):
        return N.power(base, exponent)
    # The reader lets only whole numbers through as exponents of a matrix.
    times = N.whole(exponent)
    if times < 0:
        base, times = N.inverse(base), -times
    if times == 0:
        return N.filled(np.eye(base.shape[-1], dtype=int))
    return reduce(lambda a, b: a @ b, [base] * times)


def _larger(N: Numbers, a: Array, b: Array) -> Array:
    return N.select(N.positive(a - b), a + 0 * b, b + 0 * a)


def _smaller(N: Numbers, a: Array, b: Array) -> Array:
    return N.select(N.positive(b - a), a + 0 * b, b + 0 * a)


def _fold(choose: Callable[[Numbers, Array, Array], Array]) -> Meaning:
    def meaning(N: Numbers, a: Array) -> Array:
        column = _column(a)
        pieces = [n.piece(column, k, 0) for k in range(column.shape[-2])]
        return reduce(lambda x, y: choose(N, x, y), pieces)

    return meaning


def _product_of_entries(N: Numbers, a: Array) -> Array:
    rows, columns = a.shape[-2:]
    return reduce(lambda x, y: x * y, [n.piece(a, i, j) for i in range(rows) for j in range(columns)])


def _softmax(N: Numbers, a: Array) -> Array:
    weights = N.call("exp", a)
    return weights / n.total(weights)


def _norm(N: Numbers, a: Array) -> Array:
    return N.call("sqrt", n.total(a * a))


def _mean(N: Numbers, a: Array) -> Array:
    return n.total(a) / (a.shape[-1] * a.shape[-2])


def _above(N: Numbers, a: Array, b: Array) -> Array:
    return N.positive(a - b)


def _diagonal_of(N: Numbers, a: Array) -> Array:
    return n.on_diagonal(a) if 1 in a.shape[-2:] else n.diagonal(a)


def _call(name: str) -> Meaning:
    return lambda N, a: N.call(name, a)


# -- the table ----------------------------------------------------------------------------------------------


def _row(
    name: str, shape: ShapeRule, meaning: Meaning, form: Form = Form.CALL, level: Level = Level.ATOM,
    sign: str = "", spellings: str = "", arity: int = 1, *, condition: bool = False, example: str = "", says: str = "",
) -> Operation:  # fmt: skip
    words = tuple(spellings.split())
    return Operation(
        name, shape, meaning, form, level, sign or (words[0] if words else name), words, (arity, arity),
        condition, example, says,
    )  # fmt: skip


_I, _P, _S, _C = Form.INFIX, Level.PRODUCT, Level.SUM, Level.COMPARISON

_ROWS = (
    # name, shape rule, meaning, form, level, sign, call spellings, arity, example and what it is for
    _row("add", _entrywise, lambda N, a, b: a + b, _I, _S, " + ", arity=2, example="x + b", says="a sum; a scalar is added to every entry"),
    _row("subtract", _entrywise, lambda N, a, b: a - b, _I, _S, " − ", arity=2, example="x − y", says="a difference"),
    _row("negative", _same, lambda N, a: -a, Form.PREFIX, Level.NEGATIVE, "−", example="−x", says="the negative"),
    _row("times", _times, _multiply, _I, _P, " ", arity=2, example="A x, 2x, A*x, A@x", says="a product of scalars, a scaling or a matrix product"),
    _row("dot", _dot, lambda N, a, b: n.total(a * b), _I, _P, "·", "dot", 2, example="w·x, dot(w, x), ⟨w, x⟩", says="the dot product of two columns"),
    _row("hadamard", _entrywise, lambda N, a, b: a * b, _I, _P, " ⊙ ", arity=2, example="w .* x, w ⊙ x", says="the product entry by entry"),
    _row("divide", _by_scalar, lambda N, a, b: a / b, Form.FRACTION, _P, "/", arity=2, example="x/2", says="a quotient by a scalar"),
    _row("over", _entrywise, lambda N, a, b: a / b, _I, _P, " ⊘ ", arity=2, example="w ./ x, 1 ./ x", says="the quotient entry by entry"),
    _row("kron", _kron, lambda N, a, b: n.kron(a, b), _I, _P, " ⊗ ", "kron", 2, example="kron(A, B), A ⊗ B", says="the Kronecker product"),
    _row("power", _power, _raise, Form.POWER, Level.POSTFIX, "^", arity=2, example="a^2, A^-1, A⁻¹", says="a power of a scalar or of a square matrix"),
    _row("powers", _entrywise, lambda N, a, b: N.power(a, b), Form.POWER, Level.POSTFIX, ".^", arity=2, example="x.^2", says="powers entry by entry"),
    _row("transpose", lambda z, s: s[0].transposed, lambda N, a: n.transpose(a), Form.POSTFIX, Level.POSTFIX, "ᵀ", "transpose", example="x', x^T, xᵀ, x.T", says="the transpose"),
    _row("inverse", _square, lambda N, a: N.inverse(a), Form.POSTFIX, Level.POSTFIX, "⁻¹", "inv", example="inv(A)", says="the inverse"),
    _row("abs", _same, _call("abs"), Form.BARS, Level.ATOM, "|", "abs", example="|t|, abs(x)", says="the absolute value of each entry"),
    _row("norm", _to_scalar, _norm, Form.BARS, Level.ATOM, "‖", "norm", example="‖x‖, norm(x)", says="the 2-norm; Frobenius for a matrix"),
    _row("norm1", _to_scalar, lambda N, a: n.total(N.call("abs", a)), sign="norm", example="norm(x, 1)", says="the sum of the absolute values"),
    _row("sum", _to_scalar, lambda N, a: n.total(a), spellings="sum", example="sum(x)", says="the sum of all entries"),
    _row("mean", _to_scalar, _mean, spellings="mean", example="mean(x)", says="the mean of all entries"),
    _row("prod", _to_scalar, _product_of_entries, spellings="prod", example="prod(x)", says="the product of all entries"),
    _row("trace", _of_square, lambda N, a: n.trace(a), spellings="tr trace", example="tr(A)", says="the sum of the diagonal"),
    _row("det", _of_square, lambda N, a: n.determinant(a), spellings="det", example="det(A)", says="the determinant"),
    _row("logdet", _of_square, lambda N, a: N.call("log", n.determinant(a)), spellings="logdet", example="logdet(A)", says="the log of the determinant"),
    _row("diag", _diag, _diagonal_of, spellings="diag", example="diag(v)", says="a vector on a diagonal; of a matrix its diagonal"),
    _row("outer", _outer, lambda N, a, b: _column(a) @ n.transpose(_column(b)), spellings="outer", arity=2, example="outer(u, v)", says="the outer product u vᵀ"),
    _row("vec", lambda z, s: Shape(s[0].rows * s[0].columns, ONE), lambda N, a: n.vec(a), spellings="vec", example="vec(A)", says="the columns of A on top of each other"),
    _row("maximum", _entrywise, _larger, spellings="max maximum", arity=2, example="max(a, b)", says="the larger one, entry by entry"),
    _row("minimum", _entrywise, _smaller, spellings="min minimum", arity=2, example="min(a, b)", says="the smaller one, entry by entry"),
    _row("largest", _of_vector_to_scalar, _fold(_larger), sign="max", example="max(x)", says="the largest entry of a vector"),
    _row("smallest", _of_vector_to_scalar, _fold(_smaller), sign="min", example="min(x)", says="the smallest entry of a vector"),
    _row("softmax", _of_vector, _softmax, spellings="softmax", example="softmax(x)", says="exp(x)/sum(exp(x))"),
    _row("logsumexp", _of_vector_to_scalar, lambda N, a: N.call("log", n.total(N.call("exp", a))), spellings="logsumexp", example="logsumexp(x)", says="log(sum(exp(x)))"),
    _row("gt", _entrywise, _above, _I, _C, " > ", arity=2, condition=True, example="[z > 0], 1(z > 0)", says="1 where it holds, else 0"),
    _row("lt", _entrywise, lambda N, a, b: _above(N, b, a), _I, _C, " < ", arity=2, condition=True, example="[z < 0]", says="1 where it holds, else 0"),
    _row("ge", _entrywise, lambda N, a, b: 1 - _above(N, b, a), _I, _C, " ≥ ", arity=2, condition=True, example="[z >= 0]", says="1 where it holds, else 0"),
    _row("le", _entrywise, lambda N, a, b: 1 - _above(N, a, b), _I, _C, " ≤ ", arity=2, condition=True, example="[z <= 0]", says="1 where it holds, else 0"),
    _row("eq", _entrywise, lambda N, a, b: N.vanishes(a - b), _I, _C, " = ", arity=2, condition=True, example="[i = j]", says="1 where it holds, else 0"),
    _row("ne", _entrywise, lambda N, a, b: 1 - N.vanishes(a - b), _I, _C, " ≠ ", arity=2, condition=True, example="[i != j]", says="1 where it holds, else 0"),
    _row("and", _entrywise, lambda N, a, b: a * b, _I, Level.AND, " and ", arity=2, condition=True, example="[z > 0 and b > 0]", says="both hold"),
    _row("or", _entrywise, lambda N, a, b: a + b - a * b, _I, Level.OR, " or ", arity=2, condition=True, example="[z > 0 or b > 0]", says="one of them holds"),
    _row("not", _same, lambda N, a: 1 - a, Form.PREFIX, Level.NOT, "not ", condition=True, example="[not z > 0]", says="it does not hold"),
    _row("delta", _all_scalars, lambda N, a, b: N.vanishes(a - b), spellings="delta δ", arity=2, example="δ_ij, delta(i, j)", says="1 where the indices are equal, else 0"),
    _row("pi", _to_scalar, lambda N: N.call("pi", N.number(Fraction(0))), Form.CONSTANT, sign="π", arity=0, example="pi, π", says="3.14159…"),
    _row("e", _to_scalar, lambda N: N.call("exp", N.number(Fraction(1))), Form.CONSTANT, sign="e", arity=0, example="e", says="2.71828…"),
    # The elementwise functions: their name in the number systems, and what else they may be called.
    _row("exp", _same, _call("exp"), spellings="exp"),
    _row("log", _same, _call("log"), spellings="log ln"),
    _row("sqrt", _same, _call("sqrt"), spellings="sqrt", example="sqrt(x), √x"),
    _row("sin", _same, _call("sin"), spellings="sin"),
    _row("cos", _same, _call("cos"), spellings="cos"),
    _row("tan", _same, _call("tan"), spellings="tan"),
    _row("sec", _same, _call("sec"), spellings="sec"),
    _row("csc", _same, _call("csc"), spellings="csc"),
    _row("cot", _same, _call("cot"), spellings="cot"),
    _row("sinh", _same, _call("sinh"), spellings="sinh"),
    _row("cosh", _same, _call("cosh"), spellings="cosh"),
    _row("tanh", _same, _call("tanh"), spellings="tanh"),
    _row("sech", _same, _call("sech"), spellings="sech"),
    _row("asin", _same, _call("asin"), spellings="asin arcsin"),
    _row("acos", _same, _call("acos"), spellings="acos arccos"),
    _row("atan", _same, _call("atan"), spellings="atan arctan"),
    _row("sign", _same, _call("sign"), spellings="sign sgn"),
    _row("relu", _same, _call("relu"), spellings="relu"),
    _row("step", _same, _call("step"), spellings="step heaviside"),
    _row("sigmoid", _same, _call("sigmoid"), sign="σ", spellings="sigmoid σ"),
    _row("softplus", _same, _call("softplus"), spellings="softplus"),
    _row("erf", _same, _call("erf"), spellings="erf"),
)  # fmt: skip

OPERATIONS: dict[str, Operation] = {row.name: row for row in _ROWS}
# What a call may be named, and which row it means.
CALLS: dict[str, Operation] = {spelling: row for row in _ROWS for spelling in row.spellings}
# Calls whose arguments the reader treats in a way of its own.
SPECIAL = frozenset({"ones", "zeros", "eye", "unit", "cases", "Piecewise", "if", "where", "D"})
CONSTANTS = frozenset({"I", "𝟏", "𝟙", "e", "π"})
COMPARISONS = {">": "gt", "<": "lt", "≥": "ge", "≤": "le", "=": "eq", "≠": "ne"}
ELEMENTWISE = frozenset(n.ELEMENTWISE)
