"""A session on the screen."""
