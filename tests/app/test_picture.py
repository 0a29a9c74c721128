"""A lesson's picture: beside the lesson where there is room, else at a key."""

from __future__ import annotations

import pytest

from tutor.app.widgets.picture import lacks_braille
from tutor.picture.canvas import Row

from .fakes import FakeRun
from .stage import NARROW, WIDE, app_for, lesson, rows, sees, shown, types, until


class Illustrated(FakeRun):
    """A run with a picture that tells at which size it was asked for."""

    has_picture = True

    def picture(self, width: int, height: int, ascii_only: bool = False) -> tuple[Row, ...]:  # type: ignore[override]
        dots = "..." if ascii_only else "⠉⠉⠉"
        return (((f"Picture {dots} ", "quiet"), ("of ", "plain"), (f"{width} by {height}", "strong")),)


async def test_where_there_is_room_the_picture_stands_beside_the_lesson() -> None:
    async with app_for(run=Illustrated()).run_test(size=WIDE) as pilot:
        await lesson(pilot)
        await sees(pilot, "of 51 by 25")
        assert "F9 picture" not in shown(pilot)


async def test_where_there_is_none_a_key_shows_it_as_large_as_the_screen() -> None:
    async with app_for(run=Illustrated()).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await sees(pilot, "F9 picture")
        assert "by 22" not in shown(pilot)
        await pilot.press("f9")
        await sees(pilot, "by 22")
        await pilot.press("escape")
        await sees(pilot, "The affine part")
        assert "by 22" not in shown(pilot)


async def test_a_picture_and_a_doubt_leave_room_for_the_keys_that_help() -> None:
    async with app_for(run=Illustrated()).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "w'")
        await pilot.press("enter")
        await sees(pilot, "✗ Not yet.")
        for key in ("⏎ check", "F2 hint 1", "F4 answer", "^R dispute", "F9 picture", "Esc leave"):
            assert key in rows(pilot)[-1]


async def test_a_lesson_without_a_picture_offers_none() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await pilot.press("f9")
        await until(pilot, lambda: "The affine part" in shown(pilot))
        assert "picture" not in shown(pilot)


@pytest.mark.parametrize(("term", "lacks"), [("xterm-256color", False), ("linux", True), ("dumb", True)])
def test_a_terminal_that_may_lack_braille_gets_ascii(monkeypatch: pytest.MonkeyPatch, term: str, lacks: bool) -> None:
    class Told:
        encoding = "UTF-8"

    monkeypatch.setattr("sys.__stdout__", Told())
    monkeypatch.setenv("TERM", term)
    assert lacks_braille() is lacks
    Told.encoding = "ascii"
    assert lacks_braille()
