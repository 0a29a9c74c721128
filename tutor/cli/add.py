"""`mctutor add`: a course of one's own comes to the built-in ones."""

from __future__ import annotations

import sys
from pathlib import Path

from tutor.cli.folders import own_lessons
from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Copies a course into the user data folder; the status is 1 where it is refused."""
    parser = parser_of(
        "add",
        "Add lessons of your own, which are then listed beside the built-in ones: a folder with a course.yaml, a\n"
        "folder of lessons, one lesson, or a zip or tar of those. They are copied. Status: 0 added, 1 refused.",
        "mctutor add algebra-course.zip",
    )
    parser.add_argument("path", type=Path, help="a folder, a lesson file or an archive")
    parser.add_argument("--replace", action="store_true", help="put it in the place of a course of the same name")
    options = parser.parse_args(given)
    from tutor.course.own import add
    from tutor.excerpt import visible
    from tutor.problem import Problem

    added = add(options.path, own_lessons(), options.replace)
    if isinstance(added, Problem):
        print(added.message, file=sys.stderr)
        return 1
    broken = [entry for entry in added.lessons if entry.problem is not None]
    count = len(added.lessons)
    title = added.title if count != 1 else added.lessons[0].title
    print(f"Added {visible(title)}" + (f": {count} lessons" if count != 1 else "") + ". ‘mctutor’ lists it.")
    if broken or added.problems:
        told = [entry.problem.message for entry in broken if entry.problem] + [p.message for p in added.problems]
        print(f"{len(told)} broken, the first: {visible(told[0])} ‘mctutor lint {added.path}’ tells all.")
    return 0
