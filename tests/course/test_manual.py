"""The page for authors says what is true: its lesson lints clean and plays."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tutor.course.keys import ASK, FRONT, OPTION
from tutor.course.lint import lint
from tutor.marking.grade import grade

PAGE_TEXT = (Path(__file__).parents[2] / "lessons" / "README.md").read_text(encoding="utf-8")


LESSONS = re.findall(r"^````markdown\n(.*?)^````$", PAGE_TEXT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("text", LESSONS, ids=["the first", "all kinds"])
def test_the_lessons_on_the_page_lint_clean(tmp_path: Path, text: str) -> None:
    lesson = tmp_path / "a-lesson.md"
    lesson.write_text(text, encoding="utf-8")
    assert lint([lesson], grade) == []


def test_the_page_names_every_key_that_is_played() -> None:
    named = set(re.findall(r"`([a-z-]+):?`", PAGE_TEXT))
    assert {*FRONT, *ASK, *OPTION} <= named
