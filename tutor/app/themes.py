"""Light and dark.

In: nothing. Out: two themes. Decided here: that the mathematics is the brightest thing on the screen, words
are next, and everything around them is quiet.
"""

from __future__ import annotations

from textual.theme import Theme

DARK_VARIABLES = {
    "maths": "#ffffff",
    "code": "#d7c08a",
    "quiet": "#7c8794",
    "good": "#6fcf97",
    "bad": "#ff8a80",
    "care": "#e5c07b",
    "accent": "#7cb7ff",
}
LIGHT_VARIABLES = {
    "maths": "#000000",
    "code": "#7a5200",
    "quiet": "#6b7280",
    "good": "#116b3a",
    "bad": "#b3261e",
    "care": "#8a5a00",
    "accent": "#1a56c4",
}

DARK = Theme(
    name="mctutor-dark",
    primary="#7cb7ff",
    accent=DARK_VARIABLES["accent"],
    foreground="#b9c2cc",
    background="#0e1116",
    surface="#0e1116",
    panel="#1a2029",
    success=DARK_VARIABLES["good"],
    warning=DARK_VARIABLES["care"],
    error=DARK_VARIABLES["bad"],
    variables=DARK_VARIABLES,
)
LIGHT = Theme(
    name="mctutor-light",
    primary="#1a56c4",
    accent=LIGHT_VARIABLES["accent"],
    foreground="#3d444d",
    background="#fdfcf9",
    surface="#fdfcf9",
    panel="#eceae3",
    success=LIGHT_VARIABLES["good"],
    warning=LIGHT_VARIABLES["care"],
    error=LIGHT_VARIABLES["bad"],
    dark=False,
    variables=LIGHT_VARIABLES,
)

THEMES = (DARK, LIGHT)
VARIABLES = DARK_VARIABLES
"""Used while any other theme is on, as for a moment at the start."""
