"""The list of lessons: what is done, started and open, and where to go on.

In: `Home`, which the app gives it. Out: `Chosen`. Decided here: how a lesson's state looks, and that letters
typed anywhere go into the search.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import Screen
from textual.widgets import Input, OptionList, Static
from textual.widgets.option_list import Option

from tutor.app.messages import Chosen, Wanted
from tutor.app.text import line, spaces, words
from tutor.app.widgets.answer import Search
from tutor.app.widgets.keys import Key, Keys
from tutor.app.widgets.sheet import Part, Sheet, paragraph, sides

if TYPE_CHECKING:
    from tutor.session import CourseCard, Home, LessonCard, Need

# A form and a word for each state; colour only underlines them.
MARKS = {
    "done": ("●", "done", "$good"),
    "started": ("◐", "started", "$accent"),
    "open": ("○", "open", "$quiet"),
    "broken": ("✗", "broken", "$bad"),
}
CONTINUE = "continue"


class LessonList(OptionList):
    """The lessons; the search above it has the keys."""

    can_focus = False


class HomeScreen(Screen[None]):
    """The lessons to choose from."""

    AUTO_FOCUS = "#search"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "back", show=False),
        Binding("f5", "derive", show=False),
    ]

    def __init__(self) -> None:
        super().__init__()
        self._home: Home | None = None
        self._found: dict[str, LessonCard] = {}
        self._listed: tuple[Home, int, str] | None = None

    def compose(self) -> ComposeResult:
        yield Sheet([sides(words("mctutor", "bold"), words("a tutor for matrix calculus", "$quiet"))], id="header")
        with Horizontal(id="line"):
            yield Static(" / ", id="prompt", markup=False)
            yield Search(placeholder="search", id="search", compact=True, select_on_focus=False)
        with Horizontal(id="found"):
            yield LessonList(id="lessons", compact=True, markup=False)
            yield Sheet(id="details")
        yield Keys(id="keys")

    def on_mount(self) -> None:
        self._offer_keys()

    def on_resize(self, event: events.Resize) -> None:
        self.call_after_refresh(self._list)

    def show(self, home: Home) -> None:
        """Show the lessons as they are now."""
        self._home = home
        self._list()

    # The list -----------------------------------------------------------------------------------

    def _list(self) -> None:
        """Fill the list anew where it is to show something else, with the highlight on the lesson where it was."""
        if self._home is None:
            return
        options = self.query_one(OptionList)
        width = max(20, options.scrollable_content_region.width)
        listed = self._home, width, self.query_one(Search).value
        if listed == self._listed:
            return
        self._listed = listed
        chosen = self._highlighted_id()
        self._found = {}
        options.clear_options()
        options.add_options(self._options(width))
        ids = [option.id for option in options.options]
        first = next((k for k, option in enumerate(options.options) if not option.disabled), None)
        options.highlighted = ids.index(chosen) if chosen and chosen in ids else first
        self._show_details()

    def _options(self, width: int) -> Iterator[Option]:
        home = self._home
        assert home is not None
        wanted = self.query_one(Search).value.casefold().split()
        for notice in home.notices:
            yield Option(words(notice, "$care"), disabled=True)
        if home.resume and not wanted:
            yield self._option(CONTINUE, home.resume, _continue(home.resume, width))
            yield Option(Content(""), disabled=True)
        for course in home.courses:
            yield from self._course(course, wanted, width)
        if not self._found:
            nothing = "No lesson has these words." if wanted else "There are no lessons here."
            yield Option(words(nothing, "$quiet"), disabled=True)

    def _course(self, course: CourseCard, wanted: Sequence[str], width: int) -> Iterator[Option]:
        units = [(unit, [card for card in unit.lessons if _fits(card, wanted)]) for unit in course.units]
        if wanted and not any(cards for _, cards in units):
            return
        done = sum(card.mark == "done" for card in course.lessons)
        count = words(f"{done} of {len(course.lessons)} done", "$quiet")
        (head,) = sides(words(course.title, "bold"), count)(width)
        yield Option(head, disabled=True)
        if course.trouble:
            yield Option(words(f"  ✗ {course.trouble}", "$bad"), disabled=True)
        for unit, cards in units:
            if cards:
                yield Option(words(f" {unit.title}", "$quiet"), disabled=True)
            for card in cards:
                yield self._option(f"{card.course}/{card.id}", card, _row(card, width))
        yield Option(Content(""), disabled=True)

    def _option(self, id: str, card: LessonCard, prompt: Content) -> Option:
        self._found[id] = card
        return Option(prompt, id=id)

    def _highlighted_id(self) -> str | None:
        option = self.query_one(OptionList).highlighted_option
        return option.id if option else None

    @property
    def _highlighted(self) -> LessonCard | None:
        return self._found.get(self._highlighted_id() or "")

    def _show_details(self) -> None:
        card = self._highlighted
        self.query_one("#details", Sheet).show(_details(card) if card else [])

    def tell(self, message: str) -> None:
        """Say something about the lesson that was chosen, until another one is highlighted."""
        self.query_one("#details", Sheet).show([paragraph(words(message, "$bad"), 1)])

    # What the learner does ----------------------------------------------------------------------

    @on(OptionList.OptionHighlighted)
    def _moved(self) -> None:
        self._show_details()

    @on(OptionList.OptionSelected)
    @on(Input.Submitted)
    def _chosen(self) -> None:
        card = self._highlighted
        if card is not None:
            self.post_message(Chosen.card(card))
            self.query_one(Search).value = ""

    @on(Input.Changed)
    def _searched(self) -> None:
        self._list()
        self._offer_keys()

    def action_walk(self, step: str) -> None:
        """Move in the list: `step` is one of its own actions."""
        getattr(self.query_one(OptionList), f"action_{step}")()

    def action_choose(self) -> None:
        self._chosen()

    def action_derive(self) -> None:
        self.post_message(Wanted())

    def action_back(self) -> None:
        """Out of the search, and then out of the program."""
        search = self.query_one(Search)
        if search.value:
            search.value = ""
        else:
            self.app.exit()

    def _offer_keys(self) -> None:
        searching = bool(self.query_one(Search).value)
        self.query_one(Keys).offer(
            [
                Key("⏎", "open", "screen.choose"),
                Key("↑↓", "choose", "screen.walk('cursor_down')", rank=1),
                *([] if searching else [Key("/", "search", "")]),
                Key("F5", "derive a formula", "screen.derive", rank=1),
                Key("F1", "help", "app.help"),
                Key("F8", "light or dark", "app.other_theme", rank=2),
                Key("Esc", "all lessons" if searching else "quit", "screen.back"),
            ]
        )


def _fits(card: LessonCard, wanted: Sequence[str]) -> bool:
    text = f"{card.title} {card.id} {card.summary}".casefold()
    return all(word in text for word in wanted)


def _continue(card: LessonCard, width: int) -> Content:
    word = "Continue" if card.mark == "started" else "Begin"
    place = f"step {min(card.behind + 1, card.steps)} of {card.steps}  ⏎ "
    (row,) = sides(line(("▶ ", "$accent"), (f"{word:<9} ", "bold $accent"), (card.title, "bold")), words(place))(width)
    return row


def _row(card: LessonCard, width: int) -> Content:
    sign, word, style = MARKS[card.mark]
    left = line(spaces(1), (f" {sign} ", style), (f"{word:<8} ", style), card.title)
    (row,) = sides(left, words(_extent(card), "$quiet"))(width)
    return row


def _extent(card: LessonCard) -> str:
    if card.mark == "broken":
        return ""
    steps = f"{card.behind} of {card.steps} steps" if card.mark == "started" else f"{card.steps} steps"
    return f"{steps} · {card.minutes} min " if card.minutes else f"{steps} "


def _details(card: LessonCard) -> list[Part]:
    parts = [
        paragraph(line((card.title, "bold"), ("   " + card.id, "$quiet")), 1),
        paragraph(words(card.summary), 1),
    ]
    if card.trouble:
        return [*parts, paragraph(words(f"✗ {card.trouble}", "$bad"), 1)]
    if card.needs:
        parts.append(paragraph(line(("Needs ", "$quiet"), *map(_need, card.needs)), 1))
    return parts


def _need(need: Need) -> Content:
    sign = (" ● ", "$good") if need.done else (" ○ ", "$quiet")
    return line(sign, need.title, (" done " if need.done else " ", "$quiet"))
