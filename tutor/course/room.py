"""How much room a lesson takes on a terminal of 80×24, the smallest that it is made for.

In: the words of a lesson, and how its maths is set. Out: rows and columns.
Decided here: what the screen of a lesson has to spare. The screen itself is `tutor.app`'s; a test holds these numbers
against it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from typing import TYPE_CHECKING, Protocol

from tutor.course.prose import CODE, MATHS
from tutor.excerpt import columns

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from tutor.language.block import Block

COLUMNS, ROWS = 80, 24
MARGINS = 3
"""Columns beside the words of a step: one at the left, one at the right, one for the bar that shows there is more."""

INDENT = 4
"""How far in a formula on lines of its own stands."""

CHROME = 2
NAMES_RULE, AROUND_QUESTION, REPLY = 1, 2, 6
"""Rows under the names, around the question, and for what is said about an answer."""

OPTION_MARGIN = 7
"""Columns before an option: its mark and its number."""

MOST_NAMES, MOST_ASKED = 3, 8
GAP = 4
GLUED, GLUE = 32, "\ue002"
"""Formulas of up to so many columns are not broken at the end of a line."""



class Setter(Protocol):
    """How maths is set: `tutor.course.subject.Subject`."""

    def set(self, text: str) -> Block: ...
    def line(self, text: str) -> str: ...


def rows_for_text(names: int, question: int | None, given: int = 1) -> int:
    """Rows for a step's heading and words, beside so many rows of names; where one is asked, of question and answer."""
    asked = 0 if question is None else min(question, MOST_ASKED) + AROUND_QUESTION + given
    reply = 1 if question is None else REPLY
    return ROWS - CHROME - min(names, MOST_NAMES) - NAMES_RULE - asked - reply


def rows_of_names(widths: list[int]) -> int:
    """Rows that declared names of these widths take, side by side where they have room."""
    rows, at = 0, COLUMNS
    for width in widths:
        if rows and at + GAP + width <= COLUMNS - 2:
            at += GAP + width
        else:
            rows, at = rows + 1, width
    return max(rows, 1)


def rows_of_words(markdown: str, setter: Setter, margin: int = 0) -> int:
    """Rows that a piece of Markdown takes, its formulas set, so many columns further in."""
    heights = list(_groups(markdown, setter, COLUMNS - MARGINS - margin))
    return sum(heights) + max(len(heights) - 1, 0)


def _groups(markdown: str, setter: Setter, width: int) -> Iterator[int]:
    """The rows of each paragraph, list, block of code and formula on lines of its own."""
    blocks: list[Block] = []

    def keep(found: re.Match[str]) -> str:
        if found["block"] is None:
            text = setter.line(found["inline"].strip())
            return text.replace(" ", GLUE) if len(text) <= GLUED else text
        blocks.append(setter.set(found["block"].strip()))
        return f"\n\n\ue000{len(blocks) - 1}\ue001\n\n"

    depth = tight = 0
    for token in _reader().parse(_outside_code(markdown, keep)):
        if token.type.endswith("_list_open"):
            depth += 1
        elif token.type.endswith("_list_close"):
            depth -= 1
            if not depth:
                yield tight
                tight = 0
        elif token.type in ("fence", "code_block"):
            yield token.content.rstrip("\n").count("\n") + 1
        elif token.type == "inline":
            hole = re.fullmatch("\ue000(\\d+)\ue001", token.content.strip())
            text = "".join(" " if c.type == "softbreak" else c.content for c in token.children or ())
            height = blocks[int(hole[1])].height if hole else wrapped(text, width - 3 * depth)
            if depth:
                tight += height
            else:
                yield height


def wrapped(text: str, width: int) -> int:
    """Rows of a paragraph that is broken at its blanks."""
    rows, at = 1, 0
    for word in text.split():
        wide = columns(word.replace(GLUE, " "))
        if at and at + 1 + wide > width:
            rows, at = rows + 1, wide
        else:
            at += wide + (1 if at else 0)
    return rows


def _outside_code(markdown: str, keep: Callable[[re.Match[str]], str]) -> str:
    pieces, at = [], 0
    for code in CODE.finditer(markdown):
        pieces += [MATHS.sub(keep, markdown[at : code.start()]), code.group()]
        at = code.end()
    return "".join([*pieces, MATHS.sub(keep, markdown[at:])])


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})
