"""The real program in a real terminal: keys in, a screen out.

`Terminal` waits for what is on the screen, never for time to pass. `Player` plays a lesson in it from the
lesson's own answers, and keeps what verdicts it has seen.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pexpect
import pyte

from tutor.course.lesson import Lesson, Step
from tutor.course.library import builtin_lessons
from tutor.course.load import load_lesson

PROGRAM = "import sys; from tutor.cli import main; sys.exit(main())"
PATIENCE = 60.0
"""Seconds after which a test that waits has failed; nothing waits that long otherwise."""

# Synchronised output: the program asks whether the terminal has it, and then says where a picture ends, so
# that a terminal never shows (and a test never sees) half of one.
ASKS_FOR_PICTURES = b"\x1b[?2026$p"
HAS_PICTURES = b"\x1b[?2026;2$y"
PICTURE_BEGINS, PICTURE_ENDS = b"\x1b[?2026h", b"\x1b[?2026l"

KEYS = {
    "enter": "\r",
    "escape": "\x1b",
    "tab": "\t",
    "up": "\x1b[A",
    "clear": "\x15",
    "f2": "\x1bOQ",
    "f4": "\x1bOS",
    "f5": "\x1b[15~",
}


class Killed(Exception):  # noqa: N818 - it is what the test wants
    """The program was ended by force, as it was to be."""


class Terminal:
    """A program under a terminal of a given size."""

    def __init__(self, home: Path, *arguments: str, columns: int = 80, lines: int = 24) -> None:
        self._screen = pyte.Screen(columns, lines)
        self._stream = pyte.ByteStream(self._screen)
        environment = {
            **os.environ,
            "MCTUTOR_HOME": str(home),
            "TERM": "xterm-256color",
            "LANG": "C.UTF-8",
            "PYTHONPATH": os.pathsep.join([str(Path(__file__).parents[2]), *sys.path]),
        }
        self._child: Any = pexpect.spawn(
            sys.executable,
            ["-c", PROGRAM, *arguments],
            env=environment,
            dimensions=(lines, columns),
            timeout=PATIENCE,
        )
        self._child.delaybeforesend = None
        self.seen: Callable[[], None] = lambda: None
        self.kill_after: int | None = None
        self.received = 0
        self._undrawn = b""

    @property
    def rows(self) -> list[str]:
        return [row.rstrip() for row in self._screen.display]

    @property
    def text(self) -> str:
        return "\n".join(self.rows)

    def press(self, *keys: str) -> None:
        for key in keys:
            self._child.send(KEYS[key])

    def type(self, text: str) -> None:
        self._child.send(text)

    def wait(self, holds: Callable[[], bool], what: str) -> None:
        """Take what the program draws, picture by picture, until this holds on the screen."""
        limit = time.monotonic() + PATIENCE
        while not holds():
            if self._draw():
                continue
            if time.monotonic() > limit:
                raise AssertionError(f"It never showed {what}:\n{self.text}")
            try:
                self._receive(self._child.read_nonblocking(65536, 1))
            except pexpect.TIMEOUT:
                continue
            except pexpect.EOF:
                raise AssertionError(f"The program ended before it showed {what}:\n{self.text}") from None
            if self.kill_after is not None and self.received >= self.kill_after:
                self.kill()
                raise Killed

    def sees(self, text: str) -> None:
        self.wait(lambda: text in self.text, repr(text))

    def ends(self) -> int | None:
        """Wait for the program to end; its exit status."""
        self._child.expect(pexpect.EOF)
        self._child.close()
        status: int | None = self._child.exitstatus
        return status

    def kill(self) -> None:
        """End the program by force, at once, and take what it had written by then."""
        import signal

        self._child.kill(signal.SIGKILL)
        while True:
            try:
                self._receive(self._child.read_nonblocking(65536, 1))
            except (pexpect.EOF, pexpect.TIMEOUT):
                break
        while self._draw():
            pass
        self._child.close(force=True)

    def _receive(self, data: bytes) -> None:
        self.received += len(data)
        self._undrawn += data
        if ASKS_FOR_PICTURES in self._undrawn:
            self._undrawn = self._undrawn.replace(ASKS_FOR_PICTURES, b"")
            self._child.send(HAS_PICTURES)

    def _draw(self) -> bool:
        """Draw the next picture: what stands between the two marks, or what came outside of any."""
        before, begins, rest = self._undrawn.partition(PICTURE_BEGINS)
        if not begins:
            # The mark may have been cut in two; what could be its beginning waits for the rest.
            cut = self._undrawn.rfind(b"\x1b")
            whole = cut < 0 or not PICTURE_BEGINS.startswith(self._undrawn[cut:])
            before, rest = (self._undrawn, b"") if whole else (self._undrawn[:cut], self._undrawn[cut:])
        elif not before:
            before, ends, rest = rest.partition(PICTURE_ENDS)
            if not ends:
                return False
        else:
            rest = begins + rest
        if not before and not begins:
            return False
        self._undrawn = rest
        self._stream.feed(before)
        self.seen()
        return True


class Player:
    """A learner who gives a wrong answer to each question, and then the lesson's own."""

    def __init__(self, terminal: Terminal, lesson: Lesson, turn: int = 0) -> None:
        self.terminal = terminal
        # A learner who comes back gives the wrong answer with other spaces: what was said of the last one
        # is on the screen again as soon as the very same text is.
        self.spaces = " " * (turn % 9)
        self.lesson = lesson
        self.verdicts: set[tuple[str, str]] = set()
        self._handed_in = False
        terminal.seen = self._look

    def play(self, wrong: bool = True) -> None:
        """From the step on the screen to the end of the lesson."""
        self.terminal.wait(lambda: self._step is not None, "a step")
        while (step := self._step) is not None:
            if step.ask is not None and not self._is_done:
                if wrong and step.ask.nudges:
                    self._answer(step.ask.nudges[0].when + self.spaces)
                self._answer(step.ask.answer or "")
            self._go_on(step)

    def to_a_question(self) -> None:
        """From the step on the screen to the first that asks."""
        self.terminal.wait(lambda: self._step is not None, "a step")
        while (step := self._step) is not None and step.ask is None:
            self._go_on(step)

    def _go_on(self, step: Step) -> None:
        self.terminal.wait(lambda: self._is_done, "the way on")
        self.terminal.press("enter")
        self.terminal.wait(lambda: self._step is not step, "what comes next")

    def _answer(self, text: str) -> None:
        """Type an answer over what stands there, and wait for what is said of it."""
        self.terminal.press("clear")
        self.terminal.type(text)
        line = f"❯ {text[:60]}".rstrip()
        self.terminal.wait(lambda: line in self.terminal.text and not self._verdict, f"{text!r} unjudged")
        self._handed_in = True
        self.terminal.press("enter")
        self.terminal.wait(lambda: bool(self._verdict), f"a verdict on {text!r}")
        self._handed_in = False

    @property
    def _verdict(self) -> str:
        """The verdict that is on the screen."""
        rows = [row for row in self.terminal.rows if row.startswith((" ✗ Not yet.", " ✓ Proved", " ✓ Right"))]
        return ("incorrect" if rows[0].startswith(" ✗") else "correct") if rows else ""

    @property
    def _is_done(self) -> bool:
        return any(way in self.terminal.rows[-1] for way in ("⏎ next step", "⏎ finish"))

    @property
    def _step(self) -> Step | None:
        """The step that the header names, once the rest of the screen is drawn too."""
        header = self.terminal.rows[0]
        id = header.rpartition(f"{self.lesson.id}#")[2] if f"{self.lesson.id}#" in header else ""
        return self.lesson.step(id)

    def _look(self) -> None:
        """A verdict counts as shown by this program where the answer was handed in to it."""
        step, verdict = self._step, self._verdict
        if step is not None and verdict and self._handed_in:
            self.verdicts.add((step.id, verdict))


def builtin(name: str) -> Lesson:
    """A built-in lesson by its id."""
    folder = builtin_lessons()
    assert folder is not None
    (path,) = [path for path in folder.rglob("*.md") if path.stem.lstrip("0123456789-") == name]
    lesson = load_lesson(path, path.parent.name)
    assert isinstance(lesson, Lesson)
    return lesson
