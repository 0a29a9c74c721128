"""The commands: parse arguments, call one function, set the exit status.

Nothing heavy is imported before a command needs it: `--help` and `--version` answer at once.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from tutor import __version__

STATUS = {"correct": 0, "incorrect": 1, "unreadable": 2, "undecided": 3, "error": 4}

_ABOUT = "A tutor for matrix calculus in the terminal: every answer is proved."
_COMMANDS = """\
commands:
  mctutor [FILE-OR-FOLDER …]   learn: the built-in courses, or lessons of your own
  mctutor check ANSWER …       judge one answer from the shell
  mctutor derive FORMULA …     derive a formula, with the working
  mctutor grade [FILE …]       judge many: one JSON object a line in, one a line out
  mctutor lint [PATH …]        check lessons before learners see them

‘mctutor COMMAND --help’ tells more. Progress is kept in the user's data folder; MCTUTOR_HOME sets another.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    # A long product is a deep tree; its length is bounded where it is read.
    sys.setrecursionlimit(20_000)
    given = list(sys.argv[1:] if arguments is None else arguments)
    command = _TABLE.get(given[0]) if given else None
    try:
        return command(given[1:]) if command else _learn(given)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away, as `| head` does; nothing more can be said to it.
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115 - kept open for the interpreter's own last flush
        return 0


def home() -> Path:
    """The folder for what a learner has done."""
    if given := os.environ.get("MCTUTOR_HOME"):
        return Path(given).expanduser()
    from platformdirs import user_data_path

    return user_data_path("mctutor", appauthor=False)


def _learn(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "mctutor", description=_ABOUT, epilog=_COMMANDS, formatter_class=argparse.RawDescriptionHelpFormatter
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


def _grade(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "mctutor grade",
        description="Judge answers: one JSON object a line in, one a line out, in order (see docs/grading.md).",
    )
    parser.add_argument(
        "file", nargs="*", type=argparse.FileType("rb"), help="files of requests (default: standard input)"
    )
    options = parser.parse_args(given)
    from tutor.marking.filter import grade_lines
    from tutor.marking.worker import Worker

    worker = Worker()
    worker.start()
    try:
        for lines in options.file or [sys.stdin.buffer]:
            for reply in grade_lines(lines, worker.grade):
                sys.stdout.write(reply + "\n")
                sys.stdout.flush()
    finally:
        worker.close()
    return 0


def _check(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "mctutor check",
        description="Judge one answer. Status: 0 right, 1 wrong, 2 unreadable, 3 undecided, 4 the question is broken.",
        epilog='example: mctutor check "x\'" --derivative "w·x + b" --wrt w --let "w: vector n" --let "x: vector n" '
        '--let "b: scalar"',
    )
    parser.add_argument("answer", help="the answer, in the notation")
    kinds = parser.add_mutually_exclusive_group(required=True)
    for kind in ("derivative", "gradient", "hessian", "entry", "equals", "shape"):
        kinds.add_argument(
            f"--{kind}", metavar="EXPRESSION", help=f"ask for the {kind}" if kind != "equals" else "ask for an equal of"
        )
    parser.add_argument("--wrt", metavar="NAME", help="the variable to differentiate by")
    _declarations(parser)
    parser.add_argument("--json", action="store_true", help="print the whole reply as JSON")
    options = parser.parse_args(given)
    request = {
        "variables": _pairs(parser, options.let, "--let"),
        "define": _pairs(parser, options.define, "--define"),
        "ask": {k: v for k, v in vars(options).items() if k in _KINDS and v is not None},
        "layout": options.layout,
        "answer": options.answer,
    }
    from tutor.marking.worker import Worker

    worker = Worker()
    try:
        reply = worker.grade(request)
    finally:
        worker.close()
    from tutor.plain import told

    if options.json:
        import json

        print(json.dumps(reply.to_json(), ensure_ascii=False))
    else:
        print(told(reply, options.answer))
    return STATUS[reply.verdict]


def _declarations(parser: argparse.ArgumentParser) -> None:
    """The options that say what the names in a formula are."""
    parser.add_argument(
        "--let", metavar="NAME: TYPE", action="append", default=[], help="declare a variable, such as 'w: vector n'"
    )
    parser.add_argument("--define", metavar="NAME: EXPRESSION", action="append", default=[], help="define a name")
    parser.add_argument("--layout", choices=("numerator", "denominator"), default="numerator")


def _derive(given: list[str]) -> int:
    parser = argparse.ArgumentParser(
        "mctutor derive",
        description="Derive a formula, with the working. The result is judged before it is shown. "
        "Status: 0 derived, 1 no derivation.",
        epilog='example: mctutor derive "(1/N) sum_i (y_i - max(0, w·x_i + b))^2" --wrt w --let "w: vector n" '
        '--let "b: scalar" --let "x: list N of vector n" --let "y: list N of scalar"',
    )
    parser.add_argument("formula", help="what to differentiate, in the notation")
    parser.add_argument("--wrt", metavar="NAME", required=True, help="the variable to differentiate by")
    _declarations(parser)
    kinds = parser.add_mutually_exclusive_group()
    for kind in ("gradient", "hessian"):
        kinds.add_argument(f"--{kind}", dest="kind", action="store_const", const=kind, help=f"the {kind} instead")
    parser.add_argument("--format", choices=("text", "latex"), default="text")
    options = parser.parse_args(given)
    from tutor.marking.reference import derive
    from tutor.plain import working
    from tutor.problem import Problem

    found = derive(
        options.formula,
        wrt=options.wrt,
        variables=_pairs(parser, options.let, "--let"),
        define=_pairs(parser, options.define, "--define"),
        layout=options.layout,
        kind=options.kind or "derivative",
    )
    if isinstance(found, Problem):
        print(found.message, file=sys.stderr)
        return 1
    print(working(found, options.format))
    return 0


_KINDS = ("derivative", "gradient", "hessian", "entry", "equals", "shape", "wrt")


def _pairs(parser: argparse.ArgumentParser, texts: list[str], option: str) -> dict[str, str]:
    pairs = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon:
            parser.error(f"{option} takes a name, a colon and what it is, not {text!r}")
        pairs[name.strip()] = value.strip()
    return pairs


def _lint(given: list[str]) -> int:
    parser = argparse.ArgumentParser("mctutor lint", description="Check lessons: every finding has a place and a mend.")
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


_TABLE: dict[str, Callable[[list[str]], int]] = {"grade": _grade, "check": _check, "derive": _derive, "lint": _lint}


if __name__ == "__main__":
    sys.exit(main())
