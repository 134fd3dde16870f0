"""The desk: the terminal application agents work in, always a client of the core."""
