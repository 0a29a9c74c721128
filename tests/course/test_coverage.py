"""The page that says where everything is asked says what is true."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest

from tutor.course.lesson import Ask, Lesson
from tutor.course.library import builtin_lessons
from tutor.course.load import load_lesson

PAGE = Path(__file__).parents[2] / "docs" / "coverage.md"
ROW = re.compile(r"^\| (?P<formula>.+) \| `(?P<lesson>[a-z-]+)#(?P<step>[a-z-]+)` \| (?P<asks>.+) \|$", re.MULTILINE)
ASKED = re.compile(r"`(?P<of>[^`]+)`(?: by `(?P<wrt>[^`]+)`)?(?:: `(?P<answer>[^`]+)`)?")
CHOICE = "a choice"

ROWS = [tuple(row.replace("\\|", "|") for row in found.groups()) for found in ROW.finditer(PAGE.read_text("utf-8"))]


@cache
def lesson(id: str) -> Lesson:
    folder = builtin_lessons()
    assert folder is not None
    (path,) = folder.glob(f"matrix-calculus/[0-9][0-9]-{id}.md")
    loaded = load_lesson(path, "matrix-calculus")
    assert isinstance(loaded, Lesson), loaded
    return loaded


def ask_at(id: str, step: str) -> Ask:
    found = lesson(id).step(step)
    assert found is not None, f"{id} has no step {step}"
    assert found.ask is not None, f"{id}#{step} asks nothing"
    return found.ask


def test_every_line_of_a_table_is_a_row_that_is_read() -> None:
    lines = [line for line in PAGE.read_text("utf-8").splitlines() if line.startswith("| ")]
    heads = [line for line in lines if line.startswith(("| formula", "| ---"))]
    assert len(lines) - len(heads) == len(ROWS) > 0


@pytest.mark.parametrize(("formula", "id", "step", "asks"), ROWS)
def test_each_formula_is_asked_where_the_page_says(formula: str, id: str, step: str, asks: str) -> None:
    ask = ask_at(id, step)
    if asks == CHOICE:
        assert ask.kind == "choose", formula
        return
    said = ASKED.fullmatch(asks)
    assert said is not None, asks
    assert said["of"] == (ask.of or " ".join(ask.factors)), formula
    assert said["wrt"] == ask.wrt, formula
    assert said["answer"] in (None, ask.answer), formula


def test_every_lesson_of_the_course_is_on_the_page() -> None:
    folder = builtin_lessons()
    assert folder is not None
    ids = {path.stem.partition("-")[2] for path in folder.glob("matrix-calculus/*.md")}
    further = {"notation", "two-layers", "differentials"}  # what these ask goes beyond the list of formulas
    assert ids - further == {id for _, id, _, _ in ROWS}
