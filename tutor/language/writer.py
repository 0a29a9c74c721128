"""Typed expression → parts in their order, with the parentheses that reading back needs.

In: an Expr. Out: a Piece, whose body a subclass makes: a line, a block in two dimensions, LaTeX. The
decision owned here: where parentheses stand, and how a product is spelled. It mirrors the grammar in
`parse.py`: a chain of products is read from the left with juxtaposed factors first, what follows a
quotient after a space multiplies the quotient, and a sum takes in all of the product behind it.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from typing import Generic, TypeVar

from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operation import Form, Level, Operation
from tutor.language.operations import CALLS, OPERATIONS, SPECIAL
from tutor.language.shape import ONE, Dim
from tutor.language.tokens import MOST_DIGITS

T = TypeVar("T")

MINUS = "−"
# How a part that begins or ends with a fraction's bar says so.
BAR = "/"
RAISED = "ᵀ⁻⁰¹²³⁴⁵⁶⁷⁸⁹ⁿᵐᵏⁱʲ"
DIGITS = "0123456789"  # 𝟏 is no number
_LONGEST_PLAIN = 20
_LONGEST_SPINE = 100
# The words that mean something before a subscript or a prime, so that a name such as `σ1` keeps its digit.
_WORDS = frozenset({*CALLS, *SPECIAL, "d"})


@dataclass(frozen=True, slots=True)
class Piece(Generic[T]):
    """A part that is written, and what its neighbours must know of it.

    `level` says how tightly it hangs together, `first` and `last` which characters stand at its ends,
    `spaced` whether it has gaps, and `open` that it would take in any factor that came behind it.
    """

    body: T
    level: Level
    first: str
    last: str
    spaced: bool = False
    open: bool = False


class Writer(ABC, Generic[T]):
    """`names` are the names that a reader would take for declared ones."""

    exact = True  # whether reading back must give the same tree, not only the same value

    def __init__(self, names: frozenset[str] = frozenset()) -> None:
        self.names = names

    # -- what a subclass makes --------------------------------------------------------------------------------

    @abstractmethod
    def text(self, text: str) -> T: ...

    @abstractmethod
    def join(self, *parts: T) -> T:
        """The parts side by side."""

    @abstractmethod
    def enclosed(self, opener: str, body: T, closer: str) -> T: ...

    @abstractmethod
    def name(self, name: str) -> T: ...

    @abstractmethod
    def word(self, name: str) -> T:
        """The name of a function."""

    @abstractmethod
    def subscript(self, base: T, short: str | None, full: str) -> T:
        """A base with its indices: `short` as letters side by side, where they can be."""

    @abstractmethod
    def superscript(self, base: T, text: str) -> T:
        """A base with `ᵀ`, `⁻¹` or a whole number above, in Unicode's raised characters."""

    @abstractmethod
    def raised(self, base: T, sign: str, exponent: Expr) -> T: ...

    @abstractmethod
    def fraction(self, above: Expr, below: Expr) -> Piece[T]: ...

    @abstractmethod
    def root(self, of: Expr) -> Piece[T] | None: ...

    @abstractmethod
    def sum_sign(self, node: e.Sum, inferred: bool) -> T:
        """The sign with its index; `inferred` where reading finds the same bounds without their being written."""

    @abstractmethod
    def cases(self, node: e.Cases, rows: Sequence[tuple[Expr, Expr]], otherwise: Expr | None) -> Piece[T]: ...

    @abstractmethod
    def matrix(self, rows: Sequence[Sequence[Expr]]) -> Piece[T]: ...

    @abstractmethod
    def slope(self, of: Piece[T], wrt: Piece[T]) -> Piece[T]:
        """`∂of/∂wrt`."""

    @abstractmethod
    def has_bars(self, sign: str, body: T) -> bool:
        """Whether bars stand in the body already, so that more around it could be read in two ways."""

    # -- parts --------------------------------------------------------------------------------------------------

    def whole(self, expr: Expr) -> T:
        return self.piece(expr).body

    def piece(self, expr: Expr) -> Piece[T]:
        match expr:
            case e.Number(value=value):
                return self.number(value)
            case e.Size(dim=dim):
                return self.size(dim)
            case e.Index(name=name):
                return self.named(name)
            case e.Variable(name=name, item=item) | e.Defined(name=name, item=item):
                return self.named(name) if item is None else self.indexed(name, [item])
            case e.Filled():
                return self.filled(expr)
            case e.Unit(index=index):
                return self.call("unit", [self.whole(index), self.text(size_text(expr.shape.rows))])
            case e.Apply():
                return self.applied(expr)
            case e.Function(name=name, order=order, argument=argument):
                word = self.spelling(OPERATIONS[name]) if name in OPERATIONS else name
                return self.call(word, [self.whole(argument)], "'" * order)
            case e.Entry():
                return self.entry(expr)
            case e.Sum():
                return self.summed(expr)
            case e.Cases(branches=branches, otherwise=otherwise):
                return self.chosen(expr, branches, otherwise)
            case e.Blocks(rows=rows):
                return self.matrix(with_zeros(rows))
            case e.Derivative():
                return self.derivative(expr)
        raise AssertionError(expr)

    def at(self, expr: Expr, level: Level, last: bool = True) -> Piece[T]:
        """A part that stands where only `level` or tighter may stand; `last` if no factor can follow it."""
        return self.fitted(self.piece(expr), level, last)

    def fitted(self, piece: Piece[T], level: Level, last: bool = True) -> Piece[T]:
        return self.grouped(piece) if piece.level < level or (piece.open and not last) else piece

    def grouped(self, piece: Piece[T]) -> Piece[T]:
        return Piece(self.enclosed("(", piece.body, ")"), Level.ATOM, "(", ")", piece.spaced)

    def unsigned(self, piece: Piece[T]) -> Piece[T]:
        """The part in parentheses where it begins with a minus, behind another sign."""
        return self.grouped(piece) if piece.first == MINUS else piece

    def call(self, word: str, arguments: Sequence[T], primes: str = "") -> Piece[T]:
        inner: list[T] = []
        for argument in arguments:
            inner += [self.text(", "), argument] if inner else [argument]
        head = self.join(self.word(word), self.text(primes)) if primes else self.word(word)
        body = self.join(head, self.enclosed("(", self.join(*inner), ")"))
        return Piece(body, Level.ATOM, word[0], ")")

    def spelling(self, operation: Operation) -> str:
        """What a call is written as: its sign, unless a declared name has taken that."""
        return next((s for s in (operation.sign, *operation.spellings) if s not in self.names), operation.sign)

    def glue(self, left: Piece[T], right: Piece[T]) -> str:
        """What stands between two juxtaposed factors."""
        if left.last in DIGITS and left.first in DIGITS:  # a number
            return "" if right.first in "([‖|" or (right.first.isalpha() and right.first not in "eEΣ∑") else " "
        return "" if left.last in RAISED and (right.first.isalpha() or right.first == "(") else " "

    # -- leaves -------------------------------------------------------------------------------------------------

    def number(self, value: Fraction) -> Piece[T]:
        text = number_text(abs(value))
        if text is None:
            return self.fraction(e.Number(Fraction(value.numerator)), e.Number(Fraction(value.denominator)))
        if value < 0:
            return Piece(self.text(MINUS + text), Level.NEGATIVE, MINUS, text[-1])
        level, last = (Level.POSTFIX, "e") if "e" in text else (Level.ATOM, text[-1])
        return Piece(self.text(text), level, text[0], last)

    def size(self, dim: Dim) -> Piece[T]:
        text = size_text(dim)
        simple = dim.lone is not None or dim.constant is not None
        level = Level.ATOM if simple else Level.SUM if len(dim.terms) > 1 else Level.PRODUCT
        return self.named(text) if dim.lone else Piece(self.text(text), level, text[0], text[-1], not simple)

    def named(self, name: str) -> Piece[T]:
        return Piece(self.name(name), Level.ATOM, name[0], "x")

    def indexed(self, name: str, indices: Sequence[Expr], is_list: bool = True) -> Piece[T]:
        short, full = indices_text(indices, is_list)
        return Piece(self.subscript(self.name(name), short, full), Level.ATOM, name[0], "i")

    def filled(self, expr: e.Filled) -> Piece[T]:
        rows, columns = expr.shape.dims
        square = expr.name == "eye"
        if (square and "I" not in self.names) or (expr.name == "ones" and columns == ONE and rows != ONE):
            letter = "I" if square else "𝟏"
            text = size_text(rows)
            short = text if len(text) == 1 else None
            return Piece(self.subscript(self.text(letter), short, text), Level.ATOM, letter, "i")
        sizes = [rows] if square or columns == ONE else [rows, columns]
        return self.call(expr.name, [self.text(size_text(size)) for size in sizes])

    # -- entries ------------------------------------------------------------------------------------------------

    def entry(self, expr: e.Entry) -> Piece[T]:
        base, row, column = expr.base, expr.row, expr.column
        if base.shape.is_column and column == _FIRST:
            indices = [row]
        elif base.shape.is_row and row == _FIRST:
            indices = [column]
        else:
            indices = [row, column]
        if isinstance(base, e.Variable | e.Defined):
            if base.item is not None:
                return self.indexed(base.name, [base.item, *indices])
            digits = isinstance(indices[0], e.Number) and f"{base.name}{indices[0].value}" in self.names
            if not digits:
                return self.indexed(base.name, indices, is_list=False)
        piece = self.at(base, Level.ATOM, last=False)
        if isinstance(base, e.Filled | e.Variable | e.Defined | e.Blocks) and piece.first != "(":
            piece = self.grouped(piece)
        short, full = indices_text(indices, is_list=False)
        return Piece(self.subscript(piece.body, short, full), Level.ATOM, piece.first, "i")

    # -- operations ---------------------------------------------------------------------------------------------

    def applied(self, expr: e.Apply) -> Piece[T]:
        operation = expr.operation
        if operation.is_condition:
            body = self.condition(expr).body
            return Piece(self.enclosed("[", body, "]"), Level.ATOM, "[", "]", True)
        match operation.form:
            case Form.INFIX if operation.level == Level.SUM:
                return self.added(expr)
            case Form.INFIX if operation.name == "times":
                return self.times(expr)
            case Form.INFIX if operation.name == "dot":
                return self.dot(expr)
            case Form.INFIX:
                return self.infix(expr)
            case Form.PREFIX:
                return self.prefixed(expr)
            case Form.POSTFIX:
                return self.postfixed(expr)
            case Form.POWER:
                return self.power(expr)
            case Form.FRACTION:
                return self.fraction(*expr.arguments)
            case Form.BARS:
                return self.bars(expr)
            case Form.CONSTANT:
                return Piece(self.name(operation.sign), Level.ATOM, operation.sign, "x")
            case Form.CALL:
                return self.called(expr)

    def added(self, expr: e.Apply) -> Piece[T]:
        first, terms = spine(expr, lambda operation: operation.level == Level.SUM and operation.form == Form.INFIX)
        head = self.at(first, Level.PRODUCT)
        parts = [head.body]
        for operation, term in terms:
            part = self.unsigned(self.at(term, Level.PRODUCT))
            parts += [self.text(operation.sign), part.body]
        return Piece(self.join(*parts), Level.SUM, head.first, part.last, True, part.open)

    def times(self, expr: e.Apply) -> Piece[T]:
        first, terms = spine(expr, lambda operation: operation is expr.operation)
        pieces = [self.piece(first), *(self.piece(factor) for _, factor in terms)]
        # `−2x` is −(2x), and `1[z > 0]` is the indicator alone.
        apart = isinstance(first, e.Number) and pieces[0].first == MINUS
        apart |= first == _FIRST and pieces[1].first == "["
        if apart or any(p.first in DIGITS and p.level >= Level.POSTFIX for p in pieces[1:]):
            return self.dotted(pieces)
        scaling = len(pieces) == 2 and is_quotient(first) and not pieces[0].open
        if scaling and (pieces[0].level == Level.PRODUCT or not self.exact):
            return self.scaled(*pieces)
        pieces = [self.fitted(p, Level.POSTFIX, k == len(terms)) for k, p in enumerate(pieces)]
        parts = [pieces[0].body]
        gap = False
        for left, right in pairwise(pieces):
            space = self.glue(left, right)
            gap |= bool(space)
            parts += [self.text(space), right.body] if space else [right.body]
        last = pieces[-1]
        spaced = gap or any(piece.spaced for piece in pieces)
        return Piece(self.join(*parts), Level.JUXTAPOSED, pieces[0].first, last.last, spaced, last.open)

    def dotted(self, pieces: Sequence[Piece[T]]) -> Piece[T]:
        """A product with a sign: before a number, and behind a negative one."""
        head = self.fitted(pieces[0], Level.NEGATIVE, last=False)
        parts = [head.body]
        for k, piece in enumerate(pieces[1:], 2):
            part = self.fitted(piece, Level.JUXTAPOSED, last=k == len(pieces))
            parts += [self.text("·"), part.body]
        return Piece(self.join(*parts), Level.PRODUCT, head.first, part.last, False, part.open)

    def scaled(self, left: Piece[T], right: Piece[T]) -> Piece[T]:
        """`2/N Xᵀe`: what follows a quotient after a space."""
        right = self.fitted(right, Level.JUXTAPOSED)
        body = self.join(left.body, self.text(" "), right.body)
        return Piece(body, Level.PRODUCT, left.first, right.last, True, right.open)

    def dot(self, expr: e.Apply) -> Piece[T]:
        a, b = expr.arguments
        if not all(part.shape.is_column and not part.shape.is_scalar for part in (a, b)):
            parts = self.join(self.whole(a), self.text(", "), self.whole(b))
            return Piece(self.enclosed("⟨", parts, "⟩"), Level.ATOM, "⟨", "⟩", True)
        left, right = self.at(a, Level.POSTFIX, last=False), self.at(b, Level.POSTFIX)
        body = self.join(left.body, self.text(expr.operation.sign), right.body)
        return Piece(body, Level.PRODUCT, left.first, right.last, left.spaced or right.spaced, right.open)

    def infix(self, expr: e.Apply) -> Piece[T]:
        """Another sign of the product's level, such as ⊙: a chain of it alone, anything else in parentheses."""
        first, terms = spine(expr, lambda operation: operation is expr.operation)
        head = self.factor_of_chain(first, Level.NEGATIVE, last=False)
        parts = [head.body]
        for k, (operation, factor) in enumerate(terms, 1):
            part = self.factor_of_chain(factor, Level.JUXTAPOSED, last=k == len(terms))
            parts += [self.text(operation.sign), part.body]
        return Piece(self.join(*parts), expr.operation.level, head.first, part.last, True, part.open)

    def factor_of_chain(self, expr: Expr, level: Level, last: bool) -> Piece[T]:
        piece = self.at(expr, level, last)
        return self.grouped(piece) if piece.level < Level.POSTFIX and piece.spaced else piece

    def prefixed(self, expr: e.Apply) -> Piece[T]:
        (inner,) = expr.arguments
        piece = self.at(inner, Level.JUXTAPOSED)
        # A fraction's bar is no part of the minus before it.
        gap = self.text(" " if piece.first == BAR else "")
        body = self.join(self.text(expr.operation.sign), gap, piece.body)
        return Piece(body, expr.operation.level, expr.operation.sign, piece.last, piece.spaced, piece.open)

    def postfixed(self, expr: e.Apply) -> Piece[T]:
        (inner,) = expr.arguments
        sign = expr.operation.sign
        if expr.operation.name == "inverse" and inner.shape.is_scalar:
            return self.called(expr, "inv")
        if expr.operation.name == "transpose" and is_inverse(inner):
            assert isinstance(inner, e.Apply)
            (inner,), sign = inner.arguments, "⁻ᵀ"
        base = self.base(inner)
        return Piece(self.superscript(base.body, sign), Level.POSTFIX, base.first, sign[-1], base.spaced)

    def base(self, expr: Expr) -> Piece[T]:
        """What a superscript stands at. `1ᵀ` is a row of ones and `e²` is exp(2), so these get parentheses."""
        piece = self.at(expr, Level.ATOM, last=False)
        apart = isinstance(expr, e.Number) or (isinstance(expr, e.Apply) and expr.operation.name == "e")
        return self.grouped(piece) if apart else piece

    def power(self, expr: e.Apply) -> Piece[T]:
        inner, exponent = expr.arguments
        base = self.at(inner, Level.ATOM, last=False) if isinstance(inner, e.Number) else self.base(inner)
        spaced = base.spaced
        if expr.operation.sign == "^" and (text := raised_text(exponent)) is not None:
            return Piece(self.superscript(base.body, text), Level.POSTFIX, base.first, text[-1], spaced)
        body = self.raised(base.body, expr.operation.sign, exponent)
        return Piece(body, Level.POSTFIX, base.first, ")", spaced)

    def bars(self, expr: e.Apply) -> Piece[T]:
        (inner,) = expr.arguments
        sign, body = expr.operation.sign, self.whole(inner)
        is_matrix = not (inner.shape.is_column or inner.shape.is_row)
        if self.has_bars(sign, body) or (sign == "|" and is_matrix):
            return self.call(expr.operation.spellings[0], [body])
        return Piece(self.enclosed(sign, body, sign), Level.ATOM, sign, sign)

    def called(self, expr: e.Apply, word: str = "") -> Piece[T]:
        operation, arguments = expr.operation, list(expr.arguments)
        if operation.name == "delta":
            return self.delta(expr)
        if operation.name == "sqrt" and (root := self.root(arguments[0])) is not None:
            return root
        if operation.name in {"maximum", "minimum"}:
            first, rest = spine(expr, lambda other: other is operation)
            arguments = [first, *(argument for _, argument in rest)]
        bodies = [self.whole(argument) for argument in arguments]
        if operation.name == "norm1":
            bodies.append(self.text("1"))
        return self.call(word or self.spelling(operation), bodies)

    def delta(self, expr: e.Apply) -> Piece[T]:
        simple = all(isinstance(a, e.Index) and len(a.name) == 1 for a in expr.arguments)
        if simple and "δ" not in self.names:
            return self.indexed("δ", expr.arguments)
        return self.call("delta" if "δ" in self.names else "δ", [self.whole(a) for a in expr.arguments])

    # -- conditions ---------------------------------------------------------------------------------------------

    def condition(self, expr: Expr, level: Level = Level.OR) -> Piece[T]:
        """A condition without brackets around it, where only conditions of `level` or tighter may stand."""
        if not (isinstance(expr, e.Apply) and expr.operation.is_condition):
            return self.at(expr, level)
        operation = expr.operation
        if operation.form == Form.PREFIX:
            inner = self.condition(expr.arguments[0], operation.level)
            piece = Piece(self.join(self.text(operation.sign), inner.body), operation.level, "n", inner.last, True)
        elif operation.level == Level.COMPARISON:
            left, right = (self.at(argument, Level.SUM) for argument in expr.arguments)
            body = self.join(left.body, self.text(operation.sign), right.body)
            piece = Piece(body, operation.level, left.first, right.last, True)
        else:
            first, terms = spine(expr, lambda other: other is operation)
            tighter = Level(operation.level + 1)
            parts = [self.condition(first, tighter).body]
            for _, term in terms:
                parts += [self.text(operation.sign), self.condition(term, tighter).body]
            piece = Piece(self.join(*parts), operation.level, "c", "c", True)
        return self.grouped(piece) if operation.level < level else piece

    def chosen(
        self, expr: e.Cases, branches: tuple[tuple[Expr, Expr], ...], otherwise: Expr | None
    ) -> Piece[T]:
        """Cases, in which a 0 takes the shape of the other values."""
        values = [value for value, _ in branches] + ([otherwise] if otherwise is not None else [])
        zero = e.Filled("zeros", shape=expr.shape)
        shaped = not expr.shape.is_scalar and any(value != zero for value in values)

        def plain(value: Expr) -> Expr:
            return e.Number(Fraction(0)) if shaped and value == zero else value

        rows = [(plain(value), condition) for value, condition in branches]
        return self.cases(expr, rows, None if otherwise is None else plain(otherwise))

    # -- sums and derivatives -------------------------------------------------------------------------------------

    def summed(self, expr: e.Sum) -> Piece[T]:
        body = self.unsigned(self.at(expr.body, Level.PRODUCT))
        inferred = expr.lower == _FIRST and isinstance(expr.upper, e.Size) and fixes(expr.body, expr.index)
        if len(expr.index) > 1:
            bounds = [] if inferred else [self.whole(expr.lower), self.whole(expr.upper)]
            return self.call("sum", [self.text(expr.index), *bounds, self.whole(expr.body)])
        sign = self.sum_sign(expr, inferred)
        return Piece(self.join(sign, self.text(" "), body.body), Level.POSTFIX, "Σ", body.last, True, True)

    def derivative(self, expr: e.Derivative) -> Piece[T]:
        if expr.gradient:
            full = LINE.whole(expr.wrt)
            of = self.at(expr.of, Level.ATOM)
            sign = self.subscript(self.text("∇"), full if len(full) == 1 else None, full)
            return Piece(self.join(sign, self.text(" "), of.body), Level.POSTFIX, "∇", of.last, True)
        return self.slope(self.at(expr.of, Level.ATOM), self.piece(expr.wrt))


_FIRST = e.Number(Fraction(1))


def spine(
    expr: Expr, goes_on: Callable[[Operation], bool]
) -> tuple[Expr, list[tuple[Operation, Expr]]]:
    """A chain that is read from the left: its first operand, then each operation with its right operand.

    Where it is longer than the reader would take, the first operand is a chain itself.
    """
    terms: list[tuple[Operation, Expr]] = []
    node: Expr = expr
    while isinstance(node, e.Apply) and goes_on(node.operation) and len(terms) < _LONGEST_SPINE:
        left, right = node.arguments
        terms.append((node.operation, right))
        node = left
    return node, terms[::-1]


def is_quotient(expr: Expr) -> bool:
    return isinstance(expr, e.Apply) and expr.operation.form == Form.FRACTION


def is_inverse(expr: Expr) -> bool:
    return isinstance(expr, e.Apply) and expr.operation.name == "inverse" and not expr.shape.is_scalar


def with_zeros(rows: Sequence[Sequence[Expr]]) -> Sequence[Sequence[Expr]]:
    """Blocks with zeros as a bare 0, where the blocks beside and above them say how large these are."""

    def is_zero(item: Expr) -> bool:
        return isinstance(item, e.Filled) and item.name == "zeros"

    alike = len({len(row) for row in rows}) == 1
    if not alike or all(item.shape.is_scalar for row in rows for item in row if not is_zero(item)):
        return rows
    for row in rows:
        for item, column in zip(row, zip(*rows, strict=True), strict=True):
            width = next((other.shape.columns for other in column if not is_zero(other)), None)
            if is_zero(item) and (width != item.shape.columns or all(map(is_zero, row))):
                return rows
    return [[e.Number(Fraction(0)) if is_zero(item) else item for item in row] for row in rows]


def fixes(body: Expr, index: str) -> bool:
    """Whether the index stands at a place in the body that says what it runs over."""
    rest: list[Expr] = [body]
    while rest:
        node = rest.pop()
        match node:
            case e.Entry(row=row, column=column):
                places = [row, column]
            case e.Variable(item=e.Index() as item) | e.Defined(item=e.Index() as item):
                places = [item]
            case e.Unit(index=place):
                places = [place]
            case _:
                places = []
        if any(isinstance(place, e.Index) and place.name == index for place in places):
            return True
        if isinstance(node, e.Sum) and node.index == index:
            rest += [node.lower, node.upper]
        elif not isinstance(node, e.Defined):
            rest += e.children(node)
        elif node.item is not None:
            rest.append(node.item)
    return False


# -- texts ------------------------------------------------------------------------------------------------------


def number_text(value: Fraction) -> str | None:
    """A number of 0 or more as an exact decimal; None where it has none."""
    rest = value.denominator
    twos = fives = 0
    while rest % 2 == 0:
        rest, twos = rest // 2, twos + 1
    while rest % 5 == 0:
        rest, fives = rest // 5, fives + 1
    if rest != 1:
        return None
    places = max(twos, fives)
    digits = str(Decimal(value.numerator * 10**places // value.denominator))
    if len(digits) <= _LONGEST_PLAIN and places < _LONGEST_PLAIN:
        padded = digits.rjust(places + 1, "0")
        return f"{padded[:-places]}.{padded[-places:]}" if places else digits
    bare = digits.rstrip("0")
    exponent = len(digits) - len(bare) - places
    # The exponent may have to give way to digits, as the reader takes only so many.
    shift = exponent - max(-MOST_DIGITS, min(MOST_DIGITS, exponent))
    if shift > 0:
        return f"{bare}{'0' * shift}e{MOST_DIGITS}"
    if shift < 0:
        padded = bare.rjust(1 - shift, "0")
        return f"{padded[:shift]}.{padded[shift:]}e-{MOST_DIGITS}"
    return f"{bare}e{exponent}" if exponent else bare


def size_text(dim: Dim) -> str:
    """A size as the reader takes it: positive terms first."""
    terms = sorted(dim.terms, key=lambda term: (term[1] < 0, not term[0], term[0]))
    return str(replace(dim, terms=())) if not terms else "".join(
        (" − " if c < 0 else " + " if k else "") + _term(m, abs(c)) for k, (m, c) in enumerate(terms)
    )  # fmt: skip


def _term(names: tuple[str, ...], coefficient: int) -> str:
    return "·".join([str(coefficient)] * (coefficient != 1 or not names) + list(names))


def raised_text(exponent: Expr) -> str | None:
    """An exponent in raised characters, where it has them: whole numbers, and n, m, k, i, j."""
    match exponent:
        case e.Number(value=value) if value.denominator == 1 and abs(value) < 10**6:
            return str(value.numerator).translate(_SMALL_ABOVE)
        case e.Size(dim=dim) if dim.lone in _LETTERS_ABOVE:
            return _LETTERS_ABOVE[str(dim.lone)]
        case e.Index(name=name) | e.Variable(name=name, item=None) | e.Defined(name=name, item=None):
            return _LETTERS_ABOVE.get(name)
    return None


_SMALL_ABOVE = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")
_LETTERS_ABOVE = dict(zip("nmkij", "ⁿᵐᵏⁱʲ", strict=True))


def indices_text(indices: Sequence[Expr], is_list: bool) -> tuple[str | None, str]:
    """Indices as characters side by side, where these can be told apart again; and with commas."""
    texts = [index_text(index) for index in indices]
    numbers = [text.isdigit() for text in texts]
    touching = any(a and b for a, b in pairwise(numbers))
    two_digits = not is_list and len(texts) == 2 and all(numbers) and len("".join(texts)) == 2
    simple = all(len(text) == 1 or text.isdigit() for text in texts)
    short = "".join(texts) if simple and (not touching or two_digits) else None
    return short, ",".join(texts)


def index_text(index: Expr) -> str:
    piece = LINE.piece(index)
    if piece.level == Level.SUM:
        return piece.body.replace(" + ", "+").replace(" − ", "−")
    return piece.body if piece.level >= Level.POSTFIX else f"({piece.body})"


def digits_apart(name: str) -> tuple[str, str] | None:
    """A name of one letter with digits, such as W1, as the letter and the digits; None for any other."""
    stem = name.rstrip("0123456789")
    if len(stem) == 1 and stem != name and stem not in _WORDS:
        return stem, name[1:]
    return None


_BELOW = dict(zip("0123456789ijklmnprst", "₀₁₂₃₄₅₆₇₈₉ᵢⱼₖₗₘₙₚᵣₛₜ", strict=True))


def below(text: str) -> str | None:
    """The text in lowered characters, where each has one."""
    return "".join(_BELOW[c] for c in text) if all(c in _BELOW for c in text) else None


class LineWriter(Writer[str]):
    """One line, in the notation's Unicode spelling: what `read` turns back into the same tree."""

    def text(self, text: str) -> str:
        return text

    def join(self, *parts: str) -> str:
        return "".join(parts)

    def enclosed(self, opener: str, body: str, closer: str) -> str:
        return opener + body + closer

    def name(self, name: str) -> str:
        apart = digits_apart(name)
        return f"{apart[0]}{below(apart[1])}" if apart else name

    def word(self, name: str) -> str:
        return name

    def indexed(self, name: str, indices: Sequence[Expr], is_list: bool = True) -> Piece[str]:
        # A name keeps its digits on the line before an index: `W₁ᵢ` would be the entry 1, i of W.
        short, full = indices_text(indices, is_list)
        if "_" in name or any(isinstance(i, e.Index) and len(i.name) > 1 for i in indices):
            return Piece(f"{name}[{full}]", Level.ATOM, name[0], "]")
        return Piece(self.subscript(name, short, full), Level.ATOM, name[0], "i")

    def subscript(self, base: str, short: str | None, full: str) -> str:
        if short is None:
            return f"{base}_{{{full}}}"
        return base + (below(short) or (f"_{short}" if len(short) == 1 else f"_{{{full}}}"))

    def superscript(self, base: str, text: str) -> str:
        return base + text

    def raised(self, base: str, sign: str, exponent: Expr) -> str:
        piece = self.piece(exponent)
        name = isinstance(exponent, e.Variable | e.Defined | e.Size | e.Index) and len(piece.body) == 1
        number = isinstance(exponent, e.Number) and piece.level == Level.ATOM
        return base + sign + (piece.body if name or number else f"({piece.body})")

    def fraction(self, above: Expr, below: Expr) -> Piece[str]:
        over = self.piece(above)
        if over.open or (over.level < Level.POSTFIX and (over.spaced or is_quotient(above))):
            over = self.grouped(over)
        under = self.at(below, Level.POSTFIX)
        if isinstance(below, e.Derivative):
            under = self.grouped(under)
        spaced = over.spaced or under.spaced
        return Piece(f"{over.body}/{under.body}", Level.PRODUCT, over.first, under.last, spaced, under.open)

    def root(self, of: Expr) -> Piece[str] | None:
        piece = self.piece(of)
        plain = isinstance(of, e.Number | e.Size | e.Index | e.Variable | e.Defined) and piece.level == Level.ATOM
        return Piece(f"√{piece.body}", Level.POSTFIX, "√", piece.last) if plain else None

    def sum_sign(self, node: e.Sum, inferred: bool) -> str:
        sign = "∑" if "Σ" in self.names else "Σ"
        if inferred:
            return sign + (below(node.index) or f"_{node.index}")
        top = self.whole(node.upper)
        bounds = f"{sign}_{{{node.index}={self.whole(node.lower)}}}^"
        return bounds + (top if len(top) == 1 else f"{{{top}}}")

    def cases(self, node: e.Cases, rows: Sequence[tuple[Expr, Expr]], otherwise: Expr | None) -> Piece[str]:
        parts = [f"{self.at(value, Level.OR).body} if {self.condition(condition).body}" for value, condition in rows]
        if otherwise is None:
            return Piece("{" + "; ".join(parts) + "}", Level.ATOM, "{", "}", True)
        last = self.piece(otherwise)
        if isinstance(otherwise, e.Cases):
            last = self.grouped(last)
        text = " else ".join([*parts, last.body])
        return Piece(text, Level.CHOICE, text[0], text[-1], True)

    def matrix(self, rows: Sequence[Sequence[Expr]]) -> Piece[str]:
        def item(expr: Expr) -> str:
            piece = self.at(expr, Level.SUM)
            # A row of nothing but brackets would be read as rows.
            return f"({piece.body})" if piece.first == "[" and piece.last == "]" else piece.body

        text = "; ".join(", ".join(map(item, row)) for row in rows)
        return Piece(f"[{text}]", Level.ATOM, "[", "]", True)

    def slope(self, of: Piece[str], wrt: Piece[str]) -> Piece[str]:
        return Piece(f"∂{of.body}/∂{wrt.body}", Level.POSTFIX, "∂", wrt.last)

    def has_bars(self, sign: str, body: str) -> bool:
        return sign in body


LINE = LineWriter()
