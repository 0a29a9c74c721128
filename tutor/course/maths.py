"""The maths in the words of a lesson, as typed expressions.

In: what a lesson declares, and a formula as its author wrote it. Out: expressions with the relation signs between them.
Decided here: words may speak of derivatives and of any index, whatever the questions allow; and a side of an equation
that cannot be read stays the text that it is: a lesson is shown even where `lint` would complain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.language.block import Block
    from tutor.language.expr import Expr
    from tutor.language.scope import Scope

INDICES = "ijklpqrst"
RELATIONS = {"=", "==", "<", ">", "<=", ">=", "!=", "≤", "≥", "≠", ","}


def scope_of_words(
    variables: Mapping[str, str], define: Mapping[str, str], numbers: Mapping[str, str] | None = None
) -> Scope | None:
    """What the words of a lesson may use; None where what it declares makes no sense."""
    from tutor.language.scope import Scope
    from tutor.language.shape import Dim

    scope = Scope.declare(variables, define, numbers=numbers)
    if not isinstance(scope, Scope):
        return None
    indices = {letter: Dim.of(f"?index_{letter}") for letter in INDICES if letter not in scope.names}
    return replace(scope.binding(indices), allow_derivatives=True)


def parts(text: str, scope: Scope | None) -> tuple[Expr | str, ...]:
    """The formula as one expression, else its sides and, between them, relation signs such as ` = `."""
    whole = _read(text, scope)
    return (whole,) if whole is not None else tuple(_sides(text, scope))


def block(text: str, scope: Scope | None) -> Block:
    """The formula set in two dimensions, its sides beside each other."""
    from tutor.language.block import beside, text_block
    from tutor.language.typeset import typeset

    return beside(*(text_block(part) if isinstance(part, str) else typeset(part) for part in parts(text, scope)))


def line(text: str, scope: Scope | None) -> str:
    """The formula on one line."""
    from tutor.language.show import show

    return "".join(part if isinstance(part, str) else show(part) for part in parts(text, scope))


def _sides(text: str, scope: Scope | None) -> Iterator[Expr | str]:
    for side in _statements(text):
        relation = side.strip()
        if relation in RELATIONS:
            yield ", " if relation == "," else f" {relation} "
        else:
            read = _read(side, scope)
            yield relation if read is None else read


def _read(text: str, scope: Scope | None) -> Expr | None:
    from tutor.language.read import read
    from tutor.problem import Problem

    found = None if scope is None else read(text, scope, indices_may_be_open=True)
    return None if isinstance(found, Problem) else found


def _statements(text: str) -> Iterator[str]:
    """A text split at the relations and commas that stand in no bracket: sides and signs in turns."""
    start = depth = 0
    for found in re.finditer(r"[(\[{]|[)\]}]|<=|>=|!=|==|[=<>≤≥≠,]", text):
        sign = found[0]
        depth += (sign in "([{") - (sign in ")]}")
        if depth == 0 and sign not in ")]}":
            yield text[start : found.start()]
            yield sign
            start = found.end()
    yield text[start:]
