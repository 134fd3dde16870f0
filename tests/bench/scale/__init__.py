"""The same thing in a large case and a small one, in turns: see docs/benchmarks.md."""
