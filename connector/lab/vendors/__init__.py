"""Simulated Twilio and OpenMarket: their real HTTP APIs, webhooks and receipts, with faults on request."""
