"""The schema for editors: it takes every lesson that there is, and underlines what the loader would refuse."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tutor.cli import main
from tutor.course import keys
from tutor.course.file import read_file
from tutor.course.parts import front_matter, take_apart
from tutor.course.schema import IN_ASK, IN_FRONT, schema

from .validate import faults, fits

LESSONS = Path(__file__).parents[2] / "lessons"
WHOLE = schema()
PAGE = re.findall(r"^````markdown\n(.*?)^````$", (LESSONS / "README.md").read_text("utf-8"), re.DOTALL | re.MULTILINE)


def told(part: str, value: Any) -> list[str]:
    return list(faults(value, WHOLE["$defs"][part], WHOLE))


def yaml_of(file: Path) -> Iterator[tuple[str, Any]]:
    """Each piece of YAML in a lesson as an editor reads it, and what it is."""
    source, problems = read_file(file)
    assert not problems
    span, _ = front_matter(source)
    assert span is not None
    yield "front-matter", yaml.safe_load(source.text[span.start : span.end])
    for step in take_apart(source).steps:
        for fence in step.asks:
            yield "ask", yaml.safe_load(source.text[fence.yaml.start : fence.yaml.end])


@pytest.mark.parametrize("file", sorted(LESSONS.glob("*/*.md")), ids=lambda file: file.stem)
def test_every_built_in_lesson_fits(file: Path) -> None:
    for part, value in yaml_of(file):
        assert told(part, value) == []


@pytest.mark.parametrize("text", PAGE, ids=["the first", "all kinds"])
def test_the_lessons_on_the_page_for_authors_fit(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.md").write_text(text, "utf-8")
    for part, value in yaml_of(tmp_path / "a.md"):
        assert told(part, value) == []


@pytest.mark.parametrize("file", sorted(LESSONS.glob("*/course.yaml")), ids=lambda file: file.parent.name)
def test_every_built_in_course_fits(file: Path) -> None:
    assert told("course", yaml.safe_load(file.read_text("utf-8"))) == []


def test_every_key_of_the_format_is_in_the_schema_and_no_other() -> None:
    assert set(IN_FRONT) == set(keys.FRONT)
    assert set(IN_ASK) == set(keys.ASK)


ASK = "derivative: z\nwrt: w\nanswer: x'\n"


@pytest.mark.parametrize(
    ("part", "text", "fault"),
    [
        ("front-matter", "format: 1\ntitle: A", "required"),
        ("front-matter", "format: 2\ntitle: A\nsummary: B", "const"),
        ("front-matter", "format: 1\ntitle: A\nsummary: B\nsumary: C", "no key sumary"),
        ("front-matter", "format: 1\ntitle: A\nsummary: B\nminutes: long", "type integer"),
        ("front-matter", "format: 1\ntitle: A\nsummary: B\nlayout: mixed", "enum"),
        ("front-matter", "format: 1\ntitle: A\nsummary: B\npicture: {drawing: {}}", "picture"),
        ("ask", "wrt: w\nanswer: x'", "oneOf"),
        ("ask", ASK + "hessian: z", "oneOf"),
        ("ask", "derivative: z\nanswer: x'", "wrt"),
        ("ask", "equals: z\nwrt: w\nanswer: x'", "not"),
        ("ask", "choose: [a, b]", "right"),
        ("ask", "choose: [a]\nright: 1", "minItems"),
        ("ask", ASK + "hints: [a, b, c, d, e, f]", "hints"),
        ("ask", ASK + "nudges: [{when: x}]", "required"),
        ("ask", ASK + "allow-derivatives: perhaps", "boolean"),
        ("ask", ASK + "scaffold: [{derivative: z}]", "scaffold"),
        ("course", "title: A\nunits: [{lessons: [a]}]", "required"),
    ],
)
def test_what_the_loader_refuses_is_underlined(part: str, text: str, fault: str) -> None:
    assert any(fault in each for each in told(part, yaml.safe_load(text)))


def test_the_command_prints_the_whole_and_a_part(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["schema"]) == 0
    assert json.loads(capsys.readouterr().out) == WHOLE
    assert main(["schema", "ask"]) == 0
    ask = json.loads(capsys.readouterr().out)
    assert fits(yaml.safe_load(ASK), ask, ask)
    assert not fits({"format": 1, "title": "A", "summary": "B"}, ask, ask)
