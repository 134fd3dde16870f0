"""The simulated OpenMarket: API, webhooks and receipts."""
