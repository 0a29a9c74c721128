"""A lesson on the screen: the board, the step, the question, the answer line, and what is said.

In: a run of a lesson. Out: what the learner does, told to the run, and `Left` or `Finished`. Decided here:
which keys matter at which moment, and that judging happens in a thread while the screen goes on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, Static

from tutor.app.messages import AnswerChanged, AnswerHandedIn, Finished, JudgeFailed, Left, WasAnnounced, WasJudged
from tutor.app.screens.picture import PictureScreen
from tutor.app.screens.sender import PATIENCE, Sender
from tutor.app.text import words
from tutor.app.widgets import step
from tutor.app.widgets.answer import Answer
from tutor.app.widgets.board import board
from tutor.app.widgets.context import graph, names_column, names_line
from tutor.app.widgets.feedback import feedback
from tutor.app.widgets.giving import Giving
from tutor.app.widgets.keys import Key, Keys
from tutor.app.widgets.picture import drawn
from tutor.app.widgets.reading import MARGIN, reading
from tutor.app.widgets.sheet import Part, Sheet, blank, paragraph
from tutor.session import Feedback, Handed, Run, Working, complete

PAUSE = 0.2
"""Seconds without a key after which the unfinished text is written down."""


MOST_NAMES, MOST_ASKED = 3, 8
"""Rows for the declared names and for the question, at most."""

LEAST_PAGE, LEAST_REPLY = 3, 6


def shares(room: int, page: int, reply: int, least_reply: int = LEAST_REPLY) -> tuple[int, int]:
    """How many of the rows that are left go to the page and to the reply, which want so many.

    The reply gets what it needs first, for it is what was just asked for; then the page; what is then
    left stays empty under the reply. The reply's least height keeps the lines above from moving at a key.
    """
    least = min(LEAST_PAGE, page)
    reply = min(max(reply, least_reply), max(1, room - least))
    page = max(1, min(page, room - reply))
    return page, max(1, room - page)


class Work(Vertical):
    """The part of the screen that is worked in. It tells when it has another size, all else being laid out."""

    class Resized(Message):
        """The part has another size now."""

    def on_resize(self) -> None:
        self.post_message(self.Resized())


class LessonScreen(Sender):
    """One lesson at work; `within` a step of another one, it is left to that step."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "go_on", show=False),
        Binding("f2", "hint", show=False),
        Binding("f3", "break_down", show=False),
        Binding("f4", "reveal", show=False),
        Binding("f5", "previous", show=False),
        Binding("f6", "next", show=False),
        Binding("f7", "redo", show=False),
        Binding("f9", "picture", show=False),
        Binding("ctrl+r", "doubt", show=False),
        Binding("pageup", "page(-1)", show=False),
        Binding("pagedown", "page(1)", show=False),
        Binding("escape", "leave", show=False),
    ]

    def __init__(self, run: Run, within: bool = False) -> None:
        super().__init__()
        self._run = run
        self._within = within
        self._view = run.here
        self._said: Feedback | None = None
        self._waiting: Handed | None = None
        self._slow: Timer | None = None
        self._pause: Timer | None = None
        self._typed = self._view.draft

    def compose(self) -> ComposeResult:
        yield Sheet(id="header")
        with Horizontal():
            with Work(id="work"):
                yield Sheet(id="names")
                with VerticalScroll(id="page", can_focus=False):
                    yield Sheet(id="board")
                    yield Sheet(id="text")
                    yield Sheet(id="hints")
                with VerticalScroll(id="asked", can_focus=False):
                    yield Sheet(id="question")
                with Horizontal(id="line"):
                    yield Static(words(" ❯ "), id="prompt")
                    yield Giving(complete, id="giving")
                with VerticalScroll(id="reply", can_focus=False):
                    yield Sheet(id="said")
            with VerticalScroll(id="beside", can_focus=False):
                yield Sheet(id="column")
                yield Sheet(id="picture")
        yield Keys(id="keys")

    def on_mount(self) -> None:
        self._show_step()

    def on_unmount(self) -> None:
        # By now the answer line is gone; what stood in it is not.
        self._keep_draft()

    @on(Work.Resized)
    def _make_room(self) -> None:
        """Lay out anew what depends on the room there is."""
        self._show_board()
        self._share_out()
        self.offer_keys()
        self.call_after_refresh(self._show_step_text)

    # Showing ------------------------------------------------------------------------------------

    def _show_step(self) -> None:
        """Show the step that the run is at, from nothing."""
        self._view = view = self._run.here
        self._said = view.feedback
        self._sheet("header").show([step.header(self._run.title, self._run.id, view)])
        self._sheet("names").show(names_line(self._run.declared))
        self._sheet("picture").show([drawn(self._run, lambda width: width // 2)] if self._run.has_picture else [])
        self._sheet("text").show(self._text())
        self._show_question()
        self.set_class(view.question is None and not view.prompt, "-only-read")
        self._typed = view.draft
        self._answer.offer(view.way, self._run.maths.set)
        self._answer.begin(view.draft, self._run.earlier)
        self._show_board()
        self._show_hints()
        self._show_reply()
        if view.asks:
            self._answer.focus()
        else:
            self.set_focus(None)
        self.call_after_refresh(self._show_step_text)

    def _show_question(self) -> None:
        """The question, with the lines that stand below it: the last of them in sight."""
        self._sheet("question").show(self._question())
        asked = self.query_one("#asked", VerticalScroll)
        self.call_after_refresh(asked.scroll_end if self._view.way.lines else asked.scroll_home, animate=False)

    def _show_board(self) -> None:
        found = [] if self._run.has_picture else graph(self._run.graph)
        self._sheet("column").show([*names_column(self._run.declared), *found])
        lines = board(self._run.board, self.size.height // 2, self._view.id)
        self._sheet("board").show([*lines, blank()] if lines else [])

    def _show_hints(self) -> None:
        self._sheet("hints").show(step.help_with(self._view, self._run.notice, self._run.maths.set))

    def _show_reply(self) -> None:
        """What stands under the answer line: what was said, or how the text is read."""
        self._sheet("said").show(self._reply())
        self.query_one("#reply").scroll_home(animate=False)
        self._share_out()
        self.offer_keys()

    def _reply(self) -> list[Part]:
        set_maths = self._run.maths.set
        text = self._answer.value
        if self._view.trouble:
            return [paragraph(words(f"This step cannot be asked: {self._view.trouble}", "$bad"), MARGIN)]
        said = self._said
        if said is not None and (text == said.answer or (not text.strip() and said.verdict != "unreadable")):
            return feedback(said, set_maths, self._answer.hidden)
        return reading(self._run.read(text), self._answer.hidden)

    def _text(self) -> list[Part]:
        return step.text(self._view, self._run.maths.set)

    def _question(self) -> list[Part]:
        return step.question(self._view, self._run.maths.set)

    def _share_out(self) -> None:
        """Give the page and the reply the rows that are left: neither leaves a hole, both can be read."""
        work = self.query_one("#work")
        page, reply = self.query_one("#page"), self.query_one("#reply")
        width = work.size.width
        if not width:
            return
        wanted = sum(len(self._sheet(id).lines(width - 2)) for id in ("board", "text", "hints"))
        said = len(self._sheet("said").lines(width - 1)) + 1
        names = 0 if self.has_class("-wide") else len(self._sheet("names").lines(width - 2)) + 1
        given = self._answer.height_within(width - MARGIN)
        asked = 0 if self.has_class("-only-read") else len(self._sheet("question").lines(width)) + 2 + given
        room = work.size.height - min(names, MOST_NAMES + 1) - min(asked, MOST_ASKED + 2 + given)
        page.styles.height, reply.styles.height = shares(
            room, wanted + page.gutter.height, said, LEAST_REPLY if self._view.asks else 1
        )

    def _show_step_text(self) -> None:
        """The step's own text in sight: all of it where it fits, else its beginning."""
        page = self.query_one("#page", VerticalScroll)
        text, hints = self._sheet("text"), self._sheet("hints")
        if text.size.height + hints.size.height <= page.size.height or self._view.hints or self._view.learned:
            page.scroll_end(animate=False)
        else:
            page.scroll_to(y=self._sheet("board").size.height, animate=False)
        self.call_after_refresh(self.offer_keys)

    # Keys ---------------------------------------------------------------------------------------

    def offer_keys(self) -> None:
        self.query_one(Keys).offer(list(self._keys()))

    def _keys(self) -> Iterator[Key]:
        view = self._view
        if self._is_busy:
            yield Key("Esc", "wait no longer", "screen.leave")
            yield Key("F1", "help", "app.help")
            return
        may_go_on = self._may_go_on(self._answer.value)
        if may_go_on:
            finish = "back to the step" if self._within else "finish"
            is_last = self._is_last()
            yield Key("⏎", finish if is_last else "next step", "screen.go_on", short="" if is_last else "next")
        elif view.asks:
            yield Key("⏎", "check", "screen.go_on")
        if view.hints_left > 1:
            given, hints = len(view.hints), len(view.hints) + view.hints_left - 1
            yield Key("F2", f"hint {given + 1} of {hints}", "screen.hint", short=f"hint {given + 1}/{hints}")
        elif view.hints_left == 1:
            yield Key("F2", "last hint: the answer", "screen.hint")
        if view.state == "open" and view.asks:
            if view.smaller:
                yield Key("F3", "break down", "screen.break_down", rank=1, short="smaller")
            yield Key("F4", "answer", "screen.reveal", rank=2 if view.hints_left == 1 else 1)
        elif view.asks:
            if view.working:
                yield Key("F4", "working", "screen.reveal", rank=1)
            yield Key("F7", "redo", "screen.redo", rank=2)
        if self._may_be_doubted:
            yield Key("^R", "I am right", "screen.doubt", rank=1, short="dispute")
        if view.number > 1:
            yield Key("F5", "back", "screen.previous", rank=3)
        if view.number < view.furthest and not may_go_on:
            yield Key("F6", "on", "screen.next", rank=4)
        if view.asks:
            yield from self._answer.keys
        if self._run.has_picture and not self.has_class("-wide"):
            yield Key("F9", "picture", "screen.picture", rank=2)
        if self._has_more:
            yield Key("PgDn", "more", "screen.page(1)", rank=1)
        # Whoever has just read a verdict may want to doubt it; that there is help is known by then.
        yield Key("F1", "help", "app.help", rank=6 if self._may_be_doubted else 0)
        back = "back to the step" if self._within else "lessons"
        yield Key("Esc", back, "screen.leave", short="back" if self._within else "leave")

    @property
    def _is_busy(self) -> bool:
        """Whether something is waited for: a verdict, or what is derived."""
        return self.sent or self._waiting is not None

    @property
    def _may_be_doubted(self) -> bool:
        return self._said is not None and self._said.verdict in ("incorrect", "undecided")

    def _is_last(self) -> bool:
        return self._view.number == self._view.of

    def _may_go_on(self, text: str) -> bool:
        """Whether Enter goes on: the step is behind, and nothing new stands in the answer line."""
        if not self._view.asks:
            return True
        if self._said is None or not self._said.done:
            return False
        return not text.strip() or text == self._said.answer

    # What the learner does ----------------------------------------------------------------------

    @on(Input.Changed, "#answer")
    @on(AnswerChanged)
    def _text_changed(self) -> None:
        self._typed = self._answer.value
        if not self._waiting:
            self._show_reply()
        if self._pause:
            self._pause.stop()
        self._pause = self.set_timer(PAUSE, self._keep_draft)

    @on(Input.Submitted, "#answer")
    def _text_handed_in(self, event: Input.Submitted) -> None:
        self._enter(event.value)

    @on(AnswerHandedIn)
    def _handed_in(self) -> None:
        self._enter(self._answer.value)

    @on(Answer.NoSuchSymbol)
    def _no_such_symbol(self, event: Answer.NoSuchSymbol) -> None:
        self.say(f"No symbol is called {event.word}; F1 lists them.")

    def action_go_on(self) -> None:
        self._enter(self._answer.value)

    def _enter(self, text: str) -> None:
        """Enter was pressed when this stood in the answer line."""
        if self._is_busy:
            return
        if self._may_go_on(text):
            self._go_on()
        elif text.strip():
            self._hand_in(text)
        elif self._view.trouble:
            self.action_reveal()
        else:
            self.say("Give an answer first. F2 gives a hint, F4 shows the answer.")

    def _go_on(self) -> None:
        if self._run.next():
            self._show_step()
        elif self._within:
            self.dismiss()
        else:
            self.post_message(Finished())

    def action_hint(self) -> None:
        if self._is_busy or not self._view.hints_left:
            return
        self._keep_draft()
        if self._run.lacks("hints"):
            self.send_for("looking for a hint…", self._run.derive, self._hint_derived)
        else:
            self._run.hint()
            self._after_help()

    def _hint_derived(self, derived: Mapping[str, Any] | str) -> None:
        self._keep_derived(derived)
        if self._run.here.hints_left > 1:
            self._run.hint()
            self._after_help()
        else:
            self._after_help()
            self.say("No hint can be made for this step. F4 shows the answer.")

    def action_reveal(self) -> None:
        """Show the answer; where it is shown or found already, how one gets to it."""
        if self._is_busy or not self._view.asks:
            return
        if self._view.state != "open":
            if self._view.working:
                self.send_for("deriving…", self._run.working, self._show_working)
        elif self._run.lacks("answer"):
            self.send_for("deriving…", self._run.derive, self._answer_derived)
        else:
            self._run.reveal()
            self._after_help()

    def _answer_derived(self, derived: Mapping[str, Any] | str) -> None:
        self._keep_derived(derived)
        self._run.reveal()
        self._after_help()

    def _keep_derived(self, derived: Mapping[str, Any] | str) -> None:
        self._run.keep({} if isinstance(derived, str) else derived)

    def _show_working(self, found: Working | str) -> None:
        from tutor.app.screens.working import WorkingScreen

        self._show_reply()
        if isinstance(found, str):
            self.say(found)
        else:
            self.app.push_screen(WorkingScreen(self._view.title, found))

    def action_break_down(self) -> None:
        """Open smaller questions that lead to this one."""
        if not self._is_busy and self._view.smaller and self._view.state == "open":
            self._keep_draft()
            self.send_for("looking for smaller questions…", self._run.smaller, self._open_smaller)

    def _open_smaller(self, found: Any) -> None:
        if isinstance(found, str):
            self.say(f"{found} F2 gives a hint, F4 shows the answer.")
            return
        inner = self._run.within(found)
        self.app.push_screen(LessonScreen(inner, within=True), partial(self._back_from, inner))

    def _back_from(self, inner: Run, _: object) -> None:
        """The learner came back from the smaller questions: show what they found out."""
        self._run.learn(inner)
        self._show_step()

    def action_doubt(self) -> None:
        """Write down that the learner does not believe the verdict."""
        if not self._is_busy and self._may_be_doubted:
            self.say(self._run.dispute())

    def _after_help(self) -> None:
        """Show what a hint or the answer changed, and leave the rest alone."""
        self._view = self._run.here
        if self._view.state != "open":
            self._said = self._view.feedback
            self._answer.begin("", self._run.earlier)
        self._show_board()
        self._show_hints()
        self._show_reply()
        self.call_after_refresh(self._show_step_text)

    def action_redo(self) -> None:
        if not self._is_busy and self._view.asks and self._view.state != "open":
            self._run.redo()
            self._show_step()

    def action_picture(self) -> None:
        if self._run.has_picture:
            self.app.push_screen(PictureScreen(self._run))

    def action_previous(self) -> None:
        self._walk(self._run.previous)

    def action_next(self) -> None:
        self._walk(partial(self._run.go, self._view.number + 1))

    def _walk(self, move: Callable[[], bool]) -> None:
        if self._is_busy:
            return
        self._keep_draft()
        if move():
            self._show_step()

    def action_page(self, direction: int) -> None:
        """Scroll what has more to show: the reply where it does, else the page."""
        reply, page = self.query_one("#reply", VerticalScroll), self.query_one("#page", VerticalScroll)
        more = reply.scroll_y < reply.max_scroll_y if direction > 0 else reply.scroll_y > 0
        region = reply if more else page
        region.scroll_relative(y=direction * max(1, region.size.height - 1), animate=False)
        self.call_after_refresh(self.offer_keys)

    @property
    def _has_more(self) -> bool:
        regions = (self.query_one("#reply"), self.query_one("#page"))
        return any(region.scroll_y < region.max_scroll_y for region in regions)

    def action_leave(self) -> None:
        if self._is_busy:
            self._run.give_up()
            return
        self._keep_draft()
        if self._within:
            self.dismiss()
        else:
            self.post_message(Left())

    def _keep_draft(self) -> None:
        if self._pause:
            self._pause.stop()
            self._pause = None
        if self._view.asks and not self._waiting:
            for giving in self.query(Giving):
                self._typed = giving.value
            self._run.draft(self._typed)

    # Judging ------------------------------------------------------------------------------------

    def _hand_in(self, text: str) -> None:
        self._keep_draft()
        self._waiting = handed = self._run.hand_in(text)
        self._answer.remember(self._run.earlier)
        self._slow = self.set_timer(PATIENCE, self._say_checking)
        self.offer_keys()
        self.run_worker(partial(self._judge, handed), thread=True, exit_on_error=False)

    def _judge(self, handed: Handed) -> None:
        """In a thread of its own: wait for the verdict, and tell of it."""

        def announce(reply: object) -> None:
            self.post_message(WasAnnounced(handed, reply))

        try:
            judged = self._run.judge(handed, announce)
        except Exception as error:
            self.post_message(JudgeFailed(handed, error))
        else:
            self.post_message(WasJudged(handed, judged))

    def _say_checking(self) -> None:
        self._sheet("said").show([paragraph(words("checking…", "$quiet"), MARGIN)])

    @on(WasAnnounced)
    def _was_announced(self, event: WasAnnounced) -> None:
        """Show the verdict alone: what is said about it stands below, so that nothing moves when it comes."""
        if self._slow:
            self._slow.stop()
        self._said = self._run.announce(event.handed, event.reply)
        self._show_reply()

    @on(WasJudged)
    def _was_judged(self, event: WasJudged) -> None:
        self._stop_waiting()
        said = self._run.settle(event.handed, event.judged)
        self._view = self._run.here
        self._said = said
        if said.verdict == "follows":
            self._show_question()
            self._answer.begin("", self._run.earlier)
        self._show_board()
        self._show_hints()
        self._show_reply()
        self.call_after_refresh(self._show_step_text)

    @on(JudgeFailed)
    def _judge_failed(self, event: JudgeFailed) -> None:
        self._stop_waiting()
        error = event.error
        self._said = Feedback(
            "error",
            "The tutor failed here, not you: nothing is lost, and the answer does not count.",
            answer=event.handed.text,
            message=f"{type(error).__name__}: {error}",
        )
        self._show_reply()

    def _stop_waiting(self) -> None:
        self._waiting = None
        if self._slow:
            self._slow.stop()

    # Parts --------------------------------------------------------------------------------------

    def say(self, message: str) -> None:
        self._sheet("said").show([paragraph(words(message, "$quiet"), MARGIN)])

    def _sheet(self, id: str) -> Sheet:
        return self.query_one(f"#{id}", Sheet)

    @property
    def _answer(self) -> Giving:
        return self.query_one(Giving)
