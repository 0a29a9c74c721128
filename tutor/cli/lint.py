"""`mctutor lint`: lessons are checked before learners see them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Prints every finding; the status is 1 where there is an error."""
    parser = parser_of(
        "lint",
        "Check lessons: every finding has a place and a mend. Status: 0 no error, 1 an error.",
        "mctutor lint lessons/ --format github",
    )
    parser.add_argument("path", nargs="*", type=Path, help="lesson files or folders (default: the built-in lessons)")
    parser.add_argument(
        "--format", choices=("text", "json", "github"), default="text", help="for people, programs, or as annotations"
    )
    options = parser.parse_args(given)
    from tutor.cli.bar import Bar
    from tutor.course.library import builtin_lessons
    from tutor.course.lint import lint_file, ordered, plan
    from tutor.course.spread import spread
    from tutor.plain.findings import FORMATS

    builtin = builtin_lessons()
    whole = plan(options.path or ([builtin] if builtin else []))
    bar = Bar("lessons")
    try:
        found = spread(partial(lint_file, whole.known), whole.lessons, bar)
    finally:
        bar.close()
    findings = ordered([*whole.findings, *(finding for each in found for finding in each)])
    if text := FORMATS[options.format](findings):
        print(text)
    return 1 if any(finding.is_error for finding in findings) else 0
