"""A generated function, run: its derivative beside the finite differences of its value.

In: a question and the code for it. Out: whether the two agree, at points of the question's own kind.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from tutor.language import expr as e
from tutor.language.numpy_code import spelled
from tutor.language.shape import Shape
from tutor.marking.question import Question
from tutor.marking.sample import choose_sizes, draw, least_sizes

Values = dict[str, Any]
FUNCTIONS = (np.sin, np.cos, lambda t: -np.sin(t), lambda t: -np.cos(t))
ENOUGH = 2


def agrees(question: Question, code: str) -> bool | None:
    """Whether value and derivative belong together; None where the value exists at no point that was tried."""
    function, called = _function(code)
    seen = 0
    for values in _points(question):
        arguments = {name: values[name] for name in called}
        with np.errstate(all="ignore"):
            told = np.asarray(function(**arguments)[1], dtype=float)
            found = _differences(question, function, arguments)
            again = _differences(question, function, arguments, step=3e-4)
        if not np.allclose(found, again, rtol=1e-2, atol=1e-3):
            continue  # no slope that differences can tell: a kink, a pole, the end of where it is defined
        if told.shape not in ((), found.shape) or not np.allclose(told, found, rtol=2e-3, atol=1e-4):
            return False
        seen += 1
        if seen == ENOUGH:
            return True
    return None if seen == 0 else True


def _function(code: str) -> tuple[Callable[..., Any], tuple[str, ...]]:
    space: dict[str, Any] = {}
    exec(code, space)  # the code is our own, made of a typed tree
    function = next(v for name, v in space.items() if name.startswith("value_and_"))
    return function, function.__code__.co_varnames[: function.__code__.co_argcount]


def _points(question: Question) -> Iterator[Values]:
    dice = np.random.default_rng(20180205)
    sizes = choose_sizes(question.scope, least_sizes(question.of, question.wrt))[0]
    for _ in range(6):
        points = draw(question.scope, sizes, dice)
        for k in range(points.short, points.short + 7):
            yield _values(question, points.values, k, sizes, dice)


def _values(question: Question, drawn: Mapping[str, Any], k: int, sizes: dict[str, int], dice: Any) -> Values:
    """Everything that a generated function may ask for, by name."""
    values: Values = dict(sizes)
    for name, declared in question.scope.variables.items():
        if declared.is_function:
            values |= {f"{d}{name}": f for d, f in zip(("", "d", "d2", "d3"), FUNCTIONS, strict=True)}
        else:
            values[name] = _flat(drawn[name][..., k, :, :], declared.shape, declared.items is not None)
    for name, definition in question.scope.definitions.items():
        shape = definition.body.shape
        if definition.index is None:
            values[name] = _flat(dice.normal(size=shape.at(sizes)), shape, False)
    values |= {name: int(dice.integers(reach.at(sizes))) for name, reach in question.free.items()}
    return {spelled(name): value for name, value in values.items()}


def _flat(array: Any, shape: Shape, is_list: bool) -> Any:
    """Columns and rows with one axis, scalars with none; a list keeps its axis of items."""
    lead = array.shape[:1] if is_list else ()
    kept = [n for dim, n in zip(shape.dims, array.shape[-2:], strict=True) if dim.constant != 1]
    return np.asarray(array, dtype=float).reshape((*lead, *kept))[()]


def _differences(question: Question, function: Callable[..., Any], arguments: Values, step: float = 1e-4) -> Any:
    """The derivative by differences, laid out as the question wants it."""
    wrt = question.wrt
    assert wrt is not None
    base = wrt.base if isinstance(wrt, e.Entry) else wrt.arguments[0] if isinstance(wrt, e.Apply) else wrt
    assert isinstance(base, e.Variable | e.Defined)
    name = spelled(base.name)
    start = np.asarray(arguments[name])

    def at(*moved: tuple[tuple[int, ...], float]) -> Any:
        values = np.array(start, dtype=float)
        for place, by in moved:
            values[place] += by
        return np.asarray(function(**{**arguments, name: values[()]})[0], dtype=float)

    def slope(place: tuple[int, ...]) -> Any:
        # Five points: the error is of the fourth order.
        near, far = (at((place, h)) - at((place, -h)) for h in (step, 2 * step))
        return (8 * near - far) / (12 * step)

    def bend(p: tuple[int, ...], q: tuple[int, ...]) -> Any:
        h = 10 * step
        return (at((p, h), (q, h)) - at((p, h), (q, -h)) - at((p, -h), (q, h)) + at((p, -h), (q, -h))) / (4 * h * h)

    places = list(np.ndindex(start.shape))
    if question.kind == "hessian":
        return np.array([[bend(p, q) for q in places] for p in places])
    if isinstance(wrt, e.Entry):
        at_row = [_counted(index, arguments) for index in (wrt.row, wrt.column)]
        place = tuple(k for k, dim in zip(at_row, base.shape.dims, strict=True) if dim.constant != 1)
        return slope(place)
    if isinstance(wrt, e.Apply):  # vec takes the columns one after the other
        places = sorted(places, key=lambda place: place[::-1])
        made = np.stack([slope(place) for place in places], axis=-1)
        return made if question.layout == "numerator" or made.ndim < 2 else made.T
    slopes = [slope(place) for place in places]
    tensor = np.stack(slopes, axis=-1).reshape((*slopes[0].shape, *start.shape))
    if question.kind != "derivative" or tensor.ndim < 2:
        return tensor
    by_matrix = start.ndim == 2  # of a scalar: numerator layout lies across
    return tensor.T if by_matrix == (question.layout == "numerator") else tensor


def _counted(index: e.Expr, arguments: Values) -> int:
    """An index of the question, from 0."""
    if isinstance(index, e.Index):
        return int(arguments[index.name])
    assert isinstance(index, e.Number)
    return int(index.value) - 1
