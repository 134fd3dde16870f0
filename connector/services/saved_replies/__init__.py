"""Saved replies: storing them, listing them, counting their use."""
