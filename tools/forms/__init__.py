"""What is made of a chapter: its page, its module of the package, its notebooks."""
