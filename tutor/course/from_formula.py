"""From a formula to a lesson that asks for its derivative in small questions.

In: the question, in the neutral form that `tutor.marking` takes. Out: a Lesson, as if an author had written it,
or the problem. The decision owned here: what is asked. Each part of the working is asked for by the last part
that all of it goes through, so that the answers, multiplied, make the whole; with matrices on the way, the
gradient is asked for by one part after the other, from the outside in. Every answer is derived by itself and
judged, and what fails is not asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, pairwise
from pathlib import Path
from typing import Any

from tutor.calculus import build
from tutor.calculus import hints as told
from tutor.calculus.derivation import Derivation
from tutor.calculus.derive import derive_judged
from tutor.calculus.facts import Facts, Name, folded
from tutor.calculus.forward import is_leaf
from tutor.calculus.prepare import prepared
from tutor.course.keys import FORMAT
from tutor.course.lesson import Lesson
from tutor.course.lints import telling_hints, unreadable_words
from tutor.course.load import read_lesson
from tutor.course.node import quoted
from tutor.course.subject import INDICES, Subject
from tutor.language import expr as e
from tutor.language.expr import Expr
from tutor.language.layout import NUMERATOR
from tutor.language.scope import Definition, Scope
from tutor.language.shape import ONE, Shape
from tutor.language.show import show
from tutor.marking.grade import Grader
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.reference import reference
from tutor.marking.verdict import Correct
from tutor.problem import Problem
from tutor.source import Source

PATH = Path("derived.md")
COURSE = "derived"
_MOST_ENTRIES = 6  # of a Jacobian that is asked for entry by entry
_LONG = 70  # columns that a title may take
_CALLED = {"derivative": "derivative", "gradient": "gradient", "hessian": "Hessian", "entry": "derivative"}
_WHOLE = ("f", "g", "h", "c", "q", "r", "s", "y", *(f"f{k}" for k in range(1, 100)))


def lesson_for(request: Mapping[str, Any]) -> Lesson | Problem:
    """A lesson that derives a formula: its parts, one question each, and at last the whole.

    The request is a question's as `Lesson.request` gives it: a derivative, gradient, Hessian or entry, whose names all
    have types. `lesson.text` is the file that an author may go on from.
    """
    plan = _Plan.of(request)
    if isinstance(plan, Problem):
        return plan
    return plan.lesson([*plan.parts(), *plan.last()], plan.opening())


def smaller(request: Mapping[str, Any]) -> Lesson | Problem:
    """What breaks a question down: the shape of its answer, its parts or an entry, but not the question itself."""
    plan = _Plan.of(request)
    if isinstance(plan, Problem):
        return plan
    asks = [*plan.shape(), *plan.parts()]
    return plan.lesson(asks if len(asks) > 1 else [*asks, *plan.entry()])


@dataclass(frozen=True)
class _Asked:
    """A question of the lesson to be: what is asked, the answer, and the words around it."""

    ask: Mapping[str, str]
    answer: str
    title: str
    text: str
    hints: tuple[str, ...]
    after: str


@dataclass(frozen=True)
class _Plan:
    """A question with its derivation, and the names of its parts. `whole` is what stands for the whole formula."""

    request: Mapping[str, Any]
    question: Question
    derivation: Derivation
    define: Mapping[str, str]
    whole: str

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> _Plan | Problem:
        question = Question.from_request(request)
        if isinstance(question, Problem):
            return question
        found = reference(Judge(question))
        if isinstance(found, Problem):
            return found
        define = dict(request.get("define") or {})
        names, root = _names(question, found)
        define |= names
        whole = show(root)
        if question.kind != "entry" and not isinstance(root, e.Defined):
            taken = {*question.scope.names, *_words(root), *(name.partition("_")[0] for name in define)}
            define[free := next(name for name in _WHOLE if name not in taken)] = whole
            whole = free
        return cls(request, question, found, define, whole)

    @cached_property
    def scope(self) -> Scope:
        """All names: those of the question, the parts, and the whole."""
        scope = Scope.declare(self.request.get("variables") or {}, self.define, self.question.layout)
        assert not isinstance(scope, Problem), scope.message
        return scope

    @property
    def by(self) -> str:
        """The variable, as the question writes it."""
        return self.question.text[1] or ""

    @property
    def variable(self) -> Expr:
        """The variable itself: without vec around it, or the one that an entry is taken of."""
        wrt = self.question.wrt
        if isinstance(wrt, e.Apply):
            return wrt.arguments[0]
        assert wrt is not None
        return wrt.base if isinstance(wrt, e.Entry) else wrt

    # -- the questions --------------------------------------------------------------------------------------------

    def shape(self) -> Iterator[_Asked]:
        if self.question.kind == "derivative" and not self.question.expected.is_scalar:
            size = self.question.expected
            of, wrt = self.question.of.shape, self.variable.shape
            yield _Asked(
                {"shape": self.whole, "wrt": self.by},
                f"({size.rows}, {size.columns})",
                "The shape first",
                f"What shape has the derivative of ${self.whole}$ by ${self.by}$?",
                (
                    f"How many numbers come out, and how many move? {self.whole} is {of}, {self.by} is {wrt}.",
                    "In numerator layout a row belongs to a number that comes out, a column to one that moves.",
                    "In denominator layout it is the other way round.",
                ),
                "Whatever comes out at the end has this shape.",
            )

    def parts(self) -> Iterator[_Asked]:
        """The parts of the working that change with the variable, each by the last that it goes through."""
        active = [name for name in self._reached() if self._depends(self.scope.definitions[name].body)]
        asked: Iterable[_Asked | None]
        if self.derivation.way == "partial":
            asked = self._entries()
        elif self._is_backward(active):
            asked = (self._inwards(name) for name in reversed(active))
        else:
            asked = (self._outwards(name, active[:k]) for k, name in enumerate(active))
        yield from (one for one in asked if one is not None)
        if self.question.kind == "hessian":
            ask = {"gradient": self.whole, "wrt": self.by}
            words = f"The Hessian is the derivative of the gradient. What is the gradient of ${self.whole}$?"
            yield from self._asked(ask, f"The gradient of {self.whole}", words)

    def last(self) -> Iterator[_Asked]:
        """The question itself, of the whole."""
        chain = self._chain()
        known = "All the parts are known. Put them together. " if chain else ""
        words = f"{known}What is the {_CALLED[self.question.kind]} of ${self.whole}$ by ${self.by}$?"
        yield from self._asked({self.question.kind: self.whole, "wrt": self.by}, "All of it", words, chain)

    def entry(self) -> Iterator[_Asked]:
        """One entry of the answer."""
        letters = [letter for letter in INDICES if letter not in self.scope.names | _words(self.question.of)]
        of, wrt = self.question.of.shape, self.variable.shape
        if self.question.kind not in ("derivative", "gradient") or isinstance(self.question.wrt, e.Apply):
            return
        needed = sum(dim != ONE for dim in (*of.dims, *wrt.dims))
        if 0 < needed <= len(letters) and not wrt.is_scalar:
            moved, left = _one_of(self.by, wrt, letters)
            comes, _ = _one_of(self.whole, of, left)
            words = f"Take one entry: how does ${comes}$ change with ${moved}$?"
            yield from self._asked({"entry": comes, "wrt": moved}, "One entry", words)

    def _entries(self) -> Iterator[_Asked]:
        """The entries of a Jacobian of numbered variables, one after the other."""
        result = self.derivation.result.shape
        assert self.question.wrt is not None
        width = build.entries(self.question.wrt.shape).constant or 0
        height = build.entries(self.question.of.shape).constant or 0
        if width * height > _MOST_ENTRIES:
            return
        for row in range(1, height + 1):
            for column in range(1, width + 1):
                of = self.whole if self.question.of.shape.is_scalar else f"{self.whole}_{row}"
                ask = {"entry": of, "wrt": f"{self.by}_{column}"}
                words = f"The result is {result}. How does ${of}$ change with ${self.by}_{column}$?"
                yield from self._asked(ask, f"{of} by {self.by}_{column}", words)

    def _outwards(self, name: str, before: Sequence[str]) -> _Asked | None:
        """A part by the last part that all of it goes through; an item of a list by the variable."""
        definition = self.scope.definitions[name]
        part, meaning = _spelled(name, definition.index), _maths(name, definition, self.scope)
        by = self.by if definition.index else self._cut(definition.body, before) or self.by
        asks: list[tuple[str, dict[str, str]]]
        if self.question.kind == "entry":
            asks = [(self.by, {"entry": part, "wrt": self.by})]
        elif definition.index:
            asks = [(by, {"equals": f"D({part}, {self.by})"})]
        else:
            # A matrix by a matrix has no shape, but a matrix by the number that moves it has one.
            asks = [(w, {"derivative": part, "wrt": w}) for w in dict.fromkeys((by, self.by))]
            pairs = ((part, f"vec({by})"), (f"vec({part})", by), (f"vec({part})", f"vec({by})"))
            asks += [(by, {"derivative": o, "wrt": w}) for o, w in pairs]
        for moved, ask in asks:
            words = f"Let {meaning}. How does it change with ${moved}$?"
            for asked in self._asked(ask, f"How {part} changes with {moved}", words):
                return asked
        return None

    def _inwards(self, name: str) -> _Asked | None:
        """The gradient of the whole by a part."""
        definition = self.scope.definitions[name]
        if name == self.whole or definition.index:
            return None
        words = (
            f"Let {_maths(name, definition, self.scope)}. Take it as a variable of its own: "
            f"what is the gradient of ${self.whole}$ by ${name}$?"
        )
        ask = {"gradient": self.whole, "wrt": name}
        return next(self._asked(ask, f"The gradient by {name}", words), None)

    # -- what goes through what -----------------------------------------------------------------------------------

    def _reached(self) -> list[str]:
        """The defined names that the whole is made of, in the order of their definitions; without the whole."""
        whole = self.scope.definitions.get(self.whole)
        bodies = [self.question.of if whole is None else whole.body]
        names = {n.name for body in bodies for n in e.walk(body) if isinstance(n, e.Defined)}
        variable = self.variable
        if isinstance(variable, e.Defined):
            names.discard(variable.name)
        return [name for name in self.scope.definitions if name in names]

    def _depends(self, node: Expr, without: str = "") -> bool:
        """Whether an expression changes with the variable, other than through one name."""
        if isinstance(node, e.Defined) and node.name == without:
            return False
        return is_leaf(node, self.variable) or any(self._depends(part, without) for part in e.children(node))

    def _cut(self, body: Expr, before: Sequence[str]) -> str | None:
        """The last name that all of an expression goes through to the variable."""
        for name in reversed(before):
            used = any(isinstance(n, e.Defined) and n.name == name for n in e.walk(body))
            if used and not self.scope.definitions[name].index and not self._depends(body, without=name):
                return name
        return None

    def _chain(self) -> str:
        """The hint for the whole: the product of what was asked before; empty where there is none."""
        whole = self.scope.definitions.get(self.whole)
        if whole is None or self.question.kind not in ("derivative", "gradient") or self.derivation.way == "partial":
            return ""
        active = [name for name in self._reached() if self._depends(self.scope.definitions[name].body)]
        if self._is_backward(active):
            return ""
        links = [self.whole]
        while (name := self._cut(self.scope.definitions[links[-1]].body, active)) is not None:
            links.append(name)
            active = active[: active.index(name)]
        links.append(self.by)
        if len(links) < 3:
            return ""
        factors = [f"$∂{a}/∂{b}$" for a, b in pairwise(links)]
        if self.question.layout != NUMERATOR:
            factors.reverse()
        turned = " The gradient lies like the variable." if self.question.kind == "gradient" else ""
        return f"The chain rule multiplies, in this order: {', '.join(factors)}.{turned}"

    def _is_backward(self, active: Iterable[str]) -> bool:
        shapes = [self.variable.shape, *(self.scope.definitions[name].body.shape for name in active)]
        is_matrix = any(not build.is_vector(shape) for shape in shapes)
        return self.question.of.shape.is_scalar and not self.variable.shape.is_scalar and is_matrix

    # -- one question ---------------------------------------------------------------------------------------------

    def _asked(self, ask: Mapping[str, str], title: str, words: str, push: str = "") -> Iterator[_Asked]:
        """The question with its answer and hints, where it makes sense and its answer is found right."""
        question = Question.from_request({**self.request, "define": self.define, "ask": ask})
        found = question if isinstance(question, Problem) else _derived(question)
        if isinstance(question, Problem) or isinstance(found, Problem):
            return
        answer = show(found.result, question.scope)
        yield _Asked(ask, answer, title, words, _hints(question, found, push), _after(found))

    def opening(self) -> tuple[str, ...]:
        """A step that is only read: what is done in the lesson."""
        formula = _line(self.question.of, self.question.scope)
        says = ("We differentiate", f"$${formula}$$", f"by ${self.by}$, one part after the other.")
        return ("## The formula {#formula}", "", *(line for paragraph in says for line in (paragraph, "")))

    # -- the lesson -----------------------------------------------------------------------------------------------

    def lesson(self, asked: list[_Asked], opening: Sequence[str] = ()) -> Lesson | Problem:
        """The questions as a lesson, with those hints that tell neither too much nor what cannot be read."""
        if not asked:
            return Problem("no-questions", "There is nothing smaller to ask here.")
        # A hint that goes may have brought in a name for another.
        while (kept := [*_fit_hints(_read(self._text(asked, opening)), asked)]) != asked:
            asked = kept
        return _read(self._text(asked, opening))

    def _text(self, asked: Iterable[_Asked], opening: Sequence[str]) -> str:
        of, by = show(self.question.of), self.by
        title = f"The {_CALLED[self.question.kind]} of {of} by {by}"
        front = [
            "---",
            f"format: {FORMAT}",
            f"title: {quoted(title if len(title) < _LONG else f'A {_CALLED[self.question.kind]} by {by}')}",
            f"summary: {quoted('Derived step by step.')}",
            *_table("variables", self.request.get("variables") or {}),
            *_table("define", self.define),
            f"layout: {self.question.layout}",
            "---",
            "",
        ]
        return "\n".join([*front, *opening, *(line for k, one in enumerate(asked, 1) for line in _step(k, one))])


def _fit_hints(lesson: Lesson, asked: Sequence[_Asked]) -> Iterator[_Asked]:
    """The questions, each with the hints that neither tell the answer nor hold maths that cannot be read."""
    subject = Subject(lesson, Grader())
    asks = [step.ask for step in lesson.steps if step.ask is not None]
    wrong = [breach.span for check in (telling_hints, unreadable_words) for breach in check(subject)]
    for one, ask in zip(asked, asks, strict=True):
        spans = [ask.spans[f"hints.{k}"] for k in range(len(one.hints))]
        fits = [not any(at.start <= span.start < at.end for span in wrong) for at in spans]
        yield replace(one, hints=tuple(compress(one.hints, fits)))


def _step(number: int, one: _Asked) -> list[str]:
    hints = ["hints:", *(f"  - {quoted(hint)}" for hint in one.hints)] if one.hints else []
    return [
        f"## {one.title} {{#step-{number}}}",
        "",
        one.text,
        "",
        "```ask",
        *(f"{key}: {quoted(value)}" for key, value in one.ask.items()),
        f"answer: {quoted(one.answer)}",
        *hints,
        f"after: {quoted(one.after)}",
        "```",
        "",
    ]


def _table(key: str, rows: Mapping[str, str]) -> list[str]:
    return [f"{key}:", *(f"  {name}: {quoted(value)}" for name, value in rows.items())] if rows else []


def _read(text: str) -> Lesson:
    lesson = read_lesson(Source(str(PATH), text), PATH, COURSE)
    assert isinstance(lesson, Lesson), lesson.problems
    return lesson


def _derived(question: Question) -> Derivation | Problem:
    """The derivation of a question; that of the derivative in it, where it asks for an equal of one."""
    judge = Judge(question)
    if question.kind != "equals" or not isinstance(question.of, e.Derivative):
        return reference(judge)
    of = question.of
    return derive_judged(
        of.of, of.wrt, lambda formula: isinstance(judge.judge(formula), Correct), question.layout, scope=question.scope
    )


# -- names --------------------------------------------------------------------------------------------------------


def _names(question: Question, found: Derivation) -> tuple[Mapping[str, str], Expr]:
    """The names that the working gives to parts, with their definitions in order; and the whole in these names."""
    facts = Facts.of(question.scope)
    variable = next((n for n in e.walk(found.wrt) if isinstance(n, e.Defined)), None)
    known = () if variable is not None else facts.names
    made: dict[str, Name] = {}
    for step in found.steps:
        for expr in (step.of, step.result, step.name, step.product, *(local.by for local in step.locals)):
            for node in e.walk(expr) if expr is not None else ():
                if isinstance(node, e.Defined) and node.name not in question.scope.definitions:
                    index = node.item.name if isinstance(node.item, e.Index) else None
                    made.setdefault(node.name, Name(node.name, node.body, index))
    names = tuple(sorted((*known, *made.values()), key=lambda name: sum(1 for _ in e.walk(name.body))))

    def spelled(expr: Expr) -> Expr:
        return e.rebuilt(expr, lambda part: folded(part, names))

    define = {
        _spelled(name.name, name.index): show(spelled(name.body), question.scope) for name in names if name.name in made
    }
    root = prepared(question.of, facts, frozenset(question.free), fold=variable is None)
    return define, root if isinstance(root, e.Defined) else spelled(root)


def _words(expr: Expr) -> frozenset[str]:
    """Every name in an expression, of indices, functions and sizes too."""
    nodes = list(e.walk(expr))
    named = {n.name for n in nodes if isinstance(n, e.Variable | e.Defined | e.Index | e.Function)}
    named |= {n.index for n in nodes if isinstance(n, e.Sum)}
    return frozenset(named | {name for n in nodes for dim in n.shape.dims for name in dim.names})


def _spelled(name: str, index: str | None) -> str:
    return f"{name}_{index}" if index else name


def _maths(name: str, definition: Definition, scope: Scope) -> str:
    """A name and what it stands for; between dollars where words may be read so."""
    said = f"{_spelled(name, definition.index)} = {_line(definition.body, scope)}"
    return f"${said}$" if definition.index is None or definition.index in INDICES else said


def _hints(question: Question, found: Derivation, push: str) -> tuple[str, ...]:
    """From a push to nearly the answer; which of them tell too much is found out later."""
    moved = show(found.wrt)
    names = ", ".join(dict.fromkeys(show(n) for n in e.walk_written(found.result) if _is_named(n)))
    made = f"and these stand in it: {names}" if names else "and nothing that can change is left in it"
    hints = (
        push or f"Where does {moved} stand in it? All else stays as it is.",
        told.rules_by_name(found),
        told.changes(found.parts[-2:]).replace("\n", " "),
        told.pieces(found),
        f"The answer is {question.expected.described}, {made}.",
    )
    return tuple(filter(None, hints))


def _is_named(node: Expr) -> bool:
    return isinstance(node, e.Variable | e.Defined)


def _after(found: Derivation) -> str:
    letters = {n.name for n in e.walk(found.of) if isinstance(n, e.Index)}
    said = told.equation(found)
    return f"So ${said}$." if letters <= set(INDICES) else f"So {said}."


def _line(expr: Expr, scope: Scope) -> str:
    """An expression in words, where the sign of a condition would stand for a relation."""
    return f"({show(expr, scope)})" if isinstance(expr, e.Cases) else show(expr, scope)


def _one_of(name: str, shape: Shape, letters: Sequence[str]) -> tuple[str, list[str]]:
    """One entry of a name, and the letters that are left."""
    if shape.is_scalar:
        return name, list(letters)
    if build.is_vector(shape):
        return f"{name}_{letters[0]}", list(letters[1:])
    return f"{name}_{{{letters[0]},{letters[1]}}}", list(letters[2:])
