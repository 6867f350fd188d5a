"""What chapter 05 uses beside its text: the bookkeeping of its graph, and drawings."""
