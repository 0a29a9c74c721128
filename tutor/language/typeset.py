"""Typed expression → a block of text in two dimensions.

In: an Expr, and the width there is. Out: a Block of narrow characters without control characters, in
Unicode or in ASCII alone. Decided here: what a fraction, a sum, cases, a matrix and a root look like.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.language import expr as e
from tutor.language.block import (
    Block,
    beside,
    derivative_block,
    fenced,
    filled,
    fraction_block,
    grid,
    grow,
    stacked,
    text_block,
)
from tutor.language.expr import Expr
from tutor.language.latex import latex
from tutor.language.lexicon import GREEK
from tutor.language.operation import Level
from tutor.language.show import names_of, show
from tutor.language.writer import BAR, LINE, LineWriter, Piece, Writer, below, indices_text

__all__ = ["Block", "beside", "derivative_block", "latex", "text_block", "typeset"]

_FENCES = {
    "(": "⎛⎜⎝", ")": "⎞⎟⎠", "[": "⎡⎢⎣", "]": "⎤⎥⎦", "|": "│", "‖": "‖",
}  # fmt: skip
_ASCII_FENCES = {"(": "/|\\", ")": "\\|/", "[": "[", "]": "]", "|": "|", "‖": "|"}
_LETTERS = {letter: word for word, letter in reversed(GREEK.items())}
_ASCII = {
    **_LETTERS,
    "−": "-", "⊙": ".*", "⊘": "./", "⊗": "(x)", "·": ".", "≥": ">=", "≤": "<=", "≠": "!=", "𝟏": "1", "⟨": "<",
    "⟩": ">", "‖": "||", "∂": "d", "∇": "grad", "√": "sqrt", "Σ": "sum", "∑": "sum",
}  # fmt: skip
_PLAIN_ABOVE = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿᵐᵏⁱʲᵀ", "0123456789-nmkijT")
_SIGNS_BELOW = str.maketrans("+−=", "₊₋₌")
_SIGNS_ABOVE = dict(zip("0123456789+−nmkij", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿᵐᵏⁱʲ", strict=True))


def typeset(expr: Expr, width: int | None = None, *, ascii: bool = False) -> Block:
    """The expression in two dimensions; on one line where it would be wider than `width` and the line is not."""
    names = names_of(expr)
    block = (_AsciiWriter(names) if ascii else _BlockWriter(names)).whole(expr)
    if width is not None and block.width > width:
        line = text_block(show(expr))
        return line if line.width <= block.width or not ascii else block
    return block


class _BlockWriter(Writer[Block]):
    exact = False
    bar = "─"
    fences = _FENCES

    def text(self, text: str) -> Block:
        return text_block(text)

    def join(self, *parts: Block) -> Block:
        return beside(*parts)

    def enclosed(self, opener: str, body: Block, closer: str) -> Block:
        if body.height == 1 or opener not in self.fences:
            return beside(self.text(opener), body, self.text(closer))
        return fenced(body, self.fences[opener], self.fences[closer])

    def name(self, name: str) -> Block:
        return text_block(LINE.name(name))

    def word(self, name: str) -> Block:
        return text_block(name)

    def subscript(self, base: Block, short: str | None, full: str) -> Block:
        return _at_foot(base, self.text(self.lowered(short, full)).lines[0])

    def lowered(self, short: str | None, full: str) -> str:
        text = full if short is None else short
        lowered = below(text) or "".join(below(c) or c.translate(_SIGNS_BELOW) for c in text)
        if all(c in "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚᵣₛₜ₊₋₌" for c in lowered):
            return lowered
        return f"_{text}" if len(text) == 1 else f"[{full}]"

    def indexed(self, name: str, indices: Sequence[Expr], is_list: bool = True) -> Piece[Block]:
        # A name keeps its digits before an index: `W₁ᵢ` would look like an entry of W.
        return Piece(self.subscript(self.text(name), *indices_text(indices, is_list)), Level.ATOM, name[0], "i")

    def superscript(self, base: Block, text: str) -> Block:
        return _at_head(base, text)

    def raised(self, base: Block, sign: str, exponent: Expr) -> Block:
        if sign != "^":
            return self.behind(base, sign, exponent)
        line = LineWriter(self.names).whole(exponent)
        above = "".join(_SIGNS_ABOVE.get(c, "?") for c in line.replace(" ", ""))
        return _raised(base, self.text(line)) if "?" in above else self.superscript(base, above)

    def behind(self, base: Block, sign: str, exponent: Expr) -> Block:
        """An exponent with its sign on the line of the base."""
        piece = self.piece(exponent)
        plain = piece.level == Level.ATOM and not piece.spaced
        return beside(base, self.text(sign), piece.body if plain else self.grouped(piece).body)

    def fraction(self, above: Expr, below: Expr) -> Piece[Block]:
        return Piece(fraction_block(self.whole(above), self.whole(below), bar=self.bar), Level.POSTFIX, BAR, BAR)

    def root(self, of: Expr) -> Piece[Block] | None:
        inner = self.piece(of)
        body = inner.body
        if inner.level == Level.ATOM and body.width == 1:
            return Piece(beside(self.text("√"), body), Level.POSTFIX, "√", inner.last)
        side = Block(("│",) * (body.height - 1) + ("√",), body.baseline)
        under = beside(side, body)
        lines = (" " + "_" * body.width, *under.lines)
        return Piece(Block(filled(lines), under.baseline + 1), Level.POSTFIX, "√", "/")

    def sum_sign(self, node: e.Sum, inferred: bool) -> Block:
        line = LineWriter(self.names)
        top = line.whole(node.upper)
        bottom = f"{node.index}={line.whole(node.lower)}"
        return stacked([self.text(top), self.text("Σ"), self.text(bottom)], 1)

    def cases(self, node: e.Cases, rows: Sequence[tuple[Expr, Expr]], otherwise: Expr | None) -> Piece[Block]:
        cells = [[self.at(value, Level.OR).body, self.condition(condition).body] for value, condition in rows]
        if otherwise is not None:
            cells.append([self.at(otherwise, Level.OR).body, self.text("otherwise")])
        made, _ = grid(cells, 3, centred=False)
        if len(made) == 2 and all(row.height == 1 for row in made):
            made.insert(1, text_block(""))
        body = stacked(made, 0, centred=False)
        body = Block(body.lines, (body.height - 1) // 2)
        brace = Block(self.brace(body.height, body.baseline), body.baseline)
        return Piece(beside(brace, text_block(" "), body), Level.CHOICE, "{", "/", True)

    def brace(self, height: int, middle: int) -> tuple[str, ...]:
        if height == 1:
            return ("{",)
        if height == 2:
            return ("⎰", "⎱")
        return ("⎧", *("⎪",) * (middle - 1), "⎨", *("⎪",) * (height - middle - 2), "⎩")

    def matrix(self, rows: Sequence[Sequence[Expr]]) -> Piece[Block]:
        cells = [[self.whole(item) for item in row] for row in rows]
        if len(rows) == 1 and all(cell.height == 1 for cell in cells[0]):
            parts = [part for cell in cells[0] for part in (self.text(", "), cell)]
            return Piece(self.enclosed("[", beside(*parts[1:]), "]"), Level.ATOM, "[", "]", True)
        made, _ = grid(cells, 2, centred=True)
        body = stacked(made, 0, centred=False)
        body = Block(body.lines, (body.height - 1) // 2 if len(rows) > 1 else made[0].baseline)
        return Piece(self.enclosed("[", body, "]"), Level.ATOM, "[", "]", True)

    def slope(self, of: Piece[Block], wrt: Piece[Block]) -> Piece[Block]:
        return Piece(derivative_block(of.body, wrt.body), Level.POSTFIX, "/", "/")

    def has_bars(self, sign: str, body: Block) -> bool:
        return any(sign in line for line in body.lines)


class _AsciiWriter(_BlockWriter):
    """The same with ASCII characters alone."""

    bar = "-"
    fences = _ASCII_FENCES

    def text(self, text: str) -> Block:
        return text_block("".join(_ASCII.get(c, c) for c in text))

    def name(self, name: str) -> Block:
        return self.text(name)

    def word(self, name: str) -> Block:
        return self.text(name)

    def lowered(self, short: str | None, full: str) -> str:
        return f"_{short}" if short is not None else f"[{full}]"

    def raised(self, base: Block, sign: str, exponent: Expr) -> Block:
        return self.behind(base, sign, exponent)

    def superscript(self, base: Block, text: str) -> Block:
        return _at_head(base, "'" if text == "ᵀ" else "^" + text.translate(_PLAIN_ABOVE))

    def root(self, of: Expr) -> Piece[Block] | None:
        return None

    def brace(self, height: int, middle: int) -> tuple[str, ...]:
        if height < 3:
            return ("{",) * height
        return ("/", *("|",) * (middle - 1), "<", *("|",) * (height - middle - 2), "\\")

    def slope(self, of: Piece[Block], wrt: Piece[Block]) -> Piece[Block]:
        parts = (beside(self.text("d"), piece.body) for piece in (of, wrt))
        return Piece(fraction_block(*parts, bar=self.bar), Level.POSTFIX, "/", "/")


def _at_head(base: Block, text: str) -> Block:
    return beside(base, Block((text, *("",) * (base.height - 1)), base.baseline))


def _at_foot(base: Block, text: str) -> Block:
    return beside(base, Block((*("",) * (base.height - 1), text), base.baseline))


def _raised(base: Block, exponent: Block) -> Block:
    """The exponent's last line above the base's first."""
    over = grow(exponent, 0, base.height)
    return beside(base, Block(over.lines, base.baseline + exponent.height))
