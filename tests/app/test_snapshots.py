"""What the screens look like, as pictures: look at them when they change.

pytest tests/app/test_snapshots.py --snapshot-update
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from textual.pilot import Pilot

from tutor.app.widgets.answer import Line

from .stage import NARROW, WIDE, app_for, lesson, sees, types

Compare = Callable[..., bool]


async def still(pilot: Pilot[Any]) -> None:
    """A cursor that blinks would make two pictures of one."""
    for line in pilot.app.screen.query(Line):
        line.cursor_blink = False


async def at_the_list(pilot: Pilot[Any]) -> None:
    await sees(pilot, "Continue")
    await still(pilot)


async def at_a_wrong_answer(pilot: Pilot[Any]) -> None:
    await lesson(pilot)
    await pilot.press("f4", "enter")
    await sees(pilot, "Nothing is asked here.")
    await pilot.press("enter")
    await sees(pilot, "3 of 3")
    await pilot.press("f2")
    await types(pilot, "1")
    await pilot.press("enter")
    await sees(pilot, "✗ Not yet.")
    await still(pilot)


async def at_a_right_answer_in_the_light(pilot: Pilot[Any]) -> None:
    await lesson(pilot)
    await types(pilot, "x'")
    await pilot.press("enter", "f8")
    await sees(pilot, "✓ Proved")
    await sees(pilot, "⏎ next step")
    await still(pilot)


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "160x50"])
@pytest.mark.parametrize("scene", [at_the_list, at_a_wrong_answer, at_a_right_answer_in_the_light])
def test_a_picture(snap_compare: Compare, scene: Callable[..., Any], size: tuple[int, int]) -> None:
    assert snap_compare(app_for(), terminal_size=size, run_before=scene)
