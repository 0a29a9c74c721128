"""A lesson played on standard input and output, for where there is no screen.

In: a run, lines of answers, and where to say what is said. Out: whether the lesson was finished. Decided here: a
line is an answer, in every kind of ask; `?` asks for a hint, and after the last one for the answer, and `!` for the
picture, which is made of ASCII signs here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from textwrap import wrap

from tutor.excerpt import visible
from tutor.plain.scenes import witness
from tutor.session.learner import Session
from tutor.session.maths import Maths
from tutor.session.run import Run
from tutor.session.shown import Feedback, Given, StepView
from tutor.session.ways import from_places

WIDTH = 80
HINT, PICTURE = "?", "!"
PICTURE_HEIGHT = 20
MARKS = {"correct": "✓", "incorrect": "✗"}


def play_file(
    file: Path, home: Path, lines: Iterable[str], say: Callable[[str], None], seed: int | None = None
) -> bool:
    """Play the lesson in a file to its end, or to the end of the lines; what is done is kept in `home`."""
    session = Session.start([file], home, seed=seed)
    try:
        entry = session.asked_for
        opened = session.open(entry.course, entry.id) if entry else "There is no lesson in this file."
        if isinstance(opened, str):
            say(visible(opened))
            return False
        return play(opened, lines, say)
    finally:
        session.close()


def play(run: Run, lines: Iterable[str], say: Callable[[str], None]) -> bool:
    """Play a lesson to its end, or to the end of the lines."""
    say(run.title)
    if not _on(run, say):
        return True
    for line in lines:
        answer = line.strip()
        if not answer:
            continue
        if answer == HINT:
            run.hint()
            here = run.here
            said = here.feedback if here.state != "open" else None
            say(_words(here.hints[-1], run.maths) if said is None and here.hints else _fed(said, run.maths))
        elif answer == PICTURE and run.has_picture:
            rows = run.picture(WIDTH, PICTURE_HEIGHT, ascii_only=True)
            say("\n".join("".join(text for text, _ in row) for row in rows))
        else:
            say(_fed(run.submit(from_places(run.here.way, answer)), run.maths))
        if run.here.state != "open" and (run.next() is False or not _on(run, say)):
            return True
    return run.done


def _on(run: Run, say: Callable[[str], None]) -> bool:
    """Show the step that is next, reading past those that ask nothing; False at the end."""
    while True:
        here = run.here
        say(_shown(here, run.maths))
        if here.asks and here.state == "open" and not here.trouble:
            say(_asked(here, run.maths, run.has_picture))
            return True
        if not run.next():
            return False


def _asked(here: StepView, maths: Maths, has_picture: bool) -> str:
    """What is asked, and how to answer it on a line."""
    items = [f"  {place}  {maths.words(item.text).text}" for place, item in enumerate(here.way.items, 1)]
    question = _words(here.prompt, maths) if here.prompt else f"{here.question.text if here.question else ''} = ?"
    how = HOW[here.way.given].format(rows=here.way.rows, columns=here.way.columns)
    more = f"{HINT} for a hint" + f", {PICTURE} for the picture" * has_picture
    return "\n".join([question, *map(visible, items), f"({how}; {more})"])


HOW: Mapping[Given, str] = {
    "line": "type the answer",
    "choose": "type the number, or several with commas between them",
    "order": "type the numbers in order, as 2, 1, 3",
    "fill": "type {rows}×{columns} entries, as [a, b; c, d]",
    "derive": "type line after line, each equal to the one above",
}


def _shown(here: StepView, maths: Maths) -> str:
    title = f"\n{here.number} of {here.of}  {visible(here.title)}"
    paragraphs = (_words(paragraph, maths) for paragraph in here.text.split("\n\n"))
    return "\n\n".join(filter(None, (title, *paragraphs, here.trouble)))


def _words(text: str, maths: Maths | None) -> str:
    """Words in lines; with `maths`, the formulas in them are set."""
    said = maths.words(text).text if maths is not None else text
    return "\n".join(wrap(visible(said), WIDTH, break_long_words=False))


def _fed(said: Feedback | None, maths: Maths) -> str:
    if said is None:
        return "There is no further hint."
    shown = said.formula.text if said.formula is not None else ""
    marks = "; ".join(" ".join(MARKS.get(cell, "?") for cell in row) for row in said.cells)
    parts = (
        visible(said.headline),
        _words(said.message, None),
        marks if said.verdict == "incorrect" else "",
        _words(said.said, maths),
        "\n".join(witness(said.witness)) if said.witness is not None else "",
        f"Would work: {'   '.join(map(visible, said.suggestions))}" if said.suggestions else "",
        shown,
        _words(said.after, maths),
    )
    return "\n".join(dict.fromkeys(filter(None, parts)))
