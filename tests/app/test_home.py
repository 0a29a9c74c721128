"""The list of lessons, help and the themes."""

from __future__ import annotations

import pytest

from .fakes import FakeSession, card
from .stage import NARROW, WIDE, app_for, rows, sees, shown, types, until


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "160x50"])
async def test_lessons_show_their_state_by_form_and_word(size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        await sees(pilot, "● done     Dot products")
        await sees(pilot, "◐ started  The gradient of one neuron")
        await sees(pilot, "○ open     The loss of a neuron")
        await sees(pilot, "✗ broken   A broken lesson")
        await sees(pilot, "Continue  The gradient of one neuron")
        await sees(pilot, "1 of 4 done")


async def test_what_a_lesson_needs_is_shown_for_the_one_that_is_highlighted() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await sees(pilot, "Needs  ● Dot products done")
        await pilot.press("down", "down", "down")
        await sees(pilot, "Needs  ○ The gradient of one neuron")


async def test_letters_search_and_enter_opens_what_was_found() -> None:
    session = FakeSession()
    async with app_for(session).run_test(size=NARROW) as pilot:
        await sees(pilot, "Continue")
        await types(pilot, "/loss")
        await until(pilot, lambda: "Dot products" not in "\n".join(rows(pilot)[:18]))
        await sees(pilot, "The loss of a neuron")
        await pilot.press("enter")
        await until(pilot, lambda: session.opened == ["neuron-loss"])


async def test_letters_search_without_the_slash_and_escape_ends_the_search() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await sees(pilot, "Continue")
        await types(pilot, "zzz")
        await sees(pilot, "No lesson has these words.")
        await pilot.press("escape")
        await sees(pilot, "Dot products")


async def test_a_lesson_that_cannot_be_opened_says_why() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await sees(pilot, "Continue")
        await pilot.press("end")
        await sees(pilot, "5-broken.md, line 3, column 1")
        await pilot.press("enter")
        await sees(pilot, "This lesson cannot be opened: There is no such lesson.")


async def test_a_lesson_that_was_named_at_the_start_is_opened_at_once() -> None:
    session = FakeSession()
    session.asked_for = session.cards[1]
    async with app_for(session).run_test(size=NARROW) as pilot:
        await sees(pilot, "1 of 3 · neuron#the-affine-part")


async def test_escape_at_the_list_ends_the_program_and_closes_the_session() -> None:
    session = FakeSession()
    async with app_for(session).run_test(size=NARROW) as pilot:
        await sees(pilot, "Continue")
        await pilot.press("escape")
        await until(pilot, lambda: not pilot.app.is_running)
    assert session.closed


async def test_many_lessons_scroll_and_the_keys_stay() -> None:
    cards = tuple(card(f"lesson-{k}", f"Lesson {k}") for k in range(60))
    async with app_for(FakeSession(cards=cards)).run_test(size=NARROW) as pilot:
        await sees(pilot, "Lesson 1 ")
        await pilot.press("end")
        await sees(pilot, "Lesson 59")
        assert "Esc quit" in rows(pilot)[-1]


async def test_a_window_that_is_too_small_at_the_start_says_so_and_goes_on_when_enlarged() -> None:
    async with app_for().run_test(size=(50, 15)) as pilot:
        await sees(pilot, "Please make the window larger, 60×18 at least.")
        await pilot.resize_terminal(60, 18)
        await sees(pilot, "Continue")


async def test_help_shows_keys_and_symbols_and_goes_away_again() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await sees(pilot, "Continue")
        await pilot.press("f1")
        await sees(pilot, "Keys and notation")
        await pilot.press("end")
        await pilot.press("escape")
        await sees(pilot, "Continue")


async def test_the_theme_is_toggled_and_told_to_the_session() -> None:
    session = FakeSession()
    async with app_for(session).run_test(size=NARROW) as pilot:
        await sees(pilot, "Continue")
        await pilot.press("f8")
        assert (pilot.app.theme, session.theme) == ("mctutor-light", "light")
        await pilot.press("f8")
        assert (pilot.app.theme, session.theme) == ("mctutor-dark", "dark")


async def test_titles_of_lessons_are_only_ever_text() -> None:
    cards = (card("evil", "[bold]x[/bold] \x1b[31m", mark="started", trouble=""),)
    async with app_for(FakeSession(cards=cards)).run_test(size=NARROW) as pilot:
        await sees(pilot, "[bold]x[/bold] \\x1b[31m")
        assert "\x1b" not in shown(pilot)
