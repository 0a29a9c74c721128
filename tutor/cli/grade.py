"""`mctutor grade`: answers are judged as a filter, one JSON object a line."""

from __future__ import annotations

import argparse
import sys

from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Judges every line of every file, in order."""
    parser = parser_of(
        "grade",
        "Judge answers: one JSON object a line in, one a line out, in order (see docs/grading.md).",
        "mctutor grade < answers.jsonl > verdicts.jsonl",
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
