"""Python for the browser: npm's packages, Pyodide, numpy and the package's wheel."""
