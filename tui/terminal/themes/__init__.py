"""Themes: the colours of the desk, one file for each theme."""
