"""A derivative as it comes out of the rules → the same, short enough to read.

In: an Expr and the Facts about its names. Out: an equal Expr, and the names of the rewrites that it took. An
expression is taken apart into terms, each a number, scalars and a chain of matrices; the rewrites work on
chains and sums, and what is left is put together again as a person would. The decision owned here: which
equations of matrix algebra are used, and that the shorter of two forms is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply
from tutor.calculus.facts import Facts
from tutor.calculus.length import length
from tutor.calculus.rewrites import BY_OPERATION, arithmetic, chains, collect, indexed
from tutor.calculus.term import Scalars, Term, expression, gathered, is_condition, merged, summed
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.shape import Shape

# The rewrites by name, each with the sentence that a learner reads.
REWRITES = {
    "transposes": "A transpose goes to the factors of a product, in turned order; two transposes cancel.",
    "identity": "A factor I changes nothing.",
    "diagonals": "diag(u) v is u ⊙ v, 𝟏ᵀdiag(v) is vᵀ, and a product of diagonals is one diagonal.",
    "entrywise": "Entry by entry, factors of 1 go and equal factors become powers.",
    "inverses": "A matrix next to its inverse is I.",
    "scalars": "A product of a row and a column is a scalar, and stands in front.",
    "sums of ones": "Entries are added up: 𝟏ᵀv is sum(v), 𝟏ᵀ𝟏 is their number.",
    "traces": "A trace of a product of two vectors is their dot product.",
    "Kronecker": "(A ⊗ B)(C ⊗ D) is AC ⊗ BD.",
    "blocks": "A row of parts times a column of parts is the sum of their products.",
    "symmetry": "A symmetric matrix is its own transpose.",
    "deltas": "A Kronecker delta picks out one term of a sum.",
    "sum over an index": "What does not depend on the index stands in front of the sum.",
    "cases": "Where a condition holds, max takes the side that is the larger.",
    "sigmoid": "exp(u)/(1 + exp(u)) is σ(u), and 1/(1 + exp(u)) is σ(−u).",
    "deviations": "Deviations from a mean add up to 0.",
    "weights": "Weights of a softmax, or on a simplex, add up to 1.",
    "collecting": "Equal factors are taken out of a sum.",
    "multiplying out": "A product with a sum is multiplied out.",
    "names": "What has a name is written by its name.",
    "as cases": "A factor [z > 0] is written as cases, with the zero last.",
    "layout": "What is asked for is laid out as the transpose of this.",
    "entries": "Entries are taken of each factor.",
}
_ROOT = Fraction(1, 2)


@dataclass
class Tidy:
    """One tidying.

    `given` holds what the question itself writes, which is left as it is; `by_entries` takes entries apart;
    `is_quick` keeps the first form, for a formula that is worked with and not read.
    """

    facts: Facts = field(default_factory=Facts)
    given: frozenset[Expr] = frozenset()
    by_entries: bool = False
    is_quick: bool = False
    fired: dict[str, None] = field(default_factory=dict)
    _expand: bool = False
    _spell: bool = False
    _known: dict[tuple[Expr, bool, bool], list[Term]] = field(default_factory=dict)
    _names: dict[Expr, Expr] | None = None
    _named_products: list[tuple[Expr, Term]] | None = None

    def __call__(self, expr: Expr) -> Expr:
        """The shortest of three forms: sums as they are, sums multiplied out, and names of products spelled out."""
        if self.is_quick:
            return self.whole(self.terms(expr), expr.shape)
        start = dict(self.fired)
        best: Expr | None = None
        fired = start
        for expand, spell in ((False, False), (True, False), (False, True)):
            if spell and not any(isinstance(node, e.Defined) for node in e.walk(expr)):
                continue
            self.fired, self._expand, self._spell = dict(start), expand, spell
            made = self.whole(self.terms(expr), expr.shape)
            if expand:
                self.note("multiplying out")
            if best is None or length(made) < length(best):
                best, fired = made, self.fired
        self.fired, self._expand, self._spell = fired, False, False
        assert best is not None
        return best

    def spread(self, expr: Expr) -> list[Term]:
        """The terms of an expression with its products multiplied out."""
        self._expand = True
        terms = self.terms(expr)
        self._expand = False
        return terms

    def note(self, name: str) -> None:
        assert name in REWRITES, name
        self.fired.setdefault(name, None)

    def terms(self, expr: Expr) -> list[Term]:
        key = expr, self._expand, self._spell
        if key not in self._known:
            terms = gathered(self._terms(expr))
            if len(terms) == 1 and not terms[0].chain and not expr.shape.is_scalar:  # it stands for every entry
                terms = [replace(terms[0], chain=(build.ones(expr.shape),))]
            self._known[key] = terms
        return self._known[key]

    def _terms(self, expr: Expr) -> list[Term]:
        match expr:
            case e.Number(value=value):
                return [Term(value)]
            case e.Size(dim=dim):
                return self._size(expr, dim.terms)
            case e.Filled(name=name, shape=shape):
                if name == "zeros":
                    return []
                if shape.is_scalar:
                    return [Term()]
                return [Term(chain=(build.transposed(build.ones(shape.transposed)) if shape.is_row else expr,))]
            case e.Apply(operation=operation, arguments=parts):
                rewrite = BY_OPERATION.get(operation.name)
                return self._other(expr) if rewrite is None else rewrite(self, *parts)
            case e.Sum():
                return indexed.index_sum(self, expr)
            case e.Cases():
                return arithmetic.cases(self, expr)
            case e.Entry():
                return indexed.entry(self, expr)
            case e.Blocks(rows=rows):
                made = tuple(tuple(self.form(part) for part in row) for row in rows)
                if all(build.is_zero(part) for row in made for part in row):
                    return []
                return self.atom(replace(expr, rows=made))
            case e.Defined(body=body) if self._spell and expr.shape.is_scalar:
                inner = self.terms(body)
                return inner if len(inner) == 1 else self.atom(expr)
        return self.atom(expr)

    def _size(self, expr: Expr, monomials: tuple[tuple[tuple[str, ...], int], ...]) -> list[Term]:
        if len(monomials) != 1:
            return self.atom(expr)
        ((names, number),) = monomials
        from tutor.language.shape import Dim

        factors: Scalars = tuple((e.Size(Dim.of(name)), Fraction(1)) for name in names)
        return [Term(Fraction(number), merged(factors))]

    def atom(self, expr: Expr) -> list[Term]:
        expr = self.named(expr)
        if expr.shape.is_scalar:
            return [Term(scalars=((expr, Fraction(1)),))]
        return [Term(chain=(expr,))]

    def _other(self, expr: e.Apply) -> list[Term]:
        name = expr.operation.name
        if name in {"pi", "e"} or is_condition(expr):
            return self.atom(expr)
        if expr in self.given:
            return self.atom(expr)
        parts = tuple(self.form(part) for part in expr.arguments)
        if name == "exp" and expr.shape.is_scalar and build.is_zero(parts[0]):
            return [Term()]
        return self.atom(apply(name, *parts))

    def form(self, expr: Expr) -> Expr:
        """The tidy form of a part."""
        return self.whole(self.terms(expr), expr.shape)

    def whole(self, terms: Sequence[Term], shape: Shape) -> Expr:
        terms = collect.collected(self, gathered(self._by_names(term) for term in gathered(terms)))
        if not terms:
            return build.zeros(shape)
        if len(terms) == 2 and length(expression(terms[1])) < length(expression(terms[0])):
            terms = terms[::-1] if terms[0] == chains.turned(self, terms[1]) else terms
        made = self.named(summed([self.shown(term) for term in terms]))
        if made.shape != shape and made.shape.is_scalar:  # a scalar that stood for every entry
            return apply("times", made, build.ones(shape))
        return made

    def shown(self, term: Term) -> Term:
        """A minus in front of a difference turns the difference round."""
        if term.coefficient >= 0:
            return term
        for k, (base, exponent) in enumerate(term.scalars):
            turned = self._turned(base) if exponent.denominator == 1 and exponent % 2 else None
            if turned is not None:
                scalars = (*term.scalars[:k], (turned, exponent), *term.scalars[k + 1 :])
                return replace(term, coefficient=-term.coefficient, scalars=scalars)
        for k, factor in enumerate(term.chain):
            turned = self._turned(factor)
            others = term.chain[:k] + term.chain[k + 1 :]
            if turned is not None and factor not in others and build.transposed(factor) not in others:
                chain = (*term.chain[:k], turned, *term.chain[k + 1 :])
                return replace(term, coefficient=-term.coefficient, chain=chain)
        return term

    def _turned(self, factor: Expr) -> Expr | None:
        """−(a − b) = b − a."""
        if is_apply(factor, "transpose"):
            inner = self._turned(arguments(factor)[0])
            return None if inner is None else apply("transpose", inner)
        if is_apply(factor, "diag", "sum", "trace") and isinstance(factor, e.Apply):
            inner = self._turned(factor.arguments[0])
            return None if inner is None else apply(factor.operation.name, inner)
        if is_apply(factor, "hadamard", "times"):
            a, b = arguments(factor)
            name = "hadamard" if is_apply(factor, "hadamard") else "times"
            if (first := self._turned(a)) is not None:
                return apply(name, first, b)
            return None if (second := self._turned(b)) is None else apply(name, a, second)
        if is_apply(factor, "subtract"):
            a, b = arguments(factor)
            if not is_apply(a, "add", "subtract"):
                return apply("subtract", b, a)
        return None

    def named(self, expr: Expr) -> Expr:
        """A defined name in place of what it stands for."""
        if not self.facts.names or isinstance(expr, e.Variable | e.Number | e.Defined):
            return expr
        if self._names is None:
            self._names = {}
            for name in self.facts.names:
                if name.index is None:
                    self._names.setdefault(self._canonical(name.body), name.at(None))
                    self._names.setdefault(name.body, name.at(None))
        found = self._names.get(expr)
        if found is None:
            from tutor.calculus.facts import _matched

            by_index = (n for n in self.facts.names if n.index is not None)
            found = next((f for n in by_index if (f := _matched(n, expr)) is not None), None)
        if found is None or found.shape != expr.shape:
            return expr
        self.note("names")
        return found

    def _canonical(self, body: Expr) -> Expr:
        plain = Tidy(replace(self.facts, names=()))
        return plain.whole(plain.terms(body), body.shape)

    def _by_names(self, term: Term) -> Term:
        """A name in place of a product that it stands for: ρ for x'A x/(x'x), u for x/‖x‖."""
        for named, found in self._products:
            for _ in range(4):
                made = _put(term, named, found) if not self._spell else None
                if made is None:
                    break
                self.note("names")
                term = made
        return term

    @property
    def _products(self) -> list[tuple[Expr, Term]]:
        """The names that stand for a product, with the product."""
        if self._named_products is None:
            self._named_products = []
            for name in self.facts.names:
                found = Tidy(replace(self.facts, names=())).terms(name.body) if name.index is None else []
                if len(found) != 1 or len(found[0].chain) > 1:
                    continue
                if len(found[0].scalars) + len(found[0].chain) + (found[0].coefficient != 1) >= 2:
                    self._named_products.append((name.at(None), found[0]))
        return self._named_products


def _put(term: Term, named: Expr, product: Term) -> Term | None:
    """A term with a name in place of a product, or None where the product is not in it."""
    powers = dict(term.scalars)
    for base, x in product.scalars:
        y = powers.get(base, Fraction(0))
        if x * y <= 0 or abs(y) < abs(x):
            return None
    left = merged(term.scalars, tuple((base, -x) for base, x in product.scalars))
    coefficient = term.coefficient / product.coefficient
    if not product.chain:
        return Term(coefficient, merged(((named, Fraction(1)),), left), term.chain)
    (core,) = product.chain
    for k, factor in enumerate(term.chain):
        if factor in (core, build.transposed(core)):
            put = named if factor == core else build.transposed(named)
            return Term(coefficient, left, (*term.chain[:k], put, *term.chain[k + 1 :]))
    return None
