"""Reports: what was done in some days, from what was counted."""
