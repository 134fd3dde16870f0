"""Sockets and HTTP: input and output only, no decisions."""
