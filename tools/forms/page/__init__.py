"""Sphinx extensions: how a chapter becomes a page of the book."""
