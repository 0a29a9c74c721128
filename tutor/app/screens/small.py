"""What is shown where there is not enough room.

In: nothing. Out: nothing; it goes away by itself. Decided here: the smallest size that is worked in.
"""

from __future__ import annotations

from textual import events
from textual.app import ComposeResult
from textual.geometry import Size
from textual.screen import ModalScreen

from tutor.app.text import words
from tutor.app.widgets.sheet import Sheet, paragraph

SMALLEST = Size(60, 18)


def fits(size: Size) -> bool:
    return size.width >= SMALLEST.width and size.height >= SMALLEST.height


class SmallScreen(ModalScreen[None]):
    """A polite request. It lies over the work, which stays as it is."""

    def compose(self) -> ComposeResult:
        yield Sheet()

    def on_mount(self) -> None:
        self._say(self.app.size)

    def on_resize(self, event: events.Resize) -> None:
        self._say(event.size)

    def _say(self, size: Size) -> None:
        wanted = f"{SMALLEST.width}×{SMALLEST.height}"
        self.query_one(Sheet).show(
            [
                paragraph(words(f"There is room for {size.width}×{size.height} characters here.")),
                paragraph(words(f"Please make the window larger, {wanted} at least.")),
                paragraph(words("Nothing is lost; it goes on where it was.", "$quiet")),
            ]
        )
