"""The errors that the framework raises, a module for each chapter that has some.

Most functions return an exception for their caller to raise, so that a check in a
chapter takes one line. The docstring of such a function begins with the class of the
exception and says when the caller raises it. Each message states what was given and
what is allowed, and after `help:` how to mend the call.
"""

Shape = tuple[int, ...]  # the shape of a Tensor or an array
