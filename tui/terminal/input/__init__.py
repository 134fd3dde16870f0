"""Reading the bytes of a terminal: keys, runs of letters, pastes, and what the terminal says of itself."""
