"""A step → smaller questions, as a lesson of its own.

In: a lesson, one of its steps, and what runs errands. Out: a lesson whose id is `lesson#step`, or why there is none.
Decided here: the author's own smaller questions go before those that are made from the derivation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tutor.session.errands import derivative_in

if TYPE_CHECKING:
    from tutor.course.lesson import Lesson, Step

Errand = Callable[[str, Mapping[str, Any]], Mapping[str, Any]]

NOTHING = "There is nothing smaller to ask here."


def smaller(lesson: Lesson, step: Step, request: Mapping[str, Any], run: Errand) -> Lesson | str:
    """The smaller questions of a step; `request` is its question as it is asked now."""
    id = f"{lesson.id}#{step.id}"
    if step.ask is not None and step.ask.scaffold:
        from tutor.course.lesson import Step

        steps = tuple(
            Step(f"scaffold-{number}", f"Question {number}", "", ask, step.span, step.text_span)
            for number, ask in enumerate(step.ask.scaffold, 1)
        )
        return replace(lesson, id=id, title=f"{step.title}, in smaller questions", intro="", steps=steps, random={})
    question = derivative_in(request)
    if question is None:
        return NOTHING
    made = derived(run("smaller", question), id, lesson.course)
    return made if isinstance(made, str) else replace(made, title=f"{step.title}, in smaller questions")


def derived(made: Mapping[str, Any], id: str, course: str) -> Lesson | str:
    """The lesson that an errand brought back, under this id; or why it brought none."""
    from tutor.course.lesson import Lesson
    from tutor.course.load import read_lesson
    from tutor.source import Source

    if "problem" in made:
        return str(made["problem"]["message"])
    path = Path("derived.md")
    lesson = read_lesson(Source(path.name, str(made["text"])), path, course)
    assert isinstance(lesson, Lesson), lesson.problems
    return replace(lesson, id=id)
