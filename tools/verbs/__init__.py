"""The programs behind `make VERB`, one module each, with a main() that runs it."""
