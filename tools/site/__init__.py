"""Builds the site with Jupyter Book, and serves it on this machine with live cells."""
