"""The judge in a child process: the limit holds, and whatever happens to a child, the next answer is judged.

A child is made to misbehave by an answer, through a `sitecustomize` that is put on its path.
"""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tutor.marking.grade import grade
from tutor.marking.reply import Reply
from tutor.marking.worker import CANCELLED, FAILED, GIVEN_UP, Worker

QUESTION: dict[str, Any] = {"variables": {"x": "scalar"}, "ask": {"derivative": "x^2", "wrt": "x"}}

MISBEHAVIOUR = '''
import os, signal, time

def behave(self, request, judged):
    answer = request.get("answer")
    if answer == "sleep":  # gives up by itself
        time.sleep(60)
    if answer == "deaf":  # must be ended
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        time.sleep(60)
    if answer == "die":
        os._exit(7)
    if answer == "fail":
        raise ValueError("a fault of the tutor")
    if answer == "grow":
        kept = bytearray(8 << 30)
    if answer == "recurse":
        def deeper(n): return deeper(n + 1) + 1
        deeper(0)
    if answer in ("fail to say why", "sleep on it", "deaf to it"):
        return half(answer)
    if answer == "pid":
        from tutor.marking.reply import Reply
        return iter([(Reply("correct", message=str(os.getpid())), False)])
    return judged(self, request)

def half(answer):
    from tutor.marking.reply import Reply
    yield Reply("incorrect", message=answer), True
    if answer == "fail to say why":
        raise ValueError("a fault of the tutor")
    if answer == "deaf to it":
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
    time.sleep(60)

try:
    import sys
    if any("serve(" in a for a in sys.orig_argv):
        from tutor.marking.grade import Grader
        judged = Grader.replies
        def replies(self, request):
            yield from behave(self, request, judged)
        Grader.replies = replies
except ImportError:
    pass
'''


@pytest.fixture
def worker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    (tmp_path / "sitecustomize.py").write_text(MISBEHAVIOUR)
    monkeypatch.setenv("PYTHONPATH", f"{tmp_path}{os.pathsep}{Path(__file__).parents[2]}")
    made = Worker(limit=0.6)
    yield made
    made.close()


def ask(worker: Worker, answer: str) -> Any:
    return worker.grade({**QUESTION, "id": answer, "answer": answer})


def untimed(reply: Reply) -> Reply:
    return replace(reply, ms=0, diagnosis_ms=None)


def pid(worker: Worker) -> int:
    return int(ask(worker, "pid").message)


def test_the_child_judges_as_this_process_does(worker: Worker) -> None:
    for answer in ("2x", "x", "2x +", "q"):
        here, there = grade({**QUESTION, "answer": answer}), worker.grade({**QUESTION, "answer": answer})
        assert untimed(here) == untimed(there)


def test_the_verdict_comes_first_and_then_why(worker: Worker) -> None:
    verdicts: list[Reply] = []
    reply = worker.grade({**QUESTION, "answer": "x"}, verdicts.append)
    (verdict,) = verdicts
    assert (verdict.verdict, verdict.code, verdict.witness) == ("incorrect", "other", reply.witness)
    assert reply.code == "constant-factor"
    assert worker.grade({**QUESTION, "answer": "2x"}, verdicts.append).verdict == "correct"
    assert len(verdicts) == 1


def test_a_diagnosis_that_fails_or_takes_too_long_leaves_the_verdict(worker: Worker) -> None:
    first = pid(worker)
    for answer in ("fail to say why", "sleep on it"):
        reply = ask(worker, answer)
        assert (reply.verdict, reply.message) == ("incorrect", answer)
        assert pid(worker) == first
    assert ask(worker, "deaf to it").message == "deaf to it"
    assert ask(worker, "2x").verdict == "correct"
    assert pid(worker) != first


def test_an_answer_that_takes_too_long_is_undecided_and_the_child_keeps_what_it_knows(worker: Worker) -> None:
    first = pid(worker)
    reply = ask(worker, "sleep")
    assert (reply.verdict, reply.id, reply.message) == ("undecided", "sleep", GIVEN_UP)
    assert ask(worker, "2x").verdict == "correct"
    assert pid(worker) == first


def test_a_child_that_does_not_listen_is_ended_and_replaced(worker: Worker) -> None:
    first = pid(worker)
    reply = ask(worker, "deaf")
    assert (reply.verdict, reply.id, reply.message) == ("undecided", "deaf", GIVEN_UP)
    assert ask(worker, "2x").verdict == "correct"
    assert pid(worker) != first
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


def test_the_limit_holds(worker: Worker) -> None:
    """A request that would get another verdict after a minute is given up, however it is stopped."""
    pid(worker)
    for answer in ("sleep", "deaf"):
        assert (ask(worker, answer).verdict, ask(worker, answer).message) == ("undecided", GIVEN_UP)


def test_a_child_that_dies_is_replaced(worker: Worker) -> None:
    first = pid(worker)
    reply = ask(worker, "die")
    assert (reply.verdict, reply.message) == ("undecided", FAILED)
    assert ask(worker, "2x").verdict == "correct"
    assert pid(worker) != first


def test_a_child_that_was_killed_while_idle_is_not_noticed(worker: Worker) -> None:
    os.kill(pid(worker), signal.SIGKILL)
    assert ask(worker, "2x").verdict == "correct"


@pytest.mark.parametrize(("answer", "told"), [("fail", "failed"), ("grow", "memory"), ("recurse", "nested")])
def test_a_fault_is_undecided_and_ends_nothing(worker: Worker, answer: str, told: str) -> None:
    first = pid(worker)
    reply = ask(worker, answer)
    assert reply.verdict == "undecided"
    assert reply.id == answer
    assert told in reply.message
    assert pid(worker) == first
    assert ask(worker, "2x").verdict == "correct"


def test_cancel_gives_the_running_request_up(worker: Worker) -> None:
    worker.limit = 60.0
    pid(worker)
    replies: list[Any] = []
    running = threading.Thread(target=lambda: replies.append(ask(worker, "deaf")))
    running.start()
    while running.is_alive():
        worker.cancel()  # does nothing before the request has begun
        running.join(timeout=0.05)
    assert (replies[0].verdict, replies[0].id, replies[0].message) == ("undecided", "deaf", CANCELLED)
    assert ask(worker, "2x").verdict == "correct"


def test_cancel_without_a_request_does_nothing(worker: Worker) -> None:
    worker.cancel()
    first = pid(worker)
    worker.cancel()
    assert pid(worker) == first


def test_requests_from_many_threads_get_their_own_replies(worker: Worker) -> None:
    replies: dict[str, str] = {}

    def one(answer: str) -> None:
        replies[answer] = ask(worker, answer).id

    threads = [threading.Thread(target=one, args=(f"{k}x",)) for k in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert replies == {f"{k}x": f"{k}x" for k in range(8)}


def test_start_returns_before_the_child_is_ready(worker: Worker) -> None:
    worker.start()
    worker.start()
    assert ask(worker, "2x").verdict == "correct"


def test_close_ends_the_child(worker: Worker) -> None:
    child = pid(worker)
    worker.close()
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_closing_twice_is_allowed() -> None:
    idle = Worker()
    idle.close()
    idle.close()


ERRANDS = """
import time

def fail(request):
    raise ValueError("a fault of the tutor")

ERRANDS = {"double": lambda request: {"twice": 2 * request["x"]}, "fail": fail, "sleep": lambda request: time.sleep(60)}
"""


@pytest.fixture
def runner(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Worker]:
    (tmp_path / "some_errands.py").write_text(ERRANDS)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")]))
    runner = Worker(errands="some_errands")
    yield runner
    runner.close()


def test_an_errand_runs_in_the_child_and_its_fault_is_a_problem(runner: Worker) -> None:
    assert runner.run("double", {"x": 3}) == {"twice": 6}
    assert "failed" in runner.run("fail", {})["problem"]["message"]
    assert ask(runner, "2x").verdict == "correct"


def test_an_errand_that_takes_too_long_is_given_up(runner: Worker, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tutor.marking.worker.ERRAND_LIMIT", 0.3)
    runner.run("double", {"x": 3})
    assert "too long" in runner.run("sleep", {})["problem"]["message"]
    assert runner.run("double", {"x": 4}) == {"twice": 8}


HEAVY: list[tuple[dict[str, Any], str]] = [
    ({"variables": {"X": "matrix 60 60"}, "ask": {"gradient": "tr(X X X)", "wrt": "X"}}, "3 (X X)'"),
    ({"variables": {"x": "vector 90"}, "ask": {"hessian": "prod(x)", "wrt": "x"}}, "0"),
    ({"variables": {"x": "scalar"}, "ask": {"equals": "(x + 1)^999"}}, "(x + 1)^998 (x + 1)"),
    ({"variables": {"A": "square 40"}, "ask": {"equals": "det(A A)"}}, "det(A)^2"),
    ({"variables": {"x": "vector n"}, "ask": {"equals": "0"}}, "+".join(["exp(sum_i sum_j exp(x_i x_j))"] * 40)),
]


@pytest.mark.parametrize(("question", "answer"), HEAVY)
def test_heavy_questions_end_within_the_limit_with_some_verdict(
    question: dict[str, Any], answer: str, worker: Worker
) -> None:
    reply = worker.grade({**question, "answer": answer})
    assert reply.verdict in {"correct", "incorrect", "undecided"}
    assert reply.message != FAILED
    assert ask(worker, "2x").verdict == "correct"
