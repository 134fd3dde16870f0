"""Migrations of the tables, one file each. A migration that has landed never changes; see `shapes` for a new one."""
