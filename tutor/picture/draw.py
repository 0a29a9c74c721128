"""A picture at the size at hand.

In: a picture, a width and a height in characters. Out: rows of pieces, none wider and not more of them, with a
line or two below that say in words what is shown. Decided here: how each kind looks, and what is left out
where there is little room: first the scales, at last all but the words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, hypot, isfinite, log10
from textwrap import wrap
from typing import Any

from tutor.picture.canvas import ACROSS, DOWN, Canvas, Layer, Piece, Row, joined
from tutor.picture.picture import Box, Curve, LinearMap, Picture, Point, Shapes, Slope, Sparsity

LEAST_WIDTH, LEAST_HEIGHT = 20, 6
"""A field that is smaller shows nothing."""

TALLEST = 24
"""A drawing is not higher than that: it is to be seen at a glance, beside what is asked."""

FAN = 5
"""Lines in a fan of slopes, its edges included."""

SPACED = 3
"""Every so many dots of a line that is no curve."""

HEAD = 5
"""The length of an arrow's head, in dots."""


def draw(picture: Picture, width: int, height: int, ascii_only: bool = False) -> tuple[Row, ...]:
    """The rows of a picture in so many characters; with `ascii_only`, made of ASCII signs alone."""
    if width < 1 or height < 1:
        return ()
    rows = _DRAWN[type(picture)](picture, width, min(height, TALLEST), ascii_only)
    return tuple(_cut(_in_ascii(row) if ascii_only else row, width) for row in rows[:height])


def _cut(row: Row, width: int) -> Row:
    """The row as far as there is room: a formula may be longer than its picture is wide."""
    shown: list[Piece] = []
    for text, layer in row:
        if width > 0:
            shown.append((text[:width], layer))
        width -= len(text)
    return tuple(shown)


def _in_ascii(row: Row) -> Row:
    return tuple((_spelled(text), layer) for text, layer in row)


_SPELLED = str.maketrans({
    "─": "-", "│": "|", "┌": "+", "┐": "+", "└": "+", "┘": "+", "●": "o", "■": "#", "·": ".", "−": "-", "×": "x",
    "∂": "d", "ᵀ": "'", "⊙": ".*", "⊘": "./", "‖": "||", "²": "^2", "³": "^3", "₁": "_1", "₂": "_2", "₃": "_3",
    "√": "sqrt", "π": "pi", "σ": "sigmoid", "𝟏": "1", "≤": "<=", "≥": ">=", "≠": "!=", "λ": "lambda",
})  # fmt: skip


def _said(text: str, width: int, ascii_only: bool, layer: Layer = "quiet") -> list[Row]:
    return [((line, layer),) for line in wrap(_spelled(text) if ascii_only else text, width)]


def _spelled(text: str) -> str:
    return text.translate(_SPELLED).encode("ascii", "replace").decode()


def _number(value: float) -> str:
    return f"{0.0 if abs(value) < 5e-4 else value:.3g}".replace("-", "−")


def _pair(point: Point) -> str:
    return f"({_number(point[0])}, {_number(point[1])})"


# -- a frame -------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Frame:
    """From coordinates to the dots of a canvas."""

    canvas: Canvas
    left: float
    right: float
    low: float
    high: float

    def place(self, point: Point) -> Point:
        x = (point[0] - self.left) / (self.right - self.left) * (self.canvas.across - 1)
        y = (self.high - point[1]) / (self.high - self.low) * (self.canvas.down - 1)
        return x, y

    def line(self, begin: Point, end: Point, layer: Layer = "plain", gap: int = 1) -> None:
        self.canvas.line(*self.place(begin), *self.place(end), layer, gap)

    def curve(self, points: Curve, layer: Layer = "plain", gap: int = 1) -> None:
        for begin, end in pairwise(points):
            self.line(begin, end, layer, gap)

    def mark(self, point: Point, sign: str, layer: Layer = "strong") -> None:
        x, y = self.place(point)
        if isfinite(x) and isfinite(y) and 0 <= x < self.canvas.across and 0 <= y < self.canvas.down:
            self.canvas.write(int(x) // ACROSS, int(y) // DOWN, sign, layer)

    def axes(self) -> None:
        """The lines on which a coordinate is 0, where they are in sight."""
        self.line((self.left, 0.0), (self.right, 0.0), "quiet", SPACED)
        self.line((0.0, self.low), (0.0, self.high), "quiet", SPACED)


def _wide(low: float, high: float, part: float = 0.06) -> tuple[float, float]:
    """A range with something to spare on either side."""
    spare = (high - low) * part or max(1.0, abs(low)) * 0.5
    return low - spare, high + spare


def _most(values: Iterable[float]) -> tuple[float, float]:
    """The range of the values; where a few of them are far off all others, as beside a pole, without those."""
    known = sorted(value for value in values if isfinite(value))
    cut = len(known) // 12
    low, high = known[cut], known[-1 - cut]
    whole = known[-1] - known[0]
    return (low, high) if whole > 6 * (high - low) > 0 else (known[0], known[-1])


# -- a slope -------------------------------------------------------------------------------------------------


def _slope(picture: Slope, width: int, height: int, ascii_only: bool) -> list[Row]:
    name, place = picture.variable, _number(picture.at[0])
    if not picture.told:
        told = f"The dotted {'lines touch' if picture.is_kink else 'line touches'} the curve at {name} = {place}."
    elif picture.is_kink:
        told = f"At {name} = {place} every slope from {_number(picture.low)} to {_number(picture.high)} fits."
    else:
        told = f"At {name} = {place} the slope is {_number(picture.low)}."
    words = _said(told, width, ascii_only, "plain")
    room = height - len(words) - 2
    if room < LEAST_HEIGHT or width < LEAST_WIDTH:
        return words
    canvas = Canvas(width, room)
    left, right = picture.curve[0][0], picture.curve[-1][0]
    touching = _touching(picture, right - left)
    fan = [end[1] for line in touching for end in line if picture.is_kink]
    low, high = _most(value for _, value in picture.curve)
    frame = _Frame(canvas, left, right, *_wide(min([low, *fan]), max([high, *fan])))
    frame.axes()
    for begin, end in touching:
        frame.line(begin, end, "strong", SPACED)
    frame.curve(picture.curve)
    frame.mark(picture.at, "●")
    for tick in _ticks(frame.low, frame.high, room // 2):
        canvas.write(0, int(frame.place((left, tick))[1]) // DOWN, f"{_number(tick)} ", "quiet")
    below = Canvas(width, 1)
    for tick in _ticks(left, right, width // 6):
        text = _number(tick)
        below.write(int(frame.place((tick, 0.0))[0]) // ACROSS - len(text) // 2, 0, text, "quiet")
    below.write(width - len(name) - 1, 0, f" {name}", "quiet")
    return [((picture.formula, "plain"),), *canvas.rows(ascii_only), *below.rows(), *words]


def _ticks(low: float, high: float, most: int) -> list[float]:
    """Round numbers in a range, evenly spaced, so many at most."""
    least = (high - low) / max(1, most)
    if not isfinite(least):
        return []
    power = 10.0 ** floor(log10(least))
    step = next(unit * power for unit in (1, 2, 5, 10) if unit * power >= least * (1 - 1e-9))
    return [k * step for k in range(ceil(low / step - 1e-9), floor(high / step + 1e-9) + 1)]


def _touching(picture: Slope, across: float) -> list[tuple[Point, Point]]:
    """The lines that touch, by their ends: one, or a fan of them."""
    x, y = picture.at
    run = across / 4 if picture.is_kink else across
    between = [k / (FAN - 1) for k in range(FAN)] if picture.is_kink else [0.0]
    slopes = [picture.low + part * (picture.high - picture.low) for part in between]
    return [((x - run, y - run * slope), (x + run, y + run * slope)) for slope in slopes]


# -- a linear map --------------------------------------------------------------------------------------------


def _linear_map(picture: LinearMap, width: int, height: int, ascii_only: bool) -> list[Row]:
    names = [f"∂f/∂{picture.variable}{sub}" for sub in "₁₂"]
    first, second = picture.columns
    keys = f"Lines: a grid bent by f. Dots: its linear approximation. Arrows: {names[0]}, {names[1]}."
    words = [
        *_said(f"f = {picture.formula}", width, ascii_only, "plain"),
        *_said(f"Columns of the Jacobian: 1 {_pair(first)}, 2 {_pair(second)}.", width, ascii_only, "plain"),
        *_said(keys, width, ascii_only),
    ]
    room = height - len(words)
    if room < LEAST_HEIGHT or width < LEAST_WIDTH:
        return words
    canvas = Canvas(width, room)
    frame = _equal(canvas, [point for curve in (*picture.bent, *picture.straight) for point in curve])
    for curve in picture.straight:
        frame.line(curve[0], curve[-1], "quiet", SPACED)
    for curve in picture.bent:
        frame.curve(curve)
    for number, column in enumerate(picture.columns, 1):
        x, y = picture.origin
        tip = (x + column[0] * picture.length, y + column[1] * picture.length)
        _arrow(frame, picture.origin, tip, str(number))
    return [*canvas.rows(ascii_only), *words]


def _equal(canvas: Canvas, points: Sequence[Point]) -> _Frame:
    """A frame in which a step to the right is as long as one upwards. A dot is as wide as it is high."""
    known = [point for point in points if isfinite(point[0]) and isfinite(point[1])]
    left, right = _wide(*_most(x for x, _ in known))
    low, high = _wide(*_most(y for _, y in known))
    unit = max((right - left) / canvas.across, (high - low) / canvas.down)
    across, down = unit * canvas.across / 2, unit * canvas.down / 2
    x, y = (left + right) / 2, (low + high) / 2
    return _Frame(canvas, x - across, x + across, y - down, y + down)


def _arrow(frame: _Frame, begin: Point, end: Point, label: str) -> None:
    """A thick line with a head, and its label behind the tip."""
    x0, y0 = frame.place(begin)
    x1, y1 = frame.place(end)
    length = hypot(x1 - x0, y1 - y0)
    if not (isfinite(length) and length > 1):
        frame.mark(begin, label)
        return
    dx, dy = (x1 - x0) / length, (y1 - y0) / length
    canvas = frame.canvas
    for side in (0.0, 1.0):
        canvas.line(x0 - side * dy, y0 + side * dx, x1 - side * dy, y1 + side * dx, "strong")
    head = min(HEAD, length / 2)
    for side in (-0.6, 0.6):
        canvas.line(x1, y1, x1 - head * (dx - side * dy), y1 - head * (dy + side * dx), "strong")
    canvas.write(int(x1 + 3 * dx) // ACROSS, int(y1 + 5 * dy) // DOWN, label, "strong")


# -- a pattern -----------------------------------------------------------------------------------------------


def _sparsity(picture: Sparsity, width: int, height: int, ascii_only: bool) -> list[Row]:
    count = sum(map(sum, picture.feels))
    whole = len(picture.rows) * len(picture.columns)
    names = f"Rows: {picture.of}; columns: {picture.wrt}."
    told = _said(f"■ feels, · does not: {count} of {whole}. {names}", width, ascii_only)
    head = max(map(len, picture.rows))
    cell = max(1, *map(len, picture.columns)) + 1
    if head + 1 + cell * len(picture.columns) > width:
        cell = 1
    if head + 1 + cell * len(picture.columns) > width or len(picture.rows) + 1 + len(told) > height:
        return told
    above = "".join(name.rjust(cell) for name in picture.columns) if cell > 1 else ""
    rows: list[Row] = [((" " * (head + 1) + above, "quiet"),)] if above.strip() else []
    for name, feels in zip(picture.rows, picture.feels, strict=True):
        marks: list[Piece] = [("■".rjust(cell), "strong") if felt else ("·".rjust(cell), "quiet") for felt in feels]
        rows.append(joined([(name.rjust(head) + " ", "quiet"), *marks]))
    return [*rows, ((" ", "quiet"),), *told]


# -- boxes ---------------------------------------------------------------------------------------------------

LENGTHS = ((5, 3, 7, 4, 6), (4, 2, 5, 3, 4), (3, 2, 4, 2, 3), (2, 1, 3, 1, 2))
"""How long the sizes of boxes are drawn, in rows, the first name first: the widest that there is room for."""


def _shapes(picture: Shapes, width: int, height: int, ascii_only: bool) -> list[Row]:
    for lengths in LENGTHS:
        drawn = _boxes(picture, lengths)
        if len(drawn) <= height and max(map(len, drawn)) <= width:
            return [((line.rstrip(), "plain"),) for line in drawn]
    sizes = [part if isinstance(part, str) else f"{part.rows}×{part.columns}" for part in picture.parts]
    return _said(" ".join([*sizes, "=", f"{picture.result.rows}×{picture.result.columns}"]), width, ascii_only, "plain")


def _boxes(picture: Shapes, lengths: Sequence[int]) -> list[str]:
    """The boxes side by side, their middles in one line, each with its shape below it."""
    names: dict[str, int] = {}
    boxes = [part for part in (*picture.parts, picture.result) if isinstance(part, Box)]
    for size in (size for box in boxes for size in (box.rows, box.columns)):
        if size not in names:
            fixed = min(int(size), 2 * lengths[0]) if size.isdecimal() else lengths[len(names) % len(lengths)]
            names[size] = fixed
    tallest = max(names[box.rows] for box in boxes) + 2
    columns = [_column(part, names, tallest) for part in (*picture.parts, "=", picture.result)]
    return [" ".join(column[row] for column in columns) for row in range(tallest + 1)]


def _column(part: Box | str, names: dict[str, int], tallest: int) -> list[str]:
    """One part as lines of one width: a box with its shape below, or a sign in the middle."""
    if isinstance(part, str):
        return [part if row == (tallest - 1) // 2 else " " * len(part) for row in range(tallest + 1)]
    inner = max(2 * names[part.columns] if part.columns != "1" else 1, len(part.name))
    rows = names[part.rows]
    body = [part.name.center(inner) if row == (rows - 1) // 2 else " " * inner for row in range(rows)]
    lines = [f"┌{'─' * inner}┐", *(f"│{line}│" for line in body), f"└{'─' * inner}┘"]
    shape = f"{part.rows}×{part.columns}"
    wide = max(inner + 2, len(shape))
    above = (tallest - len(lines)) // 2
    blank = " " * wide
    placed = [blank] * above + [line.center(wide) for line in lines]
    placed += [blank] * (tallest - len(placed))
    return [*placed, shape.center(wide)]


_DRAWN: dict[type[Any], Callable[[Any, int, int, bool], list[Row]]] = {
    Slope: _slope,
    LinearMap: _linear_map,
    Sparsity: _sparsity,
    Shapes: _shapes,
}
