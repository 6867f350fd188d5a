"""Creates the project's .venv, installs packages into it, and explains failures.

Uses only the standard library, since it runs before any package is installed.
"""
