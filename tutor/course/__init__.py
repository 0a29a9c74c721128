"""From files to lessons."""
