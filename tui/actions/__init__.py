"""What an agent can do: the key table, which actions are enabled, and the request each becomes. No toolkit."""
