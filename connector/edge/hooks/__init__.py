"""The HTTP server for provider webhooks."""
