"""Consent of consumers: the ledger's entries, and what in a text opts out, in, or reads like an opt-out."""
