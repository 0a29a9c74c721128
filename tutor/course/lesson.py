"""What a lesson is: frozen values that were read from one file, each with its place in that file.

In: nothing; these are the types that `load` and `library` make. Out: a lesson that can be played, and
the question of a step in its neutral form, as `tutor.marking` takes it.
Decided here: which parts a lesson has, and what makes the question of a step the same question.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from tutor.problem import Problem
from tutor.source import Source, Span


@dataclass(frozen=True, slots=True)
class Nudge:
    """What to tell for one wrong answer that the author expects."""

    when: str
    say: str
    when_span: Span
    say_span: Span


@dataclass(frozen=True, slots=True)
class Option:
    """What can be chosen, Markdown, and what to tell whoever chooses it."""

    text: str
    because: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture for a lesson: one of `tutor.course.keys.PICTURES`, and its parameters as texts.

    `after` is the step, by its id, before whose answer the picture is not shown, for it would tell it.
    """

    kind: str
    parameters: Mapping[str, str]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """The question of a step, and what the author wrote to go with it.

    `kind` is one of `tutor.course.keys.KINDS`, and `of` the maths that it asks about. To choose there are
    `options`, of which those numbered `right` are right, from 1; to order there are `factors`, in an order that is
    right; for a value there is `at`. `scaffold` are smaller asks for who is stuck.
    `spans` has the place of each value by its key, `hints.0` and `nudges.1.say` for those in lists; a
    span begins at the quote or at the `|` of the value (`place.place` finds a place inside of one).
    """

    kind: str
    of: str
    wrt: str | None
    prompt: str | None
    answer: str | None
    hints: tuple[str, ...]
    nudges: tuple[Nudge, ...]
    after: str
    using: tuple[str, ...]
    avoid: tuple[str, ...]
    form: str
    allow_derivatives: bool
    skills: tuple[str, ...]
    spans: Mapping[str, Span]
    span: Span
    options: tuple[Option, ...] = ()
    right: tuple[int, ...] = ()
    factors: tuple[str, ...] = ()
    at: Mapping[str, str] = field(default_factory=dict)
    tolerance: str | None = None
    scaffold: tuple[Ask, ...] = ()

    @property
    def asked(self) -> dict[str, Any]:
        """What is asked, as `tutor.marking.kinds.asked` takes it; a line's end is the author's form of the answer."""
        match self.kind:
            case "choose":
                return {"choose": [option.text for option in self.options], "right": list(self.right)}
            case "order":
                return {"order": list(self.factors), "product": self.answer or self.product}
            case "line":
                more: dict[str, Any] = {"wrt": self.wrt, "until": self.answer}
            case "value":
                more = {"wrt": self.wrt, "at": dict(self.at), "tolerance": self.tolerance}
            case _:
                more = {"wrt": self.wrt}
        return {self.kind: self.of, **{key: value for key, value in more.items() if value is not None}}

    @property
    def solution(self) -> str | None:
        """What is right when it is handed in; None where the author left it to the tutor."""
        if self.kind == "choose":
            return ", ".join(map(str, self.right))
        if self.kind == "order":
            return ", ".join(str(number) for number, _ in enumerate(self.factors, 1))
        return self.answer

    @property
    def product(self) -> str:
        """The factors in the author's order, as one product."""
        return " * ".join(f"({factor})" for factor in self.factors)


@dataclass(frozen=True, slots=True)
class Step:
    """One `##` of a lesson: Markdown to read and, unless it is only read, what is asked.

    `span` is that of the heading, `text_span` that of the Markdown between heading and ask: the text is
    exactly what the file has there.
    """

    id: str
    title: str
    text: str
    ask: Ask | None
    span: Span
    text_span: Span


@dataclass(frozen=True)
class Lesson:
    """A lesson that plays. `text` is the whole file; every span counts in it.

    `id` is the name of the file without its number and ending: `neuron` for `18-neuron.md`.
    `layout` is `numerator`, `denominator`, or `learner`: the learner's own setting.
    `spans` has the places of the front matter's values: `title`, `needs.0`, `variables.w`, `define.z`,
    and those of the names themselves under `variables.w:name` and `define.z:name`.
    `random` says which numbers each of its names may stand for, and `numbers` which ones were drawn.
    """

    id: str
    course: str
    title: str
    summary: str
    minutes: int | None
    needs: tuple[str, ...]
    variables: Mapping[str, str]
    define: Mapping[str, str]
    layout: str
    source: str | None
    intro: str
    intro_span: Span
    steps: tuple[Step, ...]
    path: Path
    text: Source
    spans: Mapping[str, Span]
    random: Mapping[str, str] = field(default_factory=dict)
    numbers: Mapping[str, str] = field(default_factory=dict)
    picture: Picture | None = None

    def step(self, id: str) -> Step | None:
        """The step with this id, if the lesson (still) has it."""
        return next((step for step in self.steps if step.id == id), None)

    def request(self, step: Step, answer: str, layout: str = "numerator") -> dict[str, Any]:
        """The question of a step with an answer to it, as `tutor.marking.grade.grade` takes it.

        `layout` is the learner's setting, and counts only where the lesson leaves it to the learner.
        """
        return {"id": f"{self.id}#{step.id}", **self._question(step, layout), "answer": answer}

    def drawn(self, seed: int) -> Lesson:
        """The lesson with the numbers that a seed draws, in place of those that it had."""
        from tutor.course.draw import drawn

        return replace(self, numbers=drawn(self.random, seed)) if self.random else self

    def fingerprint(self, step: Step) -> str:
        """Twelve characters that change when the question of the step changes, and stay otherwise.

        Words around the question, its hints and the author's form of the answer do not matter, nor
        do names of the lesson that the question cannot reach, nor the numbers that were drawn for it. Empty for
        a step that is only read.
        """
        if step.ask is None:
            return ""
        question = self._question(step, self.layout)
        question["ask"].pop("until", None)
        if self.random:
            question["numbers"] = dict(self.random)
        reached = self.reached(" ".join(map(str, question["ask"].values())))
        for table in ("variables", "define", *(["numbers"] if self.random else [])):
            question[table] = [(name, text) for name, text in question[table].items() if name in reached]
        spelled = json.dumps(question, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()[:12]

    def _question(self, step: Step, layout: str) -> dict[str, Any]:
        ask = step.ask
        if ask is None:
            raise ValueError(f"The step {step.id} of {self.id} asks nothing.")
        return {
            "variables": dict(self.variables),
            "define": dict(self.define),
            **({"numbers": dict(self.numbers)} if self.numbers else {}),
            "ask": ask.asked,
            "layout": layout if self.layout == "learner" else self.layout,
            "allow_derivatives": ask.allow_derivatives,
            "using": list(ask.using),
            "avoid": list(ask.avoid),
            "form": ask.form,
        }

    def reached(self, text: str) -> frozenset[str]:
        """The declared names that a text may lead to: a name too many is harmless, one too few is not.

        So names are sought as parts of words (`Ax` has `A`), and one that is not ASCII, such as `λ`,
        which has other spellings, always counts.
        """
        declared = {**self.variables, **self.define, **self.random}
        reached: set[str] = set()
        seen = text
        found = True
        while found:
            found = False
            for name, meaning in declared.items():
                if name not in reached and (not name.isascii() or name.split("_")[0] in seen):
                    reached.add(name)
                    seen += " " + meaning
                    found = True
        return frozenset(reached)


@dataclass(frozen=True, slots=True)
class Broken:
    """A file that is no lesson: everything that is wrong with it, each with its place in `text`.

    `problems` is never empty and is in the order of the file. Where the file could not be read at all,
    `text` is empty and the problem has no span. `readable` is what there is of a lesson in spite of them,
    so that one run can tell all that is wrong; it is not to be played.
    """

    id: str
    course: str
    path: Path
    text: Source
    problems: tuple[Problem, ...]
    readable: Lesson | None = None


@dataclass(frozen=True, slots=True)
class Unit:
    """A named part of a course: its lessons by id, in order."""

    title: str
    lessons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LessonEntry:
    """A lesson as the list of lessons shows it: only its front matter was read.

    `steps` are the ids of its steps in order. `problem` is the first thing that is wrong in the front
    matter; the lesson is listed all the same, and `title` is then the best that is known. `text` is
    the file where there is a problem, so that its place can be shown, and empty otherwise.
    """

    id: str
    course: str
    title: str
    summary: str
    minutes: int | None
    needs: tuple[str, ...]
    steps: tuple[str, ...]
    path: Path
    problem: Problem | None
    text: Source


@dataclass(frozen=True, slots=True)
class Course:
    """Lessons in an order, in units. `problems` are those of `course.yaml`, and `text` is that file.

    `entries` has every lesson that a unit names, by its id: one whose file is missing has a problem.
    """

    id: str
    title: str
    summary: str
    units: tuple[Unit, ...]
    path: Path
    entries: Mapping[str, LessonEntry]
    problems: tuple[Problem, ...]
    text: Source

    @property
    def problem(self) -> Problem | None:
        """The first thing that is wrong with its `course.yaml`."""
        return self.problems[0] if self.problems else None

    @property
    def lessons(self) -> tuple[LessonEntry, ...]:
        """All lessons in the order of the course."""
        return tuple(self.entries[id] for unit in self.units for id in unit.lessons)
