"""One learner at work, without a screen: what can be opened, a lesson being played, what is said.

`Session` is the learner, `Run` a lesson at work; all else are values to show. Nothing heavy is imported with
this package: the language and the lessons come in when they are used.
"""

from tutor.session.learner import THEMES, Session
from tutor.session.maths import Maths, complete, notation
from tutor.session.own import KINDS, Own
from tutor.session.run import Clock, Grader, Run
from tutor.session.shown import (
    BoardLine,
    CourseCard,
    Declared,
    Edge,
    Feedback,
    Formula,
    Handed,
    Home,
    Item,
    Judged,
    LessonCard,
    Need,
    Reading,
    StepView,
    Summary,
    Table,
    UnitCard,
    Way,
    Witness,
    WorkedLine,
    Working,
)
from tutor.session.ways import grid_cells, grid_text, numbers_in, numbers_text

__all__ = [
    "KINDS",
    "THEMES",
    "BoardLine",
    "Clock",
    "CourseCard",
    "Declared",
    "Edge",
    "Feedback",
    "Formula",
    "Grader",
    "Handed",
    "Home",
    "Item",
    "Judged",
    "LessonCard",
    "Maths",
    "Need",
    "Own",
    "Reading",
    "Run",
    "Session",
    "StepView",
    "Summary",
    "Table",
    "UnitCard",
    "Way",
    "Witness",
    "WorkedLine",
    "Working",
    "complete",
    "grid_cells",
    "grid_text",
    "notation",
    "numbers_in",
    "numbers_text",
]
