"""Use cases: each is one transaction that reads, applies the rules, writes rows and appends facts."""
