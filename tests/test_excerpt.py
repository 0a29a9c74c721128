"""A problem as text for people."""

from __future__ import annotations

import pytest

from tutor.excerpt import columns, excerpt, underlined, visible
from tutor.problem import Problem
from tutor.source import Source, Span


def shown(text: str, start: int, end: int, *suggestions: str) -> list[str]:
    return excerpt(Problem("code", "Not so.", Span(start, end), suggestions), Source("f.md", text)).split("\n")


def under(line: str, start: int, end: int) -> str:
    """What stands above the underline."""
    top, below = underlined(line, Span(start, end))
    marked = [at for at, character in enumerate(below) if character == "─"]
    places = [sum(columns(letter) for letter in top[:at]) for at in range(len(top))]
    return "".join(
        letter for letter, at in zip(top, places, strict=True) if marked[0] <= at <= marked[-1] and columns(letter)
    )


def test_the_place_the_line_and_the_underline() -> None:
    assert shown("title: x\nwrt: w*x\n", 14, 17) == [
        "f.md:2:6: Not so.",
        "    2 │ wrt: w*x",
        "      │      ───",
    ]


def test_what_would_work_stands_below() -> None:
    assert shown("w*x", 0, 3, "w·x", "w .* x")[-1] == "      │ What would work: w·x   w .* x"


def test_a_problem_without_a_place_has_the_file_and_the_message() -> None:
    assert excerpt(Problem("code", "Not so."), Source("f.md", "x")) == "f.md: Not so."


def test_the_end_of_a_line_can_be_pointed_at() -> None:
    assert shown("ab", 2, 2) == ["f.md:1:3: Not so.", "    1 │ ab", "      │   ─"]


def test_an_empty_text_can_be_pointed_at() -> None:
    assert shown("", 0, 0) == ["f.md:1:1: Not so.", "    1 │ ", "      │ ─"]


def test_a_place_over_several_lines_is_underlined_in_the_first() -> None:
    assert shown("one\ntwo", 1, 6)[1:] == ["    1 │ one", "      │  ──"]


def test_a_tab_before_the_place_moves_the_underline_with_it() -> None:
    assert under("\tab", 1, 2) == "a"


@pytest.mark.parametrize("before", ["漢字", "e\u0301", "🙂", "λ≥", "\x1b[31m", "\u202e"])
def test_wide_narrow_and_unseen_letters_do_not_move_the_underline_off_its_place(before: str) -> None:
    assert under(before + "ab", len(before), len(before) + 1) == "a"


def test_a_wide_letter_is_underlined_as_wide_as_it_is() -> None:
    assert underlined("漢", Span(0, 1)) == ("漢", "──")


@pytest.mark.parametrize("bad", ["\x1b[2J", "\x07", "\x9b31m", "\u202e", "\u2028", "\r", "\x00", "\ud800"])
def test_nothing_reaches_a_terminal_but_letters(bad: str) -> None:
    problem = Problem("code", f"There is no {bad}.", Span(1, 2), (bad,))
    text = excerpt(problem, Source(f"{bad}.md", f"a{bad}b"))
    assert all(line.isprintable() for line in text.split("\n"))


def test_visible_text_is_left_as_it_is() -> None:
    assert visible("∂z/∂w = x' λ 漢") == "∂z/∂w = x' λ 漢"


def test_unseen_characters_are_named() -> None:
    assert visible("a\x1b[0m\nb\u202e") == "a\\x1b[0m\\nb\\u202e"


@pytest.mark.parametrize("start", [0, 150, 399])
def test_a_long_line_is_cut_around_the_place(start: int) -> None:
    line = "x" * start + "!" + "y" * (400 - start)
    top, below = underlined(line, Span(start, start + 1))
    assert columns(top) <= 100
    assert top[below.index("─")] == "!"
