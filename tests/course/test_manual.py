"""The page for authors says what is true: its lesson lints clean and plays."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from tutor.cli import COMMANDS, main
from tutor.course.keys import ASK, FRONT, OPTION
from tutor.course.lint import lint
from tutor.course.lints import LINTS
from tutor.course.maths import scope_of_words
from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.marking.grade import grade
from tutor.problem import Problem

ROOT = Path(__file__).parents[2]
PAGE_TEXT = (ROOT / "lessons" / "README.md").read_text(encoding="utf-8")


LESSONS = re.findall(r"^````markdown\n(.*?)^````$", PAGE_TEXT, re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("text", LESSONS, ids=["the first", "all kinds"])
def test_the_lessons_on_the_page_lint_clean(tmp_path: Path, text: str) -> None:
    lesson = tmp_path / "a-lesson.md"
    lesson.write_text(text, encoding="utf-8")
    assert lint([lesson], grade) == []


def test_the_page_names_every_key_that_is_played() -> None:
    named = set(re.findall(r"`([a-z-]+):?`", PAGE_TEXT))
    assert {*FRONT, *ASK, *OPTION} <= named


def test_the_page_has_every_rule_of_the_lint_as_it_is() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (error|warning) \| (.*) \|$", PAGE_TEXT, re.MULTILINE)
    assert rows == [(lint.code, lint.severity, lint.rule) for lint in LINTS]


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "lessons/README.md"])
def test_the_pages_name_only_commands_and_options_that_there_are(
    page: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = (ROOT / page).read_text("utf-8").replace("\\\n", " ")
    # A command in a line of code ends at a comment or the end of the line; in words, at its backquote.
    calls = re.findall(r"^ *mctutor ([^#\n]*)|`mctutor ([^`#]*)", text, re.MULTILINE)
    assert calls
    for call in ("".join(pair) for pair in calls):
        name, *rest = shlex.split(call) or [""]
        if name not in COMMANDS:
            assert name in ("", "--help", "COMMAND", "FILE", "FILE-OR-FOLDER") or name.endswith(".md"), call
            continue
        with pytest.raises(SystemExit):
            main([name, "--help"])
        known = re.findall(r"--?[a-z][a-z-]*", capsys.readouterr().out)
        assert [word for word in rest if word.startswith("-") and not word[1:2].isdigit() and word not in known] == []


def test_the_files_that_contributing_names_are_there() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    paths = re.findall(r"`((?:tutor|tests|lessons|benchmarks)(?:/[\w.-]+)+/?)`", text)
    assert len(paths) > 10
    assert [path for path in paths if not (ROOT / path).exists() and "NAME" not in path] == []


def table(below: str) -> list[str]:
    """What stands between backquotes in the first column of the table with this heading."""
    rows = PAGE_TEXT.partition(f"| {below} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [text for row in rows for text in re.findall(r"`([^`]+)`", row.split(" | ")[0])]


def test_every_type_on_the_page_is_one() -> None:
    types = table("type | what it is")
    assert len(types) > 10
    for type in types:
        assert isinstance(Scope.declare({"x": type}, {}), Scope), type


def test_every_formula_on_the_page_can_be_read() -> None:
    variables = {"w": "vector n", "x": "vector n", "A": "invertible square n", "t": "scalar"}
    scope = scope_of_words(variables, {})
    assert scope is not None
    formulas = table("formula | what it means")
    assert len(formulas) > 15
    for formula in formulas:
        assert not isinstance(read(formula, scope, indices_may_be_open=True), Problem), formula
