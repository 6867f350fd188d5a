"""Entry point of `python -m tinytorch.own`; the program is in `own/command.py`."""

import sys

from tinytorch.own.command import main

sys.exit(main())
