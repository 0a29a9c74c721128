"""To choose: which of some options are right.

In: options, and the numbers of the right ones. Out: whether an answer names exactly those. The decision owned
here: an answer is the numbers of the options as the author wrote them, whatever order they were shown in.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tutor.language.expr import Expr
from tutor.marking.question import Question
from tutor.marking.reply import Reply
from tutor.marking.task import Tell, wrong
from tutor.problem import Problem
from tutor.source import Span

NUMBER = re.compile(r"\d+")
LONGEST = 6
NO_NUMBER = re.compile(r"[^\d\s,;]")


@dataclass(frozen=True)
class Choice:
    """`count` options, of which those numbered `right` are right; numbers count from 1."""

    count: int
    right: frozenset[int]
    question: Question | None = None

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Choice | Problem:
        options, right = request["ask"].get("choose"), request["ask"].get("right")
        if not _is_list(options) or len(options) < 2:
            return wrong("‘choose’ must be a list of two options or more.")
        chosen = right if _is_list(right) else [right]
        numbers = frozenset(int(number) for number in chosen if _is_whole(number))
        if len(numbers) != len(chosen) or not numbers or not numbers <= set(range(1, len(options) + 1)):
            return wrong(f"‘right’ must be the numbers of the right options, from 1 to {len(options)}.")
        return cls(len(options), numbers)

    def read(self, answer: str) -> Expr | Problem | None:
        read = numbers(answer, self.count)
        return read if isinstance(read, Problem) else None

    def judge(self, answer: str, tell: Tell) -> Reply:
        read = numbers(answer, self.count)
        if isinstance(read, Problem):
            return unreadable(read)
        chosen = frozenset(read)
        written = ", ".join(map(str, sorted(chosen)))
        if chosen == self.right:
            return Reply("correct", message="Right.", read_as=written)
        return Reply("incorrect", code="other", message=self._told(chosen), read_as=written)

    def _told(self, chosen: frozenset[int]) -> str:
        if len(self.right) == 1:
            return "That is not it." if len(chosen) == 1 else "One option is right, and one alone."
        if chosen < self.right:
            return "What you chose is right, and there is more that is."
        if chosen > self.right:
            return "All that is right is among these, and something that is not."
        return "Something among these is right, and something is not." if chosen & self.right else "None of these is."


def numbers(answer: str, count: int) -> tuple[int, ...] | Problem:
    """The numbers from 1 to `count` that an answer lists, such as `2` or `1, 3`."""
    if stray := NO_NUMBER.search(answer):
        message = f"An answer is numbers from 1 to {count}, with commas between them."
        return Problem("syntax", message, Span(*stray.span()))
    found = list(NUMBER.finditer(answer))
    if not found:
        return Problem("syntax", f"A number from 1 to {count} is missing here.", Span(0, len(answer)))
    for match in found:
        if len(match[0]) > LONGEST or not 1 <= int(match[0]) <= count:
            return Problem(
                "syntax", f"There is no {match[0][:LONGEST]}: the numbers go from 1 to {count}.", Span(*match.span())
            )
    return tuple(int(match[0]) for match in found)


def unreadable(problem: Problem) -> Reply:
    """The reply to an answer that cannot be read, before there is anything to judge."""
    span = None if problem.span is None else (problem.span.start, problem.span.end)
    return Reply("unreadable", code=problem.code, message=problem.message, span=span, suggestions=problem.suggestions)


def _is_list(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str)


def _is_whole(value: object) -> bool:
    is_number = isinstance(value, int) and not isinstance(value, bool)
    return is_number or (isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= LONGEST)
