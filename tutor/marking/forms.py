"""The form that a question wants an answer in: matrices, indices, or nothing needless.

In: an answer as it was read, and the name of a form. Out: what to tell where it has another form, or None.
The decision owned here: what each form leaves out. A defined name counts as it is written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import gcd

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import OPERATIONS

ANY = "any"
_PRODUCTS = frozenset({"times", "hadamard"})
_OF_MATRICES = frozenset({"dot", "kron", "inverse", "outer"})


def names(answer: Expr) -> set[str]:
    """The names in an answer as it is written: variables, definitions, functions, sizes and operations."""
    found: set[str] = set()
    for node in e.walk_written(answer):
        match node:
            case e.Variable(name=name) | e.Defined(name=name) | e.Function(name=name):
                found.add(name)
            case e.Size(dim=dim):
                found |= dim.names
            case e.Apply(operation=operation):
                found |= {operation.name, *operation.spellings}
    return found


def transposed(answer: Expr) -> Expr:
    """The transpose, without two transposes one over the other."""
    if isinstance(answer, e.Apply) and answer.operation.name == "transpose":
        return answer.arguments[0]
    return e.Apply(OPERATIONS["transpose"], (answer,), shape=answer.shape.transposed, span=answer.span)


def told(answer: Expr, form: str) -> str | None:
    """What form is wanted, where the answer has another."""
    check = FORMS.get(form)
    return None if check is None else check(answer)


def _matrix(answer: Expr) -> str | None:
    for node in e.walk_written(answer):
        indexed = isinstance(node, e.Sum | e.Entry | e.Index | e.Unit)
        if indexed or (isinstance(node, e.Apply) and node.operation.name == "delta"):
            return "The answer is right; write it with matrices and vectors, without indices, entries or δ."
    return None


def _index(answer: Expr) -> str | None:
    for node in e.walk_written(answer):
        if isinstance(node, e.Apply) and _is_matrix_product(node):
            return "The answer is right; write it with entries and sums over an index, without products of matrices."
    return None


def _is_matrix_product(node: e.Apply) -> bool:
    name, parts = node.operation.name, node.arguments
    if name in _OF_MATRICES:
        return True
    if name == "power":
        return not parts[0].shape.is_scalar
    # A basis vector puts an entry in its place: `J_ij = …` is read so.
    return name == "times" and not any(part.shape.is_scalar or _is_basis(part) for part in parts)


def _is_basis(node: Expr) -> bool:
    if isinstance(node, e.Apply) and node.operation.name == "transpose":
        (node,) = node.arguments
    return isinstance(node, e.Unit)


# -- nothing needless ----------------------------------------------------------------------------------------------


def _simplified(answer: Expr) -> str | None:
    for node in e.walk_written(answer):
        needless = _needless(node)
        if needless:
            return f"The answer is right; simplify it: {needless}."
    return None


def _needless(node: Expr) -> str | None:
    """What is needless at a node, in words; None where nothing is."""
    if not isinstance(node, e.Apply):
        return None
    name, parts = node.operation.name, node.arguments
    if name in {"transpose", "negative"} and isinstance(parts[0], e.Apply) and parts[0].operation.name == name:
        return f"two {'transposes' if name == 'transpose' else 'minus signs'} cancel"
    if name in {"add", "subtract"}:
        terms = list(_terms(node))
        if any(_is_number(term, 0) or _is_filled(term, "zeros") for term in terms):
            return "a 0 is added"
        return "two numbers can be added" if sum(map(_is_plain, terms)) > 1 else None
    if name in {"power", "powers"} and _is_number(parts[1], 1):
        return "a power is 1"
    if name in {"power", "powers"} and all(isinstance(part, e.Number) for part in parts):
        return "a power of a number can be worked out"
    return _needless_factor(node) if name in {*_PRODUCTS, "divide"} else None


def _needless_factor(node: e.Apply) -> str | None:
    direct = node.arguments[1:] if node.operation.name == "divide" else node.arguments
    if any(_is_number(factor, 0) for factor in node.arguments):
        return "a factor is 0"
    if any(_is_number(factor, 1) for factor in direct):
        return "a factor is 1"
    scales = any(part.shape.is_scalar for part in node.arguments)
    if node.operation.name == "times" and not scales and any(map(_is_identity, direct)):
        return "a factor is the identity matrix"
    above: list[Expr] = []
    below: list[Expr] = []
    _factors(node, above, below)
    numbers = [[factor.value for factor in side if isinstance(factor, e.Number)] for side in (above, below)]
    if any(len(side) > 1 for side in numbers):
        return "two numbers can be multiplied"
    if all(numbers) and gcd(*(side[0].numerator for side in numbers)) > 1:
        return "two numbers can be cancelled"
    return None


def _is_identity(node: Expr) -> bool:
    """Whether a factor is an identity matrix, or a scaled one."""
    if isinstance(node, e.Apply) and node.operation.name == "times":
        return any(part.shape.is_scalar for part in node.arguments) and any(map(_is_identity, node.arguments))
    return _is_filled(node, "eye")


def _terms(node: Expr) -> Iterator[Expr]:
    if isinstance(node, e.Apply) and node.operation.name in {"add", "subtract"}:
        for part in node.arguments:
            yield from _terms(part)
    else:
        yield node


def _factors(node: Expr, above: list[Expr], below: list[Expr]) -> None:
    """The factors above and below the line of a product."""
    if isinstance(node, e.Apply) and node.operation.name in {*_PRODUCTS, "divide"}:
        first, second = node.arguments
        _factors(first, above, below)
        if node.operation.name == "divide":
            _factors(second, below, above)
        else:
            _factors(second, above, below)
    else:
        above.append(node)


def _is_plain(node: Expr) -> bool:
    """Whether a node is a number, or a fraction of two."""
    parts = node.arguments if isinstance(node, e.Apply) and node.operation.name == "divide" else (node,)
    return all(isinstance(part, e.Number) for part in parts)


def _is_number(node: Expr, value: int) -> bool:
    return isinstance(node, e.Number) and node.value == value


def _is_filled(node: Expr, name: str) -> bool:
    return isinstance(node, e.Filled) and node.name == name


FORMS: dict[str, Callable[[Expr], str | None]] = {
    ANY: lambda answer: None, "matrix": _matrix, "index": _index, "simplified": _simplified,
}  # fmt: skip
