"""Use cases of consent: the ledger of opt-outs and opt-ins."""
