"""The simulated Twilio: API, webhooks and account."""
