"""A page as a LaTeX document of its own.

In: a Page. Out: LaTeX that pdflatex, xelatex and lualatex take. Decided here: which of Markdown there is a command
for; all else is text, escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.course.export.markdown import maths
from tutor.course.export.page import HOLE, Page, Question, Section, Sides, tokens, with_holes
from tutor.language.lexicon import GREEK

HEAD = r"""\documentclass[11pt]{article}
\usepackage{iftex}
\ifPDFTeX\usepackage[utf8]{inputenc}\usepackage[T1]{fontenc}\fi
\usepackage{amsmath,amssymb}
\usepackage[margin=3cm]{geometry}
\usepackage{parskip}
"""

SPECIAL = str.maketrans(
    {
        "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "%": r"\%", "_": r"\_",
        "^": r"\textasciicircum{}", "~": r"\textasciitilde{}",
    }
)  # fmt: skip

SIGNS = {
    "…": r"\dots", "×": r"\times", "−": "-", "∂": r"\partial", "≥": r"\ge", "≤": r"\le", "≠": r"\ne", "≈": r"\approx",
    "·": r"\cdot", "⊙": r"\odot", "⊘": r"\oslash", "⊗": r"\otimes", "‖": r"\Vert", "→": r"\to", "↦": r"\mapsto",
    "∇": r"\nabla", "∞": r"\infty", "√": r"\surd", "⟨": r"\langle", "⟩": r"\rangle", "𝟏": r"\mathbf{1}", "ᵀ": r"^\top",
    **{sign: f"^{power}" for sign, power in zip("⁰¹²³⁴⁵⁶⁷⁸⁹⁻ⁿ", "0123456789-n", strict=True)},
    **{sign: f"_{index}" for sign, index in zip("₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₙ", "0123456789ijkn", strict=True)},
    **{letter: f"\\{word}" for word, letter in reversed(GREEK.items()) if word != "omicron"},
}  # fmt: skip
UNICODE = str.maketrans({sign: rf"\ensuremath{{{command}}}" for sign, command in SIGNS.items()})
"""Signs that stand in words too, and that not every LaTeX knows by themselves; in words and in maths alike."""

OPENING = {"em_open": r"\emph{", "strong_open": r"\textbf{", "em_close": "}", "strong_close": "}"}
LISTS = {"bullet_list": "itemize", "ordered_list": "enumerate", "blockquote": "quote"}


def written(page: Page) -> str:
    """The page as a whole document."""
    body = [rf"\title{{{_plain(page.title)}}}", r"\author{}\date{}", r"\begin{document}", r"\maketitle"]
    body += [rf"\emph{{{_plain(page.summary)}}}", *_names(page), words(page, page.intro)]
    for section in page.sections:
        body += _section(page, section)
    if page.source:
        body.append(rf"\bigskip\noindent{{\small After {_plain(page.source)}.}}")
    return HEAD + "\n\n".join([*filter(None, body), r"\end{document}"]).translate(UNICODE) + "\n"


def _section(page: Page, section: Section) -> Iterator[str]:
    yield rf"\section{{{_plain(section.title)}}}"
    yield words(page, section.text)
    if section.question is not None:
        yield from _question(page, section.question)


def _question(page: Page, asked: Question) -> Iterator[str]:
    if asked.prompt:
        yield words(page, asked.prompt)
    elif asked.asked:
        yield _shown((*asked.asked, " = ?"), True)
    if asked.options:
        yield _list("enumerate", (words(page, option) for option in asked.options))
    if asked.factors:
        yield f"Put in order: {', '.join(_shown(factor) for factor in asked.factors)}"
    for number, hint in enumerate(asked.hints, 1):
        yield rf"{{\small\textit{{Hint {number}.}} {words(page, hint)}}}"
    for answer in asked.answer:
        equals: Sides = () if asked.prompt or not asked.asked else (*asked.asked, " = ")
        yield r"\textbf{Answer}"
        yield _shown((*equals, *answer), True)
    if asked.right:
        yield rf"\textbf{{Answer}} {', '.join(map(str, asked.right))}"
    if asked.after:
        yield words(page, asked.after)


def _names(page: Page) -> Iterator[str]:
    rows = [f"{', '.join(_shown(name) for name in names)}: {_plain(type)}" for names, type in page.declared]
    rows += [_shown((*name, " = ", *body)) for name, body in page.defined]
    if rows:
        yield _list("itemize", rows)


def _list(kind: str, items: Iterator[str] | list[str]) -> str:
    return "\n".join([rf"\begin{{{kind}}}", *(rf"\item {item}" for item in items), rf"\end{{{kind}}}"])


def words(page: Page, markdown: str) -> str:
    """Markdown in LaTeX."""
    holed, kept = with_holes(markdown)
    text = "".join(_tokens(holed))

    def put(found: re.Match[str]) -> str:
        formula, is_block = kept[int(found[1])]
        return _shown(page.sides(formula), is_block)

    return HOLE.sub(put, text).strip()


def _tokens(markdown: str) -> Iterator[str]:
    for token in tokens(markdown):
        kind, _, end = token.type.rpartition("_")
        if kind in LISTS:
            yield rf"\begin{{{LISTS[kind]}}}" + "\n" if end == "open" else rf"\end{{{LISTS[kind]}}}" + "\n\n"
        elif token.type == "list_item_open":
            yield r"\item "
        elif token.type in ("fence", "code_block"):
            lines = _plain(token.content.rstrip()).replace(" ", "~")
            yield r"\begin{quote}\ttfamily\obeylines " + lines + "\n\\end{quote}\n\n"
        elif token.type == "paragraph_close":
            yield "\n" if token.hidden else "\n\n"
        elif token.type == "inline":
            for child in token.children or ():
                if child.type == "code_inline":
                    yield rf"\texttt{{{_plain(child.content)}}}"
                elif child.type in ("softbreak", "hardbreak"):
                    yield "\n" if child.type == "softbreak" else "\\\\\n"
                else:
                    yield OPENING.get(child.type) or _plain(child.content)


def _plain(text: str) -> str:
    return text.translate(SPECIAL)


def _shown(sides: Sides, is_block: bool = False) -> str:
    formula = maths(sides)[1:-1]
    return f"\\[{formula}\\]" if is_block else f"${formula}$"
