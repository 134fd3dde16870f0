"""The model as lines of text. No toolkit."""
