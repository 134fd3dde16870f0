"""A day of a contact centre in seconds: scripted consumers and agents around the real core, on a clock that jumps.

Not to be confused with `connector.lab.vendors`, which plays the SMS companies. Here the store, the use cases and the
timers are those of the product; only time, the provider and the people are made up, and all of them from one seed.
"""
