"""Options that several commands have.

In: a parser, or what was given for an option. Out: the options added, or the values read.
Decided here: how names are declared on the command line.
"""

from __future__ import annotations

import argparse
import sys


def parser_of(name: str, about: str, example: str) -> argparse.ArgumentParser:
    """A parser for one command; its help ends with an example."""
    return argparse.ArgumentParser(
        f"mctutor {name}",
        description=about,
        epilog=f"example:\n  {example}",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )


def on_a_terminal() -> bool:
    """Whether there is a screen to draw on, and keys to press."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def declarations(parser: argparse.ArgumentParser) -> None:
    """Adds the options that say what the names in a formula are."""
    parser.add_argument(
        "--let", metavar="NAME: TYPE", action="append", default=[], help="declare a variable, such as 'w: vector n'"
    )
    parser.add_argument("--define", metavar="NAME: EXPRESSION", action="append", default=[], help="define a name")
    parser.add_argument("--layout", choices=("numerator", "denominator"), default="numerator")


def pairs(parser: argparse.ArgumentParser, texts: list[str], option: str) -> dict[str, str]:
    """What `--let` or `--define` declares, by name; leaves the program where a text has no colon."""
    found = {}
    for text in texts:
        name, colon, value = text.partition(":")
        if not colon:
            parser.error(f"{option} takes a name, a colon and what it is, not {text!r}")
        found[name.strip()] = value.strip()
    return found
