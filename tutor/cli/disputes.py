"""`mctutor disputes`: verdicts that learners think are wrong, judged anew."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tutor.cli.options import parser_of


def run(given: list[str]) -> int:
    """Prints disputes by question and answer; the status is 1 where a file is none."""
    parser = parser_of(
        "disputes",
        "Group the files that ‘I think I am right’ wrote by question and answer, judge each answer anew, and say\n"
        "whether the verdict is another one now. Status: 0, or 1 where a file is no dispute.",
        "mctutor disputes sent/*.json",
    )
    parser.add_argument("path", nargs="+", type=Path, help="files, or folders with files (*.json)")
    options = parser.parse_args(given)
    from tutor.course.disputes import Dispute, grouped, read_dispute
    from tutor.excerpt import visible
    from tutor.marking.worker import Worker
    from tutor.plain.disputes import disputes

    read = [(path, read_dispute(path)) for path in _files(options.path)]
    broken = [(path, found) for path, found in read if not isinstance(found, Dispute)]
    for path, problem in broken:
        print(f"{visible(str(path))}: {problem.message}", file=sys.stderr)
    worker = Worker()
    try:
        print(disputes(grouped((found for _, found in read if isinstance(found, Dispute)), worker.grade)))
    finally:
        worker.close()
    return 1 if broken else 0


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(path.glob("*.json"))
        else:
            yield path
