"""What a session makes of derivations: workings, smaller questions, hints, and verdicts that are doubted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clock import Clock
from tutor.course.lesson import Lesson
from tutor.course.library import Library
from tutor.marking.grade import Grader
from tutor.marking.reply import Reply
from tutor.memory.store import Store
from tutor.session import Own, Run, Session, Working
from tutor.session.errands import ERRANDS

LESSON = """\
---
format: 1
title: The clip
summary: Two steps.
variables:
  w: vector n
  x: vector n
  b: scalar
define:
  z: w·x + b
  a: max(0, z)
---

## By the weights

```ask
derivative: a
wrt: w
```

## A sum

```ask
equals: x + x
answer: 2*x
hints:
  - Count.
scaffold:
  - equals: 1 + 1
    answer: "2"
```

## Its square

```ask
derivative: a^2
wrt: w
```
"""


class Marker:
    """The judge and the errands, in this process."""

    def __init__(self) -> None:
        self.grader = Grader()
        self.errands: list[str] = []

    def grade(self, request: Any, first: Any = None) -> Reply:
        return self.grader(request)

    def run(self, errand: str, request: Any) -> dict[str, Any]:
        self.errands.append(errand)
        return ERRANDS[errand](request)

    def start(self) -> None: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...


class Desk:
    """A learner with one lesson, who can close the program."""

    def __init__(self, folder: Path) -> None:
        self.home = folder / "home"
        self.lessons = folder / "lessons"
        self.lessons.mkdir()
        (self.lessons / "clip.md").write_text(LESSON, "utf-8")
        self.clock, self.marker = Clock(), Marker()
        self.store = Store.open(self.home, self.clock())

    def session(self) -> Session:
        return Session(Library.find(self.lessons), self.store, self.marker, self.clock, self.home)

    def run(self) -> Run:
        run = self.session().open("lessons", "clip")
        assert isinstance(run, Run)
        return run

    def again(self) -> Run:
        self.store.close()
        self.store = Store.open(self.home, self.clock())
        return self.run()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path)
    yield desk
    desk.store.close()


def smaller(run: Run) -> Run:
    lesson = run.smaller()
    assert isinstance(lesson, Lesson)
    return run.within(lesson)


def learned(run: Run) -> list[str]:
    return [formula.text for formula in run.here.learned]


def test_a_working_names_the_parts_their_rules_and_their_shapes(desk: Desk) -> None:
    working = desk.run().working()
    assert isinstance(working, Working)
    parts = [line.part.text for line in working.lines if line.part]
    assert parts == ["u = w·x", "z = u + b", "a = max(0, z)"]
    assert [line.equation.text for line in working.lines] == [
        "∂u/∂w = xᵀ",
        "∂z/∂w = xᵀ",
        "∂a/∂w = [z > 0] xᵀ",
        "∂a/∂w = xᵀ if z > 0 else 0",
    ]
    assert [line.equation.shape for line in working.lines] == ["1×n"] * 4
    assert working.lines[0].rule == "the dot product"
    assert working.result.shape == "1×n"


def test_a_working_is_offered_once_the_step_is_done_or_given_up(desk: Desk) -> None:
    run = desk.run()
    assert (run.here.working, run.here.smaller) == (False, True)
    run.reveal()
    assert run.here.working
    run.next()
    run.submit("2*x")
    assert not run.here.working


def test_an_answer_that_the_author_left_out_is_derived_when_it_is_shown(desk: Desk) -> None:
    run = desk.run()
    run.reveal()
    assert run.board[0].formula.text == "∂a/∂w = xᵀ if z > 0 else 0"
    assert desk.again().board == run.board
    assert desk.marker.errands == ["hints"]


def test_hints_that_the_author_left_out_are_made_of_the_derivation(desk: Desk) -> None:
    run = desk.run()
    assert (run.here.hints, run.here.hints_left) == ((), 4)
    run.hint()
    assert "the dot product" in run.here.hints[0]
    run.hint()
    assert "$Δw$" in run.here.hints[1]
    run.hint()
    assert "∂u/∂w = xᵀ" in run.here.hints[2]
    assert not any("xᵀ if z > 0" in hint for hint in run.here.hints)
    assert desk.again().here.hints == run.here.hints
    assert desk.marker.errands == ["hints"]
    run.hint()
    assert run.here.state == "revealed"


def test_a_shape_gets_no_hints_from_a_derivation_and_no_formula_for_an_answer(desk: Desk) -> None:
    text = LESSON.replace("derivative: a\nwrt: w", "shape: a\nwrt: w")
    (desk.lessons / "clip.md").write_text(text, "utf-8")
    run = desk.run()
    assert run.here.hints_left == 1
    run.reveal()
    assert desk.marker.errands == []


def test_an_authors_hints_are_not_replaced(desk: Desk) -> None:
    run = desk.run()
    run.reveal()
    run.next()
    run.hint()
    assert run.here.hints == ("Count.",)


def test_smaller_questions_are_played_beside_the_lesson_and_leave_its_progress_alone(desk: Desk) -> None:
    run = desk.run()
    inner = smaller(run)
    assert inner.id == "clip#by-the-weights"
    assert inner.here.of > 1
    assert not inner.here.smaller
    inner.submit("(n, 1)")
    assert inner.submit("(1, n)").verdict == "correct"
    assert run.summary.mistakes == 0
    assert run.earlier == ()
    assert desk.again().here.state == "open"
    assert smaller(desk.run()).here.state == "solved"
    assert [card.id for card in desk.session().home().courses[0].lessons] == ["clip"]


def test_what_smaller_questions_found_out_is_on_the_board_of_the_step(desk: Desk) -> None:
    run = desk.run()
    inner = smaller(run)
    run.learn(inner)
    assert not learned(run)
    while not inner.done:
        inner.reveal()
        inner.next()
    run.learn(inner)
    assert "∂z/∂w = xᵀ" in learned(run)
    assert learned(desk.again()) == learned(run)
    run.reveal()
    run.next()
    assert not learned(run)


def test_the_authors_smaller_questions_go_before_those_that_are_made(desk: Desk) -> None:
    run = desk.run()
    run.reveal()
    run.next()
    desk.marker.errands.clear()
    inner = smaller(run)
    assert inner.submit("2").verdict == "correct"
    assert desk.marker.errands == []


def test_a_verdict_that_is_doubted_is_written_to_a_file_that_can_be_graded_again(desk: Desk) -> None:
    run = desk.run()
    assert "no verdict" in run.dispute()
    said = run.submit("w'")
    assert said.verdict == "incorrect"
    told = run.dispute()
    (file,) = (desk.home / "disputes").iterdir()
    assert str(file) in told
    data = json.loads(file.read_text("utf-8"))
    assert (data["format"], data["lesson"], data["step"]) == (1, "clip", "by-the-weights")
    assert data["reply"]["read_as"] == "wᵀ"
    assert data["reply"]["witness"]
    assert Grader()(data["request"]).verdict == "incorrect"
    run.dispute()
    assert len(list((desk.home / "disputes").iterdir())) == 2


def test_a_wrong_answer_that_was_given_before_is_known_again_in_other_words(desk: Desk) -> None:
    run = desk.run()
    assert not run.submit("w'").again
    assert not run.submit("2*w'").again
    assert run.submit("w'").again
    assert run.submit("w' + w'").again
    assert desk.again().here.feedback == run.here.feedback
    assert not run.submit("3*w'").again


def test_a_verdict_is_written_down_before_its_reasons_are_known(desk: Desk) -> None:
    run = desk.run()
    handed = run.hand_in("w'")
    reply = desk.marker.grade(handed.request)
    first = run.announce(handed, replace(reply, message=""))
    assert (first.verdict, first.witness, first.message) == ("incorrect", None, "")
    told = desk.again().here.feedback
    assert told is not None
    assert told.verdict == "incorrect"
    said = run.settle(handed, run.judge(handed))
    assert said.message == reply.message
    assert run.summary.mistakes == 1


def test_a_later_answer_is_judged_beside_the_wrong_ones_of_earlier_steps(desk: Desk) -> None:
    run = desk.run()
    run.submit("w'")
    run.submit("x'")
    run.reveal()
    run.next()
    earlier = run.hand_in("x").request["earlier"]
    assert earlier == [{"ask": {"derivative": "a", "wrt": "w"}, "answer": "x'", "step": "step 1"}]


def test_an_answer_that_follows_from_an_earlier_wrong_one_says_which_line_to_fix(desk: Desk) -> None:
    run = desk.run()
    run.submit("2*x'")
    for _ in range(2):
        run.reveal()
        run.next()
    said = run.submit("2*a*2*x'")
    assert said.verdict == "incorrect"
    assert "This follows from your ∂a/∂w of step 1: that is the line to fix." in said.message
    assert "follows" not in run.submit("7*x'").message


def test_a_formula_of_ones_own_is_derived_by_each_variable_with_what_was_left_out_inferred(desk: Desk) -> None:
    own = Own("max(0, w·x + b)", "w, b", "b: scalar")
    assert own.refusal() is None
    assert own.taken == "w, x vectors of n"
    found = desk.session().derive(own)
    assert not isinstance(found, str)
    assert [working.result.shape for working in found] == ["1×n", "1×1"]


def test_a_formula_of_ones_own_is_played_as_a_lesson_and_resumed(desk: Desk) -> None:
    session, own = desk.session(), Own("w·x + b", "w", "w, x: vector n; b: scalar")
    lesson = session.lesson_of(own)
    assert isinstance(lesson, Lesson)
    run = session.play(lesson)
    run.reveal()
    run.next()
    assert session.play(lesson).here.number == 2
    assert [course.id for course in session.home().courses] == ["lessons"]


@pytest.mark.parametrize(
    ("own", "field", "place"),
    [
        (Own("", "w"), "formula", None),
        (Own("w*x", "w", "w, x: vector n"), "formula", (0, 3)),
        (Own("w·x", "w, q", "w, x: vector n"), "by", (3, 4)),
        (Own("w·x", "", "w, x: vector n"), "by", None),
        (Own("w·x", "w", "w, x: vektor n"), "declared", (6, 12)),
        (Own("w·x", "w", "b: scalar; w, x"), "declared", (11, 15)),
        (Own("z", "w", "w, x: vector n; z = w*x"), "declared", (20, 23)),
    ],
)
def test_a_formula_of_ones_own_is_refused_with_the_line_and_the_place(
    own: Own, field: str, place: tuple[int, int] | None
) -> None:
    refused = own.refusal()
    assert refused is not None
    assert (refused[0], refused[1].span) == (field, place)
    assert refused[1].message


def test_the_graph_of_definitions_fills_with_the_local_derivatives_that_are_found(desk: Desk) -> None:
    text = LESSON.replace("derivative: a\nwrt: w", "derivative: a\nwrt: z\nanswer: '[z > 0]'")
    (desk.lessons / "clip.md").write_text(text, "utf-8")
    run = desk.run()
    edges = [("w", "z"), ("x", "z"), ("b", "z"), ("z", "a")]
    assert [(edge.by, edge.of, edge.local) for edge in run.graph] == [(by, of, None) for by, of in edges]
    assert run.submit("1 if z > 0 else 0").done
    found = run.graph[-1].local
    assert found is not None
    assert found.text == "[z > 0]"
    assert not any(edge.local for edge in run.graph[:-1])
