"""One file for each check: a function that looks, and a pure one that judges."""
