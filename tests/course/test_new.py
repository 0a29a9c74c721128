"""New lessons: what an author gets lints clean, and nothing that is there is written over."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.course.keys import FRONT
from tutor.course.lesson import Lesson
from tutor.course.lint import lint
from tutor.course.load import load_lesson
from tutor.course.template import LESSON
from tutor.marking.grade import grade

NEURON = [
    "--from", "max(0, w·x + b)", "--wrt", "w", "--let", "w: vector n", "--let", "x: vector n", "--let", "b: scalar",
]  # fmt: skip


def test_a_new_lesson_lints_clean_and_is_named_after_its_file(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "3-squared-lengths")]) == 0
    file = tmp_path / "3-squared-lengths.md"
    assert lint([file], grade) == []
    lesson = load_lesson(file, "c")
    assert isinstance(lesson, Lesson)
    assert (lesson.id, lesson.title) == ("squared-lengths", "Squared lengths")


def test_its_comments_explain_the_keys_and_no_learner_sees_them() -> None:
    front = LESSON.partition("\n---\n")[0]
    optional = set(FRONT) - {"random", "picture"}
    assert optional <= set(re.findall(r"^(?:# )?([a-z]+):", front, re.MULTILINE))
    outside = re.sub(r"```ask\n.*?\n```", "", LESSON.removeprefix(front), flags=re.DOTALL)
    assert [line for line in outside.split("\n") if line.startswith("# ")] == []


def test_a_lesson_from_a_formula_lints_clean_and_asks_for_its_parts(tmp_path: Path) -> None:
    assert main(["new", str(tmp_path / "my-neuron.md"), *NEURON]) == 0
    assert lint([tmp_path / "my-neuron.md"], grade) == []
    lesson = load_lesson(tmp_path / "my-neuron.md", "c")
    assert isinstance(lesson, Lesson)
    assert lesson.title == "My neuron"
    assert len(lesson.steps) >= 2
    assert lesson.steps[-1].ask is not None
    assert lesson.steps[-1].ask.wrt == "w"


def test_types_that_are_not_declared_are_inferred_and_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "a"), *NEURON[:4]]) == 0
    assert "Taken to be: w, x vectors of n; b a scalar." in capsys.readouterr().out
    assert lint([tmp_path / "a.md"], grade) == []


def test_a_file_that_is_there_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.md").write_text("mine", "utf-8")
    assert main(["new", str(tmp_path / "mine")]) == 1
    assert "mine.md was not written" in capsys.readouterr().err
    assert (tmp_path / "mine.md").read_text("utf-8") == "mine"


def test_a_formula_that_cannot_be_read_is_explained(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["new", str(tmp_path / "a"), "--from", "w +", "--wrt", "w", "--let", "w: scalar"]) == 1
    assert capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_a_formula_needs_its_variable(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["new", str(tmp_path / "a"), "--from", "w"])
    assert "go together" in capsys.readouterr().err


def test_a_lesson_without_a_name_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["new", ""])
    assert "needs a name" in capsys.readouterr().err


def test_what_to_do_next_can_be_typed_as_it_stands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["new", str(tmp_path / "my lesson")])
    assert f"mctutor preview '{tmp_path}/my lesson.md'" in capsys.readouterr().out
