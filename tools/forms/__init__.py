"""Makes the forms of a chapter: its page, its package module, its notebooks."""
