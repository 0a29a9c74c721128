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
from tutor.course.lesson import Ask, Broken, Lesson, Nudge, Option, Picture, Step
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
        random=front.dictionary("random"),
        picture=_picture(front),
    )
    if problems:
        ordered = tuple(sorted(problems, key=lambda problem: problem.span or Span(0, 0)))
        return Broken(lesson.id, course_id, path, source, ordered, _readable(lesson))
    return lesson


def _readable(lesson: Lesson) -> Lesson:
    """The lesson without the asks that have no question: what is left can still be held against the lints."""
    steps = (step if step.ask is None or _is_whole(step.ask) else replace(step, ask=None) for step in lesson.steps)
    return replace(lesson, steps=tuple(steps))


def _is_whole(ask: Ask) -> bool:
    """Whether an ask has a question, and what that needs."""
    lacks = (ask.options and not ask.right) or (ask.kind == "value" and not ask.at)
    return bool(ask.kind) and not lacks and all(map(_is_whole, ask.scaffold))


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
    return _read_ask(Fields(tree, keys.ASK, "an ask", source, problems), _opening(fence), fence.span, problems)


def _read_ask(fields: Fields, head: Span, span: Span, problems: list[Problem]) -> Ask:
    """An ask from its fields; `head` is the short place at which its lack of a question is told."""
    kind = _kind(fields, head, problems)
    _check_rules(fields, kind)
    value = keys.KINDS[kind].value if kind else ""
    nudges = _nudges(fields)
    return Ask(
        kind=kind,
        of=fields.maths(kind) if value == "maths" else "",
        wrt=fields.maths("wrt") or None,
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
        options=(options := _options(fields) if value == "options" else ()),
        right=_right(fields, len(options)),
        factors=fields.formulas(kind) if value == "factors" else (),
        at=fields.dictionary("at"),
        tolerance=fields.text("tolerance") or None,
        scaffold=_scaffold(fields, problems),
        spans=fields.spans,
        span=span,
    )


def _kind(fields: Fields, head: Span, problems: list[Problem]) -> str:
    """The one question of an ask; empty where there is none, or several."""
    kinds = [kind for kind in keys.KINDS if kind in fields]
    played = ", ".join(keys.KINDS)
    if len(kinds) > 1:
        both = " and ".join(f"`{kind}`" for kind in kinds)
        problems.append(Problem("two-questions", f"An ask has one question, and this has {both}.", head))
    elif not kinds and not fields.meant(keys.KINDS):
        problems.append(Problem("no-question", f"This ask has no question: one of {played}.", head))
    return kinds[0] if len(kinds) == 1 else ""


def _check_rules(fields: Fields, kind: str) -> None:
    """The keys that this kind of ask needs, or cannot have."""
    if not kind:
        return
    for key in keys.RULED:
        rule = keys.KINDS[kind].rule(key)
        if rule == "senseless" and key in fields:
            fields.wrong("senseless-key", f"`{kind}` has no `{key}`: take it out.", key)
        if rule == "needed" and key in NEEDED and key not in fields:
            fields.wrong("missing-key", f"`{kind}` needs `{key}`, {NEEDED[key]}.", kind)


NEEDED = {
    "wrt": "the variable",
    "right": "the numbers of the right options",
    "at": "the values of the names in it",
}
"""What a key is that an ask cannot be played without; that an answer is missing is for the lint to say."""


def _options(fields: Fields) -> tuple[Option, ...]:
    options = []
    for number, found in enumerate(fields.options("choose", keys.OPTION, "an option")):
        if isinstance(found, str):
            options.append(Option(found, ""))
            continue
        text, because = found.maths("option", required=True), found.text("because")
        fields.spans |= {f"choose.{number}": found.span}
        fields.spans |= {f"choose.{number}.{key}": span for key, span in found.spans.items()}
        options.append(Option(text, because))
    if "choose" in fields and not 2 <= len(options) <= keys.MAX_OPTIONS:
        message = f"To choose there are from 2 to {keys.MAX_OPTIONS} options, not {len(options)}."
        fields.wrong("wrong-count", message, "choose")
    return tuple(options)


def _right(fields: Fields, count: int) -> tuple[int, ...]:
    """The numbers of the right options."""
    numbers = []
    for number, text in enumerate(fields.texts("right")):
        if text.isascii() and text.isdigit() and 1 <= int(text[:6]) <= max(count, 1):
            numbers.append(int(text))
        elif count:
            message = f"`right` has the numbers of the right options, from 1 to {count}, and {text} is none."
            fields.wrong_at("wrong-value", message, f"right.{number}")
    return tuple(dict.fromkeys(numbers))


def _scaffold(fields: Fields, problems: list[Problem]) -> tuple[Ask, ...]:
    smaller = fields.tables("scaffold", keys.SMALLER, "a smaller ask")
    return tuple(_read_ask(below, below.head(), below.span, problems) for below in smaller)


def _picture(front: Fields) -> Picture | None:
    found = front.kind("picture")
    if found is None:
        return None
    word, parameters = found
    if word not in keys.PICTURES:
        message = f"`picture` is one of {', '.join(keys.PICTURES)}, not {word}."
        front.wrong("wrong-value", message, "picture", nearest(word, keys.PICTURES))
        return None
    return Picture(word, {name: text for name, text in parameters.items() if name != "after"}, parameters.get("after"))


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
