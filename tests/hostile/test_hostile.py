"""Nothing that is sent to `mctutor grade` hangs it, ends it, grows past its bound or comes back unseen."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import pytest

from . import rows

VERDICTS = {"correct", "incorrect", "unreadable", "undecided", "error"}


class Filter:
    """The real filter in a child process."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tutor.cli", "grade"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.input: IO[bytes] = self.process.stdin
        self.output: IO[bytes] = self.process.stdout

    def send(self, line: bytes) -> dict[str, Any]:
        self.input.write(line + b"\n")
        self.input.flush()
        reply = json.loads(self.output.readline())
        assert isinstance(reply, dict)
        return reply

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        return self.send(json.dumps(request).encode())


@pytest.fixture(scope="module")
def grade() -> Iterator[Filter]:
    child = Filter()
    yield child
    child.input.close()
    assert child.process.wait(30) == 0
    child.output.close()


def texts(value: Any) -> Iterator[str]:
    """Every text in a reply, keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, part in value.items():
            yield key
            yield from texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from texts(part)


def check(reply: dict[str, Any]) -> None:
    """What holds of every reply."""
    assert reply["verdict"] in VERDICTS
    assert "failed" not in reply["message"], reply["message"]
    quoted = {key: value for key, value in reply.items() if key != "id"}
    assert all(text.isprintable() for text in texts(quoted)), reply
    assert len(reply["message"]) <= 1000


@pytest.mark.parametrize("name", rows.ANSWERS)
def test_answer_ends_as_it_may(grade: Filter, name: str) -> None:
    answer, verdicts = rows.ANSWERS[name]
    reply = grade.ask({"variables": rows.SCALARS, "ask": {"equals": "a"}, "answer": answer})
    check(reply)
    assert reply["verdict"] in verdicts, reply["message"]


def test_definitions_that_double_end_in_time(grade: Filter) -> None:
    for request in rows.definitions():
        check(grade.ask(request))


@pytest.mark.parametrize("request_", rows.large(), ids=lambda r: f"{r['ask']} {r['answer']}")
def test_large_matrices_end_in_time_and_in_bounds(grade: Filter, request_: dict[str, Any]) -> None:
    reply = grade.ask(request_)
    check(reply)
    assert reply["verdict"] in {"correct", "incorrect", "undecided"}


def test_a_result_that_is_too_large_names_its_bound(grade: Filter) -> None:
    asked = {"variables": rows.LARGE, "ask": {"equals": "sum(D)"}, "answer": "sum(kron(D, D))"}
    reply = grade.ask(asked)
    assert reply["verdict"] == "undecided"
    assert "200,000" in reply["message"]


def test_nothing_unseen_comes_back(grade: Filter) -> None:
    for request in rows.unseen():
        check(grade.ask(request))


def test_fields_of_a_wrong_type_are_told(grade: Filter) -> None:
    for request in rows.malformed():
        check(grade.ask(request))


def test_the_childs_memory_stays_in_bounds(grade: Filter) -> None:
    """After all of the above; where the system can tell."""
    check(grade.ask({"ask": {"equals": "1"}, "answer": "1"}))
    try:
        with open(f"/proc/{grade.process.pid}/task/{grade.process.pid}/children") as children:
            pids = children.read().split()
        said = [line for pid in pids for line in Path(f"/proc/{pid}/status").read_text().splitlines()]
        peaks = [int(line.split()[1]) for line in said if line.startswith("VmHWM")]
    except OSError:
        pytest.skip("this system does not say how large a process is")
    assert peaks
    assert max(peaks) < (1 << 20) + (200 << 10)  # in KiB: what it may grow by, and what it starts with


MALFORMED = [
    b"", b"   ", b"{", b"}", b"null", b"1", b'"a"', b"[]", b"[{}]",
    b"{}", b'{"answer": 1}', b"\xff\xfe", b"\x00", b"{'a': 1}",
    b'{"a": NaN}', b'{"a": Infinity}', b'{"a": 1e999}', b'{"answer": "\\ud800"}', b'{"answer": "\xed\xa0\x80"}',
    b"[" * 100_000,
    b'{"a":' * 50_000, b'{"id": ' + b"9" * 5000 + b"}", b'{"answer": "' + b"x" * (1 << 20) + b'"}',
    b"\xef\xbb\xbf{}", b"{}{}",
    b'{"answer": "a", "answer": "b"}', b"\x1b[31m", b'{"id": "\\u001b[31m"}', b"# comment", b"a\tb\x0b\x0c", b"\r",
]  # fmt: skip


def test_filter_goes_on_after_every_malformed_line(grade: Filter) -> None:
    good = {**rows.NEURON, "answer": "x'", "id": "good"}
    for line in MALFORMED:
        if line.strip():
            check(grade.send(line))
        else:
            grade.input.write(line + b"\n")
        assert grade.ask(good)["verdict"] == "correct"
