"""Long-running tasks of a core: workers, timers, recovery, monitoring."""
