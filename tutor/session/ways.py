"""The ways in which an answer is given: on a line, by choosing, by ordering, by filling in, line after line.

In: an ask, and a seed. Out: what a screen, or a pipe, has to offer for it. The decision owned here: each kind of ask
has one way, a row; and what is given is a text in each of them, which is written down and judged like any other.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tutor.session.shown import Given, Item, Way

if TYPE_CHECKING:
    from tutor.course.lesson import Ask

WAYS: Mapping[str, Given] = {"choose": "choose", "order": "order", "entries": "fill", "line": "derive"}
"""How an answer is given where not on one line."""

PROMPTS: Mapping[str, str] = {
    "choose": "Which one is right?",
    "choose many": "Which ones are right? There is more than one.",
    "order": "Put the factors in order.",
}
"""What is asked where nothing else says it."""


def way(ask: Ask, seed: str, shape: Sequence[int]) -> Way:
    """What there is to give an answer to an ask with; `shape` are the rows and columns that there may be to fill in."""
    given = WAYS.get(ask.kind, "line")
    rows, columns = shape if given == "fill" else (0, 0)
    texts = [option.text for option in ask.options] or [f"${factor}$" for factor in ask.factors]
    items = shuffled([Item(number, text) for number, text in enumerate(texts, 1)], seed)
    if ask.factors and all(first.number < second.number for first, second in pairwise(items)):
        items = (*items[1:], items[0])  # they were listed in a right order, which is not to be shown
    return Way(given, items, len(ask.right) > 1, rows, columns)


def prompt_words(ask: Ask) -> str:
    """The author's words for what is asked, else what goes without saying for its kind; empty for a formula."""
    kind = "choose many" if len(ask.right) > 1 else ask.kind
    return ask.prompt or PROMPTS.get(kind, "")


def shuffled(items: Sequence[Item], seed: str) -> tuple[Item, ...]:
    """The items in an order that the seed decides."""

    def place(item: Item) -> str:
        return hashlib.sha256(f"{seed}:{item.number}".encode()).hexdigest()

    return tuple(sorted(items, key=place))


def numbers_text(numbers: Iterable[int]) -> str:
    """Chosen or ordered items as an answer: `2, 1, 3`."""
    return ", ".join(map(str, numbers))


def numbers_in(text: str) -> tuple[int, ...]:
    """The numbers in such an answer."""
    return tuple(int(number[:6]) for number in re.findall(r"\d+", text))


def from_places(way: Way, text: str) -> str:
    """The answer of someone who sees the items numbered in the order in which they are shown."""
    if way.given not in ("choose", "order") or not re.fullmatch(r"[\d\s,]*", text):
        return text
    numbers = {place: item.number for place, item in enumerate(way.items, 1)}
    return numbers_text(numbers.get(place, place) for place in numbers_in(text))


def grid_text(cells: Sequence[Sequence[str]]) -> str:
    """Cells as an answer: `[a, b; c, d]`."""
    return "[" + "; ".join(", ".join(cell.strip() for cell in row) for row in cells) + "]"


def grid_cells(text: str, rows: int, columns: int) -> tuple[tuple[str, ...], ...]:
    """The cells of such an answer; empty ones where it has another shape."""
    from tutor.marking.grid import cells_in

    found = [[text[cell.start : cell.end] for cell in row] for row in cells_in(text)]
    if len(found) != rows or any(len(row) != columns for row in found):
        return ((("",) * columns),) * rows
    return tuple(map(tuple, found))
