"""`python -m tutor.cli` is `mctutor`."""

import sys

from tutor.cli import main

if __name__ == "__main__":  # other processes, which check lessons, import this module too
    sys.exit(main())
