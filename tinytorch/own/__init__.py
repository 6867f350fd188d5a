"""The reader's own modules, made of solved chapters and imported for the book's."""
