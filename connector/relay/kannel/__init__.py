"""Kannel's side of the relay, by its user guide 1.4.5: https://www.kannel.org/download/1.4.5/userguide-1.4.5/."""
