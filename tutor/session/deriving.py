"""What the tutor makes of the derivation of a step, beside what its author wrote.

In: a lesson, one of its steps, what was written down of it, and what runs errands. Out: hints, an answer, the working,
smaller questions. Decided here: what can be derived for which kind of ask, and that the author's own goes first.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from tutor.course.keys import DERIVED
from tutor.session.errands import derivative_in

if TYPE_CHECKING:
    from tutor.course.lesson import Lesson, Step
    from tutor.session.shown import Formula, Working
    from tutor.session.smaller import Errand


@dataclass(frozen=True)
class Deriving:
    """A step whose question can be read or not (`can_ask`), and what was found out about it.

    `derived` is what `kept` gave, and `learned` the lines of its smaller questions; empty where nothing is known.
    """

    lesson: Lesson
    step: Step
    can_ask: bool
    derived: Mapping[str, Any] = field(default_factory=dict)
    learned: Mapping[str, Any] = field(default_factory=dict)

    @cached_property
    def question(self) -> dict[str, Any] | None:
        """The derivative that the step asks for, or is about."""
        return derivative_in(self.lesson.request(self.step, "")) if self.can_ask else None

    @property
    def hints(self) -> tuple[str, ...]:
        """The author's hints, else those that the tutor made."""
        own = self.step.ask.hints if self.step.ask else ()
        return own or tuple(map(str, self.derived.get("hints") or ()))

    @property
    def answer(self) -> str:
        """The answer that the tutor found; empty where it looked for none, or found none."""
        return str(self.derived.get("answer") or "")

    @property
    def lines(self) -> tuple[Formula, ...]:
        """What the smaller questions found out."""
        from tutor.session.working import formula_of

        return tuple(map(formula_of, self.learned.get("lines") or ()))

    @property
    def has_smaller(self) -> bool:
        """Whether there are smaller questions. A shape is as small as a question gets."""
        ask = self.step.ask
        if ask is None:
            return False
        return bool(ask.scaffold) or (ask.kind != "shape" and self.question is not None)

    def lacks(self, what: Literal["hints", "answer"]) -> bool:
        """Whether the author left out the hints, or the answer, and the tutor has not derived them yet."""
        ask = self.step.ask
        if ask is None or self.derived:
            return False
        # Of a shape a derivation tells nothing, and of a number or a grid not the answer as it is written.
        if what == "hints":
            return not ask.hints and ask.kind != "shape" and self.question is not None
        return not ask.solution and ask.kind in DERIVED

    def derive(self, run: Errand) -> Mapping[str, Any]:
        """Hints, and the answer, from the derivation; empty where the step is about no derivative."""
        return {} if self.question is None else run("hints", self.question)

    def kept(self, derived: Mapping[str, Any]) -> dict[str, Any]:
        """What is written down of what `derive` found; an empty list where it found nothing."""
        answers = self.step.ask is not None and self.step.ask.kind in DERIVED
        return {
            "hints": list(map(str, derived.get("hints") or ())),
            "answer": str(derived.get("answer") or "") if answers else "",
        }

    def working(self, run: Errand) -> Working | str:
        """The derivation, or why there is none."""
        from tutor.session.working import from_json

        if self.question is None:
            return "This step asks for no derivative."
        found = run("working", self.question)
        return str(found["problem"]["message"]) if "problem" in found else from_json(found)

    def smaller(self, run: Errand) -> Lesson | str:
        """Smaller questions, or why there are none."""
        from tutor.session.smaller import smaller

        return smaller(self.lesson, self.step, self.lesson.request(self.step, ""), run)
