"""What is asked for as a formula or a shape: the shape that an answer has, and how an answer is read.

In: the JSON object of the filter, or the same from a lesson. Out: a Question that can read answers, or the
problem with it. Nothing here evaluates anything, so that a screen can read at every key.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from tutor.language import expr as e
from tutor.language import syntax as s
from tutor.language.block import Block
from tutor.language.expr import Expr
from tutor.language.layout import NUMERATOR, derivative_axes, derivative_shape
from tutor.language.lexicon import canonical
from tutor.language.parse import parse
from tutor.language.read import read, read_syntax, too_deep
from tutor.language.refusal import Refused
from tutor.language.scope import Scope
from tutor.language.shape import SCALAR, Axes, Dim, Shape
from tutor.language.suggest import nearest
from tutor.marking.entries import by_entries, same_meaning
from tutor.marking.forms import ANY
from tutor.marking.request import DERIVED, KINDS, malformed
from tutor.problem import Problem
from tutor.source import Span

_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyz")


@dataclass(frozen=True)
class Question:
    """One question. `of` and `wrt` are typed; `free` holds the indices that the question leaves free.

    `expected` is the shape of an answer; a question about a shape has `asked_shape` for it, which may have more axes.
    """

    kind: str
    scope: Scope
    of: Expr
    wrt: Expr | None
    layout: str
    free: Mapping[str, Dim]
    expected: Shape
    using: tuple[str, ...] = ()
    avoid: tuple[str, ...] = ()
    form: str = ANY
    text: tuple[str, str | None] = ("", None)

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Question | Problem:
        """The question of a request; every problem's code is `question`, its message says where."""
        wrong = malformed(request)
        if wrong is not None:
            return Problem("question", wrong)
        layout = request.get("layout") or NUMERATOR
        scope = Scope.declare(
            request.get("variables") or {}, request.get("define") or {}, layout, request.get("numbers") or {}
        )
        if isinstance(scope, Problem):
            return replace(scope, code="question", span=None)
        ask: Mapping[str, str] = request["ask"]
        kind = next(k for k in KINDS if k in ask)
        allowed = bool(request.get("allow_derivatives"))
        made = _question(kind, str(ask[kind]), ask.get("wrt"), replace(scope, layout=layout))
        if isinstance(made, Problem):
            return replace(made, code="question", span=None)
        return replace(
            made,
            scope=replace(made.scope, allow_derivatives=allowed),
            using=tuple(request.get("using") or ()),
            avoid=tuple(request.get("avoid") or ()),
            form=request.get("form") or ANY,
        )

    @property
    def expected_shape(self) -> str:
        """The shape of a right answer, as `1×n`."""
        return str(self.expected)

    @cached_property
    def asked_shape(self) -> Axes:
        """The shape that a question about a shape asks for: of a derivative, or of the expression itself."""
        if self.wrt is None:
            return Axes(self.of.shape.dims)
        return derivative_axes(self.of.shape, self.wrt.shape, self.layout)

    @property
    def prompt(self) -> str:
        """The question on one line: `∂z/∂w`."""
        from tutor.marking.prompt import prompt_line

        return prompt_line(self)

    def typeset_prompt(self) -> Block:
        """The question set in two dimensions."""
        from tutor.marking.prompt import prompt_block

        return prompt_block(self)

    def read(self, answer: str) -> Expr | Axes | Problem:
        """The meaning of an answer: an expression, or a shape where one is asked for."""
        if self.kind == "shape":
            return _read_shape(answer, self.scope)
        members = self.members(answer)
        return members if isinstance(members, Problem) else members[-1]

    def members(self, answer: str) -> tuple[Expr, ...] | Problem:
        """The members of a chain `a = b = c`, the last of which is the answer; just one without a chain.

        A left side that restates the question is no member.
        """
        try:
            tree = parse(answer, self.scope.lexicon)
        except Refused as refused:
            return refused.problem
        except RecursionError:
            return too_deep(answer)
        operands: tuple[s.Node, ...] = (tree,)
        if isinstance(tree, s.Comparison) and set(tree.signs) == {"="}:
            first, *rest = tree.operands
            entries = by_entries(self, first, rest[-1], answer)
            if entries is not None:
                return entries if isinstance(entries, Problem) else (entries,)
            if not self._restates(first, answer):
                left = answer[first.span.start : first.span.end]
                message = f"This is an equation with ‘{left}’ on the left: write only the value that is asked for."
                return Problem("other-equation", message, first.span)
            operands = tuple(rest)
        members = []
        for operand in operands:
            member = self._read_member(operand, answer)
            if isinstance(member, Problem):
                return member
            members.append(member)
        return tuple(members)

    def _read_member(self, node: s.Node, answer: str) -> Expr | Problem:
        """The reading in the shape that is asked for, or in its transpose where only that fixes every size."""
        member = read_syntax(node, answer, self.scope, self.expected)
        turned = self.expected.transposed
        if isinstance(member, Problem) and turned != self.expected:
            again = read_syntax(node, answer, self.scope, turned)
            if isinstance(again, Expr) and again.shape == turned:
                return again
        return member

    def _restates(self, node: s.Node, answer: str) -> bool:
        """Whether the left side of an equation is the question itself: ∂z/∂w, dz/dw, J, ∇_w z, z."""
        if isinstance(node, s.Name) and node.text not in self.scope.names:
            return node.text in {"J", "grad", "H"}
        open_scope = replace(self.scope, allow_derivatives=True)
        left = read_syntax(node, answer, open_scope)
        if isinstance(left, Problem):
            return False
        if self.kind == "equals":
            return same_meaning(left, self.of)
        if isinstance(left, e.Derivative):
            return self.wrt is not None and same_meaning(left.of, self.of) and same_meaning(left.wrt, self.wrt)
        return False


def _question(kind: str, of_text: str, wrt_text: str | None, scope: Scope) -> Question | Problem:
    letters = _free_letters(kind, of_text, wrt_text, scope)
    opened = scope.binding({letter: Dim.of(f"?index_{letter}") for letter in letters})
    of = read(of_text, replace(opened, allow_derivatives=True), indices_may_be_open=True)
    if isinstance(of, Problem):
        return replace(of, message=f"In ‘{of_text[:60]}’: {of.message}")
    wrt: Expr | None = None
    if kind in DERIVED or (kind == "shape" and wrt_text is not None):
        assert wrt_text is not None
        found = read(wrt_text, opened, indices_may_be_open=True)
        if isinstance(found, Problem):
            return replace(found, message=f"In ‘wrt: {wrt_text[:60]}’: {found.message}")
        wrt = found
    ranges = {letter: _range(letter, of, wrt) for letter in letters}
    unknown = [letter for letter, reach in ranges.items() if reach is None]
    if unknown:
        return Problem("question", f"Nothing says what the index {unknown[0]} runs over.")
    free = {letter: reach for letter, reach in ranges.items() if reach is not None}
    expected = _expected(kind, of, wrt, scope.layout)
    if isinstance(expected, Problem):
        return expected
    return Question(kind, scope.binding(free), of, wrt, scope.layout, free, expected, text=(of_text, wrt_text))


def _free_letters(kind: str, of_text: str, wrt_text: str | None, scope: Scope) -> list[str]:
    """The indices that the question itself uses, such as the i and j of y_i by x_j."""
    if kind not in {"entry", "equals"}:
        return []
    found: list[str] = []
    for text in (of_text, wrt_text or ""):
        with suppress(Refused, RecursionError):  # such a text is refused where it is read
            found += _unbound(parse(text, scope.lexicon), scope.names)
    return list(dict.fromkeys(found))


def _unbound(node: s.Node, known: frozenset[str]) -> Iterator[str]:
    """The index letters below a node that no sum there binds."""
    if isinstance(node, s.BigSum):
        known = known | {node.index}
    if isinstance(node, s.Subscript):
        names = (index.text for index in node.indices if isinstance(index, s.Name))
        yield from (name for name in names if len(name) == 1 and name in _LETTERS and name not in known)
    for child in s.children(node):
        yield from _unbound(child, known)


def _range(letter: str, *parts: Expr | None) -> Dim | None:
    for part in parts:
        for reach in _ranges(letter, part) if part is not None else ():
            if not any(name.startswith("?") for name in reach.names):
                return reach
    return None


def _ranges(letter: str, expr: Expr) -> Iterator[Dim]:
    """The ranges of an index where it is free: a sum over the same letter means another one."""
    seen: set[int] = set()
    rest = [expr]
    while rest:
        node = rest.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, e.Index) and node.name == letter and node.range is not None:
            yield node.range
        body = node.body if isinstance(node, e.Sum) and node.index == letter else None
        rest += [child for child in e.children(node) if child is not body]


def _expected(kind: str, of: Expr, wrt: Expr | None, layout: str) -> Shape | Problem:
    """The shape of a right answer, or why the question makes no sense."""
    if wrt is None:
        return of.shape
    if kind == "entry":
        by_entry = isinstance(wrt, e.Entry) and _is_variable(wrt.base)
        if of.shape.is_scalar and (by_entry or (_is_variable(wrt) and wrt.shape.is_scalar)):
            return SCALAR
        return Problem("question", "‘entry’ asks for one entry by one entry, such as y_i by x_j.")
    if not _is_variable(wrt):
        return Problem("question", "One differentiates by a declared variable, a defined name, or vec of one.")
    if kind in {"gradient", "hessian"} and not of.shape.is_scalar:
        return Problem("question", f"A {kind} is that of a scalar, not of {of.shape.described}.")
    if kind == "gradient":
        return wrt.shape
    if kind == "hessian":
        if not (wrt.shape.is_column or wrt.shape.is_row):
            return Problem("question", "A Hessian is by a vector; ask for vec of a matrix.")
        size = wrt.shape.rows * wrt.shape.columns
        return Shape(size, size)
    shape = derivative_shape(of.shape, wrt.shape, layout)
    if shape is None and kind == "shape":
        return SCALAR
    if shape is None:
        return Problem("question", f"The derivative of {of.shape.described} by {wrt.shape.described} has more than two "
                       "axes: ask for an entry, or for vec by vec.")  # fmt: skip
    return shape


def _is_variable(node: Expr) -> bool:
    if isinstance(node, e.Apply) and node.operation.name == "vec":
        (inner,) = node.arguments
        return _is_variable(inner) and not (isinstance(inner, e.Apply))
    return isinstance(node, e.Variable | e.Defined) and node.item is None


# -- shapes as answers ------------------------------------------------------------------------------------------

_MOST_AXES = 4  # of a matrix by a matrix
_SIZE_WORD = re.compile(r"\d+|[^\W\d_]+\d*")


def _read_shape(answer: str, scope: Scope) -> Axes | Problem:
    """`(m, n)`, `m×n`, `m x n`, `[m, n]`, `(m p, n p)`, `m×l×k×n`."""
    text = answer.replace("\\times", "×").strip()
    offset = len(answer) - len(answer.lstrip())
    whole = Span(offset, offset + max(len(text), 1))
    inner = text
    for opener, closer in (("(", ")"), ("[", "]")):
        if text.startswith(opener) != text.endswith(closer):
            side, sign = ("never closed", opener) if text.startswith(opener) else ("never opened", closer)
            return Problem("syntax", f"This ‘{sign}’ is {side}.", whole)
        if text.startswith(opener):
            inner = text[1:-1]
    parts = inner.split(",") if "," in inner else re.split(r"×|(?<![^\W\d_])x(?![^\W\d_])|(?<=\s)x(?=\s)", inner)
    if not 2 <= len(parts) <= _MOST_AXES:
        return Problem("syntax", "A shape is two sizes, rows first, such as (m, n) or m×n.", whole, ("(m, n)", "m×n"))
    dims = []
    for part in parts:
        dim = _size_of(part.strip(), scope, whole)
        if isinstance(dim, Problem):
            return dim
        dims.append(dim)
    return Axes(tuple(dims))


def _size_of(text: str, scope: Scope, whole: Span) -> Dim | Problem:
    """A size that is a product and sum of size names and whole numbers."""
    total = Dim(())
    if not text:
        return Problem("syntax", "A size is missing here.", whole, ("(m, n)",))
    for term in text.split("+"):
        product = Dim.of(1)
        words = _SIZE_WORD.findall(term)
        if not words or re.sub(r"[\s*·]", "", _SIZE_WORD.sub("", term)):
            return Problem("syntax", f"‘{text}’ is no size: sizes are whole numbers, names and their products.", whole)
        for word in words:
            factors = [word] if word.isdecimal() or canonical(word) in scope.sizes else list(word)
            for factor in factors:
                name = canonical(factor)
                if not factor.isdecimal() and name not in scope.sizes:
                    known = ", ".join(sorted(scope.sizes)) or "none"
                    return Problem("unknown-name", f"‘{word}’ is no size here. The sizes are: {known}.", whole,
                                   nearest(word, scope.sizes))  # fmt: skip
                product = product * Dim.of(int(factor[:6]) if factor.isdecimal() else name)
        total = total + product
    return total
