"""A formula of one's own: read while it is typed, derived, played as a lesson.

In: three texts as they stand on the screen: the formula, the variables to differentiate by, the declarations. Out:
readings, workings, a lesson; refusals with the text that they are about and the place in it.
Decided here: how declarations are written on one line: `w, x: vector n; b: scalar; z = w·x + b`.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from tutor.session.maths import live
from tutor.session.shown import Reading, Working
from tutor.session.smaller import Errand, derived
from tutor.session.working import from_json

if TYPE_CHECKING:
    from tutor.course.lesson import Lesson
    from tutor.language.scope import Scope
    from tutor.problem import Problem

COURSE = "derived"
"""The course under which lessons from formulas are remembered. No folder of lessons can have this name's place:
what is in it is not listed."""

KINDS = ("derivative", "gradient", "hessian")

Field = Literal["formula", "by", "declared"]


@dataclass(frozen=True, slots=True)
class Own:
    """What the learner wants derived, as it is typed. `kind` is one of KINDS; `by` may name several variables."""

    formula: str = ""
    by: str = ""
    declared: str = ""
    kind: str = "derivative"

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables to differentiate by, one derivation each."""
        return tuple(filter(None, (name.strip() for name in self.by.split(","))))

    def read(self, field: Field) -> Reading:
        """How one of the texts is understood. Quick enough for every key."""
        text: str = getattr(self, field)
        if field == "declared":
            scope = _scope(text)
            return Reading(text) if not _is_problem(scope) else live(text, scope)  # type: ignore[arg-type]
        if not text.strip():
            return Reading(text)
        return self._read_by() if field == "by" else self._read_formula()

    def refusal(self) -> tuple[Field, Reading] | None:
        """The first thing that stands in the way of deriving this, and in which of the texts."""
        if not self.formula.strip():
            return "formula", Reading(self.formula, message="Type a formula first, such as max(0, w·x + b).")
        fields: tuple[Field, ...] = ("declared", "formula", "by")
        for field in fields:
            reading = self.read(field)
            if reading.message:
                return field, reading
        if not self.variables:
            return "by", Reading(self.by, message="By which variable? Several are separated by commas.")
        return None

    def request(self, by: str) -> dict[str, Any]:
        """The question in its neutral form, for one of the variables."""
        variables, define = _tables(self.declared)
        ask = {self.kind: self.formula.strip(), "wrt": by}
        return {"variables": {**self._inferred(), **variables}, "define": define, "ask": ask, "layout": "numerator"}

    def derive(self, run: Errand) -> tuple[Working, ...] | str:
        """One derivation for each variable, or why there is none. It takes its time; any thread may."""
        workings = []
        for by in self.variables:
            found = run("working", self.request(by))
            if "problem" in found:
                return f"By {by}: {found['problem']['message']}"
            workings.append(from_json(found))
        return tuple(workings)

    def lesson(self, run: Errand) -> Lesson | str:
        """The same in questions, by the first variable. It takes its time; any thread may."""
        request = self.request(self.variables[0])
        spelled = json.dumps(request, ensure_ascii=False, sort_keys=True)
        id = hashlib.sha256(spelled.encode("utf-8", "surrogatepass")).hexdigest()[:12]
        return derived(run("lesson", request), id, COURSE)

    @property
    def taken(self) -> str:
        """What names that are not declared are taken for, in words; empty where all are declared."""
        from tutor.language.infer import in_words

        types = self._inferred()
        return in_words(types) if types else ""

    def _inferred(self) -> Mapping[str, str]:
        """The types of the names that are not declared; none where they cannot be told."""
        from tutor.language.infer import inferred
        from tutor.problem import Problem

        variables, define = _tables(self.declared)
        found = inferred(self.formula, self.variables[0] if self.variables else self.formula, variables, define)
        return {} if isinstance(found, Problem) else found

    def _scope(self) -> Scope | Problem:
        """What is declared, and what the other names are taken for."""
        from tutor.language.scope import Scope

        scope = _scope(self.declared)
        if _is_problem(scope) or not (types := self._inferred()):
            return scope
        variables, define = _tables(self.declared)
        return Scope.declare({**types, **variables}, define)

    def _read_formula(self) -> Reading:
        from tutor.language.read import read

        scope = self._scope()
        if _is_problem(scope):
            return Reading(self.formula)
        return live(self.formula, _advised(read(self.formula, scope), self.formula))  # type: ignore[arg-type]

    def _read_by(self) -> Reading:
        """The names of the variables; the first that cannot be read, with its place."""
        from tutor.language.read import read
        from tutor.problem import Problem

        scope = self._scope()
        if isinstance(scope, Problem):
            return Reading(self.by)
        for found in re.finditer(r"[^,]+", self.by):
            lead = len(found[0]) - len(found[0].lstrip())
            expr = read(found[0].strip(), scope) if found[0].strip() else None
            if isinstance(expr, Problem):
                expr = _advised(expr, found[0].strip())
                return live(self.by, expr.shifted(found.start() + lead))
        return Reading(self.by)


def _advised(found: Any, text: str) -> Any:
    """What was read; of a name that nothing declares, the problem says what to write."""
    if not _is_problem(found) or found.code != "unknown-name" or found.span is None:
        return found
    name = text[found.span.start : found.span.end]
    return replace(found, message=f"Nothing says what {name} is. Say it below, such as {name}: vector n.")


def _is_problem(found: object) -> bool:
    from tutor.problem import Problem

    return isinstance(found, Problem)


def _scope(text: str) -> Scope | Problem:
    """What a line of declarations declares; or the problem with it, with its place in the line."""
    from tutor.language.scope import Scope
    from tutor.problem import Problem
    from tutor.source import Span

    variables: dict[str, str] = {}
    scope = Scope.declare({})
    for start, names, sign, meaning, at in _items(text):
        if not sign or not names:
            item = text[start:].partition(";")[0].strip()
            message = "A declaration is written `w: vector n`, a definition `z = w·x + b`, with ; between them."
            return Problem("bad-type", message, Span(start, start + max(1, len(item))), ("w: vector n", "b: scalar"))
        assert not isinstance(scope, Problem)
        if sign == "=":
            scope = scope.defining(names[0], meaning)
        else:
            variables |= dict.fromkeys(names, meaning)
            declared = Scope.declare(variables)
            scope = declared if isinstance(declared, Problem) else replace(scope, variables=declared.variables)
        if isinstance(scope, Problem):
            place = scope.span or Span(0, max(1, len(meaning)))
            return replace(scope, span=place.shifted(at))
    return scope


def _tables(text: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The variables with their types, and the definitions."""
    variables: dict[str, str] = {}
    define: dict[str, str] = {}
    for _, names, sign, meaning, _ in _items(text):
        (define if sign == "=" else variables).update(dict.fromkeys(names, meaning))
    return variables, define


def _items(text: str) -> Iterator[tuple[int, tuple[str, ...], str, str, int]]:
    """The declarations: where each begins, its names, `:` or `=`, what they mean, and where that begins."""
    for found in re.finditer(r"[^;]+", text):
        item = found[0]
        if not item.strip():
            continue
        lead = found.start() + len(item) - len(item.lstrip())
        parts = re.fullmatch(r"([^:=]*)([:=])(.*)", item, re.DOTALL)
        if parts is None:
            yield lead, (), "", "", lead
            continue
        names = tuple(filter(None, (name.strip() for name in parts[1].split(","))))
        at = found.start() + parts.start(3) + len(parts[3]) - len(parts[3].lstrip())
        yield lead, names, parts[2], parts[3].strip(), at
