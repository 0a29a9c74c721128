"""The kinds of task beyond a formula: how each is made from a request.

In: a request whose `ask` has one of these kinds. Out: the task, or the problem with it. A row is all that a new
kind needs to be judged: by the filter, by the lint and in a lesson.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tutor.marking.chain import Chain
from tutor.marking.choice import Choice
from tutor.marking.grid import Grid
from tutor.marking.ordering import Ordering
from tutor.marking.question import Question
from tutor.marking.request import LISTED, malformed
from tutor.marking.task import Task
from tutor.marking.value import Value
from tutor.problem import Problem

TASKS: Mapping[str, Callable[[Mapping[str, Any]], Task | Problem]] = {
    #  kind     what is made of {kind: …, and the keys that go with it}
    "choose":  Choice.of,    # right
    "order":   Ordering.of,  # product
    "value":   Value.of,     # wrt, at, tolerance
    "entries": Grid.of,      # wrt
    "line":    Chain.of,     # wrt, until
}  # fmt: skip


def asked(request: Mapping[str, Any]) -> Question | Task | Problem:
    """What a request asks: a question whose answer is a formula or a shape, or a task."""
    ask = request.get("ask")
    kind = next((kind for kind in TASKS if kind in ask), None) if isinstance(ask, Mapping) else None
    if kind is None:
        return Question.from_request(request)
    wrong = malformed(request)
    return Problem("question", wrong) if wrong is not None else TASKS[kind](request)


def same_as(request: Mapping[str, Any], other: str) -> dict[str, Any] | None:
    """The request that asks whether the answer in it equals another answer; None where that has no value."""
    ask = request["ask"]
    kind = next((kind for kind in TASKS if kind in ask), "equals")
    if kind in LISTED or "shape" in ask:
        return None
    kept = {key: ask[key] for key in KEPT if key in ask}
    return {**request, "ask": {kind: other, **kept}}


KEPT = ("at", "tolerance")
"""The keys that say where answers are compared."""
