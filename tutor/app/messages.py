"""What happened on a screen that others have to know of: facts, in the past tense.

In: nothing. Out: messages that go up from a screen to the app. Decided here: what a screen may tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from textual.message import Message

if TYPE_CHECKING:
    from collections.abc import Callable

    from tutor.session import Handed, Judged, LessonCard


class Chosen(Message):
    """A lesson was chosen from the list."""

    def __init__(self, course: str, lesson: str) -> None:
        super().__init__()
        self.course = course
        self.lesson = lesson

    @classmethod
    def card(cls, card: LessonCard) -> Chosen:
        return cls(card.course, card.id)


class Left(Message):
    """The learner went back to the list of lessons."""


class Finished(Message):
    """The learner went on from the last step of a lesson."""


class AnswerChanged(Message):
    """Another answer stands where answers are given."""


class AnswerHandedIn(Message):
    """The answer was handed in from within it: by Enter in the last entry of a grid."""


class Made(Message):
    """A lesson was made from a formula, to be played now."""

    def __init__(self, lesson: Any) -> None:
        super().__init__()
        self.lesson = lesson


class Wanted(Message):
    """The learner wants to derive a formula of their own."""


class CameBack(Message):
    """What the tutor was sent for came back; `then` takes it."""

    def __init__(self, then: Callable[[Any], None], found: Any) -> None:
        super().__init__()
        self.then = then
        self.found = found


class WasAnnounced(Message):
    """The verdict on an answer is known; what explains it is still to come."""

    def __init__(self, handed: Handed, reply: Any) -> None:
        super().__init__()
        self.handed = handed
        self.reply = reply


class WasJudged(Message):
    """A verdict came back for an answer."""

    def __init__(self, handed: Handed, judged: Judged) -> None:
        super().__init__()
        self.handed = handed
        self.judged = judged


class JudgeFailed(Message):
    """Something went wrong in the tutor itself while an answer was judged."""

    def __init__(self, handed: Handed, error: Exception) -> None:
        super().__init__()
        self.handed = handed
        self.error = error
