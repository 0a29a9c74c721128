"""`mctutor [FILE-OR-FOLDER …]`: the app, on the built-in courses or on lessons of one's own."""

from __future__ import annotations

import argparse
from pathlib import Path

from tutor import __version__
from tutor.cli import COMMANDS
from tutor.cli.folders import home

ABOUT = "A tutor for matrix calculus in the terminal: every answer is proved."


def run(given: list[str]) -> int:
    """Starts the app."""
    parser = argparse.ArgumentParser(
        "mctutor", description=ABOUT, epilog=_epilog(), formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("path", nargs="*", type=Path, help="lessons of your own: a file or a folder")
    parser.add_argument("--version", action="version", version=f"mctutor {__version__}")
    options = parser.parse_args(given)
    for path in options.path:
        if not path.exists():
            parser.error(f"there is no file, folder or command {str(path)!r}")
    from tutor.app.app import run

    run(options.path or None, home())
    return 0


def _epilog() -> str:
    calls = {"[FILE-OR-FOLDER …]": "learn: the built-in courses, or lessons of your own"}
    calls |= {f"{name} {arguments}": purpose for name, (arguments, purpose) in COMMANDS.items()}
    rows = "\n".join(f"  mctutor {call:<20} {purpose}" for call, purpose in calls.items())
    return (
        f"commands:\n{rows}\n\n‘mctutor COMMAND --help’ tells more, with an example. Progress is kept in the user's "
        "data folder; MCTUTOR_HOME\nsets another.\n"
    )
