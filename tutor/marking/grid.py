"""To fill in: a grid of entries, each of which is judged by itself.

In: a question whose answer has a shape in numbers. Out: for every cell whether it is right. The decision owned here:
the cells are handed in as one matrix, `[a, b; c, d]`, in which a cell may still be empty.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.read import read
from tutor.language.shape import SCALAR
from tutor.marking.choice import unreadable
from tutor.marking.question import Question
from tutor.marking.reply import Reply
from tutor.marking.task import Tell, base, wrong
from tutor.marking.verdict import Correct, Incorrect, Undecided, Unreadable, Verdict
from tutor.problem import Problem
from tutor.source import Span

if TYPE_CHECKING:
    from tutor.marking.judge import Judge

MOST_CELLS = 36
OPENING, CLOSING = "([{⟨", ")]}⟩"
WORDS = {Correct: "correct", Incorrect: "incorrect", Undecided: "undecided", Unreadable: "unreadable"}


@dataclass(frozen=True)
class Grid:
    """A question about a matrix of `rows` times `columns` entries."""

    question: Question
    rows: int
    columns: int

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Grid | Problem:
        question = base(request, request["ask"]["entries"], request["ask"].get("wrt"))
        if isinstance(question, Problem):
            return question
        rows, columns = (dim.constant for dim in question.expected.dims)
        if rows is None or columns is None:
            shape = question.expected
            return wrong(f"‘entries’ needs sizes that are numbers, such as vector 3; the answer here is {shape}.")
        if not 1 < rows * columns <= MOST_CELLS:
            return wrong(f"A grid has from 2 to {MOST_CELLS} entries, not {rows * columns}.")
        if question.wrt is not None and not isinstance(question.wrt, e.Variable | e.Defined):
            return wrong("‘entries’ differentiates by a declared or a defined name.")
        return cls(question, rows, columns)

    @cached_property
    def _judges(self) -> list[list[Judge]]:
        from tutor.marking.judge import Judge

        return [[Judge(self._about(i, j)) for j in range(self.columns)] for i in range(self.rows)]

    @cached_property
    def _whole(self) -> Judge:
        from tutor.marking.judge import Judge

        return Judge(self.question)

    def _about(self, row: int, column: int) -> Question:
        """The question about one entry."""
        asked = self.question
        matrix = asked.of
        if asked.wrt is not None:
            turned = asked.layout == "denominator"
            matrix = e.Derivative(asked.of, asked.wrt, denominator=turned, shape=asked.expected)
        entry = e.Entry(matrix, e.Number(Fraction(row + 1)), e.Number(Fraction(column + 1)))
        return replace(asked, kind="equals", of=entry, wrt=None, expected=SCALAR)

    def read(self, answer: str) -> Expr | Problem | None:
        """The matrix of the cells; the first problem in a cell that is not empty; None while any is empty."""
        cells = self._cells(answer)
        if cells is None:
            found = self.question.read(answer)
            return found if isinstance(found, Expr | Problem) else None
        read_cells = [[self._read(answer, span) for span in row] for row in cells]
        problems = [cell for row in read_cells for cell in row if isinstance(cell, Problem)]
        if problems:
            return problems[0]
        if any(cell is None for row in read_cells for cell in row):
            return None
        rows = tuple(tuple(cell for cell in row if isinstance(cell, Expr)) for row in read_cells)
        return e.Blocks(rows, shape=self.question.expected, span=Span(0, len(answer)))

    def judge(self, answer: str, tell: Tell) -> Reply:
        places = self._cells(answer)
        if places is None:
            verdict, found = self._whole(answer)
            return tell(self.question, self._whole.explain(found, verdict), found)
        matrix = self.read(answer)
        empty = next((span for row in places for span in row if not answer[span.start : span.end].strip()), None)
        if isinstance(matrix, Problem) or matrix is None:
            return unreadable(matrix or Problem("syntax", "This entry is still empty.", empty))
        assert isinstance(matrix, e.Blocks)
        judged = [
            (judge, cell, judge.judge(cell))
            for judges, cells in zip(self._judges, matrix.rows, strict=True)
            for judge, cell in zip(judges, cells, strict=True)
        ]
        words = [WORDS[type(verdict)] for _, _, verdict in judged]
        wrong = [(judge, cell, verdict) for judge, cell, verdict in judged if isinstance(verdict, Incorrect)]
        if len(wrong) == 1:
            ((judge, cell, verdict),) = wrong
            overall = _one_wrong(judge.explain(cell, verdict))
        elif wrong:
            overall = Incorrect("other", f"{len(wrong)} entries are not right yet.")
        else:
            overall = _none_wrong([verdict for _, _, verdict in judged])
        rows = [words[start : start + self.columns] for start in range(0, len(words), self.columns)]
        return replace(tell(self.question, overall, matrix), cells=rows)

    def _read(self, answer: str, span: Span) -> Expr | Problem | None:
        text = answer[span.start : span.end]
        if not text.strip():
            return None
        found = read(text, self.question.scope, SCALAR)
        if isinstance(found, Problem):
            return found.shifted(span.start)
        if not found.shape.is_scalar:
            message = f"One entry is a number, and this is {found.shape.described}."
            return Problem("shape-conflict", message, span)
        return found

    def _cells(self, answer: str) -> list[list[Span]] | None:
        """The places of the cells, where a text has as many of them as the grid."""
        rows = cells_in(answer)
        fits = len(rows) == self.rows and all(len(row) == self.columns for row in rows)
        return rows if fits else None


def _one_wrong(verdict: Verdict) -> Verdict:
    """The verdict on a grid in which one entry is wrong, with what explains it where something does."""
    assert isinstance(verdict, Incorrect)
    told = verdict.message if verdict.code != "other" else ""
    return Incorrect(verdict.code, f"One entry is not right yet. {told}".strip())


def _none_wrong(verdicts: list[Verdict]) -> Verdict:
    """The verdict on a grid without a wrong entry: the first that is not decided, else proved where every one is."""
    undecided = next((verdict for verdict in verdicts if not isinstance(verdict, Correct)), None)
    proofs = {verdict.proof for verdict in verdicts if isinstance(verdict, Correct)}
    return undecided or Correct("exact" if proofs == {"exact"} else "sampled")


def cells_in(text: str) -> list[list[Span]]:
    """The cells of `[a, b; c, d]` or `[[a, b], [c, d]]`, row by row, without the blanks around them."""
    whole = _trimmed(text, Span(0, len(text)))
    inner = _unwrapped(text, whole)
    rows = list(_split(text, inner, ";\n"))
    if len(rows) == 1:
        parts = [_trimmed(text, part) for part in _split(text, inner, ",")]
        wrapped = [_unwrapped(text, part) for part in parts]
        if all(inside != part for inside, part in zip(wrapped, parts, strict=True)) and inner != whole:
            rows = wrapped
    return [[_trimmed(text, cell) for cell in _split(text, row, ",")] for row in rows]


def _split(text: str, within: Span, signs: str) -> Iterator[Span]:
    """The parts of a text between signs that stand in no bracket."""
    start, depth = within.start, 0
    for at in range(within.start, within.end):
        depth += (text[at] in OPENING) - (text[at] in CLOSING)
        if depth == 0 and text[at] in signs:
            yield Span(start, at)
            start = at + 1
    yield Span(start, within.end)


def _unwrapped(text: str, span: Span) -> Span:
    """The inside of a pair of square brackets that holds all of a text; else the text."""
    if span.end - span.start < 2 or text[span.start] != "[":
        return span
    depth = 0
    for at in range(span.start, span.end):
        depth += (text[at] in OPENING) - (text[at] in CLOSING)
        if depth == 0:
            return Span(span.start + 1, at) if at == span.end - 1 else span
    return span


def _trimmed(text: str, span: Span) -> Span:
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, max(start, span.start + len(inside.rstrip())))
