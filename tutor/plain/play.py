"""A lesson played on standard input and output, for where there is no screen.

In: a run, lines of answers, and where to say what is said. Out: whether the lesson was finished. Decided here: a
line is an answer; `?` asks for a hint, and after the last one for the answer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from textwrap import wrap

from tutor.excerpt import visible
from tutor.session.maths import Maths
from tutor.session.run import Run
from tutor.session.shown import Feedback, StepView

WIDTH = 80
HINT = "?"


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
        else:
            say(_fed(run.submit(answer), run.maths))
        if run.here.state != "open" and (run.next() is False or not _on(run, say)):
            return True
    return run.done


def _on(run: Run, say: Callable[[str], None]) -> bool:
    """Show the step that is next, reading past those that ask nothing; False at the end."""
    while True:
        here = run.here
        say(_shown(here, run.maths))
        if here.asks and here.state == "open" and not here.trouble:
            say(f"{here.question.text if here.question else 'Your answer'} = ?   (? for a hint)")
            return True
        if not run.next():
            return False


def _shown(here: StepView, maths: Maths) -> str:
    title = f"\n{here.number} of {here.of}  {visible(here.title)}"
    paragraphs = (_words(paragraph, maths) for paragraph in here.text.split("\n\n"))
    return "\n\n".join(filter(None, (title, *paragraphs, here.trouble)))


def _words(text: str, maths: Maths) -> str:
    return "\n".join(wrap(visible(maths.words(text).text), WIDTH, break_long_words=False))


def _fed(said: Feedback | None, maths: Maths) -> str:
    if said is None:
        return "There is no further hint."
    shown = said.formula.text if said.formula is not None else ""
    parts = (visible(said.headline), said.message, _words(said.said, maths), shown, _words(said.after, maths))
    return "\n".join(dict.fromkeys(filter(None, parts)))
