"""How often a wrong answer is told why: hits, false diagnoses, and the processor's time beyond the verdict.

    python benchmarks/diagnosis.py FILE... [--show 20] [--only 0-59] [--code NAME]

A line of a file is a question as `mctutor grade` reads it, with lists `correct` and `wrong` of answers; each wrong one
lists its fair `codes`, the most fitting first. Counted are the wrong answers whose first code is not `other`: a hit
is a code that is listed, a false one a code that is not, where `other` is not listed either. `--only` takes a part
of the questions, by a number from 0 to 99 that their `id` gives, so that some can be held out.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import statistics
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tutor.marking.grade import Grader

ASKED = ("variables", "define", "ask", "layout", "allow_derivatives")


def questions(paths: list[Path], low: int, high: int) -> list[dict[str, Any]]:
    rows = [
        json.loads(line) for path in paths for line in path.read_text(encoding="utf-8").splitlines() if line.strip()
    ]
    part = [int(hashlib.sha256(str(row["id"]).encode()).hexdigest(), 16) % 100 for row in rows]
    return [row for row, number in zip(rows, part, strict=True) if low <= number <= high]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--only", default="0-99")
    parser.add_argument("--code", default="", help="show those only whose first code is this")
    chosen = parser.parse_args()
    low, high = map(int, chosen.only.split("-"))
    grader = Grader(time.process_time)
    grader.warm_up()
    counts: Counter[str] = Counter()
    by_code: dict[str, Counter[str]] = {}
    verdicts, after, shown = [], [], 0
    for question in questions(chosen.files, low, high):
        asked = {key: question[key] for key in ASKED if key in question}
        for answer in question.get("correct", ()):
            counts["told of a right answer"] += grader({**asked, "answer": answer["answer"]}).code is not None
        for answer in question.get("wrong", ()):
            codes = answer.get("codes") or ["other"]
            reply = grader({**asked, "answer": answer["answer"]})
            verdicts.append(reply.ms)
            after.append(reply.diagnosis_ms or 0.0)
            if codes[0] == "other":
                continue
            told = reply.code or "none"
            result = "hit" if told in codes else "false" if told != "other" and "other" not in codes else "silent"
            counts[result] += 1
            by_code.setdefault(codes[0], Counter())[result] += 1
            if result != "hit" and shown < chosen.show and chosen.code in {"", codes[0]}:
                shown += 1
                print(f"{result:6} {question['id']} {question['ask']} {question.get('layout', '')}")
                print(f"       {answer['answer']!r} told {told}, listed {', '.join(codes)}: {reply.message}")
    all_told = counts["hit"] + counts["false"] + counts["silent"]
    print(f"hits {counts['hit']} of {all_told} ({counts['hit'] / max(all_told, 1):.1%}), "
          f"false {counts['false']} ({counts['false'] / max(all_told, 1):.1%}), silent {counts['silent']}, "
          f"told of right answers {counts['told of a right answer']}")  # fmt: skip
    for code, found in sorted(by_code.items()):
        print(f"  {code:32} {found['hit']:4} of {sum(found.values()):4}   false {found['false']}")
    for name, values in (("verdict", verdicts), ("diagnosis", after)):
        values.sort()
        print(f"{name} ms: p50 {statistics.median(values):.1f}, p99 {values[int(0.99 * (len(values) - 1))]:.1f}, "
              f"max {values[-1]:.1f}")  # fmt: skip


if __name__ == "__main__":
    main()
