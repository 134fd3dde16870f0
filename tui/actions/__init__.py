"""The actions of an agent: the key table, which of them are enabled, and the request each becomes. No toolkit."""
