"""SMS addresses and texts: encodings and segments, user-perceived characters, text made safe to show or store."""
