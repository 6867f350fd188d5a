"""What grading writes: the gradebook, tables of grades, feedback pages."""
