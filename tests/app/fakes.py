"""A session without mathematics: three steps, answers compared as text. It shows what a real one shows."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

from tutor.session import (
    BoardLine,
    CourseCard,
    Declared,
    Edge,
    Feedback,
    Formula,
    Handed,
    Home,
    Judged,
    LessonCard,
    Need,
    Own,
    Reading,
    StepView,
    Summary,
    UnitCard,
    Witness,
    WorkedLine,
    Working,
)


def plain(text: str, shape: str = "") -> Formula:
    return Formula(text, (text,), 0, shape)


CASES = Formula("1 if z > 0 else 0", ("⎧ 1   z > 0", "⎨", "⎩ 0   otherwise"), 1, "1×1")


def fraction(above: str, below: str) -> Formula:
    width = max(len(above), len(below))
    return Formula(f"{above}/{below}", (above, "─" * width, below), 1)


@dataclass
class FakeStep:
    id: str
    title: str
    text: str
    question: Formula | None
    right: str = ""
    answer: Formula | None = None
    hints: tuple[str, ...] = ("Write it out.", "Only one term holds $w_j$.")
    after: str = ""


STEPS = (
    FakeStep(
        "the-affine-part",
        "The affine part",
        "Start inside. How does $z$ change with the *weights* $w$?\n\n$$z = w·x + b$$",
        fraction("∂z", "∂w"),
        "x'",
        plain("xᵀ", "1×n"),
        after="A weight matters as much as the input that it multiplies.",
    ),
    FakeStep("a-pause", "A pause", "Nothing is asked here.", None),
    FakeStep(
        "the-clip",
        "The clip",
        "$max(0, z)$ follows $z$ on one side of 0 and lies flat on the other. What is its slope, on both sides?",
        fraction("∂a", "∂z"),
        "[z > 0]",
        plain("[z > 0]", "1×1"),
        after="The slope is a **switch**: 1 where the neuron is active, 0 where it is clipped.",
    ),
)

WITNESS = Witness(
    point=(("w", "(1, −2, 0.5)"), ("x", "(3, 2, 1)"), ("b", "−1"), ("z", "−1.5")),
    yours=(("3", "2", "1"),),
    true=(("0", "2", "0"),),
    differs=((True, False, True),),
)


WORKING = Working(
    (
        WorkedLine(plain("u = w·x", "1×1"), plain("∂u/∂w = xᵀ", "1×n"), "the dot product", "The other side.", ""),
        WorkedLine(None, plain("∂a/∂w = [u > 0] xᵀ", "1×n"), "in short", "A factor is written as cases.", ""),
    ),
    plain("∂a/∂w = xᵀ if u > 0 else 0", "1×n"),
    "∂a/∂w = xᵀ if u > 0 else 0",
)


class FakeMaths:
    def set(self, text: str) -> Formula:
        return plain(text.replace("'", "ᵀ"))


@dataclass
class FakeState:
    state: str = "open"
    draft: str = ""
    hints: int = 0
    said: Feedback | None = None
    given: list[str] = field(default_factory=list)


class FakeRun:
    """Answers are right when they are the text that is expected, and unreadable when they hold a `?`."""

    course, id, title, notice = "fakes", "neuron", "The gradient of one neuron", ""
    maths = FakeMaths()
    declared = (
        Declared(("w", "x"), "vector n", "n×1"),
        Declared(("b",), "scalar", "1"),
        Declared(("z",), "", "1", plain("w·x + b", "1")),
        Declared(("a",), "", "1", plain("max(0, z)", "1")),
    )

    def __init__(self, steps: tuple[FakeStep, ...] = STEPS) -> None:
        self.steps = steps
        self.at = 0
        self.states = [FakeState() for _ in steps]
        self.log: list[tuple[str, str]] = []
        self.gate = threading.Event()
        self.gate.set()
        self.given_up = threading.Event()
        self.failure: Exception | None = None
        self.announces = False
        self.lacking: set[str] = set()
        self.inner: FakeRun | None = None
        self.learned: tuple[Formula, ...] = ()

    @property
    def done(self) -> bool:
        return all(state.state != "open" for state in self.states)

    @property
    def furthest(self) -> int:
        return next((k for k, state in enumerate(self.states) if state.state == "open"), len(self.steps) - 1)

    @property
    def here(self) -> StepView:
        step, state = self.steps[self.at], self.states[self.at]
        shown = step.hints[: state.hints]
        asks = step.question is not None
        return StepView(
            number=self.at + 1,
            of=len(self.steps),
            id=step.id,
            title=step.title,
            text=step.text,
            asks=asks,
            question=step.question,
            prompt="",
            expected="1×n",
            state=state.state,  # type: ignore[arg-type]
            hints=shown,
            hints_left=len(step.hints) - len(shown) + 1 if asks and state.state == "open" else 0,
            draft=state.draft,
            feedback=state.said,
            furthest=self.furthest + 1,
            learned=self.learned,
            smaller=asks,
            working=asks and state.state != "open",
        )

    @property
    def board(self) -> tuple[BoardLine, ...]:
        return tuple(
            BoardLine(
                number,
                step.id,
                step.title,
                plain(f"{step.question.text} = {step.answer.text}"),
                state.state,  # type: ignore[arg-type]
            )
            for number, (step, state) in enumerate(zip(self.steps, self.states, strict=True), 1)
            if state.state != "open" and step.question and step.answer
        )

    @property
    def graph(self) -> tuple[Edge, ...]:
        local = plain("xᵀ", "1×n") if self.states[0].state != "open" else None
        return (Edge("w", "z", local), Edge("z", "a", None))

    @property
    def earlier(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(text for state in self.states for text in state.given))

    @property
    def summary(self) -> Summary:
        return Summary(self.title, 1, 1, 1, 2, 1, self.board, "Parr & Howard 2018, section 5")

    def read(self, text: str) -> Reading:
        if not text.strip():
            return Reading(text)
        if "*" in text:
            at = text.index("*")
            return Reading(
                text,
                message="w and x are both columns (n×1), and n×1 times n×1 does not meet.",
                span=(at - 1, at + 2),
                suggestions=("w·x", "w .* x", "w x'"),
            )
        if "if" in text:
            return Reading(text, CASES)
        return Reading(text, plain(text.replace("'", "ᵀ"), "1×n"))

    has_picture = False

    def picture(self, width: int, height: int, ascii_only: bool = False) -> tuple[()]:
        return ()

    def draft(self, text: str) -> None:
        self.states[self.at].draft = text
        self.log.append(("draft", text))

    def hand_in(self, text: str) -> Handed:
        self.log.append(("answer", text))
        self.states[self.at].given.append(text)
        return Handed(self.steps[self.at].id, len(self.log), text, {})

    def judge(self, handed: Handed, first: Callable[[Any], None] | None = None) -> Judged:
        if first is not None and self.announces:
            first(None)
        while not self.gate.wait(0.01):
            if self.given_up.is_set():
                break
        if self.failure:
            raise self.failure
        return Judged(None)

    def announce(self, handed: Handed, reply: object) -> Feedback:
        self.log.append(("announced", handed.text))
        return Feedback("incorrect", "Not yet.", handed.text)

    def settle(self, handed: Handed, judged: Judged) -> Feedback:
        step, state = self.steps[self.at], self.states[self.at]
        said: Feedback
        if self.given_up.is_set():
            said = Feedback("undecided", "Neither proved nor refuted, so it does not count.", handed.text)
        elif handed.text == step.right:
            said = Feedback(
                "correct",
                "Proved, for every n and every w, x, b.",
                handed.text,
                formula=step.answer,
                after=step.after,
            )
            state.state, state.draft = "solved", ""
        elif "*" in handed.text:
            read = self.read(handed.text)
            said = Feedback("unreadable", "This cannot be read.", handed.text, read.message, span=read.span)
        else:
            shapes = ("n×1", "1×n") if handed.text == "x" else None
            said = Feedback(
                "incorrect",
                "Not yet.",
                handed.text,
                "The inactive side is missing: what happens where the neuron is clipped?",
                shapes=shapes,
                witness=None if shapes else WITNESS,
            )
        state.said = said
        self.log.append((said.verdict, handed.text))
        return said

    def lacks(self, what: str) -> bool:
        return what in self.lacking

    def derive(self) -> dict[str, Any]:
        while not self.gate.wait(0.01):
            if self.given_up.is_set():
                return {"problem": {"message": "You stopped waiting."}}
        return {"hints": ["Made of a rule."], "answer": "x'"}

    def keep(self, derived: dict[str, Any]) -> None:
        self.lacking.clear()
        step = self.steps[self.at]
        self.steps = tuple(
            replace(each, hints=tuple(derived.get("hints", ()))) if each is step else each for each in self.steps
        )

    def working(self) -> Working | str:
        return WORKING

    def smaller(self) -> FakeRun | str:
        return self.inner or "There is nothing smaller to ask here."

    def within(self, lesson: FakeRun) -> FakeRun:
        return lesson

    def learn(self, inner: FakeRun) -> None:
        self.learned = tuple(line.formula for line in inner.board)

    def dispute(self) -> str:
        self.log.append(("dispute", ""))
        return "Your doubt is written down in /somewhere/doubt.json."

    def give_up(self) -> None:
        self.given_up.set()

    def hint(self) -> None:
        if self.here.hints_left > 1:
            self.states[self.at].hints += 1
            self.log.append(("hint", ""))
        else:
            self.reveal()

    def reveal(self) -> None:
        step, state = self.steps[self.at], self.states[self.at]
        state.state = "revealed"
        state.said = Feedback("revealed", "The answer, shown.", formula=step.answer, after=step.after)
        self.log.append(("reveal", ""))

    def redo(self) -> None:
        self.states[self.at] = FakeState(given=self.states[self.at].given)

    def next(self) -> bool:
        if self.steps[self.at].question is None:
            self.states[self.at].state = "solved"
        return self.go(self.at + 2)

    def previous(self) -> bool:
        return self.go(self.at)

    def go(self, number: int) -> bool:
        if not 1 <= number <= self.furthest + 1:
            return False
        self.at = number - 1
        return True


def card(id: str, title: str, **more: Any) -> LessonCard:
    plain_card = LessonCard("fakes", id, title, f"All about {title.lower()}.", 10, (), "open", 0, 3, "")
    return replace(plain_card, **more)


CARDS = (
    card("dot-products", "Dot products", mark="done", behind=3),
    card("neuron", "The gradient of one neuron", mark="started", behind=1, needs=(Need("Dot products", True),)),
    card("neuron-loss", "The loss of a neuron", needs=(Need("The gradient of one neuron", False),)),
    card("broken", "A broken lesson", mark="broken", trouble="5-broken.md, line 3, column 1: no `title`."),
)


class FakeSession:
    theme = "dark"
    asked_for: LessonCard | None = None

    def __init__(self, run: FakeRun | None = None, cards: tuple[LessonCard, ...] = CARDS) -> None:
        self.run = run or FakeRun()
        self.cards = cards
        self.opened: list[str] = []
        self.closed = False

    def warm(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True

    def derive(self, own: Own) -> tuple[Working, ...] | str:
        self.run.gate.wait()
        return "There is no rule for this." if "det" in own.formula else (WORKING,) * len(own.variables)

    def lesson_of(self, own: Own) -> FakeRun | str:
        return self.run

    def play(self, lesson: FakeRun) -> FakeRun:
        return lesson

    def give_up(self) -> None:
        self.run.given_up.set()

    def home(self) -> Home:
        units = (UnitCard("Ground", self.cards[:1]), UnitCard("The neuron", self.cards[1:]))
        course = CourseCard("fakes", "Matrix calculus for deep learning", "From scratch.", units, "")
        resume = next((shown for shown in self.cards if shown.mark == "started"), None)
        return Home((course,), resume, ())

    def open(self, course: str, lesson: str) -> FakeRun | str:
        self.opened.append(lesson)
        return "There is no such lesson." if lesson == "broken" else self.run
