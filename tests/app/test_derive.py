"""Derivations on the screen: a formula of one's own, the working of a step, smaller questions, a doubt."""

from __future__ import annotations

from textual.pilot import Pilot
from textual.widgets import Input

from .fakes import FakeRun, FakeSession, FakeStep, fraction, plain
from .stage import NARROW, WIDE, app_for, lesson, rows, sees, shown, types, until

INNER = FakeStep("part", "A smaller one", "How does $u$ change?", fraction("∂u", "∂w"), "x'", plain("xᵀ", "1×n"))


def field(pilot: Pilot[None], id: str) -> Input:
    return pilot.app.screen.query_one(f"#{id}", Input)


async def at_derive(pilot: Pilot[None], formula: str, by: str = "", declared: str = "") -> None:
    """Open the screen and put these texts on its lines."""
    await sees(pilot, "Continue")
    await pilot.press("f5")
    await sees(pilot, "Derive a formula of your own")
    for id, text in (("formula", formula), ("by", by), ("declared", declared)):
        field(pilot, id).value = text
    await until(pilot, lambda: field(pilot, "formula").has_focus)


async def test_a_formula_of_ones_own_is_read_while_it_is_typed_and_derived() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await at_derive(pilot, "", "w, b", "w, x: vector n; b: scalar")
        await types(pilot, "w'x")
        await sees(pilot, "wᵀx")
        await pilot.press("enter")
        await sees(pilot, "By w")
        await sees(pilot, "let u = w·x   the dot product")
        await sees(pilot, "The other side.")
        assert "PgDn more" in rows(pilot)[-1]


async def test_what_cannot_be_read_is_underlined_in_its_own_line() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await at_derive(pilot, "w*x + q", "w", "w, x: vector n")
        await sees(pilot, "does not meet")
        text = rows(pilot)
        at = next(k for k, row in enumerate(text) if "w*x + q" in row)
        assert text[at + 1].index("─") == text[at].index("w*x")
        field(pilot, "declared").value = "w, x: vektor n"
        await sees(pilot, "'vektor' is no type.")
        text = rows(pilot)
        at = next(k for k, row in enumerate(text) if "❯ w, x: vektor n" in row)
        assert text[at + 1].index("─") == text[at].index("vektor")
        await pilot.press("enter")
        await until(pilot, lambda: field(pilot, "declared").has_focus)


async def test_what_is_not_declared_is_inferred_and_shown_as_that() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await at_derive(pilot, "max(0, w·x + b)", "w")
        await sees(pilot, "taken for: w, x vectors of n; b a scalar")
        field(pilot, "declared").value = "b: scalar"
        await sees(pilot, "taken for: w, x vectors of n")
        field(pilot, "declared").value = "b: scalar; w, x: vector 3"
        await until(pilot, lambda: "taken for" not in shown(pilot))


async def test_a_derivation_that_is_refused_says_why() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await at_derive(pilot, "det(A)", "A", "A: square n")
        await pilot.press("enter")
        await sees(pilot, "There is no rule for this.")


async def test_of_several_variables_the_key_names_the_one_that_is_played() -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        await at_derive(pilot, "max(0, w·x + b)", "w, b")
        await sees(pilot, "F3 play as a lesson by w")
        field(pilot, "by").value = "b"
        await until(pilot, lambda: "lesson by" not in shown(pilot))


async def test_a_derivation_goes_on_as_a_lesson() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await at_derive(pilot, "w·x", "w", "w, x: vector n")
        await pilot.press("f3")
        await sees(pilot, "The affine part")
        await pilot.press("escape")
        await sees(pilot, "Continue")


async def test_waiting_for_a_derivation_can_be_ended() -> None:
    run = FakeRun()
    run.gate.clear()
    async with app_for(FakeSession(run)).run_test(size=NARROW) as pilot:
        await at_derive(pilot, "w·x", "w", "w, x: vector n")
        await pilot.press("enter")
        await sees(pilot, "deriving…")
        assert "wait no longer" in rows(pilot)[-1]
        await pilot.press("escape")
        assert run.given_up.is_set()
        run.gate.set()
        await sees(pilot, "By w")


async def test_the_working_is_shown_once_the_step_is_given_up_and_the_lesson_stays_as_it_is() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        assert "working" not in rows(pilot)[-1]
        await pilot.press("f4")
        await sees(pilot, "F4 working")
        await pilot.press("f4")
        await sees(pilot, "∂u/∂w = xᵀ")
        await sees(pilot, "A factor is written as cases.")
        await pilot.press("escape")
        await sees(pilot, "The answer, shown.")


async def test_a_step_is_broken_down_and_what_was_found_out_comes_back_with_it() -> None:
    run = FakeRun()
    run.inner = FakeRun((INNER,))
    run.inner.title = "In smaller questions"
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "w +")
        await pilot.press("f3")
        await sees(pilot, "In smaller questions")
        await types(pilot, "x'")
        await pilot.press("enter")
        await sees(pilot, "⏎ back to the step")
        await pilot.press("enter")
        await sees(pilot, "The affine part")
        await sees(pilot, "✓ ∂u/∂w = xᵀ")
        await sees(pilot, "❯ w +")
        assert run.states[0].state == "open"


async def test_esc_in_smaller_questions_leads_back_to_the_step() -> None:
    run = FakeRun()
    run.inner = FakeRun((INNER,))
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await pilot.press("f3")
        await sees(pilot, "A smaller one")
        await pilot.press("escape")
        await sees(pilot, "The affine part")
        await pilot.press("escape")
        await sees(pilot, "Continue")


async def test_a_step_with_nothing_smaller_says_so() -> None:
    async with app_for().run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await pilot.press("f3")
        await sees(pilot, "There is nothing smaller to ask here.")


async def test_a_hint_that_nobody_wrote_is_made_while_the_screen_goes_on() -> None:
    run = FakeRun()
    run.lacking = {"hints"}
    run.gate.clear()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await pilot.press("f2")
        await sees(pilot, "looking for a hint…")
        run.gate.set()
        await sees(pilot, "Hint 1")
        await sees(pilot, "Made of a rule.")


async def test_where_no_hint_can_be_made_the_answer_is_not_forced_on_the_learner() -> None:
    run = FakeRun()
    run.lacking = {"hints"}
    run.gate.clear()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await pilot.press("f2")
        await sees(pilot, "wait no longer")
        await pilot.press("escape")
        await sees(pilot, "No hint can be made for this step.")
        assert run.states[0].state == "open"


async def test_a_verdict_can_be_doubted_and_only_one_that_is_not_right() -> None:
    run = FakeRun()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await pilot.press("ctrl+r")
        await types(pilot, "w'")
        await pilot.press("enter")
        await sees(pilot, "^R I am right")
        await pilot.press("ctrl+r")
        await sees(pilot, "Your doubt is written down in /somewhere/doubt.json.")
        assert run.log.count(("dispute", "")) == 1
        await pilot.press("backspace", "backspace")
        await types(pilot, "x'")
        await pilot.press("enter")
        await sees(pilot, "✓ Proved")
        assert "^R" not in shown(pilot)


async def test_the_verdict_is_shown_first_and_stays_where_it_is_when_the_reasons_come() -> None:
    run = FakeRun()
    run.announces = True
    run.gate.clear()
    async with app_for(run=run).run_test(size=NARROW) as pilot:
        await lesson(pilot)
        await types(pilot, "w'")
        await pilot.press("enter")
        await sees(pilot, "✗ Not yet.")
        before = rows(pilot)
        assert "yours" not in shown(pilot)
        run.gate.set()
        await sees(pilot, "yours")
        at = next(k for k, row in enumerate(before) if "✗ Not yet." in row)
        assert rows(pilot)[: at + 1] == before[: at + 1]


async def test_a_wide_screen_shows_the_local_derivatives_found_so_far() -> None:
    async with app_for().run_test(size=WIDE) as pilot:
        await lesson(pilot)
        assert "found so far" not in shown(pilot)
        await types(pilot, "x'")
        await pilot.press("enter")
        await sees(pilot, "Local derivatives found so far")
        await sees(pilot, "w → z   xᵀ")
        await sees(pilot, "z → a   ?")
