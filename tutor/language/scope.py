"""What the names of a text may mean: declared variables, sizes, definitions, indices.

In: types and definitions as a lesson writes them. Out: a Scope, or the problems in them. The decision owned
here: what a declaration says, its shape and its qualities.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from tutor.language import syntax as s
from tutor.language.expr import Expr, Index, walk
from tutor.language.layout import NUMERATOR
from tutor.language.lexicon import GREEK, Lexicon, canonical
from tutor.language.operations import CALLS, CONSTANTS, SPECIAL
from tutor.language.refusal import Refused, refuse
from tutor.language.shape import ONE, SCALAR, Dim, Shape
from tutor.language.suggest import nearest
from tutor.language.tokens import is_letter, plain
from tutor.problem import Problem
from tutor.source import Span

LARGEST_SIZE = 100
_QUALITIES = ("positive", "nonzero", "nonnegative", "invertible", "definite", "simplex", "symmetric")
_TYPES = ("scalar", "vector", "row", "matrix", "square", "symmetric", "list", "function")
# A reader's word for each type with the sizes it takes.
_FORMS = {"scalar": "scalar", "vector": "vector n", "row": "row n", "matrix": "matrix m n", "square": "square n",
          "symmetric": "symmetric n", "list": "list N of vector n", "function": "function"}  # fmt: skip
_NAME = re.compile(r"[^\W\d_]+[0-9]*|[^\W\d_]+[0-9]*_[^\W_][\w]*")
_NUMBER = re.compile(r"[-−+]?\d+(?:\.\d+|/\d+)?")
_INDEXED = re.compile(r"([^\W\d_]+)_\{?([a-z])\}?")


@dataclass(frozen=True, slots=True)
class Declared:
    """A declared variable: its shape (of one item, for a list), how many items, its qualities."""

    shape: Shape
    items: Dim | None = None
    qualities: frozenset[str] = frozenset()
    is_function: bool = False


@dataclass(frozen=True, slots=True)
class Definition:
    """A defined name, what it stands for, and its index with the index's range where it has one."""

    body: Expr
    index: str | None = None
    range: Dim | None = None


@dataclass(frozen=True)
class Scope:
    """The names that a text may use. `indices` are those that the question itself binds.

    `numbers` are names that only stand for a number, which is put in their place wherever they are written.
    """

    variables: Mapping[str, Declared] = field(default_factory=dict)
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    indices: Mapping[str, Dim] = field(default_factory=dict)
    layout: str = NUMERATOR
    allow_derivatives: bool = False
    numbers: Mapping[str, s.Node] = field(default_factory=dict)

    @cached_property
    def sizes(self) -> frozenset[str]:
        """The size names of all declarations."""
        found: set[str] = set()
        for declared in self.variables.values():
            found |= declared.shape.rows.names | declared.shape.columns.names
            found |= declared.items.names if declared.items is not None else set()
        return frozenset(found)

    @cached_property
    def names(self) -> frozenset[str]:
        """All names that a learner may write."""
        return frozenset({*self.variables, *self.definitions, *self.sizes, *self.numbers})

    @cached_property
    def lexicon(self) -> Lexicon:
        functions = [name for name, declared in self.variables.items() if declared.is_function]
        return Lexicon.of(self.names, functions, {*CALLS, *SPECIAL}, {*CONSTANTS, "d"})

    @classmethod
    def declare(
        cls,
        variables: Mapping[str, str],
        define: Mapping[str, str] | None = None,
        layout: str = NUMERATOR,
        numbers: Mapping[str, str] | None = None,
    ) -> Scope | Problem:
        """A scope from types and definitions; the first problem in them, its message naming the declaration.

        `numbers` gives names that stand for a number, such as `{"k": "3"}`; a type may have one for a size.
        """
        declared: dict[str, Declared] = {}
        known: dict[str, s.Node] = {}
        for name, text in (numbers or {}).items():
            try:
                known[_declared_name(name)] = _number(text)
            except Refused as refused:
                return replace(refused.problem, message=f"In the number {name!r}: {refused.problem.message}")
        for name, text in variables.items():
            try:
                declared[_declared_name(name)] = declared_type(_with_sizes(text, numbers or {}))
            except Refused as refused:
                problem = refused.problem
                return replace(problem, message=f"In the declaration of {name!r}: {problem.message}")
        both = next((name for name in declared if name in known), None)
        if both is not None:
            return Problem("duplicate-name", f"{both} is declared already.")
        scope = cls(declared, layout=layout, numbers=known)
        for name, text in (define or {}).items():
            added = scope.defining(name, text)
            if isinstance(added, Problem):
                return replace(added, message=f"In the definition of {name!r}: {added.message}")
            scope = added
        return scope

    def defining(self, name: str, text: str) -> Scope | Problem:
        """This scope with one more definition."""
        from tutor.language.read import read

        indexed = _INDEXED.fullmatch(name)
        try:
            if indexed and canonical(name) not in self.variables:
                stem, index = canonical(indexed.group(1)), indexed.group(2)
            else:
                stem, index = _declared_name(name), None
        except Refused as refused:
            return refused.problem
        if stem in self.names:
            return Problem("duplicate-name", f"{stem} is declared already.")
        open_index: dict[str, Dim] = {index: Dim.of("?index")} if index else {}
        inside = replace(self, indices={**self.indices, **open_index}, allow_derivatives=True)
        body = read(text, inside, indices_may_be_open=True)
        if isinstance(body, Problem):
            return body
        reach = None
        if index:
            reach = next((node.range for node in _indices(body, index) if node.range is not None), None)
            if reach is None or reach == Dim.of("?index"):
                return Problem("shape-conflict", f"Nothing in it says what the index {index} runs over.")
        return replace(self, definitions={**self.definitions, stem: Definition(body, index, reach)})

    def binding(self, indices: Mapping[str, Dim]) -> Scope:
        """This scope with indices that the question binds."""
        return replace(self, indices={**self.indices, **indices})


def _indices(body: Expr, name: str) -> Iterator[Index]:
    return (node for node in walk(body) if isinstance(node, Index) and node.name == name)


def _declared_name(name: str) -> str:
    readable = all((is_letter(c) and plain(c) == c) or c in "_0123456789Σ" for c in name)
    if not _NAME.fullmatch(name) or len(name) > 40 or not readable:
        refuse("bad-name", "A name is a run of letters, with digits or _word behind it.")
    return canonical(name)


def _number(text: str) -> s.Node:
    """The tree of a number: whole, a decimal, a fraction, with a sign or without; raises Refused."""
    from tutor.language.parse import parse

    if not _NUMBER.fullmatch(text.strip()):
        refuse("syntax", "A number is written as 3, −3, 1/2 or 0.5.")
    tree = parse(text, Lexicon())
    return tree if isinstance(tree, s.Number) else s.Group(tree.span, tree)


def _with_sizes(text: str, numbers: Mapping[str, str]) -> str:
    return " ".join(numbers.get(word, word) for word in text.split(" ")) if numbers else text


def declared_type(text: str) -> Declared:
    """The meaning of a type such as `positive vector n`; raises Refused."""
    words = text.split()
    spans = [Span(m.start(), m.end()) for m in re.finditer(r"\S+", text)]
    qualities: set[str] = set()
    k = 0
    while k < len(words) and words[k] in _QUALITIES:
        follows = words[k + 1] if k + 1 < len(words) else ""
        if words[k] == "symmetric" and follows not in _TYPES:
            break  # `symmetric n` is a type of its own
        if words[k] == "definite" or (words[k] == "positive" and follows == "definite"):
            k += words[k] == "positive"
            qualities |= {"positive definite", "symmetric", "invertible"}
        else:
            qualities.add(words[k])
        k += 1
    if k == len(words):
        refuse("bad-type", "A type is missing.", None, *_FORMS.values())
    kind, rest = words[k], words[k + 1 :]
    if "positive definite" in qualities and kind not in _TYPES:
        kind, rest = "square", words[k:]
    if kind not in _TYPES:
        near = nearest(kind, _TYPES) or (("square",) if "invertible" in qualities else _TYPES)
        refuse("bad-type", f"{kind!r} is no type.", spans[k], *(_FORMS[n] for n in near))
    if kind == "list":
        return _list(rest, frozenset(qualities))
    needed = {"scalar": 0, "function": 0, "matrix": 2}.get(kind, 1)
    if kind == "matrix" and len(rest) == 1 and qualities & {"symmetric", "invertible", "positive definite"}:
        rest = rest * 2
    if len(rest) != needed:
        plural = "" if needed == 1 else "s"
        refuse("bad-type", f"{kind} takes {needed} size{plural}, as in {_FORMS[kind]!r}.", spans[k], _FORMS[kind])
    sizes = [_size(word) for word in rest]
    if kind == "symmetric":
        qualities.add("symmetric")
    if kind in {"square", "symmetric"}:
        sizes = sizes * 2
    shape = {
        "scalar": lambda: SCALAR,
        "function": lambda: SCALAR,
        "vector": lambda: Shape(sizes[0], ONE),
        "row": lambda: Shape(ONE, sizes[0]),
    }.get(kind, lambda: Shape(sizes[0], sizes[1]))()
    if qualities & {"symmetric", "invertible"} and shape.rows != shape.columns:
        refuse("bad-type", f"Only a square matrix can be {' and '.join(sorted(qualities))}.")
    return Declared(shape, None, frozenset(qualities), kind == "function")


def _list(rest: list[str], qualities: frozenset[str]) -> Declared:
    if len(rest) < 3 or rest[1] != "of":
        refuse("bad-type", "A list is written as in 'list N of vector n'.", None, "list N of vector n")
    item = declared_type(" ".join(rest[2:]))
    if item.items is not None or item.is_function:
        refuse("bad-type", "A list holds scalars, vectors or matrices.")
    return replace(item, items=_size(rest[0]), qualities=item.qualities | qualities)


def _size(word: str) -> Dim:
    if word.isascii() and word.isdigit():
        if not 1 <= int(word[:9]) <= LARGEST_SIZE:
            refuse("too-large", f"A size must lie between 1 and {LARGEST_SIZE}, not {word[:12]}.")
        return Dim.of(int(word))
    if not re.fullmatch(r"[^\W\d_]+[0-9]?", word):
        refuse("bad-type", f"{word!r} is no size: a size is a name or a whole number.")
    return Dim.of(GREEK.get(word, word))
