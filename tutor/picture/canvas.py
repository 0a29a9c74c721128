"""Dots, lines and words on a field of characters.

In: places, in dots from the left and from the top. Out: rows of pieces, each a text and the layer that it
belongs to. Decided here: a character holds two by four dots, in Braille, or in plain ASCII the sign that
looks most like them; of what meets in one character the upper layer gives it its look.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from math import isfinite
from typing import Literal

Layer = Literal["quiet", "plain", "strong"]
"""How much a piece wants to be seen. The look of each is the screen's, and never all that tells two apart."""

LAYERS: tuple[Layer, ...] = ("quiet", "plain", "strong")

Piece = tuple[str, Layer]
Row = tuple[Piece, ...]

ACROSS, DOWN = 2, 4
"""Dots in one character."""

_BITS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
_BRAILLE = 0x2800
_LEFT, _RIGHT = 0x47, 0xB8
_TOP, _MIDDLE, _BOTTOM = 0x1B, 0x36, 0xE4
_RISING, _FALLING = (_LEFT & _BOTTOM) | (_RIGHT & _TOP), (_LEFT & _TOP) | (_RIGHT & _BOTTOM)
# The first pattern that holds all the dots of a character says how it looks in ASCII.
_ASCII = ((_TOP, "'"), (_BOTTOM, "."), (_LEFT, "|"), (_RIGHT, "|"), (_MIDDLE, "-"), (_RISING, "/"), (_FALLING, "\\"))


class Canvas:
    """A field of characters to draw on."""

    def __init__(self, width: int, height: int) -> None:
        """`width` and `height` in characters."""
        self.width, self.height = width, height
        self._dots: dict[tuple[int, int], int] = {}
        self._layers: dict[tuple[int, int], int] = {}
        self._words: dict[tuple[int, int], str] = {}

    @property
    def across(self) -> int:
        """Dots from the left to the right."""
        return self.width * ACROSS

    @property
    def down(self) -> int:
        """Dots from the top to the bottom."""
        return self.height * DOWN

    def dot(self, x: int, y: int, layer: Layer = "plain") -> None:
        """One dot; outside of the field there is none."""
        if 0 <= x < self.across and 0 <= y < self.down:
            place = (x // ACROSS, y // DOWN)
            self._dots[place] = self._dots.get(place, 0) | _BITS[y % DOWN][x % ACROSS]
            self._layers[place] = max(self._layers.get(place, 0), LAYERS.index(layer))

    def line(self, x0: float, y0: float, x1: float, y1: float, layer: Layer = "plain", gap: int = 1) -> None:
        """A straight line; with a `gap`, only every so many of its dots."""
        cut = _clipped(x0, y0, x1, y1, self.across - 1, self.down - 1)
        if cut is None:
            return
        x0, y0, x1, y1 = cut
        steps = max(1, round(max(abs(x1 - x0), abs(y1 - y0))))
        for k in range(0, steps + 1, gap):
            self.dot(round(x0 + (x1 - x0) * k / steps), round(y0 + (y1 - y0) * k / steps), layer)

    def write(self, column: int, row: int, text: str, layer: Layer = "plain") -> None:
        """Words on top of all dots, moved to the left where they would not fit."""
        column = max(0, min(column, self.width - len(text)))
        for k, letter in enumerate(text):
            if column + k < self.width and 0 <= row < self.height:
                self._words[column + k, row] = letter
                self._layers[column + k, row] = LAYERS.index(layer)

    def rows(self, ascii_only: bool = False) -> list[Row]:
        """The field, row by row."""
        return [joined(self._cell(column, row, ascii_only) for column in range(self.width))
                for row in range(self.height)]  # fmt: skip

    def _cell(self, column: int, row: int, ascii_only: bool) -> Piece:
        place = (column, row)
        layer = LAYERS[self._layers.get(place, 0)]
        if place in self._words:
            return self._words[place], layer
        dots = self._dots.get(place, 0)
        if not dots:
            return " ", layer
        return (_ascii(dots) if ascii_only else chr(_BRAILLE + dots)), layer


def joined(pieces: Iterable[Piece]) -> Row:
    """The pieces with neighbours of one layer in one, and without blanks at the end."""
    made = [("".join(text for text, _ in group), layer) for layer, group in groupby(pieces, lambda piece: piece[1])]
    while made and not made[-1][0].strip():
        made.pop()
    if made:
        made[-1] = (made[-1][0].rstrip(), made[-1][1])
    return tuple(made)


def _ascii(dots: int) -> str:
    return next((sign for pattern, sign in _ASCII if not dots & ~pattern), ":")


def _clipped(
    x0: float, y0: float, x1: float, y1: float, right: float, bottom: float
) -> tuple[float, float, float, float] | None:
    """The part of a line inside of the field (by Liang and Barsky); None where there is none."""
    if not all(map(isfinite, (x0, y0, x1, y1))):
        return None
    begin, end = 0.0, 1.0
    for move, room in ((x0 - x1, x0), (x1 - x0, right - x0), (y0 - y1, y0), (y1 - y0, bottom - y0)):
        if move == 0:
            if room < 0:
                return None
        elif move < 0:
            begin = max(begin, room / move)
        else:
            end = min(end, room / move)
    if begin > end:
        return None
    dx, dy = x1 - x0, y1 - y0
    return x0 + begin * dx, y0 + begin * dy, x0 + end * dx, y0 + end * dy
