"""What a lint looks at: a lesson, its scope, and its asks with their readings and replies.

In: a lesson and the judge. Out: each thing that lints ask for, worked out once and when it is asked for.
Decided here: what is read in which scope, and how a place in a value becomes a place in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from tutor.course.keys import DERIVED, KINDS, Kind
from tutor.course.lesson import Ask, Lesson, Step
from tutor.course.place import content, place
from tutor.course.prose import is_word, maths_in, sides
from tutor.course.room import OPTION_MARGIN, rows_of_words
from tutor.problem import Problem
from tutor.source import Span

if TYPE_CHECKING:
    from tutor.language.block import Block
    from tutor.language.expr import Expr
    from tutor.language.scope import Scope
    from tutor.language.shape import Axes
    from tutor.marking.question import Question
    from tutor.marking.task import Task


class Judged(Protocol):
    """What lints need of a reply: `tutor.marking.grade.Reply`, or a stand-in for it."""

    @property
    def verdict(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def reference(self) -> str | None: ...
    @property
    def proof(self) -> str | None: ...


INDICES = "ijkl"
"""The letters that words may use as indices without saying what they run over."""

Read: TypeAlias = "Expr | Axes | Problem | None"
"""An answer as it is read; None where the question itself is broken."""

Grade = Callable[[dict[str, Any]], Judged]


@dataclass(frozen=True, slots=True)
class Words:
    """A text of a lesson for people, and where it stands: Markdown as it is, or the value of a YAML key."""

    text: str
    span: Span
    is_value: bool


@dataclass(frozen=True)
class Subject:
    """A lesson under examination. `needs` are the needs of every lesson that can be found, by its id."""

    lesson: Lesson
    grade: Grade
    needs: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def where(self, words: Words, inside: Span) -> Span:
        """The place in the file of a part of a text."""
        if words.is_value:
            return place(self.lesson.text, words.span, words.text, inside)
        return inside.shifted(words.span.start)

    def whole(self, span: Span, value: str) -> Span:
        """The place in the file of a value, without its quotes."""
        return content(self.lesson.text, span, value)

    @cached_property
    def random(self) -> Mapping[str, Problem]:
        """The problems of the numbers that are drawn, by name; a problem without a span is one of the name."""
        from tutor.course.draw import values
        from tutor.language.scope import Scope

        problems: dict[str, Problem] = {}
        for name, text in self.lesson.random.items():
            scope = Scope.declare({}, {}, numbers={name: "1"})
            if not values(text):
                message = "This is drawn from a range of whole numbers, `2..9`, or from a list, `[2, 3, 1/2]`."
                problems[name] = Problem("random", message, Span(0, len(text)), ("2..9",))
            elif isinstance(scope, Problem):
                problems[name] = replace(scope, span=None)
            elif name in {**self.lesson.variables, **self.lesson.define}:
                problems[name] = Problem("duplicate-name", f"{name} is declared already.")
        return problems

    @cached_property
    def _numbers(self) -> Mapping[str, str]:
        return {name: value for name, value in self.lesson.numbers.items() if name not in self.random}

    @cached_property
    def types(self) -> Mapping[str, Problem]:
        """The problems of the declared variables, by name; a problem without a span is one of the name."""
        from tutor.language.scope import Scope

        declared = self.lesson.variables.items()
        found = {name: Scope.declare({name: text}, {}, numbers=self._numbers) for name, text in declared}
        return {name: problem for name, problem in found.items() if isinstance(problem, Problem)}

    @cached_property
    def _scope_and_definitions(self) -> tuple[Scope, Mapping[str, Problem]]:
        from tutor.language.scope import Scope

        sound = {name: text for name, text in self.lesson.variables.items() if name not in self.types}
        scope = Scope.declare(sound, {}, numbers=self._numbers)
        if isinstance(scope, Problem):
            return Scope(), {}
        problems: dict[str, Problem] = {}
        for name, text in self.lesson.define.items():
            added = scope.defining(name, text)
            if isinstance(added, Problem):
                problems[name] = added
            else:
                scope = added
        return replace(scope, allow_derivatives=True), problems

    @property
    def scope(self) -> Scope:
        """What the lesson's words may use: all of its names that are sound, and derivatives."""
        return self._scope_and_definitions[0]

    @property
    def definitions(self) -> Mapping[str, Problem]:
        """The problems of the definitions, by name."""
        return self._scope_and_definitions[1]

    @property
    def is_sound(self) -> bool:
        """Whether the lesson's names mean something; an ask that uses them makes no sense otherwise."""
        return not self.types and not self.definitions and not self.random

    @cached_property
    def asks(self) -> tuple[AskSubject, ...]:
        """The asks of the steps, and those in their scaffolds behind them."""
        found: list[AskSubject] = []
        for step in self.lesson.steps:
            if step.ask is not None:
                found.append(AskSubject(self, step, step.ask))
                found += (AskSubject(self, replace(step, ask=below), below, True) for below in step.ask.scaffold)
        return tuple(found)

    def words(self) -> Iterator[Words]:
        """All texts of the lesson in which there may be maths."""
        yield Words(self.lesson.intro, self.lesson.intro_span, is_value=False)
        for step in self.lesson.steps:
            yield Words(step.text, step.text_span, is_value=False)
            for ask in (step.ask, *step.ask.scaffold) if step.ask is not None else ():
                yield from self._words_of(ask)

    @cached_property
    def formulas(self) -> tuple[tuple[Words, Span], ...]:
        """All formulas in words, those on both sides of a relation apart."""
        return tuple(
            (words, side)
            for words in self.words()
            for formula in maths_in(words.text)
            for side in sides(words.text, formula)
        )

    @cached_property
    def introduced(self) -> frozenset[str]:
        """The names that stand in words by themselves, as in "Let $r = ‖x‖$"."""
        texts = (words.text[side.start : side.end] for words, side in self.formulas)
        return frozenset(text for text in texts if is_word(text))

    def read(self, text: str) -> Expr | Problem:
        """What maths in words means: with every name of the lesson, and indices that nothing binds."""
        from tutor.language.read import read
        from tutor.language.shape import Dim

        free = {name: Dim.of(f"?{name}") for name in INDICES if name not in self.scope.names}
        return read(text, self.scope.binding(free), indices_may_be_open=True)

    def set(self, text: str) -> Block:
        """Maths in words as it is shown, in two dimensions."""
        from tutor.course.maths import block

        return block(text, self.scope_of_words)

    @cached_property
    def scope_of_words(self) -> Scope | None:
        """The scope in which maths in words is shown; None where the lesson's names make no sense."""
        from tutor.course.maths import scope_of_words

        return scope_of_words(self.lesson.variables, self.lesson.define, self._numbers)

    def line(self, text: str) -> str:
        """The same on one line."""
        from tutor.course.maths import line

        return line(text, self.scope_of_words)

    @property
    def names(self) -> Iterator[str]:
        """The lesson's names as they stand above a question: neighbours of one type together."""
        from tutor.language.lexicon import canonical

        for type, group in groupby(self.lesson.variables, key=lambda name: self.lesson.variables[name]):
            names = list(group)
            kind = self.scope.variables.get(canonical(names[0]))
            shape = type if kind is None else f"{kind.items} × ({kind.shape})" if kind.items else str(kind.shape)
            yield f"{', '.join(map(self.line, names))}  {shape}"
        for name, text in self.lesson.define.items():
            yield f"{self.line(name)} = {self.line(text)}"

    def _words_of(self, ask: Ask) -> Iterator[Words]:
        for number, option in enumerate(ask.options):
            whole = f"choose.{number}"
            yield Words(option.text, ask.spans.get(f"{whole}.option", ask.spans[whole]), is_value=True)
            if option.because:
                yield Words(option.because, ask.spans[f"{whole}.because"], is_value=True)
        for number, hint in enumerate(ask.hints):
            yield Words(hint, ask.spans[f"hints.{number}"], is_value=True)
        for nudge in ask.nudges:
            yield Words(nudge.say, nudge.say_span, is_value=True)
        if ask.after:
            yield Words(ask.after, ask.spans["after"], is_value=True)
        if ask.prompt:
            yield Words(ask.prompt, ask.spans["prompt"], is_value=True)


@dataclass(frozen=True)
class AskSubject:
    """An ask under examination; `is_smaller` says that it is one of a scaffold."""

    of: Subject
    step: Step
    ask: Ask
    is_smaller: bool = False

    @property
    def kind(self) -> Kind:
        return KINDS[self.ask.kind]

    @cached_property
    def question(self) -> Question | Task | Problem:
        from tutor.marking.kinds import asked

        return asked(self.of.lesson.request(self.step, ""))

    @property
    def formula(self) -> Question | None:
        """The question as far as it is a formula to be shown."""
        from tutor.marking.question import Question

        asked = self.question
        return asked if isinstance(asked, Question) else None if isinstance(asked, Problem) else asked.question

    @property
    def rows(self) -> int:
        """Rows of a small terminal that the question takes."""
        if self.ask.prompt:
            return rows_of_words(self.ask.prompt, self.of)
        return 1 if self.formula is None or self.kind.value != "maths" else self.formula.typeset_prompt().height

    @property
    def rows_given(self) -> int:
        """Rows that the answer takes: a line, the options to choose from, a grid to fill in."""
        if self.ask.options:
            return sum(rows_of_words(option.text, self.of, OPTION_MARGIN) for option in self.ask.options)
        expected = self.formula.expected.rows.constant if self.ask.kind == "entries" and self.formula else None
        return expected or 1

    @cached_property
    def answer(self) -> Read:
        """The author's answer as it is read; None where there is none or nothing to read it by."""
        # The product of factors is part of the question, and was read with it.
        return None if self.ask.answer is None or self.kind.value == "factors" else self.read(self.ask.answer)

    @cached_property
    def reply(self) -> Judged | None:
        """What the judge says to the author's answer; None where there is none that can be read."""
        solution = self.ask.solution
        is_broken = not self.of.is_sound or isinstance(self.question, Problem) or isinstance(self.answer, Problem)
        return None if solution is None or is_broken else self.judge(solution)

    @cached_property
    def reference(self) -> str | None:
        """The tutor's own form of the answer, judged like the author's; None where it has none."""
        from tutor.calculus.derive import derive_judged
        from tutor.language.show import show

        question = self.formula
        if question is not None and self.ask.kind == "shape":
            return str(question.asked_shape)
        if question is None or question.wrt is None or self.ask.kind not in DERIVED:
            return None
        found = derive_judged(
            question.of,
            question.wrt,
            lambda formula: self.judge(show(formula)).verdict == "correct",
            question.layout,
            kind=question.kind,
            scope=question.scope,
        )
        return None if isinstance(found, Problem) else show(found.result)

    @cached_property
    def nudges(self) -> tuple[tuple[Read, Judged | None], ...]:
        """For each nudge how it is read and what the judge says to it."""
        found: list[tuple[Read, Judged | None]] = []
        for nudge in self.ask.nudges:
            read = self.read(nudge.when)
            is_readable = read is not None and not isinstance(read, Problem)
            found.append((read, self.judge(nudge.when) if is_readable else None))
        return tuple(found)

    def read(self, answer: str) -> Read:
        """An answer to this question as it is read; None where the question itself is broken."""
        if not self.of.is_sound or isinstance(self.question, Problem):
            return None
        return self.question.read(answer)

    def judge(self, answer: str) -> Judged:
        return self.of.grade(self.of.lesson.request(self.step, answer))

    def at(self, key: str) -> Span:
        """The place of the value of a key: the first line of one that is a list or a table."""
        values = {self.ask.kind: self.ask.of, "wrt": self.ask.wrt, "answer": self.ask.answer}
        span = self.ask.spans[key]
        value = values.get(key)
        if value:
            return self.of.whole(span, value)
        written = self.of.lesson.text.text[span.start : span.end]
        return Span(span.start, span.start + len(written.split("\n", 1)[0].rstrip()))

    def inside(self, span: Span, value: str, problem: Problem) -> Span:
        """The place in the file of a problem with a value."""
        if problem.span is None:
            return self.of.whole(span, value)
        return place(self.of.lesson.text, span, value, problem.span)
