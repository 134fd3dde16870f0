"""Erasing where files and providers are needed."""
