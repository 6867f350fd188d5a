"""Helpers that chapters call: checks, measuring, pictures, progress, checkpoints."""
