"""Judges chapters: how steep they are, what their checks notice, what they claim."""
