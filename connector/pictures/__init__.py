"""Pictures of consumers and agents: what the bytes are, fetching them, keeping them, handing them out."""
