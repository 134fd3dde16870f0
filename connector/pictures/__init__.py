"""Pictures of consumers and agents: recognising, fetching, storing and serving them."""
