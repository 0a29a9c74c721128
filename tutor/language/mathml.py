"""Typed expression → MathML, which browsers show by themselves.

In: an Expr. Out: MathML Core, the part of it that stands inside of <math>. Decided here: spaces are left to the
browser, but for those between factors; and every text is escaped, whatever it holds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operation import Level
from tutor.language.scope import Scope
from tutor.language.show import names_of
from tutor.language.writer import Piece, Writer, digits_apart, indices_text

_PIECES = re.compile(r"(?P<number>\d+(?:\.\d+)?)|(?P<word>[^\W\d_]+)|(?P<gap>\s+)|(?P<sign>.)", re.DOTALL)
_WORDS = frozenset({"and", "or", "not"})
_ABOVE = str.maketrans(dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿᵐᵏⁱʲ", "0123456789−nmkij", strict=True)) | {"ᵀ": "⊤"})
_THIN = '<mspace width="0.17em"/>'
_LEFT = ' style="text-align:left"'


def mathml(expr: Expr, scope: Scope | None = None) -> str:
    """The expression in MathML; a scope matters as it does for `show`."""
    return _MathWriter(names_of(expr) if scope is None else scope.names).whole(expr)


def mathml_of_text(text: str) -> str:
    """Signs and words that stand between expressions."""
    return "".join(_element(match) for match in _PIECES.finditer(text))


def _element(match: re.Match[str]) -> str:
    text = escape(match.group())
    if match["gap"]:
        return ""
    if match["number"]:
        return f"<mn>{text}</mn>"
    if match["word"]:
        return f"<mtext>&nbsp;{text}&nbsp;</mtext>" if text in _WORDS else f"<mi>{text}</mi>"
    return f'<mo stretchy="false">{text}</mo>' if text in "()[]{}|" else f"<mo>{text}</mo>"


class _MathWriter(Writer[str]):
    def text(self, text: str) -> str:
        return _THIN if text and not text.strip() else mathml_of_text(text)

    def join(self, *parts: str) -> str:
        return "".join(parts)

    def enclosed(self, opener: str, body: str, closer: str) -> str:
        return f"{_row(_fence(opener, 'prefix') + body + _fence(closer, 'postfix'))}"

    def name(self, name: str) -> str:
        apart = digits_apart(name)
        if apart:
            return f"<msub>{_letters(apart[0])}<mn>{apart[1]}</mn></msub>"
        stem, underscore, rest = name.partition("_")
        return f"<msub>{_letters(stem)}<mtext>{escape(rest)}</mtext></msub>" if underscore else _letters(name)

    def word(self, name: str) -> str:
        return _letters(name)

    def indexed(self, name: str, indices: Sequence[Expr], is_list: bool = True) -> Piece[str]:
        return Piece(
            self.subscript(self.name(name), *indices_text(indices, is_list)), Level.ATOM, name[0], "i"
        )

    def subscript(self, base: str, short: str | None, full: str) -> str:
        return f"<msub>{_row(base)}{_row(mathml_of_text(full))}</msub>"

    def superscript(self, base: str, text: str) -> str:
        return f"<msup>{_row(base)}{_row(mathml_of_text(text.translate(_ABOVE)))}</msup>"

    def raised(self, base: str, sign: str, exponent: Expr) -> str:
        circle = "<mo>∘</mo>" if sign == ".^" else ""
        return f"<msup>{_row(base)}{_row(circle + self.whole(exponent))}</msup>"

    def fraction(self, above: Expr, below: Expr) -> Piece[str]:
        body = f"<mfrac>{_row(self.whole(above))}{_row(self.whole(below))}</mfrac>"
        return Piece(body, Level.POSTFIX, "/", "/")

    def root(self, of: Expr) -> Piece[str] | None:
        return Piece(f"<msqrt>{self.whole(of)}</msqrt>", Level.POSTFIX, "√", "/")

    def sum_sign(self, node: e.Sum, inferred: bool) -> str:
        index = _letters(node.index)
        if inferred and not (isinstance(node.upper, e.Size) and node.upper.dim.lone):
            return f"<munder><mo>∑</mo>{index}</munder>"
        below = _row(f"{index}<mo>=</mo>{self.whole(node.lower)}")
        return f"<munderover><mo>∑</mo>{below}{_row(self.whole(node.upper))}</munderover>"

    def cases(self, node: e.Cases, rows: Sequence[tuple[Expr, Expr]], otherwise: Expr | None) -> Piece[str]:
        cells = [
            (self.at(value, Level.OR).body, f"<mtext>if&nbsp;</mtext>{self.condition(condition).body}")
            for value, condition in rows
        ]
        if otherwise is not None:
            cells.append((self.at(otherwise, Level.OR).body, "<mtext>otherwise</mtext>"))
        lines = "".join(f"<mtr><mtd{_LEFT}>{a}</mtd><mtd{_LEFT}>{b}</mtd></mtr>" for a, b in cells)
        return Piece(_row(f"{_fence('{', 'prefix')}<mtable>{lines}</mtable>"), Level.CHOICE, "{", "}", True)

    def matrix(self, rows: Sequence[Sequence[Expr]]) -> Piece[str]:
        lines = "".join(
            "<mtr>" + "".join(f"<mtd>{self.whole(item)}</mtd>" for item in row) + "</mtr>" for row in rows
        )
        return Piece(self.enclosed("[", f"<mtable>{lines}</mtable>", "]"), Level.ATOM, "[", "]", True)

    def slope(self, of: Piece[str], wrt: Piece[str]) -> Piece[str]:
        above, below = (_row(f"<mo form='prefix'>∂</mo>{piece.body}") for piece in (of, wrt))
        return Piece(f"<mfrac>{above}{below}</mfrac>", Level.POSTFIX, "/", "/")

    def has_bars(self, sign: str, body: str) -> bool:
        return f">{sign}<" in body


def _row(body: str) -> str:
    return f"<mrow>{body}</mrow>"


def _fence(sign: str, form: str) -> str:
    return f'<mo fence="true" form="{form}" stretchy="true">{escape(sign)}</mo>'


def _letters(name: str) -> str:
    return f"<mi>{escape(name)}</mi>"
