"""Derivation → a Python function with the value and the derivative, for NumPy.

In: a derivation that was judged, and the Scope of its names. Out: the text of a module that needs NumPy alone.
The decision owned here: what the function takes: each declared variable that the formula holds, in the order of
the declarations, then sizes that no array tells, then the free indices of an entry.
"""

from __future__ import annotations

from collections.abc import Iterator
from textwrap import indent

from tutor.calculus import build
from tutor.calculus.derivation import Derivation
from tutor.calculus.derive import formula
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.numpy_code import HELPERS, Coder, NoCode, slope, spelled
from tutor.language.scope import Declared, Scope
from tutor.language.shape import Dim, Shape
from tutor.language.show import show
from tutor.problem import Problem


def numpy_function(derivation: Derivation, scope: Scope) -> str | Problem:
    """The module's text: `value_and_gradient(w, x, b)` and what it needs; a Problem where a part has no code.

    Columns and rows are one-dimensional arrays, matrices two-dimensional, a list has its items along the first
    axis. A declared function is passed as functions: `g`, its derivative `dg`, the second `d2g`.
    """
    variable = next(n for n in e.walk_written(derivation.wrt) if isinstance(n, e.Variable | e.Defined))
    given = frozenset({variable.name} & set(scope.definitions))
    # The variable is an argument, in the formula or not.
    coder = Coder(given, used={variable.name})
    try:
        value, result = coder(derivation.of).text, coder(derivation.result).text
    except NoCode as lack:
        return Problem("no-code", f"There is no NumPy code for {lack}.", derivation.of.span)
    slopes = [_slope(function, order, coder) for function, order in sorted(coder.slopes)]
    called = "derivative" if derivation.kind == "entry" else derivation.kind
    arguments = dict(_arguments(derivation, scope, coder))
    known = {n: d for n, d in scope.variables.items() if n in coder.used}
    sizes = {size: text for size in sorted(coder.sizes) if (text := _from_array(size, known))}
    lines = [
        *_docstring(derivation, arguments),
        *(f"{spelled(size)} = {text}" for size, text in sizes.items()),
        *(f"{spelled(local)} = {text}" for local, text in coder.locals.items()),
        f"value = {value}",
        f"{called} = {result}",
        f"return value, {called}",
    ]
    imports = ["import math", ""] if "erf" in coder.helpers else []
    parts = [
        "\n".join([*imports, "import numpy as np"]),
        *(HELPERS[helper] for helper in sorted(coder.helpers)),
        *slopes,
        f"def value_and_{called}({', '.join(arguments)}):\n{indent(chr(10).join(lines), '    ')}",
    ]
    return "\n\n\n".join(parts)


def _arguments(derivation: Derivation, scope: Scope, coder: Coder) -> Iterator[tuple[str, str]]:
    """The function's arguments, each with what it is."""
    nodes = [n for part in (derivation.of, derivation.result) for n in e.walk(part)]
    for name, declared in scope.variables.items():
        if name not in coder.used:
            continue
        if declared.is_function:
            orders = sorted({n.order for n in nodes if isinstance(n, e.Function) and n.name == name})
            yield from ((slope(name, order), "a function of arrays, entry by entry") for order in orders)
        else:
            yield spelled(name), _array(declared.shape, declared.items)
    for name in sorted(coder.given & coder.used):
        yield spelled(name), _array(scope.definitions[name].body.shape, None)
    known = {n: d for n, d in scope.variables.items() if n in coder.used}
    for size in sorted(coder.sizes):
        if not _from_array(size, known):
            yield spelled(size), "a size"
    bound = {n.index for n in nodes if isinstance(n, e.Sum)}
    free = {n.name for part in (derivation.of, derivation.wrt) for n in e.walk(part) if isinstance(n, e.Index)}
    yield from ((index, "an index, from 0") for index in sorted(free - bound))


def _slope(name: str, order: int, coder: Coder) -> str:
    """A function for the derivative of an elementary function: the rule of a number holds entry by entry."""
    t = e.Variable("t")
    made: Expr | Problem = build.apply(name, t)
    for _ in range(order):
        assert not isinstance(made, Problem)
        made = formula(made, t)
    assert not isinstance(made, Problem)
    return f"def {slope(name, order)}(t):\n    return {coder(made).text}"


def _docstring(derivation: Derivation, arguments: dict[str, str]) -> list[str]:
    called = "derivative" if derivation.kind == "entry" else derivation.kind
    shape = derivation.result.shape
    layout = f", in {derivation.layout} layout" if derivation.kind == "derivative" and not shape.is_scalar else ""
    return [
        f'"""{show(derivation.of)}, and its {called} by {show(derivation.wrt)}{layout}.',
        "",
        *(f"{name}: {what}" for name, what in arguments.items()),
        f"The {called}: {_array(shape, None)}",
        '"""',
    ]


def _array(shape: Shape, items: Dim | None) -> str:
    """What an array is, in words."""
    sizes = [dim for dim in shape.dims if dim.constant != 1]
    if items is not None:
        sizes = [items, *sizes]
    if not sizes:
        return "a number"
    lying = ", a row" if shape.is_row and not shape.is_scalar else ""
    return f"an array ({', '.join(map(str, sizes))}{',' if len(sizes) == 1 else ''}){lying}"


def _from_array(size: str, known: dict[str, Declared]) -> str:
    """A size as the code reads it off an argument; empty where none tells it."""
    for name, declared in known.items():
        dims = [dim for dim in declared.shape.dims if dim.constant != 1]
        if declared.items is not None:
            dims = [declared.items, *dims]
        for axis, dim in enumerate(dims):
            if dim.lone == size and not declared.is_function:
                return f"len({spelled(name)})" if axis == 0 else f"{spelled(name)}.shape[{axis}]"
    return ""
