"""The errors of the framework, a module for each chapter that has its own.

Each function returns an error for its caller to raise, so that the code of a chapter
stays as short as the rule it checks. Each says what was given, what fits, what to do.
"""
