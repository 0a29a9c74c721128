"""Signs in ASCII, for terminals that have no others.

In: text as it would be shown. Out: the same in ASCII, a block of rows with its columns kept. Decided here: when a
terminal is taken for one of these, and what stands for each sign.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Mapping, Sequence
from itertools import zip_longest

SETTING = "MCTUTOR_ASCII"

SIGNS: Mapping[str, str] = {
    # the screen's own
    "✓": "+", "✗": "x", "●": "*", "◐": "+", "○": "o", "▶": ">", "▸": ">", "❯": ">", "•": "*", "⏎": "Enter",
    "↑": "Up", "↓": "Dn", "←": "<-", "→": "->", "─": "-", "│": "|", "…": "...", "–": "-", "—": "-", "×": "x",
    "‘": "'", "’": "'", "“": '"', "”": '"', "■": "#", "□": ".",
    # brackets that are more than one row tall
    "⎧": "/", "⎨": "{", "⎩": "\\", "⎪": "|", "⎫": "\\", "⎬": "}", "⎭": "/", "⎛": "/", "⎜": "|", "⎝": "\\",
    "⎞": "\\", "⎟": "|", "⎠": "/", "⎡": "[", "⎢": "[", "⎣": "[", "⎤": "]", "⎥": "]", "⎦": "]",
    # mathematics, as it can be typed
    "λ": "lambda", "Λ": "Lambda",  # Unicode calls them lamda
    "∂": "d", "∇": "grad ", "ᵀ": "'", "−": "-", "·": ".", "⊙": ".*", "⊘": "./", "⊗": "(x)", "≥": ">=", "≤": "<=",
    "≠": "!=", "≈": "~", "√": "sqrt", "∑": "sum", "‖": "||", "⟨": "<", "⟩": ">", "𝟏": "1", "⁻": "^-", "∞": "inf",
    "ᵢ": "_i", "ⱼ": "_j", "ₖ": "_k", "ₗ": "_l", "ₘ": "_m", "ₙ": "_n", "ₚ": "_p", "ₛ": "_s", "ₜ": "_t", "ᵣ": "_r",
    "ⁿ": "^n", "ᵐ": "^m", "ᵏ": "^k", "ⁱ": "^i", "ʲ": "^j",
}  # fmt: skip


def ascii_only() -> bool:
    """Whether the terminal shows ASCII alone: it is said so, or its locale has another encoding than UTF-8."""
    said = os.environ.get(SETTING)
    if said:
        return said != "0"
    locale = next((os.environ[name] for name in ("LC_ALL", "LC_CTYPE", "LANG") if os.environ.get(name)), "")
    encoding = locale.partition(".")[2].partition("@")[0]
    return bool(encoding) and encoding.casefold().replace("-", "") != "utf8"


def in_ascii(text: str) -> str:
    """A text with a sign or a word in ASCII for each of its characters."""
    return text if text.isascii() else "".join(map(_sign, text))


def rows_in_ascii(rows: Sequence[str]) -> list[str]:
    """A block of rows: what stood below each other still does."""
    if all(row.isascii() for row in rows):
        return list(rows)
    columns = []
    for cells in zip_longest(*rows, fillvalue=" "):
        signs = [_sign(cell) for cell in cells]
        width = max(map(len, signs))
        columns.append([sign * width if sign == "-" else sign.ljust(width) for sign in signs])
    return ["".join(row).rstrip() for row in zip(*columns, strict=True)]


def _sign(character: str) -> str:
    if character.isascii():
        return character
    if character in SIGNS:
        return SIGNS[character]
    name = unicodedata.name(character, "")
    if name.startswith("GREEK "):
        word = name.split()[-1]
        return word.capitalize() if "CAPITAL" in name else word.lower()
    plain = unicodedata.normalize("NFKD", character).encode("ascii", "ignore").decode()
    mark = "^" if name.startswith("SUPERSCRIPT") else "_" if "SUBSCRIPT" in name else ""
    return mark + plain if plain else "?"
