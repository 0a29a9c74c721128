"""The judge in a child process: a time limit that holds, and a fresh child after it.

In: requests. Out: replies, within the limit or as `undecided`. The child gives an answer up by itself a little
before the limit, and keeps what it knows; one that does not is ended and replaced. Nothing is imported here
that the child alone needs, so that a screen can start one without delay.
"""

from __future__ import annotations

import contextlib
import importlib
import json
import os
import queue
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from typing import Any, BinaryIO

from tutor.marking.reply import Reply

LIMIT = 2.0  # seconds for one answer
ERRAND_LIMIT = 20.0  # seconds for an errand, which may have many questions to judge
AFTER = 0.5  # seconds for what comes after a verdict: for what explains it, and for the tutor's own formula
_SOFT = 0.85  # the part of the limit after which the child gives up by itself
_START = 60.0  # seconds that a child may take to be ready
MEMORY = 1 << 30  # bytes that a child may grow by

GIVEN_UP = "The time limit was reached before this was proved or refuted. It does not count."
CANCELLED = "You stopped waiting. It does not count."
FAILED = "The tutor failed on this answer; it does not count. Please report it."


class Worker:
    """A judge in a child process. Its methods may be called from any thread; requests go one at a time.

    `errands` names a module whose table ERRANDS says what else the child can be sent for: each takes a request
    and gives what JSON can hold.
    """

    def __init__(self, limit: float = LIMIT, errands: str = "") -> None:
        self.limit = limit
        self._errands = errands
        self._turn = threading.Lock()
        self._guard = threading.Lock()
        self._child: _Child | None = None
        self._cancelled = False

    def start(self) -> None:
        """Start the child and return at once."""
        self._alive()

    def grade(self, request: Mapping[str, Any], first: Callable[[Reply], None] | None = None) -> Reply:
        """The reply to one request; `undecided` where the limit was reached or `cancel` was called.

        `first` is called with what is known so far, the verdict at first, wherever there is more to come.
        """
        answer = self._sent({"request": dict(request)}, self.limit, first)
        if isinstance(answer, str):
            ms = self.limit * 1000 if answer == GIVEN_UP else 0.0
            return Reply("undecided", id=request.get("id"), message=answer, ms=ms)
        return Reply.from_json(answer)

    def run(self, errand: str, request: Mapping[str, Any]) -> dict[str, Any]:
        """What an errand gives; `{"problem": {"message": …}}` where it was given up."""
        answer = self._sent({"errand": errand, "request": dict(request)}, ERRAND_LIMIT)
        return _undone(answer) if isinstance(answer, str) else answer

    def _sent(
        self, asked: Mapping[str, Any], limit: float, first: Callable[[Reply], None] | None = None
    ) -> dict[str, Any] | str:
        """What the child says; or why it says nothing."""
        with self._turn:
            self._cancelled = False
            for _ in range(2):
                child = self._alive()
                try:
                    answer = child.ask(asked, limit, first)
                except _Ended:
                    if self._cancelled:
                        return CANCELLED
                    continue
                if answer is None:
                    self._replace(child)
                    return GIVEN_UP
                return answer
            return FAILED

    def cancel(self) -> None:
        """Give up the request that is being worked on."""
        with self._guard:
            child = self._child
            if child is None or not child.busy:
                return
            self._cancelled = True
        self._replace(child)

    def close(self) -> None:
        with self._guard:
            child, self._child = self._child, None
        if child is not None:
            child.end()

    def _alive(self) -> _Child:
        with self._guard:
            if self._child is not None and not self._child.is_alive:
                self._child.end()
                self._child = None
            if self._child is None:
                self._child = _Child(self._errands)
            return self._child

    def _replace(self, child: _Child) -> None:
        """End a child and start the next one before it is needed."""
        child.end()
        with self._guard:
            if self._child is child:
                self._child = _Child(self._errands)


def _undone(why: str) -> dict[str, Any]:
    """What an errand gives that came to nothing: the reasons speak of answers, and this was none."""
    reasons = {
        GIVEN_UP: "This took too long and was given up.",
        CANCELLED: "You stopped waiting.",
        FAILED: "The tutor failed here. Please report it.",
    }
    return {"problem": {"message": reasons.get(why, why.removesuffix(" It does not count."))}}


class _Ended(Exception):  # noqa: N818 - the child is gone
    pass


class _Child:
    """One child process, with a thread that reads what it says."""

    def __init__(self, errands: str) -> None:
        self.busy = False
        self._process = subprocess.Popen(
            [sys.executable, "-c", "import sys; from tutor.marking.worker import serve; serve(sys.argv[1])", errands],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            # Matrices are small here: threads would cost time, and memory that is bounded.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"},
            start_new_session=True,  # Ctrl-C on the terminal is for the program, not for its child
        )
        self._said: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        self._ready = False
        self._silent = False
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def is_alive(self) -> bool:
        # A process that has closed its output is as good as gone, before the system says so.
        return not self._silent and self._process.poll() is None

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            self._said.put(json.loads(line))
        self._said.put(None)

    def ask(
        self, asked: Mapping[str, Any], limit: float, first: Callable[[Reply], None] | None = None
    ) -> dict[str, Any] | None:
        """The child's reply; None past the limit. Raises _Ended where the child is gone.

        A verdict to which there is more goes to `first`; it stands where the rest does not come.
        """
        self.busy = True
        try:
            if not self._ready:
                self._next(_START)
                self._ready = True
            assert self._process.stdin is not None
            line = json.dumps({"limit": limit * _SOFT, **asked}) + "\n"
            self._process.stdin.write(line.encode())
            self._process.stdin.flush()
            said = self._next(limit)
            while said is not None and said.pop("more", False):
                if first is not None:
                    first(Reply.from_json(said))
                said = self._following() or said
            return said
        except (BrokenPipeError, OSError, ValueError):
            raise _Ended from None
        finally:
            self.busy = False

    def _following(self) -> dict[str, Any] | None:
        """What follows a verdict. A child that is late with it has no more turns: its replies would be a turn late."""
        with contextlib.suppress(_Ended):
            said = self._next(2 * AFTER)
            self._silent = said is None
            return said
        return None

    def _next(self, limit: float) -> dict[str, Any] | None:
        try:
            said = self._said.get(timeout=limit)
        except queue.Empty:
            return None
        if said is None:
            self._silent = True
            raise _Ended
        return said

    def end(self) -> None:
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            with contextlib.suppress(OSError):
                if pipe is not None:
                    pipe.close()


# -- the child ----------------------------------------------------------------------------------------------------


class _TimeUp(BaseException):
    """Raised by the alarm, wherever the work is; nothing but `serve` may catch it."""


def serve(errands: str = "") -> None:
    """The child: one JSON object a line in, one a line out, until the input ends."""
    requests, replies = sys.stdin.buffer, sys.stdout.buffer
    sys.setrecursionlimit(20_000)
    from tutor.marking.grade import Grader

    grader = Grader()
    grader.warm_up()
    _bound_memory()
    _say(replies, {"ready": True})
    for line in requests:
        asked = json.loads(line)
        if "errand" in asked:
            _say(replies, _ran(errands, asked["errand"], asked["request"], asked["limit"]))
        else:
            for reply in _answered(grader, asked["request"], asked["limit"]):
                _say(replies, reply)


def _answered(grader: Any, request: Mapping[str, Any], limit: float) -> Iterator[dict[str, Any]]:
    """What is said of an answer: the verdict, and where there is `more` to it, the same with what explains it."""
    replies = grader.replies(request)
    first = _within(limit, lambda: next(replies))
    if isinstance(first, str):
        grader.forget(request)
        spent = limit * 1000 if first is GIVEN_UP else 0.0
        yield Reply("undecided", id=request.get("id"), message=first, ms=spent).to_json()
        return
    reply, more = first
    while more:
        yield {**reply.to_json(), "more": True}
        following = _within(AFTER, lambda: next(replies))
        # What fails or takes too long after the verdict leaves what was said before.
        reply, more = (reply, False) if isinstance(following, str) else following
    yield reply.to_json()


def _ran(errands: str, name: str, request: Mapping[str, Any], limit: float) -> dict[str, Any]:
    done = _within(limit, lambda: importlib.import_module(errands).ERRANDS[name](request))
    return done if isinstance(done, dict) else _undone(done)


def _within(limit: float, work: Callable[[], Any]) -> Any:
    """What some work gives; or, as a text, why it was given up."""
    try:
        with _alarm(limit):
            return work()
    except _TimeUp:
        return GIVEN_UP
    except MemoryError:
        return "This takes more memory than an answer may. It does not count."
    except RecursionError:
        return "This is nested too deeply to be judged. It does not count."
    except Exception:  # a fault of the tutor must not end the filter
        return FAILED


@contextlib.contextmanager
def _alarm(limit: float) -> Iterator[None]:
    """Raise _TimeUp after `limit` seconds, where the system has alarms; elsewhere the parent's limit is alone."""
    if not hasattr(signal, "setitimer"):
        yield
        return

    def ring(number: int, frame: object) -> None:
        raise _TimeUp

    signal.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, limit)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _bound_memory() -> None:
    """Let this process grow by MEMORY and no more, where the system can say how large it is."""
    try:
        import resource

        with open("/proc/self/statm") as status:
            size = int(status.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (size + MEMORY, size + MEMORY))
    except (ImportError, OSError, ValueError):
        return


def _say(replies: BinaryIO, what: Mapping[str, Any]) -> None:
    replies.write(json.dumps(what).encode() + b"\n")
    replies.flush()
