"""A lesson as a page that can be printed: what every format shows, in its order.

In: a lesson. Out: a Page, whose maths is typed and whose words are Markdown.
Decided here: what is on a page, and what a page without solutions leaves out: answers, and what is said once a step
is answered. Hints stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from tutor.course.lesson import Ask, Lesson, Picture, Step
from tutor.course.maths import parts, scope_of_words
from tutor.course.prose import CODE, MATHS
from tutor.language.expr import Expr

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

    from tutor.language.scope import Scope

PICTURE = 60, 20
"""Columns and rows of a picture."""

Sides = tuple[Expr | str, ...]
"""A formula: expressions, with relation signs and words between them."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a step asks. `asked` is empty where words alone ask; `answer` is empty on a page without solutions."""

    prompt: str
    asked: Sides
    options: tuple[str, ...]
    factors: tuple[Sides, ...]
    hints: tuple[str, ...]
    answer: tuple[Sides, ...]
    right: tuple[int, ...]
    after: str
    request: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Section:
    """A step."""

    number: int
    title: str
    text: str
    question: Question | None


@dataclass(frozen=True)
class Page:
    """A lesson to read. `declared` has names of one type together, `defined` what names stand for."""

    title: str
    summary: str
    source: str
    declared: tuple[tuple[tuple[Sides, ...], str], ...]
    defined: tuple[tuple[Sides, Sides], ...]
    intro: str
    sections: tuple[Section, ...]
    scope: Scope | None

    def sides(self, text: str) -> Sides:
        """The maths between two dollars of this page."""
        return parts(text.strip(), self.scope)


def page(lesson: Lesson, solutions: bool, ascii_only: bool = False) -> Page:
    """The lesson to print; numbers that are drawn anew for each run are drawn once."""
    lesson = lesson.drawn(1)
    scope = scope_of_words(lesson.variables, lesson.define, lesson.numbers)
    pictures = {lesson.picture.after: _picture(lesson.picture, scope, ascii_only)} if lesson.picture else {}
    types = groupby(lesson.variables.items(), key=lambda row: row[1])
    return Page(
        title=lesson.title,
        summary=lesson.summary,
        source=lesson.source or "",
        declared=tuple((tuple(parts(name, scope) for name, _ in rows), type) for type, rows in types),
        defined=tuple((parts(name, scope), parts(text, scope)) for name, text in lesson.define.items()),
        intro=_and(lesson.intro, pictures.get(None, "")),
        sections=tuple(
            _section(lesson, step, number, scope, solutions, pictures.get(step.id, ""))
            for number, step in enumerate(lesson.steps, 1)
        ),
        scope=scope,
    )


def _picture(picture: Picture, scope: Scope | None, ascii_only: bool) -> str:
    """The picture as a block of code, which every format shows as it stands; nothing where it cannot be drawn."""
    from tutor.picture.draw import draw
    from tutor.picture.make import Flaw, make

    made = make(picture.kind, picture.parameters, scope) if scope else None
    if made is None or isinstance(made, Flaw):
        return ""
    rows = ("".join(text for text, _ in row) for row in draw(made, *PICTURE, ascii_only))
    return "\n".join(["```", *rows, "```"])


def _and(words: str, picture: str) -> str:
    return f"{words.rstrip()}\n\n{picture}".strip() if picture else words


def _section(
    lesson: Lesson, step: Step, number: int, scope: Scope | None, solutions: bool, picture: str
) -> Section:
    """A step. A picture that tells its answer stands behind that, or where nothing is asked behind its words."""
    if step.ask is None:
        return Section(number, step.title, _and(step.text, picture), None)
    question = _question(lesson, step, step.ask, scope, solutions)
    told = replace(question, after=_and(question.after, picture)) if solutions else question
    return Section(number, step.title, step.text, told)


def _question(lesson: Lesson, step: Step, ask: Ask, scope: Scope | None, solutions: bool) -> Question:
    return Question(
        prompt=ask.prompt or "",
        asked=_asked(lesson, step, ask, scope),
        options=tuple(option.text for option in ask.options),
        factors=tuple(parts(factor, scope) for factor in sorted(ask.factors)),  # the right order would tell
        hints=ask.hints,
        answer=_answers(lesson, step, ask, scope) if solutions else (),
        right=ask.right if solutions else (),
        after=ask.after if solutions else "",
        request=lesson.request(step, ""),
    )


def _asked(lesson: Lesson, step: Step, ask: Ask, scope: Scope | None) -> Sides:
    """The formula that is asked for, with the values at which it is."""
    from tutor.marking.kinds import asked
    from tutor.marking.prompt import asked_for
    from tutor.marking.question import Question as Formula
    from tutor.problem import Problem

    found = asked(lesson.request(step, ""))
    formula = found if isinstance(found, Formula) else None if isinstance(found, Problem) else found.question
    if formula is None:
        return ()
    words, expr = asked_for(formula)
    at = parts(", ".join(f"{name} = {text}" for name, text in ask.at.items()), scope) if ask.at else ()
    return (*([words] if words else []), expr, *([" at ", *at] if at else []))


def _answers(lesson: Lesson, step: Step, ask: Ask, scope: Scope | None) -> tuple[Sides, ...]:
    if ask.kind == "shape" and ask.answer:
        return ((ask.answer,),)
    if ask.answer or ask.factors:
        return (parts(ask.answer or ask.product, scope),)
    if ask.kind == "value":
        from tutor.marking.kinds import asked
        from tutor.marking.value import Value

        found = asked(lesson.request(step, ""))
        return (parts(found.reference, scope),) if isinstance(found, Value) else ()
    return ()


# Words ---------------------------------------------------------------------------------------------------------

HOLE = re.compile("\ue000(\\d+)\ue001")
"""Private-use characters mark the places of maths while Markdown is read."""

SetMaths = Callable[[str, bool], str]
"""How maths is written: its text, and whether it stands on lines of its own."""


def outside_code(markdown: str, put: Callable[[re.Match[str]], str]) -> str:
    """Markdown with its maths replaced, but for what is code."""
    pieces, at = [], 0
    for code in CODE.finditer(markdown):
        pieces += [MATHS.sub(put, markdown[at : code.start()]), code.group()]
        at = code.end()
    return "".join([*pieces, MATHS.sub(put, markdown[at:])])


def with_holes(markdown: str) -> tuple[str, list[tuple[str, bool]]]:
    """Markdown with a mark in the place of each formula, and the formulas; blocks stand in paragraphs of their own."""
    maths: list[tuple[str, bool]] = []

    def keep(found: re.Match[str]) -> str:
        is_block = found["block"] is not None
        maths.append((found["block"] if is_block else found["inline"], is_block))
        hole = f"\ue000{len(maths) - 1}\ue001"
        return f"\n\n{hole}\n\n" if is_block else hole

    return outside_code(markdown.replace("\ue000", "").replace("\ue001", ""), keep), maths


def tokens(markdown: str) -> list[Token]:
    return reader().parse(markdown)


@cache
def reader() -> MarkdownIt:
    """Markdown as lessons have it: no HTML, no addresses that a browser would run, and no images to be loaded."""
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark", {"html": False}).disable("image")
