"""Use cases of outbound texts: replies, first texts, the outbox."""
