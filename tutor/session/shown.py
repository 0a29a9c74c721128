"""What a session shows: plain values, the same for a screen, a pipe and a test.

In: nothing; these are types. Out: what `Session` and `Run` give. Decided here: what a learner is ever shown.
Nothing in here is mathematics: formulas are texts that are set already, verdicts are words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Mark = Literal["open", "started", "done", "broken"]
State = Literal["open", "solved", "revealed"]
Given = Literal["line", "choose", "order", "fill", "derive"]
"""How an answer is given: typed on a line; chosen; put in order; filled into a grid; line after line."""

Verdict = Literal["correct", "follows", "incorrect", "unreadable", "undecided", "error", "revealed", "read"]

# The list of lessons --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Need:
    """A lesson to do first, and whether it is done."""

    title: str
    done: bool


@dataclass(frozen=True, slots=True)
class LessonCard:
    """A lesson in the list. `behind` of its `steps` are done; `trouble` is why it cannot be opened."""

    course: str
    id: str
    title: str
    summary: str
    minutes: int | None
    needs: tuple[Need, ...]
    mark: Mark
    behind: int
    steps: int
    trouble: str


@dataclass(frozen=True, slots=True)
class UnitCard:
    title: str
    lessons: tuple[LessonCard, ...]


@dataclass(frozen=True, slots=True)
class CourseCard:
    id: str
    title: str
    summary: str
    units: tuple[UnitCard, ...]
    trouble: str

    @property
    def lessons(self) -> tuple[LessonCard, ...]:
        return tuple(card for unit in self.units for card in unit.lessons)


@dataclass(frozen=True, slots=True)
class Home:
    """The list of lessons; the one to go on with, if any; what the learner has to be told."""

    courses: tuple[CourseCard, ...]
    resume: LessonCard | None
    notices: tuple[str, ...]

    def after(self, course: str, lesson: str) -> LessonCard | None:
        """The lesson that follows in the course, if there is one that plays."""
        cards = next((shown.lessons for shown in self.courses if shown.id == course), ())
        ids = [card.id for card in cards]
        later = cards[ids.index(lesson) + 1 :] if lesson in ids else ()
        return next((card for card in later if card.mark != "broken"), None)


# A lesson -------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Formula:
    """An expression to look at: on one line, and set in two dimensions."""

    text: str
    lines: tuple[str, ...]
    baseline: int
    shape: str = ""


@dataclass(frozen=True, slots=True)
class Declared:
    """Variables of one type, or one definition: names, what they are, their shape."""

    names: tuple[str, ...]
    type: str
    shape: str
    formula: Formula | None = None


@dataclass(frozen=True, slots=True)
class Edge:
    """What a defined name is made of: `by` goes into `of`; `local` is the derivative between them, once it is found."""

    by: str
    of: str
    local: Formula | None


@dataclass(frozen=True, slots=True)
class BoardLine:
    """A step that is behind the learner: the question with its answer."""

    number: int
    step: str
    title: str
    formula: Formula
    mark: State


@dataclass(frozen=True, slots=True)
class Reading:
    """How an unfinished answer is understood: a formula, or a message with its place in the text."""

    text: str
    formula: Formula | None = None
    message: str = ""
    span: tuple[int, int] | None = None
    suggestions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Witness:
    """A point at which an answer is wrong: the values there, and both results entry by entry.

    `true` is empty where it is the same at every point: it would be the answer.
    """

    point: tuple[tuple[str, str], ...]
    yours: tuple[tuple[str, ...], ...]
    true: tuple[tuple[str, ...], ...]
    differs: tuple[tuple[bool, ...], ...]
    place: str = ""


@dataclass(frozen=True, slots=True)
class Item:
    """Something to choose or to put in order. `number` is its name in an answer; `text` is Markdown."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    """How an answer is given, and with what: items in the order in which they are shown, `many` of which may be
    right; a grid of `rows` and `columns`; the `lines` that stand already, with their texts."""

    given: Given = "line"
    items: tuple[Item, ...] = ()
    many: bool = False
    rows: int = 0
    columns: int = 0
    lines: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Feedback:
    """All that is said about an answer.

    `headline` is one sentence; `shapes` the shape of the answer and the one that is asked for, where they
    differ; `said` what the author has to say to this mistake (Markdown); `formula` the tutor's own form.
    """

    verdict: Verdict
    headline: str
    answer: str = ""
    message: str = ""
    code: str = ""
    shapes: tuple[str, str] | None = None
    said: str = ""
    witness: Witness | None = None
    formula: Formula | None = None
    after: str = ""
    span: tuple[int, int] | None = None
    suggestions: tuple[str, ...] = ()
    cells: tuple[tuple[str, ...], ...] = ()
    again: bool = False

    @property
    def done(self) -> bool:
        """Whether the learner may go on."""
        return self.verdict in ("correct", "revealed", "read")


@dataclass(frozen=True, slots=True)
class StepView:
    """A step as it is now. `text`, `prompt` and `hints` are Markdown with maths between dollars.

    `hints_left` counts the answer, which is the last hint. `feedback` is the last thing said here, also
    when the program was ended since. `trouble` is why the step cannot be asked, where it cannot. `seed` is that
    of the lesson's random numbers, where it has any. `learned` is what smaller questions found out; `smaller` and
    `working` say whether the step can be broken down now, and its derivation be shown.
    """

    number: int
    of: int
    id: str
    title: str
    text: str
    asks: bool
    question: Formula | None
    prompt: str
    expected: str
    state: State
    hints: tuple[str, ...]
    hints_left: int
    draft: str
    feedback: Feedback | None
    furthest: int
    changed: bool = False
    trouble: str = ""
    way: Way = Way()
    seed: int | None = None
    learned: tuple[Formula, ...] = ()
    smaller: bool = False
    working: bool = False


@dataclass(frozen=True, slots=True)
class Summary:
    """A lesson at its end: steps solved and revealed, wrong answers, hints that were taken."""

    title: str
    solved: int
    revealed: int
    read: int
    mistakes: int
    hints: int
    board: tuple[BoardLine, ...]
    source: str


@dataclass(frozen=True, slots=True)
class Handed:
    """An answer that was handed in and written down, before it is graded."""

    step: str
    number: int
    text: str
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Judged:
    """What came back for it: the reply, which of the author's nudges speaks of this mistake, and whether the same
    wrong answer was given `again`."""

    reply: Any
    nudge: int | None = None
    again: bool = False


# A derivation ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class WorkedLine:
    """One line of a working: what the part stands for, where it has a name; its derivative; the rule in words."""

    part: Formula | None
    equation: Formula
    rule: str
    sentence: str
    source: str


@dataclass(frozen=True, slots=True)
class Working:
    """A derivation to look at: its lines, the result set in two dimensions, and the same on one line."""

    lines: tuple[WorkedLine, ...]
    result: Formula
    equation: str


# Help -----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Table:
    """A part of the notation: what is typed, and what it means."""

    title: str
    rows: tuple[tuple[str, str], ...]
