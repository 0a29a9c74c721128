"""Tokens → syntax.

The grammar, loosest first; ε is nothing, and white space matters only where it is named:

    text        = choice STOP
    choice      = disjunction ["if" disjunction "else" choice]
    disjunction = conjunction {"or" conjunction}
    conjunction = negation {"and" negation}
    negation    = "not" negation | comparison
    comparison  = sum {("<" | "≤" | ">" | "≥" | "=" | "≠") sum}
    sum         = ["+" | "-"] product {("+" | "-") product}
    product     = operand {("*" | "·" | ".*" | "./" | "⊗" | "/") operand}
    operand     = {"-" | "+"} juxtaposed        after "/": factors without space between them only
    juxtaposed  = factor {factor}
    factor      = atom {"'" | "^" exponent | "_" index | "[" index "]" | superscript}
    atom        = number | name | name "(" choice {"," choice} ")" | function factor | "(" choice ")"
                | "[" rows "]" | "{" cases "}" | "|" sum "|" | "‖" sum "‖" | "⟨" sum "," sum "⟩"
                | "√" factor | "Σ" bounds product | "∂" factor | "\\frac" braced braced
                | "\\begin{…}" rows "\\end{…}"

In: tokens. Out: a tree that keeps products as flat chains, because shapes decide how they are bracketed.
Raises `Refused`, always with a place.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction

from tutor.language import syntax as s
from tutor.language.lexicon import Lexicon
from tutor.language.operations import ELEMENTWISE, OPERATIONS
from tutor.language.refusal import refuse
from tutor.language.tokens import (
    BEGIN,
    END,
    KEYWORD,
    NAME,
    NUMBER,
    PRIME,
    SIGN,
    STOP,
    SUBSCRIPT,
    SUPERSCRIPT,
    Token,
    tokenise,
)
from tutor.source import Span

DEEPEST = 40
MOST_TERMS = 150
MOST_SIGNS = 8
MOST_POSTFIXES = 12
_COMPARISONS = frozenset({"<", "≤", ">", "≥", "=", "≠"})
_PRODUCTS = frozenset({"*", "·", ".*", "./", "⊗", "/"})
_CLOSERS = {"(": ")", "[": "]", "{": "}", "⟨": "⟩"}
_BIG = "Σ"
# Functions that take the next factor where parentheses are left out: `sin x`, `log det(A)`.
_PREFIX = {word for row in ELEMENTWISE for word in OPERATIONS[row].spellings} | {"det", "tr", "trace", "logdet"}
# What brackets right behind are an entry of.
_HAS_ENTRIES = s.Name | s.Subscript | s.Group | s.Prime | s.Call | s.Transpose


class _Parser:
    def __init__(self, source: str, tokens: list[Token], words: Lexicon) -> None:
        self.source = source
        self.tokens = tokens
        self.words = words
        self.at = 0
        self.depth = 0
        self.open: list[Token] = []  # brackets and bars that still need their partner
        # Brackets that were read in search of an entry, and where they end: reading them again would double
        # the time with each that stands in another.
        self.brackets_at: dict[int, tuple[s.Node, int]] = {}

    # -- moving ----------------------------------------------------------------------------------------

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def ahead(self) -> Token:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)]

    def take(self) -> Token:
        token = self.token
        self.at = min(self.at + 1, len(self.tokens) - 1)
        return token

    def is_sign(self, *signs: str) -> bool:
        return self.token.kind == SIGN and self.token.text in signs

    def is_word(self, *words: str) -> bool:
        return self.token.kind == KEYWORD and self.token.text in words

    def since(self, start: Span) -> Span:
        return start.to(self.tokens[max(self.at - 1, 0)].span)

    def opened(self, token: Token) -> None:
        self.open.append(token)
        if len(self.open) > DEEPEST:
            refuse("too-large", f"Brackets are nested more than {DEEPEST} deep.", token.span)

    def closed(self, closer: str) -> None:
        opener = self.open[-1]
        if not self.is_sign(closer):
            self.unclosed(opener, closer)
        self.open.pop()
        self.take()

    def unclosed(self, opener: Token, closer: str) -> None:
        token = self.token
        if token.kind == STOP:
            refuse("syntax", f"This {opener.shown} is never closed.", opener.span, f"add ‘{closer}’")
        if token.kind == SIGN and token.text in ")]}⟩":
            refuse("syntax", f"{token.shown} closes {opener.shown}, which needs ‘{closer}’.", token.span)
        self.unexpected(f"‘{closer}’ or an operator was expected")

    def unexpected(self, wanted: str) -> None:
        token = self.token
        if token.kind == STOP:
            end = token.span.end
            start = self.tokens[-2].span.start if len(self.tokens) > 1 else max(0, end - 1)
            refuse("syntax", f"The text ends too soon: {wanted}.", Span(start, end))
        if token.kind == SIGN and token.text in ")]}⟩" and not self.open:
            refuse("syntax", f"This {token.shown} was never opened.", token.span)
        if token.kind == END:
            refuse("syntax", f"This \\end{{{token.text}}} has no \\begin{{{token.text}}}.", token.span)
        typed = self.source[token.span.start : token.span.end]
        refuse("syntax", f"‘{typed}’ cannot stand here: {wanted}.", token.span)

    # -- from the loosest to the tightest -----------------------------------------------------------------

    def text(self) -> s.Node:
        if self.token.kind == STOP:
            refuse("syntax", "There is nothing here yet.", Span(0, self.token.span.end))
        node = self.choice()
        if self.token.kind != STOP:
            if self.is_sign(",") and self.tokens[self.at - 1].kind == self.ahead.kind == NUMBER:
                both = f"{self.tokens[self.at - 1].text}.{self.ahead.text}"
                refuse("syntax", "Decimals are written with a point.", self.token.span, both)
            if self.is_sign(","):
                refuse("syntax", "A comma stands here: entries need brackets around them.", self.token.span,
                       f"[{self.source.strip()}]")  # fmt: skip
            self.unexpected("the text should end, or go on with an operator")
        return node

    def choice(self) -> s.Node:
        start = self.token.span
        value = self.disjunction()
        branches: list[tuple[s.Node, s.Node]] = []
        while self.is_word("if"):
            self.take()
            branches.append((value, self.disjunction()))
            if len(branches) > DEEPEST:
                refuse("too-large", f"There may be at most {DEEPEST} cases.", self.since(start))
            if not self.is_word("else", "otherwise"):
                self.unexpected("a case needs its ‘else’, such as ‘x if z > 0 else 0’")
            self.take()
            if self.is_sign(","):
                self.take()
            value = self.disjunction()
        return s.Cases(self.since(start), tuple(branches), value) if branches else value

    def disjunction(self) -> s.Node:
        return self.joined("or", self.conjunction)

    def conjunction(self) -> s.Node:
        return self.joined("and", self.negation)

    def joined(self, word: str, part: Callable[[], s.Node]) -> s.Node:
        start = self.token.span
        operands = [part()]
        while self.is_word(word):
            self.take()
            operands.append(part())
        return operands[0] if len(operands) == 1 else s.Logic(self.since(start), word, tuple(operands))

    def negation(self) -> s.Node:
        starts = []
        while self.is_word("not"):
            starts.append(self.take().span)
            if len(starts) > MOST_SIGNS:
                refuse("too-large", f"‘not’ is repeated more than {MOST_SIGNS} times.", starts[0])
        node = self.comparison()
        for start in reversed(starts):
            node = s.Logic(self.since(start), "not", (node,))
        return node

    def comparison(self) -> s.Node:
        start = self.token.span
        operands, signs = [self.added()], []
        while self.token.kind == SIGN and self.token.text in _COMPARISONS:
            signs.append(self.take().text)
            operands.append(self.added())
        return s.Comparison(self.since(start), tuple(operands), tuple(signs)) if signs else operands[0]

    def added(self) -> s.Node:
        start = self.token.span
        terms = [("+", self.product())]
        while self.is_sign("+", "-"):
            sign = self.take().text
            terms.append((sign, self.product()))
            if len(terms) > MOST_TERMS:
                refuse("too-large", f"A sum may have at most {MOST_TERMS} terms.", self.since(start))
        return s.Added(self.since(start), tuple(terms)) if len(terms) > 1 else terms[0][1]

    def product(self) -> s.Node:
        """A product level, without the additions around it."""
        start = self.token.span
        first = self.operand()
        terms: list[s.Term] = []
        while True:
            if self.token.kind == SIGN and self.token.text in _PRODUCTS:
                token = self.take()
                begin = self.token
                operand = self.divisor(first, terms) if token.text == "/" else self.operand()
                terms.append(s.Term(begin.span.to(operand.span), token.text, operand, token.space))
            elif terms and self.starts_factor():
                # What follows a quotient after a space multiplies the whole quotient.
                begin = self.token
                operand = self.juxtaposed()
                terms.append(s.Term(operand.span, "", operand, begin.space))
            else:
                break
        return s.Chain(self.since(start), first, tuple(terms)) if terms else first

    def operand(self) -> s.Node:
        signs: list[Token] = []
        while self.is_sign("+", "-"):
            signs.append(self.take())
            if len(signs) > MOST_SIGNS:
                refuse("too-large", f"Signs are repeated more than {MOST_SIGNS} times.", signs[0].span)
        node = self.juxtaposed()
        for sign in reversed(signs):
            if sign.text == "-":
                node = s.Negative(self.since(sign.span), node)
        return node

    def divisor(self, first: s.Node, terms: list[s.Term]) -> s.Node:
        """What stands after `/`: one factor, and those that follow it without a space."""
        start = self.token.span
        negative = False
        while self.is_sign("-", "+"):
            negative ^= self.take().text == "-"
        head = self.factor()
        tail = []
        while self.starts_factor() and not self.token.space:
            tail.append(self.factor())
        numbers = not terms and isinstance(first, s.Number) and isinstance(head, s.Number)
        node: s.Node = head
        if tail:
            named = isinstance(tail[0], s.Name | s.Subscript)
            node = s.Tight(self.since(start), head, tuple(tail), numbers and not named)
        return s.Negative(self.since(start), node) if negative else node

    def juxtaposed(self) -> s.Node:
        start = self.token.span
        factors = [self.factor()]
        while self.starts_factor():
            factor = self.factor()
            if _is_one(factors[-1]) and _is_indicator(factor):
                factors.pop()  # `1[z > 0]` is an indicator, and the 1 no factor
            factors.append(factor)
        return s.Juxtaposed(self.since(start), tuple(factors)) if len(factors) > 1 else factors[0]

    def split_bars(self) -> None:
        """`|a||b|`: a `||` inside `|…|` is the end of one and the beginning of another."""
        token = self.token
        inside = any(o.text == "|" for o in self.open) and not any(o.text == "‖" for o in self.open)
        if inside and self.is_sign("‖") and self.source[token.span.start : token.span.end] == "||":
            middle = token.span.start + 1
            halves = (Span(token.span.start, middle), Span(middle, token.span.end))
            self.tokens[self.at : self.at + 1] = [Token(SIGN, "|", half, False) for half in halves]

    def starts_factor(self) -> bool:
        self.split_bars()
        token = self.token
        if token.kind in {NUMBER, NAME, BEGIN}:
            return True
        if token.kind == KEYWORD:
            return self.is_if_call()
        if token.kind != SIGN:
            return False
        if token.text in {"|", "‖"}:
            return not any(o.text == token.text for o in self.open)
        return token.text in {"(", "[", "{", "⟨", "√", "Σ", "∂", "∇", "\\frac"}

    def is_if_call(self) -> bool:
        """Whether `if(…)` stands here with three arguments, rather than the `if` of a case."""
        if not self.is_word("if") or self.ahead.kind != SIGN or self.ahead.text != "(":
            return False
        depth = 0
        for token in self.tokens[self.at + 1 :]:
            if token.kind == SIGN and token.text in "([{⟨":
                depth += 1
            elif token.kind == SIGN and token.text in ")]}⟩":
                depth -= 1
                if depth == 0:
                    return False
            elif token.kind == SIGN and token.text == "," and depth == 1:
                return True
        return False

    # -- factors ---------------------------------------------------------------------------------------

    def factor(self) -> s.Node:
        start = self.token.span
        node = self.atom()
        if isinstance(node, s.Name) and node.text == "𝟙" and not self.is_sign("(", "[", "{"):
            node = s.Name(node.span, "𝟏")
        for _ in range(MOST_POSTFIXES + 1):
            token = self.token
            if token.kind == PRIME:
                self.take()
                node = s.Prime(self.since(start), node)
            elif token.kind == SUPERSCRIPT:
                self.take()
                node = self.raised(node, start, token)
            elif token.kind == SUBSCRIPT:
                self.take()
                node = self.subscripted(node, self.letters(token), start)
            elif self.is_sign("^", ".^"):
                node = self.power(node, start)
            elif self.is_sign("_"):
                self.take()
                node = self.subscripted(node, self.braced_indices(), start)
            elif self.is_sign("⊤"):
                self.take()
                node = s.Transpose(self.since(start), node)
            elif self.is_sign("[") and not token.space and isinstance(node, _HAS_ENTRIES):
                # `2[z > 0]` is a product with an indicator, `x[i]` an entry, `f(x)[z > 0]` a product again.
                if isinstance(node, s.Name) and node.text in {"𝟙", "𝟏"}:
                    break
                entry = self.entry(node, start)
                if entry is None:
                    break
                node = entry
            else:
                break
        else:
            refuse("too-large", f"At most {MOST_POSTFIXES} indices, powers and primes may follow each other.",
                   self.since(start))  # fmt: skip
        if isinstance(node, s.Name) and node.text == "𝟏" and self.is_sign("{"):
            node = s.Name(node.span, "𝟙")  # `\\mathbf{1}\\{z > 0\\}`: braces are never a factor of a vector
        return node

    def entry(self, base: s.Node, start: Span) -> s.Node | None:
        """`x[i]`, `A[i, j]`; None where the brackets hold something else, such as a condition."""
        at, opened = self.at, len(self.open)
        node = self.brackets()
        if isinstance(node, s.Brackets) and len(node.rows) == 1 and len(node.rows[0]) <= 2:
            items = node.rows[0]
            if not any(isinstance(i, s.Comparison | s.Logic | s.Brackets) for i in items):
                return self.subscripted(base, items, start)
        self.brackets_at[at] = node, self.at
        self.at = at
        del self.open[opened:]
        return None

    def subscripted(self, base: s.Node, indices: tuple[s.Node, ...], start: Span) -> s.Node:
        return s.Subscript(self.since(start), base, indices)

    def letters(self, token: Token) -> tuple[s.Node, ...]:
        """The indices of `x_ij`: a number, or one letter each, a number at the end."""
        text, first = token.text, token.span.end - len(token.text)
        if text.isdigit():
            return (s.Number(token.span, Fraction(text)),)
        nodes: list[s.Node] = []
        k = 0
        while k < len(text):
            end = k + 1
            while text[k].isdigit() and end < len(text) and text[end].isdigit():
                end += 1
            span = Span(first + k, first + end)
            part = text[k:end]
            nodes.append(s.Number(span, Fraction(part)) if part.isdigit() else s.Name(span, part))
            k = end
        return tuple(nodes)

    def braced_indices(self) -> tuple[s.Node, ...]:
        if not self.is_sign("{"):
            if self.token.kind in {NAME, NUMBER}:
                return (self.atom(),)
            self.unexpected("an index is expected after ‘_’, such as x_i or A_{i,j}")
        opener = self.take()
        self.opened(opener)
        items: list[s.Node] = []
        while True:
            token = self.token
            node = self.added()
            if isinstance(node, s.Name) and node.text not in self.words.names and len(node.text) > 1:
                items.extend(self.letters(Token(SUBSCRIPT, node.text, token.span, False)))
            elif isinstance(node, s.Juxtaposed):
                items.extend(node.factors)
            else:
                items.append(node)
            if not self.is_sign(","):
                break
            self.take()
        self.closed("}")
        return tuple(items)

    def raised(self, base: s.Node, start: Span, token: Token) -> s.Node:
        """A superscript in Unicode: `²`, `⁻¹`, `ᵀ`, `⁻ᵀ`."""
        text = token.text
        span = self.since(start)
        if text == "T":
            return s.Transpose(span, base)
        if text == "-T":
            inverse = s.Power(span, base, s.Number(token.span, Fraction(-1)))
            return s.Transpose(span, inverse)
        sign, digits = (-1, text[1:]) if text[:1] == "-" else (1, text.removeprefix("+"))
        if digits.isdigit():
            return s.Power(span, base, s.Number(token.span, Fraction(sign * int(digits))))
        if digits.isalpha() and len(digits) == 1:
            exponent: s.Node = s.Name(token.span, digits)
            return s.Power(span, base, s.Negative(token.span, exponent) if sign < 0 else exponent)
        refuse("syntax", "This superscript is no exponent.", token.span, "^")

    def power(self, base: s.Node, start: Span) -> s.Node:
        elementwise = self.take().text == ".^"
        begin = self.token
        braced = self.is_sign("{")
        if braced:
            self.opened(self.take())
            if self.is_sign(".*"):  # LaTeX's `x^{\circ 2}`
                self.take()
                elementwise = True
        sign = self.exponent_sign()
        exponent = None if sign is not None else self.choice() if braced else self.signed_factor()
        if braced:
            self.closed("}")
        span = self.since(start)
        if exponent is not None:
            return s.Power(span, base, exponent, elementwise)
        if sign == -1:
            base = s.Power(span, base, s.Number(begin.span, Fraction(-1)))
        return s.Prime(span, base) if sign == 0 else s.Transpose(span, base)

    def exponent_sign(self) -> int | None:
        """`T`, `⊤`, `-T`, `'` as an exponent: 1, −1 or 0; None where it is something else."""
        at = self.at
        negative = self.is_sign("-")
        if negative:
            self.take()
        token = self.token
        is_t = token.kind == NAME and token.text == "T" and "T" not in self.words.names
        if is_t or self.is_sign("⊤") or (token.kind == SUPERSCRIPT and token.text == "T"):
            self.take()
            return -1 if negative else 1
        if token.kind == PRIME and not negative:
            self.take()
            return 0
        self.at = at
        return None

    def signed_factor(self) -> s.Node:
        start = self.token.span
        negative = False
        while self.is_sign("-", "+"):
            negative ^= self.take().text == "-"
        self.depth += 1
        if self.depth > DEEPEST:
            refuse("too-large", f"Powers are nested more than {DEEPEST} deep.", start)
        node = self.factor()
        self.depth -= 1
        return s.Negative(self.since(start), node) if negative else node

    # -- atoms -----------------------------------------------------------------------------------------

    def atom(self) -> s.Node:
        self.depth += 1
        if self.depth > DEEPEST:
            refuse("too-large", f"The text is nested more than {DEEPEST} deep.", self.token.span)
        node = self.bare_atom()
        self.depth -= 1
        return node

    def bare_atom(self) -> s.Node:
        token = self.token
        start = token.span
        if token.kind == NUMBER:
            self.take()
            assert token.value is not None
            return s.Number(token.span, token.value)
        if token.kind == NAME:
            return self.name()
        if token.kind == KEYWORD and self.is_if_call():
            return self.call(self.take())
        if token.kind == BEGIN:
            return self.environment()
        if token.kind == END:
            refuse("syntax", f"\\end{{{token.text}}} has no \\begin{{{token.text}}} before it.", token.span)
        if token.kind == SIGN:
            match token.text:
                case "(":
                    return self.group()
                case "[":
                    return self.brackets()
                case "{":
                    return self.braces()
                case "|" | "‖":
                    return self.bars()
                case "⟨":
                    self.opened(self.take())
                    left = self.choice()
                    if not self.is_sign(","):
                        self.unexpected("⟨u, v⟩ needs a comma between its two")
                    self.take()
                    right = self.choice()
                    self.closed("⟩")
                    return s.Dot(self.since(start), left, right)
                case "√":
                    self.take()
                    argument = self.braces() if self.is_sign("{") else self.factor()
                    return s.Call(self.since(start), "sqrt", (argument,), start)
                case "Σ":
                    return self.big_sum(self.take())
                case "\\frac":
                    return self.fraction()
                case "∂":
                    half = self.half()
                    return self.whole_derivative(half) if self.is_sign("/") and self.is_half(self.ahead) else half
                case "∇":
                    return self.nabla()
                case "=" | "<" | ">" | "≤" | "≥" | "≠":
                    refuse("syntax", f"Nothing stands on the left of {token.shown}.", token.span)
        self.unexpected("a number, a name or a bracket is expected")
        raise AssertionError

    def group(self) -> s.Node:
        before, opener = self.tokens[self.at - 1], self.take()
        self.opened(opener)
        if self.is_sign(")"):
            refuse("syntax", "These parentheses are empty.", opener.span.to(self.token.span))
        inner = self.choice()
        if self.is_sign(","):
            self.entry_in_parentheses(before, opener)
            refuse("syntax", "A comma stands in parentheses: entries need square brackets.", self.token.span,
                   "[a, b]")  # fmt: skip
        self.closed(")")
        return s.Group(self.since(opener.span), inner)

    def entry_in_parentheses(self, before: Token, opener: Token) -> None:
        """MATLAB's `A(1, 2)`, at the comma."""
        indices = (self.tokens[self.at - 1], self.ahead)
        closer = self.tokens[min(self.at + 2, len(self.tokens) - 1)]
        simple = self.tokens[self.at - 2] is opener and all(index.kind in {NAME, NUMBER} for index in indices)
        if before.kind == NAME and not opener.space and simple and (closer.kind, closer.text) == (SIGN, ")"):
            row, column = (index.text for index in indices)
            refuse("syntax", "Entries are written with an index below.", before.span.to(closer.span),
                   f"{before.text}_{{{row},{column}}}")  # fmt: skip

    def brackets(self) -> s.Node:
        if self.at in self.brackets_at:
            node, self.at = self.brackets_at[self.at]
            return node
        opener = self.take()
        self.opened(opener)
        if self.is_sign("]"):
            refuse("syntax", "These brackets are empty.", opener.span.to(self.token.span))
        rows: list[tuple[s.Node, ...]] = [self.row()]
        while self.is_sign(";"):
            self.take()
            if self.is_sign("]"):
                break
            rows.append(self.row())
        self.closed("]")
        return s.Brackets(self.since(opener.span), tuple(rows))

    def row(self, comma: str = ",") -> tuple[s.Node, ...]:
        items = [self.choice()]
        while self.is_sign(comma):
            self.take()
            items.append(self.choice())
        return tuple(items)

    def bars(self) -> s.Node:
        opener = self.take()
        if self.is_sign(opener.text) or any(o.text == opener.text for o in self.open):
            word = "abs" if opener.text == "|" else "norm"
            refuse("syntax", f"Bars inside bars can be read in two ways: write {word}(…).", opener.span, f"{word}(…)")
        self.opened(opener)
        inner = self.choice()
        if not self.is_sign(opener.text):
            self.unclosed(opener, opener.text)
        self.open.pop()
        self.take()
        return s.Bars(self.since(opener.span), opener.text, inner)

    def braces(self) -> s.Node:
        """`{…}`: cases, or just a group as in LaTeX."""
        opener = self.take()
        self.opened(opener)
        branches: list[tuple[s.Node, s.Node]] = []
        otherwise: s.Node | None = None
        while True:
            value = self.disjunction()
            if self.is_word("if"):
                self.take()
                branches.append((value, self.disjunction()))
            elif self.is_word("otherwise", "else"):
                self.take()
                otherwise = value
                break
            elif self.is_sign(",") or branches:
                if self.is_sign(","):
                    self.take()
                if self.is_word("otherwise", "else"):
                    self.take()
                    otherwise = value
                    break
                if not self.starts_factor():
                    otherwise = value
                    break
                branches.append((value, self.disjunction()))
            else:
                self.closed("}")
                return s.Group(self.since(opener.span), value)
            if not self.is_sign(";", ","):
                break
            self.take()
            if self.is_word("otherwise", "else"):
                self.take()
                otherwise = self.disjunction()
                break
        if self.is_sign(";"):
            self.take()
        self.closed("}")
        return s.Cases(self.since(opener.span), tuple(branches), otherwise)

    def fraction(self) -> s.Node:
        start = self.take().span
        above, below = self.argument("the numerator"), self.argument("the denominator")
        span = self.since(start)
        if isinstance(above, s.Partial) and isinstance(below, s.Partial):
            return self.derivative(above, below, span)
        chain = s.Chain(span, above, (s.Term(below.span, "/", below, False),))
        return s.Group(span, chain)

    def argument(self, what: str) -> s.Node:
        if self.token.kind == NUMBER and not self.is_sign("{"):
            return self.atom()
        if not self.is_sign("{"):
            self.unexpected(f"\\frac needs {what} in braces")
        opener = self.take()
        self.opened(opener)
        if self.is_sign("}"):
            refuse("syntax", f"{what.capitalize()} is empty.", opener.span.to(self.token.span))
        inner = self.choice()
        self.closed("}")
        return inner if isinstance(inner, s.Partial) else s.Group(self.since(opener.span), inner)

    def environment(self) -> s.Node:
        begin = self.take()
        self.opened(begin)
        rows: list[tuple[s.Node, ...]] = []
        branches: list[tuple[s.Node, s.Node]] = []
        otherwise: s.Node | None = None
        if self.token.kind == END:
            refuse("syntax", f"This {begin.text} is empty.", begin.span.to(self.token.span))
        while self.token.kind != END:
            if begin.text == "cases":
                value = self.disjunction()
                for sign in (",", "&"):
                    if self.is_sign(sign):
                        self.take()
                if self.is_word("otherwise", "else"):
                    self.take()
                    otherwise = value
                else:
                    if self.is_word("if"):
                        self.take()
                    branches.append((value, self.disjunction()))
                if self.is_sign(",", ";"):
                    self.take()
            else:
                rows.append(self.row("&"))
            if not self.is_sign("\\\\"):
                break
            self.take()
        if self.token.kind != END:
            self.unexpected(f"\\end{{{begin.text}}} is expected")
        if self.token.text != begin.text:
            refuse("syntax", f"\\end{{{self.token.text}}} closes \\begin{{{begin.text}}}.", self.token.span,
                   f"\\end{{{begin.text}}}")  # fmt: skip
        self.take()
        self.open.pop()
        span = self.since(begin.span)
        if begin.text != "cases":
            return s.Brackets(span, tuple(rows))
        if not branches:
            refuse("syntax", "These cases have no condition.", span)
        return s.Cases(span, tuple(branches), otherwise)

    # -- names and calls ---------------------------------------------------------------------------------

    def name(self) -> s.Node:
        token = self.take()
        word, declared = token.text, self.words.names
        if word in declared and word not in self.words.functions:
            return s.Name(token.span, word)
        if word == "sum" and not self.is_sign("("):
            return self.big_sum(token)
        if word == "d" and self.is_sign("(", "/"):
            self.at -= 1
            half = self.half()
            return self.whole_derivative(half) if self.is_sign("/") and self.is_half(self.ahead) else half
        if word == "D" and self.is_sign("("):
            of, wrt = self.two_arguments(token)
            return s.Derivative(self.since(token.span), of, wrt)
        indexed = self.token.kind == SUBSCRIPT or self.is_sign("_")
        if self.words.is_call(word) and not (indexed and word in {"δ", "delta"}):
            return self.call(token)
        return s.Name(token.span, word)

    def two_arguments(self, token: Token) -> tuple[s.Node, s.Node]:
        arguments = self.arguments()
        if len(arguments) != 2:
            refuse("syntax", f"{token.text}(…) takes two arguments, not {len(arguments)}.", self.since(token.span))
        return arguments[0], arguments[1]

    def call(self, token: Token) -> s.Node:
        start, primes, power = token.span, 0, None
        while self.token.kind == PRIME:
            self.take()
            primes += 1
        if self.token.kind == SUPERSCRIPT and self.token.text.lstrip("-").isdigit():
            power = s.Number(self.token.span, Fraction(int(self.take().text)))
        elif self.is_sign("^") and self.ahead.kind == NUMBER:
            self.take()
            power = s.Number(self.token.span, self.take().value or Fraction(0))
        if self.is_sign("(", "{") or (self.is_sign("[") and token.text == "vec"):
            arguments = self.case_arguments(token) if token.text in {"cases", "Piecewise"} else self.arguments()
        elif token.text in self.words.functions:
            return self.primed(s.Name(token.span, token.text), primes)
        elif self.starts_factor() and token.text in _PREFIX:
            arguments = (self.factor(),)
        else:
            arguments = ()
        return self.called(token, arguments, start, primes, power)

    def primed(self, node: s.Node, primes: int) -> s.Node:
        for _ in range(primes):
            node = s.Prime(self.since(node.span), node)
        return node

    def called(
        self, token: Token, arguments: tuple[s.Node, ...], start: Span, primes: int, power: s.Node | None
    ) -> s.Node:
        span = self.since(start)
        word = token.text
        if word == "sum" and len(arguments) == 2 and isinstance(arguments[0], s.Name):
            return s.BigSum(span, arguments[0].text, None, None, arguments[1])
        if word == "sum" and len(arguments) == 4 and isinstance(arguments[0], s.Name):
            return s.BigSum(span, arguments[0].text, arguments[1], arguments[2], arguments[3])
        if word in {"where", "if"}:
            if len(arguments) != 3:
                refuse("syntax", f"{word}(condition, then, else) takes three arguments, not {len(arguments)}.", span)
            return s.Cases(span, ((arguments[1], arguments[0]),), arguments[2])
        if word in {"cases", "Piecewise"}:
            if len(arguments) != 1:
                refuse("syntax", f"{word} needs its values and conditions in parentheses.", span,
                       "cases(x, z > 0; 0, otherwise)")  # fmt: skip
            return arguments[0]
        return s.Call(span, word, arguments, token.span, primes, power)

    def arguments(self) -> tuple[s.Node, ...]:
        opener = self.take()
        self.opened(opener)
        closer = _CLOSERS[opener.text]
        if self.is_sign(closer):
            self.closed(closer)
            return ()
        items = self.row()
        self.closed(closer)
        return items

    def case_arguments(self, token: Token) -> tuple[s.Node]:
        """`cases(a, c; b, otherwise)` and SymPy's `Piecewise((a, c), (b, True))`."""
        opener = self.take()
        self.opened(opener)
        branches: list[tuple[s.Node, s.Node]] = []
        otherwise: s.Node | None = None
        while True:
            paired = token.text == "Piecewise"
            if paired:
                if not self.is_sign("("):
                    self.unexpected("Piecewise takes pairs, such as Piecewise((x, z > 0), (0, True))")
                self.opened(self.take())
            value = self.choice()
            if not self.is_sign(","):
                self.unexpected("a value and its condition are parted by a comma")
            self.take()
            if self.is_word("otherwise", "else") or (self.token.kind == NAME and self.token.text == "True"):
                self.take()
                otherwise = value
            else:
                branches.append((value, self.disjunction()))
            if paired:
                self.closed(")")
            if otherwise is not None or not self.is_sign("," if paired else ";"):
                break
            self.take()
        self.closed(")")
        span = self.since(token.span)
        if not branches:
            refuse("syntax", "These cases have no condition.", span)
        return (s.Cases(span, tuple(branches), otherwise),)

    def big_sum(self, token: Token) -> s.Node:
        """`sum_i …`, `Σ_{i=1}^n …`: the sum takes in the product that follows."""
        start = token.span
        names: list[s.Node]
        lower: s.Node | None = None
        if self.token.kind == SUBSCRIPT:
            names = list(self.letters(self.take()))
        elif self.is_sign("_"):
            self.take()
            names, lower = self.sum_bounds()
        elif self.is_sign("(") and token.text == _BIG:
            return self.called(Token(NAME, "sum", start, token.space), self.arguments(), start, 0, None)
        else:
            names = []
        if not names or not all(isinstance(name, s.Name) for name in names):
            self.at = max(self.at, 1)
            refuse("syntax", "A sum needs its index or its argument, such as sum_i x_i or sum(x).", start,
                   "sum_i x_i", "sum(x)")  # fmt: skip
        upper: s.Node | None = None
        if self.is_sign("^"):
            self.take()
            if self.is_sign("{"):
                self.opened(self.take())
                upper = self.added()
                self.closed("}")
            else:
                upper = self.factor_without_postfix()
        elif self.token.kind == SUPERSCRIPT:
            small = self.take()
            upper = (
                s.Number(small.span, Fraction(int(small.text)))
                if small.text.isdigit()
                else s.Name(small.span, small.text)
            )
        body = self.product()
        for name in reversed(names):
            assert isinstance(name, s.Name)
            body = s.BigSum(self.since(start), name.text, lower, upper, body)
        return body

    def sum_bounds(self) -> tuple[list[s.Node], s.Node | None]:
        if not self.is_sign("{"):
            return [], None
        self.opened(self.take())
        token = self.token
        lower: s.Node | None = None
        names: list[s.Node] = []
        if token.kind == NAME:
            names = list(self.letters(Token(SUBSCRIPT, self.take().text, token.span, False)))
            while self.is_sign(","):
                self.take()
                names.append(s.Name(self.token.span, self.take().text))
            if self.is_sign("="):
                self.take()
                lower = self.added()
        self.closed("}")
        return names, lower

    def factor_without_postfix(self) -> s.Node:
        """An upper bound without braces: `sum_{i=1}^n x_i`."""
        token = self.take()
        if token.kind == NUMBER and token.value is not None:
            return s.Number(token.span, token.value)
        if token.kind == NAME:
            return s.Name(token.span, token.text)
        refuse("syntax", "The upper bound of a sum must be a number or a name, or stand in braces.", token.span)

    # -- derivatives -------------------------------------------------------------------------------------

    def nabla(self) -> s.Node:
        start = self.take().span
        if self.token.kind == SUBSCRIPT:
            token = self.take()
            wrt: s.Node = s.Name(Span(token.span.start + 1, token.span.end), token.text)
        elif self.is_sign("_"):
            self.take()
            (wrt, *_) = self.braced_indices()
        else:
            self.unexpected("∇ needs its variable, such as ∇_w C")
        of = self.factor()
        return s.Derivative(self.since(start), of, wrt, gradient=True)

    def is_half(self, token: Token) -> bool:
        """Whether the token begins one half of a derivative: ∂, or the d of `d(a)/d(z)`."""
        is_d = token.kind == NAME and token.text == "d" and "d" not in self.words.names
        return is_d or (token.kind == SIGN and token.text == "∂")

    def half(self) -> s.Partial:
        """`∂a`, `d(a)`, or a lone ∂ or d above the line."""
        sign = self.take()
        of: s.Node | None = None
        if sign.kind == NAME:
            of = self.group() if self.is_sign("(") else None
        elif self.starts_factor():
            of = self.factor()
        return s.Partial(self.since(sign.span), of)

    def whole_derivative(self, above: s.Partial) -> s.Node:
        """`∂a/∂z`, with the numerator read already."""
        self.take()
        below = self.half()
        return self.derivative(above, below, self.since(above.span))

    def derivative(self, above: s.Partial, below: s.Partial, span: Span) -> s.Node:
        if below.of is None:
            refuse("syntax", "This derivative does not say by what: write ∂a/∂z.", span)
        of = above.of
        if of is None:
            if not self.starts_factor():
                refuse("syntax", "This derivative does not say of what: write ∂a/∂z.", span)
            of = self.factor()
            span = self.since(span)
        return s.Derivative(span, of, below.of)


def _is_one(node: s.Node) -> bool:
    return (isinstance(node, s.Number) and node.value == 1) or (isinstance(node, s.Name) and node.text == "𝟙")


def _is_indicator(node: s.Node) -> bool:
    """Whether a condition stands in brackets or parentheses here."""
    inner = node.inner if isinstance(node, s.Group) else None
    if isinstance(node, s.Brackets) and len(node.rows) == 1 and len(node.rows[0]) == 1:
        inner = node.rows[0][0]
    return isinstance(inner, s.Comparison | s.Logic)


def parse(text: str, words: Lexicon) -> s.Node:
    """The tree of a text; raises `Refused`."""
    return _Parser(text, tokenise(text, words), words).text()
