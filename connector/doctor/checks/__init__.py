"""The checks: in each file a function that looks, and a pure one that judges."""
