"""Make the picture in the README: a learner in the middle of the lesson on one neuron.

    python docs/picture.py docs/step.svg
"""

from __future__ import annotations

import asyncio
import re
import sys
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from tutor.app.app import TutorApp
from tutor.session import Session

LESSON = Path(__file__).parents[1] / "lessons" / "matrix-calculus" / "18-neuron.md"
ANSWERS = ("x'", "1", "w'", "[z > 0]", "(1, n)", "x'")
KEYS = {"'": "apostrophe", "[": "left_square_bracket", "]": "right_square_bracket", " ": "space",
        ">": "greater_than_sign", "(": "left_parenthesis", ")": "right_parenthesis", ",": "comma"}  # fmt: skip


async def seen(pilot: Pilot[None], text: str) -> None:
    """Wait until a text stands on the screen."""
    while text not in "\n".join(
        "".join(segment.text for segment in strip) for strip in pilot.app.screen._compositor.render_strips()
    ):
        await pilot.pause(0.05)


async def picture(file: Path) -> None:
    with tempfile.TemporaryDirectory() as home:
        app = TutorApp(lambda: Session.start([LESSON], Path(home)))
        async with app.run_test(size=(100, 30)) as pilot:
            await seen(pilot, "next step")
            await pilot.press("enter")
            for number, answer in enumerate(ANSWERS, 1):
                await seen(pilot, "check")
                await pilot.press(*(KEYS.get(letter, letter) for letter in answer))
                await pilot.press("enter")
                if number < len(ANSWERS):
                    await seen(pilot, "next step")
                    await pilot.press("enter")
            await seen(pilot, "Not yet")
            await pilot.pause(0.3)
            svg = app.export_screenshot(title="mctutor")
    # The picture must not fetch a font from elsewhere.
    svg = re.sub(r"@font-face \{.*?\}", "", svg, flags=re.DOTALL)
    svg = svg.replace("Fira Code", "DejaVu Sans Mono")
    file.write_text(svg, encoding="utf-8")


if __name__ == "__main__":
    asyncio.run(picture(Path(sys.argv[1])))
