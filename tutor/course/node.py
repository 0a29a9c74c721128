"""From YAML to a tree in which every key and every value knows its place in the file.

In: a file, and the part of it that is YAML. Out: a tree of texts, lists and tables, and the problems.
Decided here: YAML is only a shape. A value is the text that the author wrote, never a number, a date or
a truth value; aliases and tags, by which YAML can do more than hold text, are refused; nothing is nested
deeper than `DEPTH`. PyYAML's events are used rather than its nodes: they come one after the other,
so that no input can exhaust the stack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tutor.course.file import control_characters
from tutor.course.place import place
from tutor.problem import Problem
from tutor.source import Source, Span

DEPTH = 16


@dataclass(frozen=True, slots=True)
class Text:
    """A single value, with its quotes taken off; `span` holds the quotes, or the `|`, too."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Listing:
    """Values in an order. `inline` says that it was written `[a, b]`."""

    items: tuple[Node, ...]
    span: Span
    inline: bool


@dataclass(frozen=True, slots=True)
class Table:
    """Keys with values, in the order of the file, repeated keys included. `inline`: written `{a: b}`."""

    rows: tuple[tuple[Text, Node], ...]
    span: Span
    inline: bool


Node = Text | Listing | Table


def read_yaml(source: Source, within: Span) -> tuple[Node | None, tuple[Problem, ...]]:
    """The tree of this part of the file, as far as it could be read; None where there is nothing."""
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    composer = _Composer(source, within.start)
    try:
        for event in yaml.parse(source.text[within.start : within.end], Loader=loader):
            if not composer.take(event):
                break
    except yaml.YAMLError as error:
        composer.problems.append(_explained(error, source, within))
    return composer.tree, tuple(composer.problems)


class _Composer:
    """Events, one after the other, to one tree. `open` are the lists and tables that are not closed yet."""

    def __init__(self, source: Source, offset: int) -> None:
        self.tree: Node | None = None
        self.problems: list[Problem] = []
        self._source = source
        self._offset = offset
        self._open: list[tuple[Any, list[Node]]] = []

    def take(self, event: Any) -> bool:
        """Takes one event; False where it makes no sense to go on."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._refuse_cleverness(event)
            text = Text(event.value, self._span(event, event))
            self._refuse_control(text)
            self._put(text)
        elif kind in ("SequenceStartEvent", "MappingStartEvent"):
            self._refuse_cleverness(event)
            if len(self._open) == DEPTH:
                self._add("too-large", f"Lists and tables may be nested {DEPTH} deep.", event)
                return False
            self._open.append((event, []))
        elif kind in ("SequenceEndEvent", "MappingEndEvent"):
            self._close(event)
        elif kind == "AliasEvent":
            self._refuse_reference("*", event)
            span = self._span(event, event)
            self._put(Text(self._source.text[span.start : span.end], span))
        elif kind == "DocumentStartEvent" and self.tree is not None:
            self._add("yaml", "This is one YAML document; no other may follow after `---`.", event)
            return False
        return True

    def _close(self, end: Any) -> None:
        start, nodes = self._open.pop()
        span = self._span(start, end)
        if not start.flow_style:
            span = Span(span.start, max((node.span.end for node in nodes), default=span.start))
        if type(start).__name__ == "SequenceStartEvent":
            self._put(Listing(tuple(nodes), span, bool(start.flow_style)))
        else:
            self._put(Table(tuple(self._rows(nodes)), span, bool(start.flow_style)))

    def _rows(self, nodes: list[Node]) -> Iterator[tuple[Text, Node]]:
        for key, value in zip(nodes[::2], nodes[1::2], strict=True):
            if isinstance(key, Text):
                yield key, value
            else:
                self.problems.append(Problem("yaml", "A key is a single word, no list and no table.", key.span))

    def _put(self, node: Node) -> None:
        if self._open:
            self._open[-1][1].append(node)
        else:
            self.tree = node

    def _refuse_cleverness(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse_reference("&", event)
        elif event.tag is not None:
            self._add("yaml-tag", "A lesson holds text only: YAML's tags (`!…`) mean nothing in it.", event)

    def _refuse_reference(self, sign: str, event: Any) -> None:
        self._add(
            "yaml-alias",
            f"A value that starts with {sign} refers to another one in YAML, and lessons do not use that; "
            "maths that starts with it needs quotes.",
            event,
        )

    def _refuse_control(self, text: Text) -> None:
        """Control characters that an escape between quotes has brought in; the file itself has none."""
        for problem in control_characters(text.text):
            if problem.span is not None:
                where = place(self._source, text.span, text.text, problem.span)
                self.problems.append(Problem(problem.code, problem.message, where))

    def _add(self, code: str, message: str, event: Any) -> None:
        self.problems.append(Problem(code, message, self._span(event, event)))

    def _span(self, start: Any, end: Any) -> Span:
        return Span(start.start_mark.index + self._offset, end.end_mark.index + self._offset)


# What PyYAML says, said for authors --------------------------------------------------------------

SPECIAL = "[{|>'\"&*!%@`"
"""The characters that mean something to YAML at the start of a value."""

VALUE = re.compile(r"^[ ]*(?:-[ ]+)*(?:[\w-]+:[ ]+)?(?P<value>\S.*?)[ ]*$")

PLAINLY = {
    "mapping values are not allowed in this context": "a `key: value` cannot stand here; "
    "is the line indented like its neighbours?",
    "did not find expected key": "a key was expected here; is the line indented like its neighbours?",
    "did not find expected '-' indicator": "an item with `-` was expected here; "
    "is the line indented like its neighbours?",
    "could not find expected ':'": "this line has no `key:`",
}


def _explained(error: Exception, source: Source, within: Span) -> Problem:
    """The problem of a YAML error, at its place; with the quoted value where quotes would mend it."""
    at = _place(error, within)
    line, column = source.position(at)
    written = source.line(line)
    indent = written[: len(written) - len(written.lstrip())]
    if "\t" in indent:
        tab = at - column + 1 + indent.index("\t")
        return Problem("yaml", "YAML is indented with spaces, and this line has a tab.", Span(tab, tab + 1))
    match = VALUE.match(written)
    value = match["value"] if match else ""
    starts = "- and a space" if value.startswith("- ") else value[:1] if value[:1] in SPECIAL else ""
    if match and (starts or ": " in value):
        start = at - column + 1 + match.start("value")
        why = f"starts with {starts}" if starts else "has a colon and a space in it"
        message = f"A value that {why} needs quotes around it: YAML reads that in a way of its own."
        return Problem("yaml", message, Span(start, start + len(value)), (quoted(value),))
    said = getattr(error, "problem", None) or "it cannot be read"
    return Problem("yaml", f"This is not YAML: {PLAINLY.get(said, said)}.", Span(at, min(at + 1, within.end)))


def _place(error: Exception, within: Span) -> int:
    """The offset at which a YAML error is seen best: where a quote begins rather than where the file ends."""
    mark = getattr(error, "problem_mark", None)
    if "quoted scalar" in (getattr(error, "context", None) or ""):
        mark = getattr(error, "context_mark", None)
    return min(within.start + (mark.index if mark is not None else 0), max(within.start, within.end - 1))


def quoted(value: str) -> str:
    """The value as YAML takes it in any place."""
    if '"' not in value and "\\" not in value:
        return f'"{value}"'
    return "'" + value.replace("'", "''") + "'"
