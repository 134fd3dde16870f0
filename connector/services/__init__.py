"""Use cases: each is one transaction that reads, asks the rules, writes, and says what happened."""
