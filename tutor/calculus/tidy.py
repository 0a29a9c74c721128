"""A derivative as it comes out of the rules → the same, short enough to read.

In: an Expr and the Facts about its names. Out: an equal Expr, and the names of the rewrites that it took. An
expression is taken apart into terms, each a number, scalars and a chain of matrices; the rewrites work on
chains and sums, and what is left is put together again as a person would. The decision owned here: which
equations of matrix algebra are used, and that the shorter of two forms is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import reduce
from itertools import pairwise
from math import gcd

from tutor.calculus import build
from tutor.calculus.build import apply, arguments, is_apply, is_filled, is_ones
from tutor.calculus.facts import Facts
from tutor.calculus.length import length
from tutor.calculus.term import Scalars, Term, expression, gathered, is_condition, merged, summed, with_numbers
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.operations import ELEMENTWISE
from tutor.language.shape import ONE, Shape

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

    # -- taking apart -------------------------------------------------------------------------------------------

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
                method = getattr(self, f"_{operation.name}", None)
                result: list[Term] = method(*parts) if method is not None else self._other(expr)
                return result
            case e.Sum():
                return self._index_sum(expr)
            case e.Cases():
                return self._cases(expr)
            case e.Entry():
                return self._entry(expr)
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

    # -- putting together ----------------------------------------------------------------------------------------

    def form(self, expr: Expr) -> Expr:
        """The tidy form of a part."""
        return self.whole(self.terms(expr), expr.shape)

    def whole(self, terms: Sequence[Term], shape: Shape) -> Expr:
        terms = self.collected(gathered(self._by_names(term) for term in gathered(terms)))
        if not terms:
            return build.zeros(shape)
        if len(terms) == 2 and length(expression(terms[1])) < length(expression(terms[0])):
            terms = terms[::-1] if terms[0] == self.turned(terms[1]) else terms
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

            indexed = (n for n in self.facts.names if n.index is not None)
            found = next((f for n in indexed if (f := _matched(n, expr)) is not None), None)
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

    # -- sums of terms -------------------------------------------------------------------------------------------

    def group(self, terms: Sequence[Term], shape: Shape) -> tuple[Fraction, Scalars, Expr]:
        """A sum as one factor: its content in front, and what is left."""
        terms = gathered(terms)
        coefficient, scalars = _content(terms)
        inner = [_without(term, coefficient, scalars) for term in terms]
        inner = self.collected(inner)
        if len(inner) == 2 and length(expression(inner[1])) < length(expression(inner[0])):
            inner = inner[::-1] if inner[0] == self.turned(inner[1]) else inner
        if len(inner) == 1 and not inner[0].chain and not shape.is_scalar:
            return coefficient, scalars, self.whole(inner, shape)
        negative = [term.coefficient < 0 for term in inner]
        if negative and (all(negative) or (2 * sum(negative) == len(negative) and self._leads(inner))):
            coefficient, inner = -coefficient, [term.scaled(Fraction(-1)) for term in inner]
        made = summed([self.shown(t) for t in inner])
        if not shape.is_scalar and not shape.is_column:
            turned = summed([self.shown(self.turned(t)) for t in inner])
            if length(turned) + 3 < length(made) + 2:
                return coefficient, scalars, apply("transpose", self.named(turned))
        return coefficient, scalars, self.named(made)

    def _leads(self, terms: Sequence[Term]) -> bool:
        """Of two orientations of a difference one is kept, whichever way it came."""
        first = min(terms, key=lambda t: repr(self.turned(t).chain) + repr(t.scalars))
        return first.coefficient < 0

    def factor(self, terms: Sequence[Term], shape: Shape) -> Term:
        """A sum as a term of its own, with the sum as its only factor."""
        if len(terms) < 2:
            return terms[0] if terms else Term(Fraction(0))
        coefficient, scalars, made = self.group(terms, shape)
        if build.is_zero(made):
            return Term(Fraction(0))
        if made.shape.is_scalar:
            return Term(coefficient, merged(scalars, ((made, Fraction(1)),)))
        return Term(coefficient, scalars, (made,))

    def collected(self, terms: list[Term]) -> list[Term]:
        """Equal factors taken out of a sum, as long as that makes it no longer."""
        while len(terms) > 1 and not self.is_quick:
            best: tuple[int, int, int, Term] | None = None
            for i in range(len(terms)):
                for j in range(i + 1, len(terms)):
                    found = self._collect(terms[i], terms[j])
                    if found is not None and (best is None or found[0] > best[0]):
                        best = (found[0], i, j, found[1])
            if best is None:
                return terms
            _, i, j, term = best
            terms = gathered([*terms[:i], term, *terms[i + 1 : j], *terms[j + 1 :]])
            self.note("collecting")
        return terms

    def _collect(self, a: Term, b: Term) -> tuple[int, Term] | None:
        """One term for two, with how much shorter it is."""
        if bool(a.chain) != bool(b.chain):
            return None
        if (both := self._one_diagonal(a, b)) is not None:
            return both
        if (both := self._common_entries(a, b)) is not None:
            return both
        left = _common(a.chain, b.chain)
        rest = min(len(a.chain), len(b.chain)) - left
        right = min(rest, _common(a.chain[::-1], b.chain[::-1]))
        coefficient, scalars = _content([replace(a, chain=()), replace(b, chain=())])
        if not left and not right and not scalars:
            return None
        middle = [t.chain[left : len(t.chain) - right] for t in (a, b)]
        ends = a.chain[:left], a.chain[len(a.chain) - right :]
        hole = self._hole(ends, middle)
        if hole is None:
            return None
        parts = []
        for term, chain in zip((a, b), middle, strict=True):
            inner = _without(replace(term, chain=()), coefficient, scalars)
            parts.append(replace(inner, chain=chain or self._filling(hole)))
        symmetric = all(middle) and set(parts) == {self.turned(part) for part in parts}
        own, more, made = self.group(parts, hole)
        factor = Term(coefficient * own, merged(scalars, more), ())
        if made.shape.is_scalar:
            factor = replace(factor, scalars=merged(factor.scalars, ((made, Fraction(1)),)))
            whole = replace(factor, chain=(*ends[0], *ends[1]))
        else:
            whole = replace(factor, chain=(*ends[0], made, *ends[1]))
        saved = length(expression(a)) + length(expression(b)) + 1 - length(expression(whole))
        least = -1 if symmetric else 0 if (left or right) and not hole.is_scalar else 1
        return (saved, whole) if saved >= least else None

    def _one_diagonal(self, a: Term, b: Term) -> tuple[int, Term] | None:
        """diag(u) + diag(v) = diag(u + v)."""
        if any(len(t.chain) != 1 or not is_apply(t.chain[0], "diag") or not _is_wide(t.chain[0]) for t in (a, b)):
            return None
        inner = [replace(t, chain=(arguments(t.chain[0])[0],)) for t in (a, b)]
        coefficient, scalars, made = self.group(inner, arguments(a.chain[0])[0].shape)
        whole = Term(coefficient, scalars, (apply("diag", made),))
        saved = length(expression(a)) + length(expression(b)) + 1 - length(expression(whole))
        return (saved, whole) if saved > 0 else None

    def _common_entries(self, a: Term, b: Term) -> tuple[int, Term] | None:
        """u ⊙ w + v ⊙ w = (u + v) ⊙ w."""
        if any(len(t.chain) != 1 or not is_apply(t.chain[0], "hadamard") for t in (a, b)):
            return None
        shape = a.chain[0].shape
        split = [self._entrywise([(t.chain[0], Fraction(1))]) for t in (a, b)]
        if any(front != Term() for front, _ in split):
            return None
        shared = [factor for factor in split[0][1] if factor in split[1][1]]
        if not shared:
            return None
        parts = []
        for term, (_, factors) in zip((a, b), split, strict=True):
            rest = self._built([f for f in factors if f not in shared], shape)
            parts.append(replace(term, chain=(rest,)))
        own, scalars, made = self.group(parts, shape)
        whole = Term(own, scalars, (self._built([(made, Fraction(1)), *shared], shape),))
        saved = length(expression(a)) + length(expression(b)) + 1 - length(expression(whole))
        return (saved, whole) if saved > 0 else None

    def _hole(self, ends: tuple[Sequence[Expr], Sequence[Expr]], middle: list[tuple[Expr, ...]]) -> Shape | None:
        """The shape of what is left between common ends; a square hole may hold I."""
        for chain in middle:
            if chain:
                shape = Shape(chain[0].shape.rows, chain[-1].shape.columns)
                if not all(middle) and shape.rows != shape.columns:
                    return None
                return shape
        return build.ONE_NUMBER.shape

    def _filling(self, hole: Shape) -> tuple[Expr, ...]:
        return () if hole.is_scalar else (build.identity(hole.rows),)

    # -- products ------------------------------------------------------------------------------------------------

    def multiplied(self, a: Term, b: Term) -> Term:
        if not a.coefficient or not b.coefficient:
            return Term(Fraction(0))
        coefficient, scalars = with_numbers(a.coefficient * b.coefficient, merged(a.scalars, b.scalars))
        scalars = self._powers_of_one_base(self._sigmoids(scalars))
        return self.reduced(Term(coefficient, self._assumed(scalars), a.chain + b.chain))

    def _sigmoids(self, scalars: Scalars) -> Scalars:
        """exp(u)/(1 + exp(u)) = σ(u); what is left of the denominator is σ(−u)."""
        powers = dict(scalars)
        for base, x in scalars:
            if not is_apply(base, "exp") or x != 1:
                continue
            below = self._one_plus(base, powers)
            if below is None or powers[below] not in (-1, -2):
                continue
            (u,) = arguments(base)
            self.note("sigmoid")
            made = [(apply("sigmoid", u), Fraction(1))]
            if powers[below] == -2:
                made.append((apply("sigmoid", self.form(build.minus(u))), Fraction(1)))
            rest = tuple((b, y) for b, y in scalars if b not in (base, below))
            return merged(rest, tuple((self.named(b), y) for b, y in made))
        return scalars

    def _powers_of_one_base(self, scalars: Scalars) -> Scalars:
        """x · x^(k − 1) = x^k."""
        powers = dict(scalars)
        for base, x in scalars:
            if x != 1 or not is_apply(base, "power"):
                continue
            inner, exponent = arguments(base)
            if inner in powers and powers[inner].denominator == 1:
                more = apply("add", exponent, build.number(powers[inner]))
                rest = tuple((b, y) for b, y in scalars if b not in (base, inner))
                return merged(rest, ((self.named(apply("power", inner, self.form(more))), Fraction(1)),))
        return scalars

    def _one_plus(self, base: Expr, powers: dict[Expr, Fraction]) -> Expr | None:
        sums = (apply("add", *pair) for pair in ((build.ONE_NUMBER, base), (base, build.ONE_NUMBER)))
        return next((made for made in sums if made in powers), None)

    def _assumed(self, scalars: Scalars) -> Scalars:
        """Where p > q, max(p, q) is p."""
        for base, _ in scalars:
            if not is_apply(base, "gt"):
                continue
            p, q = arguments(base)

            def put(part: Expr, p: Expr = p, q: Expr = q) -> Expr:
                both = is_apply(part, "maximum") and set(arguments(part)) == {p, q}
                relu = is_apply(part, "relu") and arguments(part)[0] == p and build.is_zero(q)
                return p if both or relu else part if isinstance(part, e.Defined) else build.same(part, put)

            made = tuple((other if other is base else put(other), x) for other, x in scalars)
            if made != scalars:
                self.note("cases")
                return merged(*(self._power_terms(self.terms(other), other, x) for other, x in made))
        return scalars

    def _power_terms(self, terms: list[Term], base: Expr, exponent: Fraction) -> Scalars:
        if len(terms) == 1 and terms[0].coefficient == 1 and not terms[0].chain:
            return tuple((b, x * exponent) for b, x in terms[0].scalars)
        return ((self.whole(terms, base.shape), exponent),)

    def product(self, a: Expr, b: Expr) -> list[Term]:
        """The terms of a product; a sum is multiplied out or held together."""
        left, right = self._operand(a), self._operand(b)
        return [self.multiplied(x, y) for x in left for y in right]

    def _operand(self, expr: Expr) -> list[Term]:
        terms = self.terms(expr)
        if len(terms) < 2:
            return terms
        spreads = not expr.shape.is_scalar and any(not term.chain for term in terms)
        core = arguments(expr)[0] if is_apply(expr, "transpose") else expr
        if self._expand and not spreads and core not in self.given:
            return terms
        return [self.factor(terms, expr.shape)]

    def reduced(self, term: Term) -> Term:
        """The chain with everything taken together that belongs together."""
        result = term
        while True:
            if not result.coefficient:
                return result
            step = self._scalar_parts(result) or self._neighbours(result)
            if step is None:
                return result
            result = step

    def _scalar_parts(self, term: Term) -> Term | None:
        """A part of the chain that is a scalar goes in front."""
        chain = term.chain
        cuts = [0, *(k for k in range(1, len(chain)) if chain[k].shape.rows == ONE), len(chain)]
        for start, end in pairwise(cuts):
            part = chain[start:end]
            if part and part[0].shape.is_row and part[-1].shape.is_column:
                self.note("scalars")
                rest = replace(term, chain=chain[:start] + chain[end:])
                scalar = self._scalar(part)
                result = Term(Fraction(0))
                if scalar.coefficient:
                    merged_scalars = merged(rest.scalars, scalar.scalars)
                    c, s = with_numbers(rest.coefficient * scalar.coefficient, merged_scalars)
                    result = Term(c, s, rest.chain)
                return result
        return None

    def _scalar(self, chain: tuple[Expr, ...]) -> Term:
        """A row times a column as a scalar term."""
        first, last = chain[0], chain[-1]
        if len(chain) == 2 and is_apply(first, "transpose"):
            return self._inner(arguments(first)[0], last)
        if is_ones(first):
            return self._one(self.sum_of(_chained(chain[1:])))
        if is_ones(last):
            return self._one(self.sum_of(build.transposed(_chained(chain[:-1]))))
        if is_apply(first, "transpose") and isinstance(arguments(first)[0], e.Unit):
            place = self.entry_of(_chained(chain[1:]), arguments(first)[0], build.ONE_NUMBER)
            return self._one(place)
        made = _chained(chain)
        turned = _chained([t for x in reversed(chain) for t in self.turned_factor(x)])
        if (length(turned), repr(turned)) < (length(made), repr(made)):
            made = turned
        return Term(scalars=((self.named(made), Fraction(1)),))

    def _one(self, terms: list[Term]) -> Term:
        if not terms:
            return Term(Fraction(0))
        return self.factor(terms, build.ONE_NUMBER.shape)

    def _inner(self, u: Expr, v: Expr) -> Term:
        """A dot product, in the form that says most."""
        for a, b in ((u, v), (v, u)):
            if is_filled(a, "ones"):
                return self._one(self.sum_of(b))
            if isinstance(a, e.Unit):
                return self._one(self.entry_of(b, a, build.ONE_NUMBER))
        if u == v:
            return Term(scalars=((self.named(apply("norm", u)), Fraction(2)),))
        if any(x < 0 for part in (u, v) for _, x in self._entrywise([(part, Fraction(1))])[1]):
            front, factors = self._entrywise([(u, Fraction(1)), (v, Fraction(1))])
            made = self._built(factors, u.shape)
            if length(made) < length(u) + length(v):
                return self.multiplied(front, self._one(self.sum_of(made)))
        if (length(u), repr(u)) > (length(v), repr(v)) and not self._is_given(apply("dot", u, v)):
            u, v = v, u
        return Term(scalars=((self.named(apply("dot", u, v)), Fraction(1)),))

    def _is_given(self, expr: Expr) -> bool:
        return expr in self.given

    def _neighbours(self, term: Term) -> Term | None:
        chain = term.chain
        for k, factor in enumerate(chain):
            if is_filled(factor, "eye") and len(chain) > 1:
                self.note("identity")
                return replace(term, chain=chain[:k] + chain[k + 1 :])
        for k in range(len(chain) - 1):
            pair = self._pair(chain[k], chain[k + 1])
            if pair is not None:
                rest = replace(term, chain=chain[:k])
                for part in pair:
                    coefficient = rest.coefficient * part.coefficient
                    rest = Term(coefficient, merged(rest.scalars, part.scalars), rest.chain + part.chain)
                return replace(rest, chain=rest.chain + chain[k + 2 :])
        return None

    def _pair(self, a: Expr, b: Expr) -> list[Term] | None:
        """What two neighbours of a chain are together, or None."""
        if is_apply(a, "diag") and is_apply(b, "diag") and _is_wide(a) and _is_wide(b):
            self.note("diagonals")
            return [self.factor(self._diag(apply("hadamard", arguments(a)[0], arguments(b)[0])), a.shape)]
        if is_apply(a, "diag") and _is_wide(a) and b.shape.is_column:
            self.note("diagonals")
            return [self.factor(self._hadamard(arguments(a)[0], b), b.shape)]
        if is_apply(b, "diag") and _is_wide(b) and a.shape.is_row:
            self.note("diagonals")
            column = self.factor(self._hadamard(build.transposed(a), arguments(b)[0]), a.shape.transposed)
            return [self.turned(column)]
        if is_apply(a, "kron") and is_apply(b, "kron"):
            (p, q), (r, s) = arguments(a), arguments(b)
            if p.shape.columns == r.shape.rows and q.shape.columns == s.shape.rows:
                self.note("Kronecker")
                made = self._kron(apply("times", p, r), apply("times", q, s))
                return [self.factor(made, apply("times", a, b).shape)]
        if self._inverse_of(a) == b or self._inverse_of(b) == a:
            self.note("inverses")
            return [Term(chain=(build.identity(a.shape.rows),))]
        if isinstance(a, e.Blocks) and isinstance(b, e.Blocks) and len(a.rows) == 1 == len(b.rows[0]):
            blocks = self._blocks_multiplied(a, b)
            if blocks is not None:
                return blocks
        return self._beside_inverse(a, b)

    def _blocks_multiplied(self, a: e.Blocks, b: e.Blocks) -> list[Term] | None:
        """A row of parts times a column of parts is the sum of their products."""
        pairs = list(zip(a.rows[0], (row[0] for row in b.rows), strict=False))
        if len(a.rows[0]) != len(b.rows) or any(p.shape.columns != q.shape.rows for p, q in pairs):
            return None
        self.note("blocks")
        terms = gathered(t for p, q in pairs for t in self.product(p, q))
        shape = Shape(a.shape.rows, b.shape.columns)
        return [self.factor(terms, shape)] if terms else [Term(Fraction(0))]

    def _inverse_of(self, factor: Expr) -> Expr | None:
        """The matrix that a factor is the inverse of."""
        if is_apply(factor, "inverse"):
            return arguments(factor)[0]
        if is_apply(factor, "transpose") and is_apply(arguments(factor)[0], "inverse"):
            turned = self.turned_factor(arguments(arguments(factor)[0])[0])
            return turned[0] if len(turned) == 1 else None
        return None

    def _inside(self, factor: Expr) -> tuple[tuple[Expr, ...], bool] | None:
        """The square factors of an inverse of a product, and whether it stands transposed."""
        turned = is_apply(factor, "transpose")
        core = arguments(factor)[0] if turned else factor
        if not is_apply(core, "inverse"):
            return None
        (term, *more) = self.terms(arguments(core)[0])
        square = all(f.shape.rows == f.shape.columns for f in term.chain)
        if more or term.scalars or term.coefficient != 1 or len(term.chain) < 2 or not square:
            return None
        chain = term.chain
        if turned:
            chain = tuple(t for x in reversed(chain) for t in self.turned_factor(x))
        return chain, turned

    def _beside_inverse(self, a: Expr, b: Expr) -> list[Term] | None:
        """B (A X B)⁻¹ = (A X)⁻¹."""
        found = self._inside(b)
        if found is not None and found[0][-1] == a:
            self.note("inverses")
            return [Term(chain=self._inverted(found[0][:-1]))]
        found = self._inside(a)
        if found is not None and found[0][0] == b:
            self.note("inverses")
            return [Term(chain=self._inverted(found[0][1:]))]
        return None

    def _inverted(self, chain: tuple[Expr, ...]) -> tuple[Expr, ...]:
        turned = [is_apply(factor, "transpose") for factor in chain]
        if all(turned):  # X⁻ᵀ, not (Xᵀ)⁻¹
            back = tuple(t for x in reversed(chain) for t in self.turned_factor(x))
            return (apply("transpose", apply("inverse", _chained(back))),)
        return (apply("inverse", _chained(chain)),)

    # -- transposes ----------------------------------------------------------------------------------------------

    def turned(self, term: Term) -> Term:
        return replace(term, chain=tuple(t for factor in reversed(term.chain) for t in self.turned_factor(factor)))

    def turned_factor(self, factor: Expr) -> tuple[Expr, ...]:
        if is_apply(factor, "transpose"):
            return (arguments(factor)[0],)
        if self.is_symmetric(factor):
            return (factor,)
        if is_filled(factor, "ones") and not build.is_vector(factor.shape):
            return (e.Filled("ones", shape=factor.shape.transposed),)
        if is_apply(factor, "kron"):
            p, q = arguments(factor)
            return (apply("kron", self.form(build.transposed(p)), self.form(build.transposed(q))),)
        if isinstance(factor, e.Sum):
            body = self.whole([self.turned(t) for t in self.terms(factor.body)], factor.body.shape.transposed)
            return (replace(factor, body=body, shape=body.shape),)
        if isinstance(factor, e.Cases):
            turn = self.turned_expr
            branches = tuple((turn(value), condition) for value, condition in factor.branches)
            rest = None if factor.otherwise is None else turn(factor.otherwise)
            return (replace(factor, branches=branches, otherwise=rest, shape=factor.shape.transposed),)
        if isinstance(factor, e.Blocks):
            rows = tuple(zip(*factor.rows, strict=True))
            made = tuple(tuple(self.turned_expr(part) for part in row) for row in rows)
            return (replace(factor, rows=made, shape=factor.shape.transposed),)
        if is_apply(factor, "add", "subtract") and not build.is_vector(factor.shape):
            turned = self.turned_expr(factor)
            if length(turned) <= length(factor):
                return (turned,)
        return (apply("transpose", factor),)

    def turned_expr(self, expr: Expr) -> Expr:
        return self.whole([self.turned(t) for t in self.terms(expr)], expr.shape.transposed)

    def is_symmetric(self, factor: Expr) -> bool:
        if is_filled(factor, "eye") or (is_apply(factor, "diag") and _is_wide(factor)):
            return True
        if isinstance(factor, e.Variable):
            return factor.name in self.facts.symmetric
        if factor.shape.rows != factor.shape.columns or isinstance(factor, e.Blocks | e.Cases | e.Sum | e.Filled):
            return is_filled(factor, "ones") and factor.shape.rows == factor.shape.columns
        if isinstance(factor, e.Defined):
            return self._is_symmetric_sum(factor.body)
        if is_apply(factor, "inverse"):
            return self._is_symmetric_sum(arguments(factor)[0])
        if is_apply(factor, "add", "subtract", "times"):
            return self._is_symmetric_sum(factor)
        return False

    def _is_symmetric_sum(self, expr: Expr) -> bool:
        if isinstance(expr, e.Variable | e.Defined):
            return self.is_symmetric(expr)
        known = self.terms(expr)
        if any(len(t.chain) == 1 and t.chain[0] == expr for t in known):
            return False
        return set(gathered(self.turned(t) for t in known)) == set(known)

    # -- operations --------------------------------------------------------------------------------------------

    def _add(self, a: Expr, b: Expr) -> list[Term]:
        return [*self.terms(a), *self.terms(b)]

    def _subtract(self, a: Expr, b: Expr) -> list[Term]:
        return [*self.terms(a), *(term.scaled(Fraction(-1)) for term in self.terms(b))]

    def _negative(self, a: Expr) -> list[Term]:
        return [term.scaled(Fraction(-1)) for term in self.terms(a)]

    def _times(self, a: Expr, b: Expr) -> list[Term]:
        return self.product(a, b)

    def _dot(self, a: Expr, b: Expr) -> list[Term]:
        return self.product(build.transposed(a), b) if a.shape.is_column else self.product(a, build.transposed(b))

    def _divide(self, a: Expr, b: Expr) -> list[Term]:
        below = self._raised(b, Fraction(-1))
        return [self.multiplied(term, below) for term in self._operand(a)]

    def _raised(self, base: Expr, exponent: Fraction) -> Term:
        """A scalar to a power."""
        terms = self.terms(base)
        if not terms:
            return Term(scalars=((build.ZERO, exponent),))
        term = self.factor(terms, base.shape)
        if exponent.denominator == 1:
            c, s = with_numbers(
                term.coefficient**exponent.numerator, tuple((b, x * exponent) for b, x in merged(term.scalars))
            )
            return Term(c, s)
        if term.is_number and term.coefficient > 0:
            c, s = with_numbers(Fraction(1), ((build.number(term.coefficient), exponent),))
            return Term(c, s)
        if term.coefficient > 0 and all(isinstance(b, e.Size) or is_apply(b, "pi") for b, _ in term.scalars):
            number: Scalars = ((build.number(term.coefficient), exponent),) if term.coefficient != 1 else ()
            c, s = with_numbers(Fraction(1), (*number, *((b, x * exponent) for b, x in term.scalars)))
            return Term(c, s)
        return Term(scalars=((self.whole(terms, base.shape), exponent),))

    def _power(self, base: Expr, exponent: Expr) -> list[Term]:
        if not base.shape.is_scalar:
            return self._matrix_power(base, exponent)
        settled = self.form(exponent)
        if isinstance(settled, e.Number) and abs(settled.value) <= 1000:
            if settled.value == 0:
                return [Term()]
            return [self._raised(base, settled.value)]
        return self.atom(apply("power", base, settled))

    def _matrix_power(self, base: Expr, exponent: Expr) -> list[Term]:
        times = exponent.value.numerator if isinstance(exponent, e.Number) else 0
        if not 1 <= times <= build.LARGEST_POWER:
            return self.atom(apply("power", base, exponent))
        return self.terms(build.product([base] * times))

    def _sqrt(self, a: Expr) -> list[Term]:
        if not a.shape.is_scalar:
            return self.atom(apply("sqrt", a))
        return [self._raised(a, _ROOT)]

    def _transpose(self, a: Expr) -> list[Term]:
        if not a.shape.is_scalar:
            self.note("transposes")
        return [self.turned(term) for term in self.terms(a)]

    def _hadamard(self, a: Expr, b: Expr) -> list[Term]:
        if a.shape.is_scalar or b.shape.is_scalar:
            return self.product(a, b)
        return self._entries_multiplied([(a, Fraction(1)), (b, Fraction(1))])

    def _over(self, a: Expr, b: Expr) -> list[Term]:
        if b.shape.is_scalar:
            return self._divide(a, b)
        if a.shape.is_scalar:
            term = self._one(self.terms(a))
            return [self.multiplied(term, t) for t in self._entries_multiplied([(b, Fraction(-1))])]
        return self._entries_multiplied([(a, Fraction(1)), (b, Fraction(-1))])

    def _powers(self, a: Expr, b: Expr) -> list[Term]:
        settled = self.form(b) if b.shape.is_scalar else b
        if a.shape.is_scalar and b.shape.is_scalar:
            return self._power(a, settled)
        if isinstance(settled, e.Number) and settled.value.denominator == 1:
            if settled.value == 0:
                return self.terms(build.ones(a.shape))
            return self._entries_multiplied([(a, settled.value)])
        return self.atom(apply("powers", a, settled))

    def _entries_multiplied(self, parts: Sequence[tuple[Expr, Fraction]]) -> list[Term]:
        shape = parts[0][0].shape
        if self._expand and all(x == 1 for _, x in parts):
            for k, (part, _) in enumerate(parts):
                terms = self.terms(part)
                spread = any(not t.chain for t in terms)
                if len(terms) > 1 and not spread and part not in self.given:
                    made: list[Term] = []
                    for term in terms:
                        again = [*parts[:k], (expression(term), Fraction(1)), *parts[k + 1 :]]
                        made += self._entries_multiplied(again)
                    return made
        if shape.is_row:
            columns = [(self.form(build.transposed(part)), x) for part, x in parts]
            return [self.turned(t) for t in self._entries_multiplied(columns)]
        front, factors = self._entrywise(parts)
        if not front.coefficient:
            return []
        made_expr = self._built(factors, shape)
        if is_apply(made_expr, "hadamard", "over", "powers"):
            return [self.multiplied(front, t) for t in self.atom(made_expr)]
        return [self.multiplied(front, t) for t in self._operand(made_expr)]

    def _entrywise(self, parts: Iterable[tuple[Expr, Fraction]]) -> tuple[Term, list[tuple[Expr, Fraction]]]:
        """The numbers and scalars in front of an entrywise product, and its factors with exponents."""
        front = Term()
        powers: dict[Expr, Fraction] = {}
        for part, exponent in parts:
            for base, x in self._entry_factors(part):
                if isinstance(base, Term):
                    front = self.multiplied(front, _raised(base, exponent))
                    continue
                if is_ones(base):
                    self.note("entrywise")
                    continue
                powers[base] = powers.get(base, Fraction(0)) + x * exponent
                if is_condition(base) and powers[base] > 1:
                    powers[base] = Fraction(1)
        return front, [(base, x) for base, x in powers.items() if x]

    def _entry_factors(self, part: Expr) -> list[tuple[Expr | Term, Fraction]]:
        if part.shape.is_scalar:
            return [(self._one(self.terms(part)), Fraction(1))]
        if is_apply(part, "hadamard"):
            return [f for argument in arguments(part) for f in self._entry_factors(argument)]
        if is_apply(part, "over"):
            above, below = arguments(part)
            under = [(base, -x) if not isinstance(base, Term) else (_reciprocal(base), x)
                     for base, x in self._entry_factors(below)]  # fmt: skip
            return [*self._entry_factors(above), *under]
        if is_apply(part, "powers") and isinstance(exponent := arguments(part)[1], e.Number):
            base = arguments(part)[0]
            if not base.shape.is_scalar and exponent.value.denominator == 1:
                return [(b, x * exponent.value) if not isinstance(b, Term) else (_raised(b, exponent.value), x)
                        for b, x in self._entry_factors(base)]  # fmt: skip
        terms = self.terms(part)
        if not terms:
            return [(Term(Fraction(0)), Fraction(1))]
        term = self.factor(terms, part.shape)
        if not term.chain:
            return [(term, Fraction(1))]
        front = replace(term, chain=())
        core = _chained(term.chain)
        found: list[tuple[Expr | Term, Fraction]] = [(front, Fraction(1))] if front != Term() else []
        if len(term.chain) == 1 and core != part and is_apply(core, "hadamard", "over", "powers"):
            return [*found, *self._entry_factors(core)]
        return [*found, (core, Fraction(1))]

    def _built(self, factors: Sequence[tuple[Expr, Fraction]], shape: Shape) -> Expr:
        above = [base if x == 1 else apply("powers", base, build.number(x)) for base, x in factors if x > 0]
        below = [base if x == -1 else apply("powers", base, build.number(-x)) for base, x in factors if x < 0]
        if not above and not below:
            return build.ones(shape)
        top = reduce(lambda a, b: apply("hadamard", a, b), above) if above else build.ONE_NUMBER
        if not below:
            return top
        return apply("over", top, reduce(lambda a, b: apply("hadamard", a, b), below))

    def _diag(self, a: Expr) -> list[Term]:
        terms = self.terms(a)
        if not build.is_vector(a.shape):
            return [t for term in terms for t in self._diagonal_of(term)]
        if a.shape.is_row:
            return self._diag(self.form(build.transposed(a)))
        if not terms:
            return []
        spread = any(not term.chain for term in terms)
        if self._expand and not spread and a not in self.given:
            return [self._diag_term(term) for term in terms]
        return [self._diag_term(self.factor(terms, a.shape))]

    def _diag_term(self, term: Term) -> Term:
        core = _chained(term.chain)
        if is_ones(core):
            self.note("diagonals")
            return replace(term, chain=(build.identity(core.shape.rows),))
        if is_apply(core, "diag"):
            return replace(term, chain=(arguments(core)[0],))
        return replace(term, chain=(self.named(apply("diag", core)),))

    def _diagonal_of(self, term: Term) -> list[Term]:
        """The diagonal of a matrix, as a column."""
        core = _chained(term.chain)
        front = replace(term, chain=())
        if is_filled(core, "eye"):
            return [replace(front, chain=(build.ones(Shape(core.shape.rows, ONE)),))]
        if is_apply(core, "diag"):
            return [replace(front, chain=(arguments(core)[0],))]
        for k in range(1, len(term.chain)):
            if term.chain[k].shape.rows == ONE:
                left, right = _chained(term.chain[:k]), _chained(self.turned(Term(chain=term.chain[k:])).chain)
                self.note("diagonals")
                return [self.multiplied(front, t) for t in self._hadamard(left, right)]
        return [replace(front, chain=(apply("diag", core),))]

    def _linear(self, a: Expr, settle: Callable[[Term], list[Term]]) -> list[Term]:
        """A linear operation on each term, or on the sum as one."""
        terms = self.terms(a)
        done: list[Term] = []
        rest: list[tuple[Term, list[Term]]] = []
        for term in terms:
            whole = term
            if not term.chain and not a.shape.is_scalar:  # stands for every entry
                whole = replace(term, chain=self.terms(build.ones(a.shape))[0].chain)
            found = settle(whole)
            plain = len(found) == 1 and any(is_apply(base, "sum", "trace", "mean") for base, _ in found[0].scalars)
            if plain and len(terms) > 1:
                rest.append((term, found))
            else:
                done += found
        if len(rest) > 1:
            return [*done, *settle(self.factor([term for term, _ in rest], a.shape))]
        return [*done, *(t for _, found in rest for t in found)]

    def _sum(self, a: Expr) -> list[Term]:
        return self.sum_of(a)

    def sum_of(self, a: Expr) -> list[Term]:
        if a.shape.is_scalar:
            return self.terms(a)
        if self._is_deviation(a):
            self.note("deviations")
            return []
        return self._linear(a, self._summed)

    def _is_deviation(self, a: Expr) -> bool:
        """Whether this is x − mean(x)."""
        core = a.body if isinstance(a, e.Defined) else a
        if is_apply(core, "transpose"):
            return self._is_deviation(arguments(core)[0])
        if not is_apply(core, "subtract"):
            return False
        for x, mean in (arguments(core), arguments(core)[::-1]):
            mean = mean.body if isinstance(mean, e.Defined) else mean
            if is_apply(mean, "mean") and arguments(mean)[0] in (x, build.transposed(x)):
                return True
        return False

    def _summed(self, term: Term) -> list[Term]:
        if not term.chain:
            return [term]
        front, core = replace(term, chain=()), _chained(term.chain)
        if self._is_deviation(core):
            return []
        if is_ones(core) or is_filled(core, "ones"):
            self.note("sums of ones")
            count = self.terms(build.size(build.entries(core.shape)))
            return [self.multiplied(front, t) for t in count]
        if is_filled(core, "eye"):
            return [self.multiplied(front, t) for t in self.terms(build.size(core.shape.rows))]
        if self._is_weights(core):
            self.note("weights")
            return [front]
        if is_apply(core, "diag") and _is_wide(core):
            return [self.multiplied(front, t) for t in self.sum_of(arguments(core)[0])]
        if is_apply(core, "transpose"):
            return [self.multiplied(front, t) for t in self.sum_of(arguments(core)[0])]
        if is_apply(core, "hadamard") and core.shape.is_column:
            return [self.multiplied(front, self._inner(*arguments(core)))]
        if is_apply(core, "powers") and arguments(core)[1] == build.TWO and core.shape.is_column:
            base = arguments(core)[0]
            return [self.multiplied(front, self._inner(base, base))]
        for k in range(1, len(term.chain)):
            if term.chain[k].shape.rows == ONE:
                left = self._one(self.sum_of(_chained(term.chain[:k])))
                right = self._one(self.sum_of(_chained(term.chain[k:])))
                return [self.multiplied(front, self.multiplied(left, right))]
        return [self.multiplied(front, t) for t in self.atom(apply("sum", core))]

    def _is_weights(self, core: Expr) -> bool:
        core = core.body if isinstance(core, e.Defined) else core
        if isinstance(core, e.Variable):
            return core.name in self.facts.simplex
        return is_apply(core, "softmax")

    def _mean(self, a: Expr) -> list[Term]:
        terms = self.terms(a)
        if a.shape.is_scalar:
            return terms
        if not terms:
            return []
        whole = self.factor(terms, a.shape)
        if not whole.chain:
            return [whole]
        front, core = replace(whole, chain=()), _chained(whole.chain)
        if is_ones(core):
            return [front]
        return [self.multiplied(front, t) for t in self.atom(apply("mean", core))]

    def _trace(self, a: Expr) -> list[Term]:
        return self._linear(a, self._traced)

    def _traced(self, term: Term) -> list[Term]:
        if not term.chain:
            return [term]
        front, core = replace(term, chain=()), _chained(term.chain)
        if is_filled(core, "eye"):
            return [self.multiplied(front, t) for t in self.terms(build.size(core.shape.rows))]
        for k in range(1, len(term.chain)):
            if term.chain[k].shape.rows == ONE:
                self.note("traces")
                turned = self.reduced(Term(chain=term.chain[k:] + term.chain[:k]))
                return [self.multiplied(front, turned)]
        if is_apply(core, "transpose"):
            core = arguments(core)[0]
        return [self.multiplied(front, t) for t in self.atom(apply("trace", core))]

    def _kron(self, a: Expr, b: Expr) -> list[Term]:
        if a.shape.is_scalar or b.shape.is_scalar:
            return self.product(a, b)
        first, second = self.terms(a), self.terms(b)
        if not first or not second:
            return []
        left, right = self.factor(first, a.shape), self.factor(second, b.shape)
        front = self.multiplied(replace(left, chain=()), replace(right, chain=()))
        p, q = _chained(left.chain), _chained(right.chain)
        if is_filled(p, "eye") and is_filled(q, "eye"):
            return [replace(front, chain=(build.identity(p.shape.rows * q.shape.rows),))]
        if (p.shape.is_column and q.shape.is_row) or (p.shape.is_row and q.shape.is_column):
            pair = (p, q) if p.shape.is_column else (q, p)
            return [self.multiplied(front, t) for t in self.product(*pair)]
        return [self.multiplied(front, t) for t in self.atom(apply("kron", p, q))]

    def _outer(self, a: Expr, b: Expr) -> list[Term]:
        return self.product(build.as_column(a), build.transposed(build.as_column(b)))

    def _vec(self, a: Expr) -> list[Term]:
        if a.shape.is_column:
            return self.terms(a)
        terms = self.terms(a)
        if not terms:
            return []
        whole = self.factor(terms, a.shape)
        if a.shape.is_row:
            return [self.turned(whole)]
        return [replace(whole, chain=(self.named(apply("vec", _chained(whole.chain))),))]

    def _inverse(self, a: Expr) -> list[Term]:
        if a.shape.is_scalar:
            return [self._raised(a, Fraction(-1))]
        whole = self.factor(self.terms(a), a.shape)
        if not whole.coefficient:
            return self.atom(apply("inverse", a))
        front = Term(1 / whole.coefficient, tuple((b, -x) for b, x in whole.scalars))
        chain = whole.chain
        if len(chain) == 1 and is_filled(chain[0], "eye"):
            return [replace(front, chain=chain)]
        if len(chain) == 1 and (found := self._inverse_of(chain[0])) is not None:
            return [replace(front, chain=(found,))]
        return [replace(front, chain=self._inverted(chain))]

    def _delta(self, a: Expr, b: Expr) -> list[Term]:
        if a == b:
            return [Term()]
        if isinstance(a, e.Number) and isinstance(b, e.Number):
            return []
        return self.atom(apply("delta", a, b))

    # -- sums over an index ------------------------------------------------------------------------------------

    def _index_sum(self, node: e.Sum) -> list[Term]:
        """Contracts what an index only picks out, and pulls the rest's common factors to the front."""
        done: list[Term] = []
        rest: list[Term] = []
        for term in self.terms(node.body):
            found = self._contracted(node, term)
            if found is None:
                rest.append(term)
            else:
                done += found
        if not rest:
            return done
        coefficient, scalars = _content(rest)
        outside = tuple((base, x) for base, x in scalars if not build.has_index(base, node.index))
        if len(rest) == 1:
            outside = tuple((b, x) for b, x in rest[0].scalars if not build.has_index(b, node.index))
        inner = [_without(term, coefficient, outside) for term in rest]
        if len(inner) == 1 and inner[0].coefficient < 0:
            coefficient, inner = -coefficient, [inner[0].scaled(Fraction(-1))]
        if outside:
            self.note("sum over an index")
        shown = self.shown(inner[0]) if len(inner) == 1 else None
        if len(inner) == 1 and shown is not None and coefficient < 0:
            flipped = self.shown(inner[0].scaled(Fraction(-1)))
            if flipped.coefficient > 0:
                coefficient, inner = -coefficient, [flipped]
        body = self.whole(inner, node.body.shape)
        if is_apply(body, "negative"):
            coefficient, body = -coefficient, arguments(body)[0]
        made = e.Sum(node.index, node.lower, node.upper, body, shape=body.shape)
        return [*done, *(self.multiplied(Term(coefficient, outside), t) for t in self.atom(made))]

    def _contracted(self, node: e.Sum, term: Term) -> list[Term] | None:
        """A term of the sum without the sum, where there is one."""
        index = node.index
        active = [base for base, _ in term.scalars if build.has_index(base, index)]
        factors = [factor for factor in term.chain if build.has_index(factor, index)]
        whole = node.lower == build.ONE_NUMBER
        if not active and not factors and whole:
            return [self.multiplied(term, t) for t in self.terms(node.upper)]
        for k, (base, x) in enumerate(term.scalars):
            if is_apply(base, "delta") and x == 1 and whole:
                a, b = arguments(base)
                other = b if a == e.Index(index, getattr(a, "range", None)) else a
                mine = a if other is b else b
                if isinstance(mine, e.Index) and mine.name == index and not build.has_index(other, index):
                    if not _fits_range(other, node.upper):
                        continue
                    self.note("deltas")
                    left = replace(term, scalars=term.scalars[:k] + term.scalars[k + 1 :])
                    return self.terms(build.put_index(expression(left), index, other))
        if len(factors) == 1 and whole:
            return self._stacked(node, term, factors[0])
        return None

    def _stacked(self, node: e.Sum, term: Term, factor: Expr) -> list[Term] | None:
        """Σ_i v_i unit(i) = v."""
        turned = is_apply(factor, "transpose")
        core = arguments(factor)[0] if turned else factor
        if not (isinstance(core, e.Unit) and isinstance(core.index, e.Index) and core.index.name == node.index):
            return None
        if not (isinstance(node.upper, e.Size | e.Number) and build.size(core.shape.rows) == node.upper):
            return None
        inside = tuple((b, x) for b, x in term.scalars if build.has_index(b, node.index))
        outside = tuple((b, x) for b, x in term.scalars if not build.has_index(b, node.index))
        column = stacked(expression(Term(scalars=inside)), node.index, core.shape)
        if column is None:
            return None
        self.note("deltas")
        if column.shape.is_scalar:
            column = apply("times", column, build.ones(core.shape))
        column = build.transposed(column) if turned else column
        place = term.chain.index(factor)
        before, after = term.chain[:place], term.chain[place + 1 :]
        made = build.product([*before, column, *after])
        return [self.multiplied(Term(term.coefficient, outside), t) for t in self._operand(made)]

    # -- cases and entries --------------------------------------------------------------------------------------

    def _cases(self, node: e.Cases) -> list[Term]:
        branches = tuple((self.form(value), condition) for value, condition in node.branches)
        otherwise = None if node.otherwise is None else self.form(node.otherwise)
        values = [value for value, _ in branches]
        if otherwise is not None:
            values.append(otherwise)
            if all(build.is_zero(value) for value in values):
                return []
            if all(value == values[0] for value in values):
                return self.terms(values[0])
        return self.atom(replace(node, branches=branches, otherwise=otherwise))

    def _entry(self, node: e.Entry) -> list[Term]:
        base = node.base
        if isinstance(base, e.Variable | e.Defined) and not self.by_entries:
            return self.atom(node)
        if base.shape.is_column:
            return self.entry_of(base, None, node.row)
        if base.shape.is_row:
            return self.entry_of(self.form(build.transposed(base)), None, node.column)
        return self._matrix_entry(base, node.row, node.column)

    def entry_of(self, column: Expr, unit: Expr | None, row: Expr) -> list[Term]:
        """An entry of a column; the row's number, or the unit vector that picks it out."""
        place = unit.index if isinstance(unit, e.Unit) else row
        return self._matrix_entry(column, place, build.ONE_NUMBER)

    def _matrix_entry(self, base: Expr, row: Expr, column: Expr) -> list[Term]:
        made: list[Term] = []
        for term in self.terms(base):
            front = replace(term, chain=())
            if not term.chain:
                made.append(front)
                continue
            for t in self._chain_entry(term.chain, row, column):
                made.append(self.multiplied(front, t))
        return made

    def _chain_entry(self, chain: tuple[Expr, ...], row: Expr, column: Expr) -> list[Term]:
        for k in range(1, len(chain)):
            if chain[k].shape.rows == ONE:
                left = self._chain_entry(chain[:k], row, build.ONE_NUMBER)
                right = self._chain_entry(chain[k:], build.ONE_NUMBER, column)
                return [self.multiplied(a, b) for a in left for b in right]
        if len(chain) == 1:
            return self._factor_entry(chain[0], row, column)
        self.note("entries")
        first, last = chain[0], chain[-1]
        if is_apply(first, "diag") and _is_wide(first):
            front = self._factor_entry(arguments(first)[0], row, build.ONE_NUMBER)
            return [self.multiplied(a, b) for a in front for b in self._chain_entry(chain[1:], row, column)]
        if is_apply(last, "diag") and _is_wide(last):
            front = self._factor_entry(arguments(last)[0], column, build.ONE_NUMBER)
            return [self.multiplied(a, b) for a in self._chain_entry(chain[:-1], row, column) for b in front]
        if isinstance(last, e.Unit):
            return self._chain_entry(chain[:-1], row, last.index)
        if is_apply(first, "transpose") and isinstance(unit := arguments(first)[0], e.Unit):
            return self._chain_entry(chain[1:], unit.index, column)
        return self.atom(e.Entry(_chained(chain), row, column))

    def _factor_entry(self, factor: Expr, row: Expr, column: Expr) -> list[Term]:
        match factor:
            case e.Unit(index=index):
                return self._delta(row, index)
            case e.Filled(name=name):
                return [Term()] if name == "ones" else self._delta(row, column)
            case e.Blocks(rows=table) if _is_table(table):
                if isinstance(row, e.Number) and isinstance(column, e.Number):
                    return self.terms(table[int(row.value) - 1][int(column.value) - 1])
            case e.Function(name=name, order=order, argument=argument) if self.by_entries:
                inner = self._argument_entry(argument, row, column)
                return self.atom(e.Function(name, order, inner, shape=inner.shape))
            case e.Apply(operation=operation, arguments=parts):
                name = operation.name
                if name == "transpose":
                    return self._factor_entry(parts[0], column, row)
                if name == "diag" and _is_wide(factor):
                    front = self._factor_entry(parts[0], row, build.ONE_NUMBER)
                    return [self.multiplied(a, b) for a in front for b in self._delta(row, column)]
                if name in {"hadamard", "over", "powers", "add", "subtract", "negative", "maximum", "minimum"} or (
                    name in ELEMENTWISE and self.by_entries
                ):
                    if not self.by_entries and name in {"maximum", "minimum"}:
                        return self.atom(e.Entry(factor, row, column))
                    return self.terms(apply(name, *(self._argument_entry(p, row, column) for p in parts)))
                if operation.is_condition and self.by_entries:
                    return self.atom(apply(name, *(self._argument_entry(p, row, column) for p in parts)))
        return self.atom(e.Entry(factor, row, column))

    def _argument_entry(self, part: Expr, row: Expr, column: Expr) -> Expr:
        if part.shape.is_scalar:
            return part
        return self.whole(self._matrix_entry(part, row, column), build.ONE_NUMBER.shape)


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


# -- parts ------------------------------------------------------------------------------------------------------


def _chained(chain: Sequence[Expr]) -> Expr:
    return expression(Term(chain=tuple(chain)))


def _is_table(rows: tuple[tuple[Expr, ...], ...]) -> bool:
    """Whether every part of a matrix of parts is one entry."""
    return all(part.shape.is_scalar for row in rows for part in row)


def _is_wide(factor: Expr) -> bool:
    """Whether a diag makes a matrix of a vector."""
    return not factor.shape.is_column


def _common(a: Sequence[Expr], b: Sequence[Expr]) -> int:
    count = 0
    while count < min(len(a), len(b)) and a[count] == b[count]:
        count += 1
    return count


def _content(terms: Sequence[Term]) -> tuple[Fraction, Scalars]:
    """The number and the scalars that all terms have as factors."""
    top, bottom = 0, 1
    for term in terms:
        top = gcd(top, term.coefficient.numerator)
        bottom = bottom * term.coefficient.denominator // gcd(bottom, term.coefficient.denominator)
    shared: dict[Expr, Fraction] = dict(terms[0].scalars) if terms else {}
    for term in terms[1:]:
        powers = dict(term.scalars)
        kept = {}
        for base, x in shared.items():
            y = powers.get(base, Fraction(0))
            if x * y > 0:
                kept[base] = min(x, y) if x > 0 else max(x, y)
        shared = kept
    return Fraction(top or 1, bottom), tuple(shared.items())


def _without(term: Term, coefficient: Fraction, scalars: Scalars) -> Term:
    left = _divided(term.scalars, scalars)
    return replace(term, coefficient=term.coefficient / coefficient, scalars=left)


def _divided(scalars: Scalars, by: Scalars) -> Scalars:
    taken = dict(by)
    made = ((base, x - taken.get(base, Fraction(0))) for base, x in scalars)
    return tuple((base, x) for base, x in made if x)


def _reciprocal(term: Term) -> Term:
    return _raised(term, Fraction(-1))


def _raised(term: Term, exponent: Fraction) -> Term:
    if not term.coefficient and exponent < 0:
        return Term(scalars=((build.ZERO, exponent),))  # it has no value, and must not get one
    return Term(term.coefficient**exponent.numerator, tuple((b, x * exponent) for b, x in term.scalars))


def _fits_range(index: Expr, upper: Expr) -> bool:
    if isinstance(index, e.Index):
        return index.range is not None and build.size(index.range) == upper
    return isinstance(index, e.Number)


def stacked(expr: Expr, index: str, shape: Shape) -> Expr | None:
    """The column whose i-th entry an expression in i is, or None where it cannot be written as one."""
    if not build.has_index(expr, index):
        return expr
    match expr:
        case e.Entry(base=base, row=e.Index(name=name), column=e.Number()) if name == index and base.shape == shape:
            return None if build.has_index(base, index) else base
        case e.Entry(base=base, row=row, column=e.Index(name=name)) if name == index:
            if build.has_index(base, index) or build.has_index(row, index) or base.shape.columns != shape.rows:
                return None
            if base.shape.is_row:
                return build.transposed(base)
            return apply("times", build.transposed(base), e.Unit(row, shape=Shape(base.shape.rows, ONE)))
        case e.Entry(base=base, row=e.Index(name=name), column=column) if name == index:
            if build.has_index(base, index) or build.has_index(column, index) or base.shape.rows != shape.rows:
                return None
            return apply("times", base, e.Unit(column, shape=Shape(base.shape.columns, ONE)))
        case e.Sum(index=other, body=body) if shape.is_column:
            return _stacked_sum(expr, other, body, index, shape)
        case e.Function(name=name, order=order, argument=argument):
            inner = stacked(argument, index, shape)
            return None if inner is None else e.Function(name, order, inner, shape=inner.shape)
        case e.Apply(operation=operation, arguments=parts):
            name = {"times": "hadamard", "divide": "over", "power": "powers"}.get(operation.name, operation.name)
            if name == "dot" or (name not in _BY_ENTRIES and name not in ELEMENTWISE and not operation.is_condition):
                return None
            made = [stacked(part, index, shape) for part in parts]
            if any(part is None or part.shape not in (shape, build.ONE_NUMBER.shape) for part in made):
                return None
            return apply(name, *(part for part in made if part is not None))
    return None


def _stacked_sum(node: e.Sum, j: str, body: Expr, i: str, shape: Shape) -> Expr | None:
    """Σ_j A_ij v_j, for each i, is A v."""
    if node.lower != build.ONE_NUMBER:
        return None
    factors = _flat(body)
    both = [f for f in factors if build.has_index(f, i) and build.has_index(f, j)]
    if len(both) != 1 or not isinstance(both[0], e.Entry):
        return None
    entry = both[0]
    places = [p.name if isinstance(p, e.Index) else "" for p in (entry.row, entry.column)]
    if sorted(places) != sorted((i, j)) or build.has_index(entry.base, i) or build.has_index(entry.base, j):
        return None
    matrix = entry.base if places == [i, j] else build.transposed(entry.base)
    if matrix.shape.rows != shape.rows or build.size(matrix.shape.columns) != node.upper:
        return None
    rest = [f for f in factors if f is not entry]
    along = [f for f in rest if build.has_index(f, j)]
    width = Shape(matrix.shape.columns, ONE)
    column = stacked(build.product(along), j, width) if along else build.ones(width)
    if column is None:
        return None
    made = apply("times", matrix, column if not column.shape.is_scalar else apply("times", column, build.ones(width)))
    for factor in (f for f in rest if not build.has_index(f, j)):
        front = stacked(factor, i, shape)
        if front is None:
            return None
        made = apply("hadamard", front, made)
    return made


def _flat(expr: Expr) -> list[Expr]:
    """The factors of a product."""
    if is_apply(expr, "times"):
        return [f for part in arguments(expr) for f in _flat(part)]
    return [expr]


_BY_ENTRIES = frozenset({"add", "subtract", "negative", "hadamard", "over", "powers", "maximum", "minimum"})
