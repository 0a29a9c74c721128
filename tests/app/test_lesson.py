"""A lesson on the screen, driven by keys."""

from __future__ import annotations

import pytest
from textual.widgets import Input

from .fakes import FakeRun, FakeSession, FakeStep, plain
from .stage import NARROW, WIDE, app_for, lesson, rows, sees, shown, types, until

SIZES = pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "160x50"])


@SIZES
async def test_a_lesson_is_played_to_its_end_by_keyboard(size: tuple[int, int]) -> None:
    run = FakeRun()
    async with app_for(run=run).run_test(size=size) as pilot:
        await lesson(pilot)
        await types(pilot, "x'")
        await pilot.press("enter")
        await sees(pilot, "✓ Proved, for every n")
        await sees(pilot, "∂z/∂w = xᵀ")
        await pilot.press("enter")
        await sees(pilot, "Nothing is asked here.")
        await pilot.press("enter")
        await sees(pilot, "3 of 3")
        await types(pilot, "[z > 0]")
        await pilot.press("enter")
        await sees(pilot, "a switch")
        await pilot.press("enter")
        await sees(pilot, "This lesson is done.")
        await sees(pilot, "Next: The loss of a neuron")
        await pilot.press("escape")
        await sees(pilot, "Continue")


@SIZES
async def test_a_wrong_answer_shows_the_point_and_marks_the_entries_that_differ(size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        await lesson(pilot)
        await types(pilot, "w'")
        await pilot.press("enter")
        await sees(pilot, "✗ Not yet.")
        text = rows(pilot)
        at = next(k for k, row in enumerate(text) if "yours" in row)
        assert "w = (1, −2, 0.5)" in text[at - 1]
        assert text[at + 1].split()[:4] == ["true", "0", "2", "0"]
        marks = text[at + 2]
        assert [k for k, sign in enumerate(marks) if sign == "✗"] == [text[at].index("3"), text[at].index("1")]


async def test_a_wrong_shape_is_said_first() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "x")
        await pilot.press("enter")
        await sees(pilot, "✗ Not yet. Its shape is n×1; what is asked for is 1×n.")


@SIZES
async def test_the_question_and_the_answer_line_stay_in_sight_with_long_words(size: tuple[int, int]) -> None:
    long = FakeStep("long", "A long one", "\n\n".join(["Many words are said here. " * 9] * 9), plain("∂z/∂w"))
    async with app_for(run=FakeRun((long,))).run_test(size=size) as pilot:
        await sees(pilot, "Continue")
        await pilot.press("enter")
        await sees(pilot, "A long one")
        await sees(pilot, "=  ?")
        await types(pilot, "x")
        await sees(pilot, "❯ x")
        assert "Esc lessons" in rows(pilot)[-1]


async def test_every_key_is_read_at_once_and_what_cannot_be_read_is_underlined() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "1 if z > 0")
        await sees(pilot, "⎧ 1   z > 0")
        await pilot.press(*["backspace"] * 10)
        await types(pilot, "x + w*x")
        await sees(pilot, "n×1 times n×1 does not meet")
        text = rows(pilot)
        line = next(row for row in text if "❯ x + w*x" in row)
        under = next(row for row in text if "───" in row and "❯" not in row and row.strip() == "───")
        assert under.index("───") == line.index("w*x")
        await sees(pilot, "Would work: w·x")


async def test_unreadable_answers_say_so_without_an_attempt_being_lost() -> None:
    run = FakeRun()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "w*x")
        await pilot.press("enter")
        await sees(pilot, "? This cannot be read.")


async def test_hints_come_one_after_the_other_and_the_last_is_the_answer() -> None:
    run = FakeRun()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await sees(pilot, "F2 hint 1 of 2")
        await pilot.press("f2")
        await sees(pilot, "Hint 1 Write it out.")
        await pilot.press("f2")
        await sees(pilot, "Hint 2")
        await sees(pilot, "F2 last hint: the answer")
        await pilot.press("f2")
        await sees(pilot, "▸ The answer, shown.")
        await sees(pilot, "shown")
        assert [kind for kind, _ in run.log if kind in ("hint", "reveal")] == ["hint", "hint", "reveal"]
        await pilot.press("enter")
        await sees(pilot, "A pause")


async def test_a_step_can_be_walked_back_to_and_begun_anew() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await pilot.press("f4", "enter")
        await sees(pilot, "Nothing is asked here.")
        await pilot.press("f5")
        await sees(pilot, "1 of 3")
        await sees(pilot, "F7 redo")
        await pilot.press("f7")
        await until(pilot, lambda: "∂z/∂w = xᵀ" not in shown(pilot))
        await sees(pilot, "⏎ check")


async def test_escape_gives_up_waiting_and_the_screen_goes_on_meanwhile() -> None:
    run = FakeRun()
    run.gate.clear()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "x")
        await pilot.press("enter")
        await sees(pilot, "checking…")
        await sees(pilot, "Esc wait no longer")
        await pilot.press("escape")
        await sees(pilot, "~ Neither proved nor refuted, so it does not count.")
        await sees(pilot, "❯ x")


async def test_what_is_typed_while_an_answer_is_checked_is_not_lost() -> None:
    run = FakeRun()
    run.gate.clear()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "x")
        await pilot.press("enter")
        await sees(pilot, "checking…")
        await types(pilot, "'")
        run.gate.set()
        await sees(pilot, "❯ x'")
        await sees(pilot, "⏎ check")
        await pilot.press("enter")
        await sees(pilot, "✓ Proved")


async def test_a_failure_of_the_tutor_is_a_message_and_nothing_is_lost() -> None:
    run = FakeRun()
    run.failure = RuntimeError("the [bold]judge[/bold] fell over")
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "x'")
        await pilot.press("enter")
        await sees(pilot, "! The tutor failed here, not you")
        await sees(pilot, "the [bold]judge[/bold] fell over")
        run.failure = None
        await pilot.press("enter")
        await sees(pilot, "✓ Proved")


async def test_that_nothing_is_saved_any_more_is_said_at_once() -> None:
    run = FakeRun()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        run.notice = "The disk is full: from here on nothing is saved."
        await types(pilot, "x'")
        await pilot.press("enter")
        await sees(pilot, "✓ Proved")
        await sees(pilot, "! The disk is full")


async def test_earlier_answers_come_back_with_up_and_the_unfinished_one_with_down() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        for answer in ("w", "b"):
            await types(pilot, answer)
            await pilot.press("enter")
            await sees(pilot, "✗ Not yet.")
            await pilot.press("backspace")
        await types(pilot, "x")
        field = pilot.app.screen.query_one("#answer", Input)
        seen = []
        for key in ("up", "up", "up", "down", "down"):
            await pilot.press(key)
            seen.append(field.value)
        assert seen == ["b", "w", "w", "b", "x"]


async def test_a_name_and_tab_write_a_symbol() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        field = pilot.app.screen.query_one("#answer", Input)
        await types(pilot, "2\\lambda")
        await pilot.press("tab")
        assert field.value == "2λ"
        await types(pilot, "\\nosuch")
        await pilot.press("tab")
        assert field.value == "2λ\\nosuch"
        await sees(pilot, "No symbol is called \\nosuch")
        assert field.has_focus


async def test_what_is_pasted_becomes_one_line_of_plain_text() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        field = pilot.app.screen.query_one("#answer", Input)
        pilot.app.post_message(__import__("textual.events", fromlist=["Paste"]).Paste("x'\r\n + \x1b[31mw"))
        await until(pilot, lambda: field.value)
        assert field.value == "x' + \\x1b[31mw"


async def test_the_unfinished_text_is_kept_on_leaving_and_is_back_on_return() -> None:
    run = FakeRun()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "x' +")
        await pilot.press("escape")
        await sees(pilot, "Continue")
        assert run.states[0].draft == "x' +"
        await lesson(pilot)
        await sees(pilot, "❯ x' +")


async def test_ending_the_program_keeps_the_unfinished_text() -> None:
    run = FakeRun()
    session = FakeSession(run)
    async with app_for(session).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "x' +")
        await pilot.press("ctrl+c")
        await until(pilot, lambda: not pilot.app.is_running)
    assert run.states[0].draft == "x' +"
    assert session.closed


@SIZES
async def test_no_text_acts_as_markup_or_as_an_escape(size: tuple[int, int]) -> None:
    evil = "[bold]x[/bold] [@click=app.exit]y[/] \x1b[31mred\x1b[0m \x07 \u202eback"
    step = FakeStep(
        "evil",
        f"Title {evil}",
        f"Prose {evil} $M {evil}$",
        plain(evil),
        "right",
        plain(evil),
        (f"Hint {evil}",),
        f"After {evil}",
    )
    run = FakeRun((step,))
    run.title = evil
    async with app_for(run=run).run_test(size=size) as pilot:
        await sees(pilot, "Continue")
        await pilot.press("enter")
        await sees(pilot, "Prose [bold]x[/bold]")
        await types(pilot, "[bold]x[/bold]")
        await sees(pilot, "❯ [bold]x[/bold]")
        await pilot.press("f2", "enter")
        await sees(pilot, "✗ Not yet.")
        await sees(pilot, "[bold]x[/bold] [@click=app.exit]y[/] \\x1b[31mred")
        text = shown(pilot)
        assert "\x1b" not in text
        assert "\x07" not in text
        assert "\u202e" not in text


@SIZES
async def test_the_keys_that_matter_are_in_the_last_line(size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        await lesson(pilot)
        for key in ("⏎ check", "F2 hint 1 of 2", "F4 answer", "F1 help", "Esc lessons"):
            assert key in rows(pilot)[-1]
        await pilot.press("f4")
        await sees(pilot, "⏎ next step")


async def test_a_click_on_a_key_does_what_the_key_does() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        x = rows(pilot)[-1].index("F2 hint")
        await pilot.click("#keys", offset=(x, 0))
        await sees(pilot, "Hint 1")


async def test_the_screen_follows_a_resize() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        assert "Variables" not in shown(pilot)
        await pilot.resize_terminal(*WIDE)
        await sees(pilot, "Variables")
        await pilot.resize_terminal(*NARROW)
        await until(pilot, lambda: "Variables" not in shown(pilot))
        await sees(pilot, "w, x  n×1")


async def test_too_small_a_window_is_said_politely_and_nothing_is_lost() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "x'")
        await pilot.resize_terminal(50, 15)
        await sees(pilot, "60×18")
        await pilot.press("enter", "q")
        await pilot.resize_terminal(*NARROW)
        await sees(pilot, "❯ x'")
        assert "q" not in pilot.app.screen.query_one("#answer", Input).value
        await pilot.press("enter")
        await sees(pilot, "✓ Proved")
