"""The language as one lesson speaks it: how its maths is set, and how an answer is read.

In: declarations and texts. Out: formulas. Decided here: that text which cannot be read is shown as it stands:
a lesson plays even where `lint` would complain.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby
from typing import TYPE_CHECKING

from tutor.session.shown import Declared, Formula, Reading, Table

if TYPE_CHECKING:
    from tutor.language.expr import Expr
    from tutor.language.scope import Definition, Scope
    from tutor.language.shape import Axes
    from tutor.marking.question import Question
    from tutor.picture.picture import Picture
    from tutor.problem import Problem


class Maths:
    """How the maths in the texts of one lesson is set."""

    def __init__(self, scope: Scope | None, variables: Mapping[str, str], define: Mapping[str, str]) -> None:
        self._scope = scope
        self._variables = variables
        self._define = define
        self._set: dict[str, Formula] = {}

    @classmethod
    def of(
        cls, variables: Mapping[str, str], define: Mapping[str, str], numbers: Mapping[str, str] | None = None
    ) -> Maths:
        from tutor.course.maths import scope_of_words

        return cls(scope_of_words(variables, define, numbers), variables, define)

    def set(self, text: str) -> Formula:
        """A piece of maths in a text of the lesson: an expression, or several with `=` between them."""
        from tutor.course.maths import parts

        if text not in self._set:
            sides = [_plain(part) if isinstance(part, str) else formula(part) for part in parts(text, self._scope)]
            shown = [side for side in sides if side is not None]
            self._set[text] = shown[0] if len(shown) == 1 else beside(shown)
        return self._set[text]

    def words(self, text: str) -> Formula:
        """Words with maths between dollars, as one line of text."""
        from tutor.course.prose import maths_in

        parts, at = [], 0
        for span in maths_in(text):
            parts += [text[at : span.start].rstrip("$"), self.set(text[span.start : span.end]).text]
            at = span.end
            at += len(text[at:]) - len(text[at:].lstrip("$"))
        return _plain(" ".join("".join([*parts, text[at:]]).split()))

    def variables(self) -> Iterable[Declared]:
        """The variables, neighbours of one type together."""
        for type, group in groupby(self._variables, key=lambda name: self._variables[name]):
            names = tuple(group)
            yield Declared(tuple(self.set(name).text for name in names), type, self._shape(names[0]))

    def definitions(self) -> Iterable[Declared]:
        for name, text in self._define.items():
            found = self._definition(name)
            body = formula(found.body) if found else None
            body = body or _plain(text)
            yield Declared((self.set(name).text,), "", body.shape, body)

    def picture(self, kind: str, parameters: Mapping[str, str]) -> Picture | None:
        """What a picture of the lesson shows; None where it cannot be drawn."""
        from tutor.picture.make import Flaw, make

        made = make(kind, parameters, self._scope) if self._scope else None
        return None if isinstance(made, Flaw) else made

    def made_of(self) -> Iterator[tuple[str, str]]:
        """What goes directly into what: names, as they are known, with the defined names that speak of them."""
        from tutor.language.expr import Defined, Variable, walk_written

        definitions = self._scope.definitions if self._scope else {}
        for name, definition in definitions.items():
            nodes = list(walk_written(definition.body))
            spoken = dict.fromkeys(node.name for node in nodes if isinstance(node, Variable | Defined))
            known = [*(self._scope.variables if self._scope else ()), *definitions]
            yield from ((by, name) for by in known if by in spoken)

    def _shape(self, name: str) -> str:
        """`n×1`, and `N × (n×1)` for a list of them."""
        from tutor.language.lexicon import canonical

        declared = self._scope.variables.get(canonical(name)) if self._scope else None
        if declared is None or declared.is_function:
            return ""
        return str(declared.shape) if declared.items is None else f"{declared.items} × ({declared.shape})"

    def _definition(self, name: str) -> Definition | None:
        from tutor.language.lexicon import canonical

        if self._scope is None:
            return None
        known = self._scope.definitions
        return known.get(canonical(name)) or known.get(canonical(name.partition("_")[0]))


def _plain(text: str) -> Formula:
    return Formula(text, (text,), 0)


EQUALS = _plain(" = ")
AT = _plain("   at ")


def formula(expr: Expr | Axes | Problem) -> Formula | None:
    """How an expression, or the shape that was asked for, looks; None for a problem."""
    from tutor.language.shape import Axes
    from tutor.language.show import show
    from tutor.language.typeset import typeset
    from tutor.problem import Problem

    if isinstance(expr, Problem):
        return None
    if isinstance(expr, Axes):
        return _plain(str(expr))
    block = typeset(expr)
    return Formula(show(expr), block.lines, block.baseline, str(expr.shape))


def live(text: str, expr: Expr | Axes | Problem) -> Reading:
    from tutor.problem import Problem

    if isinstance(expr, Problem):
        span = (expr.span.start, expr.span.end) if expr.span else None
        return Reading(text, message=expr.message, span=span, suggestions=expr.suggestions)
    return Reading(text, formula=formula(expr))


def prompt(question: Question) -> Formula:
    """The left side of the question, `∂z/∂w`."""
    block = question.typeset_prompt()
    return Formula(question.prompt, block.lines, block.baseline)


def named(question: Question) -> tuple[list[str], list[str]]:
    """The sizes and the variables in a question, its definitions seen through, in the order of the lesson."""
    from tutor.language.expr import Variable, walk

    parts = [part for part in (question.of, question.wrt) if part is not None]
    found = {node.name for part in parts for node in walk(part) if isinstance(node, Variable)}
    declared = {name: kind for name, kind in question.scope.variables.items() if name in found}
    sizes: set[str] = set()
    for kind in declared.values():
        dims = (kind.shape.rows, kind.shape.columns, *([kind.items] if kind.items else []))
        sizes.update(*(dim.names for dim in dims))
    return sorted(sizes, key=str.swapcase), list(declared)


# Functions without a value, or without a slope, at some of what they may be given; kinks are told of elsewhere.
_PARTIAL = frozenset({"log", "sqrt", "tan", "sec", "csc", "cot", "asin", "acos", "norm", "logdet", "inverse"})


def is_partial(question: Question) -> bool:
    """Whether the function that is asked about may have no value, or no slope, at some point."""
    from tutor.language.expr import Apply, Number, Size, walk

    def restricts(node: Apply) -> bool:
        name, last = node.operation.name, node.arguments[-1] if node.arguments else None
        if name in {"divide", "over"}:
            return not isinstance(last, Number | Size)
        if name in {"power", "powers"}:
            return not (isinstance(last, Number) and last.value.denominator == 1 and last.value >= 0)
        return name in _PARTIAL

    return any(restricts(node) for node in walk(question.of) if isinstance(node, Apply))


def spoken_of(question: Question, answer: str) -> set[str]:
    """The names, declared and defined, that a question and an answer to it speak of."""
    from tutor.language.expr import Defined, Expr, Variable, walk

    read = question.read(answer)
    parts = [part for part in (question.of, question.wrt, read) if isinstance(part, Expr)]
    return {node.name for part in parts for node in walk(part) if isinstance(node, Variable | Defined)}


def beside(parts: Iterable[Formula]) -> Formula:
    """Formulas next to each other, their baselines at one height."""
    from tutor.language import block

    parts = tuple(parts)
    joined = block.beside(*(block.Block(block.filled(part.lines), part.baseline) for part in parts))
    return Formula("".join(part.text for part in parts), joined.lines, joined.baseline)


def complete(text: str, cursor: int) -> tuple[str, int] | None:
    """The text and the cursor after `\\lambda` before the cursor became λ; None where nothing can be."""
    from tutor.language.tokens import SYMBOLS

    found = re.search(r"\\([A-Za-z]+|[_^].)$", text[:cursor])
    if found is None:
        return None
    fitting = {symbol for name, symbol in SYMBOLS.items() if name.startswith(found[1])}
    symbol = SYMBOLS.get(found[1]) or (fitting.pop() if len(fitting) == 1 else None)
    if symbol is None:
        return None
    before = text[: found.start()] + symbol
    return before + text[cursor:], len(before)


READ = (
    ("sum_i w_i x_i, sum_{i=1}^N v_i", "a sum over an index"),
    ("x_i, x[i], x_1, A_ij, A[i,j]", "an entry; counting begins at 1"),
    ("x' if z > 0 else 0", "cases; also if(z > 0, x', 0) and {x' if z > 0; 0 otherwise}"),
    ("[a, b; c, d], [a; b], [a, b]", "a matrix, a column, a row"),
    ("I, ones(n), 1', 𝟏', 0, unit(i)", "the identity, ones, zeros, the i-th basis vector"),
    ("∂a/∂z, d(a)/d(z)", "a derivative, where the step allows one"),
    ("\\frac{a}{b}, \\sum_{i=1}^N, \\top", "LaTeX is read too"),
)
"""What no row of the operations' table stands for: the reader itself knows it."""


def notation() -> tuple[Table, ...]:
    """The notation, as help shows it: from the tables by which it is read."""
    from tutor.language.operations import ELEMENTWISE, OPERATIONS
    from tutor.language.tokens import SYMBOLS

    rows = tuple((row.example, row.says) for row in OPERATIONS.values() if row.example and row.says)
    names = [" ".join(row.spellings) for row in OPERATIONS.values() if row.name in ELEMENTWISE and row.spellings]
    symbols: dict[str, str] = {}
    for name, symbol in SYMBOLS.items():
        symbols.setdefault(symbol, f"\\{name}")
    return (
        Table("What an answer may hold", READ + rows),
        Table("Functions of each entry", ((", ".join(names), ""),)),
        Table("Symbols: the name, then Tab", tuple((name, symbol) for symbol, name in symbols.items())),
    )
