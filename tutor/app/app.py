"""The program on the screen.

In: folders of lessons and the folder of the learner's memory. Out: screens, one over the other. Decided
here: what is loaded when: the list of lessons at once, everything that can do mathematics only after the
first picture is on the screen.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import App
from textual.binding import Binding, BindingType
from textual.screen import Screen

from tutor.app.ascii import ascii_only
from tutor.app.messages import Chosen, Finished, Left, Made, Wanted
from tutor.app.screens.home import HomeScreen
from tutor.app.screens.small import SmallScreen, fits
from tutor.app.themes import DARK, THEMES, VARIABLES

if TYPE_CHECKING:
    from tutor.session import Run, Session


class TutorApp(App[None]):
    """A session on the screen. `start` makes the session, after the first picture."""

    CSS_PATH = "app.tcss"
    TITLE = "mctutor"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]  # noqa: RUF012 - as Textual declares it
    VERTICAL_BREAKPOINTS = [(0, "-short"), (30, "-middle"), (42, "-tall")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("f1,question_mark", "help", show=False),
        Binding("f8", "other_theme", show=False),
    ]

    def __init__(self, start: Callable[[], Session]) -> None:
        super().__init__()
        self._start = start
        self._session: Session | None = None
        self._run: Run | None = None
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    def get_theme_variable_defaults(self) -> dict[str, str]:
        return VARIABLES

    def get_default_screen(self) -> Screen[None]:
        return HomeScreen()

    def on_mount(self) -> None:
        self.set_class(ascii_only(), "-ascii")
        self.call_after_refresh(self._begin)

    def on_unmount(self) -> None:
        if self._session is not None:
            self._session.close()

    def _begin(self) -> None:
        """Open the session and list the lessons; get the rest ready while the learner looks at them."""
        self._session = session = self._start()
        self.theme = f"mctutor-{session.theme}"
        self._home_screen.show(session.home())
        self.run_worker(session.warm, thread=True, exit_on_error=False)
        if session.asked_for is not None:
            self.post_message(Chosen(session.asked_for.course, session.asked_for.id))

    @property
    def _home_screen(self) -> HomeScreen:
        home = self.screen_stack[0]
        assert isinstance(home, HomeScreen)
        return home

    # Screens ------------------------------------------------------------------------------------

    @on(Chosen)
    def _chosen(self, event: Chosen) -> None:
        if self._session is None:
            return
        run = self._session.open(event.course, event.lesson)
        if isinstance(run, str):
            self._back_home()
            self._home_screen.tell(f"This lesson cannot be opened: {run}")
            return
        self._play(run)

    def _play(self, run: Run) -> None:
        self._run = run
        self._back_home()
        self.push_screen(self.lesson_screen(run))

    def lesson_screen(self, run: Run) -> Screen[None]:
        """The screen for a lesson at work."""
        from tutor.app.screens.lesson import LessonScreen

        return LessonScreen(run)

    @on(Wanted)
    def _wanted(self) -> None:
        from tutor.app.screens.derive import DeriveScreen

        if self._session is not None:
            self.push_screen(DeriveScreen(self._session))

    @on(Made)
    def _made(self, event: Made) -> None:
        if self._session is not None:
            self._play(self._session.play(event.lesson))

    @on(Left)
    def _left(self) -> None:
        self._back_home()
        if self._session is not None:
            self._home_screen.show(self._session.home())

    @on(Finished)
    def _finished(self) -> None:
        from tutor.app.screens.end import EndScreen

        if self._session is None or self._run is None:
            return
        run, home = self._run, self._session.home()
        self._back_home()
        self._home_screen.show(home)
        self.push_screen(EndScreen(run.summary, home.after(run.course, run.id)))

    def _back_home(self) -> None:
        while len(self.screen_stack) > 1:
            self.pop_screen()

    def action_help(self) -> None:
        from tutor.app.screens.help import HelpScreen
        from tutor.session import notation

        if not isinstance(self.screen, HelpScreen | SmallScreen):
            self.push_screen(HelpScreen(notation()))

    def action_other_theme(self) -> None:
        light = self.theme == DARK.name
        self.theme = THEMES[1].name if light else DARK.name
        if self._session is not None:
            self._session.theme = "light" if light else "dark"

    def action_help_quit(self) -> None:
        """Ctrl+C ends the program, as everywhere; nothing is lost by it."""
        self.exit()

    # Room ---------------------------------------------------------------------------------------

    def on_resize(self) -> None:
        # Later: the size that a screen is given when it comes to the front is not the new one yet.
        self.call_later(self._make_room)

    def _make_room(self) -> None:
        """Lay the polite request over the work where there is too little room, and take it away again."""
        small = isinstance(self.screen, SmallScreen)
        if fits(self.size) and small:
            self.pop_screen()
        elif not fits(self.size) and not small:
            self.push_screen(SmallScreen())


def run(paths: Sequence[Path] | None, home: Path, seed: int | None = None) -> None:
    """Play the lessons at `paths`, or all that are found; what is done is kept in `home`."""

    def start() -> Session:
        from tutor.session import Session

        return Session.start(paths, home, seed=seed)

    TutorApp(start).run()
