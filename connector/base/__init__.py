"""Building blocks that need no other folder: time, ids, supervised tasks, durable files, the data directory."""
