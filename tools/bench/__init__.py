"""Measurements: the framework beside numpy and PyTorch, starting up, grading."""
