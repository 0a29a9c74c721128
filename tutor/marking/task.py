"""A task: something to do that is more, or less, than writing a formula for an answer.

In: nothing; this is the type of a row's maker in `kinds.py`. Out: what every task can do. Decided here: whatever
a learner does, on a screen or in a pipe, is handed in as a text, so that it can be written down and judged again.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from tutor.language.expr import Expr
from tutor.language.shape import Axes
from tutor.marking.question import Question
from tutor.marking.reply import Reply
from tutor.marking.verdict import Verdict
from tutor.problem import Problem

Tell = Callable[[Question, Verdict, Expr | Axes | None], Reply]
"""How a verdict on a formula becomes a reply."""


class Task(Protocol):
    """One task. `question` is what it asks as a formula, where it asks for one that may be shown."""

    @property
    def question(self) -> Question | None: ...

    def read(self, answer: str) -> Expr | Problem | None:
        """What an unfinished answer means; None where it means no formula."""

    def judge(self, answer: str, tell: Tell) -> Reply:
        """What is said of an answer."""


def base(request: Mapping[str, Any], of: object, wrt: object) -> Question | Problem:
    """The question whose answer a task is about: an expression, or its derivative where there is a `wrt`."""
    ask = {"equals": of} if wrt is None else {"derivative": of, "wrt": wrt}
    return Question.from_request({**request, "ask": ask})


def wrong(message: str) -> Problem:
    """A task that makes no sense, and why."""
    return Problem("question", message)
