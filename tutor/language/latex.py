"""Typed expression → LaTeX, which the notation reads back as the same tree.

In: an Expr. Out: LaTeX for maths mode. Not promised: names with an underscore, indices of several letters.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.lexicon import GREEK
from tutor.language.operation import Level
from tutor.language.operations import CALLS
from tutor.language.scope import Scope
from tutor.language.show import names_of
from tutor.language.writer import Piece, Writer, digits_apart, indices_text

_GREEK = {letter: f"\\{word}" for word, letter in reversed(GREEK.items()) if word != "omicron"}
_SIGNS = {
    "−": "-", "·": " \\cdot ", "⊙": "\\odot", "⊘": "\\oslash", "⊗": "\\otimes", "≥": "\\ge", "≤": "\\le",
    "≠": "\\ne", "𝟏": "\\mathbf{1}", "∇": "\\nabla",
}  # fmt: skip
_WORDS = {" and ": " \\land ", " or ": " \\lor ", "not ": "\\lnot "}
_FENCES = {
    "(": "\\left(", ")": "\\right)", "[": "\\left[", "]": "\\right]", "⟨": "\\langle ", "⟩": " \\rangle",
}  # fmt: skip
_BARS = {"|": ("\\lvert ", " \\rvert"), "‖": ("\\lVert ", " \\rVert")}
# The functions that LaTeX has a command for.
_COMMANDS = frozenset(
    {"exp", "log", "sin", "cos", "tan", "sec", "csc", "cot", "sinh", "cosh", "tanh", "det", "max", "min"}
)
_ABOVE = str.maketrans(dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿᵐᵏⁱʲ", "0123456789-nmkij", strict=True)) | {"ᵀ": "\\top"})


def latex(expr: Expr, scope: Scope | None = None) -> str:
    """The expression in LaTeX's maths mode; a scope matters as it does for `show`."""
    return _LatexWriter(names_of(expr) if scope is None else scope.names).whole(expr)


class _LatexWriter(Writer[str]):
    def text(self, text: str) -> str:
        return _WORDS.get(text) or "".join(_SIGNS.get(c) or _GREEK.get(c, c) for c in text)

    def join(self, *parts: str) -> str:
        """The parts side by side, with a space where a command would run on into a letter."""
        text = ""
        for part in parts:
            command = text[text.rfind("\\") + 1 :] if "\\" in text else " "
            text += " " + part if command.isalpha() and part[:1].isalpha() else part
        return text

    def enclosed(self, opener: str, body: str, closer: str) -> str:
        if opener in _BARS:
            opener, closer = _BARS[opener]
            return opener + body + closer
        return self.join(_FENCES[opener], body, _FENCES[closer])

    def name(self, name: str) -> str:
        apart = digits_apart(name)
        return f"{_letters(apart[0])}_{{{apart[1]}}}" if apart else _letters(name)

    def word(self, name: str) -> str:
        if name in _COMMANDS or name in _GREEK:
            return _GREEK.get(name, f"\\{name}")
        return f"\\operatorname{{{name}}}" if name in CALLS or len(name) > 1 else name

    def indexed(self, name: str, indices: Sequence[Expr], is_list: bool = True) -> Piece[str]:
        base = _letters(name)
        return Piece(self.subscript(base, *indices_text(indices, is_list)), Level.ATOM, name[0], "i")

    def subscript(self, base: str, short: str | None, full: str) -> str:
        return f"{base}_{{{self.text(full)}}}"

    def superscript(self, base: str, text: str) -> str:
        return f"{base}^{{{text.translate(_ABOVE)}}}"

    def raised(self, base: str, sign: str, exponent: Expr) -> str:
        circle = "\\circ " if sign == ".^" else ""
        return f"{base}^{{{circle}{self.whole(exponent)}}}"

    def fraction(self, above: Expr, below: Expr) -> Piece[str]:
        return Piece(f"\\frac{{{self.whole(above)}}}{{{self.whole(below)}}}", Level.POSTFIX, "\\", "}")

    def root(self, of: Expr) -> Piece[str] | None:
        return Piece(f"\\sqrt{{{self.whole(of)}}}", Level.POSTFIX, "\\", "}")

    def sum_sign(self, node: e.Sum, inferred: bool) -> str:
        if inferred and not (isinstance(node.upper, e.Size) and node.upper.dim.lone):
            return f"\\sum_{{{_letters(node.index)}}}"
        return f"\\sum_{{{_letters(node.index)}={self.whole(node.lower)}}}^{{{self.whole(node.upper)}}}"

    def cases(self, node: e.Cases, rows: Sequence[tuple[Expr, Expr]], otherwise: Expr | None) -> Piece[str]:
        lines = [
            f"{self.at(value, Level.OR).body} & \\text{{if }} {self.condition(condition).body}"
            for value, condition in rows
        ]
        if otherwise is not None:
            lines.append(f"{self.at(otherwise, Level.OR).body} & \\text{{otherwise}}")
        body = " \\\\ ".join(lines)
        return Piece(f"\\begin{{cases}} {body} \\end{{cases}}", Level.CHOICE, "\\", "}", True)

    def matrix(self, rows: Sequence[Sequence[Expr]]) -> Piece[str]:
        def item(expr: Expr) -> str:
            piece = self.piece(expr)
            # A row of nothing but brackets would be read as rows.
            return self.grouped(piece).body if isinstance(expr, e.Blocks) or piece.first == "[" else piece.body

        body = " \\\\ ".join(" & ".join(map(item, row)) for row in rows)
        return Piece(f"\\begin{{bmatrix}} {body} \\end{{bmatrix}}", Level.ATOM, "\\", "}", True)

    def slope(self, of: Piece[str], wrt: Piece[str]) -> Piece[str]:
        parts = (self.join("\\partial ", piece.body) for piece in (of, wrt))
        return Piece("\\frac{{{}}}{{{}}}".format(*parts), Level.POSTFIX, "\\", "}")

    def has_bars(self, sign: str, body: str) -> bool:
        return _BARS[sign][0] in body


def _letters(name: str) -> str:
    stem = name.rstrip("0123456789")
    if stem in _GREEK:
        return _GREEK[stem] + name[len(stem) :]
    if "_" in name:
        return "{}_{{\\mathrm{{{}}}}}".format(*name.split("_", 1))
    return name if len(stem) == 1 else f"\\mathrm{{{name}}}"


