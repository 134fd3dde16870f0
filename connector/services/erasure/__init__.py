"""Erasing what is stored of a consumer, and of what is older than it is to be stored."""
