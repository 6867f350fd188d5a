"""Builds what runs Python in the browser: bundles of JavaScript, Pyodide, wheels."""
