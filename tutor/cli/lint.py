"""`mctutor lint`: lessons are checked before learners see them."""

from __future__ import annotations

from pathlib import Path

from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Prints every finding; the status is 1 where there is an error."""
    parser = parser_of("lint", "Check lessons: every finding has a place and a mend.", "mctutor lint lessons/")
    parser.add_argument("path", nargs="*", type=Path, help="lesson files or folders (default: the built-in lessons)")
    options = parser.parse_args(given)
    from tutor.course.library import builtin_lessons
    from tutor.course.lint import lint
    from tutor.marking.worker import Worker
    from tutor.plain import findings

    builtin = builtin_lessons()
    worker = Worker()
    worker.start()
    try:
        found = lint(options.path or ([builtin] if builtin else []), worker.grade)
    finally:
        worker.close()
    print(findings(found))
    return 1 if any(finding.is_error for finding in found) else 0
