"""From a problem and its source to text for people: the place, the line, and the place underlined.

In: a `Problem` and the `Source` that its span counts in. Out: lines of plain text.
Decided here: nothing from a file or a learner reaches a terminal as anything but letters, and the underline
stands where the letters stand: tabs, wide letters and marks without a width included.
"""

from __future__ import annotations

import unicodedata

from tutor.problem import Problem
from tutor.source import Source, Span

TAB = "    "
WIDTH = 100
"""Longer lines are cut to this many columns around the place."""

ELLIPSIS = "…"


def visible(text: str) -> str:
    """The text with each control character, line ends too, written as `\\x1b` or `\\u202e`."""
    return text if text.isprintable() else "".join(_shown(character) for character in text)


def excerpt(problem: Problem, source: Source) -> str:
    """The problem as text, without a line end.

    The first line is `file:line:column: message`; then the line of the source with its number, the
    underline, and what would work instead. Without a place, the file and the message.
    """
    if problem.span is None:
        return "\n".join([f"{visible(source.name)}: {visible(problem.message)}", *_suggestions(problem, "")])
    number, column = source.position(problem.span.start)
    head = f"{visible(source.name)}:{number}:{column}: {visible(problem.message)}"
    margin = f"{number:>5} │ "
    blank = " " * (len(margin) - 2) + "│ "
    line, underline = underlined(source.line(number), Span(column - 1, column - 1 + _length(problem.span)))
    return "\n".join([head, margin + line, blank + underline, *_suggestions(problem, blank)])


def underlined(line: str, span: Span, width: int = WIDTH) -> tuple[str, str]:
    """A line as it is shown, and the line below it, with `─` under the characters of the span.

    What is underlined is at least one column wide, so that the end of a line can be pointed at. Both are
    cut to `width` columns, around the start of the span.
    """
    start, end = min(span.start, len(line)), min(span.end, len(line))
    clusters = [(_shown(character), start <= at < end) for at, character in enumerate(line)]
    if start >= end:
        clusters.insert(start, ("", True))
    left, right = _window(clusters, start, width)
    shown = [ELLIPSIS] * (left > 0)
    below = [" "] * (left > 0)
    for text, is_marked in clusters[left:right]:
        shown.append(text)
        below.append(("─" if is_marked else " ") * max(columns(text), 1 if is_marked and not text else 0))
    return "".join(shown) + ELLIPSIS * (right < len(clusters)), "".join(below).rstrip() or "─"


def columns(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(_columns(character) for character in text)


def _window(clusters: list[tuple[str, bool]], start: int, width: int) -> tuple[int, int]:
    """The part of a long line to show: as much before the place as there is room for a third."""
    if sum(columns(text) for text, _ in clusters) <= width:
        return 0, len(clusters)
    left, room = start, width // 3
    while left > 0 and (room := room - columns(clusters[left - 1][0])) >= 0:
        left -= 1
    right, room = left, width - 2
    while right < len(clusters) and (room := room - columns(clusters[right][0])) >= 0:
        right += 1
    return left, right


def _suggestions(problem: Problem, margin: str) -> list[str]:
    if not problem.suggestions:
        return []
    return [f"{margin}What would work: " + "   ".join(visible(text) for text in problem.suggestions)]


def _shown(character: str) -> str:
    if character == "\t":
        return TAB
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    return character.encode("unicode_escape").decode("ascii")


def _columns(character: str) -> int:
    if character < "\u0300":
        return 1
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _length(span: Span) -> int:
    return max(span.end - span.start, 0)
