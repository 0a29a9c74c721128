"""The keys that matter at this moment, always at the bottom, in one line.

In: keys in the order of their place. Out: that line; a click on a key does what the key does.
Decided here: what is left out where there is not enough room: those that are needed least.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from textual import events
from textual.content import Content

from tutor.app.text import line
from tutor.app.widgets.sheet import Sheet

GAP = 2


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is shown, what it does in a word, the action; a higher `rank` is dropped first."""

    shown: str
    label: str
    action: str
    rank: int = 0

    @property
    def content(self) -> Content:
        return line((self.shown, "bold $accent"), " ", self.label)


class Keys(Sheet):
    """The line of keys."""

    DEFAULT_CSS = """
    Keys { height: 1; dock: bottom; background: $panel; padding: 0 1; }
    """

    ALLOW_SELECT = False

    def offer(self, keys: Sequence[Key]) -> None:
        self._keys = tuple(keys)
        self.show([lambda width: [row(fitted(keys, width)).truncate(width, ellipsis=True)]])

    async def on_click(self, event: events.Click) -> None:
        offset = event.get_content_offset(self)
        key = None if offset is None else at(fitted(self._keys, self.content_size.width), offset.x)
        if key is not None and key.action:
            await self.app.run_action(key.action, self.screen)


def fitted(keys: Sequence[Key], width: int) -> list[Key]:
    """As many of the keys as fit, in their order."""
    chosen = list(keys)
    while len(chosen) > 1 and row(chosen).cell_length > width:
        chosen.remove(max(reversed(chosen), key=lambda key: key.rank))
    return chosen


def row(keys: Sequence[Key]) -> Content:
    return Content(" " * GAP).join(key.content for key in keys)


def at(keys: Sequence[Key], x: int) -> Key | None:
    """The key that is shown at a place of the line, with the gap after it."""
    ends = accumulate(key.content.cell_length + GAP for key in keys)
    return next((key for key, end in zip(keys, ends, strict=True) if x < end), None)
