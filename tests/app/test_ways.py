"""Every kind of ask on the screen, by keys alone, with the real session and judge."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.test_ways import Desk
from tutor.app.widgets.giving import Giving
from tutor.session import Run

from .stage import NARROW, app_for, rows, sees, shown, types, until


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


@asynccontextmanager
async def step(run: Run) -> AsyncIterator[Pilot[None]]:
    """The lesson on the screen, at the step of the run."""
    async with app_for(run=run).run_test(size=NARROW) as pilot:  # type: ignore[arg-type]
        await sees(pilot, "Continue")
        await pilot.press("enter")
        await sees(pilot, f"all-kinds#{run.here.id}")
        await until(pilot, lambda: pilot.app.focused is not None)
        yield pilot


def value(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(Giving).value


def place(run: Run, number: int) -> str:
    """The key of an option by the number that its author gave it."""
    return str([item.number for item in run.here.way.items].index(number) + 1)


# Choosing ----------------------------------------------------------------------------------------------------


async def test_a_number_key_chooses_and_enter_hands_in(desk: Desk) -> None:
    run = desk.run(seed=7)
    async with step(run) as pilot:
        await pilot.press(place(run, 3), "enter")
        await sees(pilot, "Not yet.")
        await sees(pilot, "This is the derivative by the other one.")
        await pilot.press(place(run, 1), "enter")
        await sees(pilot, "Right.")
        await pilot.press("enter")
        await sees(pilot, "all-kinds#order")


async def test_arrows_choose_and_what_is_chosen_has_a_mark_of_its_own(desk: Desk) -> None:
    async with step(desk.run(seed=7)) as pilot:
        await pilot.press("down")
        await sees(pilot, "▸● 2")
        await pilot.press("down")
        await sees(pilot, "▸● 3")
        assert "○ 2" in shown(pilot)
        await pilot.press("down")
        await sees(pilot, "▸● 1")


async def test_nothing_chosen_is_nothing_handed_in(desk: Desk) -> None:
    run = desk.run(seed=7)
    async with step(run) as pilot:
        await pilot.press("enter")
        await sees(pilot, "first")
        assert run.here.feedback is None


# Ordering ----------------------------------------------------------------------------------------------------


async def arrange(pilot: Pilot[None], run: Run, *wanted: int) -> None:
    """Bring the factors into this order."""
    order = [item.number for item in run.here.way.items]
    for goal, number in enumerate(wanted):
        at = order.index(number)
        # Go to the factor, take it along to its place, put it down, go back to the first.
        await pilot.press(*["right"] * at, "space", *["left"] * (at - goal), "space", *["left"] * len(order))
        order.insert(goal, order.pop(at))
    await until(pilot, lambda: value(pilot) == ", ".join(map(str, wanted)))


async def test_factors_are_taken_along_and_their_product_is_shown(desk: Desk) -> None:
    run = desk.at("order", seed=7)
    async with step(run) as pilot:
        assert value(pilot) == ""
        await arrange(pilot, run, 1, 2, 3)
        await sees(pilot, "xᵀWᵀv")
        await pilot.press("enter")
        await sees(pilot, "Proved")


async def test_factors_that_do_not_meet_are_told_before_anything_is_handed_in(desk: Desk) -> None:
    run = desk.at("order", seed=7)
    async with step(run) as pilot:
        await arrange(pilot, run, 2, 1, 3)
        await sees(pilot, "is a matrix (n×m)")
        assert run.here.feedback is None


# Filling in --------------------------------------------------------------------------------------------------


async def test_a_grid_is_filled_in_and_each_entry_is_marked(desk: Desk) -> None:
    run = desk.at("entries", seed=7)
    async with step(run) as pilot:
        await types(pilot, "1")
        await pilot.press("tab")
        await types(pilot, "0")
        await pilot.press("down", "left")
        await until(pilot, lambda: value(pilot) == "[1, 0; , ]")
        await until(pilot, lambda: ["?", "?"] in [row.split() for row in shown(pilot).splitlines()])
        await pilot.press("shift+tab")
        await types(pilot, "0")
        await pilot.press("tab")
        await until(pilot, lambda: value(pilot) == "[1, 00; , ]")
        await types(pilot, "0")
        await pilot.press("enter")  # to the entry that is still empty
        await types(pilot, "1")
        await pilot.press("enter")
        await sees(pilot, "2 entries are not right yet.")
        marks = [row.split() for row in rows(pilot) if row.split() and set(row.split()) <= {"✓", "✗"}]
        assert marks == [["✗", "✓"], ["✓", "✗"]]


async def test_a_grid_that_was_left_is_found_as_it_was(desk: Desk) -> None:
    run = desk.at("entries", seed=7)
    async with step(run) as pilot:
        await types(pilot, "2u_1")
        await pilot.press("tab")
        await types(pilot, "7")
        await until(pilot, lambda: value(pilot) == "[2u_1, 7; , ]")
        await pilot.press("escape")
        await sees(pilot, "Continue")
        await pilot.press("enter")
        await sees(pilot, "all-kinds#entries")
        await until(pilot, lambda: value(pilot) == "[2u_1, 7; , ]")
        await sees(pilot, "2u_1")


# Lines -------------------------------------------------------------------------------------------------------


async def test_lines_grow_above_the_input_until_the_answer_stands_there(desk: Desk) -> None:
    run = desk.at("lines", seed=7)
    async with step(run) as pilot:
        await types(pilot, "d(x'A x)/d(x) + x' - x'")
        await pilot.press("enter")
        await sees(pilot, "This line follows.")
        assert value(pilot) == ""
        assert any("=" in row and "+ xᵀ − xᵀ" in row for row in rows(pilot))
        await types(pilot, "x'A + (A x)'")
        await pilot.press("enter")
        await sees(pilot, "Proved")


async def test_the_last_of_many_lines_is_in_sight(desk: Desk) -> None:
    run = desk.at("lines", seed=7)
    for number in range(2, 12):
        assert run.submit(f"x'A + (A x)' + {number} x' - {number} x'").verdict == "follows"
    async with step(run) as pilot:
        await sees(pilot, "11xᵀ")
        await types(pilot, "x'A + (A x)' + 12 x' - 12 x'")
        await pilot.press("enter")
        await sees(pilot, "12xᵀ")
        await sees(pilot, "This line follows.")


async def test_a_line_that_does_not_follow_stays_in_the_input(desk: Desk) -> None:
    run = desk.at("lines", seed=7)
    async with step(run) as pilot:
        await types(pilot, "x'A")
        await pilot.press("enter")
        await sees(pilot, "Not yet.")
        assert value(pilot) == "x'A"
        assert run.here.way.lines == ()


# All of them -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("id", ["choice", "order", "value", "entries", "lines"])
async def test_the_answer_of_every_kind_can_be_shown(desk: Desk, id: str) -> None:
    async with step(desk.at(id, seed=7)) as pilot:
        await pilot.press("f4")
        await sees(pilot, "The answer, shown.")
        await pilot.press("enter")
        await until(pilot, lambda: f"all-kinds#{id}" not in shown(pilot))
