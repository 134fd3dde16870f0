"""Search over all messages and people."""
