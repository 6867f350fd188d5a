"""Turns a Chapter into its page, its module of the package, and its notebooks."""
