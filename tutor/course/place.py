"""From a place in a value to the place in the file where the author wrote it.

In: a file, the span of a YAML value in it, the value, a place in the value. Out: the place in the file.
Decided here: the two texts are laid side by side, blanks against blanks. One way serves plain, folded,
literal and quoted values, since all that YAML does to a text is to fold blanks and to undo escapes.
"""

from __future__ import annotations

import re

from tutor.source import Source, Span

HEADER = re.compile(r"[|>][^\n]*\n?")
ESCAPE = re.compile(r"\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|.)", re.DOTALL)
BLANK_ESCAPES = frozenset({"\\n", "\\t", "\\ ", "\\_", "\\N", "\\L", "\\P"})

Written = tuple[Span, bool]
"""What stands for one character of a value, and whether that is a blank."""


def place(source: Source, value_span: Span, value: str, inside: Span) -> Span:
    """Where the characters `inside` of a value stand in the file."""
    spans = _spans(source.text[value_span.start : value_span.end], value)
    if inside.end <= inside.start:
        start = spans[min(inside.start, len(spans) - 1)].start
        return Span(start, start).shifted(value_span.start)
    first, last = spans[min(inside.start, len(spans) - 1)], spans[min(inside.end, len(spans)) - 1]
    return Span(first.start, max(first.start, last.end)).shifted(value_span.start)


def content(source: Source, value_span: Span, value: str) -> Span:
    """Where the value itself stands, without its quotes or its `|`; its first line where it has many."""
    first = value.split("\n", 1)[0]
    lead = len(first) - len(first.lstrip())
    return place(source, value_span, value, Span(lead, max(len(first.rstrip()), lead)))


def _spans(written: str, value: str) -> list[Span]:
    """For each character of the value what stands for it, and then the empty span at its end."""
    pieces = _pieces(written)
    past = pieces[-1][0].end if pieces else len(written)
    spans: list[Span] = []
    at = 0
    for character in value:
        blank = character.isspace()
        while not blank and at < len(pieces) and pieces[at][1]:
            at += 1  # the indent, or a fold
        if at == len(pieces):
            spans.append(Span(past, past))
            continue
        spans.append(pieces[at][0])
        if pieces[at][1] == blank:
            at += 1
    end = spans[-1].end if spans else (pieces[0][0].start if pieces else past)
    return [*spans, Span(end, end)]


def _pieces(written: str) -> list[Written]:
    """The characters of a value as they are written: after a `|`, between quotes, with escapes whole."""
    begin, end, quote = 0, len(written), ""
    if header := HEADER.match(written):
        begin = header.end()
    elif len(written) > 1 and written[0] in "'\"" and written[-1] == written[0]:
        begin, end, quote = 1, end - 1, written[0]
    pieces: list[Written] = []
    at = begin
    while at < end:
        piece = written[at]
        if quote == "'" and written.startswith("''", at):
            piece = "''"
        elif quote == '"' and (escape := ESCAPE.match(written, at, end)):
            piece = escape.group()
        if piece != "\\\n":
            pieces.append((Span(at, at + len(piece)), piece.isspace() or piece in BLANK_ESCAPES))
        at += len(piece)
    return pieces
