"""The project's .venv: which packages it needs, how they are installed, what failed.

Standard library only, since it runs before any package is there.
"""
