"""A lesson in other formats: whole, readable without a network, and with answers only where they are asked for."""

from __future__ import annotations

import contextlib
import io
import json
import re
import unicodedata
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tutor.cli import main
from tutor.course.export import FORMATS, export
from tutor.course.lesson import Lesson
from tutor.course.library import builtin_lessons
from tutor.course.load import load_lesson
from tutor.language.mathml import mathml
from tutor.language.operations import OPERATIONS
from tutor.language.read import read
from tutor.language.scope import Scope
from tutor.problem import Problem

from .write import ASK, FRONT, lesson, step, written

FILES = sorted((builtin_lessons() or Path()).glob("*/*.md"))
PAGE = Path(__file__).parents[2] / "lessons" / "README.md"
every_lesson = pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
every_format = pytest.mark.parametrize("form", FORMATS)


def loaded(file: Path) -> Lesson:
    found = load_lesson(file, "course")
    assert isinstance(found, Lesson)
    return found


@pytest.fixture
def all_kinds(tmp_path: Path) -> Lesson:
    """The lesson on the page for authors that has every kind of ask."""
    blocks = re.findall(r"^````markdown\n(.*?)^````$", PAGE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    return loaded(written(tmp_path, next(block for block in blocks if "choose:" in block)))


class Page(HTMLParser):
    """Opens and closes every element, and keeps the addresses."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.addresses: list[str] = []
        self.elements: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)
        self.addresses += [value or "" for name, value in attributes if name in ("src", "href")]
        if tag not in ("meta", "mspace", "br", "hr"):
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.elements.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


@every_lesson
def test_a_page_for_browsers_is_whole_and_loads_nothing(file: Path) -> None:
    text = export(loaded(file), "html", solutions=True)
    page = Page(text)
    assert (page.open, page.addresses) == ([], [])
    assert not page.elements & {"script", "img", "link", "iframe", "object"}
    assert "url(" not in text
    for formula in re.findall(r"<math.*?</math>", text):
        ElementTree.fromstring(formula.replace("&nbsp;", " "))


@every_lesson
def test_a_latex_document_closes_all_that_it_opens(file: Path) -> None:
    text = export(loaded(file), "latex", solutions=True)
    bare = re.sub(r"\\[{}\\]", "", text)
    assert bare.count("{") == bare.count("}")
    open_ones: list[str] = []
    for kind, name in re.findall(r"\\(begin|end)\{(\w+\*?)\}", text):
        if kind == "begin":
            open_ones.append(name)
        else:
            assert open_ones.pop() == name
    assert open_ones == []
    assert len(re.findall(r"\\left(?![a-z])", text)) == len(re.findall(r"\\right(?![a-z])", text))
    # What is left is what every LaTeX takes: Latin letters, quotes and dashes.
    strange = {sign for sign in text if ord(sign) > 127 and "LATIN" not in unicodedata.name(sign)}
    assert strange <= set("–—‘’“”")


@every_lesson
def test_markdown_has_every_step_and_its_dollars_in_pairs(file: Path) -> None:
    shown = loaded(file)
    text = export(shown, "markdown", solutions=False)
    for number, each in enumerate(shown.steps, 1):
        assert f"\n## {number}. {each.title}\n" in text
    assert text.replace("\\$", "").count("$") % 2 == 0


@every_format
def test_solutions_are_there_only_where_they_are_asked_for(form: str, tmp_path: Path) -> None:
    secret = step(ASK.replace("after: Done.", "after: What was gained."))
    shown = lesson(tmp_path, FRONT + secret)
    without, with_them = export(shown, form, False), export(shown, form, True)
    assert "What was gained." not in without
    assert "What was gained." in with_them
    assert "Take one weight." in without
    assert len(with_them) > len(without)


@every_format
def test_every_kind_of_ask_is_written(form: str, all_kinds: Lesson) -> None:
    text = export(all_kinds, form, True)
    for each in all_kinds.steps:
        assert each.title in text
    assert "Put in order" in text


def test_a_value_is_asked_for_with_the_values_and_answered_without_an_author(all_kinds: Lesson) -> None:
    (value,) = (step for step in all_kinds.steps if step.id == "value")
    assert value.ask is not None
    silent = replace(all_kinds, steps=(replace(value, ask=replace(value.ask, answer=None)),))
    text = export(silent, "markdown", True)
    assert r"\text{ at }w = \begin{bmatrix} 1 & 2 \end{bmatrix}" in text
    k = int(silent.drawn(1).numbers["k"])
    assert rf"\begin{{bmatrix}} {3 * k} & {4 * k} \end{{bmatrix}}" in text


@every_format
def test_what_a_lesson_holds_is_only_ever_text(form: str, tmp_path: Path) -> None:
    words = (
        "A <script>alert(1)</script> & 100% of it_, #1 ~ ^ \\\\write18 [x](javascript:alert(1)) ![](http://a.b/c.png)"
    )
    title = FRONT.replace("title: One neuron", "title: '<b>50% & more</b> {x}'")
    text = export(lesson(tmp_path, title + step(words=words)), form, True)
    if form == "html":
        page = Page(text)
        assert page.addresses == ["http://a.b/c.png"]
        assert "a" in page.elements
        assert not page.elements & {"script", "img"}
        assert "<b>50%" not in text
    if form == "latex":
        assert r"\textbackslash{}" in text
        assert r"100\%" in text
        assert not re.search(r"(?<!\\)[%#&]", text)


DRAWN = "\npicture: {slope: {of: b^2, at: 1}}"
BRAILLE = "[\u2801-\u28ff]"
WAITS = "\npicture: {slope: {of: b^2, at: 1, after: first}}"


@every_format
@pytest.mark.parametrize("solutions", [False, True])
def test_a_picture_is_there_as_soon_as_it_tells_nothing(form: str, solutions: bool, tmp_path: Path) -> None:
    told = "At b = 1 the slope is 2."
    for front, is_there in (("", False), (DRAWN, True), (WAITS, solutions)):
        made = lesson(tmp_path, FRONT.replace("summary: Its gradient.", f"summary: Its gradient.{front}") + step())
        assert (told in export(made, form, solutions).replace("~", " ")) == is_there


def test_a_browser_gets_a_drawing_and_not_the_dots(tmp_path: Path) -> None:
    made = lesson(tmp_path, FRONT.replace("summary: Its gradient.", f"summary: Its gradient.{DRAWN}") + step())
    html = export(made, "html", False)
    dots = sum(bin(ord(letter) - 0x2800).count("1") for letter in re.findall(BRAILLE, export(made, "markdown", False)))
    assert html.count("<circle") == dots > 100
    assert not re.search(BRAILLE, html)
    assert "svg" in Page(html).elements


def test_code_that_is_no_picture_stays_code(tmp_path: Path) -> None:
    html = export(lesson(tmp_path, FRONT + step(words="```\nA < B\n```")), "html", False)
    assert "<pre><code>A &lt; B" in html


def test_a_picture_in_latex_has_no_braille(tmp_path: Path) -> None:
    made = lesson(tmp_path, FRONT.replace("summary: Its gradient.", f"summary: Its gradient.{DRAWN}") + step())
    assert re.search(BRAILLE, export(made, "markdown", False))
    assert not re.search(BRAILLE, export(made, "latex", False))


def test_a_notebook_judges_answers_where_the_tutor_is_installed(tmp_path: Path) -> None:
    notebook = json.loads(export(lesson(tmp_path, FRONT + step()), "ipynb", False))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    assert len({cell["id"] for cell in notebook["cells"]}) == len(notebook["cells"])
    set_up, check = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]
    names: dict[str, object] = {}
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        exec(set_up, names)
        exec(check.replace('""', '"x\'"'), names)
        exec(check.replace('""', '"w\'"'), names)
    right, wrong = said.getvalue().splitlines()
    assert right.startswith("correct: ")
    assert wrong.startswith("incorrect: ")


@pytest.mark.parametrize("name", [name for name, row in OPERATIONS.items() if row.example])
def test_every_operation_has_mathml(name: str) -> None:
    variables = {
        **dict.fromkeys("abcstz", "scalar"),
        **dict.fromkeys("uvwxy", "vector n"),
        **dict.fromkeys("ABCMQX", "square n"),
    }
    scope = Scope.declare(variables, {})
    assert isinstance(scope, Scope)
    example = OPERATIONS[name].example
    assert example is not None
    for text in example.split(", "):
        found = read(text, scope, indices_may_be_open=True)
        if not isinstance(found, Problem):
            ElementTree.fromstring(f"<math>{mathml(found)}</math>".replace("&nbsp;", " "))


def test_the_command_writes_to_a_file_or_to_standard_output(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path, FRONT + step())
    assert main(["export", str(file), "--to", "markdown"]) == 0
    assert capsys.readouterr().out.startswith("# One neuron\n")
    assert main(["export", str(file), "--to", "html", "-o", str(tmp_path / "a.html")]) == 0
    assert (tmp_path / "a.html").read_text("utf-8").startswith("<!DOCTYPE html>")


def test_a_broken_lesson_is_not_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", str(written(tmp_path, "none")), "--to", "html"]) == 1
    assert "A lesson starts with its front matter" in capsys.readouterr().err
