"""Block: text in two dimensions, and how blocks are put together.

In: texts and blocks. Out: a Block, whose lines are equally wide and hold no control characters. The
decision owned here: a block hangs at its baseline, and what stands beside it is aligned there.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import zip_longest

from tutor.excerpt import columns, visible


@dataclass(frozen=True)
class Block:
    """Lines of text; the line that numbers and letters stand on has the number `baseline`."""

    lines: tuple[str, ...]
    baseline: int = 0

    @cached_property
    def width(self) -> int:
        return max(map(columns, self.lines), default=0)

    @property
    def height(self) -> int:
        return len(self.lines)

    @property
    def below(self) -> int:
        """How many lines stand below the baseline."""
        return self.height - self.baseline - 1

    def __str__(self) -> str:
        return "\n".join(self.lines)


def text_block(text: str) -> Block:
    return Block((visible(text),))


def filled(lines: Sequence[str], width: int | None = None, centred: bool = False) -> tuple[str, ...]:
    """The lines with spaces up to one width."""
    wide = max(map(columns, lines), default=0) if width is None else width
    done = []
    for line in lines:
        gap = max(wide - columns(line), 0)
        left = gap // 2 if centred else 0
        done.append(" " * left + line + " " * (gap - left))
    return tuple(done)


def beside(*blocks: Block) -> Block:
    """Blocks side by side, their baselines in one line."""
    blocks = tuple(block for block in blocks if block.width)
    if not blocks:
        return text_block("")
    above = max(block.baseline for block in blocks)
    under = max(block.below for block in blocks)
    grown = [grow(block, above - block.baseline, under - block.below).lines for block in blocks]
    return Block(tuple("".join(row) for row in zip(*grown, strict=True)), above)


def grow(block: Block, above: int, under: int) -> Block:
    """The block with empty lines above and below it, all lines equally wide."""
    blank = " " * block.width
    lines = (blank,) * above + filled(block.lines) + (blank,) * under
    return Block(lines, block.baseline + above)


def stacked(blocks: Sequence[Block], baseline: int, centred: bool = True) -> Block:
    """Blocks on top of each other; the baseline is a line of the whole."""
    width = max(block.width for block in blocks)
    lines = [line for block in blocks for line in filled(block.lines, width, centred)]
    return Block(tuple(lines), baseline)


def fraction_block(above: Block, below: Block, *, bar: str = "─") -> Block:
    """One block over the other; the bar is longer than any bar inside."""
    width = max(above.width, below.width)
    if any(bar * width in part.lines for part in (above, below)):
        width += 2
    return stacked([above, text_block(bar * width), below], above.height)


def derivative_block(of: Block, wrt: Block, sign: str = "∂") -> Block:
    """∂of over ∂wrt."""
    return fraction_block(beside(text_block(sign), of), beside(text_block(sign), wrt))


def grid(rows: Sequence[Sequence[Block]], gap: int, centred: bool) -> tuple[list[Block], int]:
    """Cells in rows and columns: each row as one block, and the width of all."""
    widths = [max((cell.width for cell in column if cell is not None), default=0) for column in zip_longest(*rows)]
    made = []
    for row in rows:
        cells = []
        for k, (cell, width) in enumerate(zip(row, widths, strict=False)):
            cells.append(Block(filled(cell.lines, width, centred), cell.baseline))
            if k + 1 < len(row) and gap:
                cells.append(text_block(" " * gap))
        made.append(beside(*cells))
    return made, sum(widths) + gap * (len(widths) - 1)


def fenced(block: Block, left: str, right: str) -> Block:
    """The block between brackets as tall as it is; each side is one character, or top, middle and bottom."""
    sides = [Block(fence(side, block.height), block.baseline) if side else text_block("") for side in (left, right)]
    return beside(sides[0], block, sides[1])


def fence(side: str, height: int) -> tuple[str, ...]:
    """One side of a tall bracket from its one character or its three."""
    if len(side) == 1:
        return (side,) * height
    return (side[0], *(side[1],) * (height - 2), side[2])
