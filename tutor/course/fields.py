"""From a table of YAML to values of the types that a lesson needs.

In: a table, and the keys that it may have. Out: its values, each with its place; the problems of each key.
Decided here: how a wrong key and a wrong value are told, for lessons and courses alike. Every value is
looked at, whatever is wrong with its neighbours, and something usable is always given back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from difflib import get_close_matches

from tutor.course.node import Listing, Node, Table, Text, quoted
from tutor.course.place import content
from tutor.problem import Problem
from tutor.source import Source, Span

Items = Callable[[Node, str], str]


class Fields:
    """The rows of one table, by key. `problems` is a list that the caller shares and goes on filling.

    `spans` has the place of every value that was asked for, by its key.
    """

    def __init__(self, table: Table, known: Sequence[str], what: str, source: Source, problems: list[Problem]) -> None:
        self.span = table.span
        self.spans: dict[str, Span] = {}
        self._what = what
        self._source = source
        self._problems = problems
        self._meant: set[str] = set()
        self._rows = self._unique(table, known)

    def __contains__(self, key: str) -> bool:
        return key in self._rows

    def wrong(self, code: str, message: str, key: str, suggestions: tuple[str, ...] = ()) -> None:
        """Adds a problem at the value of a key, or at the table where it has no such key."""
        node = self._rows.get(key)
        self._problems.append(Problem(code, message, self._seen(node) if node else self.head(), suggestions))

    def wrong_at(self, code: str, message: str, place: str) -> None:
        """Adds a problem at a part of a value, such as `right.1`."""
        self._problems.append(Problem(code, message, self.spans[place]))

    def meant(self, keys: Iterable[str]) -> bool:
        """Whether one of these keys was probably meant by one that is not known."""
        return not self._meant.isdisjoint(keys)

    def head(self) -> Span:
        """The place of the table as a whole: its first character, for the sake of a short excerpt."""
        return Span(self.span.start, min(self.span.start + 1, self.span.end))

    def text(self, key: str, required: bool = False) -> str:
        """Words, without the blanks around them."""
        node = self._node(key, required)
        return self._words(node, key) if node else ""

    def line(self, key: str, required: bool = False) -> str:
        """Words on one line, however the author broke them."""
        return " ".join(self.text(key, required).split())

    def maths(self, key: str, required: bool = False) -> str:
        """An expression, as the author wrote it: `[z > 0]` and `{a; b}` are maths here, not lists."""
        node = self._node(key, required)
        return self._formula(node, key) if node else ""

    def choice(self, key: str, choices: Sequence[str]) -> str:
        """One of some words; the first one where the key is not there."""
        word = self.text(key)
        if not word or word in choices:
            return word or choices[0]
        near = tuple(get_close_matches(word.lower(), choices, 1))
        self.wrong("wrong-value", f"`{key}` is one of {', '.join(choices)}, not {word}.", key, near)
        return choices[0]

    def count(self, key: str) -> int | None:
        """A whole number from 1."""
        word = self.text(key)
        if not word:
            return None
        if word.isascii() and word.isdigit() and 0 < int(word[:6]) < 100_000:
            return int(word)
        self.wrong("wrong-type", f"`{key}` is a whole number, such as 15, not {word}.", key)
        return None

    def flag(self, key: str) -> bool:
        """true or false; false where the key is not there."""
        word = self.text(key)
        if word in ("true", "false", ""):
            return word == "true"
        self.wrong("wrong-type", f"`{key}` is true or false, not {word}.", key, ("true", "false"))
        return False

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of words; a single text stands for a list of one."""
        return self._items(key, self._words)

    def formulas(self, key: str) -> tuple[str, ...]:
        """A list of expressions or names."""
        return self._items(key, self._formula)

    def dictionary(self, key: str) -> Mapping[str, str]:
        """Names with an expression or a type each, in the order of the file."""
        node = self._node(key, required=False)
        if node is None:
            return {}
        if not isinstance(node, Table):
            self._wrong_type(node, key, "a table of names, each on a line of its own: `w: vector n`")
            return {}
        rows: dict[str, str] = {}
        for name, value in node.rows:
            if name.text in rows:
                self._problems.append(Problem("duplicate-key", f"{name.text} is there already.", name.span))
                continue
            rows[name.text] = self._formula(value, f"{key}.{name.text}")
            self.spans[f"{key}.{name.text}:name"] = name.span
        return rows

    def tables(self, key: str, known: Sequence[str], what: str) -> list[Fields]:
        """A list of tables, as fields of their own."""
        node = self._node(key, required=False)
        if node is None:
            return []
        if not isinstance(node, Listing):
            self._wrong_type(node, key, f"a list, in which each item is {what}")
            return []
        found = []
        for number, item in enumerate(node.items):
            if isinstance(item, Table):
                found.append(Fields(item, known, what, self._source, self._problems))
            else:
                self._wrong_type(item, f"{key}.{number}", f"{what} ({', '.join(f'`{k}:`' for k in known)})")
        return found

    def options(self, key: str, known: Sequence[str], what: str) -> list[Fields | str]:
        """A list in which each item is a text, or a table that says more of it."""
        node = self._node(key, required=False)
        if node is None:
            return []
        if not isinstance(node, Listing):
            self._wrong_type(node, key, f"a list, in which each item is a text or {what}")
            return []
        return [
            Fields(item, known, what, self._source, self._problems)
            if isinstance(item, Table)
            else self._formula(item, f"{key}.{number}")
            for number, item in enumerate(node.items)
        ]

    def kind(self, key: str) -> tuple[str, Mapping[str, str]] | None:
        """A word, or a table with that one word as its key and parameters below it."""
        node = self._node(key, required=False)
        if node is None:
            return None
        if isinstance(node, Text):
            return self._words(node, key).strip(), {}
        if not isinstance(node, Table) or len(node.rows) != 1:
            self._wrong_type(node, key, "a word, or one key with parameters below it")
            return None
        ((word, below),) = node.rows
        self.spans[key] = word.span
        if isinstance(below, Table):
            return word.text, {name.text: self._formula(value, f"{key}.{name.text}") for name, value in below.rows}
        if not isinstance(below, Text) or below.text.strip():
            self._wrong_type(below, f"{key}.{word.text}", "a table of parameters")
        return word.text, {}

    def _unique(self, table: Table, known: Sequence[str]) -> dict[str, Node]:
        """The rows by key; unknown and repeated keys are told."""
        rows: dict[str, Node] = {}
        self._keys: dict[str, Text] = {}
        for key, value in table.rows:
            if key.text in rows:
                line, _ = self._source.position(self._keys[key.text].span.start)
                message = f"`{key.text}` is there already, in line {line}."
                self._problems.append(Problem("duplicate-key", message, key.span))
            elif key.text not in known:
                self._problems.append(self._unknown(key, known))
            else:
                rows[key.text], self._keys[key.text] = value, key
        return rows

    def _unknown(self, key: Text, known: Sequence[str]) -> Problem:
        near = nearest(key.text, known)
        self._meant.update(near)
        message = f"There is no key `{key.text}` in {self._what}."
        if not near:
            message += f" There are {', '.join(known)}."
        return Problem("unknown-key", message, key.span, near)

    def _node(self, key: str, required: bool) -> Node | None:
        node = self._rows.get(key)
        empty = isinstance(node, Text) and not node.text.strip()
        if node is None and required and key not in self._meant:
            self.wrong("missing-key", f"`{key}` is missing in {self._what}.", key)
        elif node is not None and empty:
            self._problems.append(Problem("empty-value", f"`{key}` has no value.", self._keys[key].span))
        if node is None or empty:
            return None
        self.spans[key] = node.span
        return node

    def _items(self, key: str, one: Items) -> tuple[str, ...]:
        node = self._node(key, required=False)
        if node is None:
            return ()
        if isinstance(node, Text):
            self.spans[f"{key}.0"] = node.span
            return (one(node, f"{key}.0"),)
        if isinstance(node, Listing):
            return tuple(one(item, f"{key}.{number}") for number, item in enumerate(node.items))
        self._wrong_type(node, key, "a list, with `- ` before each item")
        return ()

    def _words(self, node: Node, key: str) -> str:
        self.spans[key] = node.span
        if not isinstance(node, Text):
            self._wrong_type(node, key, "text")
            return ""
        if not node.text.strip() and "." in key:
            self._problems.append(Problem("empty-value", f"`{_named(key)}` has no value.", self._seen(node)))
        return node.text.rstrip()

    def _formula(self, node: Node, key: str) -> str:
        if isinstance(node, Text) or not node.inline:
            return self._words(node, key)
        self.spans[key] = node.span
        return self._source.text[node.span.start : node.span.end]

    def _wrong_type(self, node: Node, key: str, wanted: str) -> None:
        got = {Text: "text", Listing: "a list", Table: "a table"}[type(node)]
        mend: tuple[str, ...] = ()
        if wanted == "text" and not isinstance(node, Text):
            # Mostly a sentence with a colon in it, or maths that begins with a bracket.
            written = self._source.text[node.span.start : node.span.end]
            mend = (quoted(written),) if "\n" not in written else ()
            got += "; with quotes around it, it is text"
        message = f"`{_named(key)}` is {wanted}. YAML reads this as {got}."
        self._problems.append(Problem("wrong-type", message, self._seen(node), mend))

    def _seen(self, node: Node) -> Span:
        """The part of a value that an excerpt should underline."""
        if isinstance(node, Text):
            return content(self._source, node.span, node.text)
        line, column = self._source.position(node.span.start)
        length = len(self._source.line(line)) - column + 1
        return Span(node.span.start, min(node.span.end, node.span.start + length))


def nearest(key: str, known: Sequence[str]) -> tuple[str, ...]:
    """The known key that was probably meant, if there is one."""
    return tuple(get_close_matches(key.lower().replace("_", "-"), known, 1))


def _named(key: str) -> str:
    """A key for people, who count from 1: `hints.0` is `hints 1`."""
    return " ".join(str(int(part) + 1) if part.isdigit() else part for part in key.split("."))
