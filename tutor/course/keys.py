"""The keys that a lesson and a course may have.

In: nothing. Out: tables of names, which the loader walks and by which it finds the nearest known key.
Decided here: what the format is, and which part of it this version plays.
"""

from __future__ import annotations

from collections.abc import Mapping

FORMAT = 1

FRONT = (
    "format", "title", "summary", "minutes", "needs", "variables", "define", "random", "layout", "source",
    "picture",
)  # fmt: skip
COURSE = ("title", "summary", "units")
UNIT = ("title", "lessons")
NUDGE = ("when", "say")
LAYOUTS = ("numerator", "denominator", "learner")
FORMS = ("any", "simplified", "matrix", "index")

KINDS: Mapping[str, str] = {
    #  kind        wrt
    "derivative": "needed",
    "gradient":   "needed",
    "hessian":    "needed",
    "entry":      "needed",
    "shape":      "optional",
    "equals":     "senseless",
}  # fmt: skip
"""The questions that this version plays, and whether they have a `wrt`."""

NOT_YET = ("choose", "order", "value", "entries", "line")
"""The questions of the format that this version does not play."""

WITH_NOT_YET = ("right", "because", "at", "tolerance", "scaffold")
"""Keys that go with those, or are kept without being used."""

ASK = (
    *KINDS, "wrt", "prompt", "using", "avoid", "form", "allow-derivatives", "answer", "hints", "nudges",
    "skills", "after", *NOT_YET, *WITH_NOT_YET,
)  # fmt: skip

MAX_HINTS = 5
