"""A formula without declarations → the types that its names most likely have.

In: a formula, what is declared of its names already, and the name that counts most, which one differentiates by.
Out: a type for each name that is not declared, as a lesson would write it. The decision owned here: what a letter
is by convention (capitals are matrices, x a vector where one is called for, else a scalar), and that of all types
the first ones are taken, by these conventions, with which the shapes of the formula meet.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby, islice, product

from tutor.language import syntax as s
from tutor.language.elaborate import elaborate_openly
from tutor.language.layout import NUMERATOR, derivative_shape
from tutor.language.lexicon import GREEK, canonical
from tutor.language.operations import CALLS, CONSTANTS, SPECIAL
from tutor.language.parse import parse
from tutor.language.refusal import Refused
from tutor.language.scope import Declared, Scope
from tutor.language.shape import ONE, SCALAR, Dim, Shape, Sizes
from tutor.problem import Problem

MOST_NAMES = 12
MOST_TRIES = 3000
_VECTORS = "xwyvzuphrsqgabcdeμθβ"
"""Letters for vectors, the most usual first."""

_FUNCTIONS = frozenset("fghφψ")
_INDICES = frozenset("ijklpqrst")
_SIZES = {"N": "NMmk", "n": "ndmk", "m": "mkpq"}
_COUNTS = frozenset("NMK")
"""Capitals that are numbers sooner than matrices."""

_OF_VECTORS = frozenset({"sum", "mean", "prod", "norm", "softmax", "logsumexp", "diag", "outer", "dot"})
_OF_SIZES = frozenset({"ones", "zeros", "eye"})
_OF_SQUARES = frozenset({"det", "logdet", "inv", "tr", "trace"})


@dataclass
class _Use:
    """How a name is used: with how many indices at most, without any, where a vector or a function stands."""

    indices: int = 0
    bare: bool = False
    as_vector: bool = False
    called: bool = False


@dataclass
class _Seen:
    """What a formula shows: how the names that are not declared are used, and which are indices and sizes.

    `stem` is the variable where it stands in the formula by its entries alone: `x1` is one of `x`.
    """

    given: frozenset[str]
    stem: str = ""
    uses: dict[str, _Use] = field(default_factory=dict)
    indices: set[str] = field(default_factory=set)
    sizes: set[str] = field(default_factory=set)

    def use(self, name: str) -> _Use:
        return self.uses.setdefault(name, _Use())

    def is_free(self, word: str) -> bool:
        return word not in self.given and not (word in CONSTANTS or word in CALLS or word in SPECIAL)


def inferred(
    text: str,
    wrt: str,
    given: Mapping[str, str] | None = None,
    define: Mapping[str, str] | None = None,
    kind: str = "",
) -> Mapping[str, str] | Problem:
    """The types of the names in a formula that `given` does not declare, in the order of their appearance.

    `define` are the definitions that the formula may use; `kind` is what is asked for, where that is known: a
    gradient is that of a scalar, and a derivative has two axes at most. A Problem where the formula cannot be read,
    or where no types make its shapes meet.
    """
    scope = Scope.declare(given or {})
    if isinstance(scope, Problem):
        return scope
    try:
        return _inferred(text, wrt, scope, define or {}, kind)
    except Refused as refused:
        return refused.problem
    except RecursionError:
        return Problem("too-large", "The text is nested too deeply to be read.")


def in_words(types: Mapping[str, str]) -> str:
    """Inferred types as a person says them: `w, x vectors of n; b a scalar`."""
    said = []
    for type, group in groupby(sorted(types, key=lambda name: list(types.values()).index(types[name])), types.get):
        names = list(group)
        said.append(f"{', '.join(names)} {_described(type or '', len(names) > 1)}")
    return "; ".join(said)


def _described(type: str, is_plural: bool) -> str:
    kind, *sizes = type.split()
    if kind == "list":
        item = _described(" ".join(sizes[2:]), True)
        return f"{'lists' if is_plural else 'a list'} of {sizes[0]} {item}"
    noun = {"square": "square matrix"}.get(kind, kind)
    plural = {"square matrix": "square matrices", "matrix": "matrices"}.get(noun, f"{noun}s")
    of = f" of {'×'.join(sizes)}" if sizes else ""
    return (plural if is_plural else f"a {noun}") + of


# -- the search ---------------------------------------------------------------------------------------------------


def _inferred(
    text: str, wrt: str, scope: Scope, define: Mapping[str, str], kind: str
) -> Mapping[str, str] | Problem:
    given = frozenset(scope.names | {canonical(name.partition("_")[0]) for name in define})
    texts = [text, *define.values()]
    seen = _Seen(given)
    for part in (wrt, *texts):
        _collect(_parsed(part, _called(part) - given, given, scope), seen, is_vector=False)
    uses = seen.uses
    variable = next((name for name in _letters(wrt) if name in uses), "")
    apart = [word for word in uses if _falls_apart(word, uses, variable)]
    known = frozenset.union(*map(_called, texts)) - given
    names = (frozenset(uses) - {*apart}) | frozenset("".join(apart)) | given
    by_entries = any(word != variable and word.rstrip("0123456789") == variable for word in uses)
    seen = _Seen(given, variable if by_entries else "")
    for part in (*texts, wrt):
        _collect(_parsed(part, known, names, scope), seen, is_vector=False)
    uses = {name: use for name, use in seen.uses.items() if name not in seen.sizes}
    if len(uses) > MOST_NAMES:
        return Problem("not-inferred", f"More than {MOST_NAMES} names are not declared: declare some of them.")
    tree = _put_in(_parsed(text, known, names, scope), {n: _parsed(t, known, names, scope) for n, t in define.items()})
    if kind == "derivative" and wrt.strip() != variable:
        kind = ""  # by vec of a matrix there are two axes always
    # The names with the strongest conventions are the last to be taken for something else.
    order = sorted(uses, key=lambda name: (name != variable, not uses[name].as_vector, _rank(name)))
    by_entries = variable in uses and uses[variable].indices == 1
    kinds = [_kinds(name, uses[name], name == variable, by_entries) for name in order]
    first: Refused | None = None
    for chosen in islice(product(*kinds), MOST_TRIES):
        try:
            types = _tried(tree, text, scope, dict(zip(order, chosen, strict=True)), seen, variable, kind)
            return {name: types[name] for name in uses if name in types}
        except Refused as refused:
            first = first or refused
    assert first is not None
    return first.problem


def _rank(name: str) -> int:
    return _VECTORS.index(name[0]) if name[0] in _VECTORS else -1 if name[0].isupper() else len(_VECTORS)


def _kinds(name: str, use: _Use, is_variable: bool, by_entries: bool) -> tuple[str, ...]:
    """What a name may be, the likeliest first."""
    capital = name[0].isupper() and name[0].isascii()
    if use.called:
        return ("function",)
    if use.indices == 2:
        return ("matrix", "list vector") if capital or is_variable else ("list vector", "matrix")
    if use.indices == 1 and not use.bare:
        items = "list matrix" if capital else "list vector" if use.as_vector else "list scalar"
        others = tuple(k for k in ("list scalar", "list vector", "vector", "list matrix") if k != items)
        # Beside a variable whose entries are summed, all are vectors.
        return ("vector", items, *others) if is_variable or by_entries else (items, *others)
    if use.indices == 1:
        return ("vector", "matrix")
    if capital:
        return ("scalar",) if name in _COUNTS else ("matrix", "scalar", "vector")
    is_vector = use.as_vector and name[0] in _VECTORS
    return ("vector", "scalar", "matrix") if is_vector else ("scalar", "vector", "matrix")


def _tried(
    tree: s.Node, text: str, scope: Scope, kinds: Mapping[str, str], seen: _Seen, variable: str, kind: str
) -> Mapping[str, str]:
    """The types, where the shapes meet; raises Refused where they do not."""
    sizes = Sizes()
    declared: dict[str, Declared] = {}
    for name, type in kinds.items():
        items = sizes.fresh() if type.startswith("list ") else None
        shape = {
            "vector": lambda: Shape(sizes.fresh(2), ONE),
            "matrix": lambda: Shape(sizes.fresh(2), sizes.fresh(2)),
        }.get(type.removeprefix("list "), lambda: SCALAR)()
        declared[name] = Declared(shape, items, is_function=type == "function")
    free = {letter: sizes.fresh() for letter in seen.indices if letter not in kinds and letter not in scope.names}
    # A size is known by what has it: here by variables that no text can name.
    known = {f"?{size}": Declared(Shape(Dim.of(size), ONE)) for size in seen.sizes}
    opened = Scope({**scope.variables, **declared, **known}, indices=free, allow_derivatives=True)
    shape = sizes.shape(elaborate_openly(tree, text, opened, sizes).shape)
    moved = opened.variables.get(variable)
    if kind in ("gradient", "hessian") and not shape.is_scalar:
        raise Refused(Problem("shape-conflict", f"A {kind} is that of a scalar, not of {shape.described}."))
    if kind == "derivative" and moved and derivative_shape(shape, sizes.shape(moved.shape), NUMERATOR) is None:
        raise Refused(Problem("shape-conflict", "This derivative has more than two axes: ask for an entry."))
    return _typed(declared, sizes, scope, variable)


def _typed(declared: Mapping[str, Declared], sizes: Sizes, scope: Scope, variable: str) -> Mapping[str, str]:
    """The declarations, with names for the sizes that are open."""
    found = {name: (sizes.shape(d.shape), None if d.items is None else sizes(d.items)) for name, d in declared.items()}
    plain = {name for name, d in declared.items() if d.shape.is_scalar and d.items is None and not d.is_function}
    named: dict[str, str] = {}
    taken = {*scope.names, *declared}

    def name_for(dim: Dim, wanted: str) -> None:
        size = next(iter(dim.names), "")
        if not size.startswith("?") or size in named:
            return
        for letter in (*_SIZES[wanted], *(f"n{k}" for k in range(1, 100))):
            # An undeclared number with the name of a size is that size: the N of 1/N.
            if letter not in taken or (letter in plain and letter not in named.values()):
                named[size] = letter
                taken.add(letter)
                plain.discard(letter)
                return

    if variable in found:
        for dim, wanted in zip(found[variable][0].dims, ("n", "m"), strict=True):
            name_for(dim, wanted)
    for _, items in found.values():
        if items is not None:
            name_for(items, "N")
    for shape, _ in found.values():
        for dim, is_count in ((shape.rows, "N" in plain), (shape.columns, False)):
            has_n = "n" in {*named.values(), *scope.sizes}
            name_for(dim, "N" if is_count else "m" if has_n else "n")
    used = set(named.values())
    put = {size: Dim.of(name) for size, name in named.items()}

    def size_of(dim: Dim) -> str:
        return str(put.get(next(iter(dim.names), ""), dim))

    types = {}
    for name, (shape, items) in found.items():
        if name in used:
            continue
        lone = all(dim.lone or dim.constant for dim in (*shape.dims, *([items] if items else [])))
        if not lone:
            raise Refused(Problem("not-inferred", f"The type of ‘{name}’ is not clear: declare it."))
        types[name] = "function" if declared[name].is_function else _type(shape, items, size_of)
    return types


def _type(shape: Shape, items: Dim | None, size: Callable[[Dim], str]) -> str:
    rows, columns = size(shape.rows), size(shape.columns)
    if shape.is_scalar:
        type = "scalar"
    elif shape.is_column:
        type = f"vector {rows}"
    else:
        type = f"square {rows}" if rows == columns else f"matrix {rows} {columns}"
    return type if items is None else f"list {size(items)} of {type}"


# -- what the formula shows -----------------------------------------------------------------------------------------


def _parsed(text: str, functions: frozenset[str], names: frozenset[str], scope: Scope) -> s.Node:
    found = {name: Declared(SCALAR, is_function=name in functions) for name in names | functions}
    return parse(text, Scope({**found, **scope.variables}).lexicon)


def _called(text: str) -> frozenset[str]:
    """The letters that stand before a parenthesis as functions do."""
    return frozenset(m[1] for m in re.finditer(r"(?<![^\W_])([^\W\d_])'*\(", text) if m[1] in _FUNCTIONS)


def _letters(text: str) -> list[str]:
    """The names in a variable as it is written: `x` in `x_j`, `X` in `vec(X)`."""
    words = re.findall(r"[^\W_]+", text)
    return [canonical(word) for word in words if word not in CALLS]


def _collect(node: s.Node, seen: _Seen, is_vector: bool, bound: str = "") -> None:
    """Notes how each name that is not declared is used. `is_vector`: a vector is called for at this place."""

    def below(part: s.Node, is_vector: bool = False, bound: str = bound) -> None:
        _collect(part, seen, is_vector, bound)

    match node:
        case s.Name(text=word) if seen.stem and word != seen.stem and word.rstrip("0123456789") == seen.stem:
            seen.use(seen.stem).indices = 1
        case s.Name(text=word):
            if seen.is_free(word) and word not in bound:
                use = seen.use(word)
                use.bare, use.as_vector = True, use.as_vector or is_vector
        case s.Subscript(base=base, indices=indices):
            seen.indices |= {i.text for i in indices if isinstance(i, s.Name) and i.text in _INDICES}
            if not isinstance(base, s.Name):
                below(base, is_vector=True)
            elif seen.is_free(base.text):
                _note_entry(base.text, indices, seen, is_vector)
        case s.Call(function=name, arguments=arguments):
            if name not in CALLS and seen.is_free(name):
                seen.use(name).called = True
            one = name in _OF_VECTORS or (name in ("max", "min") and len(arguments) == 1)
            if name in _OF_SIZES:
                seen.sizes |= {n.text for part in arguments for n in _names_in(part) if seen.is_free(n.text)}
            for part in arguments:
                below(part, name not in _OF_SQUARES and (one or is_vector))
        case s.Bars(sign=sign, inner=inner):
            below(inner, sign == "‖" or is_vector)
        case s.Prime(base=base) | s.Transpose(base=base):
            below(base, is_vector=True)
        case s.Dot(left=left, right=right):
            below(left, is_vector=True)
            below(right, is_vector=True)
        case s.Chain(first=first, terms=terms):
            signs = ["", *(term.operator for term in terms), ""]
            for k, part in enumerate((first, *(term.operand for term in terms))):
                entrywise = {"·", ".*", "./", "⊙", "⊘"} & {signs[k], signs[k + 1]}
                below(part, is_vector or bool(entrywise) or (k > 0 and _is_turned((first, *_operands(terms))[k - 1])))
        case s.Juxtaposed(factors=factors):
            for k, part in enumerate(factors):
                below(part, is_vector or (k > 0 and _is_turned(factors[k - 1])))
        case s.Power(base=base, exponent=exponent, elementwise=elementwise):
            below(base, is_vector=elementwise)
            below(exponent)
        case s.Added(terms=terms):
            is_column = any(_is_column(term) for _, term in terms)
            for _, term in terms:
                below(term, is_vector or is_column)
        case s.BigSum(index=index, lower=lower, upper=upper, body=body):
            bounds = [n.text for part in (lower, upper) if part is not None for n in _names_in(part)]
            seen.sizes |= {word for word in bounds if seen.is_free(word) and word not in _INDICES}
            below(body, is_vector, bound + index)
        case _:
            for part in s.children(node):
                below(part, is_vector)


def _names_in(node: s.Node) -> Iterator[s.Name]:
    if isinstance(node, s.Name):
        yield node
    for part in s.children(node):
        yield from _names_in(part)


def _note_entry(word: str, indices: tuple[s.Node, ...], seen: _Seen, is_vector: bool) -> None:
    numbers = [str(index.value) for index in indices if isinstance(index, s.Number)]
    if word[0].isupper() and len(numbers) == len(indices):
        # W_1 and W_2 are two matrices; x_1 and x_2 are two entries.
        seen.use(canonical(word + "".join(numbers))).bare = True
        return
    use = seen.use(word)
    use.indices = max(use.indices, len(indices))
    use.bare |= bool(numbers)
    use.as_vector |= is_vector


def _operands(terms: tuple[s.Term, ...]) -> Iterator[s.Node]:
    return (term.operand for term in terms)


def _is_turned(node: s.Node) -> bool:
    """Whether a vector is likely to follow: behind a matrix, or behind a row."""
    match node:
        case s.Prime() | s.Transpose():
            return True
        case s.Name(text=word) | s.Subscript(base=s.Name(text=word)):
            return word[0].isupper() and word not in _COUNTS | {"I"}
        case s.Power(base=base):
            return _is_turned(base)
        case s.Juxtaposed(factors=factors):
            return _is_turned(factors[-1])
        case s.Group(inner=inner):
            return isinstance(inner, s.Added) and any(_is_turned(term) for _, term in inner.terms)
    return False


def _is_column(node: s.Node) -> bool:
    """Whether a term is a matrix by a vector: what is added to it is a vector, too."""
    if not isinstance(node, s.Juxtaposed) or not isinstance(node.factors[0], s.Name | s.Subscript):
        return False
    *matrices, last = node.factors
    return all(_is_turned(part) and not isinstance(part, s.Prime | s.Transpose) for part in matrices) and not (
        _is_turned(last) or isinstance(last, s.Group)
    )


def _falls_apart(word: str, uses: Mapping[str, _Use], variable: str) -> bool:
    """Whether an undeclared run of letters is a product: `Xw` beside a w."""
    if len(word) < 2 or len(word) > 3 or not word.isalpha() or word in GREEK or uses[word].called:
        return False
    return word != variable and any(letter.isupper() or letter == variable for letter in word)


def _put_in(node: s.Node, define: Mapping[str, s.Node]) -> s.Node:
    """The formula with the definitions in the place of their names."""
    for name, meaning in reversed(list(define.items())):
        node = s.with_numbers(node, {name: s.Group(meaning.span, meaning)})
    return node
