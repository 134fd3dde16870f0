"""Use cases of provider accounts: health, mode, traffic, quarantined hooks."""
