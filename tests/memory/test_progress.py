"""Events add up to where the learner stands."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tutor.memory.progress import Progress, progress
from tutor.memory.record import KINDS, Event, Kind

START = datetime(2026, 11, 21, 10, tzinfo=UTC)


def played(*happened: tuple[Kind, str, dict[str, Any]]) -> Progress:
    """The progress after these events, numbered from 1, a minute apart."""
    return progress(
        Event(START + timedelta(minutes=number), "calculus", "neuron", step, kind, data, number)
        for number, (kind, step, data) in enumerate(happened, start=1)
    )


def test_nothing_happened_is_an_untouched_lesson() -> None:
    before = played()
    assert not before.opened
    assert before.current is None
    assert before.step("clip").state == "open"
    assert before.step("clip").attempts == ()


def test_a_lesson_resumes_at_the_step_gone_to_last() -> None:
    assert played(("opened", "", {}), ("moved", "clip", {}), ("moved", "chain", {})).current == "chain"


def test_opening_alone_moves_nowhere() -> None:
    after = played(("opened", "", {}))
    assert after.opened
    assert after.current is None


def test_the_last_draft_is_in_place() -> None:
    after = played(("draft", "clip", {"text": "1 if"}), ("draft", "clip", {"text": "1 if z"}))
    assert after.step("clip").draft == "1 if z"


def test_an_empty_draft_clears_the_line() -> None:
    assert played(("draft", "clip", {"text": "1"}), ("draft", "clip", {"text": ""})).step("clip").draft == ""


def test_an_answer_that_was_never_judged_is_kept_and_its_text_stays_in_place() -> None:
    step = played(("answer", "clip", {"text": "x'", "question": "q1"})).step("clip")
    assert [attempt.text for attempt in step.attempts] == ["x'"]
    assert step.attempts[0].verdict is None
    assert step.draft == "x'"
    assert step.state == "open"


def test_a_verdict_goes_to_the_answer_it_names_also_when_two_programs_are_checking() -> None:
    step = played(
        ("answer", "clip", {"text": "x"}),
        ("answer", "clip", {"text": "x'"}),
        ("verdict", "clip", {"answer": 1, "verdict": "incorrect", "code": "other-layout"}),
    ).step("clip")
    assert [attempt.verdict for attempt in step.attempts] == ["incorrect", None]
    assert step.attempts[0].reply["code"] == "other-layout"


def test_a_right_answer_solves_the_step_and_empties_the_line() -> None:
    step = played(
        ("answer", "clip", {"text": "x'", "question": "q1"}),
        ("verdict", "clip", {"answer": 1, "verdict": "correct"}),
    ).step("clip")
    assert step.state == "solved"
    assert step.behind
    assert step.draft == ""
    assert step.answered is not None
    assert step.answered.text == "x'"


@pytest.mark.parametrize("verdict", ["unreadable", "undecided", "error"])
def test_what_was_not_judged_wrong_costs_nothing(verdict: str) -> None:
    step = played(("answer", "clip", {"text": "x"}), ("verdict", "clip", {"answer": 1, "verdict": verdict})).step(
        "clip"
    )
    assert step.mistakes == 0
    assert step.state == "open"


def test_wrong_answers_are_counted() -> None:
    step = played(
        ("answer", "clip", {"text": "x"}),
        ("verdict", "clip", {"answer": 1, "verdict": "incorrect"}),
        ("answer", "clip", {"text": "w"}),
        ("verdict", "clip", {"answer": 3, "verdict": "incorrect"}),
    ).step("clip")
    assert step.mistakes == 2


def test_earlier_answers_come_once_each_in_the_order_in_which_they_were_given_last() -> None:
    given = [("answer", "clip", {"text": text}) for text in ("x", "w", "x")]
    assert played(*given).step("clip").earlier == ("w", "x")  # type: ignore[arg-type]


def test_hints_stay_shown_and_a_hint_twice_is_one() -> None:
    step = played(("hint", "clip", {"hint": 1}), ("hint", "clip", {"hint": 2}), ("hint", "clip", {"hint": 2}))
    assert step.step("clip").hints == 2


def test_a_shown_answer_is_kept_as_shown() -> None:
    step = played(("reveal", "clip", {"text": "x'", "question": "q1"})).step("clip")
    assert step.state == "revealed"
    assert step.revealed == "x'"
    assert step.behind


def test_solving_after_the_answer_was_shown_solves() -> None:
    step = played(("reveal", "clip", {"text": "x'"}), ("solved", "clip", {})).step("clip")
    assert step.state == "solved"


def test_showing_the_answer_does_not_take_back_that_it_was_solved() -> None:
    assert played(("solved", "clip", {}), ("reveal", "clip", {"text": "x'"})).step("clip").state == "solved"


def test_redoing_a_step_begins_anew_and_forgets_nothing() -> None:
    step = played(
        ("answer", "clip", {"text": "x"}),
        ("verdict", "clip", {"answer": 1, "verdict": "incorrect"}),
        ("hint", "clip", {"hint": 2}),
        ("solved", "clip", {"question": "q1"}),
        ("redo", "clip", {}),
        ("answer", "clip", {"text": "w"}),
    ).step("clip")
    assert step.state == "open"
    assert step.hints == 0
    assert step.mistakes == 0
    assert [attempt.text for attempt in step.tries] == ["w"]
    assert step.earlier == ("x", "w")
    assert step.behind


def test_a_step_is_changed_when_its_question_is_another_than_the_one_answered() -> None:
    step = played(("answer", "clip", {"text": "x'", "question": "q1"})).step("clip")
    assert step.changed("q2")
    assert not step.changed("q1")


def test_an_untouched_step_is_never_changed() -> None:
    assert not played().step("clip").changed("q1")


def test_steps_that_the_lesson_no_longer_has_are_kept() -> None:
    assert "gone" in played(("solved", "gone", {})).steps


def test_the_end_of_the_lesson_is_remembered_after_it_is_opened_again() -> None:
    assert played(("done", "", {}), ("opened", "", {}), ("redo", "clip", {})).done


@pytest.mark.parametrize("kind", KINDS)
def test_no_event_needs_its_data_to_be_folded(kind: Kind) -> None:
    assert played((kind, "clip", {}), (kind, "clip", {"text": 3, "hint": "x", "answer": None})).opened


def test_an_event_without_a_time_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        Event(datetime(2026, 11, 21), "c", "l", "s", "opened")


def test_an_event_of_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="opened, drawn"):
        Event(START, "c", "l", "s", "guessed")  # type: ignore[arg-type]
