"""Phrases by which people wish to be left alone, by language. Each is one that a reasonable person reads as a stop."""
