"""The keys that matter at this moment, always at the bottom, in one line.

In: keys in the order of their place. Out: that line; a click on a key does what the key does.
Decided here: what becomes of the line where there is not enough room: keys that are seldom needed go first, then
words get shorter, then more keys go.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from textual import events
from textual.content import Content

from tutor.app.text import line
from tutor.app.widgets.sheet import Sheet

GAP = 2
SELDOM = 3  # the rank from which a key goes before the words of another are shortened


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is shown, what it does in a word, the action; a higher `rank` is dropped first.

    `short` is a shorter word for it, where there is one.
    """

    shown: str
    label: str
    action: str
    rank: int = 0
    short: str = ""

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
    """As many of the keys as fit, in their order: some in short words, before one is left out that matters."""
    chosen = list(keys)
    while len(chosen) > 1 and row(chosen).cell_length > width:
        least = max(reversed(chosen), key=lambda key: key.rank)
        longer = [key for key in chosen if key.short]
        if least.rank >= SELDOM or not longer:
            chosen.remove(least)
        else:
            wordy = max(longer, key=lambda key: key.rank)
            chosen[chosen.index(wordy)] = replace(wordy, label=wordy.short, short="")
    return chosen


def row(keys: Sequence[Key]) -> Content:
    return Content(" " * GAP).join(key.content for key in keys)


def at(keys: Sequence[Key], x: int) -> Key | None:
    """The key that is shown at a place of the line, with the gap after it."""
    ends = accumulate(key.content.cell_length + GAP for key in keys)
    return next((key for key, end in zip(keys, ends, strict=True) if x < end), None)
