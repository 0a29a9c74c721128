"""`python -m tutor.cli` is `mctutor`."""

import sys

from tutor.cli import main

sys.exit(main())
