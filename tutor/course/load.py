"""From one Markdown file to a lesson.

In: a path. Out: a `Lesson`, or a `Broken` with everything that is wrong with the file, in its order.
Decided here: what a file must have to be played. Whether its mathematics is readable and true is not
asked here: that is `lint`'s. Nothing in a file is ever executed, and no file makes this raise.
"""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

from tutor.course import keys
from tutor.course.fields import Fields, nearest
from tutor.course.file import read_file
from tutor.course.lesson import Ask, Broken, Lesson, Nudge, Step
from tutor.course.node import Table, read_yaml
from tutor.course.parts import Fence, Section, front_matter, take_apart
from tutor.excerpt import visible
from tutor.problem import Problem
from tutor.source import Source, Span

NUMBER = re.compile(r"^\d+[-_. ]+(?=.)")


def lesson_id(path: Path) -> str:
    """The name of a file without its number and ending: `neuron` for `18-neuron.md`."""
    return visible(NUMBER.sub("", path.stem))


def load_lesson(path: Path, course_id: str) -> Lesson | Broken:
    """The lesson in a file. Spans of lesson and problems count in its `text`."""
    source, problems = read_file(path)
    if not problems:
        return read_lesson(source, path, course_id)
    return Broken(lesson_id(path), course_id, path, source, problems)


def read_lesson(source: Source, path: Path, course_id: str) -> Lesson | Broken:
    """The lesson in a text; or its problems, at least one, in the order of the text."""
    problems: list[Problem] = []
    front = read_front(source, problems)
    if front is None:
        return Broken(lesson_id(path), course_id, path, source, tuple(problems))
    parts = take_apart(source)
    problems += parts.problems
    for fence in parts.intro.asks:
        problems.append(
            Problem("ask-before-step", "An ask belongs to a step: put a ## heading above it.", _opening(fence))
        )
    if not parts.steps:
        problems.append(Problem("no-steps", "A lesson has at least one step: a ## heading.", Span(0, 3)))
    lesson = Lesson(
        id=lesson_id(path),
        course=course_id,
        title=front.line("title", required=True),
        summary=front.line("summary", required=True),
        minutes=front.count("minutes"),
        needs=front.texts("needs"),
        variables=front.dictionary("variables"),
        define=front.dictionary("define"),
        layout=front.choice("layout", keys.LAYOUTS),
        source=front.line("source") or None,
        intro=_stripped(source, parts.intro.body)[0],
        intro_span=_stripped(source, parts.intro.body)[1],
        steps=tuple(_step(section, source, problems) for section in parts.steps),
        path=path,
        text=source,
        spans=front.spans,
    )
    if problems:
        ordered = tuple(sorted(problems, key=lambda problem: problem.span or Span(0, 0)))
        return Broken(lesson.id, course_id, path, source, ordered, _readable(lesson))
    return lesson


def _readable(lesson: Lesson) -> Lesson:
    """The lesson without the asks that have no question: what is left can still be held against the lints."""
    steps = (step if step.ask is None or step.ask.kind else replace(step, ask=None) for step in lesson.steps)
    return replace(lesson, steps=tuple(steps))


def read_front(source: Source, problems: list[Problem]) -> Fields | None:
    """The front matter of a lesson in this version's format; None, with problems, where there is none."""
    span, _ = front_matter(source)
    if span is None:
        message = "A lesson starts with its front matter, between two lines of `---`."
        problems.append(Problem("no-front-matter", message, Span(0, min(3, len(source.text))), ("---",)))
        return None
    tree, wrong = read_yaml(source, span)
    problems += wrong
    if not isinstance(tree, Table):
        if not wrong:
            message = "The front matter is a table: `title: …`, one key on a line."
            problems.append(Problem("wrong-type", message, Span(0, 3)))
        return None
    told = len(problems)
    front = Fields(tree, keys.FRONT, "the front matter", source, problems)
    if _is_other_format(front):
        # Another format has other keys: what this one makes of them would only mislead.
        del problems[told:-1]
        return None
    return front


def _is_other_format(front: Fields) -> bool:
    written = front.text("format", required=True)
    if not written or written == str(keys.FORMAT):
        return False
    here = (str(keys.FORMAT),)
    if not (written.isascii() and written.isdigit()):
        front.wrong("wrong-type", f"`format` is the number {keys.FORMAT}, not {written}.", "format", here)
        return False
    if len(written) > 6 or int(written) > keys.FORMAT:
        front.wrong(
            "newer-format",
            f"This lesson is in format {written}, and this mctutor reads format {keys.FORMAT}. "
            "Install a newer mctutor to play it.",
            "format",
        )
    else:
        front.wrong(
            "older-format",
            f"This lesson is in format {written}, which is no longer read. "
            f"Bring it to format {keys.FORMAT}, and say so here.",
            "format",
            here,
        )
    return True


def _step(section: Section, source: Source, problems: list[Problem]) -> Step:
    body = section.body
    ask = None
    if section.asks:
        first, *more = section.asks
        problems.extend(
            Problem("two-asks", "A step has one ask; put a ## heading above the next one.", _opening(fence))
            for fence in more
        )
        ask = _ask(first, source, problems)
        body = Span(body.start, first.span.start)
        after, span = _stripped(source, Span(section.asks[-1].span.end, section.body.end))
        if after:
            message = "What stands below an ask is never shown; move it above, or under `after:`."
            problems.append(Problem("text-after-ask", message, span))
    text, text_span = _stripped(source, body)
    return Step(section.id, section.title, text, ask, section.heading, text_span)


def _ask(fence: Fence, source: Source, problems: list[Problem]) -> Ask | None:
    tree, wrong = read_yaml(source, fence.yaml)
    problems += wrong
    if not isinstance(tree, Table):
        if not wrong:
            message = "An ask is a table, such as `derivative: z` and below it `wrt: w`."
            problems.append(Problem("wrong-type", message, _opening(fence)))
        return None
    fields = Fields(tree, keys.ASK, "an ask", source, problems)
    kind = _kind(fields, tree, fence, problems)
    nudges = _nudges(fields)
    return Ask(
        kind=kind,
        of=fields.maths(kind) if kind else "",
        wrt=_wrt(fields, kind),
        prompt=fields.text("prompt") or None,
        answer=fields.maths("answer") or None,
        hints=_hints(fields),
        nudges=nudges,
        after=fields.text("after"),
        using=fields.formulas("using"),
        avoid=fields.formulas("avoid"),
        form=fields.choice("form", keys.FORMS),
        allow_derivatives=fields.flag("allow-derivatives"),
        skills=fields.texts("skills"),
        spans=fields.spans,
        span=fence.span,
    )


def _kind(fields: Fields, tree: Table, fence: Fence, problems: list[Problem]) -> str:
    """The one question of an ask; empty where there is none, or several, or one that is not played."""
    later = [kind for kind in keys.NOT_YET if kind in fields]
    kinds = [kind for kind in keys.KINDS if kind in fields]
    played = ", ".join(keys.KINDS)
    if len(kinds) + len(later) > 1:
        both = " and ".join(f"`{kind}`" for kind in (*kinds, *later))
        problems.append(Problem("two-questions", f"An ask has one question, and this has {both}.", _opening(fence)))
    elif later:
        message = f"This mctutor does not play `{later[0]}` asks yet. It plays {played}."
        problems.append(Problem("ask-not-played", message, fields.key_span(later[0])))
    elif not kinds and not any(nearest(key.text, tuple(keys.KINDS)) for key, _ in tree.rows):
        problems.append(Problem("no-question", f"This ask has no question: one of {played}.", _opening(fence)))
    return kinds[0] if len(kinds) == 1 and not later else ""


def _wrt(fields: Fields, kind: str) -> str | None:
    rule = keys.KINDS.get(kind)
    if rule == "senseless" and "wrt" in fields:
        fields.wrong("senseless-key", f"`{kind}` has no variable: take `wrt` out.", "wrt")
    if rule == "needed" and "wrt" not in fields:
        fields.wrong("missing-key", f"`{kind}` needs `wrt`, the variable.", kind)
    return fields.maths("wrt") or None


def _hints(fields: Fields) -> tuple[str, ...]:
    hints = fields.texts("hints")
    if len(hints) > keys.MAX_HINTS:
        message = f"An ask has up to {keys.MAX_HINTS} hints, and this has {len(hints)}."
        fields.wrong("too-many-hints", message, "hints")
    return hints


def _nudges(fields: Fields) -> tuple[Nudge, ...]:
    nudges = []
    for number, nudge in enumerate(fields.tables("nudges", keys.NUDGE, "a nudge")):
        when, say = nudge.maths("when", required=True), nudge.text("say", required=True)
        if when and say:
            fields.spans |= {f"nudges.{number}.{key}": span for key, span in nudge.spans.items()}
            nudges.append(Nudge(when, say, nudge.spans["when"], nudge.spans["say"]))
    return tuple(nudges)


def _opening(fence: Fence) -> Span:
    """The first line of a block, without its end: a short place to point at."""
    return Span(fence.span.start, max(fence.span.start + 1, fence.yaml.start - 1))


def _stripped(source: Source, span: Span) -> tuple[str, Span]:
    """The text of a span without the blank lines and blanks around it, and where that stands."""
    whole = source.text[span.start : span.end]
    start = span.start + len(whole) - len(whole.lstrip())
    text = whole.strip()
    return text, Span(start, start + len(text))
