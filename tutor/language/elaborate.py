"""Syntax + declarations → typed expression: what each name means, and which shapes meet.

In: the untyped tree, its text, a Scope, the shape that is asked for. Out: an Expr without open sizes.
Raises `Refused` with the place, the shapes and, where one can be computed, what would work. The decision
owned here: what a construct means; which operations there are is decided in the table.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, NoReturn

from tutor.language import expr as e
from tutor.language import syntax as s
from tutor.language.chains import Item, bracket
from tutor.language.expr import Expr
from tutor.language.layout import derivative_shape
from tutor.language.operations import CALLS, COMPARISONS, ELEMENTWISE, OPERATIONS
from tutor.language.refusal import refuse
from tutor.language.scope import LARGEST_SIZE, Definition, Scope
from tutor.language.shape import ONE, SCALAR, Dim, Shape, Sizes
from tutor.language.suggest import nearest
from tutor.source import Span

LARGEST_EXPONENT = 1_000_000
LARGEST_MATRIX_EXPONENT = 64
MOST_BITS = 20_000


def elaborate(
    node: s.Node, text: str, scope: Scope, expected: Shape | None = None, indices_may_be_open: bool = False
) -> Expr:
    """The typed expression of a tree; raises Refused."""
    elaborator = _Elaborator(text, scope)
    if scope.numbers:
        node = s.with_numbers(node, scope.numbers)
    if isinstance(node, s.Comparison | s.Logic):
        code = "other-equation" if isinstance(node, s.Comparison) and "=" in node.signs else "syntax"
        what = "an equation" if code == "other-equation" else "a condition"
        refuse(code, f"This is {what}, and a value is asked for.", node.span)
    return elaborator.finished(elaborator.expr(node), expected, indices_may_be_open)


def elaborate_openly(node: s.Node, text: str, scope: Scope, sizes: Sizes) -> Expr:
    """The same, with sizes left open: `sizes` knows afterwards which of them must be one. Raises Refused."""
    return _Elaborator(text, scope, sizes).expr(node)


class _Elaborator:
    def __init__(self, text: str, scope: Scope, sizes: Sizes | None = None) -> None:
        self.text = text
        self.scope = scope
        self.sizes = sizes or Sizes()
        self.leaves_open = sizes is not None
        self.bracketings: dict[tuple[tuple[str, Shape], ...], list[Any]] = {}
        # The range of each index that is bound here; None where bounds are written out.
        self.indices: dict[str, Dim | None] = dict(scope.indices)
        self.bounded: frozenset[str] = frozenset()  # the indices of sums that say how far they run

    # -- helpers -----------------------------------------------------------------------------------------

    def source(self, node: s.Node | Expr) -> str:
        """What was written at a node, short enough to quote."""
        text = " ".join(self.text[node.span.start : node.span.end].split())
        return text if len(text) <= 40 else text[:39] + "…"

    def quoted(self, node: Expr) -> str:
        """The same, in parentheses where it is to be part of a product."""
        text = self.source(node)
        simple = isinstance(node, e.Variable | e.Defined | e.Number | e.Entry | e.Filled | e.Function)
        closed = text[:1] in "([" and text[-1:] in ")]"
        if simple or closed or (isinstance(node, e.Apply) and node.operation.form.name in {"CALL", "POSTFIX", "BARS"}):
            return text
        return f"({text})"

    def shape(self, node: Expr) -> Shape:
        return self.sizes.shape(node.shape)

    def apply(self, name: str, arguments: Sequence[Expr], span: Span) -> Expr:
        operation = OPERATIONS[name]
        found = operation.shape(self.sizes, [self.shape(a) for a in arguments])
        if isinstance(found, str):
            self.mismatch(name, found, arguments, span)
        return e.Apply(operation, tuple(arguments), shape=found, span=span)

    def mismatch(self, name: str, sentence: str, arguments: Sequence[Expr], span: Span) -> NoReturn:
        shown = [self.source(a) for a in arguments]
        word = {"inverse": "an inverse", "power": "a power"}.get(name, OPERATIONS[name].sign)
        sentence = sentence.replace("this needs", f"{word} needs")
        if name in {"power", "outer"}:
            message = f"In ‘{self.text[span.start : span.end]}’, {sentence}."
        elif len(arguments) == 2:
            first, second = (self.shape(a).described for a in arguments)
            are = f"‘{shown[0]}’ is {first} and ‘{shown[1]}’ is {second}"
            ends = {
                "times": "and their product does not meet",
                "add": "and they cannot be added",
                "subtract": "and one cannot be taken from the other",
                "divide": "and one can divide by a scalar only",
                "dot": "and a dot product needs two columns of one size",
            }.get(name, "and they do not have one shape")
            message = f"{are}, {ends}."
        else:
            message = f"‘{shown[0]}’ does not fit: {sentence}." if shown else f"{sentence}."
        refuse("shape-conflict", message, span, *self.remedies(name, arguments))

    def remedies(self, name: str, arguments: Sequence[Expr]) -> list[str]:
        """What would have a shape in place of an operation that has none."""
        if len(arguments) != 2:
            return []
        a, b = arguments
        p, q = self.shape(a), self.shape(b)
        left, right = self.quoted(a), self.quoted(b)
        if name == "times":
            if p == q and p.is_column:
                return [f"{left}·{right}", f"{left} .* {right}", f"{left} {right}'"]
            if p == q and p.is_row:
                return [f"{left} {_turned(right)}", f"{left} .* {right}"]
            tries = [
                (p.transposed, q, f"{_turned(left)} {right}"),
                (p, q.transposed, f"{left} {_turned(right)}"),
                (q, p, f"{right} {left}"),
                (p.transposed, q.transposed, f"{_turned(left)} {_turned(right)}"),
            ]
            return [text for x, y, text in tries if x.columns == y.rows][:2]
        if name in {"add", "subtract", "hadamard", "over", "maximum", "minimum"} and p == q.transposed:
            sign = {"add": "+", "subtract": "-", "hadamard": ".*", "over": "./"}.get(name)
            return [f"{left} {sign} {_turned(right)}", f"{_turned(left)} {sign} {right}"] if sign else []
        if name == "dot":
            return [f"sum({left} .* {right})"] if p == q else []
        if name == "divide":
            return [f"{left} ./ {right}"] if p == q or p.is_scalar else []
        return []

    # -- the end of a reading ---------------------------------------------------------------------------------

    def finished(self, node: Expr, expected: Shape | None, indices_may_be_open: bool) -> Expr:
        """The expression with all sizes known, and a bare 0 as the zero of the shape asked for."""
        if expected is not None and _is_zero(node) and not expected.is_scalar:
            return e.Filled("zeros", shape=expected, span=node.span)
        if not self.sizes.has_open and not self.sizes.mark():
            return node
        if expected is not None:
            self.sizes.meet_shapes(node.shape, expected)
            known = {dim for dim in expected.dims if dim != ONE}
            if len(known) == 1:
                for part in e.walk(node):
                    self.settle(part, next(iter(known)))
        for part in e.walk(node):
            for dim in part.shape.dims:
                if self.sizes.is_open(dim) and not (indices_may_be_open and _is_index_range(self.sizes(dim))):
                    refuse("shape-conflict", f"Nothing fixes the size of ‘{self.source(part)}’ here: write it out.",
                           part.span, *self.with_size(part))  # fmt: skip
        return self.closed(node)

    def settle(self, part: Expr, size: Dim) -> None:
        """Take a size that nothing else fixes from what is asked for."""
        if isinstance(part, e.Filled | e.Unit):
            for dim in part.shape.dims:
                if self.sizes.is_open(dim):
                    self.sizes.meet(dim, size)

    def with_size(self, part: Expr) -> list[str]:
        size = min(self.scope.sizes, key=lambda name: (name != "n", name), default=None)
        if size is None or not isinstance(part, e.Filled):
            return []
        return [f"I_{size}" if part.name == "eye" else f"{part.name}({size})"]

    def closed(self, node: Expr) -> Expr:
        """The tree with every size put in that was found out."""
        done: dict[int, Expr] = {}

        def close(part: Expr) -> Expr:
            if id(part) not in done:
                changed = e.rebuilt(part, close)
                shape = self.sizes.shape(changed.shape)
                if shape != changed.shape:
                    changed = replace(changed, shape=shape)
                if isinstance(changed, e.Index) and changed.range is not None:
                    changed = replace(changed, range=self.sizes(changed.range))
                if isinstance(changed, e.Size):
                    changed = replace(changed, dim=self.sizes(changed.dim))
                done[id(part)] = changed
            return done[id(part)]

        return close(node) if self.sizes.mark() else node

    # -- nodes ------------------------------------------------------------------------------------------------

    def expr(self, node: s.Node) -> Expr:
        return _METHODS[type(node)](self, node)

    def number(self, node: s.Number) -> Expr:
        if node.value.numerator.bit_length() + node.value.denominator.bit_length() > MOST_BITS:
            refuse("too-large", f"A number may have at most {MOST_BITS:,} bits.", node.span)
        return e.Number(node.value, span=node.span)

    def group(self, node: s.Group) -> Expr:
        return replace(self.expr(node.inner), span=node.span)

    def name(self, node: s.Name) -> Expr:
        word, scope, span = node.text, self.scope, node.span
        if word in self.indices and (word not in scope.names or word not in scope.variables):
            return e.Index(word, self.indices[word], span=span)
        if word in scope.variables:
            declared = scope.variables[word]
            if declared.is_function:
                refuse("syntax", f"{word} is a function: it needs its argument.", span, f"{word}(x)")
            if declared.items is not None:
                refuse("shape-conflict", f"{word} is a list of {declared.items}: one of its items is meant here, "
                       f"such as {word}_i in a sum.", span, f"{word}_i")  # fmt: skip
            return e.Variable(word, shape=declared.shape, span=span)
        if word in scope.definitions:
            definition = scope.definitions[word]
            if definition.index is not None:
                refuse("shape-conflict", f"{word} is defined for each {definition.index}: it needs its index here.",
                       span, f"{word}_{definition.index}")  # fmt: skip
            return e.Defined(word, definition.body, shape=definition.body.shape, span=span)
        if word in scope.sizes:
            return e.Size(Dim.of(word), span=span)
        if word == "I":
            size = self.sizes.fresh(least=2)
            return e.Filled("eye", shape=Shape(size, size), span=span)
        if word == "𝟏":
            return e.Filled("ones", shape=Shape(self.sizes.fresh(least=2), ONE), span=span)
        if word == "𝟙":
            return e.Number(Fraction(1), span=span)
        if word in {"e", "π"}:
            return self.apply("e" if word == "e" else "pi", (), span)
        stem = word.rstrip("0123456789")
        if stem != word and stem in scope.names:
            index = s.Number(Span(span.start + len(stem), span.end), Fraction(word[len(stem) :]))
            return self.subscript(s.Subscript(span, s.Name(Span(span.start, span.start + len(stem)), stem), (index,)))
        return self.unknown(word, span)

    def unknown(self, word: str, span: Span) -> Expr:
        known = self.scope.names
        if word == "D":
            refuse("syntax", "D needs what is differentiated, and by what.", span, "D(a, z)")
        if word in {"δ", "delta"}:
            refuse("syntax", "δ has two indices.", span, "δ_ij")
        if word in CALLS or word in {"ones", "zeros", "eye", "unit"}:
            refuse("syntax", f"{word} is a function: it needs its argument in parentheses.", span, f"{word}(…)")
        if len(word) == 1 and word in "ijkl":
            refuse("unknown-name", f"Nothing binds the index {word} here: a sum does, such as sum_{word}.", span)
        near = nearest(word, [*known, *CALLS, "ones", "zeros", "eye", "unit"])
        there = ", ".join(sorted(known)) or "none"
        shown = word if len(word) <= 40 else word[:39] + "…"
        refuse("unknown-name", f"‘{shown}’ is not declared here. Declared: {there}.", span, *near)
        raise AssertionError

    # -- entries and indices -------------------------------------------------------------------------------------

    def subscript(self, node: s.Subscript) -> Expr:
        base, indices, span = node.base, node.indices, node.span
        if isinstance(base, s.Name):
            special = self.named_subscript(base.text, base, indices, span)
            if special is not None:
                return special
        if isinstance(base, s.Bars) and base.sign == "‖" and len(indices) == 1:
            return self.named_norm(base, indices[0], span)
        return self.entry(self.expr(base), indices, span)

    def named_subscript(self, word: str, base: s.Name, indices: tuple[s.Node, ...], span: Span) -> Expr | None:
        """The subscripts that are more than entries: names with digits, lists, definitions, δ, I_n."""
        scope = self.scope
        if len(indices) == 1 and isinstance(indices[0], s.Number):
            joined = f"{word}{indices[0].value}"
            if joined in scope.names:
                return self.name(s.Name(span, joined))
        if word in scope.variables and (reach := scope.variables[word].items) is not None:
            declared = scope.variables[word]
            item = self.index(indices[0], reach)
            inner = e.Variable(word, item, shape=declared.shape, span=span)
            return self.entry(inner, indices[1:], span) if len(indices) > 1 else inner
        if word in scope.definitions and (definition := scope.definitions[word]).index is not None:
            assert definition.range is not None
            item = self.index(indices[0], definition.range)
            defined = self.defined_item(word, definition, item, span)
            return self.entry(defined, indices[1:], span) if len(indices) > 1 else defined
        if word in scope.names:
            return None
        if word in {"δ", "delta"} and len(indices) == 2:
            return self.apply("delta", [self.expr(i) for i in self.as_indices(indices)], span)
        if word in {"I", "𝟏"} and len(indices) == 1 and not self.is_index(indices[0]):
            size = self.dim(indices[0])
            shape = Shape(size, size if word == "I" else ONE)
            return e.Filled("eye" if word == "I" else "ones", shape=shape, span=span)
        return None

    def named_norm(self, bars: s.Bars, which: s.Node, span: Span) -> Expr:
        """`‖x‖_1`, `‖x‖_2`, `‖A‖_F`: the norm that the index names."""
        inner = self.expr(bars.inner)
        flat = inner.shape.is_column or inner.shape.is_row
        if isinstance(which, s.Number) and which.value in (1, 2) and flat:
            return self.apply("norm" if which.value == 2 else "norm1", [inner], span)
        if isinstance(which, s.Name) and which.text == "F":
            return self.apply("norm", [inner], span)
        known = "‖x‖_1 and ‖x‖_2 of a vector" if flat else "‖A‖_F of a matrix"
        refuse("syntax", f"The norms that are known here: {known}.", span)
        raise AssertionError

    def defined_item(self, word: str, definition: Definition, item: Expr, span: Span) -> Expr:
        def put(part: Expr) -> Expr:
            if isinstance(part, e.Index) and part.name == definition.index:
                return item
            return e.rebuilt(part, put)

        body = put(definition.body)
        return e.Defined(word, body, item, shape=body.shape, span=span)

    def is_index(self, node: s.Node) -> bool:
        return isinstance(node, s.Name) and node.text in self.indices

    def as_indices(self, indices: tuple[s.Node, ...]) -> tuple[s.Node, ...]:
        """Indices of which undeclared ones are refused as such."""
        for node in indices:
            if isinstance(node, s.Name) and node.text not in self.indices and node.text not in self.scope.sizes:
                self.unbound(node)
        return indices

    def unbound(self, node: s.Name) -> None:
        if node.text in self.scope.names:
            refuse("shape-conflict", f"‘{node.text}’ is no index.", node.span)
        bound = ", ".join(self.indices) or "none"
        refuse("unknown-name", f"Nothing binds the index {node.text}: neither a sum nor the question "
               f"(bound here: {bound}).", node.span, f"sum_{node.text}")  # fmt: skip

    def entry(self, base: Expr, indices: tuple[s.Node, ...], span: Span) -> Expr:
        shape = self.shape(base)
        if shape.is_scalar:
            refuse("shape-conflict", f"‘{self.source(base)}’ is a scalar: it has no entries.", span)
        self.check_zero(base, indices)
        one = e.Number(Fraction(1), span=span)
        if shape.is_column and len(indices) == 1:
            return e.Entry(base, self.index(indices[0], shape.rows), one, span=span)
        if shape.is_row and len(indices) == 1:
            return e.Entry(base, one, self.index(indices[0], shape.columns), span=span)
        if len(indices) == 1 and isinstance(indices[0], s.Number):
            digits = str(indices[0].value)
            if len(digits) == 2 and digits.isdigit():
                indices = tuple(s.Number(indices[0].span, Fraction(d)) for d in digits)
        flat = shape.is_column or shape.is_row
        across = indices[-1] if shape.is_column else indices[0]
        if len(indices) != 2 or (flat and isinstance(across, s.Number) and across.value != 1):
            what = "one index" if flat else "two indices"
            refuse("shape-conflict", f"‘{self.source(base)}’ is {shape.described}: an entry of it has {what}.", span)
        row, column = self.index(indices[0], shape.rows), self.index(indices[1], shape.columns)
        return e.Entry(base, row, column, span=span)

    def check_zero(self, base: Expr, indices: tuple[s.Node, ...]) -> None:
        """Other languages' first entry: `x[0]`."""
        numbers = [index.value for index in indices if isinstance(index, s.Number)]
        if 0 in numbers and len(numbers) == len(indices):
            place = ",".join(str(number + 1) for number in numbers)
            text = f"{self.quoted(base)}_{place}" if len(numbers) == 1 else f"{self.quoted(base)}_{{{place}}}"
            refuse("shape-conflict", "Entries are counted from 1: there is no entry 0.",
                   indices[0].span.to(indices[-1].span), text)  # fmt: skip

    def index(self, node: s.Node, reach: Dim) -> Expr:
        """An index at a place that runs from 1 to `reach`."""
        if isinstance(node, s.Name) and node.text in self.indices:
            bound = self.indices[node.text]
            if bound is not None and node.text in self.bounded and not bound.lone and self.sizes.is_open(reach):
                return e.Index(node.text, bound, span=node.span)  # n − 1 is no sign of the size of unit(i)
            meet = bound is None or self.sizes.meet(bound, reach) or self.stops_short(node.text, bound, reach)
            if bound is not None and not meet:
                refuse("shape-conflict", f"The index {node.text} runs to {self.sizes(reach)} here, and to "
                       f"{self.sizes(bound)} elsewhere.", node.span)  # fmt: skip
            return e.Index(node.text, bound, span=node.span)
        if isinstance(node, s.Name) and node.text not in self.scope.names:
            self.unbound(node)
        index = self.expr(node)
        if isinstance(index, e.Number):
            if index.value.denominator != 1:
                refuse("shape-conflict", "An index is a whole number.", node.span)
            most = self.sizes(reach).constant
            if index.value < 1:
                refuse("shape-conflict", f"Entries are counted from 1: there is no entry {index.value}.", node.span)
            if index.value > (most if most is not None else LARGEST_SIZE):
                last = most if most is not None else LARGEST_SIZE
                refuse("shape-conflict", f"There is no entry {index.value}: the last one is {last}.", node.span)
            return index
        for part in e.walk(index):
            whole = isinstance(part, e.Number | e.Size | e.Index) or (
                isinstance(part, e.Apply) and part.operation.name in {"add", "subtract", "times"}
            )
            if not whole or (isinstance(part, e.Number) and part.value.denominator != 1):
                refuse("shape-conflict", "An index is made of whole numbers, sizes and indices.", node.span)
        return index

    def stops_short(self, name: str, bound: Dim, reach: Dim) -> bool:
        """Whether a sum's own bound keeps its index inside a longer range, as in sum_{i=1}^{n-1} x_i."""
        left = (self.sizes(reach) - self.sizes(bound)).constant
        few = self.sizes(bound).constant is not None and self.sizes(reach).constant is None
        return name in self.bounded and (few or (left is not None and left > 0))

    def dim(self, node: s.Node) -> Dim:
        """A size written as an argument, such as the n + 1 of ones(n + 1)."""
        value = self.expr(node)
        dim = _as_dim(value)
        if dim is None:
            names = ", ".join(sorted(self.scope.sizes)) or "none here"
            code = "unknown-name" if isinstance(value, e.Index) else "shape-conflict"
            refuse(code, f"‘{self.source(node)}’ is no size: sizes are whole numbers and {names}.", node.span)
        if dim.constant is not None and not 1 <= dim.constant <= LARGEST_SIZE:
            refuse("too-large", f"A size must lie between 1 and {LARGEST_SIZE}, not {dim}.", node.span)
        return dim

    # -- sums ----------------------------------------------------------------------------------------------------

    def big_sum(self, node: s.BigSum) -> Expr:
        lower = self.bound(node.lower) if node.lower is not None else e.Number(Fraction(1), span=node.span)
        upper = self.bound(node.upper) if node.upper is not None else None
        reach: Dim | None = None
        if upper is None:
            if node.lower is not None:
                refuse("syntax", "This sum has a lower bound and no upper one.", node.span,
                       f"sum_{{{node.index}=1}}^n")  # fmt: skip
            reach = self.sizes.fresh()
        elif isinstance(lower, e.Number) and lower.value == 1:
            reach = _as_dim(upper)
            if reach is not None and reach.constant is not None and reach.constant > LARGEST_SIZE:
                refuse("too-large", f"A sum may run to {LARGEST_SIZE} at most, not {reach}.", node.span)
        outer = dict(self.indices)
        self.indices[node.index] = reach
        around = self.bounded
        self.bounded = around - {node.index} if upper is None else around | {node.index}
        body = self.expr(node.body)
        self.indices, self.bounded = outer, around
        if upper is None:
            assert reach is not None
            if self.sizes.is_open(reach) and not self.leaves_open:
                refuse("shape-conflict", f"Nothing says what the index {node.index} runs over: give the sum its "
                       "bounds.", node.span, f"sum_{{{node.index}=1}}^n")  # fmt: skip
            upper = e.Size(self.sizes(reach), span=node.span)
        return e.Sum(node.index, lower, upper, body, shape=body.shape, span=node.span)

    def bound(self, node: s.Node) -> Expr:
        bound = self.expr(node)
        if _as_dim(bound) is None and not (isinstance(bound, e.Number) and bound.value.denominator == 1):
            refuse("shape-conflict", "The bounds of a sum are whole numbers and sizes.", node.span)
        return bound

    # -- products ------------------------------------------------------------------------------------------------

    def juxtaposed(self, node: s.Juxtaposed) -> Expr:
        parts = [self.expr(f) for f in node.factors]
        self.check_habits(node)
        return bracket(self, [Item("", part) for part in parts], node.span)

    def check_habits(self, node: s.Juxtaposed) -> None:
        """Other languages' entries: `x(1)` is no product of x and 1."""
        for left, right in zip(node.factors, node.factors[1:], strict=False):
            if (
                isinstance(left, s.Name)
                and isinstance(right, s.Group)
                and isinstance(right.inner, s.Number)
                and left.span.end == right.span.start
                and left.text in self.scope.variables
                and not self.scope.variables[left.text].shape.is_scalar
            ):
                refuse("syntax", "Entries are written with an index below.", left.span.to(right.span),
                       f"{left.text}_{right.inner.value}")  # fmt: skip

    def chain(self, node: s.Chain) -> Expr:
        items = self.items(node.first, "")
        for term in node.terms:
            items += self.term(term)
        return bracket(self, items, node.span)

    def items(self, node: s.Node, operator: str) -> list[Item]:
        """An operand as items of a chain: the factors of a juxtaposition one by one, held together."""
        if isinstance(node, s.Juxtaposed):
            self.check_habits(node)
            first, *rest = (self.expr(f) for f in node.factors)
            return [Item(operator, first, starts=len(rest)), *(Item("", r) for r in rest)]
        return [Item(operator, self.expr(node))]

    def term(self, term: s.Term) -> list[Item]:
        operand = term.operand
        negative = isinstance(operand, s.Negative) and isinstance(operand.operand, s.Tight)
        tight = operand.operand if negative and isinstance(operand, s.Negative) else operand
        if not isinstance(tight, s.Tight):
            return self.items(operand, term.operator)
        divisor = self.expr(tight.divisor)
        if negative:
            divisor = self.apply("negative", [divisor], operand.span)
        rest = [self.expr(f) for f in tight.factors]
        items = [Item("/", divisor, open=not tight.fraction_of_numbers, starts=0)]
        return items + [Item("", r, tight=True) for r in rest]

    def negative(self, node: s.Negative) -> Expr:
        operand = self.expr(node.operand)
        if isinstance(operand, e.Number):
            return e.Number(-operand.value, span=node.span)
        return self.apply("negative", [operand], node.span)

    def added(self, node: s.Added) -> Expr:
        result: Expr | None = None
        for sign, part in node.terms:
            term = self.expr(part)
            if result is None:
                result = term
                continue
            span = result.span.to(term.span)
            result = self.apply("add" if sign == "+" else "subtract", [result, term], span)
        assert result is not None
        return result

    def power(self, node: s.Power) -> Expr:
        if isinstance(node.base, s.Name) and node.base.text == "e" and "e" not in self.scope.names:
            return self.apply("exp", [self.expr(node.exponent)], node.span)
        base, exponent = self.expr(node.base), self.expr(node.exponent)
        shape = self.shape(base)
        if isinstance(exponent, e.Number) and abs(exponent.value) > LARGEST_EXPONENT:
            refuse("too-large", f"An exponent may be at most {LARGEST_EXPONENT:,}.", node.exponent.span)
        if isinstance(base, e.Number) and isinstance(exponent, e.Number):
            bits = (base.value.numerator.bit_length() + base.value.denominator.bit_length()) * abs(exponent.value)
            if base.value not in (0, 1, -1) and bits > MOST_BITS:
                refuse("too-large", f"A number may have at most {MOST_BITS:,} bits.", node.span)
        if node.elementwise:
            return self.apply("powers", [base, exponent], node.span)
        if not shape.is_scalar:
            text = self.quoted(base)
            if shape.is_column or shape.is_row:
                ways = [f"{text}.^{self.source(node.exponent)}", f"{text}·{text}", f"{text} {text}'"]
                refuse("shape-conflict", f"‘{self.source(base)}’ is {shape.described}: only scalars and square "
                       "matrices have powers.", node.span, *ways)  # fmt: skip
            if not (isinstance(exponent, e.Number) and exponent.value.denominator == 1):
                refuse("shape-conflict", "The power of a matrix must be a whole number.", node.exponent.span)
            if abs(exponent.value) > LARGEST_MATRIX_EXPONENT:
                refuse("too-large", f"The power of a matrix may be at most {LARGEST_MATRIX_EXPONENT}.",
                       node.exponent.span)  # fmt: skip
            if exponent.value == -1:
                return self.apply("inverse", [base], node.span)
        return self.apply("power", [base, exponent], node.span)

    def prime(self, node: s.Prime) -> Expr:
        if isinstance(node.base, s.Name):
            word = node.base.text
            if word in self.scope.variables and self.scope.variables[word].is_function:
                refuse("syntax", f"{word}′ is a derivative of {word}: it needs its argument.", node.span, f"{word}'(x)")
        return self.transposed(node.base, node.span)

    def transpose(self, node: s.Transpose) -> Expr:
        return self.transposed(node.base, node.span)

    def transposed(self, base: s.Node, span: Span) -> Expr:
        if isinstance(base, s.Number) and base.value in (0, 1):
            size = self.sizes.fresh(least=2)
            if base.value:
                ones = e.Filled("ones", shape=Shape(size, ONE), span=base.span)
                return self.apply("transpose", [ones], span)
            return e.Filled("zeros", shape=Shape(ONE, size), span=span)
        return self.apply("transpose", [self.expr(base)], span)

    # -- conditions and cases ------------------------------------------------------------------------------------

    def comparison(self, node: s.Comparison) -> Expr:
        operands = [self.expr(o) for o in node.operands]
        result: Expr | None = None
        for left, sign, right in zip(operands, node.signs, operands[1:], strict=False):
            for side, other in ((left, right), (right, left)):
                shape = self.shape(side)
                if not (shape.is_column or shape.is_row or self.shape(other).is_scalar or isinstance(side, e.Number)):
                    refuse("shape-conflict", f"‘{self.source(side)}’ is {shape.described}: scalars and vectors "
                           "are compared, entry by entry.", node.span)  # fmt: skip
            part = self.apply(COMPARISONS[sign], [left, right], left.span.to(right.span))
            result = part if result is None else self.apply("and", [result, part], node.span)
        assert result is not None
        return result

    def logic(self, node: s.Logic) -> Expr:
        operands = [self.condition(o) for o in node.operands]
        result = operands[0]
        if node.word == "not":
            return self.apply("not", [result], node.span)
        for operand in operands[1:]:
            result = self.apply(node.word, [result, operand], node.span)
        return result

    def condition(self, node: s.Node) -> Expr:
        condition = self.expr(node)
        is_condition = isinstance(condition, e.Apply) and (
            condition.operation.is_condition or condition.operation.name == "delta"
        )
        if not is_condition:
            refuse("syntax", f"‘{self.source(node)}’ is no condition: a condition compares, such as z > 0.", node.span)
        return condition

    def cases(self, node: s.Cases) -> Expr:
        branches = [(self.expr(value), self.condition(condition)) for value, condition in node.branches]
        otherwise = self.expr(node.otherwise) if node.otherwise is not None else None
        values = [value for value, _ in branches] + ([otherwise] if otherwise is not None else [])
        shape = next((self.shape(v) for v in values if not _is_zero(v)), SCALAR)
        for value in values:
            if not _is_zero(value) and not self.sizes.meet_shapes(value.shape, shape):
                first = next(v for v in values if not _is_zero(v))
                refuse("shape-conflict", f"The cases have different shapes: ‘{self.source(first)}’ is "
                       f"{shape.described}, ‘{self.source(value)}’ is {self.shape(value).described}.", value.span,
                       *([f"{self.quoted(value)}'"] if self.shape(value).transposed == shape else []))  # fmt: skip
        for _, condition in branches:
            if not condition.shape.is_scalar and not self.sizes.meet_shapes(condition.shape, shape):
                if shape.is_scalar:
                    shape = self.shape(condition)
                    continue
                refuse("shape-conflict", f"The condition is {self.shape(condition).described}, its value "
                       f"{self.sizes.shape(shape).described}.", condition.span)  # fmt: skip

        def fill(value: Expr) -> Expr:
            zero = _is_zero(value) and not shape.is_scalar
            return e.Filled("zeros", shape=shape, span=value.span) if zero else value

        return e.Cases(
            tuple((fill(value), condition) for value, condition in branches),
            None if otherwise is None else fill(otherwise),
            shape=shape,
            span=node.span,
        )

    # -- brackets and bars ---------------------------------------------------------------------------------------

    def brackets(self, node: s.Brackets) -> Expr:
        rows = node.rows
        if len(rows) == 1 and len(rows[0]) == 1 and not isinstance(rows[0][0], s.Brackets):
            item = rows[0][0]
            if isinstance(item, s.Juxtaposed) and _has_gap(item):
                refuse("syntax", "Entries are parted by commas, rows by semicolons.", node.span,
                       f"[{', '.join(self.source(f) for f in item.factors)}]")  # fmt: skip
            return replace(self.expr(item), span=node.span)
        if len(rows) == 1 and all(isinstance(i, s.Brackets) and len(i.rows) == 1 for i in rows[0]):
            rows = tuple(i.rows[0] for i in rows[0] if isinstance(i, s.Brackets))
            if len(rows) == 1 and len(rows[0]) == 1:
                return replace(self.expr(rows[0][0]), span=node.span)
        return self.blocks([[self.expr(item) for item in row] for row in rows], node.span)

    def blocks(self, rows: list[list[Expr]], span: Span) -> Expr:
        plain = all(self.shape(item).is_scalar for row in rows for item in row)
        width: Dim | None = None
        height = Dim(())
        made: list[tuple[Expr, ...]] = []
        for flexible in rows if plain else self.zero_blocks(rows):
            tall = flexible[0].shape.rows
            for item in flexible[1:]:
                if not self.sizes.meet(tall, item.shape.rows):
                    refuse("shape-conflict", f"The blocks of one row must be equally high: ‘{self.source(item)}’ is "
                           f"{self.shape(item).described}.", item.span)  # fmt: skip
            wide = sum((item.shape.columns for item in flexible[1:]), flexible[0].shape.columns)
            if width is not None and not self.sizes.meet(width, wide):
                place = flexible[0].span.to(flexible[-1].span)
                refuse("shape-conflict", f"The rows are not equally long: this one has {self.sizes(wide)}, the first "
                       f"{self.sizes(width)}.", place)  # fmt: skip
            width = wide if width is None else width
            height = height + tall
            made.append(tuple(flexible))
        assert width is not None
        return e.Blocks(tuple(made), shape=Shape(self.sizes(height), self.sizes(width)), span=span)

    def zero_blocks(self, rows: list[list[Expr]]) -> list[list[Expr]]:
        """The rows with each 0 as a block, as wide as what stands above or below it where the rows are alike."""
        made = [
            [
                e.Filled("zeros", shape=Shape(self.sizes.fresh(), self.sizes.fresh()), span=item.span)
                if _is_zero(item)
                else item
                for item in row
            ]
            for row in rows
        ]
        if len({len(row) for row in made}) == 1:
            for before, after in zip(zip(*rows, strict=True), zip(*made, strict=True), strict=True):
                width = next((item.shape.columns for item in before if not _is_zero(item)), None)
                for old, new in zip(before, after, strict=True):
                    if width is not None and _is_zero(old):
                        self.sizes.meet(new.shape.columns, width)
        return made

    def bars(self, node: s.Bars) -> Expr:
        inner = self.expr(node.inner)
        if node.sign == "‖":
            return self.apply("norm", [inner], node.span)
        shape = self.shape(inner)
        if not (shape.is_column or shape.is_row):
            text = self.source(inner)
            refuse("shape-conflict", f"Bars around {shape.described} can be read in two ways.", node.span,
                   f"det({text})", f"abs({text})")  # fmt: skip
        return self.apply("abs", [inner], node.span)

    def dot(self, node: s.Dot) -> Expr:
        return self.apply("dot", [self.expr(node.left), self.expr(node.right)], node.span)

    # -- calls ---------------------------------------------------------------------------------------------------

    def call(self, node: s.Call) -> Expr:
        result = self.called(node)
        if node.power is None:
            return result
        name = "power" if result.shape.is_scalar else "powers"
        return self.apply(name, [result, self.expr(node.power)], node.span)

    def called(self, node: s.Call) -> Expr:
        word, span = node.function, node.span
        if word in {"ones", "zeros", "eye", "unit"}:
            return self.constant_call(word, node)
        arguments = [self.expr(a) for a in node.arguments]
        declared = self.scope.variables.get(word)
        if declared is not None and declared.is_function:
            self.count(node, 1, 1)
            return e.Function(word, node.primes, arguments[0], shape=arguments[0].shape, span=span)
        if word not in CALLS:
            self.unknown(word, span)
        operation = CALLS[word]
        name = operation.name
        if node.primes:
            if name not in ELEMENTWISE:
                refuse("syntax", f"{word}′ has no meaning: {word} is no elementwise function.", node.function_span)
            self.count(node, 1, 1)
            return e.Function(name, node.primes, arguments[0], shape=arguments[0].shape, span=span)
        if name == "norm" and len(arguments) == 2:
            return self.norm(node, arguments)
        if name in {"maximum", "minimum"}:
            return self.extreme(node, name, arguments)
        self.count(node, *operation.arity)
        return self.apply(name, arguments, span)

    def norm(self, node: s.Call, arguments: list[Expr]) -> Expr:
        which = arguments[1]
        if isinstance(which, e.Number) and which.value in (1, 2):
            return self.apply("norm" if which.value == 2 else "norm1", arguments[:1], node.span)
        refuse("syntax", "norm(x, 1) and norm(x, 2) are the norms that are known here.", node.arguments[1].span)
        raise AssertionError

    def extreme(self, node: s.Call, name: str, arguments: list[Expr]) -> Expr:
        if len(arguments) == 1:
            return self.apply("largest" if name == "maximum" else "smallest", arguments, node.span)
        if not arguments:
            self.count(node, 1, 2)
        result = arguments[0]
        for argument in arguments[1:]:
            result = self.apply(name, [result, argument], node.span)
        return result

    def count(self, node: s.Call, least: int, most: int) -> None:
        given = len(node.arguments)
        if not least <= given <= most:
            takes = "one argument" if most == 1 else f"{most} arguments"
            example = f"{node.function}({'x' if most == 1 else 'a, b'})"
            message = f"{node.function} takes {takes}, not {given}." if given else f"{node.function} needs {takes}."
            refuse("syntax", message, node.span, example)

    def constant_call(self, word: str, node: s.Call) -> Expr:
        span = node.span
        if word == "unit":
            self.count_of(node, 1, 2)
            size = self.dim(node.arguments[1]) if len(node.arguments) == 2 else self.sizes.fresh()
            index = self.index(node.arguments[0], size)
            return e.Unit(index, shape=Shape(size, ONE), span=span)
        self.count_of(node, 1, 1 if word == "eye" else 2)
        sizes = [self.dim(a) for a in node.arguments]
        columns = sizes[0] if word == "eye" else sizes[1] if len(sizes) == 2 else ONE
        return e.Filled(word, shape=Shape(sizes[0], columns), span=span)

    def count_of(self, node: s.Call, least: int, most: int) -> None:
        if not least <= len(node.arguments) <= most:
            takes = f"{least}" if least == most else f"{least} or {most}"
            refuse("syntax", f"{node.function} takes {takes} arguments, not {len(node.arguments)}.", node.span,
                   f"{node.function}({'i' if node.function == 'unit' else 'n'})")  # fmt: skip

    # -- derivatives ---------------------------------------------------------------------------------------------

    def partial(self, node: s.Partial) -> Expr:
        refuse("syntax", "A derivative is written with both halves: ∂a/∂z.", node.span, "∂a/∂z")
        raise AssertionError

    def derivative(self, node: s.Derivative) -> Expr:
        if not self.scope.allow_derivatives:
            refuse("derivative-not-allowed", "The answer should be worked out: no derivatives are left in it.",
                   node.span)  # fmt: skip
        of, wrt = self.expr(node.of), self.expr(node.wrt)
        if not isinstance(wrt, e.Variable | e.Defined):
            refuse("syntax", "One differentiates by a variable or a defined name.", node.wrt.span)
        above, below = self.shape(of), self.shape(wrt)
        shape = below if node.gradient else derivative_shape(above, below, self.scope.layout)
        if shape is None or (node.gradient and not of.shape.is_scalar):
            refuse("shape-conflict", f"The derivative of {self.shape(of).described} by {self.shape(wrt).described} "
                   "is no matrix.", node.span)  # fmt: skip
        denominator = self.scope.layout == "denominator"
        return e.Derivative(of, wrt, node.gradient, denominator, shape=shape, span=node.span)

    def tight(self, node: s.Tight) -> Expr:
        return bracket(self, [Item("", self.expr(f)) for f in (node.divisor, *node.factors)], node.span)


def _is_index_range(dim: Dim) -> bool:
    """Whether the open size is that of an index whose range the caller wants to find out."""
    return any(name.startswith("?index") for name in dim.names)


def _turned(text: str) -> str:
    """The text of a transpose, without piling up primes."""
    return text[:-1] if text.endswith("'") else text + "'"


def _is_zero(node: Expr) -> bool:
    return isinstance(node, e.Number) and node.value == 0


def _has_gap(node: s.Juxtaposed) -> bool:
    """Whether white space stands between two factors, the way other languages part entries."""
    return any(a.span.end < b.span.start for a, b in zip(node.factors, node.factors[1:], strict=False))


def _as_dim(value: Expr) -> Dim | None:
    """A scalar made of sizes and whole numbers, as a size."""
    match value:
        case e.Number(value=number):
            return Dim.of(int(number)) if number.denominator == 1 and number >= 1 else None
        case e.Size(dim=dim):
            return dim
        case e.Apply(operation=operation, arguments=(left, right)):
            a, b = _as_dim(left), _as_dim(right)
            if a is None or b is None:
                return None
            match operation.name:
                case "add":
                    return a + b
                case "subtract":
                    return a - b
                case "times":
                    return a * b
    return None


_METHODS: dict[type[s.Node], Callable[[Any, Any], Expr]] = {
    s.Number: _Elaborator.number, s.Name: _Elaborator.name, s.Group: _Elaborator.group,
    s.Subscript: _Elaborator.subscript, s.Power: _Elaborator.power, s.Prime: _Elaborator.prime,
    s.Transpose: _Elaborator.transpose, s.Call: _Elaborator.call, s.Negative: _Elaborator.negative,
    s.Juxtaposed: _Elaborator.juxtaposed, s.Chain: _Elaborator.chain, s.Tight: _Elaborator.tight,
    s.Added: _Elaborator.added, s.Comparison: _Elaborator.comparison, s.Logic: _Elaborator.logic,
    s.Cases: _Elaborator.cases, s.Brackets: _Elaborator.brackets, s.Bars: _Elaborator.bars, s.Dot: _Elaborator.dot,
    s.BigSum: _Elaborator.big_sum, s.Derivative: _Elaborator.derivative, s.Partial: _Elaborator.partial,
}  # fmt: skip

