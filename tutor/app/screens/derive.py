"""A formula of one's own: typed, read at every key, derived with its working.

In: a session, which reads and derives. Out: `Made`, a lesson to play from it; `Left`. Decided here: the order of the
lines, and that a refusal stands under the line that it is about, with the place underlined.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from tutor.app.messages import Left, Made
from tutor.app.screens.sender import Sender
from tutor.app.text import clean, line, words
from tutor.app.widgets.answer import Answer
from tutor.app.widgets.keys import Key, Keys
from tutor.app.widgets.reading import reading, refused
from tutor.app.widgets.sheet import Part, Sheet, blank, paragraph, sides
from tutor.app.widgets.working import working
from tutor.session import KINDS, Own, Reading, Working, complete

if TYPE_CHECKING:
    from tutor.session import Session

MARGIN = 14
LINES = {
    #             the word before it   an example
    "formula":   (KINDS[0],            "max(0, w·x + b)"),
    "by":        ("by",                "w, b"),
    "declared":  ("where",             "w, x: vector n; b: scalar; z = w·x + b"),
}  # fmt: skip


class DeriveScreen(Sender):
    """Three lines to fill, and below them what they mean or the working."""

    AUTO_FOCUS = "#formula"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f2", "other_kind", show=False),
        Binding("f3", "play", show=False),
        Binding("shift+tab", "app.focus_previous", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, session: Session) -> None:
        super().__init__()
        self._session = session
        self._kind = KINDS[0]
        self._derived: Own | None = None
        self._workings: tuple[Working, ...] = ()

    def compose(self) -> ComposeResult:
        title = words("Derive a formula of your own", "bold")
        yield Sheet([sides(title, words("derive", "$quiet"))], id="header")
        for id, (word, example) in LINES.items():
            with Horizontal(classes="line"):
                yield Static(_before(word), id=f"{id}-before", classes="before")
                answer = Answer(complete, id=id)
                # Without the word, and without colour, the example would look like what is typed.
                answer.placeholder = clean(f"such as {example}")
                yield answer
            yield Sheet(id=f"{id}-said")
        with VerticalScroll(id="page", can_focus=False):
            yield Sheet(id="said")
        yield Keys(id="keys")

    def on_mount(self) -> None:
        self.offer_keys()

    # Showing ------------------------------------------------------------------------------------

    @property
    def _own(self) -> Own:
        texts = {id: self.query_one(f"#{id}", Answer).value for id in LINES}
        return Own(**texts, kind=self._kind)

    @on(Input.Changed)
    def _typed(self) -> None:
        """Show how the lines are understood: what cannot be read yet, under its line; else the formula."""
        own = self._own
        found = own.refusal() if own.formula.strip() else None
        for id in LINES:
            is_here = found is not None and found[0] == id and bool(getattr(own, id).strip())
            self._sheet(f"{id}-said").show(self._refused(*found) if found and is_here else [])
        if found is None and own.taken:
            told = line(("taken for: ", "$quiet"), (own.taken, "$accent"))
            self._sheet("declared-said").show([paragraph(told, MARGIN)])
        if own != self._derived:
            self._workings = ()
            self._sheet("said").show(_shifted(own.read("formula")))
        self.offer_keys()

    def _refused(self, id: str, told: Reading) -> list[Part]:
        return refused(told, self.query_one(f"#{id}", Answer).hidden, MARGIN)

    def say(self, message: str) -> None:
        self._sheet("said").show([blank(), paragraph(words(message, "$quiet"), MARGIN)])

    def offer_keys(self) -> None:
        self.query_one(Keys).offer(list(self._keys()))

    def _keys(self) -> Iterator[Key]:
        if self.sent:
            yield Key("Esc", "wait no longer", "screen.leave")
            return
        yield Key("⏎", "derive", "screen.derive")
        yield Key("F2", f"{self._next_kind} instead", "screen.other_kind", rank=2)
        first, *others = self._own.variables or ("",)
        yield Key("F3", f"play as a lesson by {first}" if others else "play as a lesson", "screen.play", rank=1)
        if self._workings:
            yield Key("PgDn", "more", "screen.page(1)", rank=1)
        else:
            yield Key("Tab", "next line", "app.focus_next", rank=3)
        yield Key("F1", "help", "app.help")
        yield Key("Esc", "lessons", "screen.leave")

    def _sheet(self, id: str) -> Sheet:
        return self.query_one(f"#{id}", Sheet)

    # What the learner does ----------------------------------------------------------------------

    @on(Input.Submitted)
    def action_derive(self) -> None:
        own = self._own
        if self._stands(own):
            self.send_for("deriving…", partial(self._session.derive, own), partial(self._show, own))

    def action_play(self) -> None:
        own = self._own
        if self._stands(own):
            self.send_for("making questions…", partial(self._session.lesson_of, own), self._play)

    def _stands(self, own: Own) -> bool:
        """Whether this can be derived; where not, say why and go to the line that it is about."""
        if self.sent:
            return False
        found = own.refusal()
        if found is None:
            return True
        id, told = found
        self._sheet(f"{id}-said").show(self._refused(id, told))
        self.query_one(f"#{id}", Answer).focus()
        return False

    def _show(self, own: Own, found: tuple[Working, ...] | str) -> None:
        if isinstance(found, str):
            self._sheet("said").show([blank(), paragraph(words(found, "$care"), MARGIN)])
            return
        self._derived, self._workings = own, found
        parts: list[Part] = []
        for by, shown in zip(own.variables, found, strict=True):
            parts += [blank(), paragraph(words(f"By {by}", "bold $accent"), 1), blank(), *working(shown)]
        self._sheet("said").show(parts)
        self.query_one("#page").scroll_home(animate=False)

    def _play(self, found: object) -> None:
        if isinstance(found, str):
            self._sheet("said").show([blank(), paragraph(words(found, "$care"), MARGIN)])
        else:
            self.post_message(Made(found))

    def action_other_kind(self) -> None:
        if not self.sent:
            self._kind = self._next_kind
            self.query_one("#formula-before", Static).update(_before(self._kind))
            self._typed()

    @property
    def _next_kind(self) -> str:
        return KINDS[(KINDS.index(self._kind) + 1) % len(KINDS)]

    def action_page(self, direction: int) -> None:
        page = self.query_one("#page", VerticalScroll)
        page.scroll_relative(y=direction * max(1, page.size.height - 1), animate=False)

    def action_leave(self) -> None:
        if self.sent:
            self._session.give_up()
        else:
            self.post_message(Left())


def _shifted(read: Reading) -> list[Part]:
    """The formula as it is read; what cannot be read is said under its own line."""
    return [blank(), *reading(read, margin=MARGIN)] if read.formula is not None else []


def _before(word: str) -> Content:
    return words(f" {word:>10} ❯ ")
