"""The connector core: providers, store, routing and delivery of text messages."""
