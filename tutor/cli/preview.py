"""`mctutor preview`: a lesson on the screen while it is being written."""

from __future__ import annotations

from pathlib import Path

from tutor.cli.folders import home
from tutor.cli.options import on_a_terminal, parser_of


def run(given: list[str]) -> int:
    """Opens the app on a lesson, which is shown anew whenever it is saved."""
    parser = parser_of(
        "preview",
        "Play a lesson while you write it: saved changes show at once, at the step where you are, with what is wrong\n"
        "in it below its words. F6 goes on without an answer. Nothing is kept.",
        "mctutor preview my-lesson.md",
    )
    parser.add_argument("file", type=Path, help="a lesson")
    file = parser.parse_args(given).file
    if not file.exists():
        parser.error(f"there is no file {str(file)!r}; ‘mctutor new {file.stem}’ writes one")
    if not file.is_file():
        parser.error(f"{str(file)!r} is a folder; a preview is of one lesson")
    if not on_a_terminal():
        parser.error("this needs a terminal; ‘mctutor lint FILE’ and ‘mctutor solve FILE’ do not")
    from tutor.app.preview import run

    run(file, home())
    return 0
