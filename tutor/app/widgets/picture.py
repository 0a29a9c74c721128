"""The picture of a lesson.

In: a run. Out: a part of a sheet. Decided here: the look of each layer of a picture, and that a terminal that may lack
Braille gets one of ASCII signs.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable

from textual.content import Content

from tutor.app.ascii import ascii_only
from tutor.app.text import line
from tutor.app.widgets.sheet import Part
from tutor.session import Run

STYLES = {"quiet": "$quiet", "plain": "$maths", "strong": "$accent"}


def drawn(run: Run, height: Callable[[int], int]) -> Part:
    """The picture in the width that there is, and in the height that goes with a width."""

    def lay(width: int) -> list[Content]:
        rows = run.picture(width, height(width), ascii_only=lacks_braille())
        return [line(*((text, STYLES[layer]) for text, layer in row)) for row in rows]

    return lay


def lacks_braille() -> bool:
    """Whether the terminal is one that shows no Braille: the Linux console, or one that is not told in UTF-8."""
    encoding = (getattr(sys.__stdout__, "encoding", "") or "").lower().replace("-", "")
    return ascii_only() or os.environ.get("TERM") in ("linux", "dumb") or not encoding.startswith("utf")
