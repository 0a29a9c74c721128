"""A lesson at work: what is asked now, what was answered, what is said about it.

In: a lesson, the store, what grades, a clock. Out: views of the step, the board, feedback.
Decided here: that whatever is shown was written down before, and that a run has no state but its events:
all that is shown can be told again from them, after a crash too.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, Protocol

from tutor.session.deriving import Deriving
from tutor.session.maths import AT, EQUALS, Maths, beside, formula, live, prompt
from tutor.session.shown import (
    BoardLine,
    Declared,
    Edge,
    Feedback,
    Formula,
    Handed,
    Judged,
    Reading,
    State,
    StepView,
    Summary,
    Way,
    Working,
)
from tutor.session.ways import prompt_words, way
from tutor.session.words import feedback, headline

if TYPE_CHECKING:
    from pathlib import Path

    from tutor.course.lesson import Lesson, Step
    from tutor.language.expr import Expr
    from tutor.language.shape import Axes
    from tutor.marking.question import Question
    from tutor.marking.reply import Reply
    from tutor.marking.task import Task
    from tutor.memory.progress import Attempt, Progress, StepProgress
    from tutor.memory.record import Kind
    from tutor.memory.store import Store
    from tutor.picture.canvas import Row
    from tutor.picture.picture import Picture
    from tutor.problem import Problem

    Answer = Expr | Axes | Problem

Clock = Callable[[], datetime]

MOST_COMPARED = 5
"""Earlier wrong answers to a step with which a new one is compared."""

MADE = 3
"""Hints that the tutor makes of a derivation, before it has made them."""


class Grader(Protocol):
    """What grades: `tutor.marking.worker.Worker`, or a stand-in for it."""

    def start(self) -> None: ...
    def grade(self, request: Mapping[str, Any], first: Callable[[Reply], None] | None = None) -> Reply: ...
    def run(self, errand: str, request: Mapping[str, Any]) -> dict[str, Any]: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...


class Run:
    """One lesson being played. Its events are its only state."""

    def __init__(
        self,
        lesson: Lesson,
        store: Store,
        grader: Grader,
        clock: Clock,
        seed: int | None = None,
        disputes: Path | None = None,
        layout: str = "numerator",
    ) -> None:
        """`seed` is where numbers are drawn from, and `layout` the learner's own, for a lesson that leaves it open."""
        self._lesson = replace(lesson, layout=layout) if lesson.layout == "learner" else lesson
        self._disputes = disputes
        self._store = store
        self._grader = grader
        self._clock = clock
        self._events = store.events(lesson.course, lesson.id)
        self._write("opened", "")
        self._draw(self._progress.seed if seed is None else seed)
        if lesson.step(self._progress.current or "") is None:
            self._move(self._furthest)

    def _draw(self, seed: int | None) -> None:
        """Play on with the numbers, and the shuffled orders, of a seed: of a new one where none is given."""
        asks = [step.ask for step in self._lesson.steps if step.ask]
        if self._lesson.random or any(ask.options or ask.factors for ask in asks):
            from tutor.course.draw import seed_at

            seed = seed_at(self._clock()) if seed is None else seed
            if seed != self._progress.seed:
                self._write("drawn", "", seed=seed)
            self._lesson = self._lesson.drawn(seed)
        self._maths = Maths.of(self._lesson.variables, self._lesson.define, self._lesson.numbers)
        self._asks: dict[str, Question | Task | str | None] = {}
        for name in ("declared", "_picture"):
            self.__dict__.pop(name, None)

    # Looking ------------------------------------------------------------------------------------

    @property
    def course(self) -> str:
        return self._lesson.course

    @property
    def id(self) -> str:
        return self._lesson.id

    @property
    def title(self) -> str:
        return self._lesson.title

    @property
    def maths(self) -> Maths:
        """How maths in this lesson's texts is set."""
        return self._maths

    @property
    def done(self) -> bool:
        """Whether every step is behind the learner."""
        return all(self._behind(step) for step in self._lesson.steps)

    @property
    def notice(self) -> str:
        """That nothing is being saved, where nothing is; it may come up at any moment."""
        return "" if self._store.saving or self._store.problem is None else self._store.problem.message

    @cached_property
    def declared(self) -> tuple[Declared, ...]:
        """The variables by their type, then the definitions: what answers may speak of."""
        return (*self._maths.variables(), *self._maths.definitions())

    @property
    def has_picture(self) -> bool:
        """Whether there is a picture to be shown by now: it may have to wait for the step whose answer it tells."""
        picture = self._lesson.picture
        step = self._lesson.step(picture.after) if picture and picture.after else None
        return picture is not None and (step is None or self._behind(step))

    def picture(self, width: int, height: int, ascii_only: bool = False) -> tuple[Row, ...]:
        """The lesson's picture in so many characters, as rows of texts and their layers."""
        from tutor.picture.draw import draw

        return draw(self._picture, width, height, ascii_only) if self._picture else ()

    @property
    def here(self) -> StepView:
        """The step that the learner is at."""
        step, index = self._step, self._index
        question = self._question(step)
        progress = self._progress.step(step.id)
        deriving = self._deriving(step)
        hints = deriving.hints
        shown = hints[: progress.hints]
        state = self._state(step)
        hidden = MADE if state == "open" and deriving.lacks("hints") else len(hints) - len(shown)
        return StepView(
            number=index + 1,
            of=len(self._lesson.steps),
            id=step.id,
            title=step.title,
            text=f"{self._lesson.intro}\n\n{step.text}".strip() if index == 0 else step.text,
            asks=step.ask is not None,
            question=self._prompt(step),
            prompt=prompt_words(step.ask) if step.ask else "",
            expected="" if question is None or isinstance(question, str) else str(question.expected_shape),
            state=state,
            hints=shown,
            hints_left=hidden + 1 if step.ask and state == "open" else 0,
            draft=progress.draft,
            feedback=self._said(step, progress),
            furthest=self._furthest + 1,
            changed=progress.changed(self._lesson.fingerprint(step)),
            trouble=question if isinstance(question, str) else "",
            way=self._way(step),
            seed=self._progress.seed if self._lesson.random else None,
            learned=deriving.lines,
            smaller=deriving.has_smaller,
            working=state != "open" and deriving.question is not None,
        )

    @property
    def board(self) -> tuple[BoardLine, ...]:
        """What is behind the learner, in the order of the lesson."""
        lines = (self._line(number, step) for number, step in enumerate(self._lesson.steps, 1))
        return tuple(line for line in lines if line is not None)

    @property
    def graph(self) -> tuple[Edge, ...]:
        """How the definitions are made of each other, with the local derivatives that are found so far."""
        from tutor.language.expr import Defined, Variable

        found: dict[tuple[str, str], Formula] = {}
        for step in self._lesson.steps:
            question = self._formula_asked(step)
            if self._state(step) == "open" or question is None:
                continue
            of, wrt = question.of, question.wrt
            if question.kind == "derivative" and isinstance(of, Defined) and isinstance(wrt, Variable | Defined):
                answer = self._answer(step)
                found |= {(wrt.name, of.name): answer} if answer else {}
        return tuple(Edge(by, of, found.get((by, of))) for by, of in self._maths.made_of())

    @property
    def earlier(self) -> tuple[str, ...]:
        """The answers given so far, the oldest first; those given in this step are the last."""
        steps = [step.id for step in self._lesson.steps if step is not self._step] + [self._step.id]
        given = [text for id in steps for text in self._progress.step(id).earlier]
        return tuple(reversed(dict.fromkeys(reversed(given))))

    @property
    def summary(self) -> Summary:
        steps = [(step, self._progress.step(step.id)) for step in self._lesson.steps]
        asked = [(step, progress) for step, progress in steps if step.ask]
        return Summary(
            title=self.title,
            solved=sum(self._state(step) == "solved" for step, _ in asked),
            revealed=sum(self._state(step) == "revealed" for step, _ in asked),
            read=len(steps) - len(asked),
            mistakes=sum(progress.mistakes for _, progress in asked),
            hints=sum(min(progress.hints, len(self._deriving(step).hints)) for step, progress in asked),
            board=self.board,
            source=self._lesson.source or "",
        )

    def read(self, text: str) -> Reading:
        """How an unfinished answer is understood. Quick enough for every key; writes nothing."""
        asked = self._asked(self._step)
        read = None if asked is None or isinstance(asked, str) or not text.strip() else asked.read(text)
        return Reading(text) if read is None else live(text, read)

    # Doing --------------------------------------------------------------------------------------

    def draft(self, text: str) -> None:
        """Keep the unfinished text of this step."""
        if text != self._progress.step(self._step.id).draft:
            self._write("draft", self._step.id, text=text)

    def submit(self, text: str) -> Feedback:
        """Hand in, judge, settle, all in one go: for those who can wait."""
        handed = self.hand_in(text)
        return self.settle(handed, self.judge(handed))

    def hand_in(self, text: str) -> Handed:
        """Write the answer down; `judge` it then in any thread, and `settle` it in this one."""
        step = self._step
        whole = "\n".join((*self._lines(step), text))
        number = self._write("answer", step.id, text=text, **self._about(step))
        request = self._lesson.request(step, whole)
        if wrong := self._wrong_before(step):
            request["earlier"] = wrong
        return Handed(step.id, number, text, request)

    def judge(self, handed: Handed, first: Callable[[Reply], None] | None = None) -> Judged:
        """Grade an answer, and find the author's words for it. Touches nothing else, so any thread may.

        `first` is called with the verdict alone, as soon as it is known, where there is more to come.
        """
        reply = self._grader.grade(handed.request, first)
        if reply.verdict != "incorrect":
            return Judged(reply)
        return Judged(reply, self._nudge(handed, reply), self._given_before(handed, reply))

    def announce(self, handed: Handed, reply: Reply) -> Feedback:
        """Write a verdict down before all that there is to say about it is known; `settle` follows."""
        self.settle(handed, Judged(reply))
        step = self._lesson.step(handed.step)
        assert step is not None
        data = reply.to_json()
        return Feedback(data["verdict"], headline(data, self._formula_asked(step)), handed.text)

    def settle(self, handed: Handed, judged: Judged) -> Feedback:
        """Write the verdict down; only then it is given back to be shown."""
        data = {**judged.reply.to_json(), "answer": handed.number}
        if "span" in data:  # of the lines of a derivation only the last was handed in now
            before = len(handed.request["answer"]) - len(handed.text)
            data["span"] = [max(0, place - before) for place in data["span"]]
        if judged.nudge is not None:
            data["nudge"] = judged.nudge
        if judged.again:
            data["again"] = True
        self._write("verdict", handed.step, **data)
        self._note_the_end()
        step = self._lesson.step(handed.step)
        assert step is not None
        return self._feedback(step, handed.text, data)

    def give_up(self) -> None:
        """Wait no longer for the answer that is being judged: it comes back undecided."""
        self._grader.cancel()

    def hint(self) -> None:
        """Show the next hint; after the last one, the answer. Hints that are made of a derivation take their time."""
        if self.lacks("hints"):
            self.keep(self.derive())
        here = self.here
        if here.hints_left > 1:
            self._write("hint", here.id, hint=len(here.hints) + 1)
        elif here.hints_left == 1:
            self.reveal()

    def reveal(self) -> None:
        """Show the answer, and go on with it shown."""
        step = self._step
        if step.ask is None or self._state(step) != "open":
            return
        if self.lacks("answer"):
            self.keep(self.derive())
        text = step.ask.solution or self._deriving(step).answer
        self._write("reveal", step.id, text=text, question=self._lesson.fingerprint(step))
        self._note_the_end()

    def redo(self) -> None:
        """Begin this step anew; what was achieved is kept."""
        if self._state(self._step) != "open":
            self._write("redo", self._step.id)
            self._draw(None)

    def next(self) -> bool:
        """Go on from a step that is done or only read; False at the end of the lesson."""
        step = self._step
        if step.ask is None and not self._behind(step):
            self._write("solved", step.id, question=self._lesson.fingerprint(step))
            self._note_the_end()
        if self._index + 1 < len(self._lesson.steps):
            return self.go(self._index + 2)
        return False if self.done else self.go(self._furthest + 1)

    def previous(self) -> bool:
        return self.go(self._index)

    def go(self, number: int) -> bool:
        """Go to a step by its number: any that is behind, and the first that is not."""
        index = number - 1
        if not 0 <= index < len(self._lesson.steps):
            return False
        if index > self._furthest and not self._behind(self._lesson.steps[index]):
            return False
        self._move(index)
        return True

    @cached_property
    def _picture(self) -> Picture | None:
        """What the picture shows, worked out when it is first looked at."""
        asked = self._lesson.picture
        return self._maths.picture(asked.kind, asked.parameters) if asked else None

    # Deriving -----------------------------------------------------------------------------------

    def lacks(self, what: Literal["hints", "answer"]) -> bool:
        """Whether the author left out the hints, or the answer, and the tutor has not derived them yet."""
        return self._state(self._step) == "open" and self._deriving(self._step).lacks(what)

    def derive(self) -> Mapping[str, Any]:
        """Hints for this step, and its answer, from the derivation, to be kept. It takes its time; any thread may."""
        return self._deriving(self._step).derive(self._grader.run)

    def keep(self, derived: Mapping[str, Any]) -> None:
        """Write down what `derive` found."""
        step = self._step
        self._write("derived", step.id, **self._about(step), **self._deriving(step).kept(derived))

    def working(self) -> Working | str:
        """The derivation of this step, or why there is none. It takes its time; any thread may."""
        return self._deriving(self._step).working(self._grader.run)

    def smaller(self) -> Lesson | str:
        """Smaller questions for this step, or why there are none. It takes its time; any thread may."""
        return self._deriving(self._step).smaller(self._grader.run)

    def within(self, lesson: Lesson) -> Run:
        """The run of smaller questions. It has a progress of its own, beside that of this lesson."""
        return Run(lesson, self._store, self._grader, self._clock, self._progress.seed, self._disputes)

    def learn(self, inner: Run) -> None:
        """Take over what was found out in the smaller questions of this step."""
        step = self._step
        lines = [asdict(line.formula) for line in inner.board]
        if lines:
            self._write("learned", step.id, **self._about(step), lines=lines)

    def dispute(self) -> str:
        """Write the last verdict of this step down for someone to look at; says where."""
        from tutor.session.dispute import dispute

        step = self._step
        judged = [attempt for attempt in self._progress.step(step.id).tries if attempt.verdict is not None]
        if not judged or self._disputes is None:
            return "There is no verdict to doubt."
        last = judged[-1]
        request = self._lesson.request(step, "\n".join((*self._lines(step), last.text)))
        try:
            path = dispute(self._disputes, self._clock(), self.course, self.id, step.id, request, last.reply)
        except OSError as error:
            return f"This could not be written: {error}."
        return f"Your doubt is written down, with the question and the verdict, in {path}."

    def _deriving(self, step: Step) -> Deriving:
        """What is derived for a step, with what was written down of it."""
        asked, progress = self._asked(step), self._progress.step(step.id)
        can_ask = asked is not None and not isinstance(asked, str)
        derived, learned = self._noted(step, progress.derived), self._noted(step, progress.learned)
        return Deriving(self._lesson, step, can_ask, derived, learned)

    def _noted(self, step: Step, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """What was written down, where it was about the question as it is now."""
        return data if all(data.get(key) == value for key, value in self._about(step).items()) else {}

    def _about(self, step: Step) -> dict[str, Any]:
        """What makes the question of a step the same question, numbers included."""
        drawn = {"seed": self._progress.seed} if self._lesson.random else {}
        return {"question": self._lesson.fingerprint(step), **drawn}

    # The events ---------------------------------------------------------------------------------

    def _write(self, kind: Kind, step: str, **data: Any) -> int:
        from tutor.memory.record import Event

        event = Event(self._clock(), self.course, self.id, step, kind, data)
        number = self._store.add(event)
        self._events.append(replace(event, number=number))
        self.__dict__.pop("_progress", None)
        return number

    @cached_property
    def _progress(self) -> Progress:
        """What the events add up to; `_write` forgets it."""
        from tutor.memory.progress import progress

        return progress(self._events)

    def _move(self, index: int) -> None:
        step = self._lesson.steps[index]
        if self._progress.current != step.id:
            self._write("moved", step.id)

    def _note_the_end(self) -> None:
        if self.done and not self._progress.done:
            self._write("done", "")

    # The steps ----------------------------------------------------------------------------------

    @property
    def _index(self) -> int:
        ids = [step.id for step in self._lesson.steps]
        return ids.index(self._progress.current or ids[0])

    @property
    def _step(self) -> Step:
        return self._lesson.steps[self._index]

    @property
    def _furthest(self) -> int:
        """The first step that is not behind the learner; the last one where all are."""
        steps = self._lesson.steps
        return next((k for k, step in enumerate(steps) if not self._behind(step)), len(steps) - 1)

    def _behind(self, step: Step) -> bool:
        progress = self._progress.step(step.id)
        return progress.behind and not progress.changed(self._lesson.fingerprint(step))

    def _state(self, step: Step) -> State:
        """What was achieved counts for the question that it was achieved on."""
        progress = self._progress.step(step.id)
        return "open" if progress.changed(self._lesson.fingerprint(step)) else progress.state

    def _asked(self, step: Step) -> Question | Task | str | None:
        """What a step asks: None where nothing is asked, a message where it cannot be asked."""
        if step.id not in self._asks:
            self._asks[step.id] = self._read_ask(step)
        return self._asks[step.id]

    def _read_ask(self, step: Step) -> Question | Task | str | None:
        from tutor.marking.kinds import asked
        from tutor.problem import Problem

        if step.ask is None:
            return None
        found = asked(self._lesson.request(step, ""))
        return found.message if isinstance(found, Problem) else found

    def _question(self, step: Step) -> Question | str | None:
        """The same as far as it is a formula: None where nothing is, or where the formula would be the answer."""
        from tutor.marking.question import Question

        asked = self._asked(step)
        return asked if asked is None or isinstance(asked, str | Question) else asked.question

    def _formula_asked(self, step: Step) -> Question | None:
        """The same; None also where it cannot be asked."""
        question = self._question(step)
        return None if isinstance(question, str) else question

    def _prompt(self, step: Step) -> Formula | None:
        """The left side of the question, with the values at which it is asked."""
        question = self._formula_asked(step)
        if question is None:
            return None
        at = step.ask.at if step.ask else {}
        values = self._maths.set(", ".join(f"{name} = {text}" for name, text in at.items())) if at else None
        return prompt(question) if values is None else beside((prompt(question), AT, values))

    def _way(self, step: Step) -> Way:
        """How an answer is given here, and with what."""
        if step.ask is None:
            return Way()
        asked, question = self._asked(step), self._formula_asked(step)
        if asked is None or isinstance(asked, str):
            return Way()
        dims = () if question is None else question.expected.dims
        found = way(step.ask, f"{self._progress.seed}:{step.id}", [dim.constant or 0 for dim in dims])
        read = (asked.read(line) for line in self._lines(step))
        lines = (formula(line) for line in read if line is not None)
        return replace(found, lines=tuple(line for line in lines if line is not None))

    def _lines(self, step: Step) -> tuple[str, ...]:
        """The lines of a derivation that stand already."""
        tries = self._progress.step(step.id).tries
        return tuple(attempt.text for attempt in tries if attempt.verdict == "follows" and self._fits(step, attempt))

    def _fits(self, step: Step, attempt: Attempt) -> bool:
        """Whether an attempt was at the question as it is now, numbers included."""
        is_same = attempt.question in ("", self._lesson.fingerprint(step))
        return is_same and (not self._lesson.random or attempt.seed == self._progress.seed)

    def _line(self, number: int, step: Step) -> BoardLine | None:
        state = self._state(step)
        if state == "open" or isinstance(self._asked(step), str):
            return None
        question, answer = self._prompt(step), self._answer(step)
        if answer is None:
            return None
        says_nothing = question is None or question.text == answer.text  # as where the question is all in words
        equation = answer if question is None or says_nothing else beside((question, EQUALS, answer))
        return BoardLine(number, step.id, step.title, equation, state)

    def _answer(self, step: Step) -> Formula | None:
        """The answer as it is shown: the author's form, else the tutor's, else the learner's own."""
        from tutor.marking.value import Value

        asked = self._asked(step)
        if asked is None or isinstance(asked, str) or step.ask is None:
            return None
        if step.ask.options:
            return self._maths.words(" and ".join(step.ask.options[number - 1].text for number in step.ask.right))
        given = self._progress.step(step.id).answered
        reference = str(given.reply.get("reference") or "") if given else ""
        own = asked.reference if isinstance(asked, Value) else None
        found = self._deriving(step).answer
        for text in (step.ask.solution, reference, own, found, given.text if given else None):
            read = asked.read(text) if text else None
            shown = None if read is None else formula(self._turned(step, read))
            if shown:
                return shown
        return None

    def _turned(self, step: Step, answer: Answer) -> Answer:
        """An author's answer in the layout of the question: where that is the learner's, it may be the other one."""
        from tutor.language.expr import Expr
        from tutor.marking.forms import transposed

        question = self._formula_asked(step)
        if question is None or not isinstance(answer, Expr):
            return answer
        lies_otherwise = answer.shape != question.expected and answer.shape == question.expected.transposed
        return transposed(answer) if lies_otherwise else answer

    # What is said -------------------------------------------------------------------------------

    def _said(self, step: Step, progress: StepProgress) -> Feedback | None:
        """The last thing that was said in this step, told again from the events."""
        if self._state(step) == "revealed":
            after = step.ask.after if step.ask else ""
            return Feedback("revealed", "The answer, shown.", formula=self._answer(step), after=after)
        if step.ask is None:
            return Feedback("read", "Read.") if self._state(step) == "solved" else None
        judged = [attempt for attempt in progress.tries if attempt.verdict is not None]
        fitting = [attempt for attempt in judged if self._fits(step, attempt)]
        return self._feedback(step, fitting[-1].text, fitting[-1].reply) if fitting else None

    def _feedback(self, step: Step, answer: str, data: Mapping[str, Any]) -> Feedback:
        """What a reply, as it was written down, says to the learner."""
        has_formula = data["verdict"] == "correct" and step.ask is not None and not step.ask.options
        found = self._answer(step) if has_formula else None
        return feedback(data, answer, step.ask, self._formula_asked(step), found)

    def _wrong_before(self, step: Step) -> list[dict[str, Any]]:
        """The learner's own last wrong answers to earlier steps: this one may follow from them."""
        wrong = []
        for number, before in enumerate(self._lesson.steps[: self._lesson.steps.index(step)], 1):
            tries = self._progress.step(before.id).tries
            given = [each.text for each in tries if each.verdict == "incorrect" and self._fits(before, each)]
            if given and before.ask is not None:
                wrong.append({"ask": before.ask.asked, "answer": given[-1], "step": f"step {number}"})
        return wrong

    def _given_before(self, handed: Handed, reply: Reply) -> bool:
        """Whether the learner gave this wrong answer before in this step: read the same, or meaning the same."""
        from tutor.marking.kinds import same_as

        step = self._lesson.step(handed.step)
        if step is None or not reply.read_as:
            return False
        tries = self._progress.step(step.id).tries
        wrong = [each for each in tries if each.verdict == "incorrect" and each.number != handed.number]
        wrong = [each for each in wrong if self._fits(step, each)][-MOST_COMPARED:]
        if any(each.reply.get("read_as") == reply.read_as for each in wrong):
            return True
        # Only what has the same value where they were tried can have the same meaning.
        alike = [each for each in wrong if reply.witness and each.reply.get("witness") == reply.witness]
        requests = (same_as(handed.request, each.text) for each in alike)
        return any(same and self._means(same, handed.text) for same in requests)

    def _means(self, same: Mapping[str, Any], answer: str) -> bool:
        return self._grader.grade({**same, "answer": answer}).verdict == "correct"

    def _nudge(self, handed: Handed, reply: Reply) -> int | None:
        """The author's nudge whose wrong answer equals this one: first by the look of it, then by value."""
        from tutor.marking.kinds import same_as

        step = self._lesson.step(handed.step)
        asked = self._asked(step) if step else None
        if step is None or step.ask is None or asked is None or isinstance(asked, str):
            return None
        nudges = list(enumerate(step.ask.nudges))
        for number, nudge in nudges:
            read = asked.read(nudge.when)
            meant = None if read is None else formula(read)
            if meant is not None and meant.text == reply.read_as:
                return number
        for number, nudge in nudges:
            same = same_as(handed.request, nudge.when)
            if same and self._grader.grade({**same, "answer": handed.text}).verdict in ("correct", "follows"):
                return number
        return None
