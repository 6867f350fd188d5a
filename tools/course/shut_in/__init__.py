"""Runs a submission in a sandboxed process: no network, few files, capped resources."""
