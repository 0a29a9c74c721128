"""Seconds to the first frame of `mctutor` and of the smallest Textual app, in a terminal, and their ratio.

    python benchmarks/first_frame.py [--runs 7]
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time

import pexpect
import pyte

SMALLEST = """
from textual.app import App
from textual.widgets import Static

class Smallest(App):
    def compose(self):
        yield Static("the first frame")

Smallest().run()
"""


def seconds(command: list[str], awaited: str, home: str) -> float:
    """From the start of a program to the moment at which a word stands on its screen."""
    screen = pyte.Screen(80, 24)
    stream = pyte.ByteStream(screen)
    env = {**os.environ, "MCTUTOR_HOME": home, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
    start = time.perf_counter()
    child = pexpect.spawn(command[0], command[1:], dimensions=(24, 80), env=env, timeout=30)
    try:
        while True:
            stream.feed(child.read_nonblocking(65536, timeout=30))
            if any(awaited in line for line in screen.display):
                return time.perf_counter() - start
    finally:
        child.close(force=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=7)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        programs = {
            "smallest Textual app": ([sys.executable, "-c", SMALLEST], "the first frame"),
            "mctutor": ([sys.executable, "-m", "tutor.cli"], "mctutor"),
        }
        medians = {}
        times: dict[str, list[float]] = {name: [] for name in programs}
        for run in range(runs + 1):
            for name, (command, awaited) in programs.items():
                taken = seconds(command, awaited, home)
                if run:  # the first run warms the caches of the disk
                    times[name].append(taken)
        for name, taken_all in times.items():
            medians[name] = statistics.median(taken_all)
            print(f"{name:22} {medians[name]:.3f} s   ({min(taken_all):.3f} to {max(taken_all):.3f}, {runs} runs)")
        ratio = medians["mctutor"] / medians["smallest Textual app"]
        print(f"{'ratio':22} {ratio:.2f}   (target: at most 1.5)")


if __name__ == "__main__":
    main()
