"""Every row of tests/rows gets its verdict, in every spelling, and loses it when it is spoiled."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pytest

from tutor.language import syntax
from tutor.language.parse import parse
from tutor.marking.grade import Grader
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.reply import Reply

from .rows import FOLDER, SPELLINGS, Row, files, questions

GRADER = Grader()
FILES = [path.stem for path in files()]


def rows(name: str) -> list[Row]:
    return [row for _, _, told in questions(FOLDER / f"{name}.jsonl") for row in told]


def right(name: str) -> list[Row]:
    return [row for row in rows(name) if row.verdict == "correct"]


def said(row: Row, reply: Reply) -> str:
    got = f"{reply.verdict} {reply.code}, read {reply.read_as}: {reply.message}"
    return f"{row.name}: {row.answer!r} → {got} ({row.why})"


@cache
def question_of(path: Path, name: str) -> Question:
    asked = next(question for found, question, _ in questions(path) if found == name)
    question = Question.from_request(asked)
    assert isinstance(question, Question)
    return question


@cache
def truth(path: Path, name: str) -> tuple[bool, bool]:
    """Whether the true answer of a question is zero, and whether it is its own transpose."""
    question = question_of(path, name)
    if question.kind == "shape":
        return False, True
    values = Judge(question).refuters[0].truth
    known = np.nan_to_num(values)
    square = question.expected.rows == question.expected.columns
    return bool(np.allclose(known, 0)), square and bool(np.allclose(known, known.swapaxes(-1, -2)))


def is_a_value(row: Row) -> bool:
    """Whether the answer is an expression: no shape, and no equation with a left side."""
    if "shape" in row.question["ask"]:
        return False
    question = question_of(FOLDER / f"{row.name.split('/')[0]}.jsonl", row.name)
    return not isinstance(parse(row.answer, question.scope.lexicon), syntax.Comparison)


def test_there_are_rows_enough() -> None:
    assert sum(len(rows(name)) for name in FILES) >= 2000
    assert not [row for name in FILES for row in rows(name) if row.verdict == "incorrect" and not row.why]


@pytest.mark.parametrize("name", FILES)
def test_every_row_gets_its_verdict(name: str) -> None:
    wrong = []
    for row in rows(name):
        reply = GRADER(row.request())
        if reply.verdict != row.verdict or (row.codes and reply.code not in row.codes):
            wrong.append(said(row, reply))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", FILES)
def test_right_answers_are_proved(name: str) -> None:
    """What is accepted without a proof is listed in test_judge.py; nothing else may be."""
    replies = [(row, GRADER(row.request())) for row in right(name)]
    assert not [said(row, reply) for row, reply in replies if reply.proof != "exact"]


@pytest.mark.parametrize("name", FILES)
def test_right_answers_stay_right_as_they_are_read_back(name: str) -> None:
    wrong = []
    for row in right(name):
        read_as = GRADER(row.request()).read_as
        assert read_as is not None
        reply = GRADER(row.request(read_as))
        if reply.verdict != "correct" or reply.read_as != read_as:
            wrong.append(said(row, reply))
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_right_answers_stay_right_in_another_spelling(spelling: str) -> None:
    wrong, tried = [], 0
    for row in (row for name in FILES for row in right(name)):
        text = SPELLINGS[spelling](row.answer)
        if text is None or text == row.answer or not is_a_value(row):
            continue
        tried += 1
        reply = GRADER(row.request(text))
        # A star binds its factors less tightly than a space does: some texts have no reading then.
        if reply.verdict != "correct" and (spelling != "starred" or reply.verdict != "unreadable"):
            wrong.append(f"{text!r} for {said(row, reply)}")
    assert not wrong, "\n".join(wrong)
    assert tried >= 50


@pytest.mark.parametrize("name", FILES)
def test_right_answers_are_wrong_when_negated_or_doubled(name: str) -> None:
    wrong = []
    for row in filter(is_a_value, right(name)):
        zero, _ = truth(FOLDER / f"{name}.jsonl", row.name)
        for text in () if zero else (f"-({row.answer})", f"2 ({row.answer})"):
            reply = GRADER(row.request(text))
            if reply.verdict != "incorrect":
                wrong.append(f"{text!r} for {said(row, reply)}")
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", FILES)
def test_right_answers_are_wrong_when_transposed(name: str) -> None:
    wrong = []
    for row in filter(is_a_value, right(name)):
        zero, symmetric = truth(FOLDER / f"{name}.jsonl", row.name)
        reply = GRADER(row.request(f"({row.answer})'"))
        if not (zero or symmetric) and (reply.verdict, reply.code) != ("incorrect", "other-layout"):
            wrong.append(said(row, reply))
    assert not wrong, "\n".join(wrong)
