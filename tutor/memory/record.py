"""What is kept of a learner's work: events, which are only ever added.

In: what happened, and when, as the session tells it. Out: the same, in the order in which it happened.
Decided here: the kinds of event and what each one carries. The mathematics stays outside: answers are
text, a question is known by its fingerprint, a verdict by its code.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, get_args

Kind = Literal[
    "opened",
    "drawn",
    "moved",
    "draft",
    "answer",
    "verdict",
    "hint",
    "derived",
    "learned",
    "reveal",
    "solved",
    "redo",
    "done",
]
"""What can happen, and what `Event.data` carries with it:

opened   the lesson was opened; step ""
drawn    {"seed"}: from it come the random numbers, and the order of what is shown shuffled; step ""
moved    the learner went to `step`: there a lesson resumes
draft    {"text"}: the unfinished text of the step; the last one counts, "" clears it
answer   {"text", "question", "seed"}: handed in, written before it is graded; `question` is its fingerprint,
         and `seed` that of its random numbers where it has any
verdict  {"answer", "verdict", "code", "message", …}: `answer` is the number of the answer event, the rest
         the reply as `Reply.to_json` gives it; written before the screen shows it
hint     {"hint"}: how many hints are now shown, from 1
derived  {"question", "hints", "answer"}: what the tutor derived where the author left it out
learned  {"question", "lines"}: what smaller questions found out, each line as it is shown
reveal   {"text", "question"}: the answer was shown, and counts as shown
solved   {"question"}: the step is behind the learner though no verdict says so, as one that is only read
redo     the step begins anew: open, without hints; what was achieved is kept
done     the last step of the lesson is behind the learner; step ""
"""

KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, at a moment with a time zone.

    `number` is given by the store and orders events: clocks go back, numbers do not. Ids that no course
    has (any more) are kept like any other. `data` is anything that JSON can hold.
    """

    at: datetime
    course: str
    lesson: str
    step: str
    kind: Kind
    data: Mapping[str, Any] = field(default_factory=dict)
    number: int = 0

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("An event needs a time zone: datetime.now(UTC), not datetime.now().")
        if self.kind not in KINDS:
            raise ValueError(f"There is no event {self.kind!r}; there are {', '.join(KINDS)}.")

    @property
    def puts_behind(self) -> bool:
        """Whether with this event the step is behind the learner: solved, or its answer shown."""
        return self.kind in ("solved", "reveal") or (self.kind == "verdict" and self.data.get("verdict") == "correct")


@dataclass(frozen=True, slots=True)
class Overview:
    """One lesson as the list of lessons shows it: when it was last touched, what is behind the learner.

    `behind` are the ids of the steps that were ever solved or revealed; some may no longer be in the
    lesson. `done` says that its end was reached once.
    """

    course: str
    lesson: str
    touched: datetime
    behind: frozenset[str]
    done: bool
