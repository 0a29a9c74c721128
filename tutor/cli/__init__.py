"""The commands: find the one that is meant, let it parse its arguments, give back the exit status.

In: the words of a command line. Out: an exit status.
Decided here: which commands there are; each is a module of its own with one function `run`, imported when it is
meant. Nothing heavy is imported before a command needs it: `--help` and `--version` answer at once.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from importlib import import_module

from tutor.cli.folders import home

__all__ = ["COMMANDS", "home", "main"]

COMMANDS: dict[str, tuple[str, str]] = {
    #  name      arguments        what it is for
    "list":     ("",              "every course and lesson that there is"),
    "add":      ("PATH",          "add lessons of your own: a folder, a file, a zip or a tar"),
    "remove":   ("NAME",          "remove what you added"),
    "derive":   ("FORMULA …",     "derive a formula, with the working"),
    "check":    ("ANSWER …",      "judge one answer from the shell"),
    "grade":    ("[FILE …]",      "judge many: one JSON object a line in, one a line out"),
    "new":      ("NAME …",        "write a lesson to go on from, or one made of a formula"),
    "preview":  ("FILE",          "show a lesson while you write it, anew whenever it is saved"),
    "lint":     ("[PATH …]",      "check lessons before learners see them"),
    "solve":    ("FILE",          "play a lesson with its answers and nudges, and print what is said"),
    "export":   ("FILE …",        "write a lesson as HTML, Markdown, LaTeX or a notebook"),
    "schema":   ("",              "the lesson format for editors, as JSON Schema"),
    "disputes": ("FILE …",        "group and judge anew what learners think was judged wrongly"),
}  # fmt: skip
"""Every command but the one without a name, which is to learn: for learners, for anyone with a formula, for authors."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    # A long product is a deep tree; its length is bounded where it is read.
    sys.setrecursionlimit(20_000)
    # Not `list(…)`: here that is the command of this name, once it was imported.
    given = [*(sys.argv[1:] if arguments is None else arguments)]
    name, rest = (given[0], given[1:]) if given and given[0] in COMMANDS else ("learn", given)
    try:
        status: int = import_module(f"tutor.cli.{name}").run(rest)
        return status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away, as `| head` does; nothing more can be said to it.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - kept open for the interpreter's own last flush
        return 0
