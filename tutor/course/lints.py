"""TABLE 4: what can be wrong with a lesson that can be played.

In: a lesson under examination. Out: the places where it breaks a rule.
Decided here: the rules for authors, each a row: its code, how grave it is, a check that yields where it
is broken, and the rule in one sentence. What a file must have to be played at all is the loader's.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from tutor.course.prose import is_word, lonely_dollars, maths_in, sides
from tutor.course.room import COLUMNS, INDENT, MARGINS, rows_for_text, rows_of_names, rows_of_words
from tutor.course.subject import AskSubject, Subject
from tutor.excerpt import columns
from tutor.problem import Problem
from tutor.source import Span

Severity = Literal["error", "warning"]

ASKED_INDENT = 14
"""Columns beside a question: before it, and for `=  ?` behind it."""

ENOUGH_HINTS = 3
TELLING = 4
"""A hint may hold an answer of fewer letters by chance, as in a word; only maths is then looked at."""


@dataclass(frozen=True, slots=True)
class Breach:
    """One place where a rule is broken, and what would mend it, where that is simple."""

    span: Span
    message: str
    mend: str | None = None


@dataclass(frozen=True, slots=True)
class Lint:
    """A rule of the table."""

    code: str
    severity: Severity
    check: Callable[[Subject], Iterator[Breach]]
    rule: str


# The front matter ------------------------------------------------------------------------------------


def unreadable_types(subject: Subject) -> Iterator[Breach]:
    lesson = subject.lesson
    for name, problem in subject.types.items():
        yield _unreadable(subject, f"variables.{name}", lesson.variables[name], problem)


def unreadable_definitions(subject: Subject) -> Iterator[Breach]:
    lesson = subject.lesson
    for name, problem in subject.definitions.items():
        if not _is_consequence(problem, lesson.define[name], subject):
            yield _unreadable(subject, f"define.{name}", lesson.define[name], problem)


def _is_consequence(problem: Problem, text: str, subject: Subject) -> bool:
    """Whether a definition is only unreadable since a name in it is, which is told where it stands."""
    name = text[problem.span.start : problem.span.end] if problem.span else ""
    return problem.code == "unknown-name" and (bool(subject.types) or name in subject.definitions)


def unknown_needs(subject: Subject) -> Iterator[Breach]:
    from tutor.course.fields import nearest

    lesson = subject.lesson
    for number, need in enumerate(lesson.needs):
        if need not in subject.needs:
            mends = nearest(need, tuple(subject.needs))
            span = subject.whole(lesson.spans[f"needs.{number}"], need)
            yield Breach(span, f"There is no lesson {need}.", mends[0] if mends else None)


def circular_needs(subject: Subject) -> Iterator[Breach]:
    lesson = subject.lesson
    for number, need in enumerate(lesson.needs):
        way = _way(need, lesson.id, subject)
        if way:
            circle = " needs ".join((lesson.id, *way))
            span = subject.whole(lesson.spans[f"needs.{number}"], need)
            yield Breach(span, f"These lessons go in a circle: {circle}.")


def _way(start: str, goal: str, subject: Subject) -> tuple[str, ...]:
    """A way from one lesson to another along their needs; empty where there is none."""
    ways: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while ways:
        way = ways.pop(0)
        if way[-1] == goal:
            return way
        for need in subject.needs.get(way[-1], ()):
            if need not in seen:
                seen.add(need)
                ways.append((*way, need))
    return ()


def bad_random(subject: Subject) -> Iterator[Breach]:
    for name, problem in subject.random.items():
        yield _unreadable(subject, f"random.{name}", subject.lesson.random[name], problem)


def pictures_without_sense(subject: Subject) -> Iterator[Breach]:
    picture = subject.lesson.picture
    if picture is None or not subject.is_sound:
        return
    from tutor.picture.make import Flaw, make

    if picture.after is not None and subject.lesson.step(picture.after) is None:
        near = get_close_matches(picture.after, [step.id for step in subject.lesson.steps], 1)
        span = subject.whole(subject.lesson.spans["picture.after"], picture.after)
        yield Breach(span, f"There is no step {picture.after}.", near[0] if near else None)
    found = make(picture.kind, picture.parameters, subject.scope)
    if isinstance(found, Flaw) and found.parameter:
        value = picture.parameters[found.parameter]
        yield _unreadable(subject, f"picture.{found.parameter}", value, found.problem)
    elif isinstance(found, Flaw):
        yield Breach(subject.lesson.spans["picture"], found.problem.message, _first(found.problem))


# Words -----------------------------------------------------------------------------------------------


def unreadable_words(subject: Subject) -> Iterator[Breach]:
    if not subject.is_sound:
        return
    for words, side in subject.formulas:
        text = words.text[side.start : side.end]
        found = None if is_word(text) else subject.read(text)
        if isinstance(found, Problem) and not _is_introduced(found, text, subject):
            inside = found.shifted(side.start).span or side
            yield Breach(subject.where(words, inside), found.message, _first(found))


def _is_introduced(problem: Problem, text: str, subject: Subject) -> bool:
    """Whether it is only for a name that the words themselves bring in, as in "Let $r$ be the length"."""
    span = problem.span
    return problem.code == "unknown-name" and span is not None and text[span.start : span.end] in subject.introduced


def stray_dollars(subject: Subject) -> Iterator[Breach]:
    for words in subject.words():
        for dollar in lonely_dollars(words.text):
            yield Breach(subject.where(words, dollar), "This dollar opens no maths and closes none.", "\\$")


# Asks ------------------------------------------------------------------------------------------------


def broken_questions(subject: Subject) -> Iterator[Breach]:
    if not subject.is_sound:
        return
    for ask in subject.asks:
        found = ask.question
        is_told = ask.ask.wrt is None and ask.kind.wrt == "needed"  # by the loader
        if isinstance(found, Problem) and not is_told:
            yield Breach(ask.at(_guilty(ask, found)), found.message, _first(found))


def missing_answers(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        if ask.ask.answer is None and ask.kind.answer == "needed":
            yield Breach(_at(ask), "This ask has no `answer`: the form that you want shown.", ask.reference)


def unreadable_answers(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        if isinstance(ask.answer, Problem) and ask.ask.answer is not None:
            where = ask.inside(ask.ask.spans["answer"], ask.ask.answer, ask.answer)
            yield Breach(where, ask.answer.message, _first(ask.answer))


def untrue_answers(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        if ask.reply is not None and ask.reply.verdict in ("incorrect", "unreadable", "error"):
            mend = ask.reply.reference or ask.reference
            told = OUT_OF_ORDER if ask.kind.value == "factors" else f"This answer is not true. {ask.reply.message}"
            yield Breach(_answer(ask), told.strip(), mend)


def undecided_answers(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        if ask.reply is not None and ask.reply.verdict == "undecided":
            yield Breach(_answer(ask), f"This answer was neither proved nor refuted. {ask.reply.message}".strip())


OUT_OF_ORDER = "The factors do not multiply to the answer in the order in which they are listed."


def sampled_answers(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        if ask.reply is not None and ask.reply.verdict == "correct" and ask.reply.proof == "sampled":
            yield Breach(_answer(ask), "This answer is right at every point that was tried, but not proved.")


def unreadable_nudges(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        for nudge, (read, reply) in zip(ask.ask.nudges, ask.nudges, strict=True):
            if isinstance(read, Problem):
                yield Breach(ask.inside(nudge.when_span, nudge.when, read), read.message, _first(read))
            elif reply is not None and reply.verdict in ("unreadable", "error"):
                yield Breach(subject.whole(nudge.when_span, nudge.when), reply.message)


def right_nudges(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        for nudge, (_, reply) in zip(ask.ask.nudges, ask.nudges, strict=True):
            if reply is not None and reply.verdict == "correct":
                where = subject.whole(nudge.when_span, nudge.when)
                yield Breach(where, "This is a right answer, and the nudge says that it is wrong.")


def undecided_nudges(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        for nudge, (_, reply) in zip(ask.ask.nudges, ask.nudges, strict=True):
            if reply is not None and reply.verdict == "undecided":
                where = subject.whole(nudge.when_span, nudge.when)
                yield Breach(where, "This nudge was neither proved nor refuted.")


def telling_hints(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        for number, hint in enumerate(ask.ask.hints):
            told = _told(ask, hint)
            if told is not None:
                where = ask.inside(ask.ask.spans[f"hints.{number}"], hint, Problem("", "", told))
                yield Breach(where, "This hint contains the answer, which comes after the last hint anyway.")


def few_hints(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        count = len(ask.ask.hints)
        is_trial = count == 0 and ask.step.id == subject.asks[-1].step.id
        if count < ENOUGH_HINTS and not is_trial and not ask.is_smaller:
            message = f"Three hints help most, from a push to nearly the answer; this ask has {count}."
            yield Breach(_at(ask), message)


def no_after(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        if not ask.ask.after and not ask.is_smaller:
            yield Breach(_at(ask), "This ask has no `after`: a line that says what was gained.")


def repeated_options(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        texts = [option.text.strip() for option in ask.ask.options]
        for number, text in enumerate(texts):
            if text in texts[:number]:
                yield Breach(ask.at(f"choose.{number}"), "This option is there already.")


def silent_options(subject: Subject) -> Iterator[Breach]:
    for ask in subject.asks:
        for number, option in enumerate(ask.ask.options):
            if not option.because and number + 1 not in ask.ask.right:
                message = "This option is wrong and has no `because`: a line that says why."
                yield Breach(ask.at(f"choose.{number}"), message)


# The screen ------------------------------------------------------------------------------------------


def wide_maths(subject: Subject) -> Iterator[Breach]:
    for words in subject.words():
        for span in maths_in(words.text):
            if words.text[span.start - 2 : span.start] == "$$":
                width = subject.set(words.text[span.start : span.end].strip()).width
                if width > COLUMNS - MARGINS - INDENT:
                    yield Breach(subject.where(words, span), _wide(width, COLUMNS - MARGINS - INDENT))
    for ask in subject.asks:
        width = 0 if ask.formula is None else ask.formula.typeset_prompt().width
        if width > COLUMNS - ASKED_INDENT:
            yield Breach(_at(ask), _wide(width, COLUMNS - ASKED_INDENT))


def _wide(width: int, room: int) -> str:
    return f"This formula is {width} columns wide, and a terminal of 80 has {room} for it: define a name for a part."


def tall_steps(subject: Subject) -> Iterator[Breach]:
    names = rows_of_names([columns(name) for name in subject.names])
    asked = {ask.step.id: ask for ask in subject.asks if not ask.is_smaller}
    for number, step in enumerate(subject.lesson.steps):
        text = f"{subject.lesson.intro}\n\n{step.text}" if number == 0 else step.text
        rows = 1 + rows_of_words(text.strip(), subject)
        room = rows_for_text(names, None)
        if step.id in asked:
            room = rows_for_text(names, asked[step.id].rows, asked[step.id].rows_given)
        if rows > room:
            message = (
                f"On a terminal of 80×24 this step takes {rows} rows, heading included, and there is room for {room}: "
                "shorten it, or put a part of it into a step of its own."
            )
            yield Breach(step.span, message)


# What the checks share ---------------------------------------------------------------------------------


def _unreadable(subject: Subject, key: str, value: str, problem: Problem) -> Breach:
    spans = subject.lesson.spans
    if problem.code in ("bad-name", "duplicate-name"):
        return Breach(spans[f"{key}:name"], problem.message, _first(problem))
    whole = subject.whole(spans[key], value)
    if problem.span is not None:
        from tutor.course.place import place

        whole = place(subject.lesson.text, spans[key], value, problem.span)
    return Breach(whole, problem.message, _first(problem))


NAMED = re.compile(r"(?:In )?‘([a-z]+)[:’]")
"""The key that the problem of a question begins with."""

KEYS = {"until": "answer", "product": "answer"}


def _guilty(ask: AskSubject, problem: Problem) -> str:
    """The key that a broken question is told at: the one that it names; its variable, where only that is unreadable."""
    named = NAMED.match(problem.message)
    key = KEYS.get(named[1], named[1]) if named else ""
    if key in ask.ask.spans:
        return key
    for number, factor in enumerate(ask.ask.factors):
        if isinstance(ask.of.read(factor), Problem):
            return f"{ask.ask.kind}.{number}"
    is_readable = not isinstance(ask.of.read(ask.ask.of), Problem)
    has_bad_variable = ask.ask.wrt is not None and isinstance(ask.of.read(ask.ask.wrt), Problem)
    return "wrt" if is_readable and has_bad_variable else ask.ask.kind


def _told(ask: AskSubject, hint: str) -> Span | None:
    """Where a hint contains the answer: as maths that is read like it, or letter by letter."""
    if ask.ask.options:
        return _told_option(ask, hint)
    if ask.ask.answer is None or ask.answer is None or isinstance(ask.answer, Problem):
        return None
    for formula in maths_in(hint):
        parts = list(sides(hint, formula))
        # `$x = 0$` does not tell that the answer is 0, and `$0$` does.
        if ask.ask.answer.strip().isdigit() and len(parts) > 1:
            continue
        for part in parts:
            if _is_answer(ask, hint[part.start : part.end]):
                return part
    answer = ask.ask.answer.strip()
    at = hint.find(answer)
    return Span(at, at + len(answer)) if len(answer) >= TELLING and at >= 0 else None


def _told_option(ask: AskSubject, hint: str) -> Span | None:
    """Where a hint contains a right option that is a formula and nothing else."""
    right = {ask.ask.options[number - 1].text.strip() for number in ask.ask.right}
    formulas = [text.strip("$") for text in right if text.startswith("$") and text.endswith("$")]
    meant = [found for found in map(ask.of.read, formulas) if not isinstance(found, Problem)]
    parts = (part for formula in maths_in(hint) for part in sides(hint, formula))
    return next((part for part in parts if ask.of.read(hint[part.start : part.end]) in meant), None)


def _is_answer(ask: AskSubject, text: str) -> bool:
    """Whether a formula is the answer: as it is written, or, unless it is a mere name or number, by its value."""
    from tutor.language.expr import Expr

    read = ask.read(text)
    if read == ask.answer:
        return True
    alike = isinstance(read, Expr) and isinstance(ask.answer, Expr) and read.shape == ask.answer.shape
    return alike and not is_word(text) and ask.judge(text).verdict == "correct"


def _answer(ask: AskSubject) -> Span:
    return ask.at("answer") if ask.ask.answer else _at(ask)


def _at(ask: AskSubject) -> Span:
    """The question of an ask: the place for what it lacks."""
    return ask.at(ask.ask.kind)


def _first(problem: Problem) -> str | None:
    return problem.suggestions[0] if problem.suggestions else None


E: Severity = "error"
W: Severity = "warning"

LINTS: Sequence[Lint] = (
    Lint("unreadable-type",       E, unreadable_types,       "Every variable has a type that can be read."),
    Lint("unreadable-random",     E, bad_random,             "Every number that is drawn has values to draw from."),
    Lint("unreadable-definition", E, unreadable_definitions, "Every definition can be read."),
    Lint("unknown-need",          E, unknown_needs,          "Every lesson that is needed is there."),
    Lint("circular-needs",        E, circular_needs,         "No lesson needs itself, by way of others either."),
    Lint("picture-without-sense", E, pictures_without_sense, "Every picture can be drawn."),
    Lint("unreadable-maths",      E, unreadable_words,       "All maths in words can be read."),
    Lint("lonely-dollar",         W, stray_dollars,          "Every dollar opens or closes maths."),
    Lint("broken-question",       E, broken_questions,       "Every ask asks something that has an answer."),
    Lint("answer-missing",        E, missing_answers,        "Every ask has an answer."),
    Lint("answer-unreadable",     E, unreadable_answers,     "Every answer can be read."),
    Lint("answer-not-true",       E, untrue_answers,         "Every answer is true."),
    Lint("answer-undecided",      E, undecided_answers,      "Every answer is decided within the time limit."),
    Lint("answer-not-proved",     W, sampled_answers,        "Every answer is proved, not only tried at points."),
    Lint("nudge-unreadable",      E, unreadable_nudges,      "Every nudge is for an answer that can be read."),
    Lint("nudge-is-right",        E, right_nudges,           "Every nudge is for a wrong answer."),
    Lint("nudge-undecided",       W, undecided_nudges,       "Every nudge is refuted within the time limit."),
    Lint("hint-tells-answer",     E, telling_hints,          "No hint contains the answer."),
    Lint("too-wide",              W, wide_maths,             "Every formula fits on 80 columns."),
    Lint("too-tall",              W, tall_steps,             "Every step fits on 24 rows, together with its question."),
    Lint("option-repeated",       E, repeated_options,       "Every option is there once."),
    Lint("option-silent",         W, silent_options,         "Every wrong option says why it is wrong."),
    Lint("few-hints",             W, few_hints,              "Every ask has three hints; the last may have none."),
    Lint("no-after",              W, no_after,               "Every ask says afterwards what was gained."),
)  # fmt: skip
