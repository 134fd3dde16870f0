"""The index for search, in SQL."""
