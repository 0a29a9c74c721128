"""The numbers that a lesson draws anew for each run.

In: what its `random` says, `2..9` or a list; a seed. Out: the values that a name may have, and the ones that a seed
draws. Decided here: that a seed gives the same numbers for ever, in any order of the names, and in any version of
Python: the dice are a hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from itertools import islice, product

MOST_VALUES = 1000
RANGE = re.compile(r"\s*(-?\d{1,6})\s*\.\.\s*(-?\d{1,6})\s*")
NUMBER = re.compile(r"[-−]?\d{1,9}(?:\.\d{1,9}|/\d{1,9})?")


def values(text: str) -> tuple[str, ...]:
    """The numbers that `2..9` or `[2, 3, 1/2]` stands for; none where it is neither."""
    if span := RANGE.fullmatch(text):
        low, high = int(span[1]), int(span[2])
        return tuple(map(str, range(low, high + 1))) if 0 <= high - low < MOST_VALUES else ()
    listed = [part.strip() for part in text.strip().removeprefix("[").removesuffix("]").split(",")]
    return tuple(listed) if all(map(NUMBER.fullmatch, listed)) and len(listed) <= MOST_VALUES else ()


def drawn(random: Mapping[str, str], seed: int) -> dict[str, str]:
    """A value for each name."""
    found = {}
    for name, text in random.items():
        choices = values(text)
        if choices:
            digest = hashlib.sha256(f"{seed}:{name}".encode()).digest()
            found[name] = choices[int.from_bytes(digest[:8], "big") % len(choices)]
    return found


def seed_at(moment: datetime) -> int:
    """A seed from 1 to 999 that a moment gives: short enough to be told to someone."""
    digest = hashlib.sha256(moment.isoformat().encode()).digest()
    return 1 + int.from_bytes(digest[:8], "big") % 999


def some(random: Mapping[str, str], most: int) -> Iterator[dict[str, str]]:
    """Draws that stand for all: every one where they are few; else such that each value comes up, up to `most`."""
    choices = {name: values(text) for name, text in random.items() if values(text)}
    count = 1
    for each in choices.values():
        count *= len(each)
    if count <= most:
        yield from (dict(zip(choices, drawn, strict=True)) for drawn in product(*choices.values()))
        return
    longest = max(map(len, choices.values()))
    for turn in islice(range(longest), most):
        # Steps that differ keep two names from having the same value in every draw.
        yield {name: each[(turn * (2 * k + 1) + k) % len(each)] for k, (name, each) in enumerate(choices.items())}
