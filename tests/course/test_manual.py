"""The page for authors says what is true: its lesson lints clean and plays."""

from __future__ import annotations

import re
from pathlib import Path

from tutor.course.keys import ASK, FRONT, NOT_YET
from tutor.course.lint import lint
from tutor.marking.grade import grade

PAGE = Path(__file__).parents[2] / "lessons" / "README.md"


def test_the_lesson_on_the_page_lints_clean(tmp_path: Path) -> None:
    block = re.search(r"^````markdown\n(.*?)^````$", PAGE.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    assert block is not None
    lesson = tmp_path / "gradient-of-a-square.md"
    lesson.write_text(block.group(1), encoding="utf-8")
    assert lint([lesson], grade) == []


def test_the_page_names_every_key_that_is_played() -> None:
    named = set(re.findall(r"`([a-z-]+)`", PAGE.read_text(encoding="utf-8")))
    for_later = {"skills", "picture", "random", "scaffold", "form", "right", "because", "at", "tolerance", *NOT_YET}
    assert {*FRONT, *ASK} - for_later <= named
