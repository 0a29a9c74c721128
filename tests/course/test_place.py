"""A place in a value is found in the file, however YAML has it written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.course.node import Listing, Table, Text, read_yaml
from tutor.course.place import content, place
from tutor.source import Source, Span

WRITTEN = {
    "plain": "key: a $w·x$ b",
    "plain over lines": "key: a\n  $w·x$ b",
    "single quotes": "key: 'it''s a $w·x$ b'",
    "double quotes": 'key: "a \\"λ\\u03bb\\x41\\" $w·x$ b"',
    "a literal block": "key: |\n  one\n\n    two $w·x$ b\n",
    "a folded block": "key: >-\n  one\n  two\n\n  three $w·x$\n  b\n",
    "a block with an indent given": "key: |2-\n    one $w·x$ b\n",
    "double quotes over lines": 'key: "one \\\n   two\n\n  $w·x$ b"',
}


def value_of(source: Source) -> Text:
    tree, problems = read_yaml(source, Span(0, len(source.text)))
    assert not problems
    assert isinstance(tree, Table)
    value = tree.rows[0][1]
    assert isinstance(value, Text)
    return value


@pytest.mark.parametrize("how", WRITTEN)
def test_maths_in_a_value_is_found_where_the_author_wrote_it(how: str) -> None:
    source = Source("f", WRITTEN[how])
    value = value_of(source)
    at = value.text.index("$w·x$")
    found = place(source, value.span, value.text, Span(at, at + 5))
    assert source.text[found.start : found.end] == "$w·x$"


@pytest.mark.parametrize("how", WRITTEN)
def test_the_end_of_a_value_is_a_place_too(how: str) -> None:
    source = Source("f", WRITTEN[how])
    value = value_of(source)
    end = len(value.text.rstrip())
    found = place(source, value.span, value.text, Span(end, end))
    assert source.text[: found.start].rstrip("\"' \n").endswith("b")


def test_a_doubled_quote_is_one_place() -> None:
    source = Source("f", "key: 'x'''")
    value = value_of(source)
    found = place(source, value.span, value.text, Span(1, 2))
    assert source.text[found.start : found.end] == "''"


def test_a_value_is_underlined_without_its_quotes() -> None:
    source = Source("f", 'key: "[z > 0]"')
    value = value_of(source)
    found = content(source, value.span, value.text)
    assert source.text[found.start : found.end] == "[z > 0]"


def test_a_block_is_underlined_in_its_first_line() -> None:
    source = Source("f", "key: |\n  one\n  two\n")
    value = value_of(source)
    found = content(source, value.span, value.text)
    assert source.text[found.start : found.end] == "one"


words = st.text(st.sampled_from("abλ𝒜∂'\"\\:#-|>é "), min_size=1, max_size=20).filter(lambda t: t.strip() == t)


@given(st.lists(words, min_size=1, max_size=4), st.data())
def test_every_letter_of_a_block_is_found(lines: list[str], data: st.DataObject) -> None:
    source = Source("f", "key: |-\n" + "".join(f"  {line}\n" for line in lines))
    value = value_of(source)
    assert value.text == "\n".join(lines)
    at = data.draw(st.integers(0, len(value.text) - 1))
    if not value.text[at].isspace():
        found = place(source, value.span, value.text, Span(at, at + 1))
        assert source.text[found.start : found.end] == value.text[at]
        line = value.text.count("\n", 0, at)
        assert source.position(found.start)[0] == line + 2


@given(words)
def test_every_letter_between_quotes_is_found(word: str) -> None:
    source = Source("f", "key: '" + word.replace("'", "''") + "'")
    value = value_of(source)
    assert value.text == word
    for at, letter in enumerate(word):
        if not letter.isspace():
            found = place(source, value.span, value.text, Span(at, at + 1))
            assert source.text[found.start : found.end] in (letter, letter * 2)


def test_spans_of_keys_and_values_count_characters_and_not_bytes() -> None:
    source = Source("f", "𝒜λ: é\nkey: [𝒜, 'b']\n")
    tree, _ = read_yaml(source, Span(0, len(source.text)))
    assert isinstance(tree, Table)
    (first, one), (second, two) = tree.rows
    assert isinstance(two, Listing)
    assert [source.text[node.span.start : node.span.end] for node in (first, one, second, *two.items)] == [
        "𝒜λ", "é", "key", "𝒜", "'b'",
    ]  # fmt: skip
