"""What the lint knows of the room on a small terminal, held against the screen itself."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import pytest
from textual.widget import Widget

from tutor.app.app import TutorApp
from tutor.app.screens.lesson import LessonScreen
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


def subject(id: str) -> Subject:
    folder = builtin_lessons()
    assert folder is not None
    entry = Library.find(folder).entry("matrix-calculus", id)
    assert entry is not None
    lesson = load_lesson(entry.path, "matrix-calculus")
    assert isinstance(lesson, Lesson)
    return Subject(lesson, grade)


@pytest.mark.parametrize("id", LESSONS)
async def test_a_step_takes_the_rows_that_the_lint_says(id: str, tmp_path: Path) -> None:
    looked_at = subject(id)
    session = Session.start([looked_at.lesson.path], tmp_path)
    app = TutorApp(lambda: session)
    async with app.run_test(size=(COLUMNS, ROWS)) as pilot:
        await until(pilot, lambda: isinstance(app.screen, LessonScreen))
        screen = app.screen
        assert isinstance(screen, LessonScreen)
        for number, step in enumerate(looked_at.lesson.steps):
            text = f"{looked_at.lesson.intro}\n\n{step.text}" if number == 0 else step.text
            await until(pilot, partial(_is_at, screen, step.id))
            rows = len(screen.query_one("#text", Sheet).lines(COLUMNS - 2))
            assert rows == 1 + rows_of_words(text.strip(), looked_at)
            names = len(screen.query_one("#names", Sheet).lines(COLUMNS - 2))
            assert names == rows_of_names([columns(name) for name in looked_at.names])
            if step.ask is not None:
                page, question = screen.query_one("#page"), screen.query_one("#question", Sheet)
                # The page is smaller than that where the words need less, and never larger.
                await until(pilot, partial(_has_height, page))
                assert page.size.height <= rows_for_text(names, len(question.lines(COLUMNS)))
            await pilot.press("f4", "enter")


def _is_at(screen: LessonScreen, step: str) -> bool:
    return any(f"#{step}" in row.plain for row in screen.query_one("#header", Sheet).lines(COLUMNS))


def _has_height(widget: Widget) -> bool:
    return widget.size.height > 0
