"""One piece of work on many things, in several processes, each with a judge of its own.

In: a function that takes one thing and a judge; the things. Out: its results, in the order of the things.
Decided here: how many processes there are. For a few things the work is done in place, as a process takes longer to
start than a lesson to be looked at.
"""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from typing import Any, TypeVar

from tutor.marking.reply import Reply
from tutor.marking.worker import Worker

Thing = TypeVar("Thing")
Found = TypeVar("Found")
Grade = Callable[[dict[str, Any]], Reply]
Told = Callable[[int, int], None]
"""Is told how many things are done, and how many there are."""

FEW = 3

_worker: Worker | None = None
"""The judge of this process, where this is one of several."""


def spread(
    work: Callable[[Thing, Grade], Found],
    things: Sequence[Thing],
    told: Told = lambda done, of: None,
    processes: int | None = None,
) -> list[Found]:
    """What `work`, which can be pickled, makes of each thing. `processes` is the number of cores, unless given."""
    count = min(processes or os.cpu_count() or 1, len(things))
    return _in_place(work, things, told) if count < 2 or len(things) <= FEW else _abroad(work, things, told, count)


def _in_place(work: Callable[[Thing, Grade], Found], things: Sequence[Thing], told: Told) -> list[Found]:
    worker = Worker()
    worker.start()
    found = []
    try:
        for number, thing in enumerate(things, 1):
            found.append(work(thing, worker.grade))
            told(number, len(things))
    finally:
        worker.close()
    return found


def _abroad(work: Callable[[Thing, Grade], Found], things: Sequence[Thing], told: Told, count: int) -> list[Found]:
    with ProcessPoolExecutor(count, initializer=_begin, initargs=(sys.getrecursionlimit(),)) as pool:
        futures = [pool.submit(_work, work, thing) for thing in things]
        try:
            for number, _ in enumerate(as_completed(futures), 1):
                told(number, len(things))
        except KeyboardInterrupt:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
        return [future.result() for future in futures]


def _begin(depth: int) -> None:
    """What a process does first. Its judge ends with it: the pipe between them is then closed."""
    global _worker
    sys.setrecursionlimit(depth)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the process that shares out the work
    _worker = Worker()
    _worker.start()


def _work(work: Callable[[Any, Grade], Found], thing: Any) -> Found:
    assert _worker is not None
    return work(thing, _worker.grade)
