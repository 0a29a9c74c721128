"""Disputes, as a maintainer looks through them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tutor.cli import main
from tutor.marking.grade import grade
from tutor.session.dispute import dispute as write

Said = pytest.CaptureFixture[str]


def dispute(folder: Path, name: str, answer: str, verdict: str = "incorrect", **changes: Any) -> Path:
    data = {
        "format": 1,
        "date": "2026-11-20T10:00:00+00:00",
        "version": "0.1.0",
        "lesson": "squares",
        "step": "whole",
        "request": {
            "id": "squares#whole",
            "variables": {"x": "vector n"},
            "define": {},
            "ask": {"derivative": "x·x", "wrt": "x"},
            "layout": "numerator",
            "answer": answer,
        },
        "reply": {"verdict": verdict, "message": "This is not equal.", "id": None, "ms": 1.0},
    }
    file = folder / name
    file.write_text(json.dumps(data | changes), "utf-8")
    return file


def test_answers_that_are_read_as_one_are_one_group(tmp_path: Path, capsys: Said) -> None:
    dispute(tmp_path, "a.json", "x'")
    dispute(tmp_path, "b.json", "x^T", date="2026-11-21T10:00:00+00:00")
    dispute(tmp_path, "c.json", "3x'")
    assert main(["disputes", str(tmp_path)]) == 0
    first, second, count = capsys.readouterr().out.strip().split("\n\n")
    assert first.startswith("squares#whole   2×   2026-11-20 to 2026-11-21   by 0.1.0\n")
    assert "x'   x^T" in first
    assert "read as  xᵀ" in first
    assert second.startswith("squares#whole   1×   2026-11-20   by 0.1.0\n")
    assert count == "3 disputes over 2 answers; the verdict on 0 of them is another one now."


def test_a_verdict_that_is_another_one_now_is_told(tmp_path: Path, capsys: Said) -> None:
    file = dispute(tmp_path, "a.json", "2x'")
    assert main(["disputes", str(file)]) == 0
    out = capsys.readouterr().out
    assert "then     ✗ This is not equal." in out
    assert "now      ✓ Proved." in out
    assert "→ The verdict has changed." in out
    assert "the verdict on 1 of them is another one now" in out


def test_the_same_answer_to_another_question_is_another_group(tmp_path: Path, capsys: Said) -> None:
    dispute(tmp_path, "a.json", "x'")
    other = {"variables": {"x": "vector n"}, "ask": {"derivative": "3 x·x", "wrt": "x"}, "answer": "x'"}
    dispute(tmp_path, "b.json", "", request=other)
    main(["disputes", str(tmp_path)])
    assert "2 disputes over 2 answers" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "no JSON"),
        ("[1]", "no dispute"),
        ('{"a": 1}', "no dispute"),
        ('{"format": 2}', "a format that is not read"),
        ('{"format": 1, "date": "x"}', "no usable `version`"),
    ],
)
def test_a_file_that_is_no_dispute_is_told_and_the_others_are_shown(
    tmp_path: Path, text: str, told: str, capsys: Said
) -> None:
    (tmp_path / "bad.json").write_text(text, "utf-8")
    dispute(tmp_path, "good.json", "x'")
    assert main(["disputes", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "bad.json: " in said.err
    assert told in said.err
    assert "1 dispute over 1 answer" in said.out


def test_what_the_app_writes_is_read(tmp_path: Path, capsys: Said) -> None:
    request = {"variables": {"x": "vector n"}, "ask": {"derivative": "x·x", "wrt": "x"}, "answer": "x'"}
    reply = grade(request).to_json()
    write(tmp_path, datetime(2026, 11, 21, tzinfo=UTC), "course", "squares", "whole", request, reply)
    assert main(["disputes", str(tmp_path)]) == 0
    out = capsys.readouterr().out
    assert out.startswith("squares#whole   1×   2026-11-21")
    assert "The verdict has changed" not in out


def test_what_a_dispute_holds_does_not_steer_the_terminal(tmp_path: Path, capsys: Said) -> None:
    dispute(tmp_path, "a.json", "x'\x1b[2J", lesson="\x1b[31mred", version="\x07")
    main(["disputes", str(tmp_path)])
    assert "\x1b" not in capsys.readouterr().out
