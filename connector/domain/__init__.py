"""The rules: pure values and functions, without I/O, clock, chance, tasks or logging."""
