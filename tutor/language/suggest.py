"""The known word that a mistyped one is likely to mean."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

from tutor.language.lexicon import GREEK, canonical

_LOOKS = str.maketrans({"ο": "o", "υ": "u", "ν": "v", "ρ": "p", "χ": "x", "κ": "k", "α": "a", "ω": "w", "μ": "u"})


def nearest(word: str, known: Iterable[str], most: int = 1) -> tuple[str, ...]:
    """Known words close to `word`: the other case first, then look-alikes, then small slips; maybe none."""
    words = sorted({w for w in known if w and w != word})
    folded = word.casefold()
    if same := [w for w in words if w.casefold() == folded]:
        return tuple(same[:most])
    if same := [w for w in words if w.translate(_LOOKS) == word or canonical(word).translate(_LOOKS) == w]:
        return tuple(same[:most])
    if len(word) < 2:
        return ()
    spelled = {
        spelling: GREEK.get(spelling, spelling)
        for spelling in [*words, *GREEK]
        if GREEK.get(spelling, spelling) in words
    }
    found = get_close_matches(word, spelled, n=most, cutoff=0.6)
    return tuple(dict.fromkeys(spelled[w] for w in found))
