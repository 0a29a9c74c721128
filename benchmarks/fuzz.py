"""The reader and the judge under random texts, for as long as there is time.

    python benchmarks/fuzz.py --minutes 5 --seed 1

Prints what it found: anything that is no Reply, readings over 50 ms for 200 characters, verdicts over 500 ms, and
verdicts that change when the same answer is shown by `show` and read again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from tests.hostile.texts import request, spoiled, text
from tests.language.expressions import SCOPE
from tests.marking.rows import FOLDER, files, questions
from tutor.language.read import read
from tutor.marking.grade import Grader
from tutor.marking.reply import Reply
from tutor.problem import Problem

SLOW_READING, SLOW_VERDICT = 50.0, 500.0  # milliseconds


def known() -> list[dict[str, Any]]:
    """Requests of the project's own rows."""
    return [row.request() for path in files() for _, _, told in questions(FOLDER / path.name) for row in told]


def requests(dice: Random) -> Iterator[dict[str, Any]]:
    """Random questions and answers, and known ones with an answer that is spoiled."""
    rows = known()
    while True:
        row = dice.choice(rows)
        draw = dice.random()
        if draw < 0.6:
            yield {**row, "answer": spoiled(dice, row["answer"])}
        elif draw < 0.8:
            yield {**row, "answer": text(dice, dice.choice((20, 60, 200)))}
        else:
            yield request(dice, text(dice, dice.choice((20, 60, 200))))


class Findings:
    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def add(self, kind: str, request: dict[str, Any], more: str) -> None:
        self.counts[kind] += 1
        if self.counts[kind] <= 20:
            print(f"{kind}: {request.get('answer')!r}\n    asked {request.get('ask')}\n    {more}", flush=True)


def milliseconds(start: float) -> float:
    return (time.perf_counter() - start) * 1000


def read_in_time(found: Findings, dice: Random) -> None:
    answer = text(dice)
    start = time.perf_counter()
    try:
        result = read(answer, SCOPE)
    except Exception as error:
        found.add("reading failed", {"answer": answer}, repr(error)[:200])
        return
    if not isinstance(result, Problem) and not hasattr(result, "shape"):
        found.add("reading gave something else", {"answer": answer}, repr(result)[:200])
    if (ms := milliseconds(start)) > SLOW_READING:
        again = time.perf_counter()
        read(answer, SCOPE)  # the machine may have paused
        if (ms := min(ms, milliseconds(again))) > SLOW_READING:
            found.add("slow reading", {"answer": answer}, f"{ms:.0f} ms")


def judge_in_time(found: Findings, grader: Grader, asked: dict[str, Any]) -> str:
    try:
        reply = grader(asked)
    except Exception as error:
        found.add("judging failed", asked, f"{asked.get('variables')} {asked.get('define')} {error!r}"[:400])
        return "failed"
    if not isinstance(reply, Reply):
        found.add("no reply", asked, repr(reply)[:200])
        return "failed"
    if reply.ms > SLOW_VERDICT:
        again = grader(asked)
        if again.ms > SLOW_VERDICT:
            found.add("slow verdict", asked, f"{reply.ms:.0f} ms, {again.ms:.0f} ms again: {reply.verdict}")
    if reply.read_as is not None and reply.verdict in {"correct", "incorrect"} and "shape" not in asked["ask"]:
        shown = grader({**asked, "answer": reply.read_as})
        if (shown.verdict, shown.read_as) != (reply.verdict, reply.read_as):
            told = f"{reply.verdict} as {reply.read_as!r}, then {shown.verdict} as {shown.read_as!r}: {shown.message}"
            found.add("changed when shown", asked, told)
    return reply.verdict


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    sys.setrecursionlimit(20_000)
    dice, found, grader = Random(options.seed), Findings(), Grader()
    verdicts: Counter[str] = Counter()
    end = time.monotonic() + 60 * options.minutes
    for asked in requests(dice):
        read_in_time(found, dice)
        verdicts[judge_in_time(found, grader, asked)] += 1
        if time.monotonic() > end:
            break
    print(f"seed {options.seed}: {sum(verdicts.values()):,} texts read and as many answers judged: {dict(verdicts)}")
    print("found: " + (", ".join(f"{kind} {count}" for kind, count in found.counts.items()) or "nothing"))


if __name__ == "__main__":
    main()
