"""Use cases of one conversation: inbound texts, ownership, notes, due times, closing, timers."""
