"""`mctutor remove`: a course of one's own goes."""

from __future__ import annotations

import sys

from tutor.cli.folders import own_lessons
from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Deletes the copy in the user data folder; the status is 1 where there is none."""
    parser = parser_of(
        "remove",
        "Remove lessons that were added. What you have done in them is kept, and counts when they come again.\n"
        "Status: 0 removed, 1 there is no such course.",
        "mctutor remove algebra-course",
    )
    parser.add_argument("name", help="the course, as ‘mctutor list’ has it in brackets")
    options = parser.parse_args(given)
    from tutor.course.own import remove
    from tutor.excerpt import visible
    from tutor.problem import Problem

    removed = remove(options.name, own_lessons())
    if isinstance(removed, Problem):
        print(removed.message, file=sys.stderr)
        return 1
    print(f"Removed {visible(str(removed))}.")
    return 0
