"""Runs `python -m tinytorch.own`; see `command`."""

import sys

from tinytorch.own.command import main

sys.exit(main())
