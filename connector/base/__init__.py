"""Leaves that every room may use: time, ids, supervised tasks, durable files, the data directory."""
