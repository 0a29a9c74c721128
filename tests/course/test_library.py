"""Courses are found in folders, and nothing broken hides anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.lesson import Broken, Course, Lesson
from tutor.course.library import OTHERS, Library, builtin_lessons

from .write import FRONT, step, written

COURSE = """\
title: My course
summary: All of it.
units:
  - title: Ground
    lessons: [alpha, beta]
  - title: Chains
    lessons:
      - gamma
"""


def lesson_file(folder: Path, name: str, title: str = "T") -> Path:
    return written(folder, FRONT.replace("One neuron", title) + step(), name)


def course_folder(folder: Path, yaml: str = COURSE) -> Path:
    for name in ("1-alpha.md", "2-beta.md", "3-gamma.md"):
        lesson_file(folder, name, name[2:-3].upper())
    (folder / "course.yaml").write_text(yaml, "utf-8")
    return folder


def only(library: Library) -> Course:
    assert not library.problems
    (course,) = library.courses
    return course


def codes(course: Course) -> list[str]:
    return [problem.code for problem in course.problems]


def test_a_course_has_its_lessons_in_units_and_in_order(tmp_path: Path) -> None:
    course = only(Library.find(course_folder(tmp_path / "mine")))
    assert (course.id, course.title, course.summary, course.problem) == ("mine", "My course", "All of it.", None)
    assert [(unit.title, unit.lessons) for unit in course.units] == [
        ("Ground", ("alpha", "beta")), ("Chains", ("gamma",)),
    ]  # fmt: skip
    assert [entry.title for entry in course.lessons] == ["ALPHA", "BETA", "GAMMA"]


def test_an_entry_says_what_the_front_matter_says(tmp_path: Path) -> None:
    text = FRONT.replace("variables:", "minutes: 5\nneeds: [beta]\nvariables:") + step() + step(heading="## Last")
    written(tmp_path, text, "1-alpha.md")
    entry = Library.find(tmp_path).at(tmp_path / "1-alpha.md")
    assert entry is not None
    assert (entry.id, entry.title, entry.summary) == ("alpha", "One neuron", "Its gradient.")
    assert (entry.minutes, entry.needs, entry.steps, entry.problem) == (5, ("beta",), ("first", "last"), None)


def test_a_folder_of_courses_has_them_all(tmp_path: Path) -> None:
    course_folder(tmp_path / "2-second")
    course_folder(tmp_path / "1-first")
    assert [course.id for course in Library.find(tmp_path).courses] == ["first", "second"]


def building_on(folder: Path, *needs: str) -> None:
    text = FRONT.replace("variables:", f"needs: [{', '.join(needs)}]\nvariables:") + step()
    written(folder, text, f"1-{folder.name}.md")
    (folder / "course.yaml").write_text("title: T\n", "utf-8")


def test_a_course_stands_after_those_on_which_it_builds(tmp_path: Path) -> None:
    building_on(tmp_path / "attics", "houses")
    building_on(tmp_path / "bricks")
    building_on(tmp_path / "houses", "walls", "bricks")
    building_on(tmp_path / "walls", "bricks")
    library = Library.find(tmp_path)
    assert [course.id for course in library.courses] == ["bricks", "walls", "houses", "attics"]
    houses = library.entry("houses", "houses")
    assert houses is not None
    walls = library.needed(houses, "walls")
    assert walls is not None
    assert (walls.course, walls.id) == ("walls", "walls")
    assert library.needed(houses, "cellars") is None


def test_courses_that_build_on_each_other_are_all_there(tmp_path: Path) -> None:
    building_on(tmp_path / "eggs", "hens")
    building_on(tmp_path / "hens", "eggs")
    assert [course.id for course in Library.find(tmp_path).courses] == ["eggs", "hens"]


def test_loose_lessons_are_a_course_of_their_own_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("2-b.md", "1-a.md"):
        lesson_file(tmp_path / "my-notes", name)
    (tmp_path / "my-notes" / "README.md").write_text("# Notes\n", "utf-8")
    course = only(Library.find(tmp_path / "my-notes"))
    assert (course.id, course.title) == ("my-notes", "My notes")
    assert [unit.lessons for unit in course.units] == [("a", "b")]


def test_a_single_file_is_a_library(tmp_path: Path) -> None:
    library = Library.find(lesson_file(tmp_path, "x.md"))
    assert [entry.id for entry in only(library).lessons] == ["x"]
    assert isinstance(library.load(library.courses[0].id, "x"), Lesson)


def test_a_file_of_a_course_brings_the_course_so_that_progress_is_the_same(tmp_path: Path) -> None:
    folder = course_folder(tmp_path / "mine")
    library = Library.find(folder / "2-beta.md")
    entry = library.at(folder / "2-beta.md")
    assert entry is not None
    assert (entry.course, entry.id) == ("mine", "beta")


def test_a_lesson_that_the_course_does_not_name_is_listed_after_the_others(tmp_path: Path) -> None:
    lesson_file(course_folder(tmp_path), "9-extra.md")
    assert only(Library.find(tmp_path)).units[-1].title == OTHERS
    assert only(Library.find(tmp_path)).units[-1].lessons == ("extra",)


def test_lessons_may_be_named_by_their_files(tmp_path: Path) -> None:
    course = only(Library.find(course_folder(tmp_path, COURSE.replace("alpha", "1-alpha.md"))))
    assert course.units[0].lessons == ("alpha", "beta")


def test_a_broken_lesson_stays_listed_with_its_first_problem_and_the_others_play(tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    written(folder, "---\nformat: 1\ntitle: Still known\nsumary: x\n---\n\n## A\n", "2-beta.md")
    library = Library.find(folder)
    entry = only(library).entries["beta"]
    assert entry.title == "Still known"
    assert entry.problem is not None
    assert entry.problem.span is not None
    assert entry.text.position(entry.problem.span.start) == (4, 1)
    assert isinstance(library.load(entry.course, "beta"), Broken)
    assert isinstance(library.load(entry.course, "alpha"), Lesson)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"\0\0", b"", b"---\ntitle: [\n---\n", b"---\n"])
def test_a_file_that_is_no_lesson_at_all_is_listed_too(tmp_path: Path, content: bytes) -> None:
    folder = course_folder(tmp_path)
    (folder / "2-beta.md").write_bytes(content)
    entry = only(Library.find(folder)).entries["beta"]
    assert entry.title == "Beta"
    assert entry.problem is not None


def test_a_lesson_without_a_file_is_listed_with_the_nearest_name(tmp_path: Path) -> None:
    library = Library.find(course_folder(tmp_path, COURSE.replace("beta", "betta")))
    entry = only(library).entries["betta"]
    assert entry.problem is not None
    assert (entry.problem.code, entry.problem.suggestions) == ("unknown-lesson", ("beta",))
    assert entry.text.position(entry.problem.span.start if entry.problem.span else 0) == (5, 22)
    loaded = library.load(entry.course, "betta")
    assert isinstance(loaded, Broken)
    assert loaded.problems == (entry.problem,)


@pytest.mark.parametrize(
    ("yaml", "code"),
    [
        ("title: [", "yaml"),
        ("", "wrong-type"),
        ("- a", "wrong-type"),
        (COURSE.replace("title: My", "titel: My"), "unknown-key"),
        (COURSE.replace("title: My course\n", ""), "missing-key"),
        (COURSE.replace("units:", "units: 3\nx:"), "wrong-type"),
        (COURSE.replace("lessons: [", "lesons: ["), "unknown-key"),
        (COURSE.replace("beta", "alpha"), "duplicate-lesson"),
    ],
)
def test_a_broken_course_still_has_its_lessons(tmp_path: Path, yaml: str, code: str) -> None:
    course = only(Library.find(course_folder(tmp_path / "mine", yaml)))
    assert code in codes(course)
    assert {entry.id for entry in course.lessons} == {"alpha", "beta", "gamma"}
    assert course.title


def test_two_files_with_one_name_are_told_and_the_first_is_played(tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    lesson_file(folder, "7-alpha.md", "LATER")
    course = only(Library.find(folder))
    assert codes(course) == ["same-lesson"]
    assert course.entries["alpha"].title == "ALPHA"


def test_of_two_courses_with_one_name_the_first_is_taken_and_the_other_told(tmp_path: Path) -> None:
    paths = [course_folder(tmp_path / where / "mine") for where in ("a", "b")]
    library = Library.find(*paths)
    assert [course.path for course in library.courses] == [paths[0]]
    assert [problem.code for problem in library.problems] == ["same-course"]


def test_the_same_folder_twice_is_one_course(tmp_path: Path) -> None:
    folder = course_folder(tmp_path)
    assert only(Library.find(folder, folder)).path == folder


@pytest.mark.parametrize("make", [False, True])
def test_a_path_without_lessons_is_told(tmp_path: Path, make: bool) -> None:
    folder = tmp_path / "empty"
    if make:
        folder.mkdir()
    library = Library.find(folder)
    assert library.courses == ()
    assert [problem.code for problem in library.problems] == ["nothing-found"]


def test_an_unknown_lesson_is_a_broken_one(tmp_path: Path) -> None:
    found = Library.find(course_folder(tmp_path)).load("nowhere", "nothing")
    assert isinstance(found, Broken)
    assert found.problems[0].code == "unknown-lesson"


def test_names_of_files_cannot_act_on_a_terminal(tmp_path: Path) -> None:
    entries = only(Library.find(lesson_file(tmp_path / "c\x1b[2J", "l\x1b[31m.md"))).lessons
    assert (entries[0].id + entries[0].course).isprintable()


def test_the_built_in_courses_are_found() -> None:
    folder = builtin_lessons()
    assert folder is not None
    library = Library.find(folder)
    entry = library.entry("matrix-calculus", "neuron")
    assert entry is not None
    assert entry.problem is None
