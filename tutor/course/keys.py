"""The keys that a lesson and a course may have.

In: nothing. Out: tables of names, which the loader walks and by which it finds the nearest known key.
Decided here: what the format is, and what an ask of each kind has.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

FORMAT = 1

FRONT = (
    "format", "title", "summary", "minutes", "needs", "variables", "define", "random", "layout", "source",
    "picture",
)  # fmt: skip
COURSE = ("title", "summary", "units")
UNIT = ("title", "lessons")
NUDGE = ("when", "say")
OPTION = ("option", "because")
LAYOUTS = ("numerator", "denominator", "learner")
FORMS = ("any", "simplified", "matrix", "index")
PICTURES = ("slope", "linear-map", "sparsity", "shapes")

Rule = Literal["needed", "possible", "senseless"]


@dataclass(frozen=True, slots=True)
class Kind:
    """What an ask of one kind has. `value` is what its own key holds; each rule is that of another key.

    `special` are keys that make sense in this kind alone; those that it needs come first, `needs` of them.
    """

    value: Literal["maths", "options", "factors"]
    wrt: Rule
    answer: Rule
    nudges: Rule = "possible"
    special: tuple[str, ...] = ()
    needs: int = 0

    def rule(self, key: str) -> Rule:
        """What holds for one of the keys that not every kind has."""
        if key in SPECIAL:
            return ("needed" if self.special.index(key) < self.needs else "possible") if key in self.special else NO
        return {"wrt": self.wrt, "answer": self.answer, "nudges": self.nudges}[key]


NO: Rule = "senseless"

KINDS: Mapping[str, Kind] = {
    #                  holds      wrt          answer       nudges       its own keys, and how many it needs
    "derivative": Kind("maths",   "needed",    "needed"),
    "gradient":   Kind("maths",   "needed",    "needed"),
    "hessian":    Kind("maths",   "needed",    "needed"),
    "entry":      Kind("maths",   "needed",    "needed"),
    "shape":      Kind("maths",   "possible",  "needed"),
    "equals":     Kind("maths",   "senseless", "needed"),
    "choose":     Kind("options", "senseless", "senseless", "senseless", ("right",), 1),
    "order":      Kind("factors", "senseless", "possible"),
    "value":      Kind("maths",   "possible",  "possible",  "possible",  ("at", "tolerance"), 1),
    "entries":    Kind("maths",   "possible",  "needed"),
    "line":       Kind("maths",   "possible",  "needed"),
}  # fmt: skip
"""The kinds of ask."""

DERIVED = ("derivative", "gradient", "hessian", "entry")
"""Those that ask for a derivative: the rules can find an answer by themselves."""

SPECIAL = tuple(key for kind in KINDS.values() for key in kind.special)
RULED = ("wrt", "answer", "nudges", *SPECIAL)
"""The keys that not every kind has."""

SMALLER = (
    *KINDS, *RULED, "prompt", "using", "avoid", "form", "allow-derivatives", "hints", "skills", "after",
)  # fmt: skip
"""The keys of an ask in a scaffold."""

ASK = (*SMALLER, "scaffold")

MAX_HINTS = 5
MAX_OPTIONS = 9
"""Each option has a key of its own."""
