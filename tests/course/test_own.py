"""A learner's own courses, as a shell user adds, lists and removes them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tutor.cli import main
from tutor.course import own

from .write import FRONT, step, written

Said = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("MCTUTOR_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


def course(folder: Path, title: str = "Mine") -> Path:
    written(folder, FRONT + step(), "1-neuron-of-mine.md")
    (folder / "course.yaml").write_text(
        f"title: {title}\nunits:\n  - title: All\n    lessons: [neuron-of-mine]\n", "utf-8"
    )
    return folder


def listed(said: Said) -> str:
    said.readouterr()
    assert main(["list"]) == 0
    return said.readouterr().out


def test_a_folder_is_added_listed_and_removed(tmp_path: Path, home: Path, capsys: Said) -> None:
    given = course(tmp_path / "mine")
    assert main(["add", str(given)]) == 0
    assert "Added One neuron" in capsys.readouterr().out
    assert "Mine   [mine]   0 of 1 done" in listed(capsys)
    assert main(["remove", "mine"]) == 0
    assert "[mine]" not in listed(capsys)
    assert given.is_dir()
    assert list((home / "lessons").iterdir()) == []


@pytest.mark.parametrize("kind", ["zip", "gztar", "xztar", "tar"])
def test_an_archive_that_holds_one_folder_is_that_course(tmp_path: Path, kind: str, capsys: Said) -> None:
    course(tmp_path / "work" / "mine")
    archive = shutil.make_archive(str(tmp_path / "sent"), kind, tmp_path / "work", "mine")
    assert main(["add", archive]) == 0
    assert "[mine]" in listed(capsys)


def test_an_archive_without_a_folder_is_named_after_its_file(tmp_path: Path, capsys: Said) -> None:
    archive = shutil.make_archive(str(tmp_path / "sent"), "gztar", course(tmp_path / "mine"))
    assert main(["add", archive]) == 0
    assert "[sent]" in listed(capsys)


def test_a_lesson_may_be_added_alone(tmp_path: Path, capsys: Said) -> None:
    assert main(["add", str(written(tmp_path, FRONT + step(), "3-alone.md"))]) == 0
    assert "One neuron   [alone]" in listed(capsys)
    assert main(["remove", "alone"]) == 0
    assert "[alone]" not in listed(capsys)


def test_a_second_course_of_one_name_is_refused_unless_it_is_to_replace_the_first(
    tmp_path: Path, home: Path, capsys: Said
) -> None:
    main(["add", str(course(tmp_path / "a" / "mine", "First"))])
    second = str(course(tmp_path / "b" / "mine", "Second"))
    assert main(["add", second]) == 1
    assert "--replace" in capsys.readouterr().err
    assert "First   [mine]" in listed(capsys)
    assert main(["add", second, "--replace"]) == 0
    assert "Second   [mine]" in listed(capsys)
    assert [path.name for path in (home / "lessons").iterdir()] == ["mine"]


def test_the_name_of_a_built_in_course_is_taken(tmp_path: Path, capsys: Said) -> None:
    assert main(["add", str(course(tmp_path / "matrix-calculus"))]) == 1
    assert "built-in course matrix-calculus" in capsys.readouterr().err
    assert main(["remove", "matrix-calculus"]) == 1
    assert "built in and stays" in capsys.readouterr().err


def test_a_broken_lesson_is_added_and_listed_with_its_first_error(tmp_path: Path, capsys: Said) -> None:
    given = course(tmp_path / "mine")
    (given / "1-neuron-of-mine.md").write_text("No front matter.", "utf-8")
    assert main(["add", str(given)]) == 0
    assert "1 broken, the first: A lesson starts with its front matter" in capsys.readouterr().out
    assert "✗ neuron-of-mine   1-neuron-of-mine.md, line 1, column 1: A lesson starts" in listed(capsys)


def test_links_in_a_folder_are_not_followed(tmp_path: Path, home: Path) -> None:
    given = course(tmp_path / "mine")
    (tmp_path / "secret.md").write_text("secret", "utf-8")
    (given / "2-link.md").symlink_to(tmp_path / "secret.md")
    assert main(["add", str(given)]) == 0
    assert sorted(path.name for path in (home / "lessons" / "mine").iterdir()) == ["1-neuron-of-mine.md", "course.yaml"]


def test_a_folder_with_more_than_a_course_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Said
) -> None:
    monkeypatch.setattr(own, "MOST_FILES", 1)
    assert main(["add", str(course(tmp_path / "mine"))]) == 1
    assert "a course has no more than 1 files" in capsys.readouterr().err


def test_a_refused_archive_leaves_nothing_behind(tmp_path: Path, home: Path, capsys: Said) -> None:
    (tmp_path / "bad.zip").write_bytes(b"PK nonsense")
    assert main(["add", str(tmp_path / "bad.zip")]) == 1
    assert "bad.zip is not used" in capsys.readouterr().err
    assert list((home / "lessons").iterdir()) == []


@pytest.mark.parametrize(
    ("made", "told"),
    [("none", "There is no file or folder"), ("empty", "no lesson in empty"), ("a.txt", "is no lesson")],
)
def test_what_holds_no_lesson_is_refused(tmp_path: Path, made: str, told: str, capsys: Said) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").write_text("text", "utf-8")
    assert main(["add", str(tmp_path / made)]) == 1
    assert told in capsys.readouterr().err


def test_removing_what_is_not_there_says_what_is(tmp_path: Path, capsys: Said) -> None:
    main(["add", str(course(tmp_path / "mine"))])
    assert main(["remove", "mien"]) == 1
    assert "There is mine." in capsys.readouterr().err
