"""Scripted people: consumers who text and an agent who answers."""
