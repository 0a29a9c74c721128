"""The untyped tree: what was written, before names and shapes mean anything. Every node has its span."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from fractions import Fraction
from typing import Any

from tutor.source import Span


@dataclass(frozen=True, slots=True)
class Node:
    span: Span


@dataclass(frozen=True, slots=True)
class Number(Node):
    value: Fraction


@dataclass(frozen=True, slots=True)
class Name(Node):
    """A name, or one of the notation's own: `I`, `𝟏`, `e`, `π`."""

    text: str


@dataclass(frozen=True, slots=True)
class Group(Node):
    """Something in parentheses: they matter where a product is bracketed, and for an indicator."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Subscript(Node):
    """`x_i`, `A_{i,j}`, `A[i, j]`: each index a node of its own."""

    base: Node
    indices: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Power(Node):
    base: Node
    exponent: Node
    elementwise: bool = False


@dataclass(frozen=True, slots=True)
class Prime(Node):
    """`A'`, and `f'` where `f` is a function."""

    base: Node


@dataclass(frozen=True, slots=True)
class Transpose(Node):
    """`Aᵀ`, `A.T`, `A^⊤`: a transpose whatever stands before it."""

    base: Node


@dataclass(frozen=True, slots=True)
class Call(Node):
    """A function with its arguments; `primes` for `f''(x)`, `power` for `tanh^2(z)`."""

    function: str
    arguments: tuple[Node, ...]
    function_span: Span
    primes: int = 0
    power: Node | None = None


@dataclass(frozen=True, slots=True)
class Negative(Node):
    operand: Node


@dataclass(frozen=True, slots=True)
class Term(Node):
    """One operand of a chain, with the sign before it and the white space before that."""

    operator: str  # "" for juxtaposition
    operand: Node
    space: bool


@dataclass(frozen=True, slots=True)
class Juxtaposed(Node):
    """Factors side by side: `2 A x`."""

    factors: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Chain(Node):
    """A product level: a first operand, then terms with `*`, `·`, `.*`, `./`, `⊗`, `/` or nothing before them."""

    first: Node
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Tight(Node):
    """A denominator with factors right behind it, as in `1/Nx'`: it has two readings."""

    divisor: Node
    factors: tuple[Node, ...]
    fraction_of_numbers: bool


@dataclass(frozen=True, slots=True)
class Added(Node):
    """A sum: signs (`+` or `-`) with their terms, the first of which is `+`."""

    terms: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Comparison(Node):
    """`a < b ≤ c`: operands, and the signs between them."""

    operands: tuple[Node, ...]
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Logic(Node):
    """`and`, `or` of two or more, `not` of one."""

    word: str
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Cases(Node):
    """(value, condition) pairs, tried in order, and the value where none holds."""

    branches: tuple[tuple[Node, Node], ...]
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Brackets(Node):
    """`[…]`: rows of entries; one entry may be an indicator or a matrix in needless brackets."""

    rows: tuple[tuple[Node, ...], ...]


@dataclass(frozen=True, slots=True)
class Bars(Node):
    """`|t|` or `‖x‖`."""

    sign: str
    inner: Node


@dataclass(frozen=True, slots=True)
class Dot(Node):
    """`⟨u, v⟩`."""

    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class BigSum(Node):
    """A sum over an index, with its bounds where they are written."""

    index: str
    lower: Node | None
    upper: Node | None
    body: Node


@dataclass(frozen=True, slots=True)
class Partial(Node):
    """`∂a`, one half of a derivative."""

    of: Node | None


@dataclass(frozen=True, slots=True)
class Derivative(Node):
    """`∂a/∂z`, `D(a, z)`, `∇_w C`."""

    of: Node
    wrt: Node
    gradient: bool = False


def children(node: Node) -> Iterator[Node]:
    """The nodes right below a node."""
    for part in fields(node):
        yield from _nodes(getattr(node, part.name))


def _nodes(value: object) -> Iterator[Node]:
    if isinstance(value, Node):
        yield value
    elif isinstance(value, tuple):
        for item in value:
            yield from _nodes(item)


def with_numbers(node: Node, numbers: Mapping[str, Node]) -> Node:
    """The tree in which each of these names is the number that it stands for.

    Arithmetic that such a number completes is done, so that `b^(k-1)` is read as `b^4` and not as `b^(5-1)`.
    """
    if isinstance(node, Name) and node.text in numbers:
        return replace(numbers[node.text], span=node.span)

    def within(value: object) -> object:
        if isinstance(value, Node):
            return with_numbers(value, numbers)
        return tuple(map(within, value)) if isinstance(value, tuple) else value

    changed: dict[str, Any] = {part.name: within(getattr(node, part.name)) for part in fields(node)}
    new = replace(node, **changed)
    return node if new == node else _worked_out(new)


def _worked_out(node: Node) -> Node:
    """A number where a node is one; numbers at the head of a product as one."""
    value = _value(node)
    if value is not None and not isinstance(node, Group):
        return _number(value, node.span)
    if not isinstance(node, Juxtaposed | Chain):
        return node
    value, taken = _leading(node)
    if taken < 2:
        return node
    if isinstance(node, Juxtaposed):
        return replace(node, factors=(_number(value, node.span), *node.factors[taken:]))
    return replace(node, first=_number(value, node.first.span), terms=node.terms[taken - 1 :])


def _leading(product: Juxtaposed | Chain) -> tuple[Fraction, int]:
    """What the numbers at the head of a product multiply to, and how many they are."""
    if isinstance(product, Juxtaposed):
        factors: list[tuple[str, Node]] = [("", factor) for factor in product.factors]
    else:
        factors = [("", product.first), *((term.operator, term.operand) for term in product.terms)]
    value = Fraction(1)
    for taken, (operator, factor) in enumerate(factors):
        found = _value(factor)
        if found is None or operator not in ("", "*", "·", "/") or (operator == "/" and not found):
            return value, taken
        value = value / found if operator == "/" else value * found
    return value, len(factors)


def _number(value: Fraction, span: Span) -> Node:
    """A number as it is written: a fraction as one, not as the decimal that it may be."""
    number: Node = Number(span, Fraction(abs(value.numerator)))
    if value.denominator != 1:
        number = Chain(span, number, (Term(span, "/", Number(span, Fraction(value.denominator)), False),))
    if value < 0:
        number = Negative(span, number)
    return number if isinstance(number, Number) else Group(span, number)


def _value(node: Node) -> Fraction | None:
    """The number that a tree of numbers stands for, where sums, products and small powers are all that it has."""
    match node:
        case Number(value=value):
            return value
        case Group(inner=inner):
            return _value(inner)
        case Negative(operand=operand):
            found = _value(operand)
            return None if found is None else -found
        case Added(terms=terms):
            signed = [(sign, _value(term)) for sign, term in terms]
            known = [-found if sign == "-" else found for sign, found in signed if found is not None]
            return sum(known, Fraction(0)) if len(known) == len(terms) else None
        case Juxtaposed(factors=factors):
            found, taken = _leading(node)
            return found if taken == len(factors) else None
        case Chain(terms=terms):
            found, taken = _leading(node)
            return found if taken == len(terms) + 1 else None
        case Power(base=base, exponent=exponent):
            low, high = _value(base), _value(exponent)
            small = low is not None and high is not None and high.denominator == 1 and 0 <= high <= LARGEST_POWER
            return low ** int(high) if small and low is not None and high is not None else None
    return None


LARGEST_POWER = 20
"""Up to here a power of a drawn number is worked out."""
