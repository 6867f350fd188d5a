"""Parses module files (modules/*/*_dev.py) into Chapter and Cell objects."""
