"""From the parameters that an author wrote to a picture.

In: the kind of a picture, its parameters as texts, and the scope of the lesson. Out: the picture, or what is
wrong and with which parameter. Decided here: what each kind may be told, and at which numbers a formula
without numbers is looked at. Numbers come from the language's own evaluation, slopes from dual numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.evaluate import Evaluation, OutOfRange, TooLargeToEvaluate, arranged, depth, seed
from tutor.language.expr import Expr
from tutor.language.numbers import Duals, Floats, plain
from tutor.language.operations import OPERATIONS
from tutor.language.read import read
from tutor.language.scope import Declared, Scope
from tutor.language.shape import Shape
from tutor.language.show import show
from tutor.language.suggest import nearest
from tutor.picture.picture import Box, Curve, LinearMap, Picture, Point, Shapes, Slope, Sparsity
from tutor.problem import Problem

SAMPLES = 241
"""Points of a curve: more than the dots across a wide terminal."""

LINES, BENDS = 5, 12
"""Lines of a grid each way, and steps to either side of its middle at which each is worked out."""

TRIALS = 12
"""Points at which an entry must not move for it to be said that it never does."""

SIZES = (4, 3, 5, 2, 6)
"""What sizes that have a name are taken to be, the first name first: different, so that none hides behind another."""

MOST = 24
"""Rows and columns that a pattern of entries may have."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """What is wrong with a parameter; `parameter` is empty where it is the picture itself."""

    parameter: str
    problem: Problem


class _Refused(Exception):  # noqa: N818 - a flaw on its way to the author
    def __init__(self, parameter: str, problem: Problem) -> None:
        self.flaw = Flaw(parameter, problem)


def make(kind: str, parameters: Mapping[str, str], scope: Scope) -> Picture | Flaw:
    """The picture of a kind, a key of `KINDS`, with these parameters."""
    row = KINDS[kind]
    try:
        for name in parameters:
            if name not in row.needed + row.possible:
                known = row.needed + row.possible
                message = f"A picture of the kind {kind} has no `{name}`. It has {', '.join(known)}."
                _refuse(name, "unknown-key", message, *nearest(name, known))
        for name in row.needed:
            if name not in parameters:
                _refuse("", "missing-key", f"A picture of the kind {kind} needs `{name}`.")
        with np.errstate(all="ignore"):
            return row.make(_Given(parameters, scope))
    except _Refused as refused:
        return refused.flaw
    except (OutOfRange, TooLargeToEvaluate) as error:
        return Flaw("of", Problem("wrong-value", f"This cannot be drawn: {error}."))


def _refuse(parameter: str, code: str, message: str, *mends: str) -> None:
    raise _Refused(parameter, Problem(code, message, None, tuple(mends)))


# -- what was given --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Given:
    """The parameters of one picture, read in the scope of the lesson."""

    texts: Mapping[str, str]
    scope: Scope

    def formula(self, name: str) -> Expr:
        found = read(self.texts[name], self.scope)
        if isinstance(found, Problem):
            raise _Refused(name, found)
        return found

    def variable(self, of: Expr) -> Expr:
        """What moves: the parameter `wrt`, or the one variable that the formula has."""
        if "wrt" in self.texts:
            wrt = self.formula("wrt")
            if not (isinstance(wrt, e.Variable | e.Defined) and wrt.item is None):
                _refuse("wrt", "wrong-value", "What moves is a declared variable or a defined name.")
            return wrt
        names = sorted({node.name for node in e.walk(of) if isinstance(node, e.Variable)})
        if len(names) != 1:
            told = f"the variables {', '.join(names)}" if names else "no variable"
            _refuse("of", "wrong-value", f"One variable is to move, and this has {told}.")
        return next(node for node in e.walk(of) if isinstance(node, e.Variable))

    def numbers(self, name: str, count: int, default: tuple[float, ...]) -> tuple[float, ...]:
        """So many numbers, in a row, in a column or alone."""
        if name not in self.texts:
            return default
        found = self.formula(name)
        if any(isinstance(node, e.Variable | e.Size) for node in e.walk(found)):
            _refuse(name, "wrong-value", "This place has to be numbers.")
        value = np.asarray(plain(Evaluation(Floats(), {}, {})(found)), dtype=float).reshape(-1)
        if len(value) != count or not np.isfinite(value).all():
            wanted = "one number" if count == 1 else f"{count} numbers, such as [{', '.join('1' * count)}]"
            _refuse(name, "wrong-value", f"This has to be {wanted}.")
        return tuple(map(float, value))


@dataclass(frozen=True)
class _Function:
    """A formula of one variable, at numbers."""

    of: Expr
    wrt: Expr
    sizes: Mapping[str, int]
    others: Mapping[str, Any]

    def values(self, places: Any) -> Any:
        """The values, (points, rows, columns), at places of the same form."""
        found = Evaluation(Floats(), self.sizes, {**self.others, self._name: places})(self.of)
        return np.broadcast_to(plain(found), (len(places), *self.of.shape.at(self.sizes)))

    def slopes(self, places: Any) -> Any:
        """The derivatives in numerator layout, (points, entries of the formula, entries of the variable)."""
        rows, columns = self.wrt.shape.at(self.sizes)
        seeded = seed(Floats(), places, rows, columns, depth(self.of))
        found = Evaluation(Duals(Floats()), self.sizes, {**self.others, self._name: seeded})(self.of)
        slopes = np.asarray(plain(arranged(found, self.of, self.wrt, self.sizes)))
        return np.broadcast_to(slopes, (len(places), *slopes.shape[-2:]))

    @property
    def _name(self) -> str:
        assert isinstance(self.wrt, e.Variable | e.Defined)
        return self.wrt.name


def _alone(of: Expr, wrt: Expr, sizes: Mapping[str, int]) -> _Function:
    """A formula that has no variable but the one that moves."""
    assert isinstance(wrt, e.Variable | e.Defined)
    others = sorted(set(_met(of, wrt.name)))
    if others:
        _refuse("of", "wrong-value", f"{others[0]} has no value here: write a number in its place.")
    return _Function(of, wrt, sizes, {})


def _met(node: Expr, name: str) -> Iterator[str]:
    """The variables in an expression but for what moves, and for what stands behind that."""
    if isinstance(node, e.Variable | e.Defined) and node.name == name:
        return
    if isinstance(node, e.Variable):
        yield node.name
    for child in e.children(node):
        yield from _met(child, name)


# -- the kinds -------------------------------------------------------------------------------------------------


def _slope(given: _Given) -> Slope:
    of = given.formula("of")
    wrt = given.variable(of)
    if not (of.shape.is_scalar and wrt.shape.is_scalar):
        _refuse("of", "wrong-value", f"A curve is a number that follows a number; this is {of.shape.described} "
                f"by {wrt.shape.described}.")  # fmt: skip
    told = given.texts.get("told", "yes")
    if told not in ("yes", "no"):
        _refuse("told", "wrong-value", "Whether the slope is told is yes or no.", "yes", "no")
    function = _alone(of, wrt, {})
    (at,) = given.numbers("at", 1, (0.0,))
    (begin,) = given.numbers("from", 1, (at - 3,))
    (end,) = given.numbers("to", 1, (at + 3,))
    if not begin < at < end:
        _refuse("at", "wrong-value", "The place has to lie between `from` and `to`.")
    places = np.union1d(np.linspace(begin, end, SAMPLES), [at])
    values = function.values(places[:, None, None])[:, 0, 0]
    near = (end - begin) * 1e-7
    left, right = map(float, function.slopes(np.array([at - near, at + near])[:, None, None])[:, 0, 0])
    height = float(values[np.searchsorted(places, at)])
    if not np.isfinite([left, right, height]).all():
        _refuse("at", "wrong-value", "The formula has no slope here.")
    if abs(left - right) < 1e-4 * max(1.0, abs(left), abs(right)):
        left = right = (left + right) / 2
    curve = tuple(zip(map(float, places), map(float, values), strict=True))
    return Slope(show(of), show(wrt), curve, (at, height), min(left, right), max(left, right), told == "yes")


def _linear_map(given: _Given) -> LinearMap:
    of = given.formula("of")
    wrt = given.variable(of)
    sizes = dict.fromkeys(_size_names(of, wrt), 2)
    if of.shape.at(sizes) != (2, 1) or wrt.shape.at(sizes) != (2, 1):
        _refuse("of", "wrong-value", "The plane is bent into the plane: the formula and what moves in it are "
                f"columns of two numbers. This is {of.shape.described} by {wrt.shape.described}.")  # fmt: skip
    function = _alone(of, wrt, sizes)
    at = np.array(given.numbers("at", 2, (1.0, 1.0)))
    (reach,) = given.numbers("reach", 1, (1.0,))
    if reach <= 0:
        _refuse("reach", "wrong-value", "The grid reaches out by a number above 0.")
    origin = function.values(at.reshape(1, 2, 1))[0, :, 0]
    jacobian = function.slopes(at.reshape(1, 2, 1))[0]
    if not (np.isfinite(origin).all() and np.isfinite(jacobian).all()):
        _refuse("at", "wrong-value", "The formula has no derivative here.")
    lines = _grid(reach)
    bent = [function.values((at + line)[:, :, None])[:, :, 0] for line in lines]
    straight = [origin + line @ jacobian.T for line in lines]
    columns = _point(jacobian[:, 0]), _point(jacobian[:, 1])
    curves = tuple(map(_curve, bent)), tuple(map(_curve, straight))
    return LinearMap(show(of), show(wrt), *curves, _point(origin), columns, min(reach, 1.0))


def _grid(reach: float) -> list[Any]:
    """The lines of a square grid around 0, both ways, each as (places, 2)."""
    along = np.linspace(-reach, reach, 2 * BENDS + 1)
    lines = []
    for fixed in np.linspace(-reach, reach, LINES):
        still = np.full_like(along, fixed)
        lines += [np.stack([along, still], axis=1), np.stack([still, along], axis=1)]
    return lines


def _curve(places: Any) -> Curve:
    return tuple(_point(place) for place in places)


def _point(place: Any) -> Point:
    return float(place[0]), float(place[1])


def _sparsity(given: _Given) -> Sparsity:
    of = given.formula("of")
    wrt = given.variable(of)
    assert isinstance(wrt, e.Variable | e.Defined)
    sizes = dict(zip(_size_names(of, wrt), SIZES * 9, strict=False))
    counts = [int(np.prod(part.shape.at(sizes))) for part in (of, wrt)]
    if max(counts) > MOST:
        _refuse("of", "wrong-value", f"This has more than {MOST} rows or columns, even for small sizes.")
    dice = np.random.default_rng(0)
    met = {node.name for part in (of, wrt) for node in e.walk(part) if isinstance(node, e.Variable)}
    drawn = {name: _drawn(given.scope.variables[name], sizes, dice) for name in sorted(met)}
    places = drawn.get(wrt.name)
    if places is None:
        places = dice.normal(size=(TRIALS, *wrt.shape.at(sizes)))
    slopes = _Function(of, wrt, sizes, drawn).slopes(places).reshape(TRIALS, -1)
    moves = (np.nan_to_num(slopes, nan=1.0) != 0).any(axis=0)
    # Of a scalar by a matrix the derivative lies the other way; a pattern has the entries one after the other.
    if of.shape.is_scalar and not (wrt.shape.is_column or wrt.shape.is_row):
        moves = moves.reshape(wrt.shape.transposed.at(sizes)).T
    grid = moves.reshape(counts)[np.ix_(*(_by_columns(*part.shape.at(sizes)) for part in (of, wrt)))]
    rows, columns = _entry_names(show(of), of.shape, sizes), _entry_names(show(wrt), wrt.shape, sizes)
    return Sparsity(show(of), show(wrt), rows, columns, tuple(tuple(map(bool, row)) for row in grid))


def _drawn(declared: Declared, sizes: Mapping[str, int], dice: np.random.Generator) -> Any:
    """Values of a variable at some points, with the qualities that matter for where it can be put."""
    rows, columns = declared.shape.at(sizes)
    items = () if declared.items is None else (declared.items.at(sizes),)
    values = dice.normal(size=(*items, TRIALS, rows, columns))
    turned = values.swapaxes(-1, -2)
    if "definite" in declared.qualities:
        return values @ turned + np.eye(rows)
    if "symmetric" in declared.qualities:
        return values + turned
    if declared.qualities & {"positive", "nonnegative", "simplex"}:
        values = np.abs(values)
    return values / values.sum(axis=(-1, -2), keepdims=True) if "simplex" in declared.qualities else values


def _entry_names(name: str, shape: Shape, sizes: Mapping[str, int]) -> tuple[str, ...]:
    """`1`, `2`, … for a vector, `1,1`, `1,2`, … for a matrix, and nothing for a number."""
    rows, columns = shape.at(sizes)
    if rows == 1 or columns == 1:
        return tuple(str(k + 1) for k in range(rows * columns)) if rows * columns > 1 else ("",)
    return tuple(f"{k // columns + 1},{k % columns + 1}" for k in _by_columns(rows, columns))


def _by_columns(rows: int, columns: int) -> list[int]:
    """The entries of a matrix as vec has them, by their numbers row by row."""
    return [r * columns + c for c in range(columns) for r in range(rows)]


def _size_names(*parts: Expr) -> list[str]:
    """The names of the sizes in some expressions, in the order in which they are met."""
    dims = [dim for part in parts for node in e.walk(part) for dim in node.shape.dims]
    return list(dict.fromkeys(name for dim in dims for name in sorted(dim.names)))


# -- the boxes of a product ------------------------------------------------------------------------------------

_SIGNS = {"add": "+", "subtract": "−", "hadamard": "⊙", "over": "⊘", "dot": "·", "times": ""}


def _shapes(given: _Given) -> Shapes:
    of = given.formula("of")
    parts = tuple(_parts(of))
    if len(parts) == 1:
        _refuse("of", "wrong-value", "This has no parts: boxes show a product or a sum.")
    return Shapes(parts, _box("", of.shape))


def _parts(node: Expr) -> list[Box | str]:
    """The boxes of an expression, with the signs of the operations between them."""
    if isinstance(node, e.Apply) and node.operation.name in _SIGNS:
        left, right = node.arguments
        sign = _SIGNS[node.operation.name]
        inner = _parts(left), _parts(right)
        if sign not in ("+", "−"):
            inner = _bracketed(left, inner[0]), _bracketed(right, inner[1])
        return [*inner[0], *([sign] if sign else []), *inner[1]]
    return [_box(show(node), node.shape)]


def _bracketed(node: Expr, parts: list[Box | str]) -> list[Box | str]:
    is_sum = isinstance(node, e.Apply) and node.operation in (OPERATIONS["add"], OPERATIONS["subtract"])
    return ["(", *parts, ")"] if is_sum else parts


def _box(name: str, shape: Shape) -> Box:
    return Box(name, str(shape.rows), str(shape.columns))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a picture of a kind is told, and how it is made."""

    needed: tuple[str, ...]
    possible: tuple[str, ...]
    make: Callable[[_Given], Picture]


KINDS: Mapping[str, Kind] = {
    "slope":      Kind(("of",), ("wrt", "at", "from", "to", "told"), _slope),
    "linear-map": Kind(("of",), ("wrt", "at", "reach"), _linear_map),
    "sparsity":   Kind(("of",), ("wrt",), _sparsity),
    "shapes":     Kind(("of",), (), _shapes),
}  # fmt: skip
