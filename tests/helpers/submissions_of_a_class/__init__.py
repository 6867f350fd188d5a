"""Submissions to chapter 02 as students hand them in, and the marks that are right.

Importing this package enters every case in CASES: each module below is a kind of them.
"""

from . import answers, cells, files, unreadable  # noqa: F401  (they enter their cases)
from .cases import ALL, CASES, NUMBER, hand_in_all, solved

__all__ = ["ALL", "CASES", "NUMBER", "hand_in_all", "solved"]
