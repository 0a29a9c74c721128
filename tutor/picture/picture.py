"""What a picture shows, as numbers and words: worked out once, and drawn at any size."""

from __future__ import annotations

from dataclasses import dataclass

Point = tuple[float, float]
Curve = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Slope:
    """A curve, and the straight lines that touch it at a point: one, or at a kink all with slopes in a range.

    What is not `told` in words is for the learner to read off.
    """

    formula: str
    variable: str
    curve: Curve
    at: Point
    low: float
    high: float
    told: bool = True

    @property
    def is_kink(self) -> bool:
        return self.high > self.low


@dataclass(frozen=True, slots=True)
class LinearMap:
    """A grid bent by a function, and the straight one that fits it best at a point.

    `columns` are those of the Jacobian; their arrows are drawn so many times as long, to stay on the grid.
    """

    formula: str
    variable: str
    bent: tuple[Curve, ...]
    straight: tuple[Curve, ...]
    origin: Point
    columns: tuple[Point, Point]
    length: float


@dataclass(frozen=True, slots=True)
class Sparsity:
    """Which entry of `of` (a row each) feels which entry of `wrt` (a column each)."""

    of: str
    wrt: str
    rows: tuple[str, ...]
    columns: tuple[str, ...]
    feels: tuple[tuple[bool, ...], ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A matrix as a box: its name, and its sizes as they are written."""

    name: str
    rows: str
    columns: str


@dataclass(frozen=True, slots=True)
class Shapes:
    """The boxes of a formula with the signs between them, and the box of the result."""

    parts: tuple[Box | str, ...]
    result: Box


Picture = Slope | LinearMap | Sparsity | Shapes
