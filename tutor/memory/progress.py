"""From the events of one lesson to where the learner stands in it.

In: the events of a course and lesson, in their order. Out: a `Progress`: for each step its state, the
attempts, the hints that were shown, the unfinished text; and the step at which to resume.
Decided here: what events add up to. It is a fold without a clock, so that the same events always give
the same progress, and whatever it does not know it leaves alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from tutor.memory.record import Event

State = Literal["open", "solved", "revealed"]


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer that was handed in, and the reply to it. `seed` is that of the numbers in its question.

    `verdict` is None where none was written: the program ended while the answer was being checked.
    `reply` is all that the verdict event carries.
    """

    number: int
    at: datetime
    text: str
    question: str
    verdict: str | None = None
    reply: Mapping[str, Any] = field(default_factory=dict)
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class StepProgress:
    """Where the learner stands in one step.

    `attempts` are all there ever were, for the Up key; `since` is the number of them that belong to an
    earlier run of the step, before its last `redo`. `question` is the fingerprint of the question
    that was last answered, revealed or solved. `behind` says that the step was solved or revealed once.
    `derived` and `learned` are what the last events of these kinds carry.
    """

    id: str
    state: State = "open"
    attempts: tuple[Attempt, ...] = ()
    since: int = 0
    hints: int = 0
    draft: str = ""
    revealed: str = ""
    question: str = ""
    behind: bool = False
    derived: Mapping[str, Any] = field(default_factory=dict)
    learned: Mapping[str, Any] = field(default_factory=dict)

    @property
    def tries(self) -> tuple[Attempt, ...]:
        """The attempts of the present run."""
        return self.attempts[self.since :]

    @property
    def mistakes(self) -> int:
        """The tries that count: an answer that could not be read, or decided, costs nothing."""
        return sum(attempt.verdict == "incorrect" for attempt in self.tries)

    @property
    def earlier(self) -> tuple[str, ...]:
        """The answers given so far, the oldest first, each once, where it was given last."""
        return tuple(reversed(dict.fromkeys(attempt.text for attempt in reversed(self.attempts))))

    @property
    def answered(self) -> Attempt | None:
        """The last right answer, which the board shows."""
        return next((a for a in reversed(self.attempts) if a.verdict == "correct"), None)

    def changed(self, question: str) -> bool:
        """Whether what the learner did here was for another question than this one."""
        return self.question not in ("", question)


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the learner stands in one lesson. `current` is None before the learner went anywhere; `seed` is the
    one that was drawn last.

    `steps` has those that something happened in, also when the lesson no longer has them.
    """

    current: str | None = None
    steps: Mapping[str, StepProgress] = field(default_factory=dict)
    opened: bool = False
    done: bool = False
    seed: int | None = None

    def step(self, id: str) -> StepProgress:
        """The progress of a step: an untouched one where nothing happened yet."""
        return self.steps.get(id) or StepProgress(id)


def progress(events: Iterable[Event]) -> Progress:
    """Where these events, all of one lesson and in their order, leave the learner."""
    current: str | None = None
    steps: dict[str, StepProgress] = {}
    opened = done = False
    seed: int | None = None
    for event in events:
        opened = True
        if event.kind == "done":
            done = True
        elif event.kind == "drawn":
            drawn = event.data.get("seed")
            seed = drawn if isinstance(drawn, int) else seed
        elif event.kind == "moved":
            current = event.step
        elif event.kind in FOLDS:
            before = steps.get(event.step) or StepProgress(event.step)
            steps[event.step] = FOLDS[event.kind](before, event)
    return Progress(current, steps, opened, done, seed)


def _draft(step: StepProgress, event: Event) -> StepProgress:
    return replace(step, draft=_text(event, "text"))


def _answer(step: StepProgress, event: Event) -> StepProgress:
    seed = event.data.get("seed")
    attempt = Attempt(
        event.number,
        event.at,
        _text(event, "text"),
        _text(event, "question"),
        seed=seed if isinstance(seed, int) else None,
    )
    return replace(
        step,
        attempts=(*step.attempts, attempt),
        draft=attempt.text,
        question=attempt.question or step.question,
    )


def _verdict(step: StepProgress, event: Event) -> StepProgress:
    """The verdict goes to the answer that it names: two programs may be checking in the same step."""
    given = _text(event, "verdict")
    attempts = tuple(
        replace(attempt, verdict=given, reply=event.data) if attempt.number == event.data.get("answer") else attempt
        for attempt in step.attempts
    )
    # A line that stands is no longer unfinished.
    judged = replace(step, attempts=attempts, draft="" if given == "follows" else step.draft)
    return replace(judged, state="solved", behind=True, draft="") if given == "correct" else judged


def _hint(step: StepProgress, event: Event) -> StepProgress:
    shown = event.data.get("hint")
    return replace(step, hints=max(step.hints, shown if isinstance(shown, int) else step.hints + 1))


def _reveal(step: StepProgress, event: Event) -> StepProgress:
    return replace(
        step,
        state="solved" if step.state == "solved" else "revealed",
        behind=True,
        revealed=_text(event, "text"),
        question=_text(event, "question") or step.question,
        draft="",
    )


def _solved(step: StepProgress, event: Event) -> StepProgress:
    question = _text(event, "question") or step.question
    return replace(step, state="solved", behind=True, question=question, draft="")


def _redo(step: StepProgress, event: Event) -> StepProgress:
    return replace(step, state="open", hints=0, draft="", revealed="", since=len(step.attempts))


def _text(event: Event, key: str) -> str:
    """A text that the event carries; nothing where an older or a newer version wrote something else."""
    value = event.data.get(key)
    return value if isinstance(value, str) else ""


def _derived(step: StepProgress, event: Event) -> StepProgress:
    return replace(step, derived=event.data)


def _learned(step: StepProgress, event: Event) -> StepProgress:
    return replace(step, learned=event.data)


FOLDS: Mapping[str, Callable[[StepProgress, Event], StepProgress]] = {
    "draft": _draft,
    "answer": _answer,
    "verdict": _verdict,
    "hint": _hint,
    "derived": _derived,
    "learned": _learned,
    "reveal": _reveal,
    "solved": _solved,
    "redo": _redo,
}
