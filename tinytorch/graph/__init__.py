"""What chapter 05 needs beside its text: bookkeeping of the graph, drawing it."""
