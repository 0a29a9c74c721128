"""A session without a screen: what is shown, and that it was written down before."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.clock import Clock
from tutor.course.library import Library
from tutor.marking.question import Question
from tutor.marking.reply import Reply
from tutor.memory.record import Event
from tutor.memory.store import Store
from tutor.session import Run, Session, complete, notation
from tutor.session.errands import ERRANDS
from tutor.session.words import headline, witness

LESSON = """\
---
format: 1
title: A small lesson
summary: Three steps.
minutes: 5
variables:
  w: vector n
  x: vector n
  b: scalar
define:
  z: w·x + b
---

The introduction, with $z = w·x + b$.

## By the weights

How does $z$ change with $w$?

```ask
derivative: z
wrt: w
answer: x'
hints:
  - Write it out.
  - Only one term holds $w_j$.
nudges:
  - when: w'
    say: By *what*?
  - when: 2*x'
    say: Twice too much.
after: It is $x'$.
```

## A pause

Only words.

## By the bias

And with $b$?

```ask
derivative: z
wrt: b
answer: "1"
hints:
  - It is a number.
```
"""


RIGHT = {"z by w": "x'", "z by b": "1"}
SAME = {("2*x'", "x' + x'")}


class Marker:
    """A grader by the book: right answers, other wrong ones of the same value, the rest is wrong."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []
        self.cancelled = self.closed = self.started = False

    def start(self) -> None:
        self.started = True

    def cancel(self) -> None:
        self.cancelled = True

    def close(self) -> None:
        self.closed = True

    def run(self, errand: str, request: Mapping[str, Any]) -> dict[str, Any]:
        return ERRANDS[errand](request)

    def grade(self, request: Mapping[str, Any], first: Any = None) -> Reply:
        self.asked.append(request)
        ask, answer = request["ask"], request["answer"]
        if "equals" in ask:
            return Reply("correct" if (ask["equals"], answer) in SAME else "incorrect")
        if self.cancelled:
            return Reply("undecided", message="You stopped waiting. It does not count.")
        if answer == RIGHT[f"{ask['derivative']} by {ask['wrt']}"]:
            return Reply("correct", proof="exact", message="Right.", shape="1×n", expected_shape="1×n")
        if answer.endswith("+"):
            return Reply("unreadable", code="syntax", message="Something is missing here.", span=(1, 2))
        shape = "n×1" if answer == "x" else "1×n"
        witness = {
            "values": [{"name": "w", "value": [1, -2, 0.5]}, {"name": "b", "value": 3}],
            "shape": "1×3",
            "yours": [[1.0, 2.0, None]],
            "true": [[1.0, 2.5, 0.333333]],
            "differs": [[False, True, True]],
            "entry": [1, 2],
            "indices": None,
        }
        return Reply(
            "incorrect",
            code="other",
            message="Not the same.",
            read_as={"w'": "wᵀ"}.get(answer, answer),
            shape=shape,
            expected_shape="1×n",
            witness=witness,
        )


class Desk:
    """A learner with one course of one lesson, who can leave and come back."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = Clock()
        self.marker = Marker()
        self.lessons = folder / "lessons"
        self.lessons.mkdir()
        self.write(LESSON)
        self.store = Store.open(folder / "home", self.clock())

    def write(self, text: str, name: str = "1-small.md") -> None:
        (self.lessons / name).write_text(text, "utf-8")

    def session(self) -> Session:
        home = self.folder / "home"
        return Session(Library.find(self.lessons), self.store, self.marker, self.clock, home)

    def run(self) -> Run:
        run = self.session().open("lessons", "small")
        assert isinstance(run, Run)
        return run

    def again(self) -> Run:
        """The same learner in a new program."""
        self.store.close()
        self.store = Store.open(self.folder / "home", self.clock())
        return self.run()

    def events(self) -> list[Event]:
        return self.store.events("lessons", "small")

    def kinds(self) -> list[str]:
        return [event.kind for event in self.events()]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_lesson_begins_with_its_introduction_and_its_first_question(desk: Desk) -> None:
    here = desk.run().here
    assert (here.number, here.of, here.id, here.state) == (1, 3, "by-the-weights", "open")
    assert here.text.startswith("The introduction")
    assert here.question is not None
    assert here.question.text == "∂z/∂w"
    assert here.expected == "1×n"
    assert (here.hints, here.hints_left) == ((), 3)


def test_declared_names_are_listed_with_their_shapes(desk: Desk) -> None:
    declared = desk.run().declared
    assert [(each.names, each.shape) for each in declared[:2]] == [(("w", "x"), "n×1"), (("b",), "1×1")]
    assert declared[2].formula is not None
    assert declared[2].formula.text == "w·x + b"


def test_what_is_typed_is_read_at_once_and_nothing_is_written(desk: Desk) -> None:
    run = desk.run()
    before = desk.kinds()
    good, bad, empty = run.read("x'"), run.read("w*x"), run.read("  ")
    assert good.formula is not None
    assert (good.formula.text, good.formula.shape) == ("xᵀ", "1×n")
    assert bad.formula is None
    assert "n×1" in bad.message
    assert bad.span is not None
    assert "w·x" in bad.suggestions
    assert empty.formula is None
    assert not empty.message
    assert desk.kinds() == before
    assert desk.marker.asked == []


def test_a_right_answer_is_proved_shown_on_the_board_and_leads_on(desk: Desk) -> None:
    run = desk.run()
    said = run.submit("x'")
    assert (said.verdict, said.done) == ("correct", True)
    assert said.headline == "Proved, for every n and every w, x, b."
    assert said.formula is not None
    assert said.formula.text == "xᵀ"
    assert said.after.strip() == "It is $x'$."
    assert [(line.number, line.formula.text, line.mark) for line in run.board] == [(1, "∂z/∂w = xᵀ", "solved")]
    assert run.next()
    assert run.here.title == "A pause"


def test_a_question_in_words_whose_maths_is_its_own_answer_is_not_said_twice_on_the_board(desk: Desk) -> None:
    asked = 'equals: n + 1\nprompt: How many weights are there, with the bias?\nanswer: n + 1'
    desk.write(LESSON.replace("derivative: z\nwrt: w\nanswer: x'", asked))
    run = desk.run()
    run.reveal()
    assert [line.formula.text for line in run.board] == ["n + 1"]


def test_agreement_that_is_not_proved_is_not_called_proved(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk.marker, "grade", lambda request, first: Reply("correct", proof="sampled"))
    assert "not found in time" in desk.run().submit("x'").headline


def test_a_verdict_is_on_the_disk_before_it_is_given_back(desk: Desk) -> None:
    run = desk.run()
    handed = run.hand_in("w'")
    assert desk.events()[-1].kind == "answer"
    judged = run.judge(handed)
    assert desk.events()[-1].kind == "answer"
    run.settle(handed, judged)
    last = desk.events()[-1]
    assert (last.kind, last.data["verdict"], last.data["answer"]) == ("verdict", "incorrect", handed.number)


def test_a_wrong_answer_shows_the_shape_first_and_then_the_point(desk: Desk) -> None:
    said = desk.run().submit("x")
    assert said.shapes == ("n×1", "1×n")
    assert said.witness is not None
    assert said.witness.point == (("w", "(1, −2, 0.5)"), ("b", "3"))
    assert said.witness.yours == (("1", "2", "–"),)
    assert said.witness.true == (("1", "2.5", "0.3333"),)
    assert said.witness.differs == ((False, True, True),)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"derivative": "(x·x)^2/n", "wrt": "x"}, "Proved, for every n and every x."),
        ({"derivative": "t^-2", "wrt": "t"}, "Proved, for every t at which it has a value."),
        ({"derivative": "1/(2 + 3t)", "wrt": "t"}, "Proved, for every t at which it has a value."),
        ({"derivative": "log(1 + t)", "wrt": "t"}, "Proved, for every t at which it has a value."),
        ({"derivative": "x/t", "wrt": "x"}, "Proved, for every n and every x, t at which it has a value."),
    ],
)
def test_a_proof_claims_no_more_than_it_holds_for(asked: dict[str, str], told: str) -> None:
    question = Question.from_request({"variables": {"x": "vector n", "t": "scalar"}, "ask": asked})
    assert isinstance(question, Question)
    assert headline({"verdict": "correct", "proof": "exact"}, question) == told


def test_a_truth_that_never_changes_is_not_shown() -> None:
    told = {"yours": [[2.0]], "true": [[3.0]], "differs": [[True]]}
    assert witness(told).true == (("3",),)
    assert witness({**told, "constant": True}).true == ()


def test_the_authors_nudge_is_found_by_the_look_of_the_answer(desk: Desk) -> None:
    said = desk.run().submit("w'")
    assert said.said == "By *what*?"
    assert len(desk.marker.asked) == 1


def test_the_authors_nudge_is_found_by_value_where_it_looks_different(desk: Desk) -> None:
    assert desk.run().submit("x' + x'").said == "Twice too much."


def test_a_wrong_answer_without_a_nudge_gets_no_foreign_words(desk: Desk) -> None:
    assert desk.run().submit("5*x'").said == ""


def test_unreadable_and_undecided_answers_cost_nothing(desk: Desk) -> None:
    run = desk.run()
    assert run.submit("x' +").verdict == "unreadable"
    run.give_up()
    assert run.submit("x'").verdict == "undecided"
    assert run.here.state == "open"
    assert run.summary.mistakes == 0
    run.submit("w'")


def test_giving_up_is_passed_on_to_the_grader(desk: Desk) -> None:
    desk.run().give_up()
    assert desk.marker.cancelled


def test_hints_come_one_after_the_other_and_then_the_answer(desk: Desk) -> None:
    run = desk.run()
    seen = []
    for _ in range(3):
        run.hint()
        seen.append((len(run.here.hints), run.here.hints_left, run.here.state))
    assert seen == [(1, 2, "open"), (2, 1, "open"), (2, 0, "revealed")]
    assert [kind for kind in desk.kinds() if kind in ("hint", "reveal")] == ["hint", "hint", "reveal"]
    assert run.board[0].mark == "revealed"
    said = run.here.feedback
    assert said is not None
    assert said.done
    assert said.formula is not None
    assert said.formula.text == "xᵀ"


def test_a_lesson_goes_on_where_it_was_left_with_the_unfinished_text(desk: Desk) -> None:
    run = desk.run()
    run.submit("x'")
    run.next()
    run.next()
    run.hint()
    run.draft("1 +")
    back = desk.again()
    assert (back.here.id, back.here.draft, len(back.here.hints)) == ("by-the-bias", "1 +", 1)
    assert back.board == run.board


def test_what_was_said_last_is_there_again_after_a_crash(desk: Desk) -> None:
    run = desk.run()
    said = run.submit("w'")
    assert desk.again().here.feedback == said


def test_an_answer_whose_verdict_was_cut_off_is_back_in_the_line(desk: Desk) -> None:
    run = desk.run()
    run.hand_in("x' + w'")
    here = desk.again().here
    assert here.draft == "x' + w'"
    assert here.feedback is None


def test_earlier_steps_can_be_read_and_later_ones_not_yet(desk: Desk) -> None:
    run = desk.run()
    assert not run.go(2)
    assert not run.previous()
    run.submit("x'")
    run.next()
    assert run.previous()
    assert run.here.number == 1
    assert run.here.feedback is not None
    assert run.go(2)
    assert not run.go(3)
    assert not run.go(0)
    assert not run.go(99)


def test_a_step_that_is_begun_anew_is_open_and_what_was_achieved_stays(desk: Desk) -> None:
    run = desk.run()
    run.hint()
    run.submit("x'")
    run.next()
    run.previous()
    run.redo()
    assert (run.here.state, run.here.hints, run.here.feedback, run.board) == ("open", (), None, ())
    assert run.go(2)


def test_earlier_answers_are_kept_for_the_up_key_across_programs(desk: Desk) -> None:
    run = desk.run()
    for answer in ("w'", "x", "w'", "x'"):
        run.submit(answer)
    assert desk.again().earlier == ("x", "w'", "x'")


def drawn(run: Run, width: int = 40, height: int = 12) -> str:
    return "\n".join("".join(text for text, _ in row) for row in run.picture(width, height))


def test_a_picture_is_drawn_at_the_size_at_hand(desk: Desk) -> None:
    desk.write(LESSON.replace("minutes: 5", 'minutes: 5\npicture: {slope: {of: "max(0, b)"}}'))
    run = desk.run()
    assert run.has_picture
    assert "every slope from 0 to 1" in drawn(run)
    assert len(drawn(run, 40, 30)) > len(drawn(run, 40, 12)) > len(drawn(run, 40, 4))


def test_a_picture_that_would_tell_an_answer_waits_for_it(desk: Desk) -> None:
    picture = 'picture: {slope: {of: "max(0, b)", after: by-the-weights}}'
    desk.write(LESSON.replace("minutes: 5", f"minutes: 5\n{picture}"))
    run = desk.run()
    assert not run.has_picture
    run.submit("w'")
    assert not run.has_picture
    run.submit("x'")
    assert run.has_picture


@pytest.mark.parametrize("picture", ["", "picture: {slope: {of: q +}}"])
def test_without_a_picture_that_can_be_drawn_the_lesson_plays_all_the_same(desk: Desk, picture: str) -> None:
    desk.write(LESSON.replace("minutes: 5", f"minutes: 5\n{picture}"))
    assert desk.run().picture(40, 12) == ()


def test_a_lesson_ends_with_a_count_of_what_was_done(desk: Desk) -> None:
    run = desk.run()
    run.submit("w'")
    run.hint()
    run.submit("x'")
    run.next()
    run.next()
    assert not run.done
    run.reveal()
    assert run.done
    assert not run.next()
    summary = run.summary
    assert (summary.solved, summary.revealed, summary.read) == (1, 1, 1)
    assert (summary.mistakes, summary.hints) == (1, 1)
    assert desk.kinds().count("done") == 1


def test_the_end_is_noted_with_the_last_verdict_and_not_only_on_leaving(desk: Desk) -> None:
    run = desk.run()
    run.submit("x'")
    run.next()
    run.next()
    run.submit("1")
    assert "done" in desk.kinds()
    assert desk.session().home().courses[0].lessons[0].mark == "done"


def test_the_list_tells_done_started_and_open_and_where_to_go_on(desk: Desk) -> None:
    desk.write(LESSON.replace("A small lesson", "Another").replace("minutes: 5", "needs: [small]"), "2-next.md")
    home = desk.session().home()
    assert [card.mark for card in home.courses[0].lessons] == ["open", "open"]
    assert home.resume is not None
    assert home.resume.id == "small"
    desk.run().submit("x'")
    home = desk.session().home()
    first, second = home.courses[0].lessons
    assert (first.mark, first.behind, first.steps) == ("started", 1, 3)
    assert [(need.title, need.done) for need in second.needs] == [("A small lesson", False)]
    after = home.after("lessons", "small")
    assert after is not None
    assert after.id == "next"
    assert home.after("lessons", "next") is None


def test_a_need_of_another_course_has_its_title_and_is_ticked_once_done(desk: Desk) -> None:
    (desk.lessons / "more").mkdir()
    desk.write(LESSON.replace("minutes: 5", "needs: [small]"), "more/1-large.md")
    desk.write("title: More\n", "more/course.yaml")

    def need() -> tuple[str, bool]:
        (large,) = next(course for course in desk.session().home().courses if course.id == "more").lessons
        return large.needs[0].title, large.needs[0].done

    assert need() == ("A small lesson", False)
    run = desk.run()
    run.submit("x'")
    run.next()
    run.next()
    run.reveal()
    assert need() == ("A small lesson", True)


def test_a_broken_lesson_is_listed_with_its_place_and_cannot_be_opened(desk: Desk) -> None:
    desk.write("---\nformat: 1\ntitel: No\n---\n", "3-broken.md")
    session = desk.session()
    card = session.home().courses[0].lessons[-1]
    assert card.mark == "broken"
    assert "3-broken.md, line" in card.trouble
    assert isinstance(session.open("lessons", "broken"), str)
    assert isinstance(session.open("lessons", "nowhere"), str)


def test_a_question_that_changed_is_open_again_and_says_so(desk: Desk) -> None:
    desk.run().submit("x'")
    desk.write(LESSON.replace("z: w·x + b", "z: 2*w·x + b"))
    run = desk.again()
    assert (run.here.state, run.here.changed, run.board) == ("open", True, ())


def test_a_step_that_is_gone_leaves_the_learner_at_the_first_open_one(desk: Desk) -> None:
    run = desk.run()
    run.submit("x'")
    run.next()
    desk.write(LESSON.replace("## A pause", "## A longer pause"))
    assert desk.again().here.title == "A longer pause"


def test_a_definition_that_cannot_be_read_leaves_a_lesson_that_opens(desk: Desk) -> None:
    desk.write(LESSON.replace("z: w·x + b", "z: w*x + b"))
    run = desk.run()
    assert run.here.trouble
    assert run.declared
    assert run.maths.set("w·x").text == "w·x"


def test_the_theme_is_kept(desk: Desk) -> None:
    session = desk.session()
    assert session.theme == "dark"
    session.theme = "light"
    assert desk.session().theme == "light"


def test_warming_up_starts_the_grader_and_closing_ends_it(desk: Desk) -> None:
    session = desk.session()
    session.warm()
    assert desk.marker.started
    session.close()
    assert desk.marker.closed


@pytest.mark.parametrize(
    ("text", "cursor", "expected"),
    [
        ("\\lambda", 7, ("λ", 1)),
        ("2\\alpha + 1", 7, ("2α + 1", 2)),
        ("\\lamb", 5, ("λ", 1)),
        ("x\\^T", 4, ("xᵀ", 2)),
        ("\\nosuch", 7, None),
        ("lambda", 6, None),
        ("\\a", 1, None),
        ("", 0, None),
    ],
)
def test_a_name_after_a_backslash_becomes_its_symbol(text: str, cursor: int, expected: tuple[str, int] | None) -> None:
    assert complete(text, cursor) == expected


def test_every_symbol_of_the_notation_can_be_written_by_its_name() -> None:
    from tutor.language.tokens import SYMBOLS

    for name, symbol in SYMBOLS.items():
        assert complete("\\" + name, len(name) + 1) == (symbol, len(symbol))


def test_the_help_has_a_table_for_each_part_of_the_notation() -> None:
    tables = notation()
    assert all(table.rows for table in tables)
