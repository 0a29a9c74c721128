"""The filter answers every line in order, and no line ends it."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from typing import Any, BinaryIO, cast

import pytest

from tutor.marking.filter import LONGEST_LINE, grade_lines
from tutor.marking.grade import Grader
from tutor.marking.reply import Reply

SQUARE = {"variables": {"x": "scalar"}, "ask": {"derivative": "x^2", "wrt": "x"}, "answer": "2x"}
GRADER = Grader()


def said(*lines: bytes | str | dict[str, Any]) -> list[dict[str, Any]]:
    """The replies to lines, each line given as bytes, as text or as an object."""
    made = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    return [json.loads(reply) for reply in grade_lines(io.BytesIO(b"\n".join(made)), GRADER)]


def only(line: bytes | str | dict[str, Any]) -> dict[str, Any]:
    (reply,) = said(line)
    return reply


def test_replies_stand_in_the_order_of_the_requests() -> None:
    answers = ["2x", "x", "2x +", "2x", "3 - 3 + 2x"]
    replies = said(*[{**SQUARE, "id": k, "answer": answer} for k, answer in enumerate(answers)])
    assert [r["id"] for r in replies] == [0, 1, 2, 3, 4]
    assert [r["verdict"] for r in replies] == ["correct", "incorrect", "unreadable", "correct", "correct"]


def test_replies_stream() -> None:
    """A reply is there before the next line is asked for."""
    asked: list[int] = []

    class Lines(io.RawIOBase):
        def readline(self, size: int | None = -1) -> bytes:
            asked.append(1)
            return json.dumps(SQUARE).encode() + b"\n" if len(asked) < 3 else b""

    replies = grade_lines(cast(BinaryIO, Lines()), GRADER)
    assert json.loads(next(replies))["verdict"] == "correct"
    assert len(asked) == 1


def test_empty_lines_get_no_reply_and_are_counted() -> None:
    replies = said("", SQUARE, "   ", "\t", "oops")
    assert [r["verdict"] for r in replies] == ["correct", "error"]
    assert replies[1]["message"].startswith("Line 5: ")


def test_the_last_line_needs_no_end() -> None:
    lines = io.BytesIO(json.dumps(SQUARE).encode())
    assert [json.loads(r)["verdict"] for r in grade_lines(lines, GRADER)] == ["correct"]


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_either_end_of_line_is_taken(end: bytes) -> None:
    lines = io.BytesIO((json.dumps(SQUARE).encode() + end) * 2)
    assert [json.loads(r)["verdict"] for r in grade_lines(lines, GRADER)] == ["correct", "correct"]


@pytest.mark.parametrize("identity", ["q1", 7, 1.5, None, True, [1, [2]], {"a": {"b": None}}, "é\n\u202e"])
def test_an_id_of_any_kind_comes_back(identity: Any) -> None:
    assert only({**SQUARE, "id": identity})["id"] == identity
    assert only({"id": identity, "answer": 3})["id"] == identity


def test_a_request_without_an_id_gets_null() -> None:
    assert only(SQUARE)["id"] is None


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("not json", "no JSON object"),
        ("[1, 2]", "a JSON object is expected"),
        ("3", "a JSON object is expected"),
        ('"text"', "a JSON object is expected"),
        ("null", "a JSON object is expected"),
        ("{", "no JSON object"),
        ('{"id": NaN}', "NaN"),
        (b'{"id": "\xff"}', "byte 9 is no UTF-8"),
        (b"\x00\x01\x02", "no JSON object"),
        (b"\xef\xbb\xbf{}", "no JSON object"),
        ("{}", "answer"),
        ({"answer": "x"}, "ask"),
        ({**SQUARE, "answer": None}, "answer"),
        ({**SQUARE, "answer": ["2x"]}, "answer"),
        ({**SQUARE, "ask": "x^2"}, "ask"),
        ({**SQUARE, "ask": {}}, "ask"),
        ({**SQUARE, "ask": {"derivativ": "x^2", "wrt": "x"}}, "derivative"),
        ({**SQUARE, "ask": {"derivative": "x^2"}}, "wrt"),
        ({**SQUARE, "ask": {"derivative": "x^2", "gradient": "x^2", "wrt": "x"}}, "one of"),
        ({**SQUARE, "ask": {"derivative": "x^2", "wrt": "y"}}, "y"),
        ({**SQUARE, "ask": {"derivative": "x^", "wrt": "x"}}, "x^"),
        ({**SQUARE, "ask": {"derivative": ["x"], "wrt": "x"}}, "must be a text"),
        ({**SQUARE, "ask": {"derivative": "x^2", "wrt": ["x"]}}, "wrt"),
        ({**SQUARE, "layout": "sideways"}, "layout"),
        ({**SQUARE, "layout": ["numerator"]}, "layout"),
        ({**SQUARE, "variables": ["x"]}, "variables"),
        ({**SQUARE, "variables": {"x": "vecto n"}}, "vecto"),
        ({**SQUARE, "variables": {"x": 3}}, "variables"),
        ({**SQUARE, "define": {"z": "x +"}}, "'z'"),
        ({**SQUARE, "define": {"x": "3"}}, "x"),
        ({**SQUARE, "using": "x"}, "using"),
        ({**SQUARE, "avoid": [1]}, "avoid"),
    ],
)
def test_a_broken_line_gets_an_error_with_its_number(line: bytes | str | dict[str, Any], told: str) -> None:
    replies = said(SQUARE, line, SQUARE)
    assert [r["verdict"] for r in replies] == ["correct", "error", "correct"]
    assert replies[1]["message"].startswith("Line 2: ")
    assert told in replies[1]["message"]
    assert "code" not in replies[1]


def test_nesting_without_end_is_an_error() -> None:
    for deep in ("[" * 100_000, '{"a":' * 100_000, '{"id": ' + "[" * 50_000 + "]" * 50_000 + "}"):
        replies = said(deep, SQUARE)
        assert [r["verdict"] for r in replies] == ["error", "correct"]


def test_a_line_over_the_limit_is_an_error_and_the_next_one_is_read() -> None:
    long = {**SQUARE, "note": "x" * LONGEST_LINE}
    replies = said(long, SQUARE, b"y" * (3 * LONGEST_LINE), SQUARE)
    assert [r["verdict"] for r in replies] == ["error", "correct", "error", "correct"]
    assert "Line 1: the line is longer than" in replies[0]["message"]
    assert "Line 3: " in replies[2]["message"]


def test_a_line_at_the_limit_is_read() -> None:
    short = json.dumps({**SQUARE, "note": ""})
    full = json.dumps({**SQUARE, "note": "x" * (LONGEST_LINE - len(short))})
    assert len(full) == LONGEST_LINE
    assert only(full)["verdict"] == "correct"


def test_a_number_with_too_many_digits_is_an_error() -> None:
    assert only('{"id": ' + "9" * 10_000 + "}")["verdict"] == "error"


def test_other_fields_are_left_alone() -> None:
    assert only({**SQUARE, "source": "a book", "correct": [], "reply": {}})["verdict"] == "correct"


@pytest.mark.parametrize("answer", ["\ud800", "x\x00", "\x1b[31m2x", "2x\u202e", "𝟚x", "2x\n", "\t2x "])
def test_odd_characters_pass_through_as_json(answer: str) -> None:
    reply = only({**SQUARE, "answer": answer})
    assert reply["verdict"] in {"correct", "unreadable"}


def test_a_reply_is_plain_json_on_one_line() -> None:
    (line,) = grade_lines(io.BytesIO(json.dumps({**SQUARE, "answer": "1/(x - x)"}).encode()), GRADER)
    assert "\n" not in line
    assert line.isascii()

    def refuse(name: str) -> None:
        raise AssertionError(name)

    json.loads(line, parse_constant=refuse)


def test_the_filter_adds_nothing_to_what_the_judge_says() -> None:
    def judge(request: Mapping[str, Any]) -> Reply:
        return Reply("correct", id=request["id"], proof="exact", ms=1.5)

    (line,) = grade_lines(io.BytesIO(b'{"id": 4}'), judge)
    assert json.loads(line) == {"id": 4, "verdict": "correct", "proof": "exact", "message": "", "ms": 1.5}


def test_a_reply_survives_json() -> None:
    reply = GRADER({**SQUARE, "answer": "2x +", "id": [1]})
    assert Reply.from_json(json.loads(json.dumps(reply.to_json()))) == reply
