"""Whoever is on call: raising alerts, asking one after another, and acknowledging."""
