"""The reader's own framework: modules made of solved chapters, used by later ones."""
