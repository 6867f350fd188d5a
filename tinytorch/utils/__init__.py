"""Small helpers beside the framework: measuring, and putting modules together."""
