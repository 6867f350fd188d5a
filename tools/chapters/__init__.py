"""Parses module files into chapters and cells; nothing else reads their markers."""
