"""The skills of a step: the author's tags, else what its derivation uses."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.course.skills import skills

from .write import FRONT, lesson, step


@pytest.mark.parametrize(
    ("ask", "tags"),
    [
        ('derivative: max(0, z)\nwrt: w\nanswer: "[z > 0] x\'"', ("dot", "add", "maximum", "chain-rule")),
        ("derivative: b\nwrt: b\nanswer: '1'", ()),
        ("derivative: z\nwrt: w\nanswer: x'\nskills: [neurons]", ("neurons",)),
        ("shape: z\nwrt: w\nanswer: (1, n)", ("shapes",)),
        ("value: w·x\nwrt: w\nat: {w: '[1, 2]', x: '[3, 4]'}", ("dot", "values")),
        ("line: w·x\nwrt: w\nanswer: x'", ("dot",)),
        ("equals: z\nanswer: w·x + b", ()),
        ("choose: [a, b]\nright: 1", ()),
        ("order: [w', x]", ("order-of-factors",)),
    ],
)
def test_skills_are_the_rules_of_the_derivation_unless_the_author_says(
    tmp_path: Path, ask: str, tags: tuple[str, ...]
) -> None:
    found = lesson(tmp_path, FRONT + step(ask))
    assert skills(found, found.steps[0]) == tags


def test_a_step_that_is_only_read_has_no_skills(tmp_path: Path) -> None:
    found = lesson(tmp_path, FRONT + "## Read\n\nThis.\n")
    assert skills(found, found.steps[0]) == ()


def test_solve_shows_the_skills(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from tutor.cli import main

    found = lesson(tmp_path, FRONT + step("derivative: w·x\nwrt: w\nanswer: x'"))
    assert main(["solve", str(found.path)]) == 0
    assert "Skills: dot" in capsys.readouterr().out
