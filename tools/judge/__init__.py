"""Judges chapters: difficulty, whether checks catch errors, whether claims hold."""
