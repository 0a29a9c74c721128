"""Typed expression → NumPy code.

In: an Expr. Out: the text of a Python expression, with parentheses where Python needs them. The decision owned
here: a column and a row are one-dimensional arrays, a scalar is a number, and all else is what it is. So a
transpose of a vector is the vector, and a product is told apart by the shapes: `A @ x`, `np.outer(u, v)`.
A list has its items along the first axis. Indices of the code count from 0.
"""

from __future__ import annotations

import keyword
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from fractions import Fraction

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import OPERATIONS
from tutor.language.shape import Dim, Shape


class Binds(IntEnum):
    """How tightly Python binds an expression."""

    COMPARISON = 0
    SUM = 1
    PRODUCT = 2
    NEGATIVE = 3
    POWER = 4
    ATOM = 5


@dataclass(frozen=True)
class Code:
    """An expression's text, and how tightly it hangs together."""

    text: str
    binds: Binds = Binds.ATOM

    def at(self, least: Binds) -> str:
        """The text as an operand that must hang together so tightly."""
        return self.text if self.binds >= least else f"({self.text})"


class NoCode(Exception):  # noqa: N818 - what a formula asks for
    """There is no code for a part of the formula; the argument names it."""


Maker = Callable[[Sequence[Shape], Sequence[Code]], Code]


def _call(template: str) -> Maker:
    """A call, or another text that holds together; its arguments stand between commas."""
    return lambda shapes, parts: Code(template.format(*(part.text for part in parts)))


def _infix(sign: str, binds: Binds) -> Maker:
    def made(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
        a, b = parts
        return Code(f"{a.at(binds)} {sign} {b.at(Binds(binds + 1))}", binds)

    return made


def _prefix(text: str, binds: Binds, inner: Binds) -> Maker:
    return lambda shapes, parts: Code(f"{text}{parts[0].at(inner)}", binds)


_TIMES, _MATMUL = _infix("*", Binds.PRODUCT), _infix("@", Binds.PRODUCT)


def _power(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    base, exponent = parts
    if shapes[0].is_scalar or shapes[0].is_column or shapes[0].is_row:
        return Code(f"{base.at(Binds.ATOM)} ** {exponent.at(Binds.NEGATIVE)}", Binds.POWER)
    return Code(f"np.linalg.matrix_power({base.text}, {exponent.text})")


def _powers(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    return Code(f"{parts[0].at(Binds.ATOM)} ** {parts[1].at(Binds.NEGATIVE)}", Binds.POWER)


def _product(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    a, b = shapes
    if a.is_scalar or b.is_scalar:
        return _TIMES(shapes, parts)
    return _outer(shapes, parts) if a.is_column and b.is_row else _MATMUL(shapes, parts)


def _dot(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    return (_TIMES if shapes[0].is_scalar else _MATMUL)(shapes, parts)


def _outer(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    if any(shape.is_scalar for shape in shapes):
        return _TIMES(shapes, parts)
    return Code(f"np.outer({parts[0].text}, {parts[1].text})")


def _kron(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    a, b = shapes
    if a.is_scalar or b.is_scalar:
        return _TIMES(shapes, parts)
    if (a.is_column and b.is_column) or (a.is_row and b.is_row):
        return Code(f"np.kron({parts[0].text}, {parts[1].text})")
    return Code(f"np.kron({', '.join(_in_two(*pair).text for pair in zip(shapes, parts, strict=True))})")


def _in_two(shape: Shape, part: Code) -> Code:
    """An array of two dimensions."""
    if shape.is_scalar:
        return Code(f"np.array([[{part.text}]])")
    if shape.is_column:
        return Code(f"{part.at(Binds.ATOM)}[:, None]")
    return Code(f"{part.at(Binds.ATOM)}[None, :]") if shape.is_row else part


def _of_matrix(matrix: str, scalar: str = "{}", vector: str | None = None) -> Maker:
    """What is different for a number and, where that is said, for a vector."""

    def made(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
        (shape,), (part,) = shapes, parts
        is_vector = shape.is_column or shape.is_row
        template = scalar if shape.is_scalar else vector if vector is not None and is_vector else matrix
        if template == "{}":
            return part
        return Code(template.format(part.at(Binds.ATOM) if template.startswith("{}") else part.text))

    return made


def _divided(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    return Code(f"1 / {parts[0].at(Binds.NEGATIVE)}", Binds.PRODUCT)


def _inverse(shapes: Sequence[Shape], parts: Sequence[Code]) -> Code:
    return _divided(shapes, parts) if shapes[0].is_scalar else Code(f"np.linalg.inv({parts[0].text})")


def _over(name: str) -> Maker:
    return lambda shapes, parts: Code(f"1 / np.{name}({parts[0].text})", Binds.PRODUCT)


def _elementwise(*names: str) -> dict[str, Maker]:
    return {name: _call(f"np.{name}({{}})") for name in names}


TEXTS: Mapping[str, Maker] = {
    "add": _infix("+", Binds.SUM),
    "subtract": _infix("-", Binds.SUM),
    "negative": _prefix("-", Binds.NEGATIVE, Binds.POWER),
    "times": _product,
    "dot": _dot,
    "hadamard": _TIMES,
    "divide": _infix("/", Binds.PRODUCT),
    "over": _infix("/", Binds.PRODUCT),
    "kron": _kron,
    "power": _power,
    "powers": _powers,
    "transpose": _of_matrix("{}.T", vector="{}"),
    "inverse": _inverse,
    "norm": _call("np.linalg.norm({})"),
    "norm1": _call("np.sum(np.abs({}))"),
    "sum": _call("np.sum({})"),
    "mean": _call("np.mean({})"),
    "prod": _call("np.prod({})"),
    "trace": _of_matrix("np.trace({})"),
    "det": _of_matrix("np.linalg.det({})"),
    "logdet": _of_matrix("np.linalg.slogdet({})[1]", scalar="np.log({})"),
    "diag": _call("np.diag({})"),
    "outer": _outer,
    "vec": _of_matrix('{}.ravel(order="F")', vector="{}"),
    "maximum": _call("np.maximum({}, {})"),
    "minimum": _call("np.minimum({}, {})"),
    "largest": _call("np.max({})"),
    "smallest": _call("np.min({})"),
    "softmax": _call("softmax({})"),
    "logsumexp": _call("logsumexp({})"),
    "gt": _infix(">", Binds.COMPARISON),
    "lt": _infix("<", Binds.COMPARISON),
    "ge": _infix(">=", Binds.COMPARISON),
    "le": _infix("<=", Binds.COMPARISON),
    "eq": _infix("==", Binds.COMPARISON),
    "ne": _infix("!=", Binds.COMPARISON),
    "and": _call("np.logical_and({}, {})"),
    "or": _call("np.logical_or({}, {})"),
    "not": _call("np.logical_not({})"),
    "delta": _call("float({} == {})"),
    "pi": _call("np.pi"),
    "e": _call("np.e"),
    **_elementwise("abs", "exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sign"),
    "sec": _over("cos"),
    "csc": _over("sin"),
    "cot": _over("tan"),
    "sech": _over("cosh"),
    "asin": _call("np.arcsin({})"),
    "acos": _call("np.arccos({})"),
    "atan": _call("np.arctan({})"),
    "relu": _call("np.maximum({}, 0)"),
    "step": _call("np.where({} > 0, 1.0, 0.0)"),
    "sigmoid": _call("sigmoid({})"),
    "softplus": _call("np.logaddexp(0, {})"),
    "erf": _call("erf({})"),
}
"""The operations, each with what it is in NumPy; a test asks for those that are missing."""

HELPERS: Mapping[str, str] = {
    "softmax": "def softmax(t):\n    weights = np.exp(t - np.max(t))\n    return weights / np.sum(weights)",
    "logsumexp": "def logsumexp(t):\n    return np.max(t) + np.log(np.sum(np.exp(t - np.max(t))))",
    "sigmoid": "def sigmoid(t):\n    return 0.5 + 0.5 * np.tanh(0.5 * t)",
    "erf": "erf = np.vectorize(math.erf, otypes=[float])",
}
"""What NumPy has no function for, with care for large arguments."""

_TAKEN = frozenset({"np", "math", "sum", "range", "len", "float", *HELPERS, *keyword.kwlist})


@dataclass
class Coder:
    """Writes expressions. `given` are defined names that are arguments; what the code needs is noted on the way.

    `locals` has the code of each defined name that was met, in the order of their use; `slopes` are the
    derivatives of elementary functions that are written as such, `erf'(x)`, by name and order.
    """

    given: frozenset[str] = frozenset()
    sizes: set[str] = field(default_factory=set)
    used: set[str] = field(default_factory=set)
    helpers: set[str] = field(default_factory=set)
    locals: dict[str, str] = field(default_factory=dict)
    slopes: set[tuple[str, int]] = field(default_factory=set)

    def __call__(self, node: Expr) -> Code:
        match node:
            case e.Number(value=value):
                return _number(value)
            case e.Size(dim=dim):
                return self.size(dim)
            case e.Index(name=name):
                return Code(f"{name} + 1", Binds.SUM)
            case e.Variable(name=name, item=place):
                self.used.add(name)
                return Code(spelled(name) if place is None else f"{spelled(name)}[{self.place(place)}]")
            case e.Defined(name=name, body=body, item=place):
                return self._defined(name, body) if place is None else self(body)
            case e.Filled(name=name, shape=shape):
                return self._filled(name, shape)
            case e.Unit(index=index, shape=shape):
                return Code(f"np.eye({self.size(shape.rows).text})[{self.place(index)}]")
            case e.Apply(operation=operation, arguments=parts):
                return self._applied(operation.name, operation.is_condition, parts)
            case e.Function(name=name, order=order, argument=argument):
                if name in OPERATIONS:
                    self.slopes.add((name, order))
                else:
                    self.used.add(name)
                return Code(f"{slope(name, order)}({self(argument).text})")
            case e.Entry():
                return self._entry(node)
            case e.Sum(index=index, lower=lower, upper=upper, body=body):
                start = "" if lower == e.Number(Fraction(1)) else f"{self.place(lower)}, "
                return Code(f"sum({self(body).text} for {index} in range({start}{self(upper).text}))")
            case e.Cases(branches=branches, otherwise=otherwise):
                made = Code("np.nan") if otherwise is None else self(otherwise)
                for case, condition in reversed(branches):
                    made = Code(f"np.where({self.truth(condition).text}, {self(case).text}, {made.text})")
                return made
            case e.Blocks(rows=rows):
                return self._blocks(node, rows)
        raise NoCode("a derivative inside of the formula")

    def truth(self, node: Expr) -> Code:
        """A condition as Python's true and false."""
        if isinstance(node, e.Apply) and node.operation.is_condition:
            deeper = node.operation.name in ("and", "or", "not")
            parts = [self.truth(part) if deeper else self(part) for part in node.arguments]
            return TEXTS[node.operation.name]([part.shape for part in node.arguments], parts)
        return Code(f"{self(node).at(Binds.SUM)} != 0", Binds.COMPARISON)

    def place(self, index: Expr) -> str:
        """An index as Python counts it, from 0."""
        match index:
            case e.Index(name=name):
                return name
            case e.Number(value=value):
                return str(int(value) - 1)
        return f"{self(index).at(Binds.SUM)} - 1"

    def size(self, dim: Dim) -> Code:
        self.sizes |= dim.names
        factors = [([str(k)] if k != 1 or not names else []) + [spelled(n) for n in names] for names, k in dim.terms]
        terms = [" * ".join(product) for product in factors]
        binds = Binds.ATOM if dim.lone or dim.constant is not None else Binds.SUM if len(terms) > 1 else Binds.PRODUCT
        return Code(" + ".join(terms) or "0", binds)

    def _defined(self, name: str, body: Expr) -> Code:
        if name in self.given:
            self.used.add(name)
        elif name not in self.locals:
            text = self(body).text
            self.locals[name] = text
        return Code(spelled(name))

    def _filled(self, name: str, shape: Shape) -> Code:
        rows, columns = self.size(shape.rows).text, self.size(shape.columns).text
        if name == "eye":
            return Code(f"np.eye({rows})")
        if shape.is_scalar:
            return _number(Fraction(name == "ones"))
        is_vector = shape.is_column or shape.is_row
        return Code(f"np.{name}({(rows if shape.is_column else columns) if is_vector else f'({rows}, {columns})'})")

    def _applied(self, name: str, is_condition: bool, parts: Sequence[Expr]) -> Code:
        if is_condition:
            truth = self.truth(e.Apply(OPERATIONS[name], tuple(parts)))
            return Code(f"1.0 * {truth.at(Binds.NEGATIVE)}", Binds.PRODUCT)
        if name not in TEXTS:
            raise NoCode(name)
        if name in HELPERS:
            self.helpers.add(name)
        return TEXTS[name]([part.shape for part in parts], [self(part) for part in parts])

    def _entry(self, node: e.Entry) -> Code:
        base, shape = self(node.base).at(Binds.ATOM), node.base.shape
        if shape.is_scalar:
            return self(node.base)
        if shape.is_column or shape.is_row:
            return Code(f"{base}[{self.place(node.row if shape.is_column else node.column)}]")
        return Code(f"{base}[{self.place(node.row)}, {self.place(node.column)}]")

    def _blocks(self, node: Expr, rows: Sequence[Sequence[Expr]]) -> Code:
        flat = [part for row in rows for part in row]
        if node.shape.is_column or node.shape.is_row:
            return Code(f"np.hstack([{', '.join(self(part).text for part in flat)}])")
        if all(part.shape.is_scalar for part in flat):
            lines = (", ".join(self(part).text for part in row) for row in rows)
            return Code(f"np.array([{', '.join(f'[{line}]' for line in lines)}])")
        lines = (", ".join(_in_two(part.shape, self(part)).text for part in row) for row in rows)
        return Code(f"np.block([{', '.join(f'[{line}]' for line in lines)}])")


def spelled(name: str) -> str:
    """A name as Python takes it."""
    return f"{name}_" if name in _TAKEN else name


def slope(name: str, order: int) -> str:
    """The name of a declared function's derivative."""
    return spelled(name) if order == 0 else f"d{order if order > 1 else ''}{name}"


def _number(value: Fraction) -> Code:
    binds = Binds.NEGATIVE if value < 0 else Binds.ATOM
    if value.denominator == 1:
        return Code(str(value.numerator), binds)
    if Fraction(repr(float(value))) == value:
        return Code(repr(float(value)), binds)
    return Code(f"{value.numerator} / {value.denominator}", Binds.PRODUCT)
