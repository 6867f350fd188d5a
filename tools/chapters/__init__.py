"""The parser: module files become chapters and cells here, and nowhere else."""
