"""A learner's story with the built-in lessons and the real judge, without a screen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.clock import Clock
from tutor.course.lesson import Ask
from tutor.marking.worker import Worker
from tutor.memory.store import Store
from tutor.session import Run, Session

LESSONS = ("subderivatives", "dot-products", "neuron", "neuron-loss")


COUNTED = ("choose", "value")
"""Kinds of ask whose answer is compared, and proved nothing about."""


class Learner:
    """Someone who comes back: each visit is a new session on the same folder."""

    def __init__(self, folder: Path, worker: Worker) -> None:
        self.folder = folder
        self.clock = Clock()
        self.worker = worker
        self.store: Store | None = None

    def visit(self) -> Session:
        from tutor.course.library import Library, builtin_lessons

        if self.store is not None:
            self.store.close()
        self.store = Store.open(self.folder, self.clock())
        lessons = builtin_lessons()
        assert lessons is not None
        return Session(Library.find(lessons), self.store, self.worker, self.clock, self.folder)

    def open(self, lesson: str) -> Run:
        run = self.visit().open("matrix-calculus", lesson)
        assert isinstance(run, Run)
        return run


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One judge for all stories; it may take its time on a busy machine."""
    judge = Worker(limit=30.0)
    yield judge
    judge.close()


@pytest.fixture
def learner(tmp_path: Path, worker: Worker) -> Learner:
    return Learner(tmp_path, worker)


def to_a_question(run: Run, number: int = 1) -> None:
    """Past what is only read, to the question with this number."""
    while not run.here.asks or number > 1:
        if run.here.asks:
            run.reveal()
            number -= 1
        assert run.next()


def asked(run: Run) -> Ask:
    """What is asked at the step at which the run is."""
    step = run._lesson.step(run.here.id)
    assert step is not None
    assert step.ask is not None
    return step.ask


def answer(run: Run) -> str:
    """The author's answer to the step at which the run is."""
    solution = asked(run).solution
    assert solution is not None
    return solution


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_lesson_is_played_with_its_own_answers_and_each_is_proved(learner: Learner, lesson: str) -> None:
    run = learner.open(lesson)
    going = True
    while going:
        if run.here.asks:
            said = run.submit(answer(run))
            assert said.verdict == "correct", (run.here.id, said)
            if asked(run).kind not in COUNTED:
                assert said.headline.startswith("Proved"), (run.here.id, said)
        going = run.next()
    assert run.done
    assert run.summary.mistakes == 0
    assert len(run.board) == run.summary.solved


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_nudge_of_a_lesson_is_said_to_the_mistake_it_is_for(learner: Learner, lesson: str) -> None:
    run = learner.open(lesson)
    going = True
    while going:
        step = run._lesson.step(run.here.id)
        for nudge in step.ask.nudges if step and step.ask else ():
            said = run.submit(nudge.when)
            assert (said.verdict, said.said) == ("incorrect", nudge.say), (run.here.id, nudge.when)
        run.reveal()
        going = run.next()


def test_a_learner_errs_is_told_why_takes_a_hint_and_finds_the_slope_of_the_clip(learner: Learner) -> None:
    run = learner.open("neuron")
    while run.here.id != "a-by-z":
        run.reveal()
        assert run.next()
    said = run.submit("1")
    assert said.verdict == "incorrect"
    assert said.witness is not None
    names = [name for name, _ in said.witness.point]
    assert "z" in names or "b" in names
    assert said.witness.differs == ((True,),)
    run.hint()
    assert len(run.here.hints) == 1
    said = run.submit("1 if z > 0 else 0")
    assert said.headline == "Proved, for every n and every w, x, b."
    assert said.formula is not None
    assert said.formula.text == "[z > 0]"
    assert run.summary.mistakes == 1


def test_the_other_layout_is_named_and_nothing_is_lost_by_a_crash(learner: Learner) -> None:
    run = learner.open("neuron")
    to_a_question(run)
    said = run.submit("x")
    assert said.code == "other-layout"
    assert "1×n" in said.message
    back = learner.open("neuron")
    assert back.here.id == run.here.id
    assert back.here.feedback == said
    assert back.here.draft == "x"
    assert back.earlier == ("x",)


def test_other_spellings_of_a_right_answer_are_right(learner: Learner) -> None:
    run = learner.open("neuron")
    to_a_question(run)
    for spelling in ("x^T", "xᵀ", "x.T", "\\mathbf{x}^\\top", "∂z/∂w = x'", "transpose(x)", "x' + 0'"):
        assert run.submit(spelling).verdict == "correct", spelling


def test_what_cannot_be_read_is_shown_with_its_place_and_costs_nothing(learner: Learner) -> None:
    run = learner.open("neuron")
    to_a_question(run)
    live, said = run.read("w*x"), run.submit("w*x")
    assert said.verdict == "unreadable"
    assert said.span == live.span
    assert said.message == live.message
    assert said.suggestions == live.suggestions
    assert run.summary.mistakes == 0
    assert run.here.state == "open"


def test_a_lesson_is_left_in_the_middle_and_the_list_leads_back_to_it(learner: Learner) -> None:
    run = learner.open("neuron")
    to_a_question(run)
    run.submit("x'")
    run.next()
    run.draft("1 +")
    session = learner.visit()
    resume = session.home().resume
    assert resume is not None
    assert (resume.id, resume.mark) == ("neuron", "started")
    back = session.open(resume.course, resume.id)
    assert isinstance(back, Run)
    assert back.here.draft == "1 +"
    assert back.board[-1].formula.text == "∂z/∂w = xᵀ"
