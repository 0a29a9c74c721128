"""A page as Markdown with LaTeX between dollars, as code hosts and note programs show it.

In: a Page. Out: Markdown. Decided here: that a page without a network looks right as plain text too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.course.export.page import Page, Question, Section, Sides, outside_code
from tutor.language.latex import latex

RAISED = {"#": "\\#", "*": "\\*", "_": "\\_"}


def written(page: Page) -> str:
    """The page as one Markdown document."""
    blocks = [f"# {page.title}", page.summary, *names(page), words(page, page.intro)]
    for section in page.sections:
        blocks += sections(page, section)
    if page.source:
        blocks.append(f"*After {page.source}. Every answer was proved by mctutor.*")
    return "\n\n".join(filter(None, blocks)) + "\n"


def sections(page: Page, section: Section) -> Iterator[str]:
    """A step: its heading, its words, its question; then its answer, where the page has it."""
    yield f"## {section.number}. {section.title}"
    yield words(page, section.text)
    if section.question is not None:
        yield from question(page, section.question)
        yield from solution(page, section.question)


def question(page: Page, asked: Question) -> Iterator[str]:
    """What is asked, and the hints."""
    if asked.prompt:
        yield words(page, asked.prompt)
    elif asked.asked:
        yield maths((*asked.asked, " = ?"), is_block=True)
    if asked.options:
        yield "\n".join(f"{number}. {words(page, option)}" for number, option in enumerate(asked.options, 1))
    if asked.factors:
        yield f"Put in order: {', '.join(maths(factor) for factor in asked.factors)}"
    if asked.hints:
        hints = "\n".join(f"{number}. {words(page, hint)}" for number, hint in enumerate(asked.hints, 1))
        yield f"<details><summary>Hints</summary>\n\n{hints}\n\n</details>"


def solution(page: Page, asked: Question) -> Iterator[str]:
    """The answer, and what was gained."""
    for answer in asked.answer:
        equals: Sides = () if asked.prompt or not asked.asked else (*asked.asked, " = ")
        yield "**Answer**"
        yield maths((*equals, *answer), is_block=True)
    if asked.right:
        yield f"**Answer** {', '.join(map(str, asked.right))}"
    if asked.after:
        yield words(page, asked.after)


def names(page: Page) -> Iterator[str]:
    """What the names are."""
    rows = [f"- {', '.join(maths(name) for name in each)}: {type}" for each, type in page.declared]
    rows += [f"- {maths((*name, ' = ', *body))}" for name, body in page.defined]
    if rows:
        yield "\n".join(rows)


def words(page: Page, markdown: str) -> str:
    """The words of a lesson with their maths in LaTeX."""

    def put(found: re.Match[str]) -> str:
        is_block = found["block"] is not None
        return maths(page.sides(found["block"] if is_block else found["inline"]), is_block)

    return outside_code(markdown.strip(), put)


def maths(sides: Sides, is_block: bool = False) -> str:
    """A formula between dollars."""
    body = "".join(_text(side) if isinstance(side, str) else latex(side) for side in sides)
    return f"$$\n{body}\n$$" if is_block else f"${body}$"


SIGNS = {"≤": "\\le", "≥": "\\ge", "≠": "\\ne", "<=": "\\le", ">=": "\\ge", "!=": "\\ne", "==": "="}


def _text(text: str) -> str:
    """A relation sign, or words that no expression was read from."""
    sign = text.strip()
    if sign in SIGNS:
        return f" {SIGNS[sign]} "
    if re.search(r"[^\W\d_]{2}", text):
        return "\\text{" + re.sub(r"([\\{}$%&#_^~])", r"\\\1", text) + "}"
    return text
