"""A lesson on the screen of its author: saved changes show, at the step where they are, with what is wrong."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tutor.app.preview import PreviewApp
from tutor.app.widgets.answer import Answer
from tutor.cli import main
from tutor.session.preview import Preview

from ..course.write import ASK, FRONT, step, written
from .stage import NARROW, sees, shown, types, until

SECOND = step(ASK, "## Second {#second}", "The words of the second step.")
TWO = FRONT + step(words="The words of the first step.") + SECOND
TIMES = count(1)


def saved(folder: Path, text: str) -> Path:
    """The file with this text, at a time of its own: tests save faster than clocks tick."""
    file = written(folder, text)
    now = next(TIMES)
    os.utime(file, (now, now))
    return file


def app_on(file: Path, home: Path) -> PreviewApp:
    preview = Preview.of(file, home)
    return PreviewApp(lambda: preview)


async def at_second(pilot: Pilot[None]) -> None:
    await sees(pilot, "The words of the first step.")
    await pilot.press("f6")
    await sees(pilot, "The words of the second step.")


async def test_a_saved_change_shows_at_the_step_where_the_author_is(tmp_path: Path) -> None:
    file = saved(tmp_path, TWO)
    async with app_on(file, tmp_path).run_test(size=NARROW) as pilot:
        await at_second(pilot)
        saved(tmp_path, TWO.replace("The words of the second step.", "Better words."))
        await sees(pilot, "Better words.")
        await sees(pilot, "2 of 2")


async def test_what_stands_in_the_answer_line_stays_there(tmp_path: Path) -> None:
    file = saved(tmp_path, TWO)
    async with app_on(file, tmp_path).run_test(size=NARROW) as pilot:
        await until(pilot, lambda: isinstance(pilot.app.focused, Answer))
        await types(pilot, "w'")
        await sees(pilot, "❯ w'")
        saved(tmp_path, TWO.replace("first step.", "first step, mended."))
        await sees(pilot, "first step, mended.")
        await sees(pilot, "❯ w'")


async def test_a_finding_stands_in_its_step_and_is_gone_when_it_is_mended(tmp_path: Path) -> None:
    wrong = TWO.replace("answer: x'", "answer: w'", 1)
    file = saved(tmp_path, wrong)
    line = wrong[: wrong.index("answer: w'")].count("\n") + 1
    async with app_on(file, tmp_path).run_test(size=NARROW) as pilot:
        await sees(pilot, f"✗ line {line}: This answer is not true.")
        await pilot.press("f6")
        await sees(pilot, "! Findings in first too.")
        saved(tmp_path, TWO)
        await until(pilot, lambda: "Findings" not in shown(pilot))


async def test_a_file_that_does_not_play_leaves_what_was_there(tmp_path: Path) -> None:
    file = saved(tmp_path, TWO)
    async with app_on(file, tmp_path).run_test(size=NARROW) as pilot:
        await at_second(pilot)
        saved(tmp_path, TWO.replace("derivative: z", "derivativ: z"))
        await sees(pilot, "This is the lesson as it was.")
        await sees(pilot, "There is no key `derivativ` in an ask.")
        await sees(pilot, "The words of the second step.")
        saved(tmp_path, TWO)
        await until(pilot, lambda: "as it was" not in shown(pilot))
        await sees(pilot, "2 of 2")


async def test_a_file_that_does_not_play_yet_is_shown_as_soon_as_it_does(tmp_path: Path) -> None:
    file = saved(tmp_path, "---\nformat: 1\n---\n")
    async with app_on(file, tmp_path).run_test(size=NARROW) as pilot:
        await sees(pilot, "`title` is missing")
        saved(tmp_path, TWO)
        await sees(pilot, "The words of the first step.")


async def test_a_preview_leaves_no_trace(tmp_path: Path) -> None:
    file = saved(tmp_path, TWO)
    home = tmp_path / "home"
    async with app_on(file, home).run_test(size=NARROW) as pilot:
        await at_second(pilot)
    assert not home.exists()


def test_a_file_that_is_not_there_is_told_with_what_makes_one(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["preview", "none.md"])
    assert "mctutor new none" in capsys.readouterr().err
