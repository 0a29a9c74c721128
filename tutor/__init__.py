"""text → typed expression → derivative → verdict → feedback → screen.

For Python users: `check` judges one answer, `derive` derives one formula, `read` reads one. All are loaded on
first use.
"""

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"
__all__ = ["__version__", "check", "derive", "read"]

if TYPE_CHECKING:
    from tutor.language.read import read
    from tutor.marking.grade import check
    from tutor.marking.reference import derive

_HOMES = {"check": "tutor.marking.grade", "derive": "tutor.marking.reference", "read": "tutor.language.read"}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
