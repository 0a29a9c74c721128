"""A lesson with every kind of ask, played through a session without a screen."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.clock import Clock
from tutor.course.lesson import Lesson
from tutor.course.load import load_lesson
from tutor.marking.grade import Grader
from tutor.memory.store import Store
from tutor.plain.play import play
from tutor.session import Feedback, Run, grid_cells, grid_text
from tutor.session.errands import ERRANDS

PAGE = (Path(__file__).parents[1] / "lessons" / "README.md").read_text(encoding="utf-8")
STEPS = ("choice", "order", "value", "entries", "lines")


class Marker(Grader):
    """The judge itself, in this process."""

    def start(self) -> None: ...
    def cancel(self) -> None: ...
    def close(self) -> None: ...
    def run(self, errand: str, request: Any) -> dict[str, Any]:
        return ERRANDS[errand](request)

    def grade(self, request: Any, first: Any = None) -> Any:
        return self(request)


class Desk:
    """A learner who may close the program, or lose it, at any moment."""

    def __init__(self, folder: Path) -> None:
        file = folder / "all-kinds.md"
        file.write_text(re.findall(r"^````markdown\n(.*?)^````$", PAGE, re.DOTALL | re.MULTILINE)[1], "utf-8")
        lesson = load_lesson(file, "course")
        assert isinstance(lesson, Lesson)
        self.lesson = lesson
        self.clock = Clock()
        self.store = Store.open(folder, self.clock())

    def run(self, seed: int | None = None) -> Run:
        return Run(self.lesson, self.store, Marker(), self.clock, seed)

    def at(self, step: str, seed: int | None = None) -> Run:
        """A run that has come to a step, all before it being solved."""
        run = self.run(seed)
        for id in STEPS[: STEPS.index(step)]:
            assert run.here.id == id
            solve(run)
            run.next()
        return run


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def k(run: Run) -> str:
    """The number that was drawn."""
    return run.maths.set("k").text


def solve(run: Run) -> Feedback:
    n = k(run)
    answers = {
        "choice": "1",
        "order": "1, 2, 3",
        "value": f"[{3 * int(n)}, {4 * int(n)}]",
        "entries": f"[{n} u_1^{int(n) - 1}, 0; 0, {n} u_2^{int(n) - 1}]",
        "lines": "x'(A + A')",
    }
    said = run.submit(answers[run.here.id])
    assert said.verdict == "correct", said
    return said


def test_every_kind_is_solved_and_stands_on_the_board(desk: Desk) -> None:
    run = desk.at("lines", seed=7)
    solve(run)
    assert run.next() is False
    assert run.done
    board = [line.formula.text for line in run.board]
    assert board[:2] == ["xᵀ", "xᵀWᵀv"]
    assert board[4] == "∂(xᵀA x)/∂x = xᵀ(A + Aᵀ)"


def test_every_kind_can_be_given_up_and_shows_its_answer(desk: Desk) -> None:
    run = desk.run(seed=7)
    for id in STEPS:
        assert run.here.id == id
        run.reveal()
        said = run.here.feedback
        assert said is not None
        assert said.verdict == "revealed"
        assert said.formula is not None
        run.next()
    assert run.done


def test_options_are_shuffled_and_keep_their_numbers(desk: Desk) -> None:
    orders = {tuple(item.number for item in desk.run(seed).here.way.items) for seed in range(1, 60)}
    assert len(orders) == 6  # all there are: one that never comes would tell something
    assert all(sorted(order) == [1, 2, 3] for order in orders)


def test_factors_are_never_shown_in_the_order_of_the_author(desk: Desk) -> None:
    desk.at("order", seed=1)
    orders = {tuple(item.number for item in desk.run(seed).here.way.items) for seed in range(1, 60)}
    assert (1, 2, 3) not in orders
    assert len(orders) > 2


def test_the_order_in_which_options_are_shown_survives_a_restart(desk: Desk) -> None:
    first = desk.run().here.way.items
    assert desk.run().here.way.items == first


def test_a_wrong_choice_is_told_why_by_its_option(desk: Desk) -> None:
    run = desk.run()
    said = run.submit("3")
    assert (said.verdict, said.said) == ("incorrect", "This is the derivative by the other one.")
    assert run.here.state == "open"


def test_factors_that_do_not_meet_cost_nothing(desk: Desk) -> None:
    run = desk.at("order")
    assert run.here.prompt == "Put the factors in order."
    assert run.here.question is None
    said = run.submit("2, 1, 3")
    assert said.verdict == "unreadable"
    assert said.headline == "The shapes do not fit, so this does not count."
    assert "do not meet" in said.message or "does not meet" in said.message
    assert run.summary.mistakes == 0


def test_unfinished_factors_are_shown_as_their_product(desk: Desk) -> None:
    run = desk.at("order")
    shown = run.read("1, 2").formula
    assert shown is not None
    assert (shown.text, shown.shape) == ("xᵀWᵀ", "1×m")


def test_the_values_stand_beside_the_question(desk: Desk) -> None:
    question = desk.at("value", seed=7).here.question
    assert question is not None
    assert question.text.endswith("at w = [1, 2], x = [3, 4], b = 0")


def test_each_entry_of_a_grid_has_its_verdict(desk: Desk) -> None:
    run = desk.at("entries", seed=7)
    n = int(k(run))
    assert (run.here.way.rows, run.here.way.columns) == (2, 2)
    said = run.submit(f"[{n} u_1^{n - 1}, 0; 0, {n} u_1^{n - 1}]")
    assert said.cells == (("correct", "correct"), ("correct", "incorrect"))
    said = run.submit(f"[{n} u_1^{n - 1}, {n} u_2^{n - 1}; {n} u_1^{n - 1}, {n} u_2^{n - 1}]")
    assert said.said == "Does the first entry of the output notice when the second of the input moves?"


def test_an_empty_cell_costs_nothing(desk: Desk) -> None:
    run = desk.at("entries")
    assert run.submit(grid_text([["1", ""], ["0", "1"]])).verdict == "unreadable"
    assert run.summary.mistakes == 0


def test_cells_come_back_from_the_text_that_was_kept() -> None:
    cells = (("[u_1 > 0]", ""), ("max(u_1, 0)", "0"))
    assert grid_cells(grid_text(cells), 2, 2) == cells
    assert grid_cells("", 2, 2) == (("", ""), ("", ""))


def test_lines_grow_until_the_answer_stands_there(desk: Desk) -> None:
    run = desk.at("lines")
    assert run.submit("∂(x'A x)/∂x").verdict == "follows"
    said = run.submit("(A x)' + x'A")
    assert (said.verdict, said.headline) == ("correct", "Proved, for every n and every x, A.")
    assert len(run.here.way.lines) == 1


def test_a_line_that_does_not_follow_is_told_where_it_parts(desk: Desk) -> None:
    run = desk.at("lines")
    run.submit("∂(x'A x)/∂x + 0*(A x)' + x' - x'")
    run.submit("(A x)' + x'A + x' - x'")
    said = run.submit("x'A + x'A + x' - x'")
    assert said.verdict == "incorrect"
    assert "(A x)ᵀ" in said.message
    assert "xᵀA" in said.message
    assert said.witness is not None
    assert [line.text for line in run.here.way.lines][-1] == "(A x)ᵀ + xᵀA + xᵀ − xᵀ"


def test_the_nudge_of_a_line_is_found_by_its_value(desk: Desk) -> None:
    run = desk.at("lines")
    run.submit("∂(x'A x)/∂x")
    assert run.submit("x'A + x'A").said == "This holds for a symmetric $A$. Is it one?"


def test_a_place_in_a_later_line_is_told_in_that_line(desk: Desk) -> None:
    run = desk.at("lines")
    run.submit("∂(x'A x)/∂x")
    said = run.submit("x'A + q")
    assert (said.verdict, said.span) == ("unreadable", (6, 7))


def test_lines_that_stand_survive_a_restart(desk: Desk) -> None:
    run = desk.at("lines")
    run.submit("∂(x'A x)/∂x")
    again = desk.run()
    assert [line.text for line in again.here.way.lines] == ["∂(xᵀA x)/∂x"]
    assert again.submit("x'(A + A')").verdict == "correct"


def test_an_answer_that_was_never_judged_is_found_as_a_draft(desk: Desk) -> None:
    run = desk.at("entries")
    cells = grid_text([["1", "0"], ["0", "1"]])
    run.hand_in(cells)  # and the program ends here
    again = desk.run().here
    assert (again.draft, again.state, again.feedback) == (cells, "open", None)


# Numbers that are drawn --------------------------------------------------------------------------------------


def test_a_seed_gives_its_numbers_again_and_is_shown(desk: Desk) -> None:
    run = desk.run(seed=7)
    assert run.here.seed == 7
    assert k(desk.run(seed=7)) == k(run)
    assert {k(desk.run(seed)) for seed in range(40)} == {"2", "3", "4", "5"}
    assert desk.run(seed=0).here.seed == 0


def test_without_a_seed_a_lesson_goes_on_with_the_numbers_it_had(desk: Desk) -> None:
    first = desk.run()
    assert first.here.seed is not None
    again = desk.run()
    assert (again.here.seed, k(again)) == (first.here.seed, k(first))


def test_a_redone_step_has_new_numbers_and_no_old_feedback(desk: Desk) -> None:
    run = desk.at("value", seed=7)
    solve(run)
    before = run.here.seed
    run.redo()
    assert run.here.seed != before
    assert run.here.feedback is None
    assert solve(run).verdict == "correct"


def test_the_drawn_number_stands_in_texts_and_questions(desk: Desk) -> None:
    run = desk.run(seed=7)
    assert run.maths.set("b^k").text == run.maths.set(f"b^{k(run)}").text
    entries = desk.at("entries").here.question
    assert entries is not None
    assert "k" not in entries.text


def test_smaller_questions_keep_the_numbers_of_their_lesson(desk: Desk) -> None:
    run = desk.at("lines", seed=7)
    inner = run.smaller()
    assert not isinstance(inner, str)
    within = run.within(inner)
    assert k(within) == k(run)
    assert [item.number for item in within.here.way.items] == []
    within.submit("v'W")
    within.next()
    assert within.submit("1").verdict == "correct"


# Line by line, without a screen ----------------------------------------------------------------------------------


def test_every_kind_is_played_line_by_line(desk: Desk) -> None:
    run = desk.run(seed=7)
    n = int(k(run))
    shown: list[str] = []

    def answers() -> Iterator[str]:
        """Typed by someone who reads: items are named by the places in which they are shown."""
        yield from ("?", "!", place(run, 3), place(run, 1))
        yield ", ".join(place(run, number) for number in (1, 2, 3))
        yield f"[{3 * n}, {4 * n}]"
        yield from ("[1, 0; 0, 1]", f"[{n} u_1^{n - 1}, 0; 0, {n} u_2^{n - 1}]")
        yield from ("∂(x'A x)/∂x", "x'A", "x'(A + A')")

    assert play(run, answers(), shown.append)
    text = "\n".join(shown)
    for told in (
        "Which of the two vectors moves?",
        "This is the derivative by the other one.",
        "2×2 entries",
        "✗ ✓; ✓ ✗",
        "      yours  ",
        "      true   ",
        "This line follows.",
        "Where x stands twice",
        "? for a hint, ! for the picture",
        "every slope from 0 to 1 fits.",
    ):
        assert told in text


def place(run: Run, number: int) -> str:
    """Where the item of this number is shown."""
    return str([item.number for item in run.here.way.items].index(number) + 1)


# The learner's own layout ------------------------------------------------------------------------------------------


def test_a_lesson_that_leaves_the_layout_open_takes_the_learners(desk: Desk) -> None:
    lesson = replace(desk.lesson, layout="learner")
    run = Run(lesson, desk.store, Marker(), desk.clock, 7, layout="denominator")
    for answer in ("1", "1, 2, 3"):
        run.submit(answer)
        run.next()
    n = int(k(run))
    assert run.submit(f"[{3 * n}; {4 * n}]").verdict == "correct"
    for _ in range(2):
        run.next()
        run.reveal()
    said = run.here.feedback
    assert said is not None
    assert said.formula is not None
    assert said.formula.shape == "n×1"
    assert run.submit("(A + A')x").verdict == "correct"
