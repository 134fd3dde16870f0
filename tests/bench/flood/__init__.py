"""Strangers lean on the door while providers and an agent go on: see docs/benchmarks.md."""
