"""One file per SMS company. They know nothing of each other, of the store or of desks."""
