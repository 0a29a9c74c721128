"""Lines to type in: the answer line, and the search among the lessons.

In: keys. Out: messages: that the text changed, that it was handed in. Decided here: what Tab, Up and Down do
in each, and that what is pasted becomes one line of plain text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Input

from tutor.app.text import clean
from tutor.app.widgets.keys import Key

Complete = Callable[[str, int], tuple[str, int] | None]


class Line(Input):
    """A line of text whose own keys take effect in the order in which they were pressed.

    Textual lets the keys of a binding rise to the app before they act, and what is typed right after them
    overtakes them: a fast Ctrl+U, or a burst over a slow connection, would clear what came after it.
    """

    async def _on_key(self, event: events.Key) -> None:
        bindings = self._bindings.key_to_bindings.get(event.key, [])
        for binding in bindings:
            # False where the action has nothing to do, as Ctrl+C without a selection: others may have.
            if await self.app.run_action(binding.action, self):
                event.stop()
                event.prevent_default()
                return
        if not bindings:
            await super()._on_key(event)

    def _on_paste(self, event: events.Paste) -> None:
        # One line of text, whatever was copied: a formula that is set over several lines is one answer.
        text = clean(" ".join(event.text.split()))
        if text:
            start, end = sorted(self.selection)
            self.replace(text, start, end)
        event.prevent_default()
        event.stop()


class Answer(Line):
    """One line of maths. `complete` turns `\\lambda` into λ; `earlier` are the answers to bring back."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("tab", "complete", show=False),
        Binding("up", "earlier(-1)", show=False),
        Binding("down", "earlier(1)", show=False),
    ]

    DEFAULT_CSS = """
    Answer { border: none; height: 1; padding: 0; background: transparent; color: $maths; text-style: bold; }
    Answer:focus { border: none; background-tint: $background 0%; }
    Answer>.input--placeholder { color: $quiet; text-style: not bold; }
    """

    class NoSuchSymbol(Message):
        """Tab was pressed after a word that names no symbol."""

        def __init__(self, word: str) -> None:
            super().__init__()
            self.word = word

    def __init__(self, complete: Complete, id: str | None = None) -> None:
        super().__init__(id=id, compact=True, select_on_focus=False)
        self._complete = complete
        self._earlier: Sequence[str] = ()
        self._back = 0
        self._unfinished = ""

    def begin(self, text: str, earlier: Sequence[str]) -> None:
        """Start with this text; `earlier` answers, the oldest first, are what Up brings back."""
        self._earlier = [past for past in earlier if past.strip()]
        self._back = 0
        self._write(text)

    def remember(self, earlier: Sequence[str]) -> None:
        self._earlier = [past for past in earlier if past.strip()]
        self._back = 0

    @property
    def keys(self) -> Iterator[Key]:
        """The keys that are shown for it."""
        yield Key("↑", "earlier", "", rank=5)

    @property
    def hidden(self) -> int:
        """How many cells of the text are scrolled out of sight at the left."""
        return round(self.scroll_x)

    def action_complete(self) -> None:
        done = self._complete(self.value, self.cursor_position)
        if done is not None:
            self.value, self.cursor_position = done
        elif "\\" in (word := self.value[: self.cursor_position].rpartition(" ")[2]):
            self.post_message(self.NoSuchSymbol("\\" + word.rpartition("\\")[2]))
        else:
            self.screen.focus_next()

    def action_earlier(self, step: int) -> None:
        """Walk through the earlier answers; the unfinished text comes after the last of them."""
        back = min(max(self._back - step, 0), len(self._earlier))
        if back == self._back:
            return
        if self._back == 0:
            self._unfinished = self.value
        self._back = back
        self._write(self._earlier[-back] if back else self._unfinished)

    def _write(self, text: str) -> None:
        self.value = text
        self.cursor_position = len(text)


class Search(Line):
    """Words to look for. The list below it is moved in by the keys that a line has no use for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "screen.walk('cursor_up')", show=False),
        Binding("down", "screen.walk('cursor_down')", show=False),
        Binding("pageup", "screen.walk('page_up')", show=False),
        Binding("pagedown", "screen.walk('page_down')", show=False),
        Binding("home", "screen.walk('first')", show=False),
        Binding("end", "screen.walk('last')", show=False),
    ]

    DEFAULT_CSS = """
    Search { border: none; height: 1; padding: 0; background: transparent; }
    Search:focus { border: none; background-tint: $background 0%; }
    Search>.input--placeholder { color: $quiet; }
    """

    async def _on_key(self, event: events.Key) -> None:
        if event.character == "/" and not self.value:
            # The key by which many programs begin a search; here one has begun already.
            event.stop()
            event.prevent_default()
        elif event.character == "?" and not self.value:
            event.prevent_default()
        else:
            await super()._on_key(event)
