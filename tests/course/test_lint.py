"""Lessons are held against the rules. The judge is a stand-in here: which answers it calls right is given."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tutor.course.lint import Finding, lint
from tutor.course.lints import LINTS

from .write import ASK, FRONT, step, written


@dataclass
class Verdict:
    verdict: str
    message: str = ""
    reference: str | None = None
    proof: str | None = "exact"


Judge = Callable[[dict[str, Any]], Verdict]


def calls_right(*answers: str) -> Judge:
    """A judge to whom these answers are right and all others wrong."""

    def judge(request: dict[str, Any]) -> Verdict:
        if request["answer"] in answers:
            return Verdict("correct")
        return Verdict("incorrect", "An entry differs.", reference="x'")

    return judge


def says(verdict: Verdict) -> Judge:
    return lambda request: verdict


def findings(folder: Path, text: str, judge: Judge | None = None) -> list[Finding]:
    return lint([written(folder, text)], judge or calls_right("x'"))


def only(folder: Path, text: str, judge: Judge | None = None) -> Finding:
    (found,) = findings(folder, text, judge)
    return found


def underlined(found: Finding) -> str:
    assert found.problem.span is not None
    return found.source.text[found.problem.span.start : found.problem.span.end]


NUDGED = ASK + "nudges:\n  - when: w'\n    say: The other one.\n"


def test_a_good_lesson_has_no_findings(tmp_path: Path) -> None:
    assert findings(tmp_path, FRONT + "How does $z$ grow with $w_j$, at $z = 0$?\n\n" + step(NUDGED)) == []


def test_a_finding_has_file_line_column_code_sentence_and_mend(tmp_path: Path) -> None:
    text = FRONT + step(ASK.replace("x'", "x"))
    found = only(tmp_path, text)
    line = text[: text.index("answer: x")].count("\n") + 1
    assert (found.path, found.line, found.column) == (tmp_path / "18-neuron.md", line, 9)
    assert (found.code, found.severity, found.mend) == ("answer-not-true", "error", "x'")
    assert found.message == "This answer is not true. An entry differs."


@pytest.mark.parametrize(
    ("old", "new", "code", "place"),
    [
        ("b: scalar", "b: skalar", "unreadable-type", "skalar"),
        ("b: scalar", "b: vector", "unreadable-type", "vector"),
        ("b: scalar", "b-c: scalar", "unreadable-type", "b-c"),
        ("z: w·x + b", "z: w·x + c", "unreadable-definition", "c"),
        ("z: w·x + b", "z: w*x", "unreadable-definition", "w*x"),
        ("z: w·x + b", 'z: "w·x + (b"', "unreadable-definition", "("),
        ("Words.", "Words $w·q$.", "unreadable-maths", "q"),
        ("Words.", "Words $$w + x'$$.", "unreadable-maths", "w + x'"),
        ("Words.", "Words $z.", "lonely-dollar", "$"),
        ("Take one weight.", "Take $w·q$.", "unreadable-maths", "q"),
        ("after: Done.", "after: |\n  Line.\n  And $w·q$.", "unreadable-maths", "q"),
        ("after: Done.", 'after: "It\'s $w·q$."', "unreadable-maths", "q"),
        ("wrt: w", "wrt: q", "broken-question", "q"),
        ("derivative: z", "derivative: q", "broken-question", "q"),
        ("derivative: z", "hessian: w", "broken-question", "w"),
        ("answer: x'\n", "", "answer-missing", "z"),
        ("answer: x'", "answer: x' + q", "answer-unreadable", "q"),
        ("answer: x'", "answer: 2 x'", "answer-not-true", "2 x'"),
        ("after: Done.", "nudges: [{when: x', say: No.}]\nafter: Done.", "nudge-is-right", "x'"),
        ("after: Done.", "nudges: [{when: x q, say: No.}]\nafter: Done.", "nudge-unreadable", "q"),
        ("What is left?", "It is $x'$.", "hint-tells-answer", "x'"),
        ("What is left?", "Then $∂z/∂w = transpose(x)$.", "hint-tells-answer", "transpose(x)"),
        ("What is left?]", "]", "few-hints", "z"),
        ("after: Done.", "", "no-after", "z"),
        ("summary: Its gradient.", "summary: S.\nneeds: [dotz]", "unknown-need", "dotz"),
        ("summary: Its gradient.", "summary: S.\nneeds: [neuron]", "circular-needs", "neuron"),
        ("summary: Its gradient.", "sumary: S.", "unknown-key", "sumary"),
        ("summary: Its gradient.", "summary: S.\npicture: slope", "picture-without-sense", "slope"),
        ("summary: Its gradient.", "summary: S.\npicture: {slope: {of: b q}}", "picture-without-sense", "q"),
        ("summary: Its gradient.", "summary: S.\npicture: {slope: {of: w·w}}", "picture-without-sense", "w·w"),
        ("summary: Its gradient.", "summary: S.\npicture: {shapes: {of: w x', at: 1}}", "picture-without-sense", "1"),
        ("summary: Its gradient.", "summary: S.\npicture: {slope: {of: b, after: z}}", "picture-without-sense", "z"),
    ],
)
def test_each_rule_is_told_at_the_place_where_it_is_broken(
    tmp_path: Path, old: str, new: str, code: str, place: str
) -> None:
    text = FRONT + step()
    assert old in text
    found = only(tmp_path, text.replace(old, new, 1))
    assert (found.code, underlined(found)) == (code, place)


@pytest.mark.parametrize(("ask", "mend"), [("derivative: z\nwrt: w", "xᵀ"), ("shape: w x'", "(n, n)")])
def test_an_answer_that_is_missing_is_told_with_one_that_works(tmp_path: Path, ask: str, mend: str) -> None:
    text = FRONT + step(f"{ask}\nhints: [A., B., C.]\nafter: Done.\n")
    found = only(tmp_path, text, says(Verdict("correct")))
    assert (found.code, found.mend) == ("answer-missing", mend)


def test_an_invertible_n_is_told_that_it_is_square(tmp_path: Path) -> None:
    found = only(tmp_path, FRONT.replace("b: scalar", "b: scalar\n  A: invertible n") + step())
    assert (underlined(found), found.mend) == ("n", "square n")


def test_every_rule_has_a_code_of_its_own_and_a_sentence() -> None:
    assert len({rule.code for rule in LINTS}) == len(LINTS)
    assert all(rule.rule.endswith(".") for rule in LINTS)


def test_an_answer_that_nobody_could_decide_is_an_error(tmp_path: Path) -> None:
    found = only(tmp_path, FRONT + step(), says(Verdict("undecided", "The time was up.")))
    assert (found.code, found.is_error) == ("answer-undecided", True)


def test_an_answer_that_was_only_tried_is_a_warning(tmp_path: Path) -> None:
    found = only(tmp_path, FRONT + step(), says(Verdict("correct", proof="sampled")))
    assert (found.code, found.is_error) == ("answer-not-proved", False)


def test_a_nudge_that_nobody_could_decide_is_a_warning(tmp_path: Path) -> None:
    def judge(request: dict[str, Any]) -> Verdict:
        return Verdict("correct" if request["answer"] == "x'" else "undecided")

    assert only(tmp_path, FRONT + step(NUDGED), judge).code == "nudge-undecided"


def test_all_findings_come_in_one_run_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = FRONT.replace("Its gradient.", "S.\nneeds: [dotz]") + "Look: $w·q$.\n\n"
    text += step(ASK.replace("x'", "x") + "nudges:\n  - when: x +\n    say: No.\n")
    assert [found.code for found in findings(tmp_path, text)] == [
        "unknown-need", "unreadable-maths", "answer-not-true", "nudge-unreadable",
    ]  # fmt: skip


def test_one_broken_name_is_told_once_and_not_wherever_it_is_used(tmp_path: Path) -> None:
    text = FRONT.replace("w: vector n", "w: vecktor n") + "See $w·x$.\n\n" + step()
    assert [found.code for found in findings(tmp_path, text)] == ["unreadable-type"]


def test_indices_and_derivatives_may_stand_in_words(tmp_path: Path) -> None:
    words = "Each $w_i x_i$ in $sum_i w_i x_i$, and $∂z/∂w$, for $i = j$ or $i, k$."
    assert findings(tmp_path, FRONT + step(words=words)) == []


def test_words_may_bring_in_a_name_of_their_own(tmp_path: Path) -> None:
    assert findings(tmp_path, FRONT + step(words="Let $r = ‖x‖$; then $1/r^2$.")) == []


def test_a_question_without_the_drawn_number_is_judged_once(tmp_path: Path) -> None:
    asked: list[str] = []

    def judge(request: dict[str, Any]) -> Verdict:
        asked.append(request["id"])
        return Verdict("correct")

    drawn = FRONT.replace("variables:", "random: {k: 2..5}\nvariables:")
    ask = ASK.replace("derivative: z", "derivative: b^k").replace("wrt: w", "wrt: b").replace("x'", "k b^(k - 1)")
    assert findings(tmp_path, drawn + step(heading="## Plain") + step(ask, "## Drawn"), judge) == []
    assert (asked.count("neuron#plain"), asked.count("neuron#drawn")) == (1, 4)


def test_a_trial_at_the_end_may_go_without_hints(tmp_path: Path) -> None:
    bare = "derivative: z\nwrt: w\nanswer: x'\nafter: Done.\n"
    assert findings(tmp_path, FRONT + step() + step(bare, "## Now you")) == []
    assert only(tmp_path, FRONT + step(bare, "## Now you") + step()).code == "few-hints"


@pytest.mark.parametrize("hint", ["When $x = 0$?", "There are 10 of $x$.", "Not 0 but near."])
def test_a_hint_may_hold_a_number_that_happens_to_be_the_answer(tmp_path: Path, hint: str) -> None:
    ask = f"derivative: b\nwrt: b\nanswer: 0\nhints: [{hint}, Look., Look again.]\nafter: Done.\n"
    assert findings(tmp_path, FRONT + step(ask), calls_right("0")) == []


def test_a_hint_with_another_form_of_the_answer_tells_it(tmp_path: Path) -> None:
    ask = ASK.replace("What is left?", "It is $2x' - x'$.")
    found = only(tmp_path, FRONT + step(ask), calls_right("x'", "2x' - x'"))
    assert (found.code, underlined(found)) == ("hint-tells-answer", "2x' - x'")


def test_a_long_answer_is_found_in_words_too(tmp_path: Path) -> None:
    ask = ASK.replace("x'", "x' + 0 x'").replace("What is left?", "Write x' + 0 x' now.")
    assert only(tmp_path, FRONT + step(ask), calls_right("x' + 0 x'")).code == "hint-tells-answer"


def test_a_formula_wider_than_the_screen_is_a_warning(tmp_path: Path) -> None:
    wide = " + ".join(["w·x + b"] * 9)
    found = only(tmp_path, FRONT + step(words=f"See\n\n$${wide}$$"))
    assert (found.code, found.is_error, underlined(found)) == ("too-wide", False, wide)
    assert findings(tmp_path, FRONT + step(words=f"See ${wide}$, which is broken at a blank.")) == []


def test_a_question_wider_than_the_screen_is_a_warning(tmp_path: Path) -> None:
    wide = " + ".join(["w·x + b"] * 9)
    found = only(tmp_path, FRONT + step(ASK.replace("derivative: z", f"derivative: {wide}")))
    assert (found.code, underlined(found)) == ("too-wide", wide)


@pytest.mark.parametrize(("count", "codes"), [(7, []), (8, ["too-tall"])])
def test_a_step_that_scrolls_on_a_small_terminal_is_a_warning(tmp_path: Path, count: int, codes: list[str]) -> None:
    words = " ".join(["Words that make one row of the screen, and together with others many rows."] * count)
    assert [found.code for found in findings(tmp_path, FRONT + step(words=words))] == codes


def test_an_ask_for_a_shape_is_read_as_one(tmp_path: Path) -> None:
    ask = ASK.replace("derivative: z", "shape: z").replace("x'", "(1, n)")
    assert findings(tmp_path, FRONT + step(ask), calls_right("(1, n)")) == []
    assert only(tmp_path, FRONT + step(ask.replace("(1, n)", "(1, q)"))).code == "answer-unreadable"


# Courses -----------------------------------------------------------------------------------------------------


def course(folder: Path, lessons: str, **needs: str) -> Path:
    for name, needed in needs.items():
        written(folder, FRONT.replace("variables:", f"needs: [{needed}]\nvariables:") + step(), f"{name}.md")
    (folder / "course.yaml").write_text(
        f"title: T\nsummary: S\nunits:\n  - title: U\n    lessons: [{lessons}]\n", "utf-8"
    )
    return folder


def test_needs_that_go_in_a_circle_are_told_with_the_circle(tmp_path: Path) -> None:
    found = lint([course(tmp_path, "a, b, c", a="c", b="a", c="b")], calls_right("x'"))
    assert [one.code for one in found] == ["circular-needs"] * 3
    assert "a needs c needs b needs a" in found[0].message


def test_a_lesson_outside_of_the_circle_is_left_alone(tmp_path: Path) -> None:
    found = lint([course(tmp_path, "a, b, c", a="b", b="a", c="b")], calls_right("x'"))
    assert [one.path.name for one in found] == ["a.md", "b.md"]


def test_a_lesson_without_a_file_is_told_in_the_course(tmp_path: Path) -> None:
    all_found = lint([course(tmp_path, "alpha, bta", alpha="", beta="alpha")], calls_right("x'"))
    (found,) = (one for one in all_found if one.code == "unknown-lesson")
    assert (found.path.name, found.line, found.column) == ("course.yaml", 5, 22)
    assert found.mend == "beta"


def test_a_lesson_that_the_course_does_not_name_is_a_warning(tmp_path: Path) -> None:
    found = lint([course(tmp_path, "a", a="b", b="a")], calls_right("x'"))
    assert ("b.md", "lesson-not-listed", "warning") in [(one.path.name, one.code, one.severity) for one in found]


def test_a_need_may_be_a_built_in_lesson(tmp_path: Path) -> None:
    assert findings(tmp_path, FRONT.replace("variables:", "needs: [dot-products]\nvariables:") + step()) == []


def test_one_file_of_a_course_is_looked_at_alone(tmp_path: Path) -> None:
    folder = course(tmp_path, "a, b", a="b", b="qqq")
    assert lint([folder / "a.md"], calls_right("x'")) == []


def test_a_path_where_nothing_is_is_a_finding(tmp_path: Path) -> None:
    (found,) = lint([tmp_path / "none"], calls_right())
    assert (found.code, found.is_error) == ("nothing-found", True)


def test_a_broken_lesson_does_not_hide_the_findings_of_others(tmp_path: Path) -> None:
    written(tmp_path, "---\ntitle: [\n---\n", "1-a.md")
    written(tmp_path, FRONT + step(ASK.replace("x'", "x")), "2-b.md")
    assert [(one.path.name, one.code) for one in lint([tmp_path], calls_right("x'"))] == [
        ("1-a.md", "yaml"), ("2-b.md", "answer-not-true"),
    ]  # fmt: skip


def test_a_hint_that_has_the_right_option_is_told(tmp_path: Path) -> None:
    ask = "choose: [$x'$, {option: $w'$, because: Which one moves?}]\nright: 1\nafter: So.\n"
    fine = "hints: [Look at $w'$., And at $x$., What is left?]\n"
    assert findings(tmp_path, FRONT + step(ask + fine), calls_right("1")) == []
    found = only(tmp_path, FRONT + step(ask + fine.replace("$x$.", "$x^T$.")), calls_right("1"))
    assert (found.code, underlined(found)) == ("hint-tells-answer", "x^T")
