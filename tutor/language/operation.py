"""Operation: the type of a row of the operations table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from typing import Any

from tutor.language.shape import Shape, Sizes

# The shape of the result, or one sentence that says why the arguments' shapes do not fit.
ShapeRule = Callable[[Sizes, Sequence[Shape]], Shape | str]
# The number system, then the arguments' arrays, to the result's array.
Meaning = Callable[..., Any]


class Level(IntEnum):
    """How tightly an operation binds; a looser one inside a tighter one needs parentheses."""

    CHOICE = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARISON = 4
    SUM = 5
    PRODUCT = 6
    NEGATIVE = 7
    JUXTAPOSED = 8
    POSTFIX = 9
    ATOM = 10


class Form(Enum):
    """The ways in which an operation is written."""

    CALL = "f(a, b)"
    INFIX = "a + b"
    PREFIX = "−a"
    POSTFIX = "a′"
    POWER = "a^b"
    FRACTION = "a/b"
    BARS = "|a|"
    CONSTANT = "π"


@dataclass(frozen=True, eq=False)
class Operation:
    """One row: everything that the reader, the evaluator and the screen need to know of an operation.

    `sign` is what is written between or around the arguments (the function's name for a call), and
    `spellings` are the names that a call of it may have. `example` goes into the manual.
    """

    name: str
    shape: ShapeRule
    meaning: Meaning
    form: Form = Form.CALL
    level: Level = Level.ATOM
    sign: str = ""
    spellings: tuple[str, ...] = ()
    arity: tuple[int, int] = (1, 1)
    is_condition: bool = False
    example: str = ""
    says: str = field(default="", repr=False)

    def __repr__(self) -> str:
        return self.name

    def __reduce__(self) -> tuple[Any, ...]:
        from tutor.language.operations import OPERATIONS

        return OPERATIONS.__getitem__, (self.name,)
