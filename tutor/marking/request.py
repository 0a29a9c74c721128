"""The form of a request: which kinds there are, and which fields hold what.

In: the JSON object of the filter, or the same from a lesson. Out: what is wrong with its form, if anything. Decided
here: only the form; whether its texts can be read is for the question and the tasks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tutor.language.layout import LAYOUTS, NUMERATOR
from tutor.language.suggest import nearest
from tutor.marking.forms import ANY, FORMS

DERIVED = ("derivative", "gradient", "hessian", "entry")
"""The kinds of question that need `wrt`."""

KINDS = (*DERIVED, "equals", "shape")
"""The kinds of question, whose answer is a formula or a shape."""

TASKS = ("choose", "order", "value", "entries", "line")
"""The other kinds, which `tutor.marking.kinds` has the tasks of."""

LISTED = frozenset({"choose", "order"})
"""The tasks whose answer is numbers of what was listed."""


def malformed(request: Mapping[str, Any]) -> str | None:
    """What is wrong with the form of a request, in a sentence."""
    for key in ("variables", "define", "numbers"):
        value = request.get(key)
        if value is None:
            continue
        if not isinstance(value, Mapping) or not all(
            isinstance(v, str) and isinstance(k, str) for k, v in value.items()
        ):
            return f"‘{key}’ must map names to texts."
    ask = request.get("ask")
    if not isinstance(ask, Mapping):
        return '‘ask’ is missing: it says what is asked, such as {"derivative": "z", "wrt": "w"}.'
    every = (*KINDS, *TASKS)
    kinds = [k for k in every if k in ask]
    if len(kinds) != 1:
        unknown = [str(k) for k in ask if k not in (*every, "wrt")]
        near = nearest(unknown[0], every) if unknown else ()
        hint = f" Did you mean ‘{near[0]}’?" if near else ""
        return f"‘ask’ needs one of {', '.join(every)}.{hint}"
    is_text = isinstance(ask[kinds[0]], str | int | float) and not isinstance(ask[kinds[0]], bool)
    if not is_text and kinds[0] not in LISTED:
        return f"‘{kinds[0]}’ must be a text."
    wrt = ask.get("wrt")
    if kinds[0] in DERIVED and not isinstance(wrt, str):
        return f"‘wrt’ is missing: the variable of this {kinds[0]}."
    if wrt is not None and not isinstance(wrt, str):
        return "‘wrt’ must be a text: the variable."
    if (request.get("layout") or NUMERATOR) not in LAYOUTS:
        return f"‘layout’ must be one of {', '.join(LAYOUTS)}."
    for key in ("using", "avoid"):
        value = request.get(key) or ()
        if isinstance(value, str) or not isinstance(value, Sequence) or not all(isinstance(v, str) for v in value):
            return f"‘{key}’ must be a list of names."
    if (request.get("form") or ANY) not in list(FORMS):
        return f"‘form’ must be one of {', '.join(FORMS)}."
    return None
