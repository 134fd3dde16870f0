"""The desk's link to the core and its files on disk."""
