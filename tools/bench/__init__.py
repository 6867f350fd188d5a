"""Measures the framework against numpy and PyTorch, the page's start, and grading."""
