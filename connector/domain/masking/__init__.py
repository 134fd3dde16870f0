"""Masking of card numbers and the like: what people are shown of a text in place of the text."""
