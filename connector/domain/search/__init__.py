"""Search in texts: how they are cut into terms that an index finds, and what of a text a search matches."""
