"""A screen that sends the tutor for something which takes its time, and goes on meanwhile.

In: work for a thread, and what takes its result. Out: the result, in the screen's own thread. Decided here: that one
thing is waited for at a time, that waiting is said after a moment, and that Esc ends it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, TypeVar

from textual import on
from textual.screen import Screen
from textual.timer import Timer

from tutor.app.messages import CameBack

PATIENCE = 0.1
"""Seconds after which the screen says what it is waiting for."""

Found = TypeVar("Found")


class Sender(Screen[None]):
    """One at a time: `sent` says whether something is being waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.sent = False
        self._slow_errand: Timer | None = None

    def send_for(self, what: str, work: Callable[[], Found], then: Callable[[Found | str], None]) -> None:
        """Do `work` in a thread, and give its result to `then`; a failure of the tutor comes as a text."""
        if self.sent:
            return
        self.sent = True
        self._slow_errand = self.set_timer(PATIENCE, partial(self.say, what))
        self.offer_keys()
        self.run_worker(partial(self._fetch, work, then), thread=True, exit_on_error=False)

    def say(self, message: str) -> None:
        """Show a word about what goes on."""
        raise NotImplementedError

    def offer_keys(self) -> None:
        """Show the keys that matter now."""
        raise NotImplementedError

    def _fetch(self, work: Callable[[], Any], then: Callable[[Any], None]) -> None:
        try:
            found = work()
        except Exception as error:
            found = f"The tutor failed here, not you: {type(error).__name__}: {error}"
        self.post_message(CameBack(then, found))

    @on(CameBack)
    def _came_back(self, event: CameBack) -> None:
        self.sent = False
        if self._slow_errand:
            self._slow_errand.stop()
        event.then(event.found)
        self.offer_keys()
