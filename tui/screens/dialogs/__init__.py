"""Dialogs over a screen: a few words, or one of several things, and what is asked of the core with them."""
