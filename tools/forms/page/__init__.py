"""Sphinx extensions that turn a chapter into a page of the book."""
