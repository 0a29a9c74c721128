"""The table of known derivatives: every formula is proved right, nearly all are as short as a book's."""

from __future__ import annotations

import pytest

from tutor.language.show import show
from tutor.language.tokens import tokenise
from tutor.marking.judge import Judge
from tutor.marking.question import Question
from tutor.marking.verdict import Correct
from tutor.problem import Problem

from .identities import IDENTITIES, Identity
from .questions import derived


def asked(identity: Identity) -> Question:
    made = Question.from_request(identity.request)
    assert not isinstance(made, Problem), made
    return made


def tokens(text: str, question: Question) -> int:
    return len(tokenise(text, question.scope.lexicon)) - 1  # the last one is the stop


def name(identity: Identity) -> str:
    return f"{identity.source}: {identity.kind} of {identity.of} by {identity.wrt}"


@pytest.mark.parametrize("identity", IDENTITIES, ids=name)
def test_a_known_derivative_is_found_and_proved(identity: Identity) -> None:
    question = asked(identity)
    judge = Judge(question)
    verdict = judge.judge(derived(question).result)
    assert isinstance(verdict, Correct)
    assert verdict.proof == "exact"
    given, _ = judge(identity.answer)
    assert isinstance(given, Correct), f"the table's own answer is wrong: {given}"


def test_results_are_rarely_much_longer_than_a_book_writes_them() -> None:
    short = 0
    for identity in IDENTITIES:
        question = asked(identity)
        text = show(derived(question).result, question.scope)
        short += tokens(text, question) <= 1.5 * tokens(identity.answer, question)
    assert short >= 0.95 * len(IDENTITIES)


@pytest.mark.parametrize("identity", IDENTITIES, ids=name)
def test_a_result_reads_back_as_the_same_formula(identity: Identity) -> None:
    question = asked(identity)
    result = derived(question).result
    back = question.read(show(result, question.scope))
    assert not isinstance(back, Problem), back
    assert isinstance(Judge(question).judge(back), Correct) if back != result else True  # type: ignore[arg-type]
