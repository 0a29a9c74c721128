"""A lesson played by its author: every step with the answers that one wants to see judged, and what is then said.

In: a lesson, what grades, the answers to each step. Out: scenes, one a step.
Decided here: a rehearsal goes through the same run as a learner does, so that it shows what a learner reads; it
leaves no trace. The right answer comes last, as it closes the step.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from tutor.course.draw import seed_at
from tutor.session.run import Run
from tutor.session.shown import Feedback, Formula, StepView

if TYPE_CHECKING:
    from tutor.course.lesson import Lesson, Step
    from tutor.course.likely import Likely
    from tutor.marking.reply import Reply

NOW = datetime(2000, 1, 1, tzinfo=UTC)

SEED = seed_at(NOW)
"""Where the numbers of a rehearsal are drawn from: time stands still there, and so they are never drawn anew."""


@dataclass(frozen=True, slots=True)
class Tried:
    """An answer, what is behind it, and what the learner who gives it reads."""

    answer: str
    why: str
    said: Feedback


@dataclass(frozen=True, slots=True)
class Scene:
    """A step as it is met, its hints and the answers that were tried; `set` is how maths in its words is shown.

    `solution` is the right answer, None where the tutor knows it alone.
    """

    lesson: str
    step: StepView
    hints: tuple[str, ...]
    solution: str | None
    tried: tuple[Tried, ...]
    set: Callable[[str], Formula]

    @property
    def is_sound(self) -> bool:
        """Whether the step can be asked, and its right answer is called right."""
        last = self.tried[-1] if self.tried else None
        return not self.step.trouble and (self.solution is None or last is None or last.said.verdict == "correct")


class _Grader:
    """A judge that belongs to someone else: it is not started and not closed here."""

    def __init__(self, grade: Callable[[dict[str, Any]], Reply]) -> None:
        self._grade = grade

    def grade(self, request: Mapping[str, Any], first: Callable[[Reply], None] | None = None) -> Reply:
        return self._grade(dict(request))

    def run(self, errand: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return {"problem": {"message": "Nothing is derived in a rehearsal."}}

    def start(self) -> None: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...


def rehearse(
    lesson: Lesson,
    grade: Callable[[dict[str, Any]], Reply],
    answers: Callable[[Step], Iterable[Likely]],
) -> Iterator[Scene]:
    """The lesson from start to end, with the numbers of `SEED`.

    `answers` gives wrong answers to a step, each with what is behind it.
    """
    from tutor.memory.store import Store

    store = Store.forgetful()
    try:
        run = Run(lesson, store, _Grader(grade), lambda: NOW)
        for step in lesson.steps:
            yield _scene(run, lesson, step, answers)
            run.reveal()
            run.next()
    finally:
        store.close()


def _scene(run: Run, lesson: Lesson, step: Step, answers: Callable[[Step], Iterable[Likely]]) -> Scene:
    view = run.here
    tried: list[Tried] = []
    if step.ask is None or view.trouble:
        return Scene(lesson.id, view, (), None, (), run.maths.set)
    solution = step.ask.solution
    given = [(one.answer, one.why) for one in answers(step)]
    given += [(solution, "the right answer")] if solution is not None else []
    for answer, why in given:
        tried.append(Tried(answer, why, run.submit(answer)))
        run.redo()
    return Scene(lesson.id, view, step.ask.hints, solution, tuple(tried), run.maths.set)
