"""How a refusal leaves the reader: raised deep inside, caught by `read`, handed on as a `Problem`."""

from __future__ import annotations

from typing import NoReturn

from tutor.problem import Problem
from tutor.source import Span


class Refused(Exception):  # noqa: N818 - it is no error of ours
    """The text has no meaning; `problem` says why. It never leaves the package."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


def refuse(code: str, message: str, span: Span | None = None, *suggestions: str) -> NoReturn:
    raise Refused(Problem(code, message, span, suggestions))
