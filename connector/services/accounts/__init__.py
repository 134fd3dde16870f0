"""Use cases of provider accounts: health, traffic, quarantined hooks."""
