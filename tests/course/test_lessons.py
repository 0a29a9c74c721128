"""Every built-in lesson is played from its start to its end, and its natural mistake is answered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.clock import Clock
from tests.course.mistakes import MISTAKES
from tutor.course.lesson import Ask, Lesson, Step
from tutor.course.library import Library, builtin_lessons
from tutor.course.load import load_lesson
from tutor.marking.worker import Worker
from tutor.memory.store import Store
from tutor.session import Run, Session

START = datetime(2026, 3, 1, 9, tzinfo=UTC)

BUILTIN = builtin_lessons()
assert BUILTIN is not None
LIBRARY = Library.find(BUILTIN)
PAGE = Path(__file__).parents[2] / "docs" / "course.md"
PROMISES = re.findall(r"^\|.*\| *(?:`(.+?)`)? *\| `([a-z-]+)#([a-z-]+)` \|$", PAGE.read_text(encoding="utf-8"), re.M)
"""What the page says is asked: the result, where it is a formula, the lesson and the step."""

LESSONS = [(course.id, id) for course in LIBRARY.courses for id in course.entries]


@pytest.fixture(scope="module")
def worker() -> Iterator[Worker]:
    """One judge for all lessons; it may take its time on a busy machine."""
    judge = Worker(limit=30.0)
    yield judge
    judge.close()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = Store.open(tmp_path, START)
    yield opened
    opened.close()


@pytest.fixture
def session(tmp_path: Path, store: Store, worker: Worker) -> Session:
    return Session(LIBRARY, store, worker, Clock(), tmp_path)


def start(session: Session, course: str, lesson: str) -> Run:
    run = session.open(course, lesson)
    assert isinstance(run, Run), run
    return run


def steps(run: Run) -> dict[str, Step]:
    return {step.id: step for step in run._lesson.steps}


def solution(ask: Ask) -> str:
    """What the author hands in."""
    assert ask.solution is not None
    return ask.solution


def at(run: Run, id: str) -> Run:
    """The same run, at a step further down; what stands above is shown."""
    while run.here.id != id:
        run.reveal()
        assert run.next(), id
    return run


@pytest.mark.parametrize(("course", "lesson"), LESSONS)
def test_every_lesson_is_played_to_its_end_with_the_true_answers(session: Session, course: str, lesson: str) -> None:
    run = start(session, course, lesson)
    going = True
    while going:
        ask = steps(run)[run.here.id].ask
        if ask is not None:
            said = run.submit(solution(ask))
            assert said.verdict == "correct", (run.here.id, said)
        going = run.next()
    assert run.done
    assert run.summary.mistakes == 0


@pytest.mark.parametrize(("course", "lesson"), LESSONS)
def test_the_natural_mistake_of_every_lesson_gets_an_answer_of_its_own(
    session: Session, course: str, lesson: str
) -> None:
    run = start(session, course, lesson)
    id, typed = MISTAKES.get(lesson) or first_nudge(run)
    said = at(run, id).submit(typed)
    assert said.verdict == "incorrect"
    assert said.said or said.code not in ("", "other", "wrong-shape"), said


def first_nudge(run: Run) -> tuple[str, str]:
    step = next(step for step in steps(run).values() if step.ask is not None and step.ask.nudges)
    assert step.ask is not None
    return step.id, step.ask.nudges[0].when


def test_every_natural_mistake_belongs_to_a_lesson() -> None:
    assert set(MISTAKES) <= {lesson for _, lesson in LESSONS}


@pytest.mark.parametrize(("course", "lesson"), LESSONS)
def test_every_lesson_ends_by_asking_without_hints(session: Session, course: str, lesson: str) -> None:
    *_, last = start(session, course, lesson)._lesson.steps
    assert last.ask is not None
    assert not last.ask.hints


@pytest.mark.parametrize(("result", "lesson", "step"), PROMISES, ids=lambda text: text or "words")
def test_what_the_page_says_is_asked_where_it_says_so(session: Session, result: str, lesson: str, step: str) -> None:
    run = start(session, "matrix-calculus", lesson)
    asked = steps(run)[step].ask
    assert asked is not None
    assert at(run, step).submit(result or solution(asked)).verdict == "correct"


def test_the_page_has_no_line_that_is_overlooked() -> None:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.endswith("` |")]
    assert len(lines) == len(PROMISES) > 80


def test_the_page_says_by_what_each_question_differentiates() -> None:
    rows = re.findall(r"^\|.*\| `(\w+)` \| .*\| `([a-z-]+)#([a-z-]+)` \|$", PAGE.read_text(encoding="utf-8"), re.M)
    assert rows
    for by, lesson, step in rows:
        entry = LIBRARY.entry("matrix-calculus", lesson)
        assert entry is not None
        loaded = load_lesson(entry.path, "matrix-calculus")
        assert isinstance(loaded, Lesson)
        found = loaded.step(step)
        assert found is not None, (lesson, step)
        assert found.ask is not None, (lesson, step)
        assert found.ask.wrt in (by, None), (lesson, step)


def test_the_page_has_something_of_every_lesson() -> None:
    ids = {id for course, id in LESSONS if course == "matrix-calculus"}
    assert ids == {lesson for _, lesson, _ in PROMISES}
