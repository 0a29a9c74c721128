"""The memory of the judging process, after 0, 2,000, … 10,000 answers.

    python benchmarks/memory_use.py [--answers 10000] [FILE …]

The answers are those of tests/rows, or of files in the same form, over and over in another order each time. The
judge runs in its worker, as in the app and in the filter; where the system says so in /proc.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.marking.rows import files, questions
from tutor.marking.worker import Worker


def requests(paths: list[Path]) -> list[dict[str, Any]]:
    return [row.request() for path in paths for _, _, told in questions(path) for row in told]


def resident() -> float:
    """MB that the children of this process hold."""
    total = 0
    for children in Path("/proc/self/task").glob("*/children"):
        for pid in children.read_text().split():
            status = Path(f"/proc/{pid}/status").read_text()
            total += next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))
    return total / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", nargs="*", type=Path)
    parser.add_argument("--answers", type=int, default=10_000)
    options = parser.parse_args()
    rows, dice = requests(options.file or files()), Random(1)
    worker = Worker()
    worker.start()
    try:
        worker.grade(rows[0])
        for done in range(options.answers + 1):
            if done % 2000 == 0:
                print(f"{done:7,} answers: {resident():6.1f} MB", flush=True)
            if done % len(rows) == 0:
                dice.shuffle(rows)
            worker.grade(rows[done % len(rows)])
    finally:
        worker.close()


if __name__ == "__main__":
    main()
