"""Use cases that decide who answers: placement, presence, transfer, explanations."""
