"""Tests of the notation: what is read, what is refused, and how it is shown."""
