"""One file becomes one lesson, or everything that is wrong with it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tutor.course.lesson import Broken, Lesson
from tutor.course.load import lesson_id, load_lesson, read_lesson
from tutor.source import Source

from .write import ASK, FRONT, broken, lesson, problem, step, written


def codes(folder: Path, text: str) -> list[str]:
    return [one.code for one in broken(folder, text).problems]


# What a lesson has -----------------------------------------------------------------------------------------


def test_a_lesson_has_what_its_file_says(tmp_path: Path) -> None:
    found = lesson(tmp_path, FRONT + "Hello $z$.\n\n" + step() + "## Only read {#end}\n\nBye.\n")
    assert (found.id, found.course, found.title) == ("neuron", "course", "One neuron")
    assert dict(found.variables) == {"w": "vector n", "x": "vector n", "b": "scalar"}
    assert dict(found.define) == {"z": "w·x + b"}
    assert found.layout == "numerator"
    assert found.intro == "Hello $z$."
    assert [(one.id, one.title, one.text) for one in found.steps] == [
        ("first", "First", "Words."),
        ("end", "Only read", "Bye."),
    ]
    ask = found.steps[0].ask
    assert ask is not None
    assert (ask.kind, ask.of, ask.wrt, ask.answer, ask.after) == ("derivative", "z", "w", "x'", "Done.")
    assert ask.hints == ("Write it out.", "Take one weight.", "What is left?")
    assert found.steps[1].ask is None


def test_the_optional_parts_are_read(tmp_path: Path) -> None:
    front = FRONT.replace(
        "variables:", "minutes: 15\nneeds: [dots, kinks]\nlayout: learner\nsource: A book\nvariables:"
    )
    found = lesson(tmp_path, front + step())
    assert (found.minutes, found.needs, found.layout, found.source) == (15, ("dots", "kinks"), "learner", "A book")


def test_nudges_using_and_flags_are_read(tmp_path: Path) -> None:
    more = ASK + "nudges:\n  - when: x\n    say: Layout!\nusing: [z]\navoid: w\nallow-derivatives: true\nform: matrix\n"
    ask = lesson(tmp_path, FRONT + step(more)).steps[0].ask
    assert ask is not None
    assert [(nudge.when, nudge.say) for nudge in ask.nudges] == [("x", "Layout!")]
    assert (ask.using, ask.avoid, ask.allow_derivatives, ask.form) == (("z",), ("w",), True, "matrix")


def test_every_place_is_that_in_the_file(tmp_path: Path) -> None:
    found = lesson(tmp_path, FRONT + "Intro.\n\n" + step(ASK + "nudges:\n  - when: x\n    say: Layout!\n"))
    ask = found.steps[0].ask
    assert ask is not None

    def at(key: str) -> str:
        return found.text.text[ask.spans[key].start : ask.spans[key].end]

    assert (at("derivative"), at("wrt"), at("answer"), at("hints.1"), at("nudges.0.when")) == (
        "z", "w", "x'", "Take one weight.", "x",
    )  # fmt: skip
    step_text = found.steps[0].text_span
    assert found.text.text[step_text.start : step_text.end] == "Words."
    defined = found.spans["define.z:name"]
    assert found.text.position(defined.start) == (10, 3)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("1", "1"), ("0.10", "0.10"), ("1e5", "1e5"), ("yes", "yes"), ("0x1F", "0x1F"), ("[z > 0]", "[z > 0]"),
        ("{x' if z > 0; 0 otherwise}", "{x' if z > 0; 0 otherwise}"), ("2026-11-21", "2026-11-21"),
        ('"[z > 0] x\'"', "[z > 0] x'"), ("|\n  x'", "x'"), ("x'  # the row", "x'"), ("null", "null"),
    ],
)  # fmt: skip
def test_an_answer_is_what_the_author_wrote_and_not_what_yaml_makes_of_it(
    tmp_path: Path, value: str, text: str
) -> None:
    ask = lesson(tmp_path, FRONT + step(f"derivative: z\nwrt: w\nanswer: {value}\n")).steps[0].ask
    assert ask is not None
    assert ask.answer == text


def test_other_fences_stay_in_the_text_and_headings_in_them_are_none(tmp_path: Path) -> None:
    words = "Look:\n\n```python\n## no heading\n```\n\n~~~\n```ask\n~~~"
    found = lesson(tmp_path, FRONT + step(words=words))
    assert [one.id for one in found.steps] == ["first"]
    assert found.steps[0].text == words


def test_deeper_headings_are_text(tmp_path: Path) -> None:
    assert lesson(tmp_path, FRONT + "# Top\n\n" + step(words="### Deep")).steps[0].text == "### Deep"


@pytest.mark.parametrize(
    ("heading", "id", "title"),
    [
        ("## The affine part", "the-affine-part", "The affine part"),
        ("## By $w$: ∂z/∂w!", "by-w-z-w", "By $w$: ∂z/∂w!"),
        ("## Größe", "grösse", "Größe"),
        ("## Named {#short}", "short", "Named"),
        ("## Closed ##", "closed", "Closed"),
        ("   ## Indented", "indented", "Indented"),
    ],
)
def test_a_step_is_named_by_its_heading(tmp_path: Path, heading: str, id: str, title: str) -> None:
    (found,) = lesson(tmp_path, FRONT + step(heading=heading)).steps
    assert (found.id, found.title) == (id, title)


@pytest.mark.parametrize(
    ("name", "id"),
    [("18-neuron.md", "neuron"), ("neuron.md", "neuron"), ("3_x.md", "x"), ("42.md", "42"), ("2-layers.md", "layers")],
)
def test_the_id_of_a_lesson_is_its_file_name_without_number_and_ending(name: str, id: str) -> None:
    assert lesson_id(Path(name)) == id


def test_line_ends_of_another_system_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    text = FRONT + step()
    file = tmp_path / "x.md"
    file.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    found = load_lesson(file, "course")
    assert isinstance(found, Lesson)
    assert found.text.text == text


def test_keys_that_later_versions_play_are_accepted(tmp_path: Path) -> None:
    front = FRONT.replace("variables:", "random: {k: 2..9}\npicture: {slope: {of: z}}\nvariables:")
    more = ASK + "skills: [dot-product]\nscaffold:\n  - derivative: b\n    wrt: b\n"
    assert lesson(tmp_path, front + step(more)).steps[0].ask is not None


# The question of a step --------------------------------------------------------------------------------------


def test_the_question_of_a_step_is_what_the_filter_reads(tmp_path: Path) -> None:
    found = lesson(tmp_path, FRONT + step(ASK + "using: [x]\n"))
    assert found.request(found.steps[0], "x'") == {
        "id": "neuron#first",
        "variables": {"w": "vector n", "x": "vector n", "b": "scalar"},
        "define": {"z": "w·x + b"},
        "ask": {"derivative": "z", "wrt": "w"},
        "layout": "numerator",
        "allow_derivatives": False,
        "using": ["x"],
        "avoid": [],
        "form": "any",
        "answer": "x'",
    }


@pytest.mark.parametrize(("layout", "asked"), [("learner", "denominator"), ("numerator", "numerator")])
def test_the_learners_layout_counts_where_the_lesson_leaves_it_open(tmp_path: Path, layout: str, asked: str) -> None:
    found = lesson(tmp_path, FRONT.replace("variables:", f"layout: {layout}\nvariables:") + step())
    assert found.request(found.steps[0], "x", layout="denominator")["layout"] == asked


def fingerprint(folder: Path, text: str) -> str:
    found = lesson(folder, text)
    return found.fingerprint(found.steps[0])


@pytest.mark.parametrize(
    ("old", "new"),
    [("w·x + b", "w·x - b"), ("x: vector n", "x: vector m"), ("wrt: w", "wrt: x"), ("derivative: z", "gradient: z")],
)
def test_another_question_has_another_fingerprint(tmp_path: Path, old: str, new: str) -> None:
    text = FRONT + step()
    assert fingerprint(tmp_path, text) != fingerprint(tmp_path, text.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new"),
    [("Words.", "Other words."), ("answer: x'", "answer: transpose(x)"), ("Done.", "Well done."),
     ("define:\n", "define:\n  q: 2\n"), ("variables:\n", "variables:\n  k: scalar\n"),
     ("## First", "## 1st {#first}")],
)  # fmt: skip
def test_what_is_around_a_question_leaves_its_fingerprint(tmp_path: Path, old: str, new: str) -> None:
    text = FRONT + step()
    assert fingerprint(tmp_path, text) == fingerprint(tmp_path, text.replace(old, new))


def test_a_step_that_is_only_read_has_no_fingerprint(tmp_path: Path) -> None:
    assert fingerprint(tmp_path, FRONT + "## Read\n\nThis.\n") == ""


# What is wrong -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "code", "underlined"),
    [
        ("summary:", "sumary:", "unknown-key", "sumary"),
        ("wrt: w", "wrt: w\nhint: [a]", "unknown-key", "hint"),
        ("wrt: w", "wrt: w\nallow_derivatives: true", "unknown-key", "allow_derivatives"),
        ("derivative: z", "derivatve: z", "unknown-key", "derivatve"),
        ("wrt: w\n", "", "missing-key", "z"),
        ("title: One neuron\n", "", "missing-key", "f"),
        ("title: One neuron", "title:", "empty-value", "title"),
        ("title: One neuron", "title: [a, b]", "wrong-type", "[a, b]"),
        ("title: One neuron", "title: A\ntitle: B", "duplicate-key", "title"),
        ("  b: scalar", "  x: scalar", "duplicate-key", "x"),
        ("wrt: w", "wrt: w\nwrt: x", "duplicate-key", "wrt"),
        ("format: 1", "format: 2", "newer-format", "2"),
        ("format: 1", "format: 0", "older-format", "0"),
        ("format: 1", "format: one", "wrong-type", "one"),
        ("variables:", "minutes: soon\nvariables:", "wrong-type", "soon"),
        ("variables:", "layout: numeratr\nvariables:", "wrong-value", "numeratr"),
        ("  z: w·x + b", "  - z", "wrong-type", "- z"),
        ("hints: [Write it out., Take one weight., What is left?]", "hints: [a, b, c, d, e, f]", "too-many-hints",
         "[a, b, c, d, e, f]"),
        ("hints: [Write it out., Take one weight., What is left?]", "hints:\n  - Note: this", "wrong-type",
         "Note: this"),
        ("wrt: w", "wrt: w\nnudges:\n  - when: x", "missing-key", "w"),
        ("wrt: w", "wrt: w\nnudges:\n  - x", "wrong-type", "x"),
        ("wrt: w", "wrt: w\nallow-derivatives: maybe", "wrong-type", "maybe"),
        ("derivative: z\nwrt: w", "wrt: w", "no-question", "```ask"),
        ("derivative: z\nwrt: w", "derivative: z\nequals: z\nwrt: w", "two-questions", "```ask"),
        ("derivative: z\nwrt: w", "equals: z\nwrt: w", "senseless-key", "w"),
        ("derivative: z\nwrt: w\nanswer: x'", "choose: [a, b]", "missing-key", "[a, b]"),
        ("derivative: z\nwrt: w\nanswer: x'", "choose: [a, b]\nright: 3", "wrong-value", "3"),
        ("derivative: z\nwrt: w\nanswer: x'", "choose: [a]\nright: 1", "wrong-count", "[a]"),
        ("derivative: z\nwrt: w", "choose: [a, b]\nright: 1", "senseless-key", "x'"),
        ("derivative: z\nwrt: w", "value: z", "missing-key", "z"),
        ("wrt: w", "wrt: w\ntolerance: 1", "senseless-key", "1"),
        ("wrt: w", "wrt: w\nscaffold:\n  - wrt: b", "no-question", "w"),
        ("wrt: w", "wrt: w\nscaffold:\n  - equals: z\n    scaffold: [a]", "unknown-key", "scaffold"),
        ("variables:", "picture: graph\nvariables:", "wrong-value", "graph"),
        ("## First", "##", "empty-heading", "##"),
        ("## First", "## ∂∂", "step-id", "## ∂∂"),
        ("## First", "## First {#a b}", "step-id", "## First {#a b}"),
        ("## First", "```ask\nequals: z\n```\n\n## First", "ask-before-step", "```ask"),
        ("## First", "```\n\n## First", "no-steps", "---"),
        ("Done.\n```", "Done.\n```\n\nLost words.", "text-after-ask", "Lost words."),
        ("Done.\n```", "Done.\n```\n\n```ask\nequals: z\n```", "two-asks", "```ask"),
        ("Done.\n", "*x\n", "yaml-alias", "*x"),
        ("Done.\n", "&a x\n", "yaml-alias", "&a x"),
        ("Done.\n", "!!python/object:os.system x\n", "yaml-tag", "!!python/object:os.system x"),
        ("Done.\n", '"\\e[31mred"\n', "control-character", "\\e"),
        ("  b: scalar", '  "b\\e": scalar', "control-character", "\\e"),
        ("Words.", "Wor\x1b[2Jds.", "control-character", "\x1b"),
        ("Words.", "Wor\u202eds.", "control-character", "\u202e"),
    ],
)  # fmt: skip
def test_each_mistake_is_told_at_its_place(tmp_path: Path, old: str, new: str, code: str, underlined: str) -> None:
    text = FRONT + step()
    assert old in text
    found = broken(tmp_path, text.replace(old, new, 1))
    mistake = found.problems[0]
    assert mistake.span is not None
    assert (mistake.code, found.text.text[mistake.span.start : mistake.span.end]) == (code, underlined)


def test_most_mistakes_are_told_once(tmp_path: Path) -> None:
    assert codes(tmp_path, FRONT + step().replace("derivative", "derivatve")) == ["unknown-key"]


@pytest.mark.parametrize(
    ("key", "meant"),
    [("hint", "hints"), ("allow_derivatives", "allow-derivatives"), ("Answer", "answer"), ("nudge", "nudges")],
)
def test_an_unknown_key_is_answered_with_the_nearest_known_one(tmp_path: Path, key: str, meant: str) -> None:
    text = FRONT + step("derivative: z\nwrt: w\n" + f"{key}: x")
    assert problem(tmp_path, text)[0].suggestions == (meant,)


def test_a_key_like_no_other_is_answered_with_all(tmp_path: Path) -> None:
    wrong, _, _ = problem(tmp_path, FRONT.replace("format: 1", "format: 1\nqqq: 1") + step())
    assert wrong.suggestions == ()
    assert "format, title, summary" in wrong.message


def test_a_repeated_step_is_told_with_a_free_name(tmp_path: Path) -> None:
    wrong, underlined, (line, column) = problem(tmp_path, FRONT + step() + step())
    assert wrong.code == "duplicate-step"
    assert wrong.suggestions == ("## First {#first-2}",)
    assert (underlined, column) == ("## First", 1)
    assert line == (FRONT + step()).count("\n") + 1


def test_all_mistakes_are_told_in_one_run_and_in_the_order_of_the_file(tmp_path: Path) -> None:
    text = FRONT.replace("summary", "sumary") + step(ASK + "hint: x") + step("wrt: [", "## Second") + step("wrt: w")
    found = broken(tmp_path, text)
    assert [one.code for one in found.problems] == [
        "unknown-key", "unknown-key", "yaml", "duplicate-step", "no-question",
    ]  # fmt: skip
    places = [one.span for one in found.problems if one.span]
    assert places == sorted(places)


def test_a_newer_format_is_not_judged_by_the_rules_of_this_one(tmp_path: Path) -> None:
    text = FRONT.replace("format: 1", "format: 2\nanimation: [1]") + step("puzzle: 1")
    wrong, _, _ = problem(tmp_path, text)
    assert "Install a newer mctutor" in wrong.message


def test_a_file_without_front_matter_says_how_one_begins(tmp_path: Path) -> None:
    assert codes(tmp_path, "# Readme\n") == ["no-front-matter"]
    assert codes(tmp_path, "") == ["no-front-matter"]


def test_an_open_block_is_told_where_it_opens(tmp_path: Path) -> None:
    found = broken(tmp_path, FRONT + "## A\n\n```python\nx = 1\n")
    assert [one.code for one in found.problems] == ["unclosed-fence"]


# YAML ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "mend"),
    [
        ("[z > 0] x'", '"[z > 0] x\'"'),
        ("|x|", '"|x|"'),
        ("||x||^2", '"||x||^2"'),
        ("{1 if z > 0: 2} x", '"{1 if z > 0: 2} x"'),
        ("'w·x", '"\'w·x"'),
        ("@x", '"@x"'),
        ("case: x", '"case: x"'),
        ("- x'", '"- x\'"'),
        ('[z] "x"', "'[z] \"x\"'"),
    ],
)
def test_maths_that_yaml_reads_in_its_own_way_is_given_back_in_quotes(tmp_path: Path, value: str, mend: str) -> None:
    wrong, underlined, (_, column) = problem(tmp_path, FRONT + step(f"derivative: z\nwrt: w\nanswer: {value}"))
    assert (wrong.code, underlined, wrong.suggestions, column) == ("yaml", value, (mend,), 9)


def test_a_tab_for_an_indent_is_told_as_that(tmp_path: Path) -> None:
    wrong, underlined, _ = problem(tmp_path, FRONT + step("derivative: z\nwrt: w\nnudges:\n\t- when: x"))
    assert "tab" in wrong.message
    assert underlined == "\t"


def test_a_yaml_mistake_in_an_ask_is_told_in_the_line_of_the_file(tmp_path: Path) -> None:
    text = FRONT + step("derivative: z\nwrt: w\n- x")
    _, _, (line, column) = problem(tmp_path, text)
    assert (line, column) == (text[: text.index("- x")].count("\n") + 1, 1)


def test_references_are_refused_before_they_could_grow(tmp_path: Path) -> None:
    rows = ["a0: &a0 [x, x]"] + [f"a{k}: &a{k} [*a{k - 1}, *a{k - 1}]" for k in range(1, 60)]
    assert "yaml-alias" in codes(tmp_path, "---\n" + "\n".join(rows) + "\n---\n\n## A\n")


@pytest.mark.parametrize("bracket", ["[", "{", "- ", "[{"])
def test_deep_nesting_is_refused_and_does_not_end_the_program(tmp_path: Path, bracket: str) -> None:
    assert broken(tmp_path, f"---\ntitle: {bracket * 100_000}\n---\n\n## A\n").problems
    assert broken(tmp_path, f"---\n{bracket * 100_000}\n---\n\n## A\n").problems


# Files that are none -----------------------------------------------------------------------------------------------


def of_bytes(folder: Path, data: bytes) -> Broken:
    file = folder / "x.md"
    file.write_bytes(data)
    found = load_lesson(file, "course")
    assert isinstance(found, Broken)
    return found


def test_a_file_that_is_not_utf8_is_told_at_the_byte(tmp_path: Path) -> None:
    found = of_bytes(tmp_path, "---\r\ntitle: Grö".encode() + b"\xdfe\n---\n")
    (wrong,) = found.problems
    assert wrong.code == "not-utf-8"
    assert "0xDF" in wrong.message
    assert wrong.span is not None
    assert found.text.position(wrong.span.start) == (2, 11)


def test_a_binary_file_is_no_lesson(tmp_path: Path) -> None:
    assert of_bytes(tmp_path, b"\x7fELF\0\0\0").problems[0].code == "not-text"


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    (wrong,) = of_bytes(tmp_path, b"x" * ((1 << 20) + 1)).problems
    assert "1,048,576" in wrong.message


def test_a_missing_file_a_folder_and_a_pipe_are_told(tmp_path: Path) -> None:
    paths = [tmp_path / "none.md", tmp_path]
    if hasattr(os, "mkfifo"):
        os.mkfifo(tmp_path / "pipe.md")
        paths.append(tmp_path / "pipe.md")
    for path in paths:
        found = load_lesson(path, "course")
        assert isinstance(found, Broken)
        assert found.problems[0].code == "unreadable-file"


@given(st.text(max_size=300))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_text_makes_loading_raise(text: str) -> None:
    for whole in (text, FRONT + text, FRONT + "## A\n```ask\n" + text + "\n```", "---\n" + text + "\n---\n## A\n"):
        found = read_lesson(Source("x.md", whole), Path("x.md"), "course")
        assert isinstance(found, Lesson) or all(one.span is not None for one in found.problems)


PIECES = (
    "---\n", "format: 1\n", "title: ", "a: ", "- ", "[", "]", "{", "}", "|\n", "  ", "\n", "```ask\n", "```\n",
    "## A\n", "derivative: z\n", "wrt: w\n", "hints:\n", "nudges:\n", "when: ", "say: ", "'", '"', "*x", "&x ",
    "!t ", "? ", ": ", "#", "\t", "λ", "%", "...\n", "<<: ",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_no_piecework_of_yaml_makes_loading_raise(text: str) -> None:
    for whole in (text, FRONT + "## A\n```ask\n" + text + "\n```", "---\nformat: 1\n" + text + "\n---\n## A\n"):
        found = read_lesson(Source("x.md", whole), Path("x.md"), "course")
        if not isinstance(found, Lesson):
            assert found.problems
            assert all(one.span is not None and one.span.end <= len(whole) for one in found.problems)


def test_the_built_in_lessons_load() -> None:
    from tutor.course.library import Library, builtin_lessons

    folder = builtin_lessons()
    assert folder is not None
    library = Library.find(folder)
    assert not library.problems
    for course in library.courses:
        for entry in course.lessons:
            found = library.load(entry.course, entry.id)
            assert isinstance(found, Lesson), found.problems
            assert tuple(one.id for one in found.steps) == entry.steps


def test_loading_imports_neither_sympy_nor_numpy_nor_textual() -> None:
    import subprocess
    import sys

    program = (
        "import sys; from tutor.course.library import Library, builtin_lessons; Library.find(builtin_lessons()); "
        "print([name for name in ('sympy', 'numpy', 'textual') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_lesson_written_again_is_read_again(tmp_path: Path) -> None:
    first = lesson(tmp_path, FRONT + step())
    second = lesson(tmp_path, FRONT.replace("One neuron", "Two neurons") + step())
    assert (first.title, second.title) == ("One neuron", "Two neurons")
    assert written(tmp_path, FRONT).is_file()
