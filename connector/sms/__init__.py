"""SMS text: encodings and segments, user-perceived characters, and making outside text safe to show or store."""
