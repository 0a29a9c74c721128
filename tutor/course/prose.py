"""From the words of a lesson to the maths in them.

In: Markdown, as it stands in a step, a hint or an `after`. Out: the places of `$…$` and `$$…$$`, and the
formulas on the sides of each relation in them.
Decided here: what counts as maths in words. Code is not looked into, and `a = b` is two formulas.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.source import Span

CODE = re.compile(
    r"^ {0,3}(?P<fence>`{3,}|~{3,})[^\n]*\n.*?(?:^ {0,3}(?P=fence)[`~]*[ \t]*$|\Z)"
    r"|(?P<tick>`+)(?!`).+?(?<!`)(?P=tick)(?!`)",
    re.MULTILINE | re.DOTALL,
)
MATHS = re.compile(r"\$\$(?P<block>.+?)\$\$|(?<!\\)\$(?P<inline>[^$\n]+?)\$", re.DOTALL)
DOLLAR = re.compile(r"(?<!\\)\$")
RELATIONS = "=≠<>!≤≥≈→↦,;"
OPENING, CLOSING = "([{⟨", ")]}⟩"
WORD = re.compile(r"\w+")
DOTS = re.compile(r"\.{3}|…|⋯")


def maths_in(text: str) -> Iterator[Span]:
    """The places of the formulas in a text, without their dollars."""
    for match in MATHS.finditer(_without_code(text)):
        yield Span(*match.span("block" if match["block"] is not None else "inline"))


def lonely_dollars(text: str) -> Iterator[Span]:
    """The dollars that neither open nor close a formula."""
    bare = MATHS.sub(lambda match: " " * len(match.group()), _without_code(text))
    for match in DOLLAR.finditer(bare):
        yield Span(*match.span())


def sides(text: str, formula: Span) -> Iterator[Span]:
    """The parts of a formula between its relation signs and commas, without the blanks around them.

    Signs inside brackets do not part; a part that is only dots is left out.
    """
    start, depth = formula.start, 0
    for at in range(formula.start, formula.end + 1):
        character = text[at] if at < formula.end else "="
        depth += (character in OPENING) - (character in CLOSING)
        if at == formula.end or (depth <= 0 and character in RELATIONS):
            part = text[start:at]
            if part.strip() and not DOTS.fullmatch(part.strip()):
                lead = len(part) - len(part.lstrip())
                yield Span(start + lead, start + lead + len(part.strip()))
            start = at + 1


def is_word(text: str) -> bool:
    """Whether a formula is one name: words may name what a lesson does not declare."""
    return WORD.fullmatch(text) is not None


def _without_code(text: str) -> str:
    """The text with code replaced by blanks, so that every other place stays the same."""
    return CODE.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), text)
