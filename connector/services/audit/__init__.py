"""The audit: who did what."""
