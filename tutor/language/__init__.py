"""From text to a typed expression."""
