"""What the tests of the screen share: reading it as text, typing, waiting for what it shows."""

from __future__ import annotations

import time
from collections.abc import Callable

from textual.pilot import Pilot

from tutor.app.app import TutorApp

from .fakes import FakeRun, FakeSession

KEYS = {
    "'": "apostrophe",
    " ": "space",
    "[": "left_square_bracket",
    "]": "right_square_bracket",
    ">": "greater_than_sign",
    "*": "asterisk",
    "\\": "backslash",
    "/": "slash",
}
NARROW, WIDE = (80, 24), (160, 50)


def app_for(session: FakeSession | None = None, run: FakeRun | None = None) -> TutorApp:
    given = session or FakeSession(run)
    return TutorApp(lambda: given)  # type: ignore[arg-type, return-value]


def rows(pilot: Pilot[None]) -> list[str]:
    """The screen as it is drawn, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return ["".join(segment.text for segment in strip).rstrip() for strip in strips]


def shown(pilot: Pilot[None]) -> str:
    return "\n".join(rows(pilot))


async def until(pilot: Pilot[None], holds: Callable[[], object]) -> None:
    """Let the app work until this holds; the limit is only there to end a test that fails."""
    limit = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < limit, f"It never came to that:\n{shown(pilot)}"
        await pilot.pause()


async def sees(pilot: Pilot[None], text: str) -> None:
    await until(pilot, lambda: text in shown(pilot))


async def types(pilot: Pilot[None], text: str) -> None:
    await pilot.press(*(KEYS.get(character, character) for character in text))


async def lesson(pilot: Pilot[None]) -> None:
    """Open the lesson that the list proposes."""
    await sees(pilot, "Continue")
    await pilot.press("enter")
    await sees(pilot, "The affine part")
    await sees(pilot, "❯")
