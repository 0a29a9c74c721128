"""The words of a lesson → parts of a sheet.

In: Markdown with `$maths$` and `$$maths$$`, and how maths is set. Out: parts.
Decided here: which Markdown a lesson's words may use (paragraphs, emphasis, code, lists, quotes), and that
whatever else stands there is shown as it was written. Maths is taken out before Markdown is read: `_` and
`*` mean something else in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, Protocol

from textual.content import Content

from tutor.app.text import words
from tutor.app.widgets.sheet import WIDEST, Part, blank, glued, paragraph, picture

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token


class Set(Protocol):
    """Maths as it is set: `tutor.session.Formula`."""

    @property
    def text(self) -> str: ...
    @property
    def lines(self) -> tuple[str, ...]: ...


Setter = Callable[[str], Set]

MATHS = re.compile(r"\$\$(?P<block>.+?)\$\$|(?<!\\)\$(?P<inline>[^$\n]+?)\$", re.DOTALL)
# Private-use characters mark the places of maths while Markdown is read; a lesson cannot have them itself.
OPEN, CLOSE = "\ue000", "\ue001"
HOLE = re.compile(f"{OPEN}(\\d+){CLOSE}")
STYLES = {"em": "italic", "strong": "bold", "s": "strike", "link": "underline"}


def prose(markdown: str, set_maths: Setter, style: str = "") -> list[Part]:
    """The parts that show a piece of Markdown, with a blank line between paragraphs."""
    markdown = markdown.replace(OPEN, "").replace(CLOSE, "")
    maths: list[tuple[str, bool]] = []

    def keep(found: re.Match[str]) -> str:
        block = found["block"]
        maths.append(((block or found["inline"]).strip(), block is not None))
        hole = f"{OPEN}{len(maths) - 1}{CLOSE}"
        return f"\n\n{hole}\n\n" if block else hole

    pieces = _outside_code(markdown)
    holed = "".join(piece if code else MATHS.sub(keep, piece) for code, piece in pieces)
    return _spaced(_Setting(maths, set_maths, style).parts(_reader().parse(holed)))


def sentence(markdown: str, set_maths: Setter, style: str = "") -> Content:
    """Markdown that is one sentence, without breaks."""
    rows = [row for part in prose(markdown, set_maths, style) for row in part(WIDEST)]
    return Content(" ").join(row for row in rows if row)


def _outside_code(markdown: str) -> Iterator[tuple[bool, str]]:
    """The text in turns: outside of code, code. Dollars in code are dollars."""
    code = re.compile(r"(^```.*?^```\s*?$|`[^`\n]+`)", re.DOTALL | re.MULTILINE)
    for number, piece in enumerate(code.split(markdown)):
        yield number % 2 == 1, piece


@cache
def _reader() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False})


def _spaced(groups: Iterable[Sequence[Part]]) -> list[Part]:
    parts: list[Part] = []
    for group in groups:
        if parts:
            parts.append(blank())
        parts.extend(group)
    return parts


class _Setting:
    """Tokens of Markdown → groups of parts, between which there is a blank line."""

    def __init__(self, maths: list[tuple[str, bool]], set_maths: Setter, style: str) -> None:
        self.maths = maths
        self.set_maths = set_maths
        self.style = style

    def parts(self, tokens: Sequence[Token]) -> Iterator[list[Part]]:
        marks: list[str] = []
        tight: list[Part] = []
        for token in tokens:
            if token.type in ("bullet_list_open", "ordered_list_open"):
                marks.append("•" if token.type.startswith("bullet") else "1.")
            elif token.type in ("bullet_list_close", "ordered_list_close"):
                marks.pop()
                if tight and not marks:
                    yield tight
                    tight = []
            elif token.type == "list_item_open":
                marks[-1] = marks[-1] if token.info == "" else f"{token.info}."
                mark = marks[-1]
            elif token.type == "inline":
                part = self.block(token, 3 * len(marks), mark if marks else "")
                mark = ""
                if marks:
                    tight.append(part)
                else:
                    yield [part]
            elif token.type in ("fence", "code_block"):
                yield [_code(token.content)]

    def block(self, token: Token, indent: int, mark: str) -> Part:
        alone = HOLE.fullmatch(token.content.strip())
        if alone and self.maths[int(alone[1])][1]:
            shown = self.set_maths(self.maths[int(alone[1])][0])
            return picture(shown.lines, shown.text, indent=indent + 4)
        first = words(f"{mark:>{indent - 1}}", "$quiet") if mark else None
        return paragraph(self.inline(token), indent, first)

    def inline(self, token: Token) -> Content:
        content = Content("")
        styles: list[str] = []
        for child in token.children or ():
            if child.nesting == 1:
                styles.append(STYLES.get(child.type.removesuffix("_open"), ""))
            elif child.nesting == -1:
                styles.pop()
            elif child.type == "code_inline":
                content += words(child.content, "$code")
            elif child.type in ("softbreak", "hardbreak"):
                content += words(" " if child.type == "softbreak" else "\n")
            else:
                content += self.text(child.content, " ".join(filter(None, (self.style, *styles))))
        return content

    def text(self, text: str, style: str) -> Content:
        content = Content("")
        for number, piece in enumerate(HOLE.split(text)):
            if number % 2 == 0:
                content += words(piece, style)
            else:
                content += glued(words(self.set_maths(self.maths[int(piece)][0]).text, "$maths"))
        return content


def _code(text: str) -> Part:
    rows = [words("    " + row, "$code") for row in text.rstrip("\n").split("\n")]
    return lambda width: [row.truncate(width, ellipsis=True) for row in rows]
