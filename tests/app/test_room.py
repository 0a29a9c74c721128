"""What the lint knows of the room on a small terminal, held against the screen itself."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

import pytest
from textual.widget import Widget

from tutor.app.app import TutorApp
from tutor.app.screens.lesson import LessonScreen
from tutor.app.widgets.giving import Giving
from tutor.app.widgets.sheet import Sheet
from tutor.course.lesson import Lesson
from tutor.course.library import Library, builtin_lessons
from tutor.course.load import load_lesson
from tutor.course.room import COLUMNS, ROWS, rows_for_text, rows_of_names, rows_of_words
from tutor.course.subject import Subject
from tutor.excerpt import columns
from tutor.marking.grade import grade
from tutor.session import Session

from .stage import until

LESSONS = ("subderivatives", "dot-products", "neuron", "neuron-loss")


def path_of(id: str, folder: Path) -> Path:
    """A built-in lesson, or the one on the page for authors that has every kind of ask."""
    builtin = builtin_lessons()
    assert builtin is not None
    if id != "all-kinds":
        entry = Library.find(builtin).entry("matrix-calculus", id)
        assert entry is not None
        return entry.path
    page = (builtin / "README.md").read_text("utf-8")
    blocks = re.findall(r"^````markdown\n(.*?)^````$", page, re.DOTALL | re.MULTILINE)
    file = folder / "all-kinds.md"
    file.write_text(next(block for block in blocks if "choose:" in block), "utf-8")
    return file


@pytest.mark.parametrize("id", [*LESSONS, "all-kinds"])
async def test_a_step_takes_the_rows_that_the_lint_says(id: str, tmp_path: Path) -> None:
    session = Session.start([path_of(id, tmp_path)], tmp_path)
    app = TutorApp(lambda: session)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        lesson = load_lesson(path_of(id, tmp_path), "course")
        assert isinstance(lesson, Lesson)
        looked_at = Subject(lesson.drawn(1), grade)
        asks = {ask.step.id: ask for ask in looked_at.asks if not ask.is_smaller}
        for number, step in enumerate(lesson.steps):
            text = f"{lesson.intro}\n\n{step.text}" if number == 0 else step.text
            await until(pilot, partial(_is_at, screen, step.id))
            rows = len(screen.query_one("#text", Sheet).lines(COLUMNS - 2))
            assert rows == 1 + rows_of_words(text.strip(), looked_at)
            names = len(screen.query_one("#names", Sheet).lines(COLUMNS - 2))
            assert names == rows_of_names([columns(name) for name in looked_at.names])
            if step.id in asks:
                page, question = screen.query_one("#page"), screen.query_one("#question", Sheet)
                assert len(question.lines(COLUMNS)) == asks[step.id].rows
                assert screen.query_one(Giving).height_within(COLUMNS - 3) == asks[step.id].rows_given
                # The page is smaller than its room where the words need less, and never larger.
                await until(pilot, partial(_has_height, page))
                assert page.size.height <= rows_for_text(names, asks[step.id].rows, asks[step.id].rows_given)
            await pilot.press("f4", "enter")


def _is_at(screen: LessonScreen, step: str) -> bool:
    return any(f"#{step}" in row.plain for row in screen.query_one("#header", Sheet).lines(COLUMNS))


def _has_height(widget: Widget) -> bool:
    return widget.size.height > 0
