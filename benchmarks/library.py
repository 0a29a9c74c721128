"""Seconds to the list of lessons with none, and with 1,000, of one's own; and of `mctutor list`.

    python benchmarks/library.py [--lessons 1000] [--runs 5]
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from first_frame import seconds

LESSON = """\
---
format: 1
title: Lesson {number}
summary: The slope of a neuron, for the {number}th time.
minutes: 5
variables:
  w: vector n
  x: vector n
define:
  z: w·x
---

"""
STEP = """\
## Step {number} {{#step-{number}}}

How does $z$ change with $w$? The dot product is a sum, and one weight stands in one of its terms.

```ask
derivative: z
wrt: w
answer: x'
hints: [Write the sum out., Take one weight., What multiplies it?]
after: The weights' slopes are the inputs.
```

"""


def write_lessons(folder: Path, count: int) -> None:
    """A course of so many lessons of eight steps each."""
    folder.mkdir(parents=True)
    names = [f"lesson-{number}" for number in range(count)]
    steps = "".join(STEP.format(number=number) for number in range(8))
    for number, name in enumerate(names):
        (folder / f"{name}.md").write_text(LESSON.format(number=number) + steps, "utf-8")
    listed = "\n".join(f"      - {name}" for name in names)
    (folder / "course.yaml").write_text(f"title: Many\nunits:\n  - title: All\n    lessons:\n{listed}\n", "utf-8")


def seconds_of_list(home: str) -> float:
    start = time.perf_counter()
    env = {**os.environ, "MCTUTOR_HOME": home}
    subprocess.run([sys.executable, "-m", "tutor.cli", "list"], env=env, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, default=1000)
    parser.add_argument("--runs", type=int, default=5)
    given = parser.parse_args()
    command = [sys.executable, "-m", "tutor.cli"]
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        write_lessons(Path(many) / "lessons" / "many", given.lessons)
        home = {"none": few, f"{given.lessons:,}": many}
        for name, folder in home.items():
            first = seconds(command, "Begin", folder)
            later = statistics.median(seconds(command, "Begin", folder) for _ in range(given.runs))
            print(f"on the screen, with {name:>6} lessons of one's own  {later:.2f} s   (first {first:.2f} s)")
        first = seconds_of_list(many)
        later = statistics.median(seconds_of_list(many) for _ in range(given.runs))
        print(f"mctutor list, with {given.lessons:>7,} lessons of one's own  {later:.2f} s   (first {first:.2f} s)")



if __name__ == "__main__":
    main()
