"""What chapters call beside the framework: checks, measuring, pictures, progress."""
