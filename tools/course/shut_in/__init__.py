"""Runs a submission in a process that can reach nothing but its own work."""
