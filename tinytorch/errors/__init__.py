"""The errors that the framework raises, a module for each chapter that has its own.

Most functions return an error for their caller to raise, so that the code of a chapter
stays as short as the rule it checks; their docstrings begin with the kind of error, and
say when it is raised. Each message says what was given, what fits, and how to mend it
(`help:`).
"""

Shape = tuple[int, ...]  # of a Tensor or an array
