"""The derivatives of every operation agree with differences of its values, and those of SymPy."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from itertools import product
from typing import Any

import numpy as np
import pytest
import sympy

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation
from tutor.language.expr import Expr
from tutor.language.layout import LAYOUTS, derivative_shape
from tutor.language.numbers import ELEMENTWISE, Digits, Dual, Duals, Floats, plain
from tutor.language.operation import Operation
from tutor.language.operations import OPERATIONS
from tutor.language.scope import Declared, Scope
from tutor.language.shape import ONE, SCALAR, Dim, Shape, Sizes
from tutor.marking.grade import grade
from tutor.marking.question import Question
from tutor.marking.truth import true_value

Matrix = Any
SIZES = {"n": 3, "m": 2}
N, M = Dim.of("n"), Dim.of("m")
SHAPES = (SCALAR, Shape(N, ONE), Shape(ONE, N), Shape(N, N), Shape(M, N), Shape(N, M))
_INDICES = frozenset({"delta"})  # of whole numbers


def uses(operation: Operation) -> Iterator[tuple[Shape, ...]]:
    """The shapes of arguments that an operation takes."""
    for shapes in product(SHAPES, repeat=operation.arity[0]):
        if not isinstance(operation.shape(Sizes(), shapes), str):
            yield shapes


def values_of(shapes: tuple[Shape, ...], points: int = 2) -> dict[str, Matrix]:
    """Numbers between 0.2 and 0.8, where every function is defined."""
    dice = np.random.default_rng(20180205)
    made = {}
    for name, shape in zip("uv", shapes, strict=False):
        rows, columns = shape.at(SIZES)
        made[name] = dice.uniform(0.2, 0.8, (points, rows, columns))
    return made


def applied(operation: Operation, shapes: tuple[Shape, ...]) -> Expr:
    arguments: list[Expr] = [e.Variable(name, shape=shape) for name, shape in zip("uv", shapes, strict=False)]
    if operation.name == "power" and not shapes[0].is_scalar:
        arguments[1] = e.Number(Fraction(3), shape=SCALAR)  # the reader takes whole exponents of a matrix only
    shape = operation.shape(Sizes(), [a.shape for a in arguments])
    assert isinstance(shape, Shape)
    return e.Apply(operation, tuple(arguments), shape=shape)


def asked(of: Expr, wrt: Expr, shapes: tuple[Shape, ...], layout: str, kind: str = "derivative") -> Question:
    scope = Scope({name: Declared(shape) for name, shape in zip("uv", shapes, strict=False)}, layout=layout)
    return Question(kind, scope, of, wrt, layout, {}, SCALAR)


def differences(of: Expr, values: dict[str, Matrix], name: str) -> Matrix:
    """vec of the expression by vec of a variable, by central differences."""
    step = 1e-6
    rows, columns = values[name].shape[-2:]
    slopes = []
    for column, row in product(range(columns), range(rows)):
        sides = []
        for by in (step, -step):
            moved = values[name].copy()
            moved[..., row, column] += by
            value = plain(Evaluation(Floats(), SIZES, {**values, name: moved})(of))
            full = np.broadcast_to(value, (moved.shape[0], *of.shape.at(SIZES)))
            sides.append(full.swapaxes(-1, -2).reshape(moved.shape[0], -1))
        slopes.append((sides[0] - sides[1]) / (2 * step))
    return np.stack(slopes, axis=-1)


def vec(node: Expr) -> Expr:
    size = node.shape.rows * node.shape.columns
    return e.Apply(OPERATIONS["vec"], (node,), shape=Shape(size, ONE))


@pytest.mark.parametrize("name", [name for name, row in OPERATIONS.items() if row.arity[0] and name not in _INDICES])
def test_the_derivative_of_every_operation_is_what_differences_say(name: str) -> None:
    operation = OPERATIONS[name]
    cases = list(uses(operation))
    assert cases
    for shapes in cases:
        of, values = applied(operation, shapes), values_of(shapes)
        if name == "logdet":  # of a matrix whose determinant is positive
            values["u"] = values["u"] @ values["u"].swapaxes(-1, -2) + np.eye(values["u"].shape[-1])
        for variable in {node for node in e.walk(of) if isinstance(node, e.Variable)}:
            question = asked(vec(of), vec(variable), shapes, "numerator")
            found = true_value(question, Floats(), SIZES, values)
            expected = differences(of, values, variable.name)
            found = np.broadcast_to(found, expected.shape)
            assert np.allclose(found, expected, rtol=1e-5, atol=1e-6), (shapes, variable.name)


def arranged_apart(slopes: Matrix, of: Shape, wrt: Shape, layout: str) -> Matrix:
    """The numerator layout from the table of the notation, and its transpose."""
    (p, q), (r, s) = of.at(SIZES), wrt.at(SIZES)
    if p * q == 1:  # scalar by matrix m×n → n×m
        numerator = slopes[:, 0, :].reshape(-1, s, r)
    elif r * s == 1:  # matrix m×n by scalar → m×n
        numerator = slopes[:, :, 0].reshape(-1, q, p).swapaxes(-1, -2)
    else:  # vector m by vector n → m×n
        numerator = slopes
    return numerator if layout == "numerator" else numerator.swapaxes(-1, -2)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_both_layouts_of_every_pair_of_shapes(layout: str) -> None:
    """sin(c ⊙ variable's sum + …) of each shape by each shape, arranged as the notation's table says."""
    pairs = [(a, b) for a, b in product(SHAPES, repeat=2) if derivative_shape(a, b, layout) is not None]
    assert len(pairs) == 15
    for of_shape, wrt_shape in pairs:
        shapes = (of_shape, wrt_shape)
        u, v = (e.Variable(name, shape=shape) for name, shape in zip("uv", shapes, strict=True))
        powers = e.Apply(OPERATIONS["powers"], (v, e.Number(Fraction(2), shape=SCALAR)), shape=wrt_shape)
        total = e.Apply(OPERATIONS["sum"], (powers,), shape=SCALAR)
        inside = e.Apply(OPERATIONS["hadamard"], (u, total), shape=of_shape)
        of = e.Apply(OPERATIONS["sin"], (inside,), shape=of_shape)
        values = values_of(shapes)
        found = true_value(asked(of, v, shapes, layout), Floats(), SIZES, values)
        expected = arranged_apart(differences(of, values, "v"), of_shape, wrt_shape, layout)
        assert found.shape == expected.shape
        assert found.shape[1:] == derivative_shape(of_shape, wrt_shape, layout).at(SIZES)  # type: ignore[union-attr]
        assert np.allclose(found, expected, rtol=1e-5, atol=1e-7), shapes


def test_where_a_function_has_no_value_it_has_no_derivative() -> None:
    """log(u) at −1: its slope 1/u has a value there, and is none."""
    u = e.Variable("u", shape=Shape(N, ONE))
    of = e.Apply(OPERATIONS["log"], (u,), shape=u.shape)
    values = {"u": np.array([[[1.0], [-1.0], [2.0]]])}
    found = true_value(asked(of, u, (u.shape,), "numerator"), Floats(), SIZES, values)
    assert np.isnan(found[0, 1]).all()
    assert np.allclose(found[0, [0, 2]], np.array([[1, 0, 0], [0, 0, 0.5]]))


def test_a_hessian_is_the_difference_of_gradients() -> None:
    shapes = (Shape(N, ONE), Shape(N, N))
    u, v = (e.Variable(name, shape=shape) for name, shape in zip("uv", shapes, strict=True))
    of = e.Apply(OPERATIONS["logsumexp"], (e.Apply(OPERATIONS["times"], (v, u), shape=u.shape),), shape=SCALAR)
    values = values_of(shapes)
    found = true_value(asked(of, u, shapes, "numerator", "hessian"), Floats(), SIZES, values)
    for column in range(3):
        sides = []
        for by in (1e-5, -1e-5):
            moved = values["u"].copy()
            moved[:, column] += by
            question = asked(of, u, shapes, "numerator", "gradient")
            sides.append(true_value(question, Floats(), SIZES, {**values, "u": moved}))
        assert np.allclose(found[:, :, column : column + 1], (sides[0] - sides[1]) / 2e-5, atol=1e-7)


@pytest.mark.parametrize("points", [1, 5])
def test_derivatives_by_an_item_of_sums_over_lists_keep_their_axes(points: int) -> None:
    """A sum over items, over entries, and over both, by the vector that they share."""
    variables = {"w": "vector n", "x": "list N of vector n", "y": "list N of scalar"}
    request = {"variables": variables, "ask": {"gradient": "sum_i (y_i - sum_k w_k^2 x_ik)^2", "wrt": "w"}}
    question = Question.from_request(request)
    assert isinstance(question, Question)
    dice, sizes = np.random.default_rng(1), {"n": 3, "N": 4}
    w, x, y = dice.normal(size=(points, 3, 1)), dice.normal(size=(4, points, 3, 1)), dice.normal(size=(4, points, 1, 1))
    found = true_value(question, Floats(), sizes, {"w": w, "x": x, "y": y})
    residual = y - (w**2 * x).sum(axis=-2, keepdims=True)
    assert np.allclose(found, (-4 * residual * x * w).sum(axis=0))


# -- against SymPy -----------------------------------------------------------------------------------------------------

_X = sympy.Symbol("x", real=True)
_THEIRS: dict[str, Any] = {
    "abs": abs(_X), "relu": sympy.Max(0, _X), "step": sympy.Heaviside(_X), "sigmoid": 1 / (1 + sympy.exp(-_X)),
    "softplus": sympy.log(1 + sympy.exp(_X)), "sign": sympy.sign(_X),
}  # fmt: skip


@pytest.mark.parametrize("name", ELEMENTWISE)
def test_every_slope_is_sympys(name: str) -> None:
    """The derivative that duals carry, with 60 digits, at points on both sides of 0."""
    function = _THEIRS.get(name, getattr(sympy, name)(_X) if hasattr(sympy, name) else None)
    digits = Digits()
    for numerator in (-7, -3, 2, 5, 9):
        point = sympy.Rational(numerator, 10)
        if name in {"log", "sqrt"} and numerator < 0:
            continue
        theirs = sympy.diff(function, _X).subs(_X, point).evalf(50)
        at = digits.number(Fraction(numerator, 10))
        ours = Duals(digits).call(name, Dual(at, at * 0 + 1)).tangent
        assert abs(digits.mp.mpf(ours.flat[0]) - digits.mp.mpf(str(theirs))) < digits.mp.mpf(10) ** -45


@pytest.mark.parametrize("name", [name for name in ELEMENTWISE if name not in _THEIRS])
def test_sympys_derivative_is_a_right_answer_and_proved(name: str) -> None:
    """The exact truth of entries, against what SymPy's diff writes of the same formula."""
    variables = {"x": "positive scalar"}
    for inner in ("x", "x**2/3", "2*x - x**3"):
        theirs = sympy.diff(getattr(sympy, name)(sympy.sympify(inner, {"x": _X})), _X)
        ask = {"derivative": f"{name}({inner})", "wrt": "x"}
        for answer in (str(theirs), str(sympy.expand(theirs))):
            reply = grade({"variables": variables, "ask": ask, "answer": answer})
            assert (reply.verdict, reply.proof) == ("correct", "exact"), (inner, answer, reply.message)
            spoiled = grade({"variables": variables, "ask": ask, "answer": f"1.0000001*({answer})"})
            assert spoiled.verdict == "incorrect", answer


def test_an_inverse_of_what_is_no_number_is_no_number() -> None:
    digits = Digits()
    matrix = np.array([[digits.mp.nan, digits.mp.one], [digits.mp.one, digits.mp.nan]], dtype=object)
    assert all(digits.mp.isnan(entry) for entry in digits.inverse(matrix).flat)
