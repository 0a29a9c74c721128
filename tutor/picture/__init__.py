"""Pictures of a formula: from its text to numbers, and from numbers to lines of text of any size."""
