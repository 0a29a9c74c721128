"""Terminals that have ASCII alone."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tutor.app.ascii import ascii_only, in_ascii, rows_in_ascii

from .stage import NARROW, WIDE, app_for, sees, shown, types


@pytest.fixture(autouse=True)
def said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCTUTOR_ASCII", "1")


@pytest.mark.parametrize("size", [NARROW, WIDE], ids=["80x24", "160x50"])
async def test_a_lesson_is_played_without_a_character_beyond_ascii(size: tuple[int, int]) -> None:
    async with app_for().run_test(size=size) as pilot:
        await sees(pilot, "Continue")
        assert shown(pilot).isascii()
        await lesson_in_ascii(pilot)
        await types(pilot, "x")
        await sees(pilot, "> x")
        await pilot.press("enter")
        await sees(pilot, "x Not yet. Its shape is nx1")
        assert shown(pilot).isascii()
        await pilot.press("backspace")
        await types(pilot, "w'")
        await pilot.press("enter")
        await sees(pilot, "w = (1, -2, 0.5)")
        assert shown(pilot).isascii()
        await pilot.press("f4")
        await sees(pilot, "The answer, shown.")
        await pilot.press("f4")
        await sees(pilot, "du/dw = x'")
        assert shown(pilot).isascii()


async def lesson_in_ascii(pilot: Pilot[None]) -> None:
    await pilot.press("enter")
    await sees(pilot, "The affine part")


def test_columns_of_a_block_stay_below_each_other() -> None:
    assert rows_in_ascii(["  ∂λ", "J ──", "  ∂w"]) == ["  dlambda", "J -------", "  dw"]


def test_formulas_are_spelled_as_they_can_be_typed() -> None:
    assert in_ascii("∂z/∂w = xᵀ + x₂ − σ²") == "dz/dw = x' + x_2 - sigma^2"


@pytest.mark.parametrize(
    ("locale", "expected"),
    [("C.UTF-8", False), ("de_DE.utf8", False), ("de_DE.ISO-8859-1", True), ("en_US", False), ("", False)],
)
def test_a_locale_of_another_encoding_asks_for_ascii(
    monkeypatch: pytest.MonkeyPatch, locale: str, expected: bool
) -> None:
    monkeypatch.delenv("MCTUTOR_ASCII")
    for name in ("LC_ALL", "LC_CTYPE", "LANG"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", locale)
    assert ascii_only() is expected


def test_the_setting_goes_before_the_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MCTUTOR_ASCII", "0")
    monkeypatch.setenv("LC_ALL", "de_DE.ISO-8859-1")
    assert not ascii_only()
