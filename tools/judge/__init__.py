"""Judges chapters: how steep they are, whether checks catch errors, claims hold."""
