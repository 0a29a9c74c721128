"""The commands, as a shell user calls them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest

from tutor import __version__
from tutor.cli import COMMANDS, home, main
from tutor.cli.check import KINDS, STATUS
from tutor.course import keys
from tutor.course.lesson import Lesson
from tutor.course.library import builtin_lessons
from tutor.course.lint import Finding, lint_file, plan
from tutor.course.load import load_lesson
from tutor.course.spread import spread
from tutor.marking import request
from tutor.marking.misconceptions import ROWS
from tutor.plain.findings import as_annotations
from tutor.problem import Problem
from tutor.source import Source

NEURON = [
    "--derivative", "max(0, z)", "--wrt", "w",
    "--let", "w: vector n", "--let", "x: vector n", "--let", "b: scalar", "--define", "z: w·x + b",
]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "status", "told"),
    [
        ("x' if z > 0 else 0", 0, "Proved"),
        ("x'", 1, "yours"),
        ("w*x", 2, "w·x"),
        ("x", 1, "1×n"),
    ],
)
def test_check_says_its_verdict_and_sets_the_status(
    answer: str, status: int, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", answer, *NEURON]) == status
    assert told in capsys.readouterr().out


def test_check_of_a_broken_question_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "x'", "--derivative", "q", "--wrt", "x", "--let", "x: vector n"]) == STATUS["error"]
    assert "‘q’ is not declared" in capsys.readouterr().out


def test_check_prints_the_whole_reply_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    main(["check", "x'", *NEURON, "--json"])
    reply = json.loads(capsys.readouterr().out)
    assert reply["verdict"] == "incorrect"
    assert reply["witness"]["differs"][0][0] in {True, False}


def test_let_without_a_colon_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", "x", "--equals", "x", "--let", "x scalar"])
    assert "a name, a colon" in capsys.readouterr().err


def test_version_is_the_package_version(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--version"])
    assert __version__ in capsys.readouterr().out


def test_what_is_repeated_to_start_sooner_is_the_same() -> None:
    assert KINDS == request.KINDS
    assert keys.DERIVED == request.DERIVED
    assert {*keys.KINDS} == {*request.KINDS, *request.TASKS}


def test_a_path_that_does_not_exist_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["no-such-lesson.md"])
    assert "no-such-lesson.md" in capsys.readouterr().err


def test_grade_streams_replies_in_order(tmp_path: Path) -> None:
    requests = [
        {"id": k, "variables": {"x": "vector n"}, "ask": {"derivative": "x·x", "wrt": "x"}, "answer": answer}
        for k, answer in enumerate(["2x'", "2x", "x''", "q"])
    ]
    file = tmp_path / "requests.jsonl"
    file.write_text("\n".join(map(json.dumps, requests)) + "\n\nnot json\n")
    run = subprocess.run(
        [sys.executable, "-m", "tutor.cli", "grade", str(file)], capture_output=True, text=True, check=True
    )
    replies = [json.loads(line) for line in run.stdout.splitlines()]
    assert [r["id"] for r in replies] == [0, 1, 2, 3, None]
    assert [r["verdict"] for r in replies] == ["correct", "incorrect", "incorrect", "unreadable", "error"]
    assert "Line 6" in replies[-1]["message"]


@pytest.mark.parametrize("arguments", [[], ["lessons"], ["preview", "lessons/matrix-calculus/18-neuron.md"]])
def test_the_app_says_that_it_needs_a_terminal(arguments: list[str]) -> None:
    command = [sys.executable, "-m", "tutor.cli", *arguments]
    run = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stdout) == (2, "")
    assert "needs a terminal" in run.stderr


def test_grade_ends_quietly_when_its_reader_goes_away() -> None:
    line = json.dumps({"ask": {"equals": "1"}, "answer": "1"}) + "\n"
    run = subprocess.Popen(
        [sys.executable, "-m", "tutor.cli", "grade"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert run.stdin is not None
    assert run.stdout is not None
    assert run.stderr is not None
    run.stdin.write(line)
    run.stdin.flush()
    assert json.loads(run.stdout.readline())["verdict"] == "correct"
    run.stdout.close()
    try:
        run.stdin.write(line * 50)
        run.stdin.close()
    except BrokenPipeError:
        pass
    assert "Traceback" not in run.stderr.read()
    run.wait()


def test_lint_of_the_built_in_lessons_reports_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint"]) == 0
    assert "Nothing to report." in capsys.readouterr().out


def test_lint_of_a_broken_lesson_names_every_place(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lesson = tmp_path / "broken.md"
    lesson.write_text(
        "---\nformat: 1\ntitel: A\ntitle: A\nsummary: B\nvariables:\n  x: vector n\n---\n\n## One {#one}\n\n"
        "```ask\nderivative: x·x\nwrt: x\nanswer: x'\nhints: [a, b, c]\nafter: done\n```\n"
    )
    assert main(["lint", str(lesson)]) == 1
    out = capsys.readouterr().out
    assert f"{lesson}:3:" in out
    assert "title" in out
    assert f"{lesson}:15:" in out


WRONG = """\
---
format: 1
title: Wrong
summary: With an answer that is not true.
variables:
  x: vector n
---

## One {#one}

What?

```ask
derivative: x·x
wrt: x
answer: x'
hints: [a, b, c]
after: Done.
```
"""


def test_lint_writes_findings_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.md").write_text(WRONG, "utf-8")
    assert main(["lint", str(tmp_path), "--format", "json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)
    assert (found["file"], found["line"], found["column"]) == (str(tmp_path / "wrong.md"), 16, 9)
    assert (found["end_line"], found["end_column"]) == (16, 11)
    assert (found["code"], found["severity"], found["mend"]) == ("answer-not-true", "error", "2xᵀ")


def test_lint_writes_annotations(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wrong.md").write_text(WRONG, "utf-8")
    main(["lint", str(tmp_path), "--format", "github"])
    (line,) = capsys.readouterr().out.splitlines()
    assert line.startswith(f"::error file={tmp_path}/wrong.md,line=16,col=9,title=answer-not-true::This answer is")


def test_a_dry_run_says_what_wrong_answers_are_told_and_the_nudge_first(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    nudged = WRONG.replace("answer: x'", "answer: 2x'\nnudges:\n  - when: x'\n    say: Both sides of $x·x$ move.")
    (tmp_path / "wrong.md").write_text(nudged, "utf-8")
    assert main(["lint", str(tmp_path), "--dry-run"]) == 0
    heading, _, question, *lines = capsys.readouterr().out.splitlines()
    assert (heading, question) == ("1. One   [wrong#one]", "  ∂(x·x)/∂x = ?")
    starts = [number for number, line in enumerate(lines) if line.startswith("  ✗")]
    told = {
        lines[at].strip(): " ".join(line.strip() for line in lines[at + 1 : end])
        for at, end in zip(starts, [*starts[1:], len(lines)], strict=True)
    }
    assert next(iter(told.items())) == ("✗ x'    (nudge 1)", "Both sides of x·x move.")
    negated = ROWS["negated"]
    assert negated.says in told[f"✗ -(2xᵀ)    ({negated.does.rstrip('.')})"]
    assert f"✗ diag(2xᵀ)    ({ROWS['diag left out'].does.rstrip('.')})" in told
    assert 5 <= len(told) <= 10


def test_a_dry_run_answers_with_the_numbers_that_it_asks_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = WRONG.replace("  x: vector n\n", "  x: vector n\nrandom:\n  k: 2..99\n").replace("x·x", "k x·x")
    drawn = drawn.replace("answer: x'", "answer: 2k x'")
    (tmp_path / "drawn.md").write_text(
        drawn + drawn[drawn.index("\n## One") :].replace("One {#one}", "Two {#two}"), "utf-8"
    )
    assert main(["lint", str(tmp_path), "--dry-run"]) == 0
    first, second = capsys.readouterr().out.split("2. Two")
    for text in (first, second):
        assert "Your shape is right, 1×n. Everything is right but the sign." in text


def test_solve_prints_what_a_learner_reads_for_each_nudge_and_for_the_right_answer(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = tmp_path / "wrong.md"
    lesson.write_text(WRONG.replace("answer: x'", "answer: 2x'\nnudges: [{when: 2x, say: It is a row.}]"), "utf-8")
    assert main(["solve", str(lesson)]) == 0
    nudge, right = capsys.readouterr().out.split("❯")[1:]
    assert nudge.startswith(" 2x    (nudge 1)\n    ✗ Not yet.")
    assert "It is a row." in nudge
    assert right.startswith(" 2x'    (the right answer)\n    ✓ Proved")
    assert "Done." in right


def test_solve_fails_where_a_right_answer_is_not_called_right(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = tmp_path / "wrong.md"
    lesson.write_text(WRONG, "utf-8")
    assert main(["solve", str(lesson)]) == 1
    lesson.write_text("no lesson", "utf-8")
    assert main(["solve", str(lesson)]) == 1
    assert "A lesson starts with its front matter" in capsys.readouterr().err


def test_solve_plays_a_built_in_lesson_to_its_end(capsys: pytest.CaptureFixture[str]) -> None:
    folder = builtin_lessons()
    assert folder is not None
    file = folder / "matrix-calculus" / "18-neuron.md"
    assert main(["solve", str(file)]) == 0
    lesson = load_lesson(file, "matrix-calculus")
    assert isinstance(lesson, Lesson)
    out = capsys.readouterr().out
    assert all(f"[neuron#{step.id}]" in out for step in lesson.steps)
    assert out.count("(the right answer)") == sum(step.ask is not None for step in lesson.steps)


def test_an_annotation_with_commas_and_percents_is_escaped() -> None:
    problem = Problem("too-tall", "50% more,\nand so: on.")
    found = Finding(Path("a,b:c.md"), 1, 1, "too-tall", problem.message, None, "warning", problem, Source("", ""))
    assert as_annotations([found]) == (
        "::warning file=a%2Cb%3Ac.md,line=1,col=1,title=too-tall::50%25 more,\\x0aand so: on."
    ).replace("\\x0a", "\\n")


def test_lint_in_several_processes_finds_the_same_in_the_same_order(tmp_path: Path) -> None:
    for number in range(6):
        (tmp_path / f"{number}-l{number}.md").write_text(WRONG if number % 2 else WRONG.replace("x'", "2x'"), "utf-8")
    whole = plan([tmp_path])
    seen: list[tuple[int, int]] = []
    found = spread(partial(lint_file, whole.known), whole.lessons, lambda *done: seen.append(done), processes=2)
    assert [[one.code for one in each] for each in found] == [[], ["answer-not-true"]] * 3
    assert seen == [(number, 6) for number in range(1, 7)]


def test_every_command_is_in_the_help_and_has_help_with_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    listed = capsys.readouterr().out
    for name in COMMANDS:
        assert f"mctutor {name} " in listed
        with pytest.raises(SystemExit):
            main([name, "--help"])
        assert f"  mctutor {name}" in capsys.readouterr().out.partition("example:")[2]


def test_home_is_what_the_environment_says(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(os.environ, "MCTUTOR_HOME", str(tmp_path))
    assert home() == tmp_path


def test_derive_from_python_gives_the_formula() -> None:
    from tutor import derive
    from tutor.language.show import show
    from tutor.problem import Problem

    found = derive("‖x‖^2", wrt="x", variables={"x": "vector n"})
    assert not isinstance(found, Problem)
    assert show(found.result) == "2xᵀ"


def test_a_lesson_is_played_in_a_pipe_with_the_numbers_of_a_seed(tmp_path: Path) -> None:
    lesson = tmp_path / "powers.md"
    lesson.write_text(
        "---\nformat: 1\ntitle: Powers\nsummary: One step.\nvariables: {b: scalar}\nrandom: {n: 2..9}\n---\n\n"
        "## First\n\nThe power is $n$.\n\n```ask\nderivative: b^n\nwrt: b\nanswer: n b^(n-1)\n```\n",
        encoding="utf-8",
    )
    environment = {**os.environ, "MCTUTOR_HOME": str(tmp_path / "home")}

    def played(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "tutor.cli", "--plain", str(lesson), *arguments]
        return subprocess.run(command, input="?\n" * 9, capture_output=True, text=True, env=environment, check=False)

    first = played("--seed", "7")
    assert first.returncode == 0, first.stderr
    assert "The power is" in first.stdout
    assert played().stdout.splitlines()[:4] == first.stdout.splitlines()[:4]
    assert played("--layout", "denominator").returncode == 0
    assert (tmp_path / "home" / "layout").read_text() == "denominator\n"
