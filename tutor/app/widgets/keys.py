"""The keys that matter at this moment, always at the bottom, in one line.

In: keys in the order of their place. Out: that line; a click on a key does what the key does.
Decided here: what is left out where there is not enough room: those that are needed least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual.content import Content
from textual.style import Style

from tutor.app.text import line
from tutor.app.widgets.sheet import Sheet


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is shown, what it does in a word, the action; a higher `rank` is dropped first."""

    shown: str
    label: str
    action: str
    rank: int = 0


class Keys(Sheet):
    """The line of keys."""

    DEFAULT_CSS = """
    Keys { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    def offer(self, keys: Sequence[Key]) -> None:
        self.show([lambda width: [fitted(keys, width)]])


def fitted(keys: Sequence[Key], width: int) -> Content:
    """As many of the keys as fit, in their order."""
    chosen = list(keys)
    while len(chosen) > 1 and _line(chosen).cell_length > width:
        chosen.remove(max(reversed(chosen), key=lambda key: key.rank))
    return _line(chosen).truncate(width, ellipsis=True)


def _line(keys: Sequence[Key]) -> Content:
    return Content("  ").join(_key(key) for key in keys)


def _key(key: Key) -> Content:
    shown = line((key.shown, "bold $accent"), " ", (key.label, ""))
    return shown.stylize(Style.from_meta({"@click": key.action}))
