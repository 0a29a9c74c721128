"""`mctutor [FILE-OR-FOLDER …]`: the app, on the built-in courses or on lessons of one's own."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tutor import __version__
from tutor.cli import COMMANDS
from tutor.cli.folders import home
from tutor.cli.options import on_a_terminal

ABOUT = "A tutor for matrix calculus in the terminal: every answer is proved."


def run(given: list[str]) -> int:
    """Starts the app."""
    parser = argparse.ArgumentParser(
        "mctutor", description=ABOUT, epilog=_epilog(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", nargs="*", type=Path, help="lessons of your own: a file or a folder")
    parser.add_argument("--seed", type=int, metavar="NUMBER", help="draw a lesson's random numbers from this seed")
    parser.add_argument(
        "--layout",
        choices=("numerator", "denominator"),
        help="your own layout, for lessons that leave it to you; it is kept",
    )
    parser.add_argument("--plain", action="store_true", help="one lesson line by line, without a screen")
    parser.add_argument("--version", action="version", version=f"mctutor {__version__}")
    options = parser.parse_args(given)
    for path in options.path:
        if not path.exists():
            parser.error(f"there is no file, folder or command {str(path)!r}")
    if options.layout:
        keep_layout(options.layout)
    if options.plain:
        if len(options.path) != 1 or not options.path[0].is_file():
            parser.error("--plain plays one lesson: name its file")
        from tutor.plain.play import play_file

        return 0 if play_file(options.path[0], home(), sys.stdin, print, options.seed) else 1
    if not on_a_terminal():
        parser.error("this needs a terminal; ‘mctutor --plain FILE’ plays a lesson line by line")
    from tutor.app.app import run

    run(options.path or None, home(), options.seed)
    return 0


def keep_layout(layout: str) -> None:
    """Writes down which layout the learner wants."""
    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "layout").write_text(layout + "\n", encoding="utf-8")


def _epilog() -> str:
    calls = {"[FILE-OR-FOLDER …]": "learn: the built-in courses, or lessons of your own"}
    calls |= {f"{name} {arguments}": purpose for name, (arguments, purpose) in COMMANDS.items()}
    rows = "\n".join(f"  mctutor {call:<20} {purpose}" for call, purpose in calls.items())
    return (
        f"commands:\n{rows}\n\n‘mctutor COMMAND --help’ tells more, with an example. Progress is kept in the user's "
        "data folder; MCTUTOR_HOME\nsets another.\n"
    )
