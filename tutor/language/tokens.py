"""Text → tokens with spans. Every spelling of one sign, ASCII, Unicode, LaTeX or NumPy's, meets here.

In: a text and the words that are declared. Out: tokens, of which the parser never needs to know how they
were spelled. Raises `Refused` for a character or a command that the notation does not have.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from fractions import Fraction

from tutor.language.lexicon import GREEK, KEYWORDS, Lexicon, canonical
from tutor.language.refusal import refuse
from tutor.language.suggest import nearest
from tutor.source import Span

LONGEST = 4000
MOST_DIGITS = 400

NUMBER, NAME, SIGN, PRIME, SUPERSCRIPT, SUBSCRIPT, BEGIN, END, KEYWORD, STOP = (
    "number", "name", "sign", "prime", "superscript", "subscript", "begin", "end", "keyword", "stop",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Token:
    kind: str
    text: str
    span: Span
    space: bool  # whether white space stands before it
    value: Fraction | None = None

    @property
    def shown(self) -> str:
        return "the end" if self.kind == STOP else f"‘{self.text}’"


# What each sign is called from here on. The longest spelling is tried first.
_SIGNS = {
    "**": "^", ".*": ".*", "./": "./", ".^": ".^", ".'": "'", "<=": "≤", ">=": "≥", "==": "=", "!=": "≠",
    "&&": "and", "+": "+", "-": "-", "*": "*", "/": "/", "@": "*", "^": "^", "<": "<", ">": ">", "=": "=",
    "(": "(", ")": ")", "[": "[", "]": "]", "{": "{", "}": "}", ",": ",", ";": ";", "&": "&", "|": "|",
    "||": "‖", "−": "-", "–": "-", "×": "*", "∗": "*", "÷": "/", "∕": "/", "·": "·", "⋅": "·", "∙": "·",
    "•": "·", "⊙": ".*", "∘": ".*", "⊘": "./", "⊗": "⊗", "‖": "‖", "∥": "‖", "∣": "|", "⟨": "⟨", "⟩": "⟩",
    "≤": "≤", "≥": "≥", "≠": "≠", "∧": "and", "∨": "or", "¬": "not", "√": "√", "∂": "∂", "∇": "∇",
    "Σ": "Σ", "∑": "Σ", "⩽": "≤", "⩾": "≥", "~=": "≠",
}  # fmt: skip
_LONG_SIGNS = tuple(sorted((s for s in _SIGNS if len(s) > 1), key=len, reverse=True))
_PRIMES = "'′’ʹ"
_TRANSPOSES = "⊤⊺"

_SUPERSCRIPTS = dict(zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵀⁿᵐᵏⁱʲ", "0123456789+-Tnmkij", strict=True))
_SUBSCRIPTS = dict(zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚᵣₛₜ", "0123456789ijklmnprst", strict=True))

# LaTeX commands that are a sign, a word, or nothing.
_LATEX_SIGNS = {
    "cdot": "·", "times": "*", "odot": ".*", "circ": ".*", "oslash": "./", "otimes": "⊗", "lVert": "‖",
    "rVert": "‖", "Vert": "‖", "lvert": "|", "rvert": "|", "vert": "|", "mid": "|", "langle": "⟨",
    "rangle": "⟩", "le": "≤", "leq": "≤", "leqslant": "≤", "ge": "≥", "geq": "≥", "geqslant": "≥", "ne": "≠",
    "neq": "≠", "lt": "<", "gt": ">", "land": "and", "wedge": "and", "lor": "or", "vee": "or", "lnot": "not",
    "neg": "not", "partial": "∂", "nabla": "∇", "sum": "Σ", "sqrt": "√", "lbrace": "{", "rbrace": "}",
    "lbrack": "[", "rbrack": "]", "div": "/", "ast": "*",
}  # fmt: skip
_LATEX_FRACTIONS = frozenset({"frac", "dfrac", "tfrac"})
_LATEX_SPACES = frozenset({"quad", "qquad", "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr",
                           "displaystyle", "textstyle", "limits", "nolimits"})  # fmt: skip
_LATEX_FONTS = frozenset({"mathbf", "mathrm", "boldsymbol", "bm", "mathit", "mathsf", "mathbb", "operatorname",
                          "text", "textbf", "textrm", "mathcal", "vec", "hat"}) - {"vec", "hat"}  # fmt: skip
ENVIRONMENTS = frozenset({"bmatrix", "pmatrix", "matrix", "cases"})

# What `\name` then Tab writes, for every symbol that the notation has.
SYMBOLS: dict[str, str] = {
    **{word: letter for word, letter in GREEK.items() if word not in {"omicron", "Upsilon"}},
    "cdot": "·", "dot": "·", "odot": "⊙", "oslash": "⊘", "otimes": "⊗", "times": "×", "top": "ᵀ", "T": "ᵀ",
    "inv": "⁻¹", "one": "𝟏", "ones": "𝟏", "indicator": "𝟙", "sum": "Σ", "sqrt": "√", "partial": "∂",
    "nabla": "∇", "norm": "‖", "Vert": "‖", "langle": "⟨", "rangle": "⟩", "le": "≤", "leq": "≤", "ge": "≥",
    "geq": "≥", "ne": "≠", "neq": "≠", "prime": "′", "squared": "²", "cubed": "³",
    **{f"_{plain}": small for small, plain in _SUBSCRIPTS.items()},
    **{f"^{plain}": small for small, plain in _SUPERSCRIPTS.items()},
}  # fmt: skip

_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)(?:[eE][+-]?\d+)?")
_COMMAND = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_BRACED = re.compile(r"\s*\{([^{}\\]*)\}")
_UNDERSCORED = re.compile(r"_(?:([^\W\d_]\w*)|\{\s*(?:\\(?:mathrm|text|textrm)\{)?(\w+)\}?\s*\})")
# `np.array` and the like say nothing that the brackets behind them do not.
_NUMPY = re.compile(r"(?:np|numpy)\.(?:(?:array|asarray|matrix)(?=\()|(?:linalg\.)?(?=[A-Za-z]))")


def plain(character: str) -> str:
    """Bold, script and full-width letters and digits as the letter or digit that they are."""
    code = ord(character)
    if (0x1D400 <= code <= 0x1D7FF and character not in "𝟏𝟙") or 0xFF01 <= code <= 0xFF5E:
        return unicodedata.normalize("NFKC", character)
    return character


def is_letter(character: str) -> bool:
    return unicodedata.category(character) in {"Lu", "Ll", "Lo"} and character not in "Σ"


class _Scanner:
    def __init__(self, text: str, words: Lexicon) -> None:
        self.text = "".join(map(plain, text))
        self.words = words
        self.at = 0
        self.space = False
        self.tokens: list[Token] = []

    def add(self, kind: str, text: str, start: int, end: int, value: Fraction | None = None) -> None:
        self.tokens.append(Token(kind, text, Span(start, end), self.space, value))
        self.space = False

    def scan(self) -> list[Token]:
        while self.at < len(self.text):
            character = self.text[self.at]
            if character.isspace():
                self.at += 1
                self.space = True
            elif character == "\\":
                self.command()
            elif character == "_":
                self.underscore()
            elif character.isascii() and (character.isdigit() or self.starts_decimal()):
                self.number()
            elif self.letter_at(self.at):
                self.word()
            else:
                self.sign(character)
        self.add(STOP, "", len(self.text), len(self.text))
        return self.tokens

    def starts_decimal(self) -> bool:
        rest = self.text[self.at : self.at + 2]
        return rest[:1] == "." and rest[1:].isdigit() and rest.isascii()

    # -- numbers ---------------------------------------------------------------------------------------

    def number(self) -> None:
        match = _NUMBER.match(self.text, self.at)
        assert match is not None
        text = match.group()
        if ("e" in text or "E" in text) and self.letter_at(match.end()):
            text = re.split("[eE]", text)[0]  # `2exp(x)` is 2·exp(x)
        end = self.at + len(text)
        mantissa, _, exponent = text.lower().partition("e")
        if len(mantissa) > MOST_DIGITS or abs(int(exponent or 0)) > MOST_DIGITS:
            refuse("too-large", f"A number may have at most {MOST_DIGITS} digits.", Span(self.at, end))
        self.add(NUMBER, text, self.at, end, Fraction(text))
        self.at = end

    def letter_at(self, at: int) -> bool:
        """Whether a letter stands there; Σ is one only where it is declared, and the sign of a sum elsewhere."""
        if at >= len(self.text):
            return False
        return is_letter(self.text[at]) or (self.text[at] == "Σ" and "Σ" in self.words.names)

    # -- words -----------------------------------------------------------------------------------------

    def word(self) -> None:
        numpy = _NUMPY.match(self.text, self.at)
        if numpy and "np" not in self.words.names:
            self.at = numpy.end()
            if not self.letter_at(self.at):
                return
        start = self.at
        end = start
        while self.letter_at(end) or (end < len(self.text) and self.text[end] in "0123456789"):
            end += 1
        self.at = end
        if not self.underscored(start, end):
            self.named(self.text[start:end], start)

    def underscored(self, start: int, end: int) -> bool:
        """Add the declared name with an underscore that the word begins, if there is one: `w_new`, `w_{new}`."""
        match = _UNDERSCORED.match(self.text, end)
        if match is None:
            return False
        stem, rest, stop = self.text[start:end], match[1] or match[2], match.end()
        while not match[2] and rest and f"{stem}_{rest}" not in self.words.names:
            rest, stop = rest[:-1], stop - 1  # `w_newᵀ` is w_new with a sign behind it
        name = f"{canonical(stem)}_{rest}"
        if not rest or name not in self.words.names:
            return False
        self.add(NAME, name, start, stop)
        self.at = stop
        return True

    def named(self, word: str, start: int) -> None:
        """Add the tokens of a run of letters and digits."""
        words, end = self.words, start + len(word)
        name = canonical(word)
        if word in KEYWORDS and word not in words.names:
            self.add(KEYWORD, word, start, end)
        elif word in words.names or words.is_entry(word):
            self.add(NAME, word, start, end)
        elif name in words.names or words.is_entry(name):
            self.add(NAME, name, start, end)
        elif words.is_known(word):
            self.add(NAME, word, start, end)
        elif words.is_known(name):
            self.add(NAME, name, start, end)
        elif parts := words.split(word):
            for part in parts:
                self.add(NAME, part, start, start + len(part))
                start += len(part)
        elif word[0] == "d" and len(word) > 1 and words.is_known(canonical(word[1:])):
            self.add(SIGN, "∂", start, start + 1)
            self.add(NAME, canonical(word[1:]), start + 1, end)
        else:
            self.add(NAME, name, start, end)

    def underscore(self) -> None:
        """An index without braces: digits, or letters that are no declared variables."""
        start = self.at
        at = start + 1
        if at < len(self.text) and self.text[at] in "0123456789":
            while at < len(self.text) and self.text[at] in "0123456789":
                at += 1
            if self.is_lone_index(at):
                at += 1  # `A_1j`
        else:
            while self.letter_at(at) and (at == start + 1 or self.text[at] not in self.words.names):
                at += 1
            while at < len(self.text) and at > start + 1 and self.text[at] in "0123456789":
                at += 1
        if at > start + 1:
            self.add(SUBSCRIPT, self.text[start + 1 : at], start, at)
        else:
            self.add(SIGN, "_", start, at)
        self.at = at

    def is_lone_index(self, at: int) -> bool:
        """Whether one letter stands there that can only be an index, as the j of `A_1j`."""
        letter, behind = self.text[at : at + 1], self.text[at + 1 : at + 2]
        follows = self.letter_at(at + 1) or (behind != "" and behind in "0123456789_(")
        return letter != "" and letter in "ijklpqrst" and letter not in self.words.names and not follows

    # -- LaTeX -----------------------------------------------------------------------------------------

    def command(self) -> None:
        match = _COMMAND.match(self.text, self.at)
        if match is None:
            refuse("syntax", "A backslash must be followed by a command such as \\lambda.",
                   Span(self.at, self.at + 1))  # fmt: skip
        name, start, end = match.group(1), self.at, match.end()
        self.at = end
        if name == "\\":
            self.add(SIGN, "\\\\", start, end)
        elif name == "|":
            self.add(SIGN, "‖", start, end)
        elif name in "{}":
            self.add(SIGN, name, start, end)
        elif name in ",;:! " or name in _LATEX_SPACES:
            if name in {"left", "right"} and self.text[end : end + 1] == ".":
                refuse("syntax", f"\\{name}. has no bracket: write the bracket that is meant.",
                       Span(start, end + 1))  # fmt: skip
            self.space = self.space or name not in {"left", "right"}
        elif name in _LATEX_SIGNS:
            kind = KEYWORD if _LATEX_SIGNS[name] in KEYWORDS else SIGN
            self.add(kind, _LATEX_SIGNS[name], start, end)
        elif name in _LATEX_FRACTIONS:
            self.add(SIGN, "\\frac", start, end)
        elif name in {"top", "intercal"}:
            self.add(SIGN, "⊤", start, end)
        elif name == "prime":
            self.add(PRIME, "'", start, end)
        elif name in {"begin", "end"}:
            self.environment(name, start)
        elif name in _LATEX_FONTS:
            self.font(name, start)
        elif name in GREEK or self.words.is_known(name):
            self.named(name, start + 1)
        else:
            near = nearest(name, [*_LATEX_SIGNS, *GREEK, *self.words.operations, "frac"])
            refuse("syntax", f"The command \\{name} is not part of the notation.", Span(start, end),
                   *(f"\\{word}" for word in near))  # fmt: skip

    def environment(self, name: str, start: int) -> None:
        match = _BRACED.match(self.text, self.at)
        if match is None or match.group(1).strip() not in ENVIRONMENTS:
            refuse("syntax", f"\\{name} needs one of " + ", ".join(sorted(ENVIRONMENTS)) + " in braces.",
                   Span(start, match.end() if match else self.at), f"\\{name}{{bmatrix}}")  # fmt: skip
        self.at = match.end()
        self.add(BEGIN if name == "begin" else END, match.group(1).strip(), start, self.at)

    def font(self, name: str, start: int) -> None:
        match = _BRACED.match(self.text, self.at)
        if match is None:
            return  # `\mathbf x`: the font says nothing
        inner = match.group(1).strip()
        self.at = match.end()
        if name in {"mathbf", "mathbb", "boldsymbol", "bm"} and inner == "1":
            self.add(NAME, "𝟙" if name == "mathbb" else "𝟏", start, self.at)
        elif name in {"text", "textrm"} and (not inner or inner in {"if", "for", "otherwise", "and", "or", "else"}):
            if inner not in {"", "for", "if"}:
                self.add(KEYWORD, inner, start, self.at)
            elif inner:
                self.add(KEYWORD, "if", start, self.at)
        elif inner and all(is_letter(c) or c in "0123456789" for c in inner) and is_letter(inner[0]):
            self.named(inner, match.start(1) + (len(match.group(1)) - len(match.group(1).lstrip())))
        else:
            refuse("syntax", f"\\{name}{{{inner[:20]}}} holds something that is no name.", Span(start, self.at))

    # -- signs -----------------------------------------------------------------------------------------

    def sign(self, character: str) -> None:
        start = self.at
        if character == "." and re.match(r"\.T(?![A-Za-z0-9])", self.text[start:]):
            self.at += 2
            self.add(SUPERSCRIPT, "T", start, self.at)
        elif character in _PRIMES:
            self.at += 1
            self.add(PRIME, "'", start, self.at)
        elif character in _TRANSPOSES:
            self.at += 1
            self.add(SIGN, "⊤", start, self.at)
        elif character in _SUPERSCRIPTS or character in _SUBSCRIPTS:
            table = _SUPERSCRIPTS if character in _SUPERSCRIPTS else _SUBSCRIPTS
            while self.at < len(self.text) and self.text[self.at] in table:
                self.at += 1
            text = "".join(table[c] for c in self.text[start : self.at])
            self.add(SUPERSCRIPT if table is _SUPERSCRIPTS else SUBSCRIPT, text, start, self.at)
        elif character in "𝟏𝟙":
            self.at += 1
            self.add(NAME, character, start, self.at)
        else:
            spelled = next((s for s in _LONG_SIGNS if self.text.startswith(s, start)), character)
            if spelled not in _SIGNS:
                self.unknown(character)
            self.at += len(spelled)
            sign = _SIGNS[spelled]
            self.add(KEYWORD if sign in KEYWORDS else PRIME if sign == "'" else SIGN, sign, start, self.at)

    def unknown(self, character: str) -> None:
        code, span = ord(character), Span(self.at, self.at + 1)
        category = unicodedata.category(character)
        if category in {"Cc", "Cf", "Co", "Cn", "Cs", "Zl", "Zp"}:
            refuse("syntax", f"An invisible character (U+{code:04X}) stands here; take it out.", span)
        if category.startswith("M"):
            refuse("syntax", f"A mark on a letter (U+{code:04X}) is not part of a name.", span)
        if character == "!":
            refuse("syntax", "The notation has no factorial; ‘≠’ is written !=.", span)
        around = re.search(r"(\w+)\.$", self.text[: self.at + 1]), re.match(r"[^\W_]\w*", self.text[self.at + 1 :])
        if character == "." and around[0] and around[1]:
            left, right = around[0][1], around[1][0]
            if right in self.words.operations:
                refuse("syntax", "A function stands before what it is applied to.", span, f"{right}({left})")
            refuse("syntax", "A full stop stands between two names; the dot product is ‘·’.", span, f"{left}·{right}")
        if character in "%#$?\"`~:":
            refuse("syntax", f"‘{character}’ is not part of the notation.", span)
        refuse("syntax", f"‘{character}’ (U+{code:04X}) is not part of the notation.", span)


def tokenise(text: str, words: Lexicon) -> list[Token]:
    """The tokens of a text, the last of them a STOP; raises `Refused`."""
    if len(text) > LONGEST:
        refuse("too-large", f"The text has {len(text):,} characters; at most {LONGEST:,} are read.",
               Span(LONGEST, len(text)))  # fmt: skip
    return _Scanner(text, words).scan()
