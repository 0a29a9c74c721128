"""From the text of a lesson file to its parts: front matter, introduction, steps, the fences of asks.

In: the file. Out: the spans of its parts, and the problems of how it is put together.
Decided here: what is a step and what is its ask. Of Markdown only headings and fences are looked at, and a
heading inside a fence is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tutor.problem import Problem
from tutor.source import Source, Span

FRONT = re.compile(r"---[ \t]*\n(?P<yaml>(?:.*\n)*?)---[ \t]*(?:\n|\Z)")
MARKED_LINE = re.compile(
    r"\n(?P<line> {0,3}(?:"
    r"(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)|##(?!#)(?:[ \t]+(?P<title>[^\n]*))?"
    r"))(?=\n|\Z)"
)
"""A heading or a fence, with the line end before it: sought from there, it is found twice as fast."""

ID = re.compile(r"[ \t]*\{#(?P<id>[^{}]*)\}[ \t]*$")
CLOSING_MARKS = re.compile(r"(?:^|[ \t]+)#+[ \t]*$")
NO_WORD = re.compile(r"[\W_]+")
GOOD_ID = re.compile(r"\w(?:[\w.-]*\w)?")

Mark = re.Match[str]


@dataclass(frozen=True, slots=True)
class Fence:
    """A fenced ```ask block: `yaml` is what stands between its fences."""

    span: Span
    yaml: Span


@dataclass(frozen=True, slots=True)
class Section:
    """A heading with what stands below it; for the introduction, the heading is empty."""

    heading: Span
    title: str
    id: str
    body: Span
    asks: tuple[Fence, ...]


@dataclass(slots=True)
class Parts:
    """A file taken apart. `front` is None where there is no front matter."""

    front: Span | None
    intro: Section
    steps: list[Section] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def front_matter(source: Source) -> tuple[Span | None, int]:
    """The YAML at the head of the file, and where the Markdown starts."""
    match = FRONT.match(source.text)
    return (Span(match.start("yaml"), match.end("yaml")), match.end()) if match else (None, 0)


def take_apart(source: Source) -> Parts:
    """The parts of a lesson. Step ids are unique: a step whose id is taken is a problem."""
    front, start = front_matter(source)
    problems: list[Problem] = []
    sections = list(_sections(source, start, problems))
    parts = Parts(front, sections[0], sections[1:], problems)
    taken: dict[str, Section] = {}
    for section in parts.steps:
        _check_heading(section, taken, problems)
    return parts


def step_ids(text: str, start: int) -> tuple[str, ...]:
    """The ids of the steps, in order, for the list of lessons; as they are, right or wrong."""
    headings = (closed for _, closed in _marks(text, start) if closed is not None and closed["fence"] is None)
    return tuple(dict.fromkeys(id for mark in headings if (id := _heading(mark["title"] or "")[1])))


def slug(title: str) -> str:
    """An id made from a heading: `The affine part` gives `the-affine-part`."""
    return NO_WORD.sub("-", title.casefold()).strip("-")


def _sections(source: Source, start: int, problems: list[Problem]) -> Iterator[Section]:
    """The introduction, then every step."""
    text = source.text
    heading, title, id = Span(start, start), "", ""
    body = start
    asks: list[Fence] = []
    for opened, mark in _marks(text, start):
        if opened is not None and mark is not None:
            asks += _ask(opened, mark, text)
        elif mark is not None:
            yield Section(heading, title, id, Span(body, mark.start("line")), tuple(asks))
            heading, asks = Span(*mark.span("line")), []
            body = min(mark.end() + 1, len(text))
            title, id = _heading(mark["title"] or "")
        elif opened is not None:
            where = Span(*opened.span("fence"))
            problems.append(Problem("unclosed-fence", "This block is not closed.", where, (opened["fence"],)))
    yield Section(heading, title, id, Span(body, len(text)), tuple(asks))


def _marks(text: str, start: int) -> Iterator[tuple[Mark | None, Mark | None]]:
    """What stands out below the line end at `start - 1`, in order.

    A heading is (None, heading), a block (fence, its end), and one that has no end (fence, None).
    """
    opened: Mark | None = None
    for mark in MARKED_LINE.finditer(text, start - 1):
        fence = mark["fence"]
        if opened is not None:
            if fence and _closes(mark, opened):
                yield opened, mark
                opened = None
        elif not fence:
            yield None, mark
        elif fence[0] == "~" or "`" not in mark["info"]:
            # Otherwise it is code inside a line, such as ```a```.
            opened = mark
    if opened is not None:
        yield opened, None


def _closes(mark: Mark, opened: Mark) -> bool:
    return mark["fence"].startswith(opened["fence"]) and not mark["info"].strip()


def _ask(opened: Mark, closed: Mark, text: str) -> list[Fence]:
    if opened["info"].split()[:1] != ["ask"]:
        return []
    yaml = Span(min(opened.end() + 1, len(text)), closed.start("line"))
    return [Fence(Span(opened.start("fence"), closed.end()), yaml)]


def _heading(written: str) -> tuple[str, str]:
    """The title of a heading and the id that goes with it."""
    named = ID.search(written)
    title = CLOSING_MARKS.sub("", written[: named.start()] if named else written).strip()
    return title, named["id"] if named else slug(title)


def _check_heading(section: Section, taken: dict[str, Section], problems: list[Problem]) -> None:
    """One problem at most: the first thing that is wrong with a heading and its id."""

    def wrong(code: str, message: str, *mends: str) -> None:
        problems.append(Problem(code, message, section.heading, mends))

    id, title = section.id, section.title
    if not title:
        wrong("empty-heading", "A step needs a heading after the ##.")
    elif not id:
        wrong("step-id", "No id can be made from this heading.", f"## {title} {{#name}}")
    elif not GOOD_ID.fullmatch(id):
        wrong("step-id", "A step's id has letters, digits and hyphens only.", f"## {title} {{#{slug(id)}}}")
    elif id in taken:
        free = next(f"{id}-{k}" for k in range(2, len(taken) + 3) if f"{id}-{k}" not in taken)
        message = f"There is a step {id} already, and progress is kept by a step's id."
        wrong("duplicate-step", message, f"## {title} {{#{free}}}")
    else:
        taken[id] = section
