"""How things are laid out, without a screen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from tutor.app.prose import prose, sentence
from tutor.app.screens.lesson import shares
from tutor.app.text import clean, words
from tutor.app.widgets.board import board
from tutor.app.widgets.feedback import feedback
from tutor.app.widgets.keys import Key, at, fitted, row
from tutor.app.widgets.reading import reading
from tutor.app.widgets.sheet import Part, columns, entries, glued, paragraph, picture
from tutor.session import BoardLine, Feedback, Formula, Reading, Witness


def laid(parts: Sequence[Part], width: int = 60) -> list[str]:
    return [line.plain.rstrip() for part in parts for line in part(width)]


def maths(text: str) -> Formula:
    return Formula(f"⟦{text}⟧", (f"⟦{text}⟧",), 0)


def test_markdown_is_laid_out_with_maths_in_its_place() -> None:
    text = "One *two* **three** `f(x)` and $a_1 * b_1$.\n\n$$c_1 * d_1$$\n\n- first\n- second, $e$"
    assert laid(prose(text, maths)) == [
        "One two three f(x) and ⟦a_1 * b_1⟧.",
        "",
        "    ⟦c_1 * d_1⟧",
        "",
        " • first",
        " • second, ⟦e⟧",
    ]


def test_dollars_and_brackets_in_code_are_what_they_are() -> None:
    text = "Type `$x$` or [bold]this[/bold].\n\n```python\nprice = '$5' # [red]\n```"
    assert laid(prose(text, maths)) == ["Type $x$ or [bold]this[/bold].", "", "    price = '$5' # [red]"]


@pytest.mark.parametrize("text", ["$", "$$", "$x", "*", "`", "![a](b)", "<b>x</b>", "[x](y)", "1. a\n   - b", ""])
def test_no_markdown_is_too_odd_to_be_shown(text: str) -> None:
    assert isinstance(laid(prose(text, maths)), list)


def test_a_sentence_is_one_line() -> None:
    assert sentence("One *two*\nthree $x$.", maths).plain == "One two three ⟦x⟧."


def test_short_maths_is_not_broken_over_two_lines() -> None:
    line = words("one two three ") + glued(words("a + b + c"))
    assert laid([paragraph(line)], 20) == ["one two three", "a + b + c"]


def test_a_picture_without_room_is_told_on_lines_that_wrap() -> None:
    wide = ("─" * 50, "x", "─" * 50)
    assert laid([picture(wide, "one two three four", baseline=1, label="1×n")], 20)[0].startswith("one two three")
    assert max(map(len, laid([picture(wide, "w " * 40, label="1×n")], 30))) <= 30


def test_the_shape_stands_at_the_right_of_the_baseline() -> None:
    shown = Formula("a/b", ("a", "─", "b"), 1, "1×n")
    assert laid(reading(Reading("a/b", shown)), 40) == ["   a", "   ─                                1×n", "   b"]


def test_a_place_that_is_scrolled_out_of_sight_is_shown_again() -> None:
    text = "x" * 70 + "*" + "y"
    read = Reading(text, message="No.", span=(70, 71))
    shown = laid(reading(read, hidden=0), 40)
    assert "*" in shown[0]
    assert shown[0].index("*") == shown[1].index("─")


def test_two_matrices_are_compared_entry_by_entry_with_marks() -> None:
    point = Witness(
        point=(("A", "[1, 2; 3, 4]"),),
        yours=(("1", "2"), ("3", "4")),
        true=(("1", "5"), ("3", "4")),
        differs=((False, True), (False, False)),
    )
    text = "\n".join(laid(feedback(Feedback("incorrect", "Not yet.", witness=point), maths)))
    assert "A = [1, 2; 3, 4]" in text
    assert "2✗" in text
    assert text.count("✗") == 2


def test_a_column_is_compared_lying_on_its_side() -> None:
    point = Witness((), (("1",), ("2",)), (("1",), ("3",)), ((False,), (True,)))
    rows = laid(feedback(Feedback("incorrect", "Not yet.", witness=point), maths))
    assert rows[-3:] == ["    yours   1   2", "    true    1   3", "            ✓   ✗"]


def test_a_truth_that_is_kept_back_leaves_no_row() -> None:
    one, two = (("1", "2"),), (("1", "2"), ("3", "4"))
    for yours, differs in ((one, ((False, True),)), (two, ((False, True), (True, True)))):
        shown = Feedback("incorrect", "Not yet.", witness=Witness((), yours, (), differs))
        text = "\n".join(laid(feedback(shown, maths)))
        assert "✗" in text
        assert "true" not in text


def test_a_point_that_needs_many_lines_stands_below_what_differs() -> None:
    point = Witness((("w", "(1, 2, 3, 4, 5, 6)"), ("x", "(1, 2, 3, 4, 5, 6)")), (("1",),), (("2",),), ((True,),))
    wide, narrow = (laid(feedback(Feedback("incorrect", "", witness=point), maths), width) for width in (80, 40))
    assert [row.split()[0] for row in wide if row][1:] == ["At", "yours", "true", "✗"]
    assert [row.split()[0] for row in narrow if row][1:5] == ["yours", "true", "✗", "At"]


def test_results_of_different_shapes_stand_next_to_each_other() -> None:
    point = Witness((), (("1", "2"),), (("1",), ("2",)), ())
    assert any("true" in line for line in laid(feedback(Feedback("incorrect", "Not yet.", witness=point), maths)))


def test_the_board_is_set_in_two_dimensions_only_where_there_is_height() -> None:
    formula = Formula("∂z/∂w = xᵀ", ("∂z", "── = xᵀ", "∂w"), 1)
    lines = [BoardLine(k, f"s{k}", f"Step {k}", formula, "solved") for k in (1, 2)]
    assert len(laid(board(lines, 8), 80)) == 2
    assert len(laid(board(lines, 18), 80)) == 7
    assert laid(board(lines, 8, "s2"), 80)[1].startswith(" 2▸ ∂z/∂w = xᵀ")


def test_keys_that_are_needed_least_are_left_out_first() -> None:
    keys = [Key("⏎", "check", "a"), Key("F5", "back", "b", rank=3), Key("↑", "earlier", "c", rank=1)]
    assert row(fitted(keys, 40)).plain == "⏎ check  F5 back  ↑ earlier"
    assert row(fitted(keys, 20)).plain == "⏎ check  ↑ earlier"
    assert row(fitted(keys, 5)).plain == "⏎ check"
    assert at(keys, 0) == keys[0]
    assert at(keys, 12) == keys[1]
    assert at(keys, 99) is None


def test_keys_take_shorter_words_before_one_is_left_out() -> None:
    keys = [Key("F3", "break down", "a", rank=1, short="smaller"), Key("F4", "answer", "b")]
    assert row(fitted(keys, 24)).plain == "F3 break down  F4 answer"
    assert row(fitted(keys, 23)).plain == "F3 smaller  F4 answer"
    assert row(fitted(keys, 20)).plain == "F4 answer"


def test_rows_are_shared_so_that_nothing_is_hidden_that_was_just_asked_for() -> None:
    assert shares(14, 5, 2) == (5, 9)
    assert shares(14, 30, 2) == (8, 6)
    assert shares(14, 30, 10) == (4, 10)
    assert shares(14, 30, 40) == (3, 11)
    assert shares(3, 30, 40) == (2, 1)
    assert shares(14, 30, 1, least_reply=1) == (13, 1)


def test_tables_use_the_width_there_is() -> None:
    items = [words(f"\\n{k}") for k in range(6)]
    assert laid([columns(items)], 20) == ["\\n0   \\n2   \\n4", "\\n1   \\n3   \\n5"]
    rows = laid([entries([(words("a" * 40), words("what it means")), (words("b"), words("c"))])], 40)
    assert rows[0] == "a" * 40
    assert rows[1].strip() == "what it means"


@pytest.mark.parametrize("code", [0, 7, 8, 0x1B, 0x7F, 0x9B, 0x200B, 0x202E, 0x2028, 0xD800, 0xE000])
def test_no_control_character_gets_through(code: int) -> None:
    shown = clean(f"a{chr(code)}b")
    assert chr(code) not in shown
    assert shown.startswith("a\\")


def test_letters_of_any_script_and_the_notations_signs_get_through() -> None:
    text = "wᵀx ∂z/∂w ‖x‖² 𝟏 𝟙 Σᵢ ⎡⎣ é 你 ⊙"
    assert clean(text) == text


def test_the_authors_words_go_before_what_the_tutor_makes_out_and_the_shape_before_both() -> None:
    told = Feedback("incorrect", "Not yet.", message="A factor is missing.", code="lost-factor", said="Count again.")
    rows = [row.strip() for row in laid(feedback(told, maths))]
    assert rows == ["✗ Not yet.", "Count again.", "A factor is missing."]
    turned = replace(told, shapes=("n×1", "1×n"))
    rows = [row.strip() for row in laid(feedback(turned, maths))]
    assert rows == ["✗ Not yet. Its shape is n×1; what is asked for is 1×n.", "Count again."]
