"""`mctutor list`: every course and lesson, one's own and the built-in ones."""

from __future__ import annotations

from pathlib import Path

from tutor.cli.folders import home
from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Prints the lessons, with what was done, and the first error of each that is broken."""
    parser = parser_of(
        "list",
        "List the lessons: ● done, ◐ started, ○ open, ✗ broken, with the first error.",
        "mctutor list",
    )
    parser.add_argument("path", nargs="*", type=Path, help="other files or folders (default: all that ‘mctutor’ shows)")
    options = parser.parse_args(given)
    from tutor.plain.listing import listing
    from tutor.session import Session

    session = Session.start(options.path or None, home())
    try:
        print(listing(session.home()))
    finally:
        session.close()
    return 0
